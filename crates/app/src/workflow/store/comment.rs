//! Comments on single fields, and their answers.

use db::{Error, Tx};

db::statements! {
    INSERT_COMMENT = "INSERT INTO field_comment (id, region_code, record_kind, record_id, round, \
                      field, text, author_id, written_at, answer) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '') \
                      ON CONFLICT (id) DO NOTHING";
    ANSWER_COMMENT = "UPDATE field_comment SET answer = $4, answered_by = $5, answered_at = $6 \
                      WHERE id = $1 AND record_kind = $2 AND record_id = $3 \
                      AND answered_at IS NULL";
    COMMENTS = "SELECT c.id, c.round, c.field, c.text, a.name AS author, c.written_at, c.answer, \
                b.name AS answered_by, c.answered_at FROM field_comment c \
                JOIN account a ON a.id = c.author_id LEFT JOIN account b ON b.id = c.answered_by \
                WHERE c.record_kind = $1 AND c.record_id = $2 \
                ORDER BY c.written_at DESC, c.id LIMIT 500";
}

/// A comment on a field.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: String,
    /// The version of the record that was commented on.
    pub(crate) round: i64,
    /// The field's path: `goal`, `indicators/3`, `indicators/3/value`.
    pub(crate) field: String,
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) written_at: String,
    pub(crate) answer: String,
    pub(crate) answered_by: Option<String>,
    pub(crate) answered_at: Option<String>,
}

/// A comment that is written now.
#[derive(Debug, Clone)]
pub(crate) struct NewComment<'a> {
    pub(crate) id: &'a str,
    pub(crate) round: i64,
    pub(crate) field: &'a str,
    pub(crate) text: &'a str,
}

/// Writes a comment; whether it is new.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    (region, kind, id): (&str, &str, &str),
    new: &NewComment<'_>,
    (author, at): (&str, &str),
) -> Result<bool, Error> {
    let touched = tx.execute(
        INSERT_COMMENT,
        &[
            &new.id, &region, &kind, &id, &new.round, &new.field, &new.text, &author, &at,
        ],
    )?;
    Ok(touched == 1)
}

/// Answers an open comment of the record; whether there was one.
pub(crate) fn answer(
    tx: &mut Tx<'_>,
    (kind, id, comment): (&str, &str, &str),
    answer: &str,
    (person, at): (&str, &str),
) -> Result<bool, Error> {
    let touched = tx.execute(
        ANSWER_COMMENT,
        &[&comment, &kind, &id, &answer, &person, &at],
    )?;
    Ok(touched == 1)
}

/// The newest 500 comments of the record.
pub(crate) fn all(tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<Vec<Comment>, Error> {
    let rows = tx.query(COMMENTS, &[&kind, &id])?;
    rows.iter()
        .map(|row| {
            Ok(Comment {
                id: row.text("id")?,
                round: row.int("round")?,
                field: row.text("field")?,
                text: row.text("text")?,
                author: row.text("author")?,
                written_at: row.text("written_at")?,
                answer: row.text("answer")?,
                answered_by: row.opt_text("answered_by")?,
                answered_at: row.opt_text("answered_at")?,
            })
        })
        .collect()
}
