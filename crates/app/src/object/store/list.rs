//! SQL of the list of objects.

use db::{Error, Row, Tx, Value};
use web::list::Choice;

use super::{department, unit_joins};
use crate::permission::{Reach, within};

/// Every object that has something to do with the year, with its money, its worst light of the
/// year's monitoring and the score of the self-evaluation made in the year. A target, a
/// monitoring and a self-evaluation are left out of the year only when there is none.
///
/// Sorted by money, rate or score, a row without one comes last in both orders.
///
/// $1 region, $2 year, $3 kind, $4 section, $5 department, $6 book, $7 grade, $8 light,
/// $9 text pattern, $10 what is open; an empty text chooses everything. $11 to $16 are the reach of
/// whoever asks.
macro_rules! chosen {
    () => {
        concat!(
            "WITH line AS (SELECT object_id, CAST(SUM(amount_fen) AS BIGINT) AS fen \
             FROM budget_line WHERE region_code = $1 AND fiscal_year = $2 GROUP BY object_id), \
             paid AS (SELECT object_id, CAST(SUM(executed_fen) AS BIGINT) AS fen \
             FROM budget_execution WHERE region_code = $1 AND fiscal_year = $2 \
             GROUP BY object_id), \
             part AS (SELECT o.id, o.kind, ",
            department!(),
            " AS department_id, u.id AS unit_id, u.name AS unit_name, u.code AS unit_code, \
             line.fen AS budget_fen, paid.fen AS executed_fen FROM managed_object o ",
            unit_joins!(),
            "LEFT JOIN line ON line.object_id = o.id LEFT JOIN paid ON paid.object_id = o.id \
             WHERE o.region_code = $1), \
             reached AS (SELECT o.id FROM managed_object o ",
            unit_joins!(),
            "WHERE o.region_code = $1 AND ",
            within!("$11", "$12", "$13", "$14", "$15", "$16", "$2"),
            "), \
             whole AS (SELECT department_id, CAST(SUM(budget_fen) AS BIGINT) AS budget_fen, \
             CAST(SUM(executed_fen) AS BIGINT) AS executed_fen FROM part \
             WHERE kind <> 'department' GROUP BY department_id), \
             newest AS (SELECT object_id, MAX(edition) AS edition FROM performance_target \
             WHERE region_code = $1 AND fiscal_year = $2 GROUP BY object_id), \
             watched AS (SELECT object_id, CAST(MIN(CASE \
             WHEN budget_light = 'red' OR indicator_light = 'red' THEN 1 \
             WHEN budget_light = 'yellow' OR indicator_light = 'yellow' THEN 2 \
             WHEN budget_light = 'green' OR indicator_light = 'green' THEN 3 \
             ELSE 4 END) AS BIGINT) \
             AS rank, \
             MAX(CASE WHEN state = 'concluded' THEN 1 ELSE 0 END) AS done \
             FROM monitoring WHERE region_code = $1 AND work_year = $2 GROUP BY object_id), \
             mended AS (SELECT k.object_id, COUNT(*) AS open FROM rectification r \
             JOIN key_evaluation k ON k.id = r.key_evaluation_id \
             WHERE r.region_code = $1 AND r.work_year = $2 AND r.state <> 'closed' \
             GROUP BY k.object_id), \
             scored AS (SELECT object_id, MAX(score_centi) AS score_centi, MAX(grade) AS grade, \
             MAX(CASE WHEN state IN ('accepted', 'published') THEN 1 ELSE 0 END) AS done \
             FROM self_evaluation WHERE region_code = $1 AND work_year = $2 GROUP BY object_id), \
             approved AS (SELECT DISTINCT object_id FROM performance_target \
             WHERE region_code = $1 AND fiscal_year = $2 \
             AND state IN ('approved', 'adjusting')), \
             earlier AS (SELECT DISTINCT object_id FROM budget_line \
             WHERE region_code = $1 AND fiscal_year = $2 - 1), \
             chosen AS (SELECT o.id, o.code, o.kind, o.name, part.unit_name, part.unit_code, \
             CASE WHEN o.kind = 'department' THEN COALESCE(part.budget_fen, whole.budget_fen) \
             ELSE part.budget_fen END AS budget_fen, \
             CASE WHEN o.kind = 'department' THEN COALESCE(part.executed_fen, whole.executed_fen) \
             ELSE part.executed_fen END AS executed_fen, \
             t.state AS target_state, watched.rank AS light_rank, scored.score_centi, scored.grade \
             FROM part JOIN managed_object o ON o.id = part.id \
             JOIN reached ON reached.id = o.id \
             LEFT JOIN whole ON whole.department_id = o.unit_id AND o.kind = 'department' \
             LEFT JOIN newest ON newest.object_id = o.id \
             LEFT JOIN performance_target t ON t.object_id = o.id AND t.fiscal_year = $2 \
             AND t.edition = newest.edition \
             LEFT JOIN watched ON watched.object_id = o.id \
             LEFT JOIN mended ON mended.object_id = o.id \
             LEFT JOIN scored ON scored.object_id = o.id \
             LEFT JOIN approved ON approved.object_id = o.id \
             LEFT JOIN earlier ON earlier.object_id = o.id \
             LEFT JOIN unit_section s ON s.unit_id = part.department_id AND s.fiscal_year = $2 \
             WHERE (part.budget_fen IS NOT NULL OR t.id IS NOT NULL \
             OR (o.kind = 'department' AND whole.budget_fen IS NOT NULL) \
             OR watched.rank IS NOT NULL OR scored.done IS NOT NULL OR mended.open IS NOT NULL \
             OR ($10 = 'self_evaluation' AND earlier.object_id IS NOT NULL)) \
             AND ($3 = '' OR o.kind = $3) \
             AND ($4 = '' OR s.section_id = $4) \
             AND ($5 = '' OR part.department_id = $5) \
             AND ($6 = '' OR EXISTS (SELECT 1 FROM budget_line b WHERE b.object_id = o.id \
             AND b.fiscal_year = $2 AND b.book = $6)) \
             AND ($7 = '' OR scored.grade = $7) \
             AND ($8 = '' OR $8 = CASE watched.rank WHEN 1 THEN 'red' WHEN 2 THEN 'yellow' \
             WHEN 3 THEN 'green' WHEN 4 THEN 'blue' ELSE 'none' END) \
             AND ($9 = '' OR LOWER(o.name) LIKE $9 ESCAPE '!' \
             OR LOWER(o.code) LIKE $9 ESCAPE '!' OR LOWER(part.unit_name) LIKE $9 ESCAPE '!') \
             AND ($10 = '' OR ($10 = 'target' AND approved.object_id IS NULL \
             AND (part.budget_fen IS NOT NULL \
             OR t.state NOT IN ('superseded', 'cancelled', 'rejected'))) \
             OR ($10 = 'monitoring' AND approved.object_id IS NOT NULL \
             AND COALESCE(watched.done, 0) = 0) \
             OR ($10 = 'self_evaluation' AND COALESCE(scored.done, 0) = 0 \
             AND (scored.done IS NOT NULL OR earlier.object_id IS NOT NULL)) \
             OR ($10 = 'rectification' AND mended.open > 0))), \
             keyed AS (SELECT id, code, kind, name, unit_name, budget_fen, executed_fen, \
             target_state, light_rank, score_centi, grade, \
             unit_code || '/' || code AS by_unit, \
             COALESCE(light_rank, 5) AS by_light, \
             COALESCE(budget_fen, 1000000000000000) AS by_budget, \
             COALESCE(budget_fen, -1) AS by_budget_down, \
             COALESCE(executed_fen, 1000000000000000) AS by_executed, \
             COALESCE(executed_fen, -1) AS by_executed_down, \
             CASE WHEN budget_fen > 0 THEN COALESCE(executed_fen, 0) * 10000 / budget_fen \
             ELSE 1000000000000000 END AS by_rate, \
             CASE WHEN budget_fen > 0 THEN COALESCE(executed_fen, 0) * 10000 / budget_fen \
             ELSE -1 END AS by_rate_down, \
             COALESCE(score_centi, 1000000000000000) AS by_score, \
             COALESCE(score_centi, -1) AS by_score_down \
             FROM chosen) "
        )
    };
}

/// A page in ascending order: $17 whether it is the first, $18 key and $19 id of the row before,
/// $20 how many rows.
macro_rules! upward {
    ($key:literal) => {
        concat!(
            chosen!(),
            "SELECT * FROM keyed WHERE $17 OR (",
            $key,
            ", id) > ($18, $19) ORDER BY ",
            $key,
            ", id LIMIT $20"
        )
    };
}

/// A page in descending order.
macro_rules! downward {
    ($key:literal) => {
        concat!(
            chosen!(),
            "SELECT * FROM keyed WHERE $17 OR (",
            $key,
            ", id) < ($18, $19) ORDER BY ",
            $key,
            " DESC, id DESC LIMIT $20"
        )
    };
}

db::statements! {
    BY_UNIT = upward!("by_unit");
    BY_UNIT_DOWN = downward!("by_unit");
    BY_BUDGET = upward!("by_budget");
    BY_BUDGET_DOWN = downward!("by_budget_down");
    BY_EXECUTED = upward!("by_executed");
    BY_EXECUTED_DOWN = downward!("by_executed_down");
    BY_RATE = upward!("by_rate");
    BY_RATE_DOWN = downward!("by_rate_down");
    BY_LIGHT = upward!("by_light");
    BY_LIGHT_DOWN = downward!("by_light");
    BY_SCORE = upward!("by_score");
    BY_SCORE_DOWN = downward!("by_score_down");
    TOTALS = concat!(
        chosen!(),
        "SELECT COUNT(*) AS objects, \
         CAST(SUM(CASE WHEN kind = 'department' THEN 1 ELSE 0 END) AS BIGINT) AS departments, \
         CAST(SUM(CASE WHEN kind = 'department' THEN 0 ELSE budget_fen END) AS BIGINT) \
         AS budget_fen, \
         CAST(SUM(CASE WHEN kind = 'department' THEN 0 ELSE executed_fen END) AS BIGINT) \
         AS executed_fen, \
         CAST(SUM(CASE WHEN kind = 'department' THEN budget_fen END) AS BIGINT) AS whole_fen, \
         CAST(SUM(CASE WHEN kind = 'department' THEN executed_fen END) AS BIGINT) \
         AS whole_executed_fen FROM keyed"
    );
    DEPARTMENTS = "SELECT id, name FROM organisation_unit WHERE region_code = $1 \
                   AND level = 'first' ORDER BY code, id";
    SECTIONS = "SELECT id, name FROM business_section WHERE region_code = $1 ORDER BY id";
}

/// What a list is narrowed to; an empty text chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) region_code: String,
    /// Of whoever asks.
    pub(crate) reach: Reach,
    pub(crate) year: i64,
    pub(crate) kind: String,
    pub(crate) section: String,
    pub(crate) department: String,
    pub(crate) book: String,
    pub(crate) grade: String,
    pub(crate) light: String,
    /// Part of a name or a code.
    pub(crate) text: String,
    /// The stage that is not finished: target, monitoring, `self_evaluation`, rectification.
    pub(crate) open: String,
}

impl Filter {
    fn values(&self) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut values = vec![
            text(&self.region_code),
            Value::Int(self.year),
            text(&self.kind),
            text(&self.section),
            text(&self.department),
            text(&self.book),
            text(&self.grade),
            text(&self.light),
            text(&pattern(&self.text)),
            text(&self.open),
        ];
        values.extend(self.reach.values());
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

/// What a list can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// Unit and code.
    Unit,
    /// 全年预算
    Budget,
    /// 执行
    Executed,
    /// 执行率
    Rate,
    /// The worst first.
    Light,
    /// 自评得分
    Score,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    /// By what.
    pub(crate) key: Key,
    /// Whether the largest comes first.
    pub(crate) is_down: bool,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) unit_name: String,
    pub(crate) budget_fen: Option<i64>,
    pub(crate) executed_fen: Option<i64>,
    pub(crate) target_state: Option<String>,
    pub(crate) light_rank: Option<i64>,
    pub(crate) score_centi: Option<i64>,
    pub(crate) grade: Option<String>,
    /// What the list is sorted by, as it stands in a cursor.
    pub(crate) sort_key: String,
}

/// At most `most` lines in `order` after the line that `after` names.
pub(crate) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    order: Order,
    after: Option<&web::query::Cursor>,
    most: i64,
) -> Result<Vec<Line>, Error> {
    let (sql, column) = match (order.key, order.is_down) {
        (Key::Unit, false) => (BY_UNIT, "by_unit"),
        (Key::Unit, true) => (BY_UNIT_DOWN, "by_unit"),
        (Key::Budget, false) => (BY_BUDGET, "by_budget"),
        (Key::Budget, true) => (BY_BUDGET_DOWN, "by_budget_down"),
        (Key::Executed, false) => (BY_EXECUTED, "by_executed"),
        (Key::Executed, true) => (BY_EXECUTED_DOWN, "by_executed_down"),
        (Key::Rate, false) => (BY_RATE, "by_rate"),
        (Key::Rate, true) => (BY_RATE_DOWN, "by_rate_down"),
        (Key::Light, false) => (BY_LIGHT, "by_light"),
        (Key::Light, true) => (BY_LIGHT_DOWN, "by_light"),
        (Key::Score, false) => (BY_SCORE, "by_score"),
        (Key::Score, true) => (BY_SCORE_DOWN, "by_score_down"),
    };
    let mut values = filter.values();
    let key = after.map_or("", |after| &after.key);
    values.push(Value::Bool(after.is_none()));
    values.push(match order.key {
        Key::Unit => Value::Text(key.to_owned()),
        _ => Value::Int(key.parse().unwrap_or_default()),
    });
    values.push(Value::Text(
        after.map(|after| after.id.clone()).unwrap_or_default(),
    ));
    values.push(Value::Int(most));
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(sql, &values)?
        .iter()
        .map(|row| line(row, column))
        .collect()
}

fn line(row: &Row, column: &str) -> Result<Line, Error> {
    Ok(Line {
        id: row.text("id")?,
        code: row.text("code")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        unit_name: row.text("unit_name")?,
        budget_fen: row.opt_int("budget_fen")?,
        executed_fen: row.opt_int("executed_fen")?,
        target_state: row.opt_text("target_state")?,
        light_rank: row.opt_int("light_rank")?,
        score_centi: row.opt_int("score_centi")?,
        grade: row.opt_text("grade")?,
        sort_key: match row.value(column)? {
            Value::Text(text) => text.clone(),
            Value::Int(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Bytes(_) => String::new(),
        },
    })
}

/// Counts and sums of everything that is chosen. The money is that of projects and policies, which
/// a department's own line only sums up; where only departments are chosen, it is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) objects: i64,
    pub(crate) departments: i64,
    /// None where nothing chosen has a budget.
    pub(crate) budget_fen: Option<i64>,
    /// None where nothing was paid.
    pub(crate) executed_fen: Option<i64>,
}

/// Counts and sums of everything that `filter` chooses.
pub(crate) fn totals(tx: &mut Tx<'_>, filter: &Filter) -> Result<Totals, Error> {
    let values = filter.values();
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    let row = tx.one(TOTALS, &values)?;
    let objects = row.int("objects")?;
    let departments = row.opt_int("departments")?.unwrap_or_default();
    let (budget, executed) = if objects == departments {
        ("whole_fen", "whole_executed_fen")
    } else {
        ("budget_fen", "executed_fen")
    };
    Ok(Totals {
        objects,
        departments,
        budget_fen: row.opt_int(budget)?,
        executed_fen: row.opt_int(executed)?,
    })
}

/// The first-level units.
pub(crate) fn departments(tx: &mut Tx<'_>, region_code: &str) -> Result<Vec<Choice>, Error> {
    choices(&tx.query(DEPARTMENTS, &[&region_code])?)
}

/// The bureau's sections.
pub(crate) fn sections(tx: &mut Tx<'_>, region_code: &str) -> Result<Vec<Choice>, Error> {
    choices(&tx.query(SECTIONS, &[&region_code])?)
}

fn choices(rows: &[Row]) -> Result<Vec<Choice>, Error> {
    rows.iter()
        .map(|row| Ok(Choice::new(row.text("id")?, row.text("name")?)))
        .collect()
}
