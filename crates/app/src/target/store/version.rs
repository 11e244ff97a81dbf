//! What a record said from one version to the next.

use db::{Error, Tx};

use super::draft::Desk;

db::statements! {
    BASE = "SELECT body FROM content_version WHERE record_kind = $1 AND record_id = $2 \
            AND record_version <= $3 ORDER BY record_version DESC LIMIT 1";
    IS_KEPT = "SELECT record_version FROM content_version WHERE record_kind = $1 \
               AND record_id = $2 AND record_version <= $3 ORDER BY record_version DESC LIMIT 1";
    // Behind the one that stays in any case.
    SECOND = "SELECT saved_at FROM content_version WHERE record_kind = $1 AND record_id = $2 \
              ORDER BY record_version LIMIT 1 OFFSET 1";
    SINCE = "SELECT v.body, v.saved_at, COALESCE(a.name, '') AS name FROM content_version v \
             LEFT JOIN account a ON a.id = v.saved_by WHERE v.record_kind = $1 \
             AND v.record_id = $2 AND v.record_version > $3 ORDER BY v.record_version";
    KEEP_VERSION = "INSERT INTO content_version (record_kind, record_id, record_version, \
                    region_code, body, saved_by, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                    ON CONFLICT (record_kind, record_id, record_version) DO NOTHING";
    // The newest one that is older stays: it is what the next ones began with.
    DROP_OLD = "DELETE FROM content_version WHERE record_kind = $1 AND record_id = $2 \
                AND record_version < (SELECT MAX(v.record_version) FROM content_version v \
                WHERE v.record_kind = $1 AND v.record_id = $2 AND v.saved_at < $3)";
    DROP_VERSIONS = "DELETE FROM content_version WHERE record_kind = $1 AND record_id = $2";
}

/// What was saved, by whom, and when.
#[derive(Debug, Clone)]
pub(in crate::target) struct Saved {
    pub(in crate::target) body: String,
    /// The person's name; empty where it is not known.
    pub(in crate::target) by: String,
    pub(in crate::target) at: String,
}

/// What the record said at this version; none where that is no longer kept.
pub(in crate::target) fn body_at(
    tx: &mut Tx<'_>,
    (kind, id): (&str, &str),
    version: i64,
) -> Result<Option<String>, Error> {
    let row = tx.find(BASE, &[&kind, &id, &version])?;
    row.map(|row| row.text("body")).transpose()
}

/// Whether it is known what the record said at this version.
pub(in crate::target) fn is_kept(
    tx: &mut Tx<'_>,
    (kind, id): (&str, &str),
    version: i64,
) -> Result<bool, Error> {
    Ok(tx.find(IS_KEPT, &[&kind, &id, &version])?.is_some())
}

/// What was saved after this version, oldest first.
pub(in crate::target) fn since(
    tx: &mut Tx<'_>,
    (kind, id): (&str, &str),
    version: i64,
) -> Result<Vec<Saved>, Error> {
    let rows = tx.query(SINCE, &[&kind, &id, &version])?;
    rows.iter()
        .map(|row| {
            Ok(Saved {
                body: row.text("body")?,
                by: row.text("name")?,
                at: row.text("saved_at")?,
            })
        })
        .collect()
}

/// Keeps what the record says from this version on.
pub(in crate::target) fn keep(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    version: i64,
    body: &str,
    (account, at): (Option<&str>, &str),
) -> Result<(), Error> {
    let values: [&dyn db::ToValue; 7] = [
        &desk.kind,
        &desk.id,
        &version,
        &desk.region,
        &body,
        &account,
        &at,
    ];
    tx.execute(KEEP_VERSION, &values).map(drop)
}

/// Forgets what nobody has open any more: versions that others had replaced at `moment`.
pub(in crate::target) fn drop_old(
    tx: &mut Tx<'_>,
    (kind, id): (&str, &str),
    moment: &str,
) -> Result<(), Error> {
    // Most saves find nothing to forget, and need not look through all that is kept.
    let Some(second) = tx.find(SECOND, &[&kind, &id])? else {
        return Ok(());
    };
    if *second.text("saved_at")? >= *moment {
        return Ok(());
    }
    tx.execute(DROP_OLD, &[&kind, &id, &moment]).map(drop)
}

/// Forgets every version of the record.
pub(in crate::target) fn forget(tx: &mut Tx<'_>, (kind, id): (&str, &str)) -> Result<(), Error> {
    tx.execute(DROP_VERSIONS, &[&kind, &id]).map(drop)
}
