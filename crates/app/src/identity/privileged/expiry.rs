//! Requests that nobody decided in time.

use db::{Error, Tx};
use domain::identity::{Change, ChangeState};

use super::telling;
use crate::audit;
use crate::identity::store::privileged as store;

/// Ends the requests whose time has run out, and tells who asked.
///
/// # Errors
/// The database fails.
pub(crate) fn end_expired(tx: &mut Tx<'_>, now: &str) -> Result<(), Error> {
    for (id, _, kind) in store::expire(tx, now)? {
        if let Some(kept) = store::find(tx, &id)? {
            telling::decided(tx, &kept, ChangeState::Expired, (None, ""), now)?;
        }
        let label = Change::find(&kind).map_or("", Change::label);
        let told = serde_json::json!({"change": label});
        let event = audit::Change {
            actor: audit::SYSTEM,
            action: "change_expired",
            record: ("privileged_change", &id),
            before: None,
            after: Some(&told),
        };
        audit::record(tx, now, &event)?;
    }
    Ok(())
}
