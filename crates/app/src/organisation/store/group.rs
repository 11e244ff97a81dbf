//! SQL of the second grouping.

use db::{Error, Row, Tx};

db::statements! {
    GROUPS = "SELECT g.id, g.name, CAST(COUNT(m.unit_id) AS BIGINT) AS members \
              FROM unit_group g LEFT JOIN unit_group_member m ON m.group_id = g.id \
              AND m.fiscal_year = $2 WHERE g.region_code = $1 GROUP BY g.id, g.name \
              ORDER BY g.name, g.id";
    FIND_GROUP = "SELECT id, name FROM unit_group WHERE id = $1 AND region_code = $2";
    MEMBERS = "SELECT u.id, u.code, u.name FROM unit_group_member m \
               JOIN organisation_unit u ON u.id = m.unit_id \
               WHERE m.group_id = $1 AND m.fiscal_year = $2 ORDER BY u.code, u.id";
    GROUPS_OF = "SELECT g.id, g.name, m.fiscal_year FROM unit_group_member m \
                 JOIN unit_group g ON g.id = m.group_id WHERE m.unit_id = $1 \
                 ORDER BY m.fiscal_year DESC, g.name, g.id";
    MAKE_GROUP = "INSERT INTO unit_group (id, region_code, name, provenance) \
                  VALUES ($1, $2, $3, 'entered')";
    GROUP_NAMED = "SELECT id FROM unit_group WHERE region_code = $1 AND name = $2";
    ADD_MEMBER = "INSERT INTO unit_group_member (group_id, unit_id, fiscal_year, region_code) \
                  VALUES ($1, $2, $3, $4) ON CONFLICT (group_id, fiscal_year, unit_id) DO NOTHING";
    REMOVE_MEMBER = "DELETE FROM unit_group_member \
                     WHERE group_id = $1 AND unit_id = $2 AND fiscal_year = $3";
}

/// A group with the number of its units in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) members: i64,
}

/// Every group of the region.
pub(crate) fn groups(tx: &mut Tx<'_>, region: &str, year: i64) -> Result<Vec<Group>, Error> {
    let one = |row: &Row| {
        Ok(Group {
            id: row.text("id")?,
            name: row.text("name")?,
            members: row.int("members")?,
        })
    };
    tx.query(GROUPS, &[&region, &year])?
        .iter()
        .map(one)
        .collect()
}

/// The group's name.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str, region: &str) -> Result<Option<String>, Error> {
    let row = tx.find(FIND_GROUP, &[&id, &region])?;
    row.map(|row| row.text("name")).transpose()
}

/// Id, code and name of the group's units in the year.
pub(crate) fn members(
    tx: &mut Tx<'_>,
    id: &str,
    year: i64,
) -> Result<Vec<(String, String, String)>, Error> {
    let one = |row: &Row| Ok((row.text("id")?, row.text("code")?, row.text("name")?));
    tx.query(MEMBERS, &[&id, &year])?.iter().map(one).collect()
}

/// Id, name and year of the unit's groups.
pub(crate) fn groups_of(tx: &mut Tx<'_>, unit: &str) -> Result<Vec<(String, String, i64)>, Error> {
    let one = |row: &Row| Ok((row.text("id")?, row.text("name")?, row.int("fiscal_year")?));
    tx.query(GROUPS_OF, &[&unit])?.iter().map(one).collect()
}

/// Makes a group; false where the name is taken.
pub(crate) fn make(tx: &mut Tx<'_>, id: &str, region: &str, name: &str) -> Result<bool, Error> {
    if tx.find(GROUP_NAMED, &[&region, &name])?.is_some() {
        return Ok(false);
    }
    tx.execute_one(MAKE_GROUP, &[&id, &region, &name])?;
    Ok(true)
}

/// Puts a unit into the group for a year; whether it was not in it.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    (group, unit): (&str, &str),
    year: i64,
    region: &str,
) -> Result<bool, Error> {
    let touched = tx.execute(ADD_MEMBER, &[&group, &unit, &year, &region])?;
    Ok(touched == 1)
}

/// Takes a unit out of the group for a year; whether it was in it.
pub(crate) fn remove(
    tx: &mut Tx<'_>,
    (group, unit): (&str, &str),
    year: i64,
) -> Result<bool, Error> {
    let touched = tx.execute(REMOVE_MEMBER, &[&group, &unit, &year])?;
    Ok(touched == 1)
}
