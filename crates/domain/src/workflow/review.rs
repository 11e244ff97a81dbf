//! The review in the middle of a machine: sending, signing, returning, and handing on.

use super::machine::{Machine, ReviewPart, State, Verb};
use super::refusal::Refusal;
use super::route::Step;
use super::standing::{Command, Desk, Holder, Moved, Order, ReturnTo, Seat, Standing};
use super::transition::{arrive, commented, hold, is_own, outcome, permit};
use crate::permission::{Action, Actor, PersonId, covers};
use crate::review::asks_corrections;

/// What can happen on a review route.
pub(super) const FACTS: [&str; 8] = [
    "submitted",
    "withdrawn",
    "signed",
    "approved",
    "returned",
    "delegated",
    "consulted",
    "signer_added",
];

/// What an actor is at a review step.
enum Part {
    /// Added before everyone else.
    Added,
    /// Asked to sign too.
    Asked(usize),
    /// In a seat of the route.
    Seat(usize),
}

/// Sends a record on its way.
pub(super) fn send(
    machine: &Machine,
    part: &ReviewPart,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    permit(actor, Action::Submit, record)?;
    hold(part.conditions, record)?;
    outcome(&[], command)?;
    let steps = steps(part, record);
    let (state, step) = steps.first().ok_or(Refusal::NoRoute)?;
    let mut desk = desk_at(step, Vec::new(), &record.desk);
    desk.sent_by = Some(actor.id.clone());
    Ok(arrive(machine, record, *state, desk, None, "submitted"))
}

/// Carries out a command while a reviewer holds the record.
pub(super) fn at_step(
    machine: &Machine,
    part: &ReviewPart,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    if command.order.verb() == Verb::Withdraw {
        return withdraw(machine, part, record, command, actor);
    }
    let seated = Standing {
        desk: desk_of(part, record).ok_or(Refusal::NoRoute)?,
        ..record.clone()
    };
    let record = &seated;
    let role = part_of(record, &command.order, actor)?;
    if !matches!(command.order, Order::Plain(_)) {
        outcome(&[], command)?;
    }
    match &command.order {
        Order::Return(to) => give_back(machine, part, record, command, to),
        Order::Delegate(person) => delegate(machine, record, &role, person, actor),
        Order::Consult(people) => consult(machine, record, people, actor),
        Order::AddSigner(person) => add_signer(machine, record, person, actor),
        Order::Plain(Verb::Approve) => sign(machine, part, record, command, actor, &role),
        // A form that sends a verb without what belongs to it.
        Order::Plain(verb) => Err(Refusal::NobodyNamed(*verb)),
    }
}

fn withdraw(
    machine: &Machine,
    part: &ReviewPart,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    permit(actor, Action::Submit, record)?;
    outcome(&[], command)?;
    let desk = &record.desk;
    let first = steps(part, record).first().map(|(state, _)| *state);
    let is_touched = first != Some(record.state)
        || desk.seats.iter().any(|seat| seat.signed_by.is_some())
        || !desk.path.is_empty()
        || !desk.asked.is_empty()
        || !desk.added.is_empty();
    if is_touched {
        return Err(Refusal::AlreadyReviewed);
    }
    let state = State(part.withdrawn_to);
    Ok(arrive(
        machine,
        record,
        state,
        Desk::default(),
        None,
        "withdrawn",
    ))
}

/// The steps of the record's route that its machine knows.
pub(super) fn steps<'a>(part: &ReviewPart, record: &'a Standing) -> Vec<(State, &'a Step)> {
    record
        .route
        .steps_for(&record.case)
        .filter_map(|step| {
            let name = part.steps.iter().find(|name| **name == &*step.state)?;
            Some((State(name), step))
        })
        .collect()
}

/// The desk of a record that lies at a step. One that came from elsewhere may lie there without a
/// desk: it gets the step's. None when its route has no such step.
pub(super) fn desk_of(part: &ReviewPart, record: &Standing) -> Option<Desk> {
    if !record.desk.seats.is_empty() {
        return Some(record.desk.clone());
    }
    let steps = steps(part, record);
    let (_, step) = steps.iter().find(|(state, _)| *state == record.state)?;
    Some(Desk {
        seats: desk_at(step, Vec::new(), &record.desk).seats,
        ..record.desk.clone()
    })
}

/// The desk of a record that comes to a step again which it had left by all steps before it.
pub(super) fn desk_again(
    part: &ReviewPart,
    record: &Standing,
    state: State,
) -> Result<Desk, Refusal> {
    let mut path = Vec::new();
    for (passed, step) in steps(part, record) {
        if passed == state {
            return Ok(desk_at(step, path, &record.desk));
        }
        path.push(passed);
    }
    Err(Refusal::NoRoute)
}

/// The desk of a step, of a record that came by `path` with what `before` knows of its senders.
fn desk_at(step: &Step, path: Vec<State>, before: &Desk) -> Desk {
    Desk {
        handed_in_by: before.handed_in_by.clone(),
        sent_by: before.sent_by.clone(),
        path,
        seats: step
            .signers
            .iter()
            .map(|signer| Seat {
                signer: *signer,
                delegate: None,
                signed_by: None,
            })
            .collect(),
        ..Desk::default()
    }
}

/// Whether a person is named at the desk, whatever their role lets them see.
pub(super) fn names(desk: &Desk, person: &PersonId) -> bool {
    desk.added.contains(person)
        || desk.asked.contains(person)
        || desk
            .seats
            .iter()
            .any(|seat| seat.delegate.as_ref() == Some(person))
}

/// House rule: whoever holds the role of a seat may return the record, or hand an open seat on,
/// though it was handed to someone else or waits for someone added, because nobody's absence may
/// hold a record for good.
fn part_of(record: &Standing, order: &Order, actor: &Actor) -> Result<Part, Refusal> {
    let desk = &record.desk;
    let returns = matches!(order, Order::Return(_));
    let may_take = |seat: &Seat| {
        let belongs = belongs(seat, record, actor);
        match (&seat.delegate, &seat.signed_by) {
            _ if returns && belongs => true,
            (_, Some(_)) => false,
            (Some(delegate), None) => {
                *delegate == actor.id || (belongs && matches!(order, Order::Delegate(_)))
            }
            (None, None) => belongs,
        }
    };
    let found = if desk.added.last() == Some(&actor.id) {
        Some(Part::Added)
    } else if let Some(at) = desk.asked.iter().position(|asked| *asked == actor.id) {
        Some(Part::Asked(at))
    } else {
        desk.seats.iter().position(may_take).map(Part::Seat)
    };
    let has_signed = |seat: &Seat| seat.signed_by.as_ref() == Some(&actor.id);
    let signed = desk.seats.iter().any(has_signed);
    match found {
        Some(_) if is_own(record, &actor.id) => Err(Refusal::FilledByYou),
        Some(part) if returns => Ok(part),
        Some(Part::Added) => Ok(Part::Added),
        Some(_) if !desk.added.is_empty() => Err(Refusal::WaitingForAdded),
        Some(Part::Seat(_)) | None if signed => Err(Refusal::AlreadySigned),
        Some(part) => Ok(part),
        None => Err(not_here(record, actor)),
    }
}

/// Whether the seat is for the actor's role and place.
fn belongs(seat: &Seat, record: &Standing, actor: &Actor) -> bool {
    actor.roles.contains(&seat.signer.role) && covers(seat.signer.scope, actor, &record.subject)
}

fn not_here(record: &Standing, actor: &Actor) -> Refusal {
    let mut open: Vec<&str> = record
        .desk
        .seats
        .iter()
        .filter(|seat| seat.signed_by.is_none())
        .map(|seat| seat.signer.role.label())
        .collect();
    if open.is_empty() {
        open.push("会签人");
    }
    let roles: Vec<&str> = actor.roles.iter().map(|role| role.label()).collect();
    Refusal::NotYours(format!(
        "您是{}，这一步由{}办理，请联系他们。",
        roles.join("、"),
        open.join("、")
    ))
}

fn sign(
    machine: &Machine,
    part: &ReviewPart,
    record: &Standing,
    command: &Command,
    actor: &Actor,
    role: &Part,
) -> Result<Moved, Refusal> {
    let mut desk = record.desk.clone();
    match role {
        Part::Added => {
            desk.added.pop();
        }
        Part::Asked(at) => {
            desk.asked.remove(*at);
        }
        Part::Seat(at) => {
            if let Some(seat) = desk.seats.get_mut(*at) {
                seat.signed_by = Some(actor.id.clone());
            }
        }
    }
    let is_complete = desk.added.is_empty()
        && desk.asked.is_empty()
        && desk.seats.iter().all(|seat| seat.signed_by.is_some());
    if !is_complete {
        outcome(&[], command)?;
        let kept = record.case.outcome.clone();
        return Ok(arrive(machine, record, record.state, desk, kept, "signed"));
    }
    let steps = steps(part, record);
    let place = |state: State| part.steps.iter().position(|name| *name == state.0);
    let next = steps
        .into_iter()
        .find(|(state, _)| place(*state) > place(record.state));
    let Some((state, step)) = next else {
        let chosen = outcome_of(part, record, command, actor)?;
        let desk = Desk {
            handed_in_by: desk.handed_in_by,
            sent_by: desk.sent_by,
            ..Desk::default()
        };
        let state = State(part.passed_to);
        return Ok(arrive(machine, record, state, desk, chosen, "approved"));
    };
    outcome(&[], command)?;
    let mut path = desk.path.clone();
    path.push(record.state);
    let next = desk_at(step, path, &desk);
    Ok(arrive(machine, record, state, next, None, "approved"))
}

/// The outcome of the last step: chosen, or where a form grades the record, what it comes to.
///
/// House rule: the form (审核表) is asked for before the grade, because the grade follows from it;
/// with 良 it says what was agreed with the unit, because that is what 良 means.
fn outcome_of(
    part: &ReviewPart,
    record: &Standing,
    command: &Command,
    actor: &Actor,
) -> Result<Option<String>, Refusal> {
    if !part.is_graded {
        return outcome(part.outcomes, command);
    }
    let computed = record.case.grade_by(&actor.id).ok_or(Refusal::NotGraded)?;
    let is_other = command.outcome.as_deref().is_some_and(|it| it != computed);
    if !is_other && asks_corrections(computed) && !record.case.agreed.contains(&actor.id) {
        return Err(Refusal::CorrectionsMissing);
    }
    let chosen = outcome(part.outcomes, command)?;
    match chosen.as_deref() {
        Some(chosen) if chosen != computed => Err(Refusal::OtherGrade {
            chosen: chosen.to_owned(),
            computed: computed.to_owned(),
        }),
        _ => Ok(chosen),
    }
}

fn give_back(
    machine: &Machine,
    part: &ReviewPart,
    record: &Standing,
    command: &Command,
    to: &ReturnTo,
) -> Result<Moved, Refusal> {
    commented(command)?;
    let path = &record.desk.path;
    let wanted = match to {
        ReturnTo::Filler => None,
        ReturnTo::Previous => path.last().copied(),
        ReturnTo::Step(name) => {
            let passed = path.iter().find(|state| state.0 == name);
            let labels = || {
                let labels: Vec<&str> = path.iter().map(|state| machine.label(*state)).collect();
                if labels.is_empty() {
                    "填报人".to_owned()
                } else {
                    labels.join("、")
                }
            };
            Some(*passed.ok_or_else(|| Refusal::StepNotPassed(labels()))?)
        }
    };
    let Some(state) = wanted else {
        let state = State(part.returned_to);
        let desk = Desk::default();
        return Ok(arrive(machine, record, state, desk, None, "returned"));
    };
    let steps = steps(part, record);
    let (_, step) = steps
        .iter()
        .find(|(known, _)| *known == state)
        .ok_or(Refusal::NoRoute)?;
    let before = path.iter().copied().take_while(|passed| *passed != state);
    let desk = desk_at(step, before.collect(), &record.desk);
    Ok(arrive(machine, record, state, desk, None, "returned"))
}

/// Whether the person can be drawn into the step.
fn fit(record: &Standing, person: &PersonId, actor: &Actor) -> Result<(), Refusal> {
    let has_signed = |seat: &Seat| seat.signed_by.as_ref() == Some(person);
    let is_unfit = *person == actor.id
        || is_own(record, person)
        || names(&record.desk, person)
        || record.desk.seats.iter().any(has_signed);
    if is_unfit {
        return Err(Refusal::UnfitPerson);
    }
    Ok(())
}

fn stays(machine: &Machine, record: &Standing, desk: Desk, fact: &'static str) -> Moved {
    let kept = record.case.outcome.clone();
    arrive(machine, record, record.state, desk, kept, fact)
}

fn delegate(
    machine: &Machine,
    record: &Standing,
    role: &Part,
    person: &PersonId,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    fit(record, person, actor)?;
    let mut desk = record.desk.clone();
    let person = person.clone();
    match role {
        Part::Added => {
            desk.added.pop();
            desk.added.push(person);
        }
        Part::Asked(at) => {
            if let Some(asked) = desk.asked.get_mut(*at) {
                *asked = person;
            }
        }
        Part::Seat(at) => {
            if let Some(seat) = desk.seats.get_mut(*at) {
                seat.delegate = Some(person);
            }
        }
    }
    Ok(stays(machine, record, desk, "delegated"))
}

fn consult(
    machine: &Machine,
    record: &Standing,
    people: &[PersonId],
    actor: &Actor,
) -> Result<Moved, Refusal> {
    if people.is_empty() {
        return Err(Refusal::NobodyNamed(Verb::Consult));
    }
    let mut desk = record.desk.clone();
    for person in people {
        fit(record, person, actor)?;
        if !desk.asked.contains(person) {
            desk.asked.push(person.clone());
        }
    }
    Ok(stays(machine, record, desk, "consulted"))
}

fn add_signer(
    machine: &Machine,
    record: &Standing,
    person: &PersonId,
    actor: &Actor,
) -> Result<Moved, Refusal> {
    fit(record, person, actor)?;
    let mut desk = record.desk.clone();
    desk.added.push(person.clone());
    Ok(stays(machine, record, desk, "signer_added"))
}

/// Who holds the record at this step: whoever was added last, else all who have not signed.
pub(super) fn holders(desk: &Desk) -> Vec<Holder> {
    if let Some(person) = desk.added.last() {
        return vec![Holder::Person(person.clone())];
    }
    let seats = desk
        .seats
        .iter()
        .filter(|seat| seat.signed_by.is_none())
        .map(|seat| match &seat.delegate {
            Some(person) => Holder::Person(person.clone()),
            None => Holder::Signer(seat.signer),
        });
    let asked = desk.asked.iter().cloned().map(Holder::Person);
    seats.chain(asked).collect()
}
