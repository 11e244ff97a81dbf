//! 总览: what is due and for whom, coverage by department, and how money and results stand.

mod charts;
pub(crate) mod due;
mod matrix;
pub(crate) mod store;
#[cfg(test)]
mod tests;
mod view;

use axum::routing::get;
use domain::permission::Action;

use crate::serve::{Access, Route};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![Route::new(
        "/overview",
        "/overview",
        Access::May(Action::ReadStatistics),
        get(view::show),
    )]
}
