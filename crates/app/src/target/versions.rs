//! What a target said at earlier versions, so that of two people who save each keeps what the other
//! did not touch.

use db::Tx;
use domain::content::Content;
use domain::target::Target;

use super::store::draft::Desk;
use super::store::record::{Before, Beginning, Edit, Record};
use super::store::version::{self as store, Saved};
use super::{KIND, Stop, parsed};
use crate::serve::later;

/// How long a version is kept after another replaced it.
///
/// House rule: a page that was left open for a month meets a choice at every difference, which
/// loses nothing.
const KEEP_SECONDS: i64 = 30 * 24 * 3600;

/// What the record said at this version; none where that is no longer kept.
pub(super) fn at(tx: &mut Tx<'_>, record: &Record, version: i64) -> Result<Option<Content>, Stop> {
    if version == record.version {
        return Ok(Some(record.target.content()));
    }
    let body = store::body_at(tx, (KIND, &record.id), version)?;
    body.map(|body| parsed(&body)).transpose()
}

/// The target of a content that may not be known.
pub(super) fn target(content: Option<&Content>) -> Target {
    content.map(Target::of).unwrap_or_default()
}

/// What others saved after this version, oldest first.
pub(super) fn since(tx: &mut Tx<'_>, record: &Record, version: i64) -> Result<Vec<Saved>, Stop> {
    Ok(store::since(tx, (KIND, &record.id), version)?)
}

/// Keeps what a new edition begins with.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    beginning: &Beginning<'_>,
    edit: &Edit<'_>,
) -> Result<(), Stop> {
    let desk = Desk {
        kind: KIND,
        id: beginning.id,
        account: edit.account.unwrap_or_default(),
        region: beginning.region,
    };
    let body = beginning.target.content().to_text()?;
    Ok(store::keep(tx, desk, 1, &body, (edit.account, edit.at))?)
}

/// Keeps what a load from the command line made of a target, and what it was before.
pub(super) fn load(
    tx: &mut Tx<'_>,
    before: Before<'_>,
    after: &Content,
    now: &str,
) -> Result<(), Stop> {
    let desk = Desk {
        kind: KIND,
        id: before.id,
        account: "",
        region: before.region,
    };
    let old = before.target.content().to_text()?;
    store::keep(tx, desk, before.version, &old, (None, now))?;
    let new = after.to_text()?;
    Ok(store::keep(
        tx,
        desk,
        before.version + 1,
        &new,
        (None, now),
    )?)
}

/// Keeps what a save made of the record, and what it was before where that is not kept yet.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    record: &Record,
    saved: &Content,
    (desk, now): (Desk<'_>, &str),
) -> Result<(), Stop> {
    let place = (KIND, &*record.id);
    if !store::is_kept(tx, place, record.version)? {
        let before = record.target.content().to_text()?;
        let at = record.edited.as_ref().map_or(now, |(_, at)| at);
        store::keep(tx, desk, record.version, &before, (None, at))?;
    }
    let by = (Some(desk.account), now);
    store::keep(tx, desk, record.version + 1, &saved.to_text()?, by)?;
    Ok(store::drop_old(tx, place, &later(now, -KEEP_SECONDS))?)
}
