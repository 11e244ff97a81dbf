//! 会审 as a meeting: its plan and agenda, one screen for each target, many at once, the minutes.
//!
//! House rule: a meeting that is being prepared or held shows its targets to the sections that take
//! part, because they judge them together; what it decides goes through the workflow like every
//! other decision, and becomes the minutes once it is closed.

mod agenda;
mod batch;
mod item;
mod list;
mod minutes;
mod plan;

use axum::routing::{get, post};
use db::Tx;
use domain::permission::Action;

use super::Stop;
use super::store::session::{self, Session, Whose};
use crate::permission::Refused;
use crate::serve::{Access, Person, Route};

// Who ratifies a grade sits in the meeting: the sections and the performance section.
const REVIEWER: Access = Access::May(Action::Ratify);
const ARRANGER: Access = Access::May(Action::Arrange);

/// The routes of the meetings.
pub(super) fn routes() -> Vec<Route> {
    let mut routes = arranging();
    routes.extend([
        Route::new(
            "/joint-reviews",
            "/joint-reviews",
            REVIEWER,
            get(list::show),
        ),
        Route::new(
            "/joint-reviews/{id}",
            "/joint-reviews/j-1",
            REVIEWER,
            get(agenda::show),
        ),
        Route::new(
            "/joint-reviews/{id}/minutes",
            "/joint-reviews/j-1/minutes",
            REVIEWER,
            get(minutes::show),
        ),
        Route::new(
            "/joint-reviews/{id}/minutes.docx",
            "/joint-reviews/j-1/minutes.docx",
            REVIEWER,
            get(minutes::docx),
        ),
        Route::new(
            "/joint-reviews/{id}/targets/{target}",
            "/joint-reviews/j-1/targets/t-20",
            REVIEWER,
            get(item::show).post(item::send),
        ),
        Route::new(
            "/joint-reviews/{id}/targets/{target}/grade",
            "/joint-reviews/j-1/targets/t-20/grade",
            REVIEWER,
            post(item::grade),
        ),
    ]);
    routes
}

/// What the arranger of a meeting does.
fn arranging() -> Vec<Route> {
    let of_one = |path, sample, methods| Route::new(path, sample, ARRANGER, methods);
    vec![
        Route::new(
            "/joint-reviews/new",
            "/joint-reviews/new",
            ARRANGER,
            get(plan::form).post(plan::make),
        ),
        of_one(
            "/joint-reviews/{id}/plan",
            "/joint-reviews/j-1/plan",
            get(plan::edit).post(plan::change),
        ),
        of_one(
            "/joint-reviews/{id}/agenda",
            "/joint-reviews/j-1/agenda",
            post(agenda::change),
        ),
        of_one(
            "/joint-reviews/{id}/state",
            "/joint-reviews/j-1/state",
            post(plan::turn),
        ),
        of_one(
            "/joint-reviews/{id}/batch",
            "/joint-reviews/j-1/batch",
            post(batch::show),
        ),
        of_one(
            "/joint-reviews/{id}/decisions",
            "/joint-reviews/j-1/decisions",
            post(batch::decide),
        ),
        of_one(
            "/joint-reviews/{id}/targets/{target}/withdrawal",
            "/joint-reviews/j-1/targets/t-20/withdrawal",
            post(item::withdraw),
        ),
    ]
}

/// The meeting, if the person may know of it.
fn demanded(tx: &mut Tx<'_>, person: &Person, id: &str) -> Result<Session, Stop> {
    let found = session::find(tx, &Whose::of(&person.actor), id)?;
    Ok(found.ok_or(Refused::NotFound)?)
}

/// The kind of record that a meeting is, in events.
const SESSION: &str = "joint_review_session";

/// Another page changed the meeting meanwhile.
fn stale() -> Stop {
    Stop::unfit("会审刚刚有变动，请刷新页面后再操作。")
}
