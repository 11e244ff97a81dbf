//! SQL of units: the tree as it stands on a day, and what one unit was and became.

pub(crate) mod group;
pub(crate) mod write;
pub(crate) mod year;

use db::{Error, Row, Tx};
use domain::organisation::{Level, Unit};
use domain::permission::UnitId;

/// Units as they stand on a day, which is `$day`: `u` with the former state `f` where one held.
macro_rules! standing {
    ($day:literal) => {
        concat!(
            "SELECT u.id, COALESCE(f.code, u.code) AS code, COALESCE(f.name, u.name) AS name, \
             COALESCE(f.level, u.level) AS level, \
             CASE WHEN f.unit_id IS NULL THEN u.parent_id ELSE f.parent_id END AS parent_id, \
             u.valid_from, u.valid_to FROM organisation_unit u \
             LEFT JOIN unit_former f ON f.unit_id = u.id AND f.valid_from <= ",
            $day,
            " AND f.valid_to >= ",
            $day,
            " WHERE u.valid_from <= ",
            $day,
            " AND (u.valid_to IS NULL OR u.valid_to >= ",
            $day,
            ")"
        )
    };
}

/// The ids of the units directly below `$above` (a list of ids) on `$day`: those that stand there
/// now and held no other state then, and those that stood there then.
macro_rules! below {
    ($above:literal, $day:literal) => {
        concat!(
            "SELECT b.id FROM organisation_unit b WHERE b.parent_id IN (",
            $above,
            ") AND b.valid_from <= ",
            $day,
            " AND (b.valid_to IS NULL OR b.valid_to >= ",
            $day,
            ") AND NOT EXISTS (SELECT 1 FROM unit_former bf WHERE bf.unit_id = b.id \
             AND bf.valid_from <= ",
            $day,
            " AND bf.valid_to >= ",
            $day,
            ") UNION ALL SELECT bf.unit_id AS id FROM unit_former bf WHERE bf.parent_id IN (",
            $above,
            ") AND bf.valid_from <= ",
            $day,
            " AND bf.valid_to >= ",
            $day
        )
    };
}

/// Whether the unit `b` held another state on `$day` than it holds now.
macro_rules! was_other {
    ($day:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM unit_former bf WHERE bf.unit_id = b.id AND bf.valid_from <= ",
            $day,
            " AND bf.valid_to >= ",
            $day,
            ")"
        )
    };
}

/// Whether the name, or the name or the code, of `$state` has the pattern $3 in it; `$fold` is the
/// function that both sides were folded by, if any.
macro_rules! named {
    ($fold:literal, $state:literal) => {
        concat!($fold, "(", $state, ".name) LIKE $3 ESCAPE '!'")
    };
}
macro_rules! named_or_coded {
    ($fold:literal, $state:literal) => {
        concat!(
            named!($fold, $state),
            " OR ",
            $fold,
            "(",
            $state,
            ".code) LIKE $3 ESCAPE '!'"
        )
    };
}

/// At most $4 units of the region $1 that `$matches` finds, on the day $2. The present states are
/// walked in the order of their codes by an index that has all that is asked, and joined only where
/// they fit. The text is compared first: where few fit, days are compared for few.
macro_rules! search {
    ($fold:literal, $matches:ident) => {
        concat!(
            "WITH at_present AS (SELECT b.id FROM organisation_unit b WHERE b.region_code = $1 \
             AND CASE WHEN ",
            $matches!($fold, "b"),
            " THEN b.valid_from <= $2 AND (b.valid_to IS NULL OR b.valid_to >= $2) \
             ELSE FALSE END AND NOT ",
            was_other!("$2"),
            " ORDER BY b.code, b.id LIMIT $4), at_former AS (SELECT bf.unit_id AS id \
             FROM unit_former bf WHERE bf.region_code = $1 AND bf.valid_from <= $2 \
             AND bf.valid_to >= $2 AND (",
            $matches!($fold, "bf"),
            ") ORDER BY bf.code, bf.unit_id LIMIT $4) ",
            standing!("$2"),
            " AND u.id IN (SELECT id FROM at_present UNION ALL SELECT id FROM at_former) \
             ORDER BY code, id LIMIT $4"
        )
    };
}

/// The first-level units of the region $1 on the day $2.
macro_rules! top {
    () => {
        concat!(
            "WITH at_present AS (SELECT b.id FROM organisation_unit b \
             WHERE b.region_code = $1 AND b.level = 'first' AND NOT ",
            was_other!("$2"),
            "), at_former AS (SELECT bf.unit_id AS id FROM unit_former bf \
             WHERE bf.region_code = $1 AND bf.level = 'first' AND bf.valid_from <= $2 \
             AND bf.valid_to >= $2) ",
            standing!("$2"),
            " AND u.id IN (SELECT id FROM at_present UNION ALL SELECT id FROM at_former) \
             ORDER BY code, id"
        )
    };
}

/// The units directly below the unit $1 on the day $2.
macro_rules! children {
    () => {
        concat!(
            "WITH lower1 AS (",
            below!("$1", "$2"),
            ") ",
            standing!("$2"),
            " AND u.id IN (SELECT id FROM lower1) ORDER BY code, id"
        )
    };
}

/// What the unit `$id` was called on the day $2.
macro_rules! called {
    ($id:literal) => {
        concat!(
            "COALESCE((SELECT nf.name FROM unit_former nf WHERE nf.unit_id = ",
            $id,
            " AND nf.valid_from <= $2 AND nf.valid_to >= $2), \
             (SELECT n.name FROM organisation_unit n WHERE n.id = ",
            $id,
            "))"
        )
    };
}

/// The units of a query with what a list says of each: how many stand directly below, its section
/// in the year `$year`, and the names above it. One statement for the whole list.
macro_rules! listed {
    ($units:expr, $year:literal) => {
        concat!(
            "WITH listed AS (SELECT x.*, CASE WHEN pf.unit_id IS NULL THEN p.parent_id \
             ELSE pf.parent_id END AS grand_id FROM (",
            $units,
            ") x LEFT JOIN organisation_unit p ON p.id = x.parent_id \
             LEFT JOIN unit_former pf ON pf.unit_id = x.parent_id AND pf.valid_from <= $2 \
             AND pf.valid_to >= $2) SELECT x.*, (SELECT CAST(COUNT(*) AS BIGINT) FROM (",
            below!("x.id", "$2"),
            ") lower1) AS children, (SELECT s.name FROM unit_section us \
             JOIN business_section s ON s.id = us.section_id WHERE us.unit_id = x.id \
             AND us.fiscal_year = ",
            $year,
            ") AS section_name, ",
            called!("x.parent_id"),
            " AS parent_name, ",
            called!("x.grand_id"),
            " AS grand_name FROM listed x ORDER BY code, id"
        )
    };
}

/// Everything below a unit: `lower1` directly, `lower2` one level further; a tree has three levels.
macro_rules! subtree {
    () => {
        concat!(
            "WITH lower1 AS (",
            below!("$1", "$2"),
            "), lower2 AS (",
            below!("SELECT id FROM lower1", "$2"),
            ") "
        )
    };
}

db::statements! {
    FIND = concat!(standing!("$2"), " AND u.id = $1");
    FIND_ANY = "SELECT id, code, name, level, parent_id, valid_from, valid_to \
                FROM organisation_unit WHERE id = $1";
    FIND_CODE = concat!(standing!("$2"), " AND u.region_code = $1 AND u.code = $3 ORDER BY u.id");
    BEGUN = "SELECT u.id, COALESCE(f.code, u.code) AS code, COALESCE(f.name, u.name) AS name, \
             COALESCE(f.level, u.level) AS level, \
             CASE WHEN f.unit_id IS NULL THEN u.parent_id ELSE f.parent_id END AS parent_id, \
             u.valid_from, u.valid_to FROM organisation_unit u LEFT JOIN unit_former f \
             ON f.unit_id = u.id AND f.valid_from <= u.valid_from AND f.valid_to >= u.valid_from \
             WHERE u.region_code = $1 AND u.valid_from > $2 AND u.valid_from <= $3 \
             ORDER BY code, id";
    TOP_LISTED = listed!(top!(), "$3");
    CHILDREN = children!();
    CHILDREN_LISTED = listed!(children!(), "$3");
    SUBTREE = concat!(subtree!(), standing!("$2"), " AND u.id IN (SELECT id FROM lower1 \
          UNION ALL SELECT id FROM lower2) ORDER BY code, id");
    SEARCH = listed!(search!("", named_or_coded), "$5");
    // Letters are compared without regard to case, which costs as much again.
    SEARCH_LETTERS = listed!(search!("LOWER", named_or_coded), "$5");
    SEARCH_NAMES = listed!(search!("", named), "$5");
    SEARCH_NAMES_LETTERS = listed!(search!("LOWER", named), "$5");
    FORMER = "SELECT unit_id AS id, code, name, level, parent_id, valid_from, valid_to \
              FROM unit_former WHERE unit_id = $1 ORDER BY valid_from DESC";
    SUCCESSORS = "SELECT s.happened_on, s.is_main, u.id, u.name FROM unit_succession s \
                  JOIN organisation_unit u ON u.id = s.successor_id \
                  WHERE s.predecessor_id = $1 ORDER BY s.is_main DESC, u.code, u.id";
    PREDECESSORS = "SELECT s.happened_on, s.is_main, u.id, u.name FROM unit_succession s \
                    JOIN organisation_unit u ON u.id = s.predecessor_id \
                    WHERE s.successor_id = $1 ORDER BY s.happened_on DESC, u.code, u.id";
    SECTIONS_OF = "SELECT us.fiscal_year, us.section_id, s.name FROM unit_section us \
                   JOIN business_section s ON s.id = us.section_id WHERE us.unit_id = $1 \
                   ORDER BY us.fiscal_year DESC";
    SECTIONS = "SELECT id, name FROM business_section WHERE region_code = $1 ORDER BY id";
    SECTION_NAMES = "SELECT us.unit_id, s.name FROM unit_section us \
                     JOIN business_section s ON s.id = us.section_id \
                     WHERE us.region_code = $1 AND us.fiscal_year = $2 ORDER BY us.unit_id";
    OPEN_UNITS = concat!(standing!("$2"), " AND u.region_code = $1 ORDER BY code, id");
}

fn unit(row: &Row) -> Result<Unit, Error> {
    let level = row.text("level")?;
    Ok(Unit {
        id: UnitId(row.text("id")?),
        code: row.text("code")?,
        name: row.text("name")?,
        // The column allows no other words.
        level: Level::read(&level).unwrap_or(Level::Basic),
        parent: row.opt_text("parent_id")?.map(UnitId),
        valid_from: row.text("valid_from")?,
        valid_to: row.opt_text("valid_to")?,
    })
}

fn units(rows: &[Row]) -> Result<Vec<Unit>, Error> {
    rows.iter().map(unit).collect()
}

/// The unit as it stood on the day; none where it did not exist.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str, day: &str) -> Result<Option<Unit>, Error> {
    tx.find(FIND, &[&id, &day])?.as_ref().map(unit).transpose()
}

/// The unit as it stands now or stood last.
pub(crate) fn find_any(tx: &mut Tx<'_>, id: &str) -> Result<Option<Unit>, Error> {
    tx.find(FIND_ANY, &[&id])?.as_ref().map(unit).transpose()
}

/// The unit of that code on the day.
pub(crate) fn find_code(
    tx: &mut Tx<'_>,
    (region, day): (&str, &str),
    code: &str,
) -> Result<Option<Unit>, Error> {
    let rows = tx.query(FIND_CODE, &[&region, &day, &code])?;
    rows.first().map(unit).transpose()
}

/// The units of the region that stood at any time of a year, each as it stood first in it.
pub(crate) fn units_of_year(
    tx: &mut Tx<'_>,
    region: &str,
    (first, last): (&str, &str),
) -> Result<Vec<Unit>, Error> {
    let mut all = open_units(tx, region, first)?;
    all.extend(units(&tx.query(BEGUN, &[&region, &first, &last])?)?);
    Ok(all)
}

/// A unit of a list.
pub(crate) struct Listed {
    pub(crate) unit: Unit,
    /// How many units stand directly below.
    pub(crate) children: i64,
    /// Its section in the year; empty where none was named.
    pub(crate) section: String,
    /// The names above it, nearest first.
    pub(crate) above: Vec<String>,
}

fn listed(rows: &[Row]) -> Result<Vec<Listed>, Error> {
    let one = |row: &Row| {
        let above = [row.opt_text("parent_name")?, row.opt_text("grand_name")?];
        Ok(Listed {
            unit: unit(row)?,
            children: row.int("children")?,
            section: row.opt_text("section_name")?.unwrap_or_default(),
            above: above.into_iter().flatten().collect(),
        })
    };
    rows.iter().map(one).collect()
}

/// The first-level units of the region on the day.
pub(crate) fn top_listed(
    tx: &mut Tx<'_>,
    (region, day): (&str, &str),
    year: i64,
) -> Result<Vec<Listed>, Error> {
    listed(&tx.query(TOP_LISTED, &[&region, &day, &year])?)
}

/// The units directly below on the day.
pub(crate) fn children_listed(
    tx: &mut Tx<'_>,
    (id, day): (&str, &str),
    year: i64,
) -> Result<Vec<Listed>, Error> {
    listed(&tx.query(CHILDREN_LISTED, &[&id, &day, &year])?)
}

/// The units directly below on the day.
pub(crate) fn children(tx: &mut Tx<'_>, id: &str, day: &str) -> Result<Vec<Unit>, Error> {
    units(&tx.query(CHILDREN, &[&id, &day])?)
}

/// All units below on the day.
#[cfg(test)]
pub(crate) fn subtree(tx: &mut Tx<'_>, id: &str, day: &str) -> Result<Vec<Unit>, Error> {
    units(&tx.query(SUBTREE, &[&id, &day])?)
}

/// The units above on the day, nearest first.
pub(crate) fn above(tx: &mut Tx<'_>, unit: &Unit, day: &str) -> Result<Vec<Unit>, Error> {
    let mut above: Vec<Unit> = Vec::new();
    let mut next = unit.parent.clone();
    // A tree has three levels; what was damaged by hand must not turn in a circle.
    while let Some(id) = next.take().filter(|_| above.len() < Level::ALL.len()) {
        if let Some(found) = find(tx, &id.0, day)? {
            next.clone_from(&found.parent);
            above.push(found);
        }
    }
    Ok(above)
}

/// At most `most` units whose name or code has the text in it, on the day.
pub(crate) fn search(
    tx: &mut Tx<'_>,
    (region, day, year): (&str, &str, i64),
    text: &str,
    most: i64,
) -> Result<Vec<Listed>, Error> {
    let plain = text
        .trim()
        .to_lowercase()
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    let pattern = format!("%{plain}%");
    let has_letters = text.chars().any(|c| c.is_lowercase() || c.is_uppercase());
    // A code has ASCII characters only.
    let sql = match (text.is_ascii(), has_letters) {
        (true, false) => SEARCH,
        (true, true) => SEARCH_LETTERS,
        (false, false) => SEARCH_NAMES,
        (false, true) => SEARCH_NAMES_LETTERS,
    };
    listed(&tx.query(sql, &[&region, &day, &pattern, &most, &year])?)
}

/// Every unit of the region that is open on the day.
pub(crate) fn open_units(tx: &mut Tx<'_>, region: &str, day: &str) -> Result<Vec<Unit>, Error> {
    units(&tx.query(OPEN_UNITS, &[&region, &day])?)
}

/// What the unit was, newest first.
pub(crate) fn former(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Unit>, Error> {
    units(&tx.query(FORMER, &[&id])?)
}

/// A unit that another came from or went into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kin {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) happened_on: String,
    pub(crate) is_main: bool,
}

fn kin(rows: &[Row]) -> Result<Vec<Kin>, Error> {
    let one = |row: &Row| {
        Ok(Kin {
            id: row.text("id")?,
            name: row.text("name")?,
            happened_on: row.text("happened_on")?,
            is_main: row.bool("is_main")?,
        })
    };
    rows.iter().map(one).collect()
}

/// The units that went on when this one ended.
pub(crate) fn successors(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Kin>, Error> {
    kin(&tx.query(SUCCESSORS, &[&id])?)
}

/// The units that ended into this one.
pub(crate) fn predecessors(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Kin>, Error> {
    kin(&tx.query(PREDECESSORS, &[&id])?)
}

/// Year and section of the unit, newest first: year, id, name.
pub(crate) fn sections_of(tx: &mut Tx<'_>, id: &str) -> Result<Vec<(i64, String, String)>, Error> {
    let one = |row: &Row| {
        Ok((
            row.int("fiscal_year")?,
            row.text("section_id")?,
            row.text("name")?,
        ))
    };
    tx.query(SECTIONS_OF, &[&id])?.iter().map(one).collect()
}

/// Id and name of the bureau's sections.
pub(crate) fn sections(tx: &mut Tx<'_>, region: &str) -> Result<Vec<(String, String)>, Error> {
    let one = |row: &Row| Ok((row.text("id")?, row.text("name")?));
    tx.query(SECTIONS, &[&region])?.iter().map(one).collect()
}

/// Unit and name of its section in the year.
pub(crate) fn section_names(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
) -> Result<Vec<(String, String)>, Error> {
    let one = |row: &Row| Ok((row.text("unit_id")?, row.text("name")?));
    let rows = tx.query(SECTION_NAMES, &[&region, &year])?;
    rows.iter().map(one).collect()
}
