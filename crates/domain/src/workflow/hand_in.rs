//! Handing a filled record to the head of the unit, who sends it: the step inside the unit that
//! changes who holds the record and not where it is.
//!
//! House rule: the clerk fills and the head answers for it, so the clerk's last step is to hand in.
//! What was handed in is not changed behind the head's back: whoever filled it takes it back first,
//! or the head sends it back with a comment.

use super::machine::{Condition, Machine, State, Verb};
use super::refusal::Refusal;
use super::standing::{Command, Desk, Moved, Order, ReturnTo, Standing};
use super::transition::{arrive, commented, hold, outcome, permit};
use crate::permission::{Action, Actor};

/// What can happen inside the unit.
pub(super) const FACTS: [&str; 3] = ["handed_in", "hand_in_withdrawn", "hand_in_returned"];

/// Whether the head of the unit holds it.
pub(super) fn is_handed_in(machine: &Machine, state: State, desk: &Desk) -> bool {
    desk.handed_in_by.is_some() && machine.is_sent_from(state)
}

/// Whether the verb is one inside the unit, as the record stands.
pub(super) fn concerns(machine: &Machine, record: &Standing, verb: Verb) -> bool {
    match verb {
        Verb::HandIn => true,
        Verb::Withdraw | Verb::Return => is_handed_in(machine, record.state, &record.desk),
        _ => false,
    }
}

/// Hands in, takes back or sends back.
pub(super) fn carry_out(
    machine: &Machine,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    let (desk, fact) = match command.order.verb() {
        Verb::HandIn => {
            permit(actor, Action::Fill, record)?;
            hold(&conditions(machine, record.state), record)?;
            let desk = Desk {
                handed_in_by: Some(actor.id.clone()),
                ..record.desk.clone()
            };
            (desk, "handed_in")
        }
        Verb::Withdraw => {
            permit(actor, Action::Fill, record)?;
            (taken_back(record), "hand_in_withdrawn")
        }
        _ => {
            permit(actor, Action::Submit, record)?;
            commented(command)?;
            if let Order::Return(ReturnTo::Step(_)) = command.order {
                return Err(Refusal::StepNotPassed("填报人".to_owned()));
            }
            (taken_back(record), "hand_in_returned")
        }
    };
    outcome(&[], command)?;
    let kept = record.case.outcome.clone();
    Ok(arrive(machine, record, record.state, desk, kept, fact))
}

fn taken_back(record: &Standing) -> Desk {
    Desk {
        handed_in_by: None,
        ..record.desk.clone()
    }
}

/// What must hold when it is handed in: what must when it is sent, but for the attachments, as a
/// scan is stamped after the head has agreed.
fn conditions(machine: &Machine, state: State) -> Vec<Condition> {
    let sending = machine.sending_conditions(state).unwrap_or_default();
    let before_stamp = |condition: &Condition| *condition != Condition::AttachmentsComplete;
    sending.iter().copied().filter(before_stamp).collect()
}

/// What was handed in is changed by nobody who could not send it.
pub(super) fn leave_alone(
    machine: &Machine,
    action: Action,
    record: &Standing,
    actor: &Actor,
) -> Result<(), Refusal> {
    let is_held = action == Action::Fill && is_handed_in(machine, record.state, &record.desk);
    if is_held && permit(actor, Action::Submit, record).is_err() {
        return Err(Refusal::HandedIn);
    }
    Ok(())
}
