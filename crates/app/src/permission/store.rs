//! SQL of what the permission table asks about a record.

use db::{Error, Row, Sql, Tx};
use domain::permission::{RecordId, SectionId, Subject, UnitId};

/// A kind of record that belongs to an object: its table, its year, and when it is released.
macro_rules! of_object {
    ($table:literal, $year:literal, $released:literal) => {
        concat!(
            "SELECT r.region_code, o.unit_id, ",
            $year,
            " AS year, CASE WHEN ",
            $released,
            " THEN 1 ELSE 0 END AS released, o.id AS object_id FROM ",
            $table,
            " r JOIN managed_object o ON o.id = r.object_id WHERE r.id = $1"
        )
    };
}

/// A kind of record that belongs to a key evaluation's object.
macro_rules! of_key_evaluation {
    ($table:literal, $join:literal) => {
        concat!(
            "SELECT r.region_code, o.unit_id, r.work_year AS year, 0 AS released, \
             o.id AS object_id FROM ",
            $table,
            " r ",
            $join,
            " JOIN key_evaluation k ON k.id = r.key_evaluation_id \
             ",
            $join,
            " JOIN managed_object o ON o.id = k.object_id WHERE r.id = $1"
        )
    };
}

db::statements! {
    OBJECT = "SELECT o.region_code, o.unit_id, 0 AS year, CASE WHEN EXISTS (SELECT 1 \
              FROM performance_target t WHERE t.object_id = o.id AND t.state IN \
              ('submitted_to_npc', 'approved', 'adjusting', 'superseded')) \
              THEN 1 ELSE 0 END AS released, o.id AS object_id \
              FROM managed_object o WHERE o.id = $1";
    EX_ANTE = of_object!("ex_ante_assessment", "r.work_year", "1 = 0");
    TARGET = of_object!("performance_target", "r.fiscal_year",
        "r.state IN ('submitted_to_npc', 'approved', 'adjusting', 'superseded')");
    MONITORING = of_object!("monitoring", "r.work_year", "1 = 0");
    SELF_EVALUATION = of_object!("self_evaluation", "r.work_year", "r.state = 'published'");
    KEY_EVALUATION = of_object!("key_evaluation", "r.work_year",
        "r.state IN ('filed', 'result_delivered')");
    RECTIFICATION = of_key_evaluation!("rectification", "");
    COMMISSION = of_key_evaluation!("commission", "LEFT");
    RESULT_APPLICATION = "SELECT r.region_code, o.unit_id, r.work_year AS year, 0 AS released, \
              o.id AS object_id FROM result_application r \
              LEFT JOIN key_evaluation k ON k.id = r.key_evaluation_id \
              LEFT JOIN ex_ante_assessment x ON x.id = r.ex_ante_id \
              LEFT JOIN managed_object o ON o.id = COALESCE(k.object_id, x.object_id) \
              WHERE r.id = $1";
    PUBLICATION = "SELECT region_code, NULL AS unit_id, work_year AS year, \
              CASE WHEN state = 'published' THEN 1 ELSE 0 END AS released, NULL AS object_id \
              FROM publication WHERE id = $1";
    UNIT = "SELECT region_code, id AS unit_id, 0 AS year, 0 AS released, NULL AS object_id \
            FROM organisation_unit WHERE id = $1";
    SUPERIORS = "SELECT u.id, above.id AS above_id, top.id AS top_id FROM organisation_unit u \
              LEFT JOIN organisation_unit above ON above.id = u.parent_id \
              LEFT JOIN organisation_unit top ON top.id = above.parent_id WHERE u.id = $1";
    SECTION = "SELECT section_id FROM unit_section WHERE unit_id = $1 AND fiscal_year <= $2 \
              ORDER BY fiscal_year DESC LIMIT 1";
    LAST_SECTION = "SELECT section_id FROM unit_section WHERE unit_id = $1 \
              ORDER BY fiscal_year DESC LIMIT 1";
}

fn statement(kind: &str) -> Option<Sql> {
    Some(match kind {
        "managed_object" => OBJECT,
        "ex_ante_assessment" => EX_ANTE,
        "performance_target" => TARGET,
        "monitoring" => MONITORING,
        "self_evaluation" => SELF_EVALUATION,
        "key_evaluation" => KEY_EVALUATION,
        "rectification" => RECTIFICATION,
        "commission" => COMMISSION,
        "result_application" => RESULT_APPLICATION,
        "publication" => PUBLICATION,
        "organisation_unit" => UNIT,
        _ => return None,
    })
}

/// The record of this kind as the permission table sees it; none where there is no such record.
///
/// # Errors
/// The database fails.
pub(crate) fn subject(tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<Option<Subject>, Error> {
    let Some(sql) = statement(kind) else {
        return Ok(None);
    };
    let Some(row) = tx.find(sql, &[&id])? else {
        return Ok(None);
    };
    let (unit, year) = (row.opt_text("unit_id")?, row.int("year")?);
    let superiors = match &unit {
        Some(unit) => superiors(tx, unit)?,
        None => Vec::new(),
    };
    let section = section(tx, unit.as_deref(), &superiors, year)?;
    Ok(Some(Subject {
        record: Some(RecordId(task(&row, id)?)),
        unit: unit.map(UnitId),
        superiors: superiors.into_iter().map(UnitId).collect(),
        section: section.map(SectionId),
        region: row.text("region_code")?,
        is_released: row.int("released")? == 1,
    }))
}

/// The id by which a record is assigned: its object's where it has one, because an expert looks at
/// the whole life of what is evaluated.
fn task(row: &Row, id: &str) -> Result<String, Error> {
    Ok(row.opt_text("object_id")?.unwrap_or_else(|| id.to_owned()))
}

fn superiors(tx: &mut Tx<'_>, unit: &str) -> Result<Vec<String>, Error> {
    let Some(row) = tx.find(SUPERIORS, &[&unit])? else {
        return Ok(Vec::new());
    };
    let above = [row.opt_text("above_id")?, row.opt_text("top_id")?];
    Ok(above.into_iter().flatten().collect())
}

/// The section that looks after the unit in the year, or in the last year before it that has one
/// (0: in the last year of all): its own, else that of the nearest unit above it.
fn section(
    tx: &mut Tx<'_>,
    unit: Option<&str>,
    superiors: &[String],
    year: i64,
) -> Result<Option<String>, Error> {
    let units = unit.into_iter().chain(superiors.iter().map(String::as_str));
    for unit in units {
        let row = match year {
            0 => tx.find(LAST_SECTION, &[&unit])?,
            year => tx.find(SECTION, &[&unit, &year])?,
        };
        if let Some(row) = row {
            return row.text("section_id").map(Some);
        }
    }
    Ok(None)
}
