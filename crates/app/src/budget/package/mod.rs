//! 报人大: the targets of a year with the department budgets, composed, checked, submitted to the
//! congress, taken back or approved by the bureau's 批复.

mod act;
mod compose;
mod file;
mod list;
mod page;
mod paper;
#[cfg(test)]
mod tests;

use axum::routing::{get, post};
use domain::permission::Action;

use crate::serve::{Access, Route};

/// The feature's routes.
pub(super) fn routes() -> [Route; 8] {
    let enter =
        |path, sample, methods| Route::new(path, sample, Access::May(Action::EnterBudget), methods);
    let read = |path, sample, methods| {
        Route::new(path, sample, Access::May(Action::ReadStatistics), methods)
    };
    [
        read("/npc-packages", "/npc-packages", get(list::show)),
        enter(
            "/npc-packages/submission",
            "/npc-packages/submission",
            post(act::submit),
        ),
        read("/npc-packages/{id}", "/npc-packages/none", get(page::show)),
        read(
            "/npc-packages/{id}/paper",
            "/npc-packages/none/paper",
            get(file::paper),
        ),
        read(
            "/npc-packages/{id}/file",
            "/npc-packages/none/file?format=docx",
            get(file::save),
        ),
        enter(
            "/npc-packages/{id}/approval",
            "/npc-packages/none/approval",
            post(act::approve),
        ),
        enter(
            "/npc-packages/{id}/withdrawal",
            "/npc-packages/none/withdrawal",
            post(act::withdraw),
        ),
        enter(
            "/npc-packages/{id}/exclusions",
            "/npc-packages/none/exclusions",
            post(act::exclude),
        ),
    ]
}

/// The id under which a package that is not submitted yet is looked at.
const DRAFT: &str = "draft";
