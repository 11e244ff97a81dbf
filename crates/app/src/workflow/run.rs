//! A command: read how the record stands, ask the engine, write everything that it says.

use db::{IsConflict, Tx};
use domain::permission::{Actor, PersonId};
use domain::workflow::{
    Answered, Command, Moved, Order, RecordKind, Refusal, Verb, edit, transition,
};
use serde_json::{Map, Value, json};

use super::standing::{self, Read, with_filler};
use super::store::desk::{self, KeptAnswer, KeptDesk};
use super::store::{people, record, step};
use super::telling::{self, Telling};
use super::{item, kept, receipt, round};
use crate::target::Why;
use crate::{audit, review, target};

/// Why a command was not carried out.
#[derive(Debug)]
pub(crate) enum Error {
    /// The engine refuses it; the record stays as it is.
    Refused(Refusal),
    /// The database failed.
    Database(db::Error),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl Error {
    /// There is no such record, or the actor must not learn that there is.
    pub(crate) const NOT_FOUND: Self = Self::Refused(Refusal::NotFound);
}

impl IsConflict for Error {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(Refusal::NotFound) => Self::NotFound,
            Error::Refused(Refusal::NotYours(reason)) => Self::Forbidden(reason),
            Error::Refused(refusal) => Self::Refused(refusal.to_string()),
            Error::Database(error) => error.into(),
        }
    }
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Where the record is now, and who holds it.
    pub(crate) moved: Moved,
    /// The number of the receipt, where it was submitted.
    pub(crate) submission: Option<String>,
}

/// Carries out a command in the transaction `tx`: state, desk, things to do, history, receipt and
/// event, or nothing. The same person's same command, by its key, is carried out once and gets its
/// answer again.
///
/// # Errors
/// The engine refuses it, or the database fails.
pub(crate) fn run(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    command: &Command,
    actor: &Actor,
    clock: &str,
) -> Result<Answer, Error> {
    run_in_batch(tx, (kind, id), command, actor, clock, None)
}

/// As [`run`], for one record of a batch, if `batch` is the batch's key: what a batch tells a
/// person is one notice.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_in_batch(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    command: &Command,
    actor: &Actor,
    clock: &str,
    batch: Option<&str>,
) -> Result<Answer, Error> {
    let mut read = standing::read(tx, kind, id, clock)?;
    let earlier = earlier_answer(tx, kind, id, command, actor)?;
    let submission = earlier
        .as_ref()
        .and_then(|(_, submission)| submission.clone());
    read.standing.answered = earlier.map(|(answered, _)| answered);
    let moved = transition(kind, &read.standing, command, actor)?;
    if read.standing.answered.is_some() {
        return Ok(Answer { moved, submission });
    }
    demand_people(tx, &read, command)?;
    let answer = write(tx, read, (command, batch), moved, actor, clock)?;
    if kind == RecordKind::PerformanceTarget {
        let done = (&answer.moved, &*command.key);
        target::settle_adjustment(tx, id, done, actor, clock)?;
    }
    Ok(answer)
}

fn earlier_answer(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    command: &Command,
    actor: &Actor,
) -> Result<Option<(Answered, Option<String>)>, Error> {
    let Some(found) = desk::find_answer(tx, &actor.id, &command.key)? else {
        return Ok(None);
    };
    if (&*found.record.0, &*found.record.1) != (kind.name(), id) {
        return Err(Refusal::KeyReused.into());
    }
    let Some((moved, submission)) = kept::moved(kind, &found.answer) else {
        return Err(db::Error::InconsistentRow {
            column: "answer".to_owned(),
            problem: "is not what the program wrote",
        }
        .into());
    };
    let answered = Answered {
        by: actor.id.clone(),
        key: command.key.clone(),
        digest: found.digest,
        moved,
    };
    Ok(Some((answered, submission)))
}

/// Whoever is drawn in must be somebody who can review.
fn demand_people(tx: &mut Tx<'_>, read: &Read, command: &Command) -> Result<(), Error> {
    let named = match &command.order {
        Order::Delegate(person) | Order::AddSigner(person) => std::slice::from_ref(person),
        Order::Consult(people) => people,
        Order::Plain(_) | Order::Return(_) => &[],
    };
    for person in named {
        if !people::can_be_named(tx, &read.facts.region_code, person)? {
            return Err(Refusal::UnfitPerson.into());
        }
    }
    Ok(())
}

fn write(
    tx: &mut Tx<'_>,
    mut read: Read,
    (command, batch): (&Command, Option<&str>),
    moved: Moved,
    actor: &Actor,
    clock: &str,
) -> Result<Answer, Error> {
    let (kind, id) = (read.kind, read.id.clone());
    let region = read.facts.region_code.clone();
    let verb = command.order.verb();
    let (name, login) = people::name(tx, &actor.id.0)?.ok_or(Error::NOT_FOUND)?;
    record::set_state(tx, kind, &id, &moved)?;
    record::note_outcome(tx, kind, &id, &moved, round::day(clock))?;
    if kind == RecordKind::PerformanceTarget {
        review::settle_decision(tx, (&id, &actor.id), &moved)?;
    }
    if let Some(why) = turn(kind, verb, &moved) {
        target::keep_snapshot(tx, (kind, &id), why, &actor.id.0, clock)?;
    }
    let submission = match verb {
        Verb::Submit => {
            let person = (&*actor.id.0, &*name);
            Some(receipt::write(tx, &read, moved.version, person, clock)?)
        }
        _ => None,
    };
    let sender = match moved.fact {
        "decision_withdrawn" => step::sender(tx, kind, &id)?,
        _ => None,
    };
    let kept_desk = desk_after(&read, verb, (&moved, sender), actor, clock);
    desk::set(tx, &region, kind, &id, &kept_desk)?;
    let place = (&*region, kind, &*id);
    let submitted = submission.as_deref();
    step::add(tx, place, (command, &moved), (&actor.id, clock), submitted)?;
    let kept_answer = KeptAnswer {
        record: (kind.name().to_owned(), id.clone()),
        digest: command.digest(),
        answer: kept::moved_text(&moved, submitted),
    };
    let whose = (&*region, &actor.id, &*command.key);
    desk::keep_answer(tx, whose, &kept_answer, clock)?;
    let telling = Telling {
        read: &read,
        command,
        moved: &moved,
        by: (&actor.id, &name),
        batch,
    };
    telling::tell(tx, &telling, clock)?;
    let before = event_side(&read, None);
    read.standing.state = moved.state;
    read.standing.version = moved.version;
    read.standing.desk = moved.desk.clone();
    read.standing.case.outcome.clone_from(&moved.outcome);
    item::write(tx, &read, &kept_desk)?;
    let after = event_side(&read, Some((command, submitted)));
    let change = audit::Change {
        actor: &login,
        action: moved.fact,
        record: (kind.name(), &id),
        before: Some(&before),
        after: Some(&after),
    };
    audit::append(tx, &region, clock, &change)?;
    Ok(Answer { moved, submission })
}

/// What is kept of the record's way after the move.
fn desk_after(
    read: &Read,
    verb: Verb,
    (moved, sender): (&Moved, Option<PersonId>),
    actor: &Actor,
    clock: &str,
) -> KeptDesk {
    let mut kept_desk = item::kept_or_new(read, clock);
    kept_desk.desk = moved.desk.clone();
    kept_desk.outcome.clone_from(&moved.outcome);
    clock.clone_into(&mut kept_desk.arrived_at);
    kept_desk.moved_by = Some(actor.id.0.clone());
    if matches!(verb, Verb::Fill | Verb::Score | Verb::HandIn) {
        kept_desk.fillers = with_filler(&kept_desk.fillers, &actor.id);
    }
    if moved.fact == "decision_withdrawn" {
        // As it lay before the meeting decided: sent, and given back to nobody.
        kept_desk.desk.sent_by = sender.or(kept_desk.desk.sent_by);
        kept_desk.returned_at = None;
        return kept_desk;
    }
    kept_desk.returned_at = match verb {
        Verb::Return if round::is_being_filled(read.kind, moved.state) => {
            // What the head gives back inside the unit was not asked for by a reviewer.
            let was_sent = moved.from != moved.state;
            was_sent.then(|| clock.to_owned()).or(kept_desk.returned_at)
        }
        Verb::Submit => None,
        _ => kept_desk.returned_at,
    };
    kept_desk
}

/// The turn of its way at which what the record says is kept, so that readers can compare.
fn turn(kind: RecordKind, verb: Verb, moved: &Moved) -> Option<Why> {
    // What the head gives back inside the unit did not leave it.
    let has_left = moved.from != moved.state;
    match verb {
        Verb::Submit => Some(Why::Submitted),
        Verb::Return if has_left && round::is_being_filled(kind, moved.state) => {
            Some(Why::Returned)
        }
        Verb::Approve if moved.state.name() == "approved" => Some(Why::Approved),
        _ => None,
    }
}

/// One side of the event: where the record is, and what was commanded.
fn event_side(read: &Read, done: Option<(&Command, Option<&str>)>) -> Value {
    let standing = &read.standing;
    let mut side = Map::new();
    let state = read.kind.machine().label(standing.state);
    side.insert("state".to_owned(), json!(state));
    side.insert("version".to_owned(), json!(standing.version));
    if let Some(outcome) = &standing.case.outcome {
        side.insert("outcome".to_owned(), json!(outcome));
    }
    if let Some((command, submission)) = done {
        let comment = command.comment.trim();
        if !comment.is_empty() {
            side.insert("comment".to_owned(), json!(comment));
        }
        if let Some(number) = submission {
            side.insert("submission".to_owned(), json!(number));
        }
    }
    Value::Object(side)
}

/// Whether the actor may change the record's content now, which has this version. What holds the
/// record fast, whose turn it is and what the actor saw are all asked here.
///
/// # Errors
/// The engine refuses it, or the database fails.
pub(crate) fn edit_allowed(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    version: u64,
    actor: &Actor,
    clock: &str,
) -> Result<Read, Error> {
    let read = standing::read_unchecked(tx, kind, id, clock)?;
    edit(kind, &read.standing, version, actor)?;
    Ok(read)
}

/// Notes that the actor changed the record's content, in the transaction of the change: nobody
/// reviews what they filled.
///
/// # Errors
/// There is no such record, or the database fails.
pub(crate) fn edited(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    actor: &Actor,
    clock: &str,
) -> Result<(), Error> {
    let read = standing::read_unchecked(tx, kind, id, clock)?;
    note_filler(tx, &read, actor, clock)
}

/// As [`edited`], for who has just read how the record stands.
///
/// # Errors
/// The database fails.
pub(crate) fn note_filler(
    tx: &mut Tx<'_>,
    read: &Read,
    actor: &Actor,
    clock: &str,
) -> Result<(), Error> {
    let is_known = |kept: &KeptDesk| kept.fillers.contains(&actor.id);
    if read.kept.as_ref().is_some_and(is_known) {
        // Nothing that is to be done depends on what the form says.
        return Ok(());
    }
    let mut kept_desk = item::kept_or_new(read, clock);
    kept_desk.fillers = with_filler(&kept_desk.fillers, &actor.id);
    let (region, kind) = (&read.facts.region_code, read.kind);
    desk::set(tx, region, kind, &read.id, &kept_desk)?;
    item::write(tx, read, &kept_desk)?;
    Ok(())
}
