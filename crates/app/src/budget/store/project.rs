//! SQL of one project of the library: what it is, what was paid, and entering a new one.

use db::{Error, Tx};
use domain::budget::{Nature, ProjectKind, Proposed};
use domain::number::Fen;

db::statements! {
    FIND_PROJECT = "SELECT o.id, o.region_code, o.code, o.name, o.kind, o.project_kind, o.nature, \
                    o.level_one, o.period_from, o.period_to, u.id AS unit_id, \
                    u.name AS unit_name, q.requested_fen FROM managed_object o \
                    JOIN organisation_unit u ON u.id = o.unit_id \
                    LEFT JOIN budget_request q ON q.object_id = o.id AND q.fiscal_year = $2 \
                    WHERE o.id = $1";
    MONTHS_OF = "SELECT month, executed_fen FROM budget_execution WHERE object_id = $1 \
                 AND fiscal_year = $2 ORDER BY month, id";
    EDITIONS_OF = "SELECT id, edition, state, grade, origin, approved_on \
                   FROM performance_target WHERE object_id = $1 AND fiscal_year = $2 \
                   ORDER BY edition DESC";
    FIND_OWN_UNIT = "SELECT id, name FROM organisation_unit WHERE id = $1";
    LAST_CODE = "SELECT MAX(code) AS code FROM managed_object WHERE region_code = $1 \
                 AND code LIKE $2 AND LENGTH(code) = 21";
    // The row is held until the transaction ends, so a number is neither given twice nor lost.
    NEXT_NUMBER = "INSERT INTO project_series (region_code, prefix, last_number) \
                   VALUES ($1, $2, $3) ON CONFLICT (region_code, prefix) DO UPDATE SET \
                   last_number = CASE WHEN project_series.last_number >= excluded.last_number \
                   THEN project_series.last_number + 1 ELSE excluded.last_number END \
                   RETURNING last_number";
    SAME_NAME = "SELECT code FROM managed_object WHERE region_code = $1 AND unit_id = $2 \
                 AND name = $3 AND kind = 'project' ORDER BY code LIMIT 1";
    ENTER_PROJECT = "INSERT INTO managed_object (id, region_code, unit_id, kind, code, name, \
                     project_kind, nature, needs_ex_ante, version, provenance, level_one, \
                     period_from, period_to) VALUES ($1, $2, $3, 'project', $4, $5, $6, $7, \
                     FALSE, 1, $8, $9, $10, $11)";
    REQUEST = "INSERT INTO budget_request (object_id, fiscal_year, region_code, requested_fen, \
               requested_by, requested_at) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (object_id, fiscal_year) DO UPDATE SET \
               requested_fen = excluded.requested_fen, requested_by = excluded.requested_by, \
               requested_at = excluded.requested_at";
}

/// A project of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Project {
    pub(in crate::budget) id: String,
    pub(in crate::budget) region: String,
    pub(in crate::budget) code: String,
    pub(in crate::budget) name: String,
    pub(in crate::budget) kind: Option<ProjectKind>,
    pub(in crate::budget) nature: Option<Nature>,
    pub(in crate::budget) level_one: String,
    pub(in crate::budget) period: Option<(i64, i64)>,
    pub(in crate::budget) unit_name: String,
    pub(in crate::budget) requested: Option<Fen>,
}

/// The project or policy of this id, with what is asked for it in the year.
pub(in crate::budget) fn find(
    tx: &mut Tx<'_>,
    id: &str,
    year: i64,
) -> Result<Option<Project>, Error> {
    let Some(row) = tx.find(FIND_PROJECT, &[&id, &year])? else {
        return Ok(None);
    };
    if row.text("kind")? == "department" {
        return Ok(None);
    }
    let (kind, nature) = (row.opt_text("project_kind")?, row.opt_text("nature")?);
    Ok(Some(Project {
        id: row.text("id")?,
        region: row.text("region_code")?,
        code: row.text("code")?,
        name: row.text("name")?,
        kind: kind.as_deref().and_then(ProjectKind::from_name),
        nature: nature.as_deref().and_then(Nature::from_name),
        level_one: row.text("level_one")?,
        period: row.opt_int("period_from")?.zip(row.opt_int("period_to")?),
        unit_name: row.text("unit_name")?,
        requested: row.opt_int("requested_fen")?.map(Fen),
    }))
}

/// What was paid in each month of the year; a month that nothing is told of is left out.
pub(in crate::budget) fn months(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Vec<(i64, Fen)>, Error> {
    let rows = tx.query(MONTHS_OF, &[&object, &year])?;
    rows.iter()
        .map(|row| Ok((row.int("month")?, Fen(row.int("executed_fen")?))))
        .collect()
}

/// An edition of a project's target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Edition {
    pub(in crate::budget) id: String,
    pub(in crate::budget) number: i64,
    pub(in crate::budget) state: String,
    pub(in crate::budget) grade: Option<String>,
    pub(in crate::budget) origin: String,
    pub(in crate::budget) approved_on: Option<String>,
}

/// The editions of the project's target in a year, newest first.
pub(in crate::budget) fn editions(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Vec<Edition>, Error> {
    let rows = tx.query(EDITIONS_OF, &[&object, &year])?;
    rows.iter()
        .map(|row| {
            Ok(Edition {
                id: row.text("id")?,
                number: row.int("edition")?,
                state: row.text("state")?,
                grade: row.opt_text("grade")?,
                origin: row.text("origin")?,
                approved_on: row.opt_text("approved_on")?,
            })
        })
        .collect()
}

/// The name of a unit.
pub(in crate::budget) fn unit_name(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>, Error> {
    let row = tx.find(FIND_OWN_UNIT, &[&id])?;
    row.map(|row| row.text("name")).transpose()
}

/// The next number of the codes that begin with `prefix`, above every one that was imported.
pub(in crate::budget) fn next_number(
    tx: &mut Tx<'_>,
    region: &str,
    prefix: &str,
) -> Result<i64, Error> {
    let like = format!("{prefix}%");
    let last = tx.one(LAST_CODE, &[&region, &like])?.opt_text("code")?;
    let last = last.as_deref().and_then(|code| code.get(9..));
    let last = last.and_then(|number| number.parse::<i64>().ok());
    let next = last.unwrap_or(0) + 1;
    tx.one(NEXT_NUMBER, &[&region, &prefix, &next])?
        .int("last_number")
}

/// The code of the unit's project of that name.
pub(in crate::budget) fn same_name(
    tx: &mut Tx<'_>,
    (region, unit): (&str, &str),
    name: &str,
) -> Result<Option<String>, Error> {
    let row = tx.find(SAME_NAME, &[&region, &unit, &name])?;
    row.map(|row| row.text("code")).transpose()
}

/// Writes a project that a person of the unit entered.
pub(in crate::budget) fn enter(
    tx: &mut Tx<'_>,
    (id, region, unit): (&str, &str, &str),
    (code, account): (&str, &str),
    proposed: &Proposed,
) -> Result<(), Error> {
    tx.execute_one(
        ENTER_PROJECT,
        &[
            &id,
            &region,
            &unit,
            &code,
            &proposed.name,
            &proposed.kind.name(),
            &proposed.nature.name(),
            &account,
            &proposed.level_one,
            &proposed.period.0,
            &proposed.period.1,
        ],
    )
}

/// Writes what is asked for the project in a year.
pub(in crate::budget) fn request(
    tx: &mut Tx<'_>,
    (object, year, region): (&str, i64, &str),
    requested: Fen,
    (account, now): (&str, &str),
) -> Result<(), Error> {
    tx.execute_one(
        REQUEST,
        &[&object, &year, &region, &requested.0, &account, &now],
    )
}
