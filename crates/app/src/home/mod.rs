//! 首页: what a person has to do, did and began; the calendar of dates, and what is overdue.

mod calendar;
mod list;
mod overdue;
mod page;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod words;

use axum::routing::get;
use domain::permission::Action;

use crate::serve::{Access, Route};

pub(crate) use overdue::{LIST, SOURCE};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new("/", "/", Access::Person, get(page::show)),
        Route::new(
            "/calendar",
            "/calendar",
            Access::Person,
            get(calendar::show),
        ),
        Route::new(
            "/calendar.ics",
            "/calendar.ics",
            Access::Person,
            get(calendar::ics),
        ),
        Route::new(
            "/overdue",
            "/overdue",
            Access::May(Action::View),
            get(overdue::show),
        ),
        Route::new(
            "/overdue.csv",
            "/overdue.csv",
            Access::May(Action::Export),
            get(overdue::csv),
        ),
        Route::new(
            "/overdue.xlsx",
            "/overdue.xlsx",
            Access::May(Action::Export),
            get(overdue::workbook),
        ),
    ]
}
