//! A file that a person brings: what they may not fill is refused, and they count as who filled it.

use std::collections::BTreeMap;

use db::Tx;
use domain::permission::{Action, Actor};
use domain::workflow::RecordKind;

use super::Plan;
use crate::budget::import::Outcome;
use crate::permission::{Refused, demand};
use crate::target::Stop;
use crate::workflow;

/// Who brings a file.
#[derive(Debug, Clone, Copy)]
pub(in crate::target) struct ByPerson<'a> {
    pub(in crate::target) actor: &'a Actor,
    /// The person's account.
    pub(in crate::target) account: &'a str,
}

/// Refuses the lines of every target that the actor may not fill as it stands, each with the reason
/// that the page of the form would give.
///
/// # Errors
/// The database fails.
pub(in crate::target) fn refuse_unfit(
    tx: &mut Tx<'_>,
    plan: &mut Plan,
    actor: &Actor,
    now: &str,
) -> Result<(), Stop> {
    let mut reasons: BTreeMap<String, String> = BTreeMap::new();
    for work in &plan.works {
        let reason = match &work.open {
            Some(open) => {
                let kind = RecordKind::PerformanceTarget;
                let version = u64::try_from(open.version).unwrap_or_default();
                match workflow::edit_allowed(tx, kind, &open.id, version, actor, now) {
                    Ok(_) => continue,
                    Err(workflow::Error::Refused(refusal)) => refusal.to_string(),
                    Err(workflow::Error::Database(error)) => return Err(error.into()),
                }
            }
            None => match demand(tx, actor, Action::Fill, "managed_object", &work.object.id) {
                Ok(_) => continue,
                Err(Refused::Database(error)) => return Err(error.into()),
                Err(Refused::Forbidden(reason)) => reason,
                Err(Refused::NotFound) => "这个项目不归您填报。".to_owned(),
            },
        };
        reasons.insert(work.object.code.clone(), reason);
    }
    for line in &mut plan.lines {
        let reason = reasons.get(&line.code);
        if let Some(reason) = reason.filter(|_| line.outcome != Outcome::Unchanged) {
            line.outcome = Outcome::Rejected;
            line.message.clone_from(reason);
        }
    }
    Ok(())
}
