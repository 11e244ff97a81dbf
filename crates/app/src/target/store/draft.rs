//! What was typed and not saved, and who has a form open.

use db::{Error, Tx};

db::statements! {
    FIND_DRAFT = "SELECT record_version, body, saved_at FROM content_draft \
                  WHERE record_kind = $1 AND record_id = $2 AND account_id = $3";
    SAVE_DRAFT = "INSERT INTO content_draft (record_kind, record_id, account_id, region_code, \
                  record_version, body, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                  ON CONFLICT (record_kind, record_id, account_id) DO UPDATE SET \
                  record_version = excluded.record_version, body = excluded.body, \
                  saved_at = excluded.saved_at";
    DROP_DRAFT = "DELETE FROM content_draft \
                  WHERE record_kind = $1 AND record_id = $2 AND account_id = $3";
    BE_PRESENT = "INSERT INTO edit_presence (record_kind, record_id, account_id, region_code, \
                  seen_at) VALUES ($1, $2, $3, $4, $5) \
                  ON CONFLICT (record_kind, record_id, account_id) DO UPDATE SET \
                  seen_at = excluded.seen_at";
    OTHERS = "SELECT a.name FROM edit_presence p JOIN account a ON a.id = p.account_id \
              WHERE p.record_kind = $1 AND p.record_id = $2 AND p.account_id <> $3 \
              AND p.seen_at >= $4 ORDER BY a.name, a.id";
    LEAVE = "DELETE FROM edit_presence WHERE record_kind = $1 AND record_id = $2 \
             AND (account_id = $3 OR seen_at < $4)";
}

/// A form: the kind of record, which one, and whose browser.
#[derive(Debug, Clone, Copy)]
pub(in crate::target) struct Desk<'a> {
    pub(in crate::target) kind: &'a str,
    pub(in crate::target) id: &'a str,
    pub(in crate::target) account: &'a str,
    pub(in crate::target) region: &'a str,
}

/// What was typed and not saved.
#[derive(Debug, Clone)]
pub(in crate::target) struct Draft {
    /// The version of the record that was open.
    pub(in crate::target) version: i64,
    pub(in crate::target) body: String,
    pub(in crate::target) saved_at: String,
}

pub(in crate::target) fn find(tx: &mut Tx<'_>, desk: Desk<'_>) -> Result<Option<Draft>, Error> {
    let row = tx.find(FIND_DRAFT, &[&desk.kind, &desk.id, &desk.account])?;
    row.map(|row| {
        Ok(Draft {
            version: row.int("record_version")?,
            body: row.text("body")?,
            saved_at: row.text("saved_at")?,
        })
    })
    .transpose()
}

pub(in crate::target) fn save(tx: &mut Tx<'_>, desk: Desk<'_>, draft: &Draft) -> Result<(), Error> {
    tx.execute_one(
        SAVE_DRAFT,
        &[
            &desk.kind,
            &desk.id,
            &desk.account,
            &desk.region,
            &draft.version,
            &draft.body,
            &draft.saved_at,
        ],
    )
}

pub(in crate::target) fn forget(tx: &mut Tx<'_>, desk: Desk<'_>) -> Result<(), Error> {
    tx.execute(DROP_DRAFT, &[&desk.kind, &desk.id, &desk.account])?;
    Ok(())
}

/// Marks the form as open now.
pub(in crate::target) fn be_present(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    now: &str,
) -> Result<(), Error> {
    tx.execute_one(
        BE_PRESENT,
        &[&desk.kind, &desk.id, &desk.account, &desk.region, &now],
    )
}

/// The names of the others whose form was open at `since` or later.
pub(in crate::target) fn others(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    since: &str,
) -> Result<Vec<String>, Error> {
    let rows = tx.query(OTHERS, &[&desk.kind, &desk.id, &desk.account, &since])?;
    rows.iter().map(|row| row.text("name")).collect()
}

/// Marks the form as closed, and forgets whose forms have not been open since `since`.
pub(in crate::target) fn leave(tx: &mut Tx<'_>, desk: Desk<'_>, since: &str) -> Result<(), Error> {
    tx.execute(LEAVE, &[&desk.kind, &desk.id, &desk.account, &since])?;
    Ok(())
}
