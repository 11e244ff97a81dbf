//! 单位: the tree with its history, the second grouping, and the import of unit lists.

mod change;
mod export;
mod group;
pub(crate) mod import;
mod import_job;
pub(crate) mod import_page;
mod list;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod unit;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::organisation::is_day;
use domain::permission::Action;

use crate::serve::{Access, Route, today};

pub(crate) use import_job::{import_job, preview_job};

/// The feature's routes. Everybody may look a unit up: units are no business data.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new("/units", "/units", Access::Person, get(list::show)),
        Route::new("/units.csv", "/units.csv", Access::Person, get(export::csv)),
        Route::new(
            "/units.xlsx",
            "/units.xlsx",
            Access::Person,
            get(export::workbook),
        ),
        Route::new(
            "/units/import",
            "/units/import",
            Access::May(Action::ManageUnits),
            // The guard around all routes limits the body, and each file has its own limit.
            get(import_page::form)
                .post(import_page::preview)
                .layer(DefaultBodyLimit::disable()),
        ),
        Route::new(
            "/units/import/{id}",
            "/units/import/x",
            Access::May(Action::ManageUnits),
            get(import_page::kept).post(import_page::confirm),
        ),
        Route::new("/units/{id}", "/units/u-1", Access::Person, get(unit::show)),
        Route::new(
            "/units/{id}/changes",
            "/units/u-1/changes",
            Access::May(Action::ManageUnits),
            post(change::change),
        ),
        Route::new(
            "/units/{id}/section",
            "/units/u-1/section",
            Access::May(Action::ManageUnits),
            post(change::section),
        ),
        Route::new(
            "/unit-groups",
            "/unit-groups",
            Access::Person,
            get(group::show).post(group::change),
        ),
    ]
}

/// The day that is asked for, else today.
fn day_or_today(asked: &str) -> String {
    if is_day(asked.trim()) {
        asked.trim().to_owned()
    } else {
        today()
    }
}
