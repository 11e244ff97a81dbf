//! Receipts of submissions: their numbers, what was submitted, and the key of the seal.

use db::{Error, SealKey, Tx};

db::statements! {
    // The row is held until the transaction ends, so a number is neither given twice nor lost.
    NEXT_POSITION = "INSERT INTO submission_series (region_code, year, last_position) \
                     VALUES ($1, $2, 1) ON CONFLICT (region_code, year) \
                     DO UPDATE SET last_position = submission_series.last_position + 1 \
                     RETURNING last_position";
    INSERT_RECEIPT = "INSERT INTO submission_receipt (number, region_code, year, position, \
                      record_kind, record_id, record_version, title, person_id, person_name, \
                      submitted_at, content, content_digest, seal) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    FIND_RECEIPT = "SELECT number, region_code, record_kind, record_id, record_version, title, \
                    person_name, submitted_at, content, content_digest, seal \
                    FROM submission_receipt WHERE number = $1";
    FIND_KEY = "SELECT value FROM setting WHERE name = 'submission_seal_key'";
    INSERT_KEY = "INSERT INTO setting (name, value) VALUES ('submission_seal_key', $1)";
    SET_KEY = "UPDATE setting SET value = $1 WHERE name = 'submission_seal_key'";
    DROP_KEY = "DELETE FROM setting WHERE name = 'submission_seal_key'";
    KEEP_PUBLIC_KEY = "INSERT INTO setting (name, value) VALUES ('submission_seal_public_key', $1) \
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    RETIRE_PUBLIC_KEY = "UPDATE setting SET name = 'submission_seal_public_key:' || $1 \
                         WHERE name = 'submission_seal_public_key' RETURNING value";
    RETIRED_KEYS = "SELECT value FROM setting WHERE name LIKE 'submission_seal_public_key:%' \
                    ORDER BY name DESC";
}

/// Where the secret key lies sealed.
const KEY_PLACE: &str = "setting:submission_seal_key";

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// `SB-510683-2020-000123`
    pub(crate) number: String,
    pub(crate) region_code: String,
    pub(crate) record_kind: String,
    pub(crate) record_id: String,
    pub(crate) record_version: i64,
    pub(crate) title: String,
    pub(crate) person_name: String,
    pub(crate) submitted_at: String,
    /// What was submitted, as JSON.
    pub(crate) content: String,
    pub(crate) content_digest: String,
    pub(crate) seal: String,
}

/// The next place in the region's series of the year, from 1.
pub(crate) fn next_position(tx: &mut Tx<'_>, region: &str, year: i64) -> Result<i64, Error> {
    tx.one(NEXT_POSITION, &[&region, &year])?
        .int("last_position")
}

/// Keeps a receipt.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    receipt: &Receipt,
    (year, position): (i64, i64),
    person: &str,
) -> Result<(), Error> {
    tx.execute_one(
        INSERT_RECEIPT,
        &[
            &receipt.number,
            &receipt.region_code,
            &year,
            &position,
            &receipt.record_kind,
            &receipt.record_id,
            &receipt.record_version,
            &receipt.title,
            &person,
            &receipt.person_name,
            &receipt.submitted_at,
            &receipt.content,
            &receipt.content_digest,
            &receipt.seal,
        ],
    )
}

/// The receipt of that number.
pub(crate) fn find(tx: &mut Tx<'_>, number: &str) -> Result<Option<Receipt>, Error> {
    let Some(row) = tx.find(FIND_RECEIPT, &[&number])? else {
        return Ok(None);
    };
    Ok(Some(Receipt {
        number: row.text("number")?,
        region_code: row.text("region_code")?,
        record_kind: row.text("record_kind")?,
        record_id: row.text("record_id")?,
        record_version: row.int("record_version")?,
        title: row.text("title")?,
        person_name: row.text("person_name")?,
        submitted_at: row.text("submitted_at")?,
        content: row.text("content")?,
        content_digest: row.text("content_digest")?,
        seal: row.text("seal")?,
    }))
}

/// The secret key of the seal in hexadecimal; none before the first submission.
pub(crate) fn key(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    let row = tx.find(FIND_KEY, &[])?;
    row.map(|row| tx.unseal(KEY_PLACE, &row.text("value")?))
        .transpose()
}

/// Seals the secret key that an earlier version left in clear: the key.
pub(crate) fn seal_clear_key(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    let Some(row) = tx.find(FIND_KEY, &[])? else {
        return Ok(None);
    };
    let clear = row.text("value")?;
    if clear.starts_with(SealKey::MARK) {
        return Ok(None);
    }
    let sealed = tx.seal(KEY_PLACE, &clear)?;
    tx.execute_one(SET_KEY, &[&sealed])?;
    Ok(Some(clear))
}

/// Keeps the key that checks seals, in hexadecimal, for the time when the secret one is lost.
pub(crate) fn keep_public_key(tx: &mut Tx<'_>, key: &str) -> Result<(), Error> {
    tx.execute_one(KEEP_PUBLIC_KEY, &[&key])
}

/// Drops the secret key at `now` and goes on checking with its public one, which is given back.
pub(crate) fn retire_key(tx: &mut Tx<'_>, now: &str) -> Result<Option<String>, Error> {
    tx.execute(DROP_KEY, &[])?;
    tx.find(RETIRE_PUBLIC_KEY, &[&now])?
        .map(|row| row.text("value"))
        .transpose()
}

/// The keys that checked seals before the present one, newest first, in hexadecimal.
pub(crate) fn retired_keys(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let rows = tx.query(RETIRED_KEYS, &[])?;
    rows.iter().map(|row| row.text("value")).collect()
}

/// Keeps the secret key, sealed.
///
/// # Errors
/// Another transaction made one first, which is tried again; or the database fails.
pub(crate) fn keep_key(tx: &mut Tx<'_>, key: &str) -> Result<(), Error> {
    let sealed = tx.seal(KEY_PLACE, key)?;
    match tx.execute_one(INSERT_KEY, &[&sealed]) {
        Err(Error::Duplicate(text)) => Err(Error::Conflict(text)),
        other => other,
    }
}
