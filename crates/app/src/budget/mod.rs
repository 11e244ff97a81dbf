//! 预算: lists of budget lines and of payments, imported from what other systems and people file;
//! the project library, the gate before money is given out, and what the congress gets.

mod enter;
pub(crate) mod gate;
#[cfg(test)]
mod gate_tests;
pub(crate) mod import;
pub(crate) mod labels;
pub(crate) mod layout;
mod library;
mod package;
mod page;
mod paid;
mod project;
mod store;
mod supplement;
#[cfg(test)]
mod tests;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::{get, post};
use db::IsConflict;
use domain::permission::Action;

use crate::organisation::import_page::Sent;
use crate::permission::Refused;
use crate::serve::{Access, App, Frame, Person, Route, Signed};
use crate::workflow;
use labels::Kind;
use page::Nothing;

pub(crate) use library::{LIST, SOURCE};
pub(crate) use store::gate::{Line as GateLine, lines_of};

/// Why a transaction of this feature stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What the person is told.
    Told(web::Error),
    /// Somebody was quicker; a Chinese sentence that says what to do.
    Conflict(String),
    /// The database failed.
    Database(db::Error),
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
        match error {
            workflow::Error::Database(error) => Self::Database(error),
            told @ workflow::Error::Refused(_) => Self::Told(told.into()),
        }
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Told(web::Error::internal(&error))
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
            Stop::Conflict(sentence) => Self::Refused(sentence),
            Stop::Database(error) => error.into(),
        }
    }
}

/// A new id that begins with the letter of its kind.
fn new_id(letter: &str) -> Result<String, web::Error> {
    let secret = web::token::secret()?;
    Ok(format!("{letter}-{}", secret.get(..16).unwrap_or(&secret)))
}

/// The feature's routes: the library and its gate, the package, and the imports.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = import_routes();
    routes.extend(library_routes());
    routes.extend(package::routes());
    routes
}

/// The library, its projects and their lines.
fn library_routes() -> [Route; 7] {
    [
        Route::new(
            "/budget",
            "/budget",
            Access::May(Action::View),
            get(library::show),
        ),
        Route::new(
            "/budget.xlsx",
            "/budget.xlsx",
            Access::May(Action::Export),
            get(library::workbook),
        ),
        Route::new(
            "/budget.csv",
            "/budget.csv",
            Access::May(Action::Export),
            get(library::csv),
        ),
        Route::new(
            "/budget/projects",
            "/budget/projects",
            Access::May(Action::Fill),
            get(enter::form).post(enter::enter),
        ),
        Route::new(
            "/budget/projects/{id}",
            "/budget/projects/o-1",
            Access::Record(Action::View),
            get(project::show).post(enter::add_line),
        ),
        Route::new(
            "/budget/lines/{id}/release",
            "/budget/lines/b-2/release",
            Access::Record(Action::EnterBudget),
            post(gate::release_line),
        ),
        Route::new(
            "/budget/lines/{id}/withholding",
            "/budget/lines/b-2/withholding",
            Access::Record(Action::EnterBudget),
            post(gate::withhold_line),
        ),
    ]
}

/// What the budget office imports, and what the treasury imports.
fn import_routes() -> Vec<Route> {
    let upload = |kind: Kind| {
        // The guard around all routes limits the body, and each file has its own limit.
        get(move |frame: Frame| async move { page::form(kind, frame) })
            .post(
                move |State(app): State<App>, person: Person, frame: Frame, sent: Sent| {
                    page::preview(kind, app, (person, frame), sent)
                },
            )
            .layer(DefaultBodyLimit::disable())
    };
    let confirm = |kind: Kind| {
        post(
            move |State(app): State<App>,
                  person: Person,
                  frame: Frame,
                  Path(id): Path<String>,
                  Signed(Nothing {}): Signed<Nothing>| {
                page::confirm(kind, app, (person, frame), id)
            },
        )
    };
    vec![
        Route::new(
            "/budget/import",
            "/budget/import",
            Access::May(Action::ImportBudget),
            upload(Kind::Budget),
        ),
        Route::new(
            "/budget/import/{id}",
            "/budget/import/x",
            Access::May(Action::ImportBudget),
            confirm(Kind::Budget),
        ),
        Route::new(
            "/execution/import",
            "/execution/import",
            Access::May(Action::ImportExecution),
            upload(Kind::Execution),
        ),
        Route::new(
            "/execution/import/{id}",
            "/execution/import/x",
            Access::May(Action::ImportExecution),
            confirm(Kind::Execution),
        ),
    ]
}
