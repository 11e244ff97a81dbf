//! Snapshots: what a record said at each turn of its way, kept by the workflow in the transaction
//! of
//! the turn.

use db::{Error, Tx};
use domain::content::{Content, digest};
use domain::finding::Finding;
use domain::rulepack::RulePack;
use domain::target::{declared_findings, findings};
use domain::workflow::RecordKind;

use super::KIND;
use super::store::record::{self, Record};
use super::store::snapshot::{self as store, New, Snapshot};
use super::store::version;

/// Which turn of its way a record takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is sent on its way.
    Submitted,
    /// It goes back to whoever filled it.
    Returned,
    /// Its content is final.
    Approved,
}

impl Why {
    fn code(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Approved => "approved",
        }
    }
}

/// The record as it stands and what it says.
pub(super) fn now(
    tx: &mut Tx<'_>,
    kind: &str,
    id: &str,
) -> Result<Option<(Record, Content)>, Error> {
    if kind != KIND {
        return Ok(None);
    }
    let record = record::find(tx, id)?;
    Ok(record.map(|record| {
        let content = record.target.content();
        (record, content)
    }))
}

/// Keeps what the record says at this turn, made by `account` at `at`; nothing where its kind has
/// no
/// content of its own yet.
///
/// # Errors
/// The database fails.
pub(crate) fn keep_snapshot(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    why: Why,
    account: &str,
    at: &str,
) -> Result<(), Error> {
    let Some((record, content)) = now(tx, kind.name(), id)? else {
        return Ok(());
    };
    let Ok(body) = content.to_text() else {
        return Ok(());
    };
    let new = New {
        kind: kind.name(),
        id,
        region: &record.region_code,
        version: record.version,
        why: why.code(),
        account,
        at,
        body: &body,
        digest: &digest(&body),
    };
    store::insert(tx, &new)?;
    if why == Why::Approved {
        // What is final is edited by nobody.
        version::forget(tx, (kind.name(), id))?;
    }
    Ok(())
}

/// Everything that is wrong or odd about the target.
pub(super) fn findings_of(pack: &RulePack, record: &Record) -> Vec<Finding> {
    let year = i32::try_from(record.year).unwrap_or_default();
    let mut found = findings(pack, &record.object_name, year, &record.target);
    found.extend(declared_findings(
        record.form,
        &record.known,
        &record.target,
    ));
    found.sort_by_key(|finding| finding.severity);
    found
}

/// Everything that is wrong or odd about the record's form, worst first; nothing where its kind has
/// no content of its own yet.
///
/// # Errors
/// The database fails.
pub(crate) fn form_findings(
    tx: &mut Tx<'_>,
    pack: &RulePack,
    kind: RecordKind,
    id: &str,
) -> Result<Vec<Finding>, Error> {
    let found = now(tx, kind.name(), id)?;
    Ok(found.map_or_else(Vec::new, |(record, _)| findings_of(pack, &record)))
}

/// The last snapshot that was kept for this reason.
pub(super) fn last(snapshots: &[Snapshot], why: Why) -> Option<&Snapshot> {
    snapshots
        .iter()
        .rev()
        .find(|snapshot| snapshot.why == why.code())
}
