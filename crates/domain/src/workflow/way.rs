//! The way that lies before a record, if nobody returns it.

use super::hand_in;
use super::machine::{Edge, Machine, RecordKind, State, Verb};
use super::review;
use super::route::Signer;
use super::standing::{Case, Holder, Standing};
use crate::permission::{Action, grants};

/// A state on the way, and whose turn it is to leave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The state.
    pub state: State,
    /// Who takes the record on from there; at a review step all of them sign. Empty at the end.
    pub signers: Vec<Signer>,
}

/// The stages from where the record lies, which is the first, to the end of its usual way.
pub fn way_ahead(kind: RecordKind, record: &Standing) -> Vec<Stage> {
    let machine = kind.machine();
    let mut stages = Vec::new();
    let mut state = Some(record.state);
    while let Some(here) = state {
        // A machine is walked from the front to the back, so no state comes twice.
        if stages.len() > machine.states.len() {
            break;
        }
        let (signers, next) = step_from(machine, record, here);
        stages.push(Stage {
            state: here,
            signers,
        });
        state = next;
    }
    stages
}

fn step_from(machine: &Machine, record: &Standing, here: State) -> (Vec<Signer>, Option<State>) {
    if let Some(edge) = usual_edge(machine, &record.case, here) {
        return (signers(edge.action), Some(State(edge.to)));
    }
    let Some(part) = machine.review else {
        return (Vec::new(), None);
    };
    let steps = review::steps(&part, record);
    if part.from.contains(&here.0) {
        let first = steps.first().map(|(state, _)| *state);
        return (signers(Action::Submit), first);
    }
    let Some(at) = steps.iter().position(|(state, _)| *state == here) else {
        return (Vec::new(), None);
    };
    let next = steps.get(at.saturating_add(1));
    let next = next.map_or(State(part.passed_to), |(state, _)| *state);
    let signers = steps.get(at).map(|(_, step)| step.signers.clone());
    (signers.unwrap_or_default(), Some(next))
}

/// The first move forward that somebody waits for.
fn usual_edge(machine: &Machine, case: &Case, here: State) -> Option<&'static Edge> {
    let place = |name: &str| machine.states.iter().position(|row| row.name == name);
    machine.edges.iter().find(|edge| {
        let aside = matches!(edge.verb, Verb::Return | Verb::Reject | Verb::Select);
        edge.from.contains(&here.0)
            && !aside
            && !edge.verb.is_exceptional()
            && place(edge.to) > place(here.0)
            && edge
                .conditions
                .iter()
                .all(|condition| !condition.is_nature() || case.holds.contains(condition))
    })
}

/// What a holder of the record is asked to do: the verb that takes the record on.
pub fn duty(kind: RecordKind, record: &Standing, holder: &Holder) -> Verb {
    let machine = kind.machine();
    let desk = &record.desk;
    if hand_in::is_handed_in(machine, record.state, desk) {
        return Verb::Submit;
    }
    let is_review = machine.is_review_step(record.state);
    match holder {
        Holder::Filler if is_filled(machine, record.state) => Verb::HandIn,
        Holder::Filler => Verb::Fill,
        Holder::Person(person) if desk.added.last() == Some(person) => Verb::AddSigner,
        Holder::Person(person) if desk.asked.contains(person) => Verb::Consult,
        Holder::Person(_) => Verb::Approve,
        Holder::Signer(_) if is_review => Verb::Approve,
        Holder::Signer(signer) => {
            let outcome = record.case.outcome.as_deref();
            let suits = |edge: &&Edge| {
                waits(edge, record.state, &record.case)
                    && edge.follows(outcome)
                    && grants(edge.action).contains(&(signer.role, signer.scope))
            };
            let verbs = machine.edges.iter().filter(suits).map(|edge| edge.verb);
            // What takes it on comes before what gives it back.
            let verb = verbs.min_by_key(|verb| matches!(verb, Verb::Return | Verb::Reject));
            verb.unwrap_or(Verb::Submit)
        }
    }
}

/// Whether there is nothing more to fill before it is sent.
fn is_filled(machine: &Machine, state: State) -> bool {
    let edit = machine.row(state.0).and_then(|row| row.edit);
    edit.is_none() && machine.is_sent_from(state)
}

/// Whether somebody waits for the move, as the record is by nature.
fn waits(edge: &Edge, here: State, case: &Case) -> bool {
    edge.from.contains(&here.0)
        && !edge.verb.is_exceptional()
        && edge
            .conditions
            .iter()
            .all(|condition| !condition.is_nature() || case.holds.contains(condition))
}

fn signers(action: Action) -> Vec<Signer> {
    let granted = grants(action).iter();
    granted
        .map(|(role, scope)| Signer {
            role: *role,
            scope: *scope,
        })
        .collect()
}
