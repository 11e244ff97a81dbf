//! The one way from a state to the next.

use super::hand_in;
use super::machine::{Condition, Edge, Machine, RecordKind, ReviewPart, State, Verb};
use super::refusal::{Errors, Refusal};
use super::review;
use super::route::Signer;
use super::standing::{Case, Command, Desk, Holder, Moved, Order, ReturnTo, Standing};
use crate::permission::{Action, Actor, Decision, PersonId, decide, grants, role_conflict, sees};

/// Carries out a command, or says why not. Pure: nothing is read or written besides the arguments.
///
/// A command that was carried out before, by its key, gets its earlier answer, whatever happened
/// to the record since.
///
/// # Errors
/// A [`Refusal`]: the record stays as it is.
pub fn transition(
    kind: RecordKind,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    if let Some(answered) = &record.answered {
        if answered.by == actor.id && answered.digest == command.digest() {
            return Ok(answered.moved.clone());
        }
        if answered.key == command.key {
            return Err(Refusal::KeyReused);
        }
    }
    admit(record, command.version, actor)?;
    let machine = kind.machine();
    let verb = command.order.verb();
    if !verbs_at(machine, record).contains(&verb) {
        return Err(not_now(machine, record, verb));
    }
    if hand_in::concerns(machine, record, verb) {
        return hand_in::carry_out(machine, record, command, actor);
    }
    let sends = |part: &ReviewPart| part.from.contains(&record.state.0);
    match machine.review {
        Some(part) if machine.is_review_step(record.state) => {
            review::at_step(machine, &part, record, command, actor)
        }
        Some(part) if verb == Verb::Submit && sends(&part) => {
            review::send(machine, &part, record, command, actor)
        }
        _ => along_edge(machine, record, command, actor),
    }
}

/// What can be commanded as the record stands, by whoever may.
pub fn verbs(kind: RecordKind, record: &Standing) -> Vec<Verb> {
    verbs_at(kind.machine(), record)
}

fn verbs_at(machine: &Machine, record: &Standing) -> Vec<Verb> {
    let mut verbs = machine.verbs(record.state);
    verbs.retain(|verb| is_at_hand(machine, record, *verb));
    if hand_in::is_handed_in(machine, record.state, &record.desk) {
        verbs.retain(|verb| *verb != Verb::HandIn);
        verbs.extend([Verb::Withdraw, Verb::Return]);
        verbs.sort_unstable();
        verbs.dedup();
    }
    verbs
}

/// Whether the verb is more than moves whose time has passed.
fn is_at_hand(machine: &Machine, record: &Standing, verb: Verb) -> bool {
    let has_passed =
        |condition: &Condition| condition.is_passing() && !record.case.holds.contains(condition);
    let edges = machine.edges.iter();
    let mut edges = edges.filter(|edge| edge.verb == verb && edge.from.contains(&record.state.0));
    match edges.next() {
        None => true,
        Some(first) => {
            let mut all = edges.chain([first]);
            all.any(|edge| !edge.conditions.iter().any(has_passed))
        }
    }
}

/// Who holds the record as it stands: what a list of things to do shows.
pub fn holders(kind: RecordKind, record: &Standing) -> Vec<Holder> {
    let machine = kind.machine();
    match machine.review {
        Some(part) if machine.is_review_step(record.state) => {
            review::desk_of(&part, record).map_or_else(Vec::new, |desk| review::holders(&desk))
        }
        _ => {
            let outcome = record.case.outcome.as_deref();
            waiting(machine, record.state, &record.desk, &record.case, outcome)
        }
    }
}

/// What happened, by its name in events: the facts of the review and inside the unit, and those of
/// the kind's own moves; none when nothing is called so.
pub fn fact(kind: RecordKind, name: &str) -> Option<&'static str> {
    let moves = kind.machine().edges.iter().map(|edge| edge.fact);
    let all = hand_in::FACTS.into_iter().chain(review::FACTS).chain(moves);
    all.into_iter().find(|fact| *fact == name)
}

/// Whether the actor may change the record's content now.
///
/// # Errors
/// A [`Refusal`]: it is not the actor's, it changed meanwhile, or its content is read-only.
pub fn edit(
    kind: RecordKind,
    record: &Standing,
    version: u64,
    actor: &Actor,
) -> Result<(), Refusal> {
    admit(record, version, actor)?;
    let machine = kind.machine();
    let state = machine.label(record.state);
    let Some(action) = machine.row(record.state.0).and_then(|row| row.edit) else {
        return Err(Refusal::ReadOnly { state });
    };
    match permit(actor, action, record) {
        // Source: 财预〔2019〕136号: the bureau fills its own (重点) monitoring.
        Err(_) if action == Action::Fill && is_key(record) => {
            permit(actor, Action::Evaluate, record)
        }
        answer => answer,
    }?;
    hand_in::leave_alone(machine, action, record, actor)
}

fn is_key(record: &Standing) -> bool {
    record.case.holds.contains(&Condition::KeyMonitoring)
}

/// What every command has to pass: the actor may know of the record, saw its newest version, and
/// nothing holds it fast.
fn admit(record: &Standing, version: u64, actor: &Actor) -> Result<(), Refusal> {
    if let Some(conflict) = role_conflict(&actor.roles) {
        return Err(Refusal::NotYours(conflict));
    }
    let is_administrator = actor.roles.iter().any(|role| role.is_administrator());
    let is_named = review::names(&record.desk, &actor.id);
    if is_administrator || !(is_named || sees(actor, &record.subject)) {
        return Err(Refusal::NotFound);
    }
    if version != record.version {
        return Err(Refusal::Stale {
            seen: version,
            current: record.version,
        });
    }
    match record.lock {
        Some(lock) => Err(Refusal::Locked(lock)),
        None => Ok(()),
    }
}

fn not_now(machine: &Machine, record: &Standing, verb: Verb) -> Refusal {
    let state = record.state;
    let possible = verbs_at(machine, record).into_iter();
    let labels: Vec<&str> = possible.map(Verb::label).collect();
    let is_locked = machine.row(state.0).is_some_and(|row| row.is_locked);
    let possible = labels.join("、");
    let state = machine.label(state);
    if possible.is_empty() {
        Refusal::Finished { state }
    } else if is_locked {
        Refusal::Final {
            state,
            verb,
            possible,
        }
    } else {
        Refusal::NotNow {
            state,
            verb,
            possible,
        }
    }
}

pub(super) fn permit(actor: &Actor, action: Action, record: &Standing) -> Result<(), Refusal> {
    match decide(actor, action, &record.subject) {
        Decision::Allowed(_) => Ok(()),
        Decision::Denied(reason) => Err(Refusal::NotYours(reason)),
        Decision::Hidden => Err(Refusal::NotFound),
    }
}

/// Nobody judges what they filled, handed in or sent.
pub(super) fn is_own(record: &Standing, person: &PersonId) -> bool {
    let desk = &record.desk;
    record.fillers.contains(person)
        || desk.sent_by.as_ref() == Some(person)
        || desk.handed_in_by.as_ref() == Some(person)
}

fn along_edge(
    machine: &Machine,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    let verb = command.order.verb();
    let recorded = record.case.outcome.as_deref();
    let (mut denied, mut unmet) = (None, None);
    let mut needed: Vec<&str> = Vec::new();
    for edge in machine.edges {
        if edge.verb != verb || !edge.from.contains(&record.state.0) {
            continue;
        }
        let answer = permit(actor, edge.action, record)
            .and_then(|()| hand_in::leave_alone(machine, edge.action, record, actor));
        if let Err(refusal) = answer {
            denied = Some(refusal);
            continue;
        }
        if edge.judges() && is_own(record, &actor.id) {
            return Err(Refusal::FilledByYou);
        }
        if !edge.follows(recorded) {
            needed.extend(edge.after);
            continue;
        }
        match hold(edge.conditions, record) {
            Ok(()) => return follow(machine, edge, record, command, actor),
            Err(refusal) => unmet = Some(refusal),
        }
    }
    // The nearest miss explains most.
    Err(
        match unmet.or(if needed.is_empty() { denied } else { None }) {
            Some(refusal) => refusal,
            None if needed.is_empty() => not_now(machine, record, verb),
            None => Refusal::OutcomeUnfit {
                verb,
                needed: needed.join("、"),
                recorded: recorded.unwrap_or("未填").to_owned(),
            },
        },
    )
}

pub(super) fn hold(conditions: &[Condition], record: &Standing) -> Result<(), Refusal> {
    conditions
        .iter()
        .find(|condition| !record.case.holds.contains(condition))
        .map_or(Ok(()), |condition| Err(unmet(*condition, &record.case)))
}

/// Why the condition does not hold, as exactly as it is known.
fn unmet(condition: Condition, case: &Case) -> Refusal {
    match condition {
        Condition::AttachmentsComplete if !case.missing.is_empty() => {
            Refusal::AttachmentsMissing(case.missing.join("、"))
        }
        Condition::FormValid if !case.errors.is_empty() => {
            Refusal::Errors(Errors(case.errors.clone()))
        }
        condition => Refusal::Unmet(condition),
    }
}

fn follow(
    machine: &Machine,
    edge: &Edge,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    if edge.asks_comment || edge.verb.needs_comment() {
        commented(command)?;
    }
    if let Order::Return(ReturnTo::Step(name)) = &command.order
        && name != edge.to
    {
        let only = machine.row(edge.to).map_or(edge.to, |row| row.label);
        return Err(Refusal::StepNotPassed(only.to_owned()));
    }
    let chosen = outcome(edge.outcomes, command)?;
    let is_filled = machine.row(edge.to).is_some_and(|row| row.edit.is_some());
    let kept = match edge.verb {
        // A new round starts without the old round's outcome.
        Verb::Submit | Verb::Return => None,
        Verb::Withdraw if is_filled || machine.is_review_step(State(edge.to)) => None,
        _ => record.case.outcome.clone(),
    };
    let desk = Desk {
        sent_by: match edge.verb {
            // Whoever concludes does not ratify the conclusion.
            Verb::Submit | Verb::Conclude => Some(actor.id.clone()),
            Verb::Withdraw | Verb::Return | Verb::Approve => None,
            _ => record.desk.sent_by.clone(),
        },
        ..Desk::default()
    };
    let desk = match machine.review {
        Some(part) if machine.is_review_step(State(edge.to)) => {
            review::desk_again(&part, record, State(edge.to))?
        }
        _ => desk,
    };
    Ok(arrive(
        machine,
        record,
        State(edge.to),
        desk,
        chosen.or(kept),
        edge.fact,
    ))
}

pub(super) fn commented(command: &Command) -> Result<(), Refusal> {
    if command.comment.trim().is_empty() {
        return Err(Refusal::CommentMissing(command.order.verb()));
    }
    Ok(())
}

/// The outcome chosen, when one is asked for.
pub(super) fn outcome(choices: &[&str], command: &Command) -> Result<Option<String>, Refusal> {
    match command.outcome.as_deref() {
        None if choices.is_empty() => Ok(None),
        Some(chosen) if choices.contains(&chosen) => Ok(Some(chosen.to_owned())),
        Some(_) if choices.is_empty() => Err(Refusal::OutcomeNotAsked),
        _ => Err(Refusal::OutcomeMissing(choices.join("、"))),
    }
}

/// The answer: the record in its new state, and who holds it there.
pub(super) fn arrive(
    machine: &Machine,
    record: &Standing,
    state: State,
    desk: Desk,
    outcome: Option<String>,
    fact: &'static str,
) -> Moved {
    let holders = if machine.is_review_step(state) {
        review::holders(&desk)
    } else {
        waiting(machine, state, &desk, &record.case, outcome.as_deref())
    };
    Moved {
        from: record.state,
        state,
        version: record.version.saturating_add(1),
        desk,
        outcome,
        holders,
        fact,
    }
}

fn waiting(
    machine: &Machine,
    state: State,
    desk: &Desk,
    case: &Case,
    outcome: Option<&str>,
) -> Vec<Holder> {
    if hand_in::is_handed_in(machine, state, desk) {
        return signers([Action::Submit]);
    }
    let edit = machine.row(state.0).and_then(|row| row.edit);
    if edit == Some(Action::Fill) {
        return vec![Holder::Filler];
    }
    let usual = |edge: &&Edge| {
        let suits =
            |condition: &Condition| !condition.is_nature() || case.holds.contains(condition);
        edge.from.contains(&state.0)
            && !edge.verb.is_exceptional()
            && !edge.is_unhurried
            && edge.follows(outcome)
            && edge.conditions.iter().all(suits)
    };
    let mut actions: Vec<Action> = machine
        .edges
        .iter()
        .filter(usual)
        .map(|edge| edge.action)
        .collect();
    if machine
        .review
        .is_some_and(|part| part.from.contains(&state.0))
    {
        actions.push(Action::Submit);
    }
    if case.holds.contains(&Condition::KeyMonitoring) {
        // The bureau fills its own.
        actions.retain(|action| *action != Action::Fill);
    } else if actions.contains(&Action::Fill) {
        return vec![Holder::Filler];
    }
    signers(actions)
}

/// Everyone to whom one of the actions is granted.
fn signers(actions: impl IntoIterator<Item = Action>) -> Vec<Holder> {
    let mut holders: Vec<Holder> = actions
        .into_iter()
        .flat_map(grants)
        .map(|(role, scope)| {
            Holder::Signer(Signer {
                role: *role,
                scope: *scope,
            })
        })
        .collect();
    holders.sort_unstable();
    holders.dedup();
    holders
}
