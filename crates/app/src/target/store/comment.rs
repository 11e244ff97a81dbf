//! What reviewers say of single fields.

use db::{Error, Row, Tx};

db::statements! {
    COMMENTS = "SELECT c.id, c.field, c.text, c.written_at, c.answer, c.answered_at, \
                a.name AS author, b.name AS answerer FROM field_comment c \
                JOIN account a ON a.id = c.author_id LEFT JOIN account b ON b.id = c.answered_by \
                WHERE c.record_kind = $1 AND c.record_id = $2 ORDER BY c.written_at, c.id";
    INSERT_COMMENT = "INSERT INTO field_comment (id, region_code, record_kind, record_id, round, \
                      field, text, author_id, written_at, answer) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')";
    ANSWER = "UPDATE field_comment SET answer = $4, answered_by = $5, answered_at = $6 \
              WHERE id = $3 AND record_kind = $1 AND record_id = $2 AND answered_at IS NULL";
    TAKE_BACK = "DELETE FROM field_comment WHERE id = $3 AND record_kind = $1 \
                 AND record_id = $2 AND author_id = $4 AND answered_at IS NULL \
                 AND round = $5";
}

/// What a reviewer said of a field, and the answer.
#[derive(Debug, Clone)]
pub(in crate::target) struct Comment {
    pub(in crate::target) id: String,
    /// The field's path in the content.
    pub(in crate::target) field: String,
    pub(in crate::target) text: String,
    /// The person's name.
    pub(in crate::target) author: String,
    pub(in crate::target) written_at: String,
    pub(in crate::target) answer: String,
    /// Who dealt with it, and when; none while it is open.
    pub(in crate::target) done: Option<(String, String)>,
}

/// Every comment on a record, oldest first.
pub(in crate::target) fn all(tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<Vec<Comment>, Error> {
    tx.query(COMMENTS, &[&kind, &id])?
        .iter()
        .map(comment)
        .collect()
}

fn comment(row: &Row) -> Result<Comment, Error> {
    Ok(Comment {
        id: row.text("id")?,
        field: row.text("field")?,
        text: row.text("text")?,
        author: row.text("author")?,
        written_at: row.text("written_at")?,
        answer: row.text("answer")?,
        done: row.opt_text("answerer")?.zip(row.opt_text("answered_at")?),
    })
}

/// A comment to be kept.
pub(in crate::target) struct New<'a> {
    pub(in crate::target) id: &'a str,
    pub(in crate::target) region: &'a str,
    pub(in crate::target) kind: &'a str,
    pub(in crate::target) record: &'a str,
    pub(in crate::target) version: i64,
    pub(in crate::target) field: &'a str,
    pub(in crate::target) text: &'a str,
    pub(in crate::target) author: &'a str,
    pub(in crate::target) at: &'a str,
}

/// Keeps a comment.
pub(in crate::target) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), Error> {
    tx.execute_one(
        INSERT_COMMENT,
        &[
            &new.id,
            &new.region,
            &new.kind,
            &new.record,
            &new.version,
            &new.field,
            &new.text,
            &new.author,
            &new.at,
        ],
    )
}

/// Answers an open comment; whether there was one.
pub(in crate::target) fn answer(
    tx: &mut Tx<'_>,
    (kind, record, id): (&str, &str, &str),
    text: &str,
    (account, now): (&str, &str),
) -> Result<bool, Error> {
    let touched = tx.execute(ANSWER, &[&kind, &record, &id, &text, &account, &now])?;
    Ok(touched == 1)
}

/// Takes back one's own comment of this version of the record; whether there was one.
pub(in crate::target) fn take_back(
    tx: &mut Tx<'_>,
    (kind, record, id): (&str, &str, &str),
    account: &str,
    version: i64,
) -> Result<bool, Error> {
    let touched = tx.execute(TAKE_BACK, &[&kind, &record, &id, &account, &version])?;
    Ok(touched == 1)
}
