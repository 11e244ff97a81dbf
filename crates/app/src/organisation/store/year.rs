//! Years that can be chosen, and what a year takes over from the one before.

use db::{Error, Tx};

db::statements! {
    INSERT_YEAR = "INSERT INTO fiscal_year (region_code, year) VALUES ($1, $2) \
                   ON CONFLICT (region_code, year) DO NOTHING";
    NEWEST_YEAR = "SELECT MAX(year) AS year FROM fiscal_year WHERE region_code = $1";
    CARRY_SECTIONS = "INSERT INTO unit_section (unit_id, region_code, fiscal_year, section_id) \
                      SELECT s.unit_id, s.region_code, CAST($2 AS BIGINT), s.section_id \
                      FROM unit_section s WHERE s.region_code = $1 AND s.fiscal_year = \
                      (SELECT MAX(b.fiscal_year) FROM unit_section b \
                      WHERE b.unit_id = s.unit_id AND b.fiscal_year < $2) \
                      AND NOT EXISTS (SELECT 1 FROM unit_section n \
                      WHERE n.unit_id = s.unit_id AND n.fiscal_year = $2)";
}

/// Makes the year one that can be chosen. A year that is opened takes over which section each unit
/// belongs to; how many units, or none where the year was open already.
///
/// House rule: units keep their section until somebody says otherwise. Without it nobody would see
/// the new year's records in a section's lists.
pub(crate) fn open(tx: &mut Tx<'_>, region: &str, year: i64) -> Result<Option<u64>, Error> {
    if tx.execute(INSERT_YEAR, &[&region, &year])? == 0 {
        return Ok(None);
    }
    tx.execute(CARRY_SECTIONS, &[&region, &year]).map(Some)
}

/// Opens the year if it is the one after the newest and no later than the one after `now`: the
/// first target of a coming year is begun before its budget is imported.
///
/// House rule: whoever fills a target opens no year that nobody budgets for yet, one after another.
pub(crate) fn open_next(tx: &mut Tx<'_>, region: &str, year: i64, now: &str) -> Result<(), Error> {
    let newest = tx.one(NEWEST_YEAR, &[&region])?.opt_int("year")?;
    let this = now.get(..4).and_then(|year| year.parse::<i64>().ok());
    let is_near = this.is_some_and(|this| year <= this + 1);
    if is_near && newest.is_some_and(|newest| newest + 1 == year) {
        open(tx, region, year)?;
    }
    Ok(())
}
