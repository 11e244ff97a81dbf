//! 权限: the one place that asks whether a person may, for single records and for lists.
//!
//! The table itself is [`domain::permission`]; here is what it needs to know of the database.

mod reach;
mod store;
#[cfg(test)]
mod tests;

use db::{IsConflict, Tx};
use domain::permission::{Action, Actor, Decision, Subject, decide};

pub(crate) use reach::{Reach, within};
pub(crate) use store::subject;

/// Why a person may not.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The person must not learn that there is such a record.
    NotFound,
    /// A Chinese sentence that says why, and whom to ask.
    Forbidden(String),
    /// The database failed.
    Database(db::Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl IsConflict for Refused {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

impl From<Refused> for web::Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound => Self::NotFound,
            Refused::Forbidden(reason) => Self::Forbidden(reason),
            Refused::Database(error) => error.into(),
        }
    }
}

/// The record as the permission table sees it, if the actor may do this to it.
///
/// # Errors
/// There is no such record, or the actor may not know that there is; the actor may not do this; or
/// the database fails.
pub(crate) fn demand(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: Action,
    kind: &str,
    id: &str,
) -> Result<Subject, Refused> {
    let subject = subject(tx, kind, id)?.ok_or(Refused::NotFound)?;
    // What one may see at work or after its release counts as seen.
    let is_read = action == Action::View && domain::permission::sees(actor, &subject);
    match decide(actor, action, &subject) {
        Decision::Allowed(_) => Ok(subject),
        Decision::Denied(_) if is_read => Ok(subject),
        Decision::Denied(reason) => Err(Refused::Forbidden(reason)),
        Decision::Hidden => Err(Refused::NotFound),
    }
}

/// Whether the actor sees the record at work, and not only what was released of it.
pub(crate) fn is_at_work(actor: &Actor, subject: &Subject) -> bool {
    decide(actor, Action::View, subject).is_allowed()
}
