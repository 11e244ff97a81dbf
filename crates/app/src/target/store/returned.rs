//! Why a target came back to whoever fills it.

use db::{Error, Tx};

db::statements! {
    // Nothing was sent since.
    RETURNED = "SELECT a.name AS person, s.done_at, s.comment FROM record_step s \
                JOIN account a ON a.id = s.person_id \
                WHERE s.record_kind = 'performance_target' AND s.record_id = $1 \
                AND s.fact IN ('returned', 'hand_in_returned') AND NOT EXISTS (SELECT 1 \
                FROM record_step n WHERE n.record_kind = s.record_kind \
                AND n.record_id = s.record_id AND n.version > s.version \
                AND n.fact IN ('handed_in', 'submitted', 'returned', 'hand_in_returned')) \
                ORDER BY s.version DESC LIMIT 1";
}

/// A return that has not been answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct Returned {
    /// The name of who returned it.
    pub(in crate::target) person: String,
    /// When.
    pub(in crate::target) at: String,
    /// The reason and what is asked for.
    pub(in crate::target) comment: String,
}

/// Why the target was returned, if nobody handed it in or sent it since.
pub(super) fn find(tx: &mut Tx<'_>, (id, state): (&str, &str)) -> Result<Option<Returned>, Error> {
    if !["draft", "returned"].contains(&state) {
        return Ok(None);
    }
    let Some(row) = tx.find(RETURNED, &[&id])? else {
        return Ok(None);
    };
    Ok(Some(Returned {
        person: row.text("person")?,
        at: row.text("done_at")?,
        comment: row.text("comment")?,
    }))
}
