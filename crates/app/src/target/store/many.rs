//! Many targets at once, for a load and for an export: a few statements for each unit, none for
//! each row.

use std::collections::BTreeMap;

use db::{Error, Row, ToValue, Tx};
use domain::rulepack::target_form::TargetForm;
use domain::target::{Part, Target};

use super::{field, record};
use crate::permission::{Reach, within};

db::statements! {
    OBJECTS = "SELECT o.id, o.code, o.name, o.kind, o.unit_id, u.code AS unit_code, \
        u.name AS unit_name, u.valid_to FROM managed_object o \
        JOIN organisation_unit u ON u.id = o.unit_id \
        WHERE o.region_code = $1 ORDER BY o.code, o.id";
    // Units with targets in the year, within the reach of whoever asks ($3 to $8); $9 how many, $10
    // the code of one, or every one where it is empty.
    UNITS = concat!("SELECT u.id, u.code, u.name, COUNT(DISTINCT o.id) AS targets \
        FROM managed_object o JOIN organisation_unit u ON u.id = o.unit_id \
        LEFT JOIN organisation_unit above ON above.id = u.parent_id \
        LEFT JOIN organisation_unit top ON top.id = above.parent_id \
        JOIN performance_target t ON t.object_id = o.id AND t.fiscal_year = $2 \
        WHERE o.region_code = $1 AND ($10 = '' OR u.code = $10) AND ",
        within!("$3", "$4", "$5", "$6", "$7", "$8", "$2"),
        " GROUP BY u.id, u.code, u.name ORDER BY u.code, u.id LIMIT $9");
    UNIT = "SELECT u.id, u.code, u.name, (SELECT COUNT(DISTINCT o.id) FROM managed_object o \
        JOIN performance_target t ON t.object_id = o.id AND t.fiscal_year = $2 \
        WHERE o.unit_id = u.id) AS targets FROM organisation_unit u WHERE u.id = $1";
    UNIT_TARGETS = "SELECT t.id, t.object_id, t.edition, t.state, t.version, t.goal, t.form_id, \
        t.form_pack, COALESCE(e.last_row_key, 0) AS last_row_key FROM performance_target t \
        JOIN managed_object o ON o.id = t.object_id \
        LEFT JOIN target_edit e ON e.target_id = t.id \
        WHERE o.unit_id = $1 AND t.fiscal_year = $2 ORDER BY t.object_id, t.edition";
    UNIT_ROWS = "SELECT i.target_id, i.row_key, i.level1, i.level2, i.name, i.operator, \
        i.value_text, i.unit, i.weight_centi, i.is_core FROM managed_object o \
        JOIN performance_target t ON t.object_id = o.id AND t.fiscal_year = $2 \
        JOIN indicator i ON i.target_id = t.id \
        WHERE o.unit_id = $1 ORDER BY i.target_id, i.position";
    UNIT_FIELDS = "SELECT f.target_id, f.field, f.row_key, f.column_key, f.text \
        FROM managed_object o \
        JOIN performance_target t ON t.object_id = o.id AND t.fiscal_year = $2 \
        JOIN target_field f ON f.target_id = t.id WHERE o.unit_id = $1 \
        ORDER BY f.target_id, f.field, f.position, f.row_key, f.column_key";
}

/// An object of the region.
#[derive(Debug, Clone)]
pub(in crate::target) struct KnownObject {
    pub(in crate::target) id: String,
    pub(in crate::target) code: String,
    pub(in crate::target) name: String,
    pub(in crate::target) kind: String,
    pub(in crate::target) unit_id: String,
    pub(in crate::target) unit_code: String,
    pub(in crate::target) unit_name: String,
    /// The last day of its unit; none while there is none.
    pub(in crate::target) unit_ended_on: Option<String>,
}

/// The newest edition of an object's target.
#[derive(Debug, Clone)]
pub(in crate::target) struct KnownTarget {
    pub(in crate::target) id: String,
    pub(in crate::target) edition: i64,
    pub(in crate::target) state: String,
    pub(in crate::target) version: i64,
    /// The last number that a row was given.
    pub(in crate::target) last_row_key: i64,
    pub(in crate::target) form: &'static TargetForm,
    pub(in crate::target) target: Target,
}

/// A unit, and of how many of its objects there is a target in the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::target) struct UnitWithTargets {
    pub(in crate::target) id: String,
    pub(in crate::target) code: String,
    pub(in crate::target) name: String,
    pub(in crate::target) count: i64,
}

fn with_targets(row: &Row) -> Result<UnitWithTargets, Error> {
    Ok(UnitWithTargets {
        id: row.text("id")?,
        code: row.text("code")?,
        name: row.text("name")?,
        count: row.int("targets")?,
    })
}

/// At most `most` units with targets in the year within the reach, by code.
pub(in crate::target) fn units(
    tx: &mut Tx<'_>,
    place: (&str, i64),
    reach: &Reach,
    most: i64,
) -> Result<Vec<UnitWithTargets>, Error> {
    within_reach(tx, place, reach, (most, ""))
}

/// Whether the reach has targets of the unit of that code in the year.
pub(in crate::target) fn reaches(
    tx: &mut Tx<'_>,
    place: (&str, i64),
    reach: &Reach,
    code: &str,
) -> Result<bool, Error> {
    Ok(!code.is_empty() && !within_reach(tx, place, reach, (1, code))?.is_empty())
}

fn within_reach(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    reach: &Reach,
    (most, code): (i64, &str),
) -> Result<Vec<UnitWithTargets>, Error> {
    let reach = reach.values();
    let mut values: Vec<&dyn ToValue> = vec![&region, &year];
    values.extend(reach.iter().map(|value| value as &dyn ToValue));
    values.push(&most);
    values.push(&code);
    tx.query(UNITS, &values)?.iter().map(with_targets).collect()
}

/// The unit of this id.
pub(in crate::target) fn unit(
    tx: &mut Tx<'_>,
    id: &str,
    year: i64,
) -> Result<Option<UnitWithTargets>, Error> {
    let row = tx.find(UNIT, &[&id, &year])?;
    row.as_ref().map(with_targets).transpose()
}

/// Every object of the region, by code.
pub(in crate::target) fn objects(tx: &mut Tx<'_>, region: &str) -> Result<Vec<KnownObject>, Error> {
    let one = |row: &Row| {
        Ok(KnownObject {
            id: row.text("id")?,
            code: row.text("code")?,
            name: row.text("name")?,
            kind: row.text("kind")?,
            unit_id: row.text("unit_id")?,
            unit_code: row.text("unit_code")?,
            unit_name: row.text("unit_name")?,
            unit_ended_on: row.opt_text("valid_to")?,
        })
    };
    tx.query(OBJECTS, &[&region])?.iter().map(one).collect()
}

/// The newest target of each object of the unit in the year, by the object's id.
pub(in crate::target) fn of_unit(
    tx: &mut Tx<'_>,
    unit: &str,
    year: i64,
) -> Result<BTreeMap<String, KnownTarget>, Error> {
    let mut rows: BTreeMap<String, Vec<domain::target::Row>> = BTreeMap::new();
    for row in tx.query(UNIT_ROWS, &[&unit, &year])? {
        let own = rows.entry(row.text("target_id")?).or_default();
        own.push(record::indicator(&row)?);
    }
    let mut texts: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in tx.query(UNIT_FIELDS, &[&unit, &year])? {
        texts.entry(row.text("target_id")?).or_default().push(row);
    }
    let mut targets = BTreeMap::new();
    for row in tx.query(UNIT_TARGETS, &[&unit, &year])? {
        let id = row.text("id")?;
        let form = record::form_of(&row.text("form_id")?, &row.text("form_pack")?)?;
        let parts: Vec<Part> = field::parts(&texts.remove(&id).unwrap_or_default())?;
        let mut target = Target {
            goal: row.text("goal")?,
            rows: rows.remove(&id).unwrap_or_default(),
            parts,
        }
        .fitted(form);
        let keys: Vec<i64> = target
            .rows
            .iter()
            .filter_map(|row| row.key.parse().ok())
            .collect();
        let lines = target
            .all_lines_mut()
            .filter_map(|line| line.key.parse().ok());
        let highest = lines.chain(keys).max().unwrap_or(0);
        let known = KnownTarget {
            edition: row.int("edition")?,
            state: row.text("state")?,
            version: row.int("version")?,
            last_row_key: row.int("last_row_key")?.max(highest),
            id,
            form,
            target,
        };
        // Later editions come later.
        targets.insert(row.text("object_id")?, known);
    }
    Ok(targets)
}
