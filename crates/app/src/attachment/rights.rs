//! Who may see a record's attachments, and who may change them.

use db::Tx;
use domain::permission::{Action, Actor, Subject};
use domain::workflow::RecordKind;

use super::store;
use crate::permission::{Refused, demand};

/// The record's kind, if the actor may see the record.
///
/// # Errors
/// There is no such record or the actor may not know of it; the database fails.
pub(super) fn see(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &str,
    id: &str,
) -> Result<RecordKind, Refused> {
    let known = RecordKind::find(kind).ok_or(Refused::NotFound)?;
    demand(tx, actor, Action::View, kind, id)?;
    Ok(known)
}

/// The record as the permission table sees it, if the actor may change what is attached to it now.
///
/// House rule: attachments are part of what is filled, so they change while it may be filled, by
/// whoever may fill it.
///
/// # Errors
/// As [`see`]; or a sentence that says why not.
pub(super) fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: &str,
    id: &str,
) -> Result<Subject, Refused> {
    let known = see(tx, actor, kind, id)?;
    let state = store::state(tx, kind, id)?.ok_or(Refused::NotFound)?;
    let row = known.machine().row(&state);
    let Some(action) = row.and_then(|row| row.edit) else {
        let label = row.map_or(state.as_str(), |row| row.label);
        return Err(Refused::Forbidden(format!(
            "这条记录现在是“{label}”，附件不能增加或删除；需要更换附件时，请办理人先退回。"
        )));
    };
    demand(tx, actor, action, kind, id)
}
