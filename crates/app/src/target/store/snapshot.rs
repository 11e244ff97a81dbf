//! Snapshots of contents.

use db::{Error, Row, Tx};

macro_rules! columns {
    () => {
        "SELECT s.position, s.why, s.made_at, s.body, s.digest, a.name AS maker \
         FROM content_snapshot s JOIN account a ON a.id = s.made_by \
         WHERE s.record_kind = $1 AND s.record_id = $2"
    };
}

db::statements! {
    NEXT = "SELECT CAST(COALESCE(MAX(position), 0) + 1 AS BIGINT) AS position \
            FROM content_snapshot WHERE record_kind = $1 AND record_id = $2";
    INSERT_SNAPSHOT = "INSERT INTO content_snapshot (record_kind, record_id, position, \
                       region_code, record_version, why, made_by, made_at, body, digest) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // A return that was taken back is none.
    SNAPSHOTS = concat!(columns!(), " AND NOT (s.why = 'returned' AND EXISTS (SELECT 1 \
                FROM record_step w WHERE w.record_kind = $1 AND w.record_id = $2 \
                AND w.fact = 'decision_withdrawn' AND w.version = s.record_version + 1)) \
                ORDER BY s.position");
}

/// What a record said at one moment.
#[derive(Debug, Clone)]
pub(in crate::target) struct Snapshot {
    /// Counts from 1.
    pub(in crate::target) position: i64,
    /// `submitted`, `returned` or `approved`.
    pub(in crate::target) why: String,
    pub(in crate::target) made_at: String,
    /// The person's name.
    pub(in crate::target) maker: String,
    pub(in crate::target) body: String,
    pub(in crate::target) digest: String,
}

/// A snapshot to be kept.
pub(in crate::target) struct New<'a> {
    pub(in crate::target) kind: &'a str,
    pub(in crate::target) id: &'a str,
    pub(in crate::target) region: &'a str,
    pub(in crate::target) version: i64,
    pub(in crate::target) why: &'a str,
    pub(in crate::target) account: &'a str,
    pub(in crate::target) at: &'a str,
    pub(in crate::target) body: &'a str,
    pub(in crate::target) digest: &'a str,
}

/// Keeps a snapshot.
pub(in crate::target) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), Error> {
    let position = tx.one(NEXT, &[&new.kind, &new.id])?.int("position")?;
    tx.execute_one(
        INSERT_SNAPSHOT,
        &[
            &new.kind,
            &new.id,
            &position,
            &new.region,
            &new.version,
            &new.why,
            &new.account,
            &new.at,
            &new.body,
            &new.digest,
        ],
    )
}

/// Every snapshot of a record, oldest first.
pub(in crate::target) fn all(
    tx: &mut Tx<'_>,
    kind: &str,
    id: &str,
) -> Result<Vec<Snapshot>, Error> {
    tx.query(SNAPSHOTS, &[&kind, &id])?
        .iter()
        .map(snapshot)
        .collect()
}

fn snapshot(row: &Row) -> Result<Snapshot, Error> {
    Ok(Snapshot {
        position: row.int("position")?,
        why: row.text("why")?,
        made_at: row.text("made_at")?,
        maker: row.text("maker")?,
        body: row.text("body")?,
        digest: row.text("digest")?,
    })
}
