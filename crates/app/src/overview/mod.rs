//! 总览: what is due and for whom, coverage by department, and how money and results stand.

pub(crate) mod store;
mod view;

use axum::routing::get;

use crate::serve::Route;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![Route::new("/", "/", get(view::show))]
}
