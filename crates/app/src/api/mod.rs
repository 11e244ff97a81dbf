//! 接口: the same records for programs, under `/api/v1`.
//!
//! A program sends a person's token ([`token`]) and may do what that person may, asked at the same
//! one place. It reads JSON, pages by cursor, and is refused with a problem ([`problem`]) whose
//! sentence is Chinese. Every operation stands in the OpenAPI document, and a test compares the
//! document with the table of routes.

mod budget_lines;
mod caller;
#[cfg(test)]
mod command_tests;
mod commands;
mod document;
mod events;
mod input;
mod life;
mod me;
mod metrics;
mod objects;
mod paging;
mod problem;
mod records;
mod self_evaluations;
mod store;
mod target_content;
mod targets;
#[cfg(test)]
mod tests;
mod token;
mod units;
mod work_items;

use axum::routing::{get, post, put};
use domain::permission::Action;

use crate::serve::{Access, Route};

pub(crate) use caller::require_token;
pub(crate) use document::document;
pub(crate) use problem::for_programs;
#[cfg(test)]
pub(crate) use token::{make_token, token_of};

/// The largest body that is read, in bytes: a command with its comment.
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = token::routes();
    routes.extend([
        Route::new(
            "/api/v1/openapi.json",
            "/api/v1/openapi.json",
            Access::Everybody,
            get(document::show),
        ),
        Route::new("/api/v1/me", "/api/v1/me", Access::Person, get(me::find_me)),
        Route::new(
            "/api/v1/regions",
            "/api/v1/regions",
            Access::Person,
            get(me::list_regions),
        ),
        Route::new(
            "/api/v1/units",
            "/api/v1/units?year=2020",
            Access::May(Action::View),
            get(units::list_units),
        ),
        Route::new(
            "/api/v1/objects",
            "/api/v1/objects?year=2020",
            Access::May(Action::View),
            get(objects::list_objects),
        ),
        Route::new(
            "/api/v1/objects/{id}",
            "/api/v1/objects/o-1",
            Access::Record(Action::View),
            get(objects::find_object),
        ),
        Route::new(
            "/api/v1/targets",
            "/api/v1/targets?year=2020",
            Access::May(Action::View),
            get(targets::list_targets),
        ),
        Route::new(
            "/api/v1/targets/{id}",
            "/api/v1/targets/t-20",
            Access::Record(Action::View),
            get(targets::find_target),
        ),
        Route::new(
            "/api/v1/targets/{id}/content",
            "/api/v1/targets/t-20/content",
            Access::Record(Action::Fill),
            put(target_content::put_target_content),
        ),
        Route::new(
            "/api/v1/self-evaluations",
            "/api/v1/self-evaluations?year=2020",
            Access::May(Action::View),
            get(self_evaluations::list_self_evaluations),
        ),
        Route::new(
            "/api/v1/self-evaluations/{id}",
            "/api/v1/self-evaluations/se-1",
            Access::Record(Action::View),
            get(self_evaluations::find_self_evaluation),
        ),
    ]);
    routes.extend(workflow_routes());
    routes.extend(region_routes());
    routes.extend(budget_routes());
    routes
}

/// The budget and its gate.
fn budget_routes() -> [Route; 3] {
    [
        Route::new(
            "/api/v1/objects/{id}/budget-lines",
            "/api/v1/objects/o-1/budget-lines?year=2020",
            Access::Record(Action::View),
            get(budget_lines::list_budget_lines),
        ),
        Route::new(
            "/api/v1/budget-lines/{id}",
            "/api/v1/budget-lines/b-2",
            Access::Record(Action::View),
            get(budget_lines::find_budget_line),
        ),
        Route::new(
            "/api/v1/budget-lines/{id}/release",
            "/api/v1/budget-lines/b-2/release",
            Access::Record(Action::EnterBudget),
            post(budget_lines::release_budget_line),
        ),
    ]
}

/// The way of every kind of record.
fn workflow_routes() -> [Route; 3] {
    [
        Route::new(
            "/api/v1/work-items",
            "/api/v1/work-items",
            Access::Person,
            get(work_items::list_work_items),
        ),
        Route::new(
            "/api/v1/records/{kind}/{id}",
            "/api/v1/records/performance_target/t-20",
            Access::Record(Action::View),
            get(records::find_record),
        ),
        Route::new(
            "/api/v1/records/{kind}/{id}/commands",
            "/api/v1/records/performance_target/t-20/commands",
            Access::Record(Action::View),
            post(commands::command_record),
        ),
    ]
}

/// What is about the region as a whole.
fn region_routes() -> [Route; 3] {
    [
        Route::new(
            "/api/v1/metrics",
            "/api/v1/metrics?year=2020",
            Access::May(Action::ReadStatistics),
            get(metrics::list_metrics),
        ),
        Route::new(
            "/api/v1/metrics/{id}/records",
            "/api/v1/metrics/P3.3/records?year=2020",
            Access::May(Action::ReadStatistics),
            get(metrics::list_metric_records),
        ),
        Route::new(
            "/api/v1/events",
            "/api/v1/events",
            Access::May(Action::ReadAudit),
            get(events::list_events),
        ),
    ]
}
