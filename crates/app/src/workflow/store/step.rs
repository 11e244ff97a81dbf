//! The steps that a record has made: its history.

use db::{Error, Tx};
use domain::permission::PersonId;
use domain::workflow::{Command, Moved, Order, RecordKind, State};

use super::record::count;
use crate::workflow::kept;

db::statements! {
    // Who handed it in last, and who sent it last.
    SENDERS = "SELECT s.person_id FROM record_step s WHERE s.record_kind = $1 \
               AND s.record_id = $2 AND s.fact IN ('handed_in', 'submitted') AND NOT EXISTS \
               (SELECT 1 FROM record_step n WHERE n.record_kind = s.record_kind \
               AND n.record_id = s.record_id AND n.fact = s.fact AND n.version > s.version) \
               ORDER BY s.person_id";
    SENDER = "SELECT person_id FROM record_step WHERE record_kind = $1 AND record_id = $2 \
              AND fact = 'submitted' ORDER BY version DESC LIMIT 1";
    LAST_FROM = "SELECT person_id FROM record_step WHERE record_kind = $1 AND record_id = $2 \
                 AND from_state = $3 AND state <> $3 AND verb = 'approve' \
                 ORDER BY version DESC LIMIT 1";
    INSERT_STEP = "INSERT INTO record_step (record_kind, record_id, version, region_code, verb, \
                   fact, from_state, state, person_id, done_at, comment, outcome, named, \
                   submission_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
                   $13, $14)";
    STEPS = "SELECT s.fact, s.from_state, s.state, a.name AS person, \
             s.done_at, s.comment, s.outcome, s.named, s.submission_number \
             FROM record_step s JOIN account a ON a.id = s.person_id \
             WHERE s.record_kind = $1 AND s.record_id = $2 ORDER BY s.version DESC LIMIT 500";
}

/// A step as the history shows it.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) fact: String,
    pub(crate) from_state: String,
    pub(crate) state: String,
    /// The person's name.
    pub(crate) person: String,
    pub(crate) done_at: String,
    pub(crate) comment: String,
    pub(crate) outcome: Option<String>,
    /// The accounts that it names.
    pub(crate) named: Vec<PersonId>,
    pub(crate) submission: Option<String>,
}

/// Adds a step to the history.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    (region, kind, id): (&str, RecordKind, &str),
    (command, moved): (&Command, &Moved),
    (person, at): (&PersonId, &str),
    submission: Option<&str>,
) -> Result<(), Error> {
    let named = match &command.order {
        Order::Delegate(person) | Order::AddSigner(person) => std::slice::from_ref(person),
        Order::Consult(people) => people,
        Order::Plain(_) | Order::Return(_) => &[],
    };
    tx.execute_one(
        INSERT_STEP,
        &[
            &kind.name(),
            &id,
            &count(moved.version),
            &region,
            &command.order.verb().name(),
            &moved.fact,
            &moved.from.name(),
            &moved.state.name(),
            &person.0,
            &at,
            &command.comment.trim(),
            &command.outcome,
            &kept::people_text(named),
            &submission,
        ],
    )
}

/// The record's newest 500 steps, newest first.
pub(crate) fn all(tx: &mut Tx<'_>, kind: RecordKind, id: &str) -> Result<Vec<Step>, Error> {
    let rows = tx.query(STEPS, &[&kind.name(), &id])?;
    rows.iter()
        .map(|row| {
            Ok(Step {
                fact: row.text("fact")?,
                from_state: row.text("from_state")?,
                state: row.text("state")?,
                person: row.text("person")?,
                done_at: row.text("done_at")?,
                comment: row.text("comment")?,
                outcome: row.opt_text("outcome")?,
                named: kept::people(&row.text("named")?).unwrap_or_default(),
                submission: row.opt_text("submission_number")?,
            })
        })
        .collect()
}

/// Who handed the record in last, and who sent it last.
pub(crate) fn senders(tx: &mut Tx<'_>, kind: RecordKind, id: &str) -> Result<Vec<PersonId>, Error> {
    let rows = tx.query(SENDERS, &[&kind.name(), &id])?;
    rows.iter()
        .map(|row| Ok(PersonId(row.text("person_id")?)))
        .collect()
}

/// Who sent the record last.
pub(crate) fn sender(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
) -> Result<Option<PersonId>, Error> {
    let row = tx.find(SENDER, &[&kind.name(), &id])?;
    row.map(|row| Ok(PersonId(row.text("person_id")?)))
        .transpose()
}

/// Who last passed the record on from the state.
pub(crate) fn last_from(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    state: State,
) -> Result<Option<PersonId>, Error> {
    let row = tx.find(LAST_FROM, &[&kind.name(), &id, &state.name()])?;
    row.map(|row| Ok(PersonId(row.text("person_id")?)))
        .transpose()
}
