//! 预算: lists of budget lines and of payments, imported from what other systems and people file.

pub(crate) mod import;
pub(crate) mod labels;
pub(crate) mod layout;
mod page;
mod paid;
mod store;
#[cfg(test)]
mod tests;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::routing::{get, post};
use domain::permission::Action;

use crate::organisation::import_page::Sent;
use crate::serve::{Access, App, Frame, Person, Route, Signed};
use labels::Kind;
use page::Nothing;

/// The feature's routes: what the budget office imports, and what the treasury imports.
pub(crate) fn routes() -> Vec<Route> {
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
