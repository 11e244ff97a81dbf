//! SQL of the budget: what is known before an import, and what it writes.

pub(super) mod gate;
pub(super) mod library;
pub(super) mod package;
pub(super) mod project;

use std::collections::BTreeMap;

use db::{Error, Row, Tx};
use domain::budget::{
    ChangeKind, ClosedUnit, FundSource, Key, KnownLine, KnownProject, Nature, Origin, Planned,
    ProjectKind, Texts, Told,
};
use domain::number::Fen;

db::statements! {
    CLOSED_UNITS = "SELECT u.code, u.name, u.valid_to, s.code AS next_code, s.name AS next_name \
        FROM organisation_unit u LEFT JOIN unit_succession n ON n.predecessor_id = u.id \
        LEFT JOIN organisation_unit s ON s.id = n.successor_id \
        WHERE u.region_code = $1 AND u.valid_to < $2 ORDER BY u.code, u.id, s.code, s.id";
    PROJECTS = "SELECT o.id, o.code, o.name, o.unit_id, o.project_kind, o.nature, o.level_one, \
        CASE WHEN EXISTS (SELECT 1 FROM performance_target t WHERE t.object_id = o.id \
        AND t.fiscal_year = $2 AND t.state IN ('approved', 'adjusting')) THEN 1 ELSE 0 END \
        AS has_target FROM managed_object o WHERE o.region_code = $1 AND o.kind = 'project' \
        ORDER BY o.code";
    LINES = "SELECT b.id, o.code, b.book, b.fund_source, b.origin, b.function_code, \
        b.government_economic_code, b.department_economic_code, b.change_kind, b.document_number, \
        b.amount_fen, b.requires_npc_approval FROM budget_line b \
        JOIN managed_object o ON o.id = b.object_id \
        WHERE b.region_code = $1 AND b.fiscal_year = $2 ORDER BY b.id";
    MONTHS = "SELECT e.id, o.code, e.month, e.executed_fen, e.cumulative_fen \
        FROM budget_execution e JOIN managed_object o ON o.id = e.object_id \
        WHERE e.region_code = $1 AND e.fiscal_year = $2 ORDER BY o.code, e.month, e.id";
    INSERT_PROJECT = "INSERT INTO managed_object (id, region_code, unit_id, kind, code, name, \
        project_kind, nature, needs_ex_ante, version, provenance, level_one) \
        VALUES ($1, $2, $3, 'project', $4, $5, $6, $7, FALSE, 1, 'imported', $8)";
    UPDATE_PROJECT = "UPDATE managed_object SET name = $2, project_kind = $3, nature = $4, \
        level_one = $5, version = version + 1 WHERE id = $1";
    INSERT_LINE = "INSERT INTO budget_line (id, region_code, object_id, fiscal_year, book, origin, \
        change_kind, amount_fen, document_number, requires_npc_approval, provenance, fund_source, \
        function_code, government_economic_code, department_economic_code) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'imported', $11, $12, $13, $14)";
    UPDATE_LINE = "UPDATE budget_line SET amount_fen = $2, requires_npc_approval = $3 \
        WHERE id = $1";
    INSERT_MONTH = "INSERT INTO budget_execution (id, region_code, object_id, fiscal_year, month, \
        executed_fen, cumulative_fen, provenance) VALUES ($1, $2, $3, $4, $5, $6, $7, 'imported')";
    UPDATE_MONTH = "UPDATE budget_execution SET executed_fen = $2, cumulative_fen = $3 \
        WHERE id = $1";
    KEEP_IMPORT = "INSERT INTO budget_import (id, region_code, account_id, kind, fiscal_year, \
        month, file_name, filed, plan_digest, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND_IMPORT = "SELECT fiscal_year, month, filed, plan_digest FROM budget_import \
        WHERE id = $1 AND account_id = $2 AND kind = $3";
    DROP_IMPORT = "DELETE FROM budget_import WHERE id = $1";
    DROP_OLD_IMPORTS = "DELETE FROM budget_import WHERE made_at < $1";
}

/// The units that had ended before the day, by code.
pub(super) fn closed_units(
    tx: &mut Tx<'_>,
    region: &str,
    day: &str,
) -> Result<BTreeMap<String, ClosedUnit>, Error> {
    let mut closed: BTreeMap<String, ClosedUnit> = BTreeMap::new();
    for row in tx.query(CLOSED_UNITS, &[&region, &day])? {
        let unit = closed.entry(row.text("code")?).or_insert(ClosedUnit {
            name: row.text("name")?,
            last_day: row.text("valid_to")?,
            successors: String::new(),
        });
        if let (Some(code), Some(name)) = (row.opt_text("next_code")?, row.opt_text("next_name")?) {
            if !unit.successors.is_empty() {
                unit.successors.push('、');
            }
            unit.successors.extend([&*code, " ", &*name]);
        }
    }
    Ok(closed)
}

/// The library's projects by code; `codes` are the units of the year with their codes.
pub(super) fn projects(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    codes: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, KnownProject>, Error> {
    let one = |row: &Row| {
        let unit_id = row.text("unit_id")?;
        let kind = row.opt_text("project_kind")?;
        let nature = row.opt_text("nature")?;
        let project = KnownProject {
            id: row.text("id")?,
            unit_code: codes.get(&unit_id).cloned(),
            unit_id,
            name: row.text("name")?,
            kind: kind.as_deref().and_then(ProjectKind::from_name),
            nature: nature.as_deref().and_then(Nature::from_name),
            level_one: row.text("level_one")?,
            has_approved_target: row.int("has_target")? == 1,
        };
        Ok((row.text("code")?, project))
    };
    let rows = tx.query(PROJECTS, &[&region, &year])?;
    rows.iter().map(one).collect()
}

/// The lines of the year. Of lines that say the same the first counts.
pub(super) fn lines(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
) -> Result<BTreeMap<Key, KnownLine>, Error> {
    let mut lines = BTreeMap::new();
    let mut texts = Texts::default();
    let mut shared = |row: &Row, column| Ok::<_, Error>(texts.share(&row.text(column)?));
    tx.each(LINES, &[&region, &year], &mut |row| {
        let (source, book) = (row.text("fund_source")?, row.text("book")?);
        let source = FundSource::from_name(&source).or_else(|| FundSource::from_name(&book));
        // The columns allow no other words.
        let (Some(source), Some(origin), Some(change)) = (
            source,
            Origin::from_name(&row.text("origin")?),
            ChangeKind::from_name(&row.text("change_kind")?),
        ) else {
            return Ok(());
        };
        let key = Key {
            project: shared(row, "code")?,
            source,
            origin,
            function: shared(row, "function_code")?,
            government_economic: shared(row, "government_economic_code")?,
            department_economic: shared(row, "department_economic_code")?,
            change,
            document: shared(row, "document_number")?,
        };
        let line = KnownLine {
            id: row.text("id")?,
            amount: Fen(row.int("amount_fen")?),
            requires_npc_approval: row.bool("requires_npc_approval")?,
        };
        lines.entry(key).or_insert(line);
        Ok(())
    })?;
    Ok(lines)
}

/// A month that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownMonth {
    pub(super) id: String,
    pub(super) executed: Fen,
    pub(super) told: Told,
}

/// The payments of the year by project code and month.
pub(super) fn months(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
) -> Result<BTreeMap<String, BTreeMap<u8, KnownMonth>>, Error> {
    let mut all: BTreeMap<String, BTreeMap<u8, KnownMonth>> = BTreeMap::new();
    for row in tx.query(MONTHS, &[&region, &year])? {
        let executed = Fen(row.int("executed_fen")?);
        let told = row.opt_int("cumulative_fen")?;
        let month = KnownMonth {
            id: row.text("id")?,
            executed,
            told: told.map_or(Told::Month(executed), |fen| Told::UpTo(Fen(fen))),
        };
        let number = u8::try_from(row.int("month")?).unwrap_or(12);
        all.entry(row.text("code")?)
            .or_default()
            .insert(number, month);
    }
    Ok(all)
}

/// Writes a project of the library.
pub(super) fn insert_project(
    tx: &mut Tx<'_>,
    (id, region, unit_id): (&str, &str, &str),
    planned: &Planned,
) -> Result<(), Error> {
    let nature = planned.nature.map(Nature::name);
    let (kind, code) = (planned.kind.name(), &planned.key.project);
    let name = &planned.project_name;
    let level_one = &planned.level_one;
    let values: &[&dyn db::ToValue] = &[
        &id, &region, &unit_id, code, name, &kind, &nature, level_one,
    ];
    tx.execute_one(INSERT_PROJECT, values)
}

/// Writes what a list says of a project that there is.
pub(super) fn update_project(
    tx: &mut Tx<'_>,
    known: &KnownProject,
    planned: &Planned,
) -> Result<(), Error> {
    let nature = planned.nature.or(known.nature).map(Nature::name);
    let level_one: &str = if planned.level_one.is_empty() {
        &known.level_one
    } else {
        &planned.level_one
    };
    let kind = planned.kind.name();
    let name = &planned.project_name;
    tx.execute_one(
        UPDATE_PROJECT,
        &[&known.id, name, &kind, &nature, &level_one],
    )
}

/// Writes a new line of the project.
pub(super) fn insert_line(
    tx: &mut Tx<'_>,
    (id, region, object_id): (&str, &str, &str),
    year: i64,
    planned: &Planned,
) -> Result<(), Error> {
    let key = &planned.key;
    let book = key.source.book();
    let source = if book == "outside" {
        key.source.name()
    } else {
        ""
    };
    let congress = planned.requires_npc_approval.unwrap_or(false);
    tx.execute_one(
        INSERT_LINE,
        &[
            &id,
            &region,
            &object_id,
            &year,
            &book,
            &key.origin.name(),
            &key.change.name(),
            &planned.amount.0,
            &key.document,
            &congress,
            &source,
            &key.function,
            &key.government_economic,
            &key.department_economic,
        ],
    )
}

/// Sets the amount of a line, and whether it needs the congress where the list says it.
pub(super) fn update_line(
    tx: &mut Tx<'_>,
    known: &KnownLine,
    planned: &Planned,
) -> Result<(), Error> {
    let congress = planned.requires_npc_approval;
    let congress = congress.unwrap_or(known.requires_npc_approval);
    tx.execute_one(UPDATE_LINE, &[&known.id, &planned.amount.0, &congress])
}

/// Writes a month of the project.
pub(super) fn insert_month(
    tx: &mut Tx<'_>,
    (id, region, object_id): (&str, &str, &str),
    (year, month): (i64, u8),
    (executed, cumulative): (Fen, Option<Fen>),
) -> Result<(), Error> {
    let cumulative = cumulative.map(|fen| fen.0);
    let month = i64::from(month);
    let values: &[&dyn db::ToValue] = &[
        &id,
        &region,
        &object_id,
        &year,
        &month,
        &executed.0,
        &cumulative,
    ];
    tx.execute_one(INSERT_MONTH, values)
}

/// Sets a month.
pub(super) fn update_month(
    tx: &mut Tx<'_>,
    id: &str,
    (executed, cumulative): (Fen, Option<Fen>),
) -> Result<(), Error> {
    let cumulative = cumulative.map(|fen| fen.0);
    tx.execute_one(UPDATE_MONTH, &[&id, &executed.0, &cumulative])
}

/// A filed list that waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    pub(super) year: i64,
    pub(super) month: Option<i64>,
    /// The rows as JSON.
    pub(super) filed: String,
    /// What the preview showed, told apart by its digest.
    pub(super) plan_digest: String,
}

/// Keeps a filed list, and forgets those from before `too_old`.
pub(super) fn keep_import(
    tx: &mut Tx<'_>,
    (id, region, account): (&str, &str, &str),
    (kind, file_name): (&str, &str),
    waiting: &Waiting,
    (now, too_old): (&str, &str),
) -> Result<(), Error> {
    tx.execute(DROP_OLD_IMPORTS, &[&too_old])?;
    let Waiting {
        year,
        month,
        filed,
        plan_digest,
    } = waiting;
    let values: &[&dyn db::ToValue] = &[
        &id,
        &region,
        &account,
        &kind,
        year,
        month,
        &file_name,
        filed,
        plan_digest,
        &now,
    ];
    tx.execute_one(KEEP_IMPORT, values)
}

/// The filed list of that id and kind, if it is the person's.
pub(super) fn find_import(
    tx: &mut Tx<'_>,
    (id, account): (&str, &str),
    kind: &str,
) -> Result<Option<Waiting>, Error> {
    let Some(row) = tx.find(FIND_IMPORT, &[&id, &account, &kind])? else {
        return Ok(None);
    };
    Ok(Some(Waiting {
        year: row.int("fiscal_year")?,
        month: row.opt_int("month")?,
        filed: row.text("filed")?,
        plan_digest: row.text("plan_digest")?,
    }))
}

/// Forgets a filed list.
pub(super) fn drop_import(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(DROP_IMPORT, &[&id]).map(drop)
}
