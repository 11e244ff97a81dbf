//! SQL of what a person did and began.

use db::{Error, Row, Tx};

/// The object of the record `s`, by its name.
macro_rules! object {
    () => {
        "COALESCE((SELECT o.name FROM performance_target t JOIN managed_object o \
         ON o.id = t.object_id WHERE s.record_kind = 'performance_target' AND t.id = s.record_id), \
         (SELECT o.name FROM monitoring t JOIN managed_object o ON o.id = t.object_id \
         WHERE s.record_kind = 'monitoring' AND t.id = s.record_id), \
         (SELECT o.name FROM self_evaluation t JOIN managed_object o ON o.id = t.object_id \
         WHERE s.record_kind = 'self_evaluation' AND t.id = s.record_id), \
         (SELECT o.name FROM ex_ante_assessment t JOIN managed_object o ON o.id = t.object_id \
         WHERE s.record_kind = 'ex_ante_assessment' AND t.id = s.record_id), \
         (SELECT o.name FROM key_evaluation t JOIN managed_object o ON o.id = t.object_id \
         WHERE s.record_kind = 'key_evaluation' AND t.id = s.record_id), \
         (SELECT o.name FROM rectification t JOIN key_evaluation v ON v.id = t.key_evaluation_id \
         JOIN managed_object o ON o.id = v.object_id \
         WHERE s.record_kind = 'rectification' AND t.id = s.record_id), \
         (SELECT t.matter FROM commission t \
         WHERE s.record_kind = 'commission' AND t.id = s.record_id), \
         (SELECT t.item FROM publication t \
         WHERE s.record_kind = 'publication' AND t.id = s.record_id), s.record_id)"
    };
}

/// A step with the state in which its record is now.
macro_rules! step {
    () => {
        concat!(
            "s.done_at || ' ' || s.record_kind || ' ' || s.record_id || ' ' \
             || CAST(s.version AS TEXT) AS place, s.record_kind, s.record_id, s.verb, s.done_at, \
             s.comment, (SELECT l.state FROM record_step l WHERE l.record_kind = s.record_kind \
             AND l.record_id = s.record_id ORDER BY l.version DESC LIMIT 1) AS state, ",
            object!(),
            " AS object FROM record_step s "
        )
    };
}

/// A step's place in the list, the newest first.
macro_rules! before {
    () => {
        "($2 = '' OR s.done_at || ' ' || s.record_kind || ' ' || s.record_id || ' ' \
         || CAST(s.version AS TEXT) < $2)"
    };
}

db::statements! {
    DONE = concat!("SELECT ", step!(), "WHERE s.person_id = $1 AND ", before!(), " \
           ORDER BY place DESC LIMIT $3");
    // The first step of a record is who began it.
    BEGUN = concat!("SELECT ", step!(), "WHERE s.person_id = $1 AND s.version = (SELECT \
            MIN(b.version) FROM record_step b WHERE b.record_kind = s.record_kind \
            AND b.record_id = s.record_id) AND ", before!(), " ORDER BY place DESC LIMIT $3");
}

/// A step that the person took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::home) struct Step {
    /// Where it stands in the list.
    pub(in crate::home) place: String,
    pub(in crate::home) kind: String,
    pub(in crate::home) id: String,
    pub(in crate::home) object: String,
    pub(in crate::home) verb: String,
    pub(in crate::home) done_at: String,
    pub(in crate::home) comment: String,
    /// In which state the record is now.
    pub(in crate::home) state: String,
}

/// The steps that the account took, the newest first; only the first of each record if `begun`.
pub(in crate::home) fn steps(
    tx: &mut Tx<'_>,
    account: &str,
    begun: bool,
    before: &str,
    most: i64,
) -> Result<Vec<Step>, Error> {
    let sql = if begun { BEGUN } else { DONE };
    let rows = tx.query(sql, &[&account, &before, &most])?;
    let step = |row: &Row| {
        Ok(Step {
            place: row.text("place")?,
            kind: row.text("record_kind")?,
            id: row.text("record_id")?,
            object: row.text("object")?,
            verb: row.text("verb")?,
            done_at: row.text("done_at")?,
            comment: row.text("comment")?,
            state: row.text("state")?,
        })
    };
    rows.iter().map(step).collect()
}
