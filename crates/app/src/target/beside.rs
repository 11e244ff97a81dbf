//! A target as its reviewer has it: what it says beside what it said when it was given back, and
//! beside last year's, with the advice on it.

use db::{Error, Tx};
use domain::advice::Advice;
use domain::rulepack::RulePack;
use domain::target::Row;

use super::compare::{Comparison, compare};
use super::snapshot::{Why, last};
use super::store::record::{self, Record};
use super::store::{past, snapshot};
use super::{KIND, coach, words};

/// What a reviewer reads.
pub(crate) struct Beside {
    pub(crate) object_id: String,
    pub(crate) object_name: String,
    /// 项目 …
    pub(crate) kind: &'static str,
    pub(crate) unit_name: String,
    pub(crate) year: i64,
    pub(crate) edition: i64,
    pub(crate) goal: String,
    pub(crate) rows: Vec<Row>,
    /// Beside last year's target; none where there is none.
    pub(crate) since_last_year: Option<Comparison>,
    /// Beside what it said at the last return, with the day of it; none where it was never
    /// returned.
    pub(crate) since_return: Option<(String, Comparison)>,
    pub(crate) advice: Vec<Advice>,
}

/// The target of that id beside the one of `last_year`, with advice by `pack`.
///
/// # Errors
/// The database fails.
pub(crate) fn beside(
    tx: &mut Tx<'_>,
    id: &str,
    last_year: Option<&str>,
    pack: &RulePack,
) -> Result<Option<Beside>, Error> {
    let Some(record) = record::find(tx, id)? else {
        return Ok(None);
    };
    let now = record.target.content();
    let before = match last_year {
        Some(id) => record::find(tx, id)?,
        None => None,
    };
    let context = past::context(tx, &record)?;
    let snapshots = snapshot::all(tx, KIND, id)?;
    let returned = last(&snapshots, Why::Returned).and_then(|kept| {
        let then = super::parsed(&kept.body).ok()?;
        Some((words::moment(&kept.made_at), compare(&then, &now)))
    });
    Ok(Some(Beside {
        since_last_year: before.map(|before| compare(&before.target.content(), &now)),
        since_return: returned,
        advice: coach::advise(pack, &record, &record.target, &context),
        ..plain(record)
    }))
}

fn plain(record: Record) -> Beside {
    Beside {
        kind: words::object_kind(&record.object_kind),
        object_id: record.object_id,
        object_name: record.object_name,
        unit_name: record.unit_name,
        year: record.year,
        edition: record.edition,
        goal: record.target.goal,
        rows: record.target.rows,
        since_last_year: None,
        since_return: None,
        advice: Vec::new(),
    }
}
