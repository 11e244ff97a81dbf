//! SQL of the overview.

use db::{Error, Tx};

db::statements! {
    REGION_NAME = "SELECT name FROM region WHERE code = $1";
    YEARS = "SELECT region_code, year FROM fiscal_year ORDER BY year DESC, region_code";
    LAST_PAID = "SELECT MAX(fiscal_year) AS year FROM budget_execution WHERE region_code = $1";
    FIND_SETTING = "SELECT value FROM setting WHERE name = $1";
}

/// The region that this database is of, and the years that it has.
pub(crate) struct Place {
    /// 行政区划代码; empty in a database without data.
    pub(crate) region_code: String,
    /// Its name, or the code where no name is kept.
    pub(crate) region_name: String,
    /// Newest first.
    pub(crate) years: Vec<i64>,
    /// The year that a page shows when none is chosen: the last one with payments, since the next
    /// year's targets alone say little.
    pub(crate) usual_year: Option<i64>,
    /// Whether the data is the sample city's.
    pub(crate) is_sample: bool,
}

/// The region and its years.
pub(crate) fn place(tx: &mut Tx<'_>) -> Result<Place, Error> {
    let rows = tx.query(YEARS, &[])?;
    let region_code = match rows.first() {
        Some(row) => row.text("region_code")?,
        None => String::new(),
    };
    let mut years = Vec::new();
    for row in &rows {
        if row.text("region_code")? == region_code {
            years.push(row.int("year")?);
        }
    }
    let named = tx.find(REGION_NAME, &[&region_code])?;
    let region_name = named.map(|row| row.text("name")).transpose()?;
    let last_paid = tx.one(LAST_PAID, &[&region_code])?.opt_int("year")?;
    Ok(Place {
        usual_year: last_paid.or(years.first().copied()),
        region_name: region_name.unwrap_or_else(|| region_code.clone()),
        is_sample: setting(tx, "sample")?.is_some(),
        region_code,
        years,
    })
}

fn setting(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, Error> {
    tx.find(FIND_SETTING, &[&name])?
        .map(|row| row.text("value"))
        .transpose()
}
