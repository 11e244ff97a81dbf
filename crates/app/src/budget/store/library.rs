//! SQL of the project library: every project of a year with its money and its target.

use db::{Error, Row, Tx, Value};
use web::query::Cursor;

use crate::object::store::seat::last_day;
use crate::object::store::unit_joins;
use crate::permission::{Reach, within};

/// The target that stands for a project and a year: the one that is approved, else the newest
/// edition that is alive, else the newest; `$object` and `$year` are expressions.
macro_rules! standing_target {
    ($object:literal, $year:literal) => {
        concat!(
            "(SELECT st.id FROM performance_target st WHERE st.object_id = ",
            $object,
            " AND st.fiscal_year = ",
            $year,
            " ORDER BY CASE WHEN st.state IN ('approved', 'adjusting') THEN 0 \
             WHEN st.state IN ('superseded', 'cancelled') THEN 2 ELSE 1 END, \
             st.edition DESC LIMIT 1)"
        )
    };
}

pub(super) use standing_target;

/// One sum of the lines of a project.
macro_rules! sum_of {
    ($which:literal, $name:literal) => {
        concat!(
            "CAST(SUM(CASE WHEN ",
            $which,
            " THEN b.amount_fen ELSE 0 END) AS BIGINT) AS ",
            $name
        )
    };
}

/// Every project that has money, a target or a request in the year. Lines and payments are summed
/// once for all projects, because each row needs six sums of them.
///
/// $1 region, $2 year, $3 kind, $4 section, $5 department, $6 book, $7 text pattern, $8 how its
/// target stands; an empty text chooses everything. $9 to $14 are the reach of whoever asks, $15
/// the day on which units are looked at.
macro_rules! chosen {
    () => {
        concat!(
            "WITH lines AS MATERIALIZED (SELECT b.object_id, ",
            sum_of!("b.change_kind = 'initial'", "initial_fen"),
            ", ",
            sum_of!("b.change_kind = 'supplement'", "supplement_fen"),
            ", ",
            sum_of!("b.change_kind = 'reduction'", "reduction_fen"),
            ", ",
            sum_of!("b.change_kind = 'transfer'", "transfer_fen"),
            ", ",
            sum_of!("b.origin = 'transfer_from_above'", "above_fen"),
            ", CAST(SUM(b.amount_fen) AS BIGINT) AS adjusted_fen, \
             MAX(CASE WHEN b.amount_fen > 0 AND b.release_state = 'planned' THEN 1 ELSE 0 END) \
             AS is_waiting, \
             MAX(CASE WHEN b.book = 'general_public' THEN 1 ELSE 0 END) AS has_general, \
             MAX(CASE WHEN b.book = 'gov_fund' THEN 1 ELSE 0 END) AS has_fund, \
             MAX(CASE WHEN b.book = 'state_capital' THEN 1 ELSE 0 END) AS has_capital, \
             MAX(CASE WHEN b.book = 'social_insurance' THEN 1 ELSE 0 END) AS has_insurance, \
             MAX(CASE WHEN b.book = 'outside' THEN 1 ELSE 0 END) AS has_outside \
             FROM budget_line b WHERE b.region_code = $1 AND b.fiscal_year = $2 \
             GROUP BY b.object_id), \
             paid AS MATERIALIZED (SELECT e.object_id, CAST(SUM(e.executed_fen) AS BIGINT) \
             AS executed_fen FROM budget_execution e WHERE e.region_code = $1 \
             AND e.fiscal_year = $2 GROUP BY e.object_id), \
             seen AS MATERIALIZED (SELECT o.id, o.code, o.name, o.kind, o.project_kind, \
             o.nature, o.level_one, o.period_from, o.period_to, \
             COALESCE(uf.name, u.name) AS unit_name, COALESCE(uf.code, u.code) AS unit_code, \
             l.initial_fen, l.supplement_fen, l.reduction_fen, l.transfer_fen, l.above_fen, \
             l.adjusted_fen, l.is_waiting, l.has_general, l.has_fund, l.has_capital, \
             l.has_insurance, l.has_outside, p.executed_fen, q.requested_fen, ",
            standing_target!("o.id", "$2"),
            " AS target_id FROM managed_object o ",
            unit_joins!(),
            "LEFT JOIN unit_former uf ON uf.unit_id = u.id AND uf.valid_from <= $15 \
             AND uf.valid_to >= $15 \
             LEFT JOIN lines l ON l.object_id = o.id LEFT JOIN paid p ON p.object_id = o.id \
             LEFT JOIN budget_request q ON q.object_id = o.id AND q.fiscal_year = $2 \
             WHERE o.region_code = $1 AND o.kind <> 'department' AND ",
            within!("$9", "$10", "$11", "$12", "$13", "$14", "$2"),
            " AND (l.object_id IS NOT NULL OR q.object_id IS NOT NULL OR EXISTS (SELECT 1 \
             FROM performance_target t WHERE t.object_id = o.id AND t.fiscal_year = $2)) \
             AND ($3 = '' OR o.project_kind = $3) \
             AND ($4 = '' OR EXISTS (SELECT 1 FROM unit_section us WHERE us.fiscal_year = $2 \
             AND us.section_id = $4 AND us.unit_id IN (u.id, above.id, top.id))) \
             AND ($5 = '' OR COALESCE(top.id, above.id, u.id) = $5) \
             AND ($6 = '' OR EXISTS (SELECT 1 FROM budget_line b WHERE b.object_id = o.id \
             AND b.fiscal_year = $2 AND b.book = $6)) \
             AND ($7 = '' OR LOWER(o.name) LIKE $7 ESCAPE '!' OR LOWER(o.code) LIKE $7 ESCAPE '!' \
             OR LOWER(u.name) LIKE $7 ESCAPE '!' OR LOWER(o.level_one) LIKE $7 ESCAPE '!')), \
             keyed AS MATERIALIZED (SELECT s.*, t.state AS target_state, t.grade, \
             s.unit_code || '/' || s.code AS by_unit, \
             COALESCE(s.initial_fen, 1000000000000000) AS by_initial, \
             COALESCE(s.initial_fen, -1000000000000000) AS by_initial_down, \
             COALESCE(s.adjusted_fen, 1000000000000000) AS by_adjusted, \
             COALESCE(s.adjusted_fen, -1000000000000000) AS by_adjusted_down, \
             COALESCE(s.executed_fen, 1000000000000000) AS by_executed, \
             COALESCE(s.executed_fen, -1000000000000000) AS by_executed_down, \
             CASE WHEN s.adjusted_fen > 0 \
             THEN COALESCE(s.executed_fen, 0) * 10000 / s.adjusted_fen \
             ELSE 1000000000000000 END AS by_rate, \
             CASE WHEN s.adjusted_fen > 0 \
             THEN COALESCE(s.executed_fen, 0) * 10000 / s.adjusted_fen \
             ELSE -1000000000000000 END AS by_rate_down \
             FROM seen s LEFT JOIN performance_target t ON t.id = s.target_id \
             WHERE $8 = '' OR ($8 = 'none' AND (t.id IS NULL \
             OR t.state IN ('superseded', 'cancelled'))) \
             OR ($8 = 'filling' AND t.state IN ('draft', 'returned')) \
             OR ($8 = 'reviewing' AND t.state IN ('department_review', 'section_review', \
             'joint_review', 'reviewed')) \
             OR ($8 = 'entered' AND t.state IN ('in_budget', 'submitted_to_npc')) \
             OR ($8 = 'approved' AND t.state IN ('approved', 'adjusting')) \
             OR ($8 = 'refused' AND (t.state = 'rejected' OR (t.state = 'reviewed' \
             AND t.grade = '差'))) \
             OR ($8 = 'waiting' AND s.is_waiting = 1)), \
             sums AS MATERIALIZED (SELECT COUNT(*) AS projects, \
             CAST(SUM(initial_fen) AS BIGINT) AS sum_initial, \
             CAST(SUM(supplement_fen) AS BIGINT) AS sum_supplement, \
             CAST(SUM(reduction_fen) AS BIGINT) AS sum_reduction, \
             CAST(SUM(transfer_fen) AS BIGINT) AS sum_transfer, \
             CAST(SUM(above_fen) AS BIGINT) AS sum_above, \
             CAST(SUM(adjusted_fen) AS BIGINT) AS sum_adjusted, \
             CAST(SUM(executed_fen) AS BIGINT) AS sum_executed FROM keyed) "
        )
    };
}

/// The sums with a page in ascending order, whose columns are null where it has no row: $16
/// whether it is the first, $17 key and $18 id of the row before, $19 how many rows.
macro_rules! upward {
    ($key:literal) => {
        concat!(
            chosen!(),
            "SELECT sums.*, keyed.* FROM sums LEFT JOIN keyed ON ($16 OR (keyed.",
            $key,
            ", keyed.id) > ($17, $18)) ORDER BY keyed.",
            $key,
            ", keyed.id LIMIT $19"
        )
    };
}

/// The same in descending order.
macro_rules! downward {
    ($key:literal) => {
        concat!(
            chosen!(),
            "SELECT sums.*, keyed.* FROM sums LEFT JOIN keyed ON ($16 OR (keyed.",
            $key,
            ", keyed.id) < ($17, $18)) ORDER BY keyed.",
            $key,
            " DESC, keyed.id DESC LIMIT $19"
        )
    };
}

db::statements! {
    BY_UNIT = upward!("by_unit");
    BY_UNIT_DOWN = downward!("by_unit");
    BY_INITIAL = upward!("by_initial");
    BY_INITIAL_DOWN = downward!("by_initial_down");
    BY_ADJUSTED = upward!("by_adjusted");
    BY_ADJUSTED_DOWN = downward!("by_adjusted_down");
    BY_EXECUTED = upward!("by_executed");
    BY_EXECUTED_DOWN = downward!("by_executed_down");
    BY_RATE = upward!("by_rate");
    BY_RATE_DOWN = downward!("by_rate_down");
}

/// What the library is narrowed to; an empty text chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(in crate::budget) struct Filter {
    pub(in crate::budget) region: String,
    /// Of whoever asks.
    pub(in crate::budget) reach: Reach,
    pub(in crate::budget) year: i64,
    pub(in crate::budget) kind: String,
    pub(in crate::budget) section: String,
    pub(in crate::budget) department: String,
    pub(in crate::budget) book: String,
    /// Part of a name or a code.
    pub(in crate::budget) text: String,
    /// How the target stands: none, filling, reviewing, entered, approved, refused; or waiting:
    /// there is money that is not released.
    pub(in crate::budget) target: String,
}

impl Filter {
    fn values(&self) -> Vec<Value> {
        let text = |text: &str| Value::Text(text.to_owned());
        let mut values = vec![
            text(&self.region),
            Value::Int(self.year),
            text(&self.kind),
            text(&self.section),
            text(&self.department),
            text(&self.book),
            text(&crate::object::store::list::pattern(&self.text)),
            text(&self.target),
        ];
        values.extend(self.reach.values());
        values.push(text(&last_day(self.year)));
        values
    }
}

/// What the library can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::budget) enum Key {
    /// Unit and code.
    Unit,
    /// 年初
    Initial,
    /// 调整后
    Adjusted,
    /// 已执行
    Executed,
    /// 执行率
    Rate,
}

/// Money of a project or of all: 年初, 追加, 调减, 调剂, 上级资金, 调整后, 已执行; none where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::budget) struct Sums {
    pub(in crate::budget) initial: Option<i64>,
    pub(in crate::budget) supplement: Option<i64>,
    pub(in crate::budget) reduction: Option<i64>,
    pub(in crate::budget) transfer: Option<i64>,
    pub(in crate::budget) above: Option<i64>,
    pub(in crate::budget) adjusted: Option<i64>,
    pub(in crate::budget) executed: Option<i64>,
}

/// One project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Line {
    pub(in crate::budget) id: String,
    pub(in crate::budget) code: String,
    pub(in crate::budget) name: String,
    pub(in crate::budget) unit_name: String,
    pub(in crate::budget) level_one: String,
    pub(in crate::budget) kind: Option<String>,
    pub(in crate::budget) nature: Option<String>,
    pub(in crate::budget) period: Option<(i64, i64)>,
    /// The books that it has money of.
    pub(in crate::budget) books: Vec<&'static str>,
    pub(in crate::budget) requested_fen: Option<i64>,
    pub(in crate::budget) sums: Sums,
    /// Whether some of its money is not released.
    pub(in crate::budget) is_waiting: bool,
    pub(in crate::budget) target_id: Option<String>,
    pub(in crate::budget) target_state: Option<String>,
    pub(in crate::budget) grade: Option<String>,
    /// What the list is sorted by, as it stands in a cursor.
    pub(in crate::budget) sort_key: String,
}

/// At most `most` projects in the order after the one that `after` names, and how many there are
/// with their sums.
pub(in crate::budget) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    (key, is_down): (Key, bool),
    after: Option<&Cursor>,
    most: i64,
) -> Result<(Vec<Line>, i64, Sums), Error> {
    let (sql, column) = match (key, is_down) {
        (Key::Unit, false) => (BY_UNIT, "by_unit"),
        (Key::Unit, true) => (BY_UNIT_DOWN, "by_unit"),
        (Key::Initial, false) => (BY_INITIAL, "by_initial"),
        (Key::Initial, true) => (BY_INITIAL_DOWN, "by_initial_down"),
        (Key::Adjusted, false) => (BY_ADJUSTED, "by_adjusted"),
        (Key::Adjusted, true) => (BY_ADJUSTED_DOWN, "by_adjusted_down"),
        (Key::Executed, false) => (BY_EXECUTED, "by_executed"),
        (Key::Executed, true) => (BY_EXECUTED_DOWN, "by_executed_down"),
        (Key::Rate, false) => (BY_RATE, "by_rate"),
        (Key::Rate, true) => (BY_RATE_DOWN, "by_rate_down"),
    };
    let mut values = filter.values();
    let last = after.map_or("", |after| &after.key);
    values.push(Value::Bool(after.is_none()));
    values.push(match key {
        Key::Unit => Value::Text(last.to_owned()),
        _ => Value::Int(last.parse().unwrap_or_default()),
    });
    let id = after.map(|after| after.id.clone());
    values.push(Value::Text(id.unwrap_or_default()));
    values.push(Value::Int(most));
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    let rows = tx.query(sql, &values)?;
    let (projects, sums) = match rows.first() {
        Some(row) => (row.int("projects")?, sums(row, "sum_", "")?),
        None => (0, Sums::default()),
    };
    let mut lines = Vec::with_capacity(rows.len());
    for row in &rows {
        if row.opt_text("id")?.is_some() {
            lines.push(line(row, column)?);
        }
    }
    Ok((lines, projects, sums))
}

fn sums(row: &Row, before: &str, after: &str) -> Result<Sums, Error> {
    let fen = |name: &str| row.opt_int(&format!("{before}{name}{after}"));
    Ok(Sums {
        initial: fen("initial")?,
        supplement: fen("supplement")?,
        reduction: fen("reduction")?,
        transfer: fen("transfer")?,
        above: fen("above")?,
        adjusted: fen("adjusted")?,
        executed: fen("executed")?,
    })
}

fn line(row: &Row, column: &str) -> Result<Line, Error> {
    let mut books = Vec::new();
    for (column, book) in [
        ("has_general", "general_public"),
        ("has_fund", "gov_fund"),
        ("has_capital", "state_capital"),
        ("has_insurance", "social_insurance"),
        ("has_outside", "outside"),
    ] {
        if row.opt_int(column)? == Some(1) {
            books.push(book);
        }
    }
    Ok(Line {
        id: row.text("id")?,
        code: row.text("code")?,
        name: row.text("name")?,
        unit_name: row.text("unit_name")?,
        level_one: row.text("level_one")?,
        kind: row.opt_text("project_kind")?,
        nature: row.opt_text("nature")?,
        period: row.opt_int("period_from")?.zip(row.opt_int("period_to")?),
        books,
        requested_fen: row.opt_int("requested_fen")?,
        sums: sums(row, "", "_fen")?,
        is_waiting: row.opt_int("is_waiting")? == Some(1),
        target_id: row.opt_text("target_id")?,
        target_state: row.opt_text("target_state")?,
        grade: row.opt_text("grade")?,
        sort_key: match row.value(column)? {
            Value::Text(text) => text.clone(),
            Value::Int(number) => number.to_string(),
            Value::Null | Value::Bool(_) | Value::Bytes(_) => String::new(),
        },
    })
}
