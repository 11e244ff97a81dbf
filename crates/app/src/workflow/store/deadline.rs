//! Rounds: until when a kind of record is filled, who opened a closed round again, closed years.

use db::{Error, Row, Tx};

db::statements! {
    FIND_DEADLINE = "SELECT due_on, grace_days, version FROM deadline WHERE region_code = $1 \
                     AND record_kind = $2 AND year = $3";
    INSERT_DEADLINE = "INSERT INTO deadline (region_code, record_kind, year, due_on, grace_days, \
                       set_by, set_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)";
    SET_DEADLINE = "UPDATE deadline SET due_on = $4, grace_days = $5, set_by = $6, set_at = $7, \
                    version = version + 1 WHERE region_code = $1 AND record_kind = $2 \
                    AND year = $3 AND version = $8";
    DEADLINES = "SELECT d.record_kind, d.year, d.due_on, d.grace_days, d.version, \
                 (SELECT CAST(COUNT(DISTINCT w.record_id) AS BIGINT) FROM work_item w \
                 WHERE w.region_code = d.region_code AND w.record_kind = d.record_kind \
                 AND w.due_on = d.due_on AND w.verb IN ('fill', 'score', 'submit')) AS waiting \
                 FROM deadline d WHERE d.region_code = $1 \
                 ORDER BY d.year DESC, d.due_on, d.record_kind";
    OPEN_UNTIL = "SELECT MAX(open_until) AS until FROM reopening WHERE region_code = $1 \
                  AND record_kind = $2 AND year = $3 AND (unit_id IS NULL OR unit_id = $4)";
    INSERT_REOPENING = "INSERT INTO reopening (id, region_code, record_kind, year, unit_id, \
                        open_until, reason, opened_by, opened_at) \
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    REOPENINGS = "SELECT r.record_kind, r.year, u.name AS unit, r.open_until, r.reason, \
                  a.name AS person, r.opened_at FROM reopening r \
                  JOIN account a ON a.id = r.opened_by \
                  LEFT JOIN organisation_unit u ON u.id = r.unit_id WHERE r.region_code = $1 \
                  ORDER BY r.opened_at DESC, r.id LIMIT 100";
    IS_CLOSED = "SELECT is_closed FROM year_closure WHERE region_code = $1 AND year = $2";
    SET_CLOSURE = "INSERT INTO year_closure (region_code, year, is_closed, reason, changed_by, \
                   changed_at) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (region_code, year) DO UPDATE SET is_closed = excluded.is_closed, \
                   reason = excluded.reason, changed_by = excluded.changed_by, \
                   changed_at = excluded.changed_at";
    CLOSURES = "SELECT c.year, c.is_closed, c.reason, a.name AS person, c.changed_at \
                FROM year_closure c JOIN account a ON a.id = c.changed_by \
                WHERE c.region_code = $1 ORDER BY c.year DESC";
    UNITS = "SELECT id, code, name FROM organisation_unit WHERE region_code = $1 \
             AND valid_to IS NULL ORDER BY code, id LIMIT 2000";
}

/// A round as it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Round {
    /// The last day.
    pub(crate) due_on: String,
    pub(crate) grace_days: i64,
    pub(crate) version: i64,
}

/// The round of a kind in a year; none where none was set.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    region: &str,
    kind: &str,
    year: i64,
) -> Result<Option<Round>, Error> {
    let Some(row) = tx.find(FIND_DEADLINE, &[&region, &kind, &year])? else {
        return Ok(None);
    };
    Ok(Some(Round {
        due_on: row.text("due_on")?,
        grace_days: row.int("grace_days")?,
        version: row.int("version")?,
    }))
}

/// Sets a round: a new one where `version` is none.
///
/// # Errors
/// It was changed meanwhile: another number of rows than one, or a duplicate.
pub(crate) fn set(
    tx: &mut Tx<'_>,
    (region, kind, year): (&str, &str, i64),
    (due_on, grace_days): (&str, i64),
    (person, at): (&str, &str),
    version: Option<i64>,
) -> Result<(), Error> {
    match version {
        None => tx.execute_one(
            INSERT_DEADLINE,
            &[&region, &kind, &year, &due_on, &grace_days, &person, &at],
        ),
        Some(version) => tx.execute_one(
            SET_DEADLINE,
            &[
                &region,
                &kind,
                &year,
                &due_on,
                &grace_days,
                &person,
                &at,
                &version,
            ],
        ),
    }
}

/// Every round of the region.
pub(crate) fn all(tx: &mut Tx<'_>, region: &str) -> Result<Vec<Row>, Error> {
    tx.query(DEADLINES, &[&region])
}

/// The last day for which the round was opened again for the unit, if it was.
pub(crate) fn open_until(
    tx: &mut Tx<'_>,
    (region, kind, year): (&str, &str, i64),
    unit: Option<&str>,
) -> Result<Option<String>, Error> {
    tx.one(OPEN_UNTIL, &[&region, &kind, &year, &unit])?
        .opt_text("until")
}

/// A round that is opened again.
#[derive(Debug, Clone)]
pub(crate) struct Reopening<'a> {
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) year: i64,
    /// For whom; for everybody where none.
    pub(crate) unit: Option<&'a str>,
    pub(crate) open_until: &'a str,
    pub(crate) reason: &'a str,
}

/// Opens a round again.
pub(crate) fn reopen(
    tx: &mut Tx<'_>,
    region: &str,
    reopening: &Reopening<'_>,
    (person, at): (&str, &str),
) -> Result<(), Error> {
    tx.execute_one(
        INSERT_REOPENING,
        &[
            &reopening.id,
            &region,
            &reopening.kind,
            &reopening.year,
            &reopening.unit,
            &reopening.open_until,
            &reopening.reason,
            &person,
            &at,
        ],
    )
}

/// The newest 100 rounds that were opened again.
pub(crate) fn reopenings(tx: &mut Tx<'_>, region: &str) -> Result<Vec<Row>, Error> {
    tx.query(REOPENINGS, &[&region])
}

/// Whether the year is closed.
pub(crate) fn is_closed(tx: &mut Tx<'_>, region: &str, year: i64) -> Result<bool, Error> {
    match tx.find(IS_CLOSED, &[&region, &year])? {
        Some(row) => row.bool("is_closed"),
        None => Ok(false),
    }
}

/// Closes a year or opens it again.
pub(crate) fn set_closure(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    (is_closed, reason): (bool, &str),
    (person, at): (&str, &str),
) -> Result<(), Error> {
    tx.execute_one(
        SET_CLOSURE,
        &[&region, &year, &is_closed, &reason, &person, &at],
    )
}

/// The years that are or were closed.
pub(crate) fn closures(tx: &mut Tx<'_>, region: &str) -> Result<Vec<Row>, Error> {
    tx.query(CLOSURES, &[&region])
}

/// Id, code and name of every open unit.
pub(crate) fn units(tx: &mut Tx<'_>, region: &str) -> Result<Vec<(String, String)>, Error> {
    let rows = tx.query(UNITS, &[&region])?;
    rows.iter()
        .map(|row| {
            let name = format!("{} {}", row.text("code")?, row.text("name")?);
            Ok((row.text("id")?, name))
        })
        .collect()
}
