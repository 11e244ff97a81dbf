//! The sample city 绵竹市 2020, made by a deterministic generator from published counts.
//!
//! The counts are the city's (domain reference §6); units, projects, amounts and results are made
//! up so that they could be a county-level city's, and every record says so. Nothing in here reads
//! a clock or chance: two loads are equal row for row.

mod actual;
mod bank;
mod city;
mod dice;
mod ex_ante;
#[cfg(test)]
mod form_tests;
mod framework;
mod key_evaluation;
mod money;
mod monitoring;
mod organisation;
mod register;
mod rows;
mod self_evaluation;
mod store;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use db::{Db, IsConflict};
use domain::rulepack::builtin;
use domain::scoring::{ObjectKind, Refusal};

use rows::Rows;

use crate::{audit, indicator_library, workflow};

/// 绵竹市.
const REGION: &str = "510683";

/// Where every record comes from.
const PROVENANCE: &str = "由公开数量还原的样例，不是真实记录";

/// The rule pack that the sample is scored with.
const RULES: &str = "mianzhu-2020";

/// What `setting` says of a database that holds this sample.
const NAME: &str = "绵竹市2020";

/// When the tests load it.
#[cfg(test)]
const NOW: &str = "2021-01-04T09:00:00+08:00";

/// What was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    /// First-level units.
    pub(crate) units: usize,
    /// Projects and policies.
    pub(crate) projects: usize,
    /// Rows in all tables.
    pub(crate) rows: usize,
}

/// Why the sample was not loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The database is in use.
    #[error("数据库里已有单位数据，不能再装入样例城市：请换一个空的数据目录")]
    NotEmpty,
    /// The sample breaks a rule of scoring.
    #[error(transparent)]
    Score(#[from] Refusal),
    /// A receipt cannot be written.
    #[error(transparent)]
    Receipt(#[from] serde_json::Error),
    /// The database fails; the cause is for the log.
    #[error("样例城市没有装入，数据库出错：{0}")]
    Database(#[from] db::Error),
}

impl IsConflict for Error {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

/// Loads the sample into an empty database at `clock`: all of it or nothing.
///
/// # Errors
/// A database that holds units already, or that fails.
pub(crate) fn load(db: &Db, clock: &str) -> Result<Summary, Error> {
    if has_units(db)? {
        return Err(Error::NotEmpty);
    }
    let (rows, summary) = generate()?;
    let rows = Arc::new(rows);
    let clock = clock.to_owned();
    let counts = serde_json::json!({
        "sample": NAME,
        "units": summary.units,
        "projects": summary.projects,
        "rows": summary.rows,
    });
    db.write_blocking(move |tx| {
        if tx.one(store::COUNT_UNITS, &[])?.int("found")? > 0 {
            return Err(Error::NotEmpty);
        }
        tx.execute_one(store::INSERT_SAMPLE, &[&NAME])?;
        rows.write(tx)?;
        workflow::choose_pack(tx, RULES)?;
        workflow::refresh_items(tx, &clock)?;
        crate::target::keep_missing_pieces(tx, i64::from(i32::MAX))?;
        indicator_library::load_common(tx, REGION, &clock)?;
        let change = audit::Change {
            actor: audit::SYSTEM,
            action: "sample_loaded",
            record: ("region", REGION),
            before: None,
            after: Some(&counts),
        };
        audit::append(tx, REGION, &clock, &change)?;
        Ok(summary)
    })
}

/// Whether the database holds this sample.
///
/// # Errors
/// The database fails.
pub(crate) fn is_loaded(db: &Db) -> Result<bool, Error> {
    let found = db.read_blocking(|tx| tx.find(store::FIND_SAMPLE, &[]))?;
    Ok(match found {
        Some(row) => row.text("value")? == NAME,
        None => false,
    })
}

fn has_units(db: &Db) -> Result<bool, Error> {
    let count = db.read_blocking(|tx| tx.one(store::COUNT_UNITS, &[])?.int("found"))?;
    Ok(count > 0)
}

/// All rows in the order in which they are written.
fn generate() -> Result<(Rows, Summary), Error> {
    let pack = builtin(RULES).expect("the pack is brought along");
    let mut city = city::city();
    let mut rows = Rows::default();
    organisation::write(&mut rows, &city);
    money::write(&mut rows, &city);
    target::write(&mut rows, &mut city);
    ex_ante::write(&mut rows, &city, pack);
    monitoring::write(&mut rows, &city, pack);
    let outcomes = self_evaluation::write(&mut rows, &city, pack)?;
    key_evaluation::write(&mut rows, &city, pack, &outcomes)?;
    register::write(&mut rows, &city);
    let objects = city.objects.iter();
    let summary = Summary {
        units: city.units.len(),
        projects: objects
            .filter(|object| object.kind != ObjectKind::Department)
            .count(),
        rows: rows.len(),
    };
    Ok((rows, summary))
}
