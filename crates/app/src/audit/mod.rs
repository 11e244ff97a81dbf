//! 审计: events, written in the transaction of the change that they tell of, and their chain.

mod list;
mod retention;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod verification;
mod words;

use axum::routing::get;
use db::{Error, Tx};
use domain::audit::Algorithm;
use domain::permission::Action;

use crate::overview;
use crate::serve::{Access, Route};

pub(crate) use list::{LIST, SOURCE};
pub(crate) use retention::{Kept, kept};
pub(crate) use store::{Change, append};
pub(crate) use verification::{Outcome, regions, verify};

/// Who acts when no person does.
pub(crate) const SYSTEM: &str = "系统";

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/audit",
            "/audit",
            Access::May(Action::ReadAudit),
            get(list::show),
        ),
        Route::new(
            "/audit.csv",
            "/audit.csv",
            Access::May(Action::ReadAudit),
            get(list::csv),
        ),
        Route::new(
            "/audit.xlsx",
            "/audit.xlsx",
            Access::May(Action::ReadAudit),
            get(list::workbook),
        ),
        Route::new(
            "/audit/retention",
            "/audit/retention",
            Access::May(Action::ReadAudit),
            get(retention::form).post(retention::ask),
        ),
        Route::new(
            "/audit/verification",
            "/audit/verification",
            Access::May(Action::ReadAudit),
            get(list::back).post(list::verify),
        ),
    ]
}

/// The region in whose chain the events of this database are; empty while it has no data.
pub(crate) fn region(tx: &mut Tx<'_>) -> Result<String, Error> {
    Ok(overview::store::place(tx)?.region_code)
}

/// Appends an event to the chain of this database's region.
///
/// # Errors
/// As [`append`].
pub(crate) fn record(tx: &mut Tx<'_>, clock: &str, change: &Change<'_>) -> Result<(), Error> {
    let region = region(tx)?;
    append(tx, &region, clock, change)
}

/// Hashes new events with `algorithm` from now on, and says so in the chain.
///
/// # Errors
/// The database fails.
pub(crate) fn choose_algorithm(
    tx: &mut Tx<'_>,
    clock: &str,
    algorithm: Algorithm,
) -> Result<(), Error> {
    let before = serde_json::json!({"algorithm": store::algorithm(tx)?.name()});
    let after = serde_json::json!({"algorithm": algorithm.name()});
    store::set_algorithm(tx, algorithm)?;
    let change = Change {
        actor: SYSTEM,
        action: "algorithm_chosen",
        record: ("setting", store::ALGORITHM),
        before: Some(&before),
        after: Some(&after),
    };
    record(tx, clock, &change)
}
