//! Reading and searching the library.

use db::{Error, Row, Tx, Value};
use domain::indicator_library::Entry;
use domain::permission::Actor;
use domain::search;

use crate::permission::subject;

/// How many pieces [`SEARCH`] takes.
const PIECES: usize = search::MOST_ASKED;

/// How many of the best candidates are ranked by their use too.
///
/// House rule: use is counted from targets, which costs a look at each; behind two hundred that fit
/// better nobody reads on.
const MOST_CANDIDATES: i64 = 200;

/// An indicator `x` with how many targets use it and what its fields name by code.
macro_rules! entry {
    () => {
        "x.id, x.code, x.version, x.level1, x.level2, x.name, x.operator, x.unit, x.usual_value, \
         x.explanation, x.formula, x.evidence, x.data_source, x.sector, x.function_class, x.since, \
         x.retired_on, (SELECT u.code FROM organisation_unit u WHERE u.id = x.owner_unit_id) \
         AS owner_code, (SELECT u.name FROM organisation_unit u WHERE u.id = x.owner_unit_id) \
         AS owner_name, (SELECT s.code FROM indicator_library s WHERE s.id = x.successor_id) \
         AS successor_code, (SELECT CAST(COUNT(DISTINCT io.target_id) AS BIGINT) \
         FROM indicator_origin io JOIN performance_target t ON t.id = io.target_id \
         WHERE io.library_id = x.id AND t.state NOT IN ('cancelled', 'rejected', 'superseded')) \
         AS used"
    };
}

/// Whether the indicator `x` is among what is asked for and may be used by the person.
macro_rules! chosen {
    ($level1:literal, $sector:literal, $retired:literal, $region:literal, $unit:literal,
     $above:literal, $top:literal) => {
        concat!(
            "(",
            $level1,
            " = '' OR x.level1 = ",
            $level1,
            ") AND (",
            $sector,
            " = '' OR x.sector = ",
            $sector,
            ") AND (",
            $retired,
            " OR x.retired_on IS NULL) AND (x.owner_unit_id IS NULL OR ",
            $region,
            " OR x.owner_unit_id IN (",
            $unit,
            ", ",
            $above,
            ", ",
            $top,
            "))"
        )
    };
}

db::statements! {
    FIND = concat!("SELECT ", entry!(), " FROM indicator_library x WHERE x.id = $1");
    FIND_CODE = concat!("SELECT ", entry!(), " FROM indicator_library x \
        WHERE x.region_code = $1 AND x.code = $2");
    LIST = concat!("SELECT ", entry!(), " FROM indicator_library x WHERE x.region_code = $1 AND ",
        chosen!("$2", "$3", "$4", "$5", "$6", "$7", "$8"),
        " AND x.code > $9 ORDER BY x.code, x.id LIMIT $10");
    COUNT = concat!("SELECT CAST(COUNT(*) AS BIGINT) AS found FROM indicator_library x \
        WHERE x.region_code = $1 AND ", chosen!("$2", "$3", "$4", "$5", "$6", "$7", "$8"));
    // The index of pieces alone says which fit best; only those are read and ranked by their use.
    SEARCH = concat!("WITH hit AS (SELECT p.entry_id, CAST(SUM(p.weight) AS BIGINT) AS score \
        FROM indicator_library_piece p WHERE p.region_code = $1 AND p.piece IN \
        ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) GROUP BY p.entry_id), \
        best AS (SELECT h.entry_id, h.score FROM hit h \
        JOIN indicator_library x ON x.id = h.entry_id WHERE ",
        chosen!("$14", "$15", "$16", "$17", "$18", "$19", "$20"),
        " ORDER BY h.score DESC, x.code, x.id LIMIT $21) SELECT ", entry!(),
        ", b.score FROM best b JOIN indicator_library x ON x.id = b.entry_id \
        ORDER BY b.score DESC, used DESC, x.code, x.id LIMIT $22");
    VISIBLE = "SELECT x.id FROM indicator_library x WHERE x.id = $1 AND x.region_code = $2 \
        AND (x.owner_unit_id IS NULL OR $3 OR x.owner_unit_id IN ($4, $5, $6))";
    SECTORS = "SELECT DISTINCT x.sector, x.function_class FROM indicator_library x \
        WHERE x.region_code = $1 ORDER BY x.function_class, x.sector";
    VERSIONS = "SELECT v.version, v.body, v.reason, v.changed_at, a.name AS editor \
        FROM indicator_library_version v LEFT JOIN account a ON a.id = v.changed_by \
        WHERE v.entry_id = $1 ORDER BY v.version DESC";
    UNITS = "SELECT u.code, u.id FROM organisation_unit u WHERE u.region_code = $1 \
        AND u.valid_to IS NULL ORDER BY u.code, u.id";
}

/// An indicator as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) entry: Entry,
    /// The name of the unit whose own it is; empty for the bureau's.
    pub(crate) owner_name: String,
    /// The first day of the present version, ISO 8601.
    pub(crate) since: String,
    /// How many targets use it.
    pub(crate) used: i64,
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) region: String,
    pub(crate) level1: String,
    pub(crate) sector: String,
    pub(crate) with_retired: bool,
    /// Whose own indicators are shown beside the bureau's.
    pub(crate) whose: Whose,
}

/// Whose own indicators a person may use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Whose {
    is_region: bool,
    /// The person's unit and those above it.
    units: Vec<String>,
}

impl Whose {
    /// Every unit's.
    pub(crate) fn every() -> Self {
        Self {
            is_region: true,
            units: Vec::new(),
        }
    }

    fn unit(&self, place: usize) -> Value {
        Value::Text(self.units.get(place).cloned().unwrap_or_default())
    }

    /// Those of the person's unit and of the units above it; every unit's for who has none.
    pub(crate) fn of(tx: &mut Tx<'_>, actor: &Actor) -> Result<Self, Error> {
        let Some(unit) = &actor.unit else {
            return Ok(Self::every());
        };
        let above = subject(tx, "organisation_unit", &unit.0)?;
        let above = above.map(|it| it.superiors).unwrap_or_default();
        let above = above.into_iter().map(|unit| unit.0);
        Ok(Self {
            is_region: false,
            units: std::iter::once(unit.0.clone()).chain(above).collect(),
        })
    }
}

impl Asked {
    fn values(&self) -> Vec<Value> {
        vec![
            Value::Text(self.level1.clone()),
            Value::Text(self.sector.clone()),
            Value::Bool(self.with_retired),
            Value::Bool(self.whose.is_region),
            self.whose.unit(0),
            self.whose.unit(1),
            self.whose.unit(2),
        ]
    }
}

fn run(tx: &mut Tx<'_>, sql: db::Sql, values: &[Value]) -> Result<Vec<Row>, Error> {
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    tx.query(sql, &values)
}

/// The indicator of this id.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Kept>, Error> {
    tx.find(FIND, &[&id])?.as_ref().map(kept).transpose()
}

/// Whether the indicator is the region's, and the bureau's or one of `whose`.
pub(crate) fn is_visible(
    tx: &mut Tx<'_>,
    (region, id): (&str, &str),
    whose: &Whose,
) -> Result<bool, Error> {
    let values = [
        Value::Text(id.to_owned()),
        Value::Text(region.to_owned()),
        Value::Bool(whose.is_region),
        whose.unit(0),
        whose.unit(1),
        whose.unit(2),
    ];
    Ok(!run(tx, VISIBLE, &values)?.is_empty())
}

/// The indicator of this code.
pub(crate) fn find_code(tx: &mut Tx<'_>, region: &str, code: &str) -> Result<Option<Kept>, Error> {
    let row = tx.find(FIND_CODE, &[&region, &code])?;
    row.as_ref().map(kept).transpose()
}

/// At most `most` indicators with a code behind `after`, in the order of their codes.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    asked: &Asked,
    after: &str,
    most: i64,
) -> Result<Vec<Kept>, Error> {
    let mut values = vec![Value::Text(asked.region.clone())];
    values.extend(asked.values());
    values.extend([Value::Text(after.to_owned()), Value::Int(most)]);
    run(tx, LIST, &values)?.iter().map(kept).collect()
}

/// How many there are.
pub(crate) fn count(tx: &mut Tx<'_>, asked: &Asked) -> Result<i64, Error> {
    let mut values = vec![Value::Text(asked.region.clone())];
    values.extend(asked.values());
    let rows = run(tx, COUNT, &values)?;
    rows.first().map_or(Ok(0), |row| row.int("found"))
}

/// At most `most` indicators that `query` finds, those that fit best first: by the weights of the
/// pieces that they have of it, then by their use.
pub(crate) fn search(
    tx: &mut Tx<'_>,
    asked: &Asked,
    query: &str,
    most: i64,
) -> Result<Vec<Kept>, Error> {
    let mut pieces = search::asked(query);
    if pieces.is_empty() {
        return Ok(Vec::new());
    }
    // No piece is empty: what is not asked for finds nothing.
    pieces.resize(PIECES, String::new());
    let mut values = vec![Value::Text(asked.region.clone())];
    values.extend(pieces.into_iter().map(Value::Text));
    values.extend(asked.values());
    values.extend([Value::Int(MOST_CANDIDATES), Value::Int(most)]);
    run(tx, SEARCH, &values)?.iter().map(kept).collect()
}

fn kept(row: &Row) -> Result<Kept, Error> {
    let mut entry = Entry {
        owner: row.opt_text("owner_code")?.unwrap_or_default(),
        retired_on: row.opt_text("retired_on")?.unwrap_or_default(),
        successor: row.opt_text("successor_code")?.unwrap_or_default(),
        ..Entry::default()
    };
    for name in [
        "code",
        "level1",
        "level2",
        "name",
        "operator",
        "unit",
        "usual_value",
        "explanation",
        "formula",
        "evidence",
        "data_source",
        "sector",
        "function_class",
    ] {
        entry.set(name, &row.text(name)?);
    }
    Ok(Kept {
        id: row.text("id")?,
        version: row.int("version")?,
        entry,
        owner_name: row.opt_text("owner_name")?.unwrap_or_default(),
        since: row.text("since")?,
        used: row.int("used")?,
    })
}

/// The sectors that the library has, in the order of the functional classes.
pub(crate) fn sectors(tx: &mut Tx<'_>, region: &str) -> Result<Vec<String>, Error> {
    let rows = tx.query(SECTORS, &[&region])?;
    let mut sectors: Vec<String> = Vec::new();
    for row in &rows {
        let sector = row.text("sector")?;
        if !sectors.contains(&sector) {
            sectors.push(sector);
        }
    }
    Ok(sectors)
}

/// What an indicator said in a version.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// Counts from 1.
    pub(crate) number: i64,
    pub(crate) body: String,
    pub(crate) reason: String,
    /// The person's name; empty where the program brought it along.
    pub(crate) by: String,
    pub(crate) at: String,
}

/// Every version, newest first.
pub(crate) fn versions(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Version>, Error> {
    let rows = tx.query(VERSIONS, &[&id])?;
    rows.iter()
        .map(|row| {
            Ok(Version {
                number: row.int("version")?,
                body: row.text("body")?,
                reason: row.text("reason")?,
                by: row.opt_text("editor")?.unwrap_or_default(),
                at: row.text("changed_at")?,
            })
        })
        .collect()
}

/// The codes and ids of the units that an indicator can belong to.
pub(crate) fn units(tx: &mut Tx<'_>, region: &str) -> Result<Vec<(String, String)>, Error> {
    let rows = tx.query(UNITS, &[&region])?;
    rows.iter()
        .map(|row| Ok((row.text("code")?, row.text("id")?)))
        .collect()
}
