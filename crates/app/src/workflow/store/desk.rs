//! The desk of a record: the review as far as it has come, and who filled the record.

use db::{Error, Row, Tx};
use domain::permission::PersonId;
use domain::workflow::{Desk, RecordKind};

use crate::workflow::kept;

db::statements! {
    FIND_DESK = "SELECT desk, outcome, fillers, rule_pack, arrived_at, moved_by, returned_at \
                 FROM record_desk WHERE record_kind = $1 AND record_id = $2";
    SET_DESK = "INSERT INTO record_desk (record_kind, record_id, region_code, desk, outcome, \
                fillers, rule_pack, arrived_at, moved_by, returned_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                ON CONFLICT (record_kind, record_id) DO UPDATE SET desk = excluded.desk, \
                outcome = excluded.outcome, fillers = excluded.fillers, \
                rule_pack = excluded.rule_pack, arrived_at = excluded.arrived_at, \
                moved_by = excluded.moved_by, returned_at = excluded.returned_at";
    FIND_ANSWER = "SELECT record_kind, record_id, digest, answer FROM command_answer \
                   WHERE person_id = $1 AND command_key = $2";
    INSERT_ANSWER = "INSERT INTO command_answer (person_id, command_key, region_code, \
                     record_kind, record_id, digest, answer, answered_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    DESKS_NAMING = "SELECT record_kind, record_id FROM record_desk \
                    WHERE region_code = $1 AND desk LIKE $2 ORDER BY record_kind, record_id";
    MOVE_ASSIGNMENTS = "INSERT INTO assignment (account_id, record_kind, record_id, region_code, \
                        assigned_at) SELECT $2, a.record_kind, a.record_id, a.region_code, $3 \
                        FROM assignment a WHERE a.account_id = $1 AND NOT EXISTS \
                        (SELECT 1 FROM assignment b WHERE b.account_id = $2 \
                        AND b.record_kind = a.record_kind AND b.record_id = a.record_id)";
    END_ASSIGNMENTS = "DELETE FROM assignment WHERE account_id = $1";
}

/// What is kept of a record's way beside its state.
#[derive(Debug, Clone)]
pub(crate) struct KeptDesk {
    pub(crate) desk: Desk,
    pub(crate) outcome: Option<String>,
    pub(crate) fillers: Vec<PersonId>,
    pub(crate) rule_pack: String,
    /// Since when it lies where it lies.
    pub(crate) arrived_at: String,
    pub(crate) moved_by: Option<String>,
    /// When a reviewer gave it back, until it is sent again.
    pub(crate) returned_at: Option<String>,
}

/// What is kept of the record's way, if anything is.
pub(crate) fn find(tx: &mut Tx<'_>, kind: RecordKind, id: &str) -> Result<Option<KeptDesk>, Error> {
    let Some(row) = tx.find(FIND_DESK, &[&kind.name(), &id])? else {
        return Ok(None);
    };
    Ok(Some(KeptDesk {
        desk: kept::desk(kind, &row.text("desk")?).ok_or_else(|| damaged("desk"))?,
        outcome: row.opt_text("outcome")?,
        fillers: fillers(&row)?,
        rule_pack: row.text("rule_pack")?,
        arrived_at: row.text("arrived_at")?,
        moved_by: row.opt_text("moved_by")?,
        returned_at: row.opt_text("returned_at")?,
    }))
}

fn fillers(row: &Row) -> Result<Vec<PersonId>, Error> {
    kept::people(&row.text("fillers")?).ok_or_else(|| damaged("fillers"))
}

fn damaged(column: &str) -> Error {
    Error::InconsistentRow {
        column: column.to_owned(),
        problem: "is not what the program wrote",
    }
}

/// Keeps what is known of the record's way.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    region: &str,
    kind: RecordKind,
    id: &str,
    kept_desk: &KeptDesk,
) -> Result<(), Error> {
    tx.execute_one(
        SET_DESK,
        &[
            &kind.name(),
            &id,
            &region,
            &kept::desk_text(&kept_desk.desk),
            &kept_desk.outcome,
            &kept::people_text(&kept_desk.fillers),
            &kept_desk.rule_pack,
            &kept_desk.arrived_at,
            &kept_desk.moved_by,
            &kept_desk.returned_at,
        ],
    )
}

/// An answer that was given before.
#[derive(Debug, Clone)]
pub(crate) struct KeptAnswer {
    pub(crate) record: (String, String),
    pub(crate) digest: String,
    pub(crate) answer: String,
}

/// The answer to the person's command with this key, if there was one.
pub(crate) fn find_answer(
    tx: &mut Tx<'_>,
    person: &PersonId,
    key: &str,
) -> Result<Option<KeptAnswer>, Error> {
    let Some(row) = tx.find(FIND_ANSWER, &[&person.0, &key])? else {
        return Ok(None);
    };
    Ok(Some(KeptAnswer {
        record: (row.text("record_kind")?, row.text("record_id")?),
        digest: row.text("digest")?,
        answer: row.text("answer")?,
    }))
}

/// Keeps an answer under the command's key.
///
/// # Errors
/// Another transaction carried out the same command first, which is tried again; or the database
/// fails.
pub(crate) fn keep_answer(
    tx: &mut Tx<'_>,
    (region, person, key): (&str, &PersonId, &str),
    kept: &KeptAnswer,
    at: &str,
) -> Result<(), Error> {
    let inserted = tx.execute_one(
        INSERT_ANSWER,
        &[
            &person.0,
            &key,
            &region,
            &kept.record.0,
            &kept.record.1,
            &kept.digest,
            &kept.answer,
            &at,
        ],
    );
    match inserted {
        Err(Error::Duplicate(text)) => Err(Error::Conflict(text)),
        other => other,
    }
}

/// The records of the region on whose desks the person is named; some may name the person only as
/// who sent it.
pub(crate) fn naming(
    tx: &mut Tx<'_>,
    region: &str,
    person: &str,
) -> Result<Vec<(String, String)>, Error> {
    // An underscore in the id finds too much and never too little.
    let quoted = format!("%{}%", serde_json::Value::from(person));
    let rows = tx.query(DESKS_NAMING, &[&region, &quoted])?;
    rows.iter()
        .map(|row| Ok((row.text("record_kind")?, row.text("record_id")?)))
        .collect()
}

/// Gives everything that was assigned to one account to another; how many records.
pub(crate) fn move_assignments(
    tx: &mut Tx<'_>,
    from: &str,
    to: &str,
    at: &str,
) -> Result<u64, Error> {
    tx.execute(MOVE_ASSIGNMENTS, &[&from, &to, &at])?;
    tx.execute(END_ASSIGNMENTS, &[&from])
}
