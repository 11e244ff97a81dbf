//! Approved targets of the region to copy from, and goals of other units that are much alike.

use db::{Error, Row, Tx, Value};
use domain::number::{Centi, Fen};
use domain::search;

use super::record::Record;

/// Most goals of other units that advice compares with. House rule: they come in the order of what
/// they have in common, so that a copy is among the first.
const MOST_OTHERS: i64 = 10;

/// Objects whose names are most alike, of which the approved targets are looked for.
const MOST_NAMED: i64 = 300;

/// A target with what a list of examples says of it: `t` of the object `o` of the unit `u`. What it
/// scored is told where it was published, and to its own unit, which is $1.
macro_rules! example {
    () => {
        "t.id, t.fiscal_year, t.state, o.id AS object_id, o.name AS object_name, \
         u.name AS unit_name, (SELECT CAST(SUM(b.amount_fen) AS BIGINT) FROM budget_line b \
         WHERE b.object_id = o.id AND b.fiscal_year = t.fiscal_year) AS budget_fen, \
         (SELECT s.score_centi FROM self_evaluation s WHERE s.object_id = o.id \
         AND s.subject_year = t.fiscal_year AND (s.state = 'published' \
         OR (s.state = 'accepted' AND o.unit_id = $1))) AS score_centi"
    };
}

db::statements! {
    CLASS = "SELECT MIN(SUBSTR(b.function_code, 1, 3)) AS class FROM budget_line b \
             WHERE b.object_id = $1 AND b.function_code <> ''";
    SIMILAR = concat!("WITH hit AS (SELECT p.object_id, CAST(COUNT(*) AS BIGINT) AS found \
        FROM object_name_piece p WHERE p.region_code = $2 AND p.piece IN ($3, $4, $5, $6, $7, $8, \
        $9, $10, $11, $12, $13, $14) GROUP BY p.object_id), named AS (SELECT h.object_id, h.found \
        FROM hit h WHERE h.object_id <> $15 ORDER BY h.found DESC, h.object_id LIMIT $16), \
        best AS (SELECT n.object_id, n.found + CASE WHEN $17 <> '' AND EXISTS (SELECT 1 \
        FROM budget_line b WHERE b.object_id = n.object_id \
        AND SUBSTR(b.function_code, 1, 3) = $17) THEN 2 ELSE 0 END AS score FROM named n) SELECT ",
        example!(), ", b.score FROM best b JOIN managed_object o ON o.id = b.object_id \
        AND o.kind = $19 \
        JOIN organisation_unit u ON u.id = o.unit_id \
        JOIN performance_target t ON t.object_id = o.id \
        AND t.state IN ('approved', 'adjusting', 'superseded') AND NOT EXISTS (SELECT 1 \
        FROM performance_target n WHERE n.object_id = t.object_id \
        AND n.state IN ('approved', 'adjusting', 'superseded') \
        AND (n.fiscal_year > t.fiscal_year OR n.fiscal_year = t.fiscal_year \
        AND n.edition > t.edition)) ORDER BY b.score DESC, t.fiscal_year DESC, t.id LIMIT $18");
    EXAMPLE = concat!("SELECT ", example!(), " FROM performance_target t \
        JOIN managed_object o ON o.id = t.object_id JOIN organisation_unit u ON u.id = o.unit_id \
        WHERE t.id = $2 AND t.region_code = $3");
    BEFORE = "SELECT t.id FROM performance_target t WHERE t.object_id = $1 AND t.fiscal_year < $2 \
              AND t.state NOT IN ('draft', 'cancelled', 'rejected') \
              ORDER BY t.fiscal_year DESC, t.edition DESC, t.id LIMIT 1";
    ALIKE = "WITH hit AS (SELECT p.target_id, CAST(COUNT(*) AS BIGINT) AS found \
        FROM target_goal_piece p WHERE p.region_code = $1 AND p.piece IN ($2, $3, $4, $5, $6, $7, \
        $8, $9, $10, $11, $12, $13) GROUP BY p.target_id) SELECT t.goal, h.found FROM hit h \
        JOIN performance_target t ON t.id = h.target_id \
        JOIN managed_object o ON o.id = t.object_id \
        WHERE t.state NOT IN ('cancelled', 'rejected') AND o.unit_id <> (SELECT own.unit_id \
        FROM managed_object own WHERE own.id = $14) \
        ORDER BY h.found DESC, t.fiscal_year DESC, t.id LIMIT $15";
}

/// A target that can be copied from.
#[derive(Debug, Clone)]
pub(in crate::target) struct Example {
    pub(in crate::target) target: String,
    pub(in crate::target) year: i64,
    pub(in crate::target) state: String,
    pub(in crate::target) object_id: String,
    pub(in crate::target) object: String,
    pub(in crate::target) unit: String,
    pub(in crate::target) budget: Option<Fen>,
    /// What it scored in its own year, where the person may know.
    pub(in crate::target) score: Option<Centi>,
}

fn run(tx: &mut Tx<'_>, sql: db::Sql, values: &[Value]) -> Result<Vec<Row>, Error> {
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(sql, &values)
}

fn example(row: &Row) -> Result<Example, Error> {
    Ok(Example {
        target: row.text("id")?,
        year: row.int("fiscal_year")?,
        state: row.text("state")?,
        object_id: row.text("object_id")?,
        object: row.text("object_name")?,
        unit: row.text("unit_name")?,
        budget: row.opt_int("budget_fen")?.map(Fen),
        score: row.opt_int("score_centi")?.map(Centi),
    })
}

/// At most `most` other objects of the same kind whose names have most in common with `words`, each
/// with its newest approved target. Of two that fit alike, the one of the same functional class
/// comes first.
pub(in crate::target) fn similar(
    tx: &mut Tx<'_>,
    (record, unit): (&Record, &str),
    words: &str,
    most: i64,
) -> Result<Vec<Example>, Error> {
    let mut pieces = search::asked(words);
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    pieces.resize(search::MOST_ASKED, NOTHING.to_owned());
    let class = tx.one(CLASS, &[&record.object_id])?.opt_text("class")?;
    let mut values = vec![
        Value::Text(unit.to_owned()),
        Value::Text(record.region_code.clone()),
    ];
    values.extend(pieces.into_iter().map(Value::Text));
    values.extend([
        Value::Text(record.object_id.clone()),
        Value::Int(MOST_NAMED),
        Value::Text(class.unwrap_or_default()),
        Value::Int(most),
        Value::Text(record.object_kind.clone()),
    ]);
    run(tx, SIMILAR, &values)?.iter().map(example).collect()
}

/// What no text has a piece of: the empty piece marks what was looked at.
const NOTHING: &str = " ";

/// The target of this id as an example.
pub(in crate::target) fn find(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    unit: &str,
) -> Result<Option<Example>, Error> {
    let row = tx.find(EXAMPLE, &[&unit, &id, &region])?;
    row.as_ref().map(example).transpose()
}

/// The newest target of the object before the year that was ever sent.
pub(in crate::target) fn before(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Option<String>, Error> {
    let row = tx.find(BEFORE, &[&object, &year])?;
    row.map(|row| row.text("id")).transpose()
}

/// Goals of other units that have much in common with `goal`, the nearest first.
pub(in crate::target) fn alike(
    tx: &mut Tx<'_>,
    record: &Record,
    goal: &str,
) -> Result<Vec<String>, Error> {
    let sketch = search::sketch(goal);
    if sketch.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = vec![Value::Text(record.region_code.clone())];
    values.extend(sketch.into_iter().map(Value::Text));
    values.extend([
        Value::Text(record.object_id.clone()),
        Value::Int(MOST_OTHERS),
    ]);
    let rows = run(tx, ALIKE, &values)?;
    rows.iter().map(|row| row.text("goal")).collect()
}
