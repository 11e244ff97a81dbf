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

/// The routes of the meetings.
pub(super) fn routes() -> Vec<Route> {
    // Who ratifies a grade sits in the meeting: the sections and the performance section.
    const REVIEWER: Access = Access::May(Action::Ratify);
    const ARRANGER: Access = Access::May(Action::Arrange);
    vec![
        Route::new(
            "/joint-reviews",
            "/joint-reviews",
            REVIEWER,
            get(list::show),
        ),
        Route::new(
            "/joint-reviews/new",
            "/joint-reviews/new",
            ARRANGER,
            get(plan::form).post(plan::make),
        ),
        Route::new(
            "/joint-reviews/{id}",
            "/joint-reviews/j-1",
            REVIEWER,
            get(agenda::show),
        ),
        Route::new(
            "/joint-reviews/{id}/plan",
            "/joint-reviews/j-1/plan",
            ARRANGER,
            get(plan::edit).post(plan::change),
        ),
        Route::new(
            "/joint-reviews/{id}/agenda",
            "/joint-reviews/j-1/agenda",
            ARRANGER,
            post(agenda::change),
        ),
        Route::new(
            "/joint-reviews/{id}/state",
            "/joint-reviews/j-1/state",
            ARRANGER,
            post(plan::turn),
        ),
        Route::new(
            "/joint-reviews/{id}/batch",
            "/joint-reviews/j-1/batch",
            ARRANGER,
            post(batch::show),
        ),
        Route::new(
            "/joint-reviews/{id}/decisions",
            "/joint-reviews/j-1/decisions",
            ARRANGER,
            post(batch::decide),
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
