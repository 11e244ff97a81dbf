//! SQL of the calendar.

use db::{Error, Row, Tx};
use domain::permission::Actor;

use super::{below, mine, who};

db::statements! {
    // $5 to $6 days.
    MINE = concat!(below!(), "SELECT w.record_kind, w.record_id, MIN(w.title) AS title, \
           MIN(w.verb) AS verb, MIN(w.due_on) AS due_on FROM work_item w WHERE ", mine!(), " \
           AND w.due_on BETWEEN $5 AND $6 GROUP BY w.record_kind, w.record_id \
           ORDER BY MIN(w.due_on), w.record_kind, w.record_id LIMIT $7");
    ROUNDS = "SELECT record_kind, year, due_on FROM deadline WHERE region_code = $1 \
              AND due_on BETWEEN $2 AND $3 ORDER BY due_on, record_kind, year";
}

/// A date that concerns the actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::home) struct Due {
    pub(in crate::home) on: String,
    pub(in crate::home) kind: String,
    /// The record; none for the end of a round.
    pub(in crate::home) id: Option<String>,
    /// What is due: the record's title, or the round's year.
    pub(in crate::home) title: String,
    pub(in crate::home) verb: String,
}

/// The dates of the actor's work from one day to another, the earliest first.
pub(in crate::home) fn mine_between(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (from, until): (&str, &str),
    most: i64,
) -> Result<Vec<Due>, Error> {
    let [account, region, unit, section] = who(actor);
    let rows = tx.query(
        MINE,
        &[&account, &region, &unit, &section, &from, &until, &most],
    )?;
    let due = |row: &Row| {
        Ok(Due {
            on: row.text("due_on")?,
            kind: row.text("record_kind")?,
            id: Some(row.text("record_id")?),
            title: row.text("title")?,
            verb: row.text("verb")?,
        })
    };
    rows.iter().map(due).collect()
}

/// The last days of the region's rounds of filling.
pub(in crate::home) fn rounds_between(
    tx: &mut Tx<'_>,
    region: &str,
    (from, until): (&str, &str),
) -> Result<Vec<Due>, Error> {
    let due = |row: &Row| {
        Ok(Due {
            on: row.text("due_on")?,
            kind: row.text("record_kind")?,
            id: None,
            title: format!("{} 年", row.int("year")?),
            verb: String::new(),
        })
    };
    let rows = tx.query(ROUNDS, &[&region, &from, &until])?;
    rows.iter().map(due).collect()
}
