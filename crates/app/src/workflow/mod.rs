//! 流程: the life of every kind of record, wired to the database and to pages.
//!
//! The rules are [`domain::workflow`]; here a record's standing is read, the engine is asked, and
//! everything that it says is written in one transaction.

mod comment;
mod deadlines;
mod fields;
mod form;
mod hand_over;
mod item;
mod kept;
mod list;
mod page;
mod receipt;
mod round;
mod run;
mod standing;
pub(crate) mod store;
mod submission;
mod telling;
#[cfg(test)]
mod tests;
mod view;
pub(crate) mod words;

use axum::routing::{get, post};
use domain::permission::Action;

use crate::serve::{Access, Route};

pub(crate) use hand_over::hand_over;
pub(crate) use item::{refresh, refresh_items};
pub(crate) use page::address;
pub(crate) use receipt::{forget_sealed, seal_clear};
pub(crate) use run::{Answer, Error, edit_allowed, edited, note_filler, run, run_in_batch};
pub(crate) use standing::{Read, place_pack, read};
pub(crate) use store::deadline::is_closed as is_year_closed;
pub(crate) use store::record::choose_pack;
pub(crate) use view::is_known;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    let record = |path, sample, methods| {
        // A record's desk may name somebody who does not see it by right: the handler asks.
        Route::new(path, sample, Access::Record(Action::View), methods)
    };
    let arrange = |path, methods| Route::new(path, path, Access::May(Action::Arrange), methods);
    vec![
        Route::new("/records", "/records", Access::Person, get(list::show)),
        Route::new(
            "/records/batch",
            "/records/batch",
            Access::Person,
            post(list::batch),
        ),
        record(
            "/records/{kind}/{id}",
            "/records/monitoring/m-1",
            get(page::show),
        ),
        record(
            "/records/{kind}/{id}/commands",
            "/records/monitoring/m-1/commands",
            post(page::command),
        ),
        record(
            "/records/{kind}/{id}/comments",
            "/records/monitoring/m-1/comments",
            post(comment::add),
        ),
        record(
            "/records/{kind}/{id}/comments/{comment}/answer",
            "/records/monitoring/m-1/comments/c-1/answer",
            post(comment::answer),
        ),
        record(
            "/submissions/{number}",
            "/submissions/SB-510683-2020-000001",
            get(submission::show),
        ),
        record(
            "/submissions/{number}/file",
            "/submissions/SB-510683-2020-000001/file",
            get(submission::file),
        ),
        arrange("/deadlines", get(deadlines::show).post(deadlines::set)),
        arrange("/deadlines/reopenings", post(deadlines::reopen)),
        arrange("/deadlines/closures", post(deadlines::close)),
    ]
}
