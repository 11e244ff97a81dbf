//! SQL of what only the interface lists.

use db::{Error, Row, Tx, Value};

use super::me::Region;
use super::self_evaluations::{Line, SelfEvaluation};
use super::targets::{Indicator, Target};
use super::units::Unit;
use crate::object::store::unit_joins;
use crate::permission::{Reach, within};

/// The columns of a target.
macro_rules! target_columns {
    () => {
        "t.id, t.object_id, t.fiscal_year, t.edition, t.origin, t.state, t.grade, t.goal, \
         t.approved_on, t.version"
    };
}

/// The columns of a self-evaluation.
macro_rules! self_evaluation_columns {
    () => {
        "s.id, s.object_id, s.target_id, s.work_year, s.subject_year, s.state, s.adjusted_fen, \
         s.executed_fen, s.score_centi, s.grade, s.light, s.rule_pack, s.submitted_on, s.version"
    };
}

// In a list of records: $1 region, $2 year, $3 object or empty, $4 to $9 the reach of whoever asks,
// $10 the id before, $11 how many.

db::statements! {
    REGION = "SELECT name, bureau_name FROM region WHERE code = $1";
    YEARS = "SELECT year FROM fiscal_year WHERE region_code = $1 ORDER BY year DESC";
    UNITS = "SELECT u.id, u.code, u.name, u.level, u.parent_id, s.section_id \
             FROM organisation_unit u \
             LEFT JOIN organisation_unit above ON above.id = u.parent_id \
             LEFT JOIN organisation_unit top ON top.id = above.parent_id \
             LEFT JOIN unit_section s ON s.fiscal_year = $2 \
             AND s.unit_id = COALESCE(top.id, above.id, u.id) \
             WHERE u.region_code = $1 AND SUBSTR(u.valid_from, 1, 4) <= $3 \
             AND (u.valid_to IS NULL OR SUBSTR(u.valid_to, 1, 4) >= $3) \
             AND ($4 OR ($5 <> '' AND u.id = $5) OR ($6 <> '' AND $6 IN (u.id, above.id, top.id)) \
             OR ($7 <> '' AND s.section_id = $7) \
             OR ($8 <> '' AND EXISTS (SELECT 1 FROM assignment a JOIN managed_object o \
             ON o.id = a.record_id WHERE a.account_id = $8 AND a.record_kind = 'managed_object' \
             AND o.unit_id = u.id)) \
             OR ($9 AND EXISTS (SELECT 1 FROM performance_target t JOIN managed_object o \
             ON o.id = t.object_id WHERE o.unit_id = u.id AND t.state IN \
             ('submitted_to_npc', 'approved', 'adjusting', 'superseded')))) \
             AND ($10 OR (u.code, u.id) > ($11, $12)) ORDER BY u.code, u.id LIMIT $13";
    TARGETS = concat!(
        "SELECT ", target_columns!(),
        " FROM performance_target t JOIN managed_object o ON o.id = t.object_id ", unit_joins!(),
        "WHERE t.region_code = $1 AND t.fiscal_year = $2 AND ($3 = '' OR t.object_id = $3) AND ",
        within!("$4", "$5", "$6", "$7", "$8", "$9", "$2"),
        " AND (NOT $9 OR t.state IN ('submitted_to_npc', 'approved', 'adjusting', 'superseded')) \
         AND t.id > $10 ORDER BY t.id LIMIT $11"
    );
    TARGET = concat!("SELECT ", target_columns!(), " FROM performance_target t WHERE t.id = $1");
    INDICATORS = "SELECT id, row_key, position, level1, level2, name, operator, value_text, unit, \
                  weight_centi, is_core FROM indicator WHERE target_id = $1 ORDER BY position, id";
    SELF_EVALUATIONS = concat!(
        "SELECT ", self_evaluation_columns!(),
        " FROM self_evaluation s JOIN managed_object o ON o.id = s.object_id ", unit_joins!(),
        "WHERE s.region_code = $1 AND s.work_year = $2 AND ($3 = '' OR s.object_id = $3) AND ",
        within!("$4", "$5", "$6", "$7", "$8", "$9", "$2"),
        " AND (NOT $9 OR s.state = 'published') AND s.id > $10 ORDER BY s.id LIMIT $11"
    );
    SELF_EVALUATION = concat!("SELECT ", self_evaluation_columns!(),
        ", s.receipt FROM self_evaluation s WHERE s.id = $1");
    LINES = "SELECT l.indicator_id, l.actual_text, l.score_centi, l.reason \
             FROM self_evaluation_line l JOIN indicator i ON i.id = l.indicator_id \
             WHERE l.self_evaluation_id = $1 ORDER BY i.position, l.id";
}

/// The region with its years, newest first; none while it has no data.
pub(super) fn regions(tx: &mut Tx<'_>, code: &str) -> Result<Vec<Region>, Error> {
    let rows = tx.query(YEARS, &[&code])?;
    let years: Result<Vec<i64>, Error> = rows.iter().map(|row| row.int("year")).collect();
    let (name, bureau_name) = match tx.find(REGION, &[&code])? {
        Some(row) => (row.text("name")?, row.text("bureau_name")?),
        None if rows.is_empty() => return Ok(Vec::new()),
        None => (code.to_owned(), String::new()),
    };
    Ok(vec![Region {
        code: code.to_owned(),
        name,
        bureau_name,
        years: years?,
    }])
}

/// The units of the region's year within the reach, after a place.
pub(super) fn units(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    reach: &Reach,
    after: Option<&web::query::Cursor>,
    most: i64,
) -> Result<Vec<Unit>, Error> {
    let mut values = vec![
        Value::Text(region.to_owned()),
        Value::Int(year),
        Value::Text(year.to_string()),
    ];
    values.extend(reach.values());
    let place = |take: fn(&web::query::Cursor) -> &String| {
        Value::Text(after.map(take).cloned().unwrap_or_default())
    };
    values.push(Value::Bool(after.is_none()));
    values.push(place(|after| &after.key));
    values.push(place(|after| &after.id));
    values.push(Value::Int(most));
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(UNITS, &values)?.iter().map(unit).collect()
}

fn unit(row: &Row) -> Result<Unit, Error> {
    Ok(Unit {
        id: row.text("id")?,
        code: row.text("code")?,
        name: row.text("name")?,
        level: row.text("level")?,
        parent_id: row.opt_text("parent_id")?,
        section_id: row.opt_text("section_id")?,
    })
}

/// Which records of an object are listed.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    pub(super) region: String,
    pub(super) year: i64,
    /// Empty for those of every object.
    pub(super) object: String,
    pub(super) reach: Reach,
    /// The id before the first, empty for the beginning.
    pub(super) after: String,
    pub(super) most: i64,
}

impl Chosen {
    fn values(&self) -> Vec<Value> {
        let mut values = vec![
            Value::Text(self.region.clone()),
            Value::Int(self.year),
            Value::Text(self.object.clone()),
        ];
        values.extend(self.reach.values());
        values.push(Value::Text(self.after.clone()));
        values.push(Value::Int(self.most));
        values
    }
}

/// The chosen targets.
pub(super) fn targets(tx: &mut Tx<'_>, chosen: &Chosen) -> Result<Vec<Target>, Error> {
    let values = chosen.values();
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(TARGETS, &values)?
        .iter()
        .map(read_target)
        .collect()
}

/// One target.
pub(super) fn target(tx: &mut Tx<'_>, id: &str) -> Result<Option<Target>, Error> {
    let row = tx.find(TARGET, &[&id])?;
    row.as_ref().map(read_target).transpose()
}

fn read_target(row: &Row) -> Result<Target, Error> {
    Ok(Target {
        id: row.text("id")?,
        object_id: row.text("object_id")?,
        fiscal_year: row.int("fiscal_year")?,
        edition: row.int("edition")?,
        origin: row.text("origin")?,
        state: row.text("state")?,
        grade: row.opt_text("grade")?,
        goal: row.text("goal")?,
        approved_on: row.opt_text("approved_on")?,
        version: row.int("version")?,
    })
}

/// The indicators of a target.
pub(super) fn indicators(tx: &mut Tx<'_>, target: &str) -> Result<Vec<Indicator>, Error> {
    let read = |row: &Row| {
        Ok(Indicator {
            id: row.text("id")?,
            key: row.int("row_key")?.to_string(),
            position: row.int("position")?,
            level1: row.text("level1")?,
            level2: row.text("level2")?,
            name: row.text("name")?,
            operator: row.text("operator")?,
            value_text: row.text("value_text")?,
            unit: row.text("unit")?,
            weight_centi: row.int("weight_centi")?,
            is_core: row.bool("is_core")?,
        })
    };
    tx.query(INDICATORS, &[&target])?.iter().map(read).collect()
}

/// The chosen self-evaluations.
pub(super) fn self_evaluations(
    tx: &mut Tx<'_>,
    chosen: &Chosen,
) -> Result<Vec<SelfEvaluation>, Error> {
    let values = chosen.values();
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    let rows = tx.query(SELF_EVALUATIONS, &values)?;
    rows.iter().map(read_self_evaluation).collect()
}

/// One self-evaluation with its receipt's text, which is empty where there is none yet.
pub(super) fn self_evaluation(
    tx: &mut Tx<'_>,
    id: &str,
) -> Result<Option<(SelfEvaluation, String)>, Error> {
    match tx.find(SELF_EVALUATION, &[&id])? {
        Some(row) => Ok(Some((read_self_evaluation(&row)?, row.text("receipt")?))),
        None => Ok(None),
    }
}

fn read_self_evaluation(row: &Row) -> Result<SelfEvaluation, Error> {
    Ok(SelfEvaluation {
        id: row.text("id")?,
        object_id: row.text("object_id")?,
        target_id: row.text("target_id")?,
        work_year: row.int("work_year")?,
        subject_year: row.int("subject_year")?,
        state: row.text("state")?,
        adjusted_fen: row.int("adjusted_fen")?,
        executed_fen: row.int("executed_fen")?,
        score_centi: row.opt_int("score_centi")?,
        grade: row.opt_text("grade")?,
        light: row.opt_text("light")?,
        rule_pack: row.text("rule_pack")?,
        submitted_on: row.opt_text("submitted_on")?,
        version: row.int("version")?,
    })
}

/// What was reached of each indicator.
pub(super) fn lines(tx: &mut Tx<'_>, self_evaluation: &str) -> Result<Vec<Line>, Error> {
    let read = |row: &Row| {
        Ok(Line {
            indicator_id: row.text("indicator_id")?,
            actual_text: row.text("actual_text")?,
            score_centi: row.opt_int("score_centi")?,
            reason: row.text("reason")?,
        })
    };
    tx.query(LINES, &[&self_evaluation])?
        .iter()
        .map(read)
        .collect()
}
