//! Who may see a record's attachments, and who may change them.

use db::Tx;
use domain::permission::{Action, Actor, Subject};
use domain::workflow::{RecordKind, Refusal, edit};

use crate::permission::{Refused, demand};
use crate::workflow;

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
    match demand(tx, actor, Action::View, kind, id) {
        // Whoever was asked to sign by name reads what is to be signed.
        Err(Refused::NotFound) if workflow::is_known(tx, known, id, actor)? => Ok(known),
        answer => answer.map(|_| known),
    }
}

/// The record as the permission table sees it, if the actor may change what is attached to it at
/// `now`.
///
/// House rule: attachments are part of what is filled, so they change while it may be filled, by
/// whoever may fill it.
///
/// # Errors
/// As [`see`]; or a sentence that says why not.
pub(super) fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, id): (&str, &str),
    now: &str,
) -> Result<Subject, Refused> {
    let known = see(tx, actor, kind, id)?;
    let standing = workflow::read(tx, known, id, now)
        .map_err(refused)?
        .standing;
    edit(known, &standing, standing.version, actor).map_err(|refusal| refused(refusal.into()))?;
    Ok(standing.subject)
}

/// Keeps that the actor had a hand in the record, so that nobody reviews what they attached.
///
/// # Errors
/// The database fails.
pub(super) fn changed(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, id): (&str, &str),
    now: &str,
) -> Result<(), Refused> {
    let known = RecordKind::find(kind).ok_or(Refused::NotFound)?;
    workflow::edited(tx, known, id, actor, now).map_err(refused)
}

/// Why the workflow says no.
pub(super) fn refused(error: workflow::Error) -> Refused {
    match error {
        workflow::Error::Database(error) => Refused::Database(error),
        workflow::Error::Refused(Refusal::NotFound) => Refused::NotFound,
        workflow::Error::Refused(Refusal::NotYours(reason)) => Refused::Forbidden(reason),
        workflow::Error::Refused(refusal) => Refused::Forbidden(refusal.to_string()),
    }
}
