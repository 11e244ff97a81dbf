//! SQL of the board: which objects have to file a target of the year, how far each has come, and in
//! whose hands it is.

use db::{Error, Row, ToValue, Tx, Value};

use crate::permission::{Reach, within};

/// Whether the object `o` has to file a target in the year, which it may have begun or not.
///
/// House rule: whoever has money in the year has to file; until the year's budget is there, whoever
/// had a target in the budget of the year before has to as well.
macro_rules! has_to_file {
    ($region:literal, $year:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM budget_line b WHERE b.object_id = o.id AND b.fiscal_year = ",
            $year,
            " AND b.amount_fen > 0) OR (NOT EXISTS (SELECT 1 FROM budget_line b \
             WHERE b.region_code = ",
            $region,
            " AND b.fiscal_year = ",
            $year,
            ") AND EXISTS (SELECT 1 FROM performance_target l WHERE l.object_id = o.id \
             AND l.fiscal_year = ",
            $year,
            " - 1 \
             AND l.state IN ('in_budget', 'submitted_to_npc', 'approved', 'adjusting'))))"
        )
    };
}

pub(crate) use has_to_file;

/// Every object that has to file in the year, or has begun to, with its newest edition of the year
/// and the stage that this has reached.
///
/// $1 region, $2 year, $3 to $8 the reach of whoever asks, $9 section, $10 department, $11 unit,
/// $12 kind, $13 part of a name; an empty text chooses everything.
macro_rules! staged {
    () => {
        concat!(
            "WITH placed AS (SELECT o.id, o.name, o.kind, o.code, u.id AS unit_id, \
             u.name AS unit, u.code AS unit_code, COALESCE(top.id, above.id, u.id) \
             AS department_id, COALESCE(top.name, above.name, u.name) AS department, \
             COALESCE(top.code, above.code, u.code) AS department_code, \
             COALESCE((SELECT us.section_id FROM unit_section us WHERE us.unit_id = u.id \
             AND us.fiscal_year = $2), (SELECT us.section_id FROM unit_section us \
             WHERE us.unit_id = above.id AND us.fiscal_year = $2), \
             (SELECT us.section_id FROM unit_section us WHERE us.unit_id = top.id \
             AND us.fiscal_year = $2), '') AS section_id, t.id AS target_id, t.state \
             FROM managed_object o JOIN organisation_unit u ON u.id = o.unit_id \
             LEFT JOIN organisation_unit above ON above.id = u.parent_id \
             LEFT JOIN organisation_unit top ON top.id = above.parent_id \
             LEFT JOIN performance_target t ON t.object_id = o.id AND t.fiscal_year = $2 \
             AND t.edition = (SELECT MAX(n.edition) FROM performance_target n \
             WHERE n.object_id = o.id AND n.fiscal_year = $2 \
             AND n.state NOT IN ('superseded', 'cancelled')) \
             WHERE o.region_code = $1 AND (t.id IS NOT NULL OR ",
            has_to_file!("$1", "$2"),
            ") AND ",
            within!("$3", "$4", "$5", "$6", "$7", "$8", "$2"),
            "), staged AS (SELECT p.*, COALESCE((SELECT b.name FROM business_section b \
             WHERE b.id = p.section_id), '') AS section, CASE WHEN p.state IS NULL THEN 'none' \
             WHEN p.state IN ('draft', 'adjusting') THEN 'filling' \
             WHEN p.state IN ('in_budget', 'submitted_to_npc', 'approved') THEN 'budget' \
             ELSE p.state END AS stage FROM placed p WHERE ($9 = '' OR p.section_id = $9) \
             AND ($10 = '' OR p.department_id = $10) AND ($11 = '' OR p.unit_id = $11) \
             AND ($12 = '' OR p.kind = $12) AND ($13 = '' OR LOWER(p.name) LIKE $13 ESCAPE '!' \
             OR LOWER(p.unit) LIKE $13 ESCAPE '!')) "
        )
    };
}

db::statements! {
    // By one level: each key with its counts by stage, in the order of the codes.
    BY_SECTION = concat!(staged!(), "SELECT section_id AS key, section AS label, \
                 MIN(section_id) AS place, stage, COUNT(*) AS count FROM staged \
                 GROUP BY section_id, section, stage ORDER BY place, key, stage");
    BY_DEPARTMENT = concat!(staged!(), "SELECT department_id AS key, department AS label, \
                    MIN(department_code) AS place, stage, COUNT(*) AS count FROM staged \
                    GROUP BY department_id, department, stage ORDER BY place, key, stage");
    BY_UNIT = concat!(staged!(), "SELECT unit_id AS key, unit AS label, \
              MIN(unit_code) AS place, stage, COUNT(*) AS count FROM staged \
              GROUP BY unit_id, unit, stage ORDER BY place, key, stage");
    // $14 stage, $15 whether it is the first page, $16 and $17 the line before, $18 how many.
    LINES = concat!(staged!(), "SELECT id, name, kind, code, unit_id, unit, department, section, \
            target_id, state, stage, unit_code || '/' || code AS place, (SELECT \
            MIN(w.arrived_at) FROM work_item w WHERE w.record_kind = 'performance_target' \
            AND w.record_id = target_id) AS arrived_at, (SELECT MIN(w.due_on) FROM work_item w \
            WHERE w.record_kind = 'performance_target' AND w.record_id = target_id) AS due_on \
            FROM staged WHERE ($14 = '' OR stage = $14) AND ($15 \
            OR (unit_code || '/' || code, id) > ($16, $17)) ORDER BY place, id LIMIT $18");
    HOLDERS = "SELECT w.role, a.name FROM work_item w \
               LEFT JOIN organisation_unit u ON u.id = w.unit_id \
               LEFT JOIN organisation_unit above ON above.id = u.parent_id \
               LEFT JOIN account a ON a.region_code = w.region_code AND a.state = 'active' \
               AND (w.person_id = a.id OR (w.person_id IS NULL AND EXISTS (SELECT 1 \
               FROM account_role r WHERE r.account_id = a.id AND r.role = w.role) \
               AND (w.scope IN ('all', 'region') OR (w.scope = 'own_unit' \
               AND a.unit_id = w.unit_id) OR (w.scope = 'subordinate_units' \
               AND a.unit_id IN (u.id, above.id, above.parent_id)) \
               OR (w.scope = 'own_section' AND a.section_id = w.section_id)))) \
               WHERE w.record_kind = 'performance_target' AND w.record_id = $1 \
               ORDER BY w.position, a.name, a.id LIMIT 8";
    SECTION_NAME = "SELECT name FROM business_section WHERE id = $1";
    UNIT_NAME = "SELECT name FROM organisation_unit WHERE id = $1";
    DEADLINE = "SELECT due_on FROM deadline WHERE region_code = $1 \
                AND record_kind = 'performance_target' AND year = $2";
}

/// What a board is narrowed to; an empty text chooses everything.
#[derive(Debug, Clone, Default)]
pub(in crate::review) struct Filter {
    pub(in crate::review) region: String,
    pub(in crate::review) year: i64,
    pub(in crate::review) reach: Reach,
    pub(in crate::review) section: String,
    pub(in crate::review) department: String,
    pub(in crate::review) unit: String,
    pub(in crate::review) kind: String,
    pub(in crate::review) text: String,
}

impl Filter {
    fn values(&self) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut values = vec![text(&self.region), Value::Int(self.year)];
        values.extend(self.reach.values());
        values.extend([
            text(&self.section),
            text(&self.department),
            text(&self.unit),
            text(&self.kind),
            text(&pattern(&self.text)),
        ]);
        values
    }
}

/// Matches `text` anywhere, whatever is in it.
fn pattern(text: &str) -> String {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return text;
    }
    let plain = text
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{plain}%")
}

/// By what the board counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::review) enum Level {
    Section,
    Department,
    Unit,
}

/// How many objects of a section, a department or a unit stand at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Count {
    pub(in crate::review) key: String,
    pub(in crate::review) label: String,
    pub(in crate::review) stage: String,
    pub(in crate::review) objects: i64,
}

/// The counts, those of one key together.
pub(in crate::review) fn counts(
    tx: &mut Tx<'_>,
    level: Level,
    filter: &Filter,
) -> Result<Vec<Count>, Error> {
    let sql = match level {
        Level::Section => BY_SECTION,
        Level::Department => BY_DEPARTMENT,
        Level::Unit => BY_UNIT,
    };
    let values = filter.values();
    let values: Vec<&dyn ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(sql, &values)?
        .iter()
        .map(|row| {
            Ok(Count {
                key: row.text("key")?,
                label: row.text("label")?,
                stage: row.text("stage")?,
                objects: row.int("count")?,
            })
        })
        .collect()
}

/// An object of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::review) struct Line {
    pub(in crate::review) id: String,
    pub(in crate::review) name: String,
    pub(in crate::review) kind: String,
    pub(in crate::review) code: String,
    pub(in crate::review) unit_id: String,
    pub(in crate::review) unit: String,
    pub(in crate::review) department: String,
    pub(in crate::review) section: String,
    pub(in crate::review) target_id: Option<String>,
    pub(in crate::review) state: Option<String>,
    pub(in crate::review) stage: String,
    pub(in crate::review) place: String,
    pub(in crate::review) arrived_at: String,
    pub(in crate::review) due_on: Option<String>,
}

/// At most `most` lines at the stage after the line that `after` names (place and id).
pub(in crate::review) fn lines(
    tx: &mut Tx<'_>,
    filter: &Filter,
    stage: &str,
    after: Option<(&str, &str)>,
    most: i64,
) -> Result<Vec<Line>, Error> {
    let mut values = filter.values();
    let (place, id) = after.unwrap_or_default();
    values.extend([
        Value::Text(stage.to_owned()),
        Value::Bool(after.is_none()),
        Value::Text(place.to_owned()),
        Value::Text(id.to_owned()),
        Value::Int(most),
    ]);
    let values: Vec<&dyn ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(LINES, &values)?.iter().map(line).collect()
}

fn line(row: &Row) -> Result<Line, Error> {
    Ok(Line {
        id: row.text("id")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        code: row.text("code")?,
        unit_id: row.text("unit_id")?,
        unit: row.text("unit")?,
        department: row.text("department")?,
        section: row.text("section")?,
        target_id: row.opt_text("target_id")?,
        state: row.opt_text("state")?,
        stage: row.text("stage")?,
        place: row.text("place")?,
        arrived_at: row.opt_text("arrived_at")?.unwrap_or_default(),
        due_on: row.opt_text("due_on")?,
    })
}

/// Role and name of everyone who holds the target; no name where the role has nobody.
pub(in crate::review) fn holders(
    tx: &mut Tx<'_>,
    target: &str,
) -> Result<Vec<(String, Option<String>)>, Error> {
    tx.query(HOLDERS, &[&target])?
        .iter()
        .map(|row| {
            let role = row.opt_text("role")?.unwrap_or_default();
            Ok((role, row.opt_text("name")?))
        })
        .collect()
}

/// The names of what the board is narrowed to: section and unit or department.
pub(in crate::review) fn names(
    tx: &mut Tx<'_>,
    section: &str,
    units: [&str; 2],
) -> Result<[String; 3], Error> {
    let name = |row: Option<Row>| row.map_or(Ok(String::new()), |row| row.text("name"));
    let section = name(tx.find(SECTION_NAME, &[&section])?)?;
    let department = name(tx.find(UNIT_NAME, &[&units[0]])?)?;
    let unit = name(tx.find(UNIT_NAME, &[&units[1]])?)?;
    Ok([section, department, unit])
}

/// The last day of filing in the year; none where none is set.
pub(in crate::review) fn due_on(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
) -> Result<Option<String>, Error> {
    let row = tx.find(DEADLINE, &[&region, &year])?;
    row.map(|row| row.text("due_on")).transpose()
}
