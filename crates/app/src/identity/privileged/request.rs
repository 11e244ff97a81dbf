//! Asking for a change.

use db::Tx;
use domain::identity::{self, Change, ChangeState, Request, deciders};
use domain::permission::{Actor, PersonId, Role};

use super::apply::{self, Target};
use super::{Payload, Refused, telling};
use crate::audit;
use crate::identity::entry;
use crate::identity::store::privileged::{self as store, NewRequest};
use crate::serve::later;

/// The setting that says how many days events are kept.
pub(super) const RETENTION: &str = "audit_retention_days";

/// How many days events are kept: what was chosen, or what the place's pack says.
///
/// # Errors
/// The database fails.
pub(crate) fn retention_days(tx: &mut Tx<'_>) -> Result<u32, db::Error> {
    let region = audit::region(tx)?;
    let chosen = store::setting(tx, RETENTION)?;
    let chosen = chosen.and_then(|days| days.parse().ok());
    Ok(chosen.unwrap_or(entry::rules(&region).audit.retention_days))
}

/// The longest reason, in characters.
const MOST_CHARACTERS: usize = 500;

/// A change that somebody wants.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) change: Change,
    /// The account; empty where it concerns several or none.
    pub(crate) subject: String,
    pub(crate) payload: Payload,
    pub(crate) reason: String,
}

/// Writes the request, if the change could be made now and this person may ask for it: its id.
///
/// # Errors
/// Why not; or the database fails.
pub(crate) fn ask(
    tx: &mut Tx<'_>,
    (actor, login): (&Actor, &str),
    wish: &Wish,
    id: &str,
    now: &str,
) -> Result<(), Refused> {
    let asked_as = identity::ask(wish.change, &actor.roles, &wish.reason)?;
    if wish.reason.chars().count() > MOST_CHARACTERS {
        let sentence = format!("理由太长：请写在 {MOST_CHARACTERS} 个字以内。");
        return Err(Refused::Because(sentence));
    }
    let target = apply::check(tx, wish.change, &wish.subject, &wish.payload, now)?;
    refuse_twin(tx, wish)?;
    let region = audit::region(tx)?;
    let days = i64::from(entry::rules(&region).privileged.expires_days);
    let request = Request {
        change: wish.change,
        state: ChangeState::Waiting,
        asked_by: actor.id.clone(),
        asked_as,
        concerns_administrator: target.concerns_administrator,
        concerns: target.concerns.iter().cloned().map(PersonId).collect(),
        expires_at: later(now, days * 24 * 60 * 60),
    };
    refuse_without_second(tx, &request, now)?;
    let payload = serde_json::to_string(&wish.payload).unwrap_or_default();
    store::insert(
        tx,
        &NewRequest {
            id,
            region: &region,
            request: &request,
            subject: &wish.subject,
            payload: &payload,
            reason: wish.reason.trim(),
            asked_at: now,
        },
    )?;
    telling::asked(tx, id, &request, wish.reason.trim(), now)?;
    let told = told(wish, &target);
    let event = audit::Change {
        actor: login,
        action: "change_asked",
        record: ("privileged_change", id),
        before: None,
        after: Some(&told),
    };
    Ok(audit::append(tx, &region, now, &event)?)
}

/// What an event says of a wish.
fn told(wish: &Wish, target: &Target) -> serde_json::Value {
    serde_json::json!({
        "change": wish.change.label(),
        "accounts": target.logins.join("、"),
        "reason": wish.reason.trim(),
    })
}

/// The same change of the same account is asked for once at a time.
fn refuse_twin(tx: &mut Tx<'_>, wish: &Wish) -> Result<(), Refused> {
    if wish.subject.is_empty() {
        return Ok(());
    }
    let twin = store::waiting_of(tx, &wish.subject)?
        .into_iter()
        .find(|kept| kept.request.change == wish.change);
    match twin {
        Some(kept) => Err(Refused::Because(format!(
            "这个账号已有一件“{}”待复核（{}申请）：请先办完那一件。",
            wish.change.label(),
            kept.asker
        ))),
        None => Ok(()),
    }
}

/// A request that nobody could decide is not begun.
fn refuse_without_second(tx: &mut Tx<'_>, request: &Request, now: &str) -> Result<(), Refused> {
    let possible = deciders(
        request.change,
        request.asked_as,
        request.concerns_administrator,
    );
    let today = now.get(..10).unwrap_or_default();
    let held = store::administrators(tx, today)?;
    let own = |role: Role| usize::from(role == request.asked_as);
    let has_second = possible.iter().any(|role| {
        let holders = held.iter().filter(|(_, one)| one == role).count();
        holders > own(*role)
    });
    if has_second {
        return Ok(());
    }
    let labels: Vec<&str> = possible.iter().map(|role| role.label()).collect();
    Err(Refused::Because(format!(
        "现在没有另一位{}可以复核：请先为这个岗位配备人员。",
        labels.join("或")
    )))
}
