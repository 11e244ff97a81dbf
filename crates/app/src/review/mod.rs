//! 绩效目标审核: the reviewer's form and what follows from its grade, 会审 as a meeting, and the
//! board of how far every target has come.

mod act;
mod form;
mod grade;
mod meeting;
mod page;
mod progress;
mod screen;
mod store;
#[cfg(test)]
mod tests;
mod typed;

use axum::routing::{get, post};
use db::{IsConflict, Tx};
use domain::permission::{Action, PersonId};
use domain::workflow::Moved;

use crate::permission::Refused;
use crate::serve::{Access, Route};
use crate::workflow;
use store::{agenda as agenda_store, form as form_store};

pub(crate) use progress::{LIST, SOURCE};
pub(crate) use store::form::{FormOfStep, agreed, decisive, of_step as forms_of_step};
pub(crate) use store::progress::has_to_file;

/// The kind of record that is reviewed here.
const KIND: &str = "performance_target";

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    const REVIEWER: Access = Access::Record(Action::Review);
    let mut routes = vec![
        Route::new(
            "/targets/{id}/review",
            "/targets/t-20/review",
            REVIEWER,
            get(page::show).post(page::send),
        ),
        Route::new(
            "/targets/{id}/review/grade",
            "/targets/t-20/review/grade",
            Access::May(Action::Review),
            post(grade::show),
        ),
        Route::new(
            "/targets/{id}/review/forms/{form}",
            "/targets/t-20/review/forms/v-1",
            Access::Record(Action::View),
            get(form::show),
        ),
        Route::new(
            "/targets/progress",
            "/targets/progress",
            Access::May(Action::View),
            get(progress::show),
        ),
        Route::new(
            "/targets/progress.xlsx",
            "/targets/progress.xlsx",
            Access::May(Action::Export),
            get(progress::workbook),
        ),
    ];
    routes.extend(meeting::routes());
    routes
}

/// What a move of a target means for its forms and for the meeting that it is dealt with in, in the
/// transaction of the move: the form that it was graded with is known as such, and what is taken
/// back waits again.
///
/// # Errors
/// The database fails.
pub(crate) fn settle_decision(
    tx: &mut Tx<'_>,
    (target, person): (&str, &PersonId),
    moved: &Moved,
) -> Result<(), db::Error> {
    match (moved.fact, moved.state.name()) {
        ("approved", "reviewed") => {
            form_store::decide_with(tx, target, moved.from.name(), &person.0)
        }
        ("decision_withdrawn", _) => {
            form_store::undecide(tx, target)?;
            agenda_store::reopen(tx, target)
        }
        _ => Ok(()),
    }
}

/// Why a transaction of this feature stops.
#[derive(Debug)]
enum Stop {
    /// What the person is told on a page of its own.
    Told(web::Error),
    /// What is told above the form, which keeps what was typed.
    Unfit(Vec<String>),
    /// The database failed.
    Database(db::Error),
}

impl Stop {
    fn unfit(sentence: impl Into<String>) -> Self {
        Self::Unfit(vec![sentence.into()])
    }
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Database(error) => Self::Database(error),
            told => Self::Told(told.into()),
        }
    }
}

impl From<workflow::Error> for Stop {
    fn from(error: workflow::Error) -> Self {
        use domain::workflow::Refusal;
        match error {
            workflow::Error::Database(error) => Self::Database(error),
            told @ workflow::Error::Refused(Refusal::NotFound | Refusal::NotYours(_)) => {
                Self::Told(told.into())
            }
            workflow::Error::Refused(refusal) => Self::unfit(refusal.to_string()),
        }
    }
}

impl IsConflict for Stop {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

impl From<Stop> for web::Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Told(error) => error,
            Stop::Unfit(sentences) => Self::Refused(sentences.join("；")),
            Stop::Database(error) => error.into(),
        }
    }
}
