//! 绩效目标 as it is filled, kept, compared and commented on: drafts, the edit page, snapshots of
//! what was submitted, the differences between them, and comments at single fields.

mod adjustment;
mod begin;
mod beside;
mod blocks;
mod coach;
mod columns;
mod comment;
pub(crate) mod compare;
mod conflict;
mod copies;
mod diff;
mod draft;
mod edit;
mod editions;
mod event;
pub(crate) mod export;
pub(crate) mod import;
mod library;
mod notes;
mod print;
pub(crate) mod program;
mod reached;
mod save;
mod sheet;
mod sheet_back;
mod snapshot;
mod store;
#[cfg(test)]
mod tests;
mod typed;
mod unit_files;
mod versions;
mod view;
mod words;
mod workbook;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use db::{IsConflict, Tx};
use domain::content::Content;
use domain::permission::{Action, Actor};
use domain::rulepack::RulePack;
use domain::workflow::RecordKind;

use crate::permission::{Refused, demand};
use crate::serve::{Access, Route};
use crate::workflow;
use store::record::{self, Record};

pub(crate) use adjustment::settle_adjustment;
pub(crate) use begin::begin_for_money;
pub(crate) use beside::{Beside, beside};
pub(crate) use snapshot::{Why, form_findings, keep_snapshot};

/// The kind of record that is filled here.
const KIND: &str = "performance_target";

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = form_routes();
    routes.extend(edition_routes());
    routes.extend(help_routes());
    routes.extend(file_routes());
    routes
}

/// The editions of a target.
fn edition_routes() -> [Route; 2] {
    [
        Route::new(
            "/targets/{id}/adjustment",
            "/targets/t-20/adjustment",
            Access::Record(Action::Submit),
            get(adjustment::form).post(adjustment::open),
        ),
        Route::new(
            "/targets/{id}/editions",
            "/targets/t-20/editions",
            Access::Record(Action::View),
            get(editions::show),
        ),
    ]
}

/// What helps to fill: the library, other targets, and what was reached.
fn help_routes() -> Vec<Route> {
    vec![
        Route::new(
            "/targets/{id}/library",
            "/targets/t-20/library",
            Access::Record(Action::Fill),
            get(library::show).post(library::leave),
        ),
        Route::new(
            "/targets/{id}/library/choice",
            "/targets/t-20/library/choice",
            Access::Record(Action::Fill),
            post(library::take),
        ),
        Route::new(
            "/targets/{id}/copies",
            "/targets/t-20/copies",
            Access::Record(Action::Fill),
            get(copies::show).post(copies::take),
        ),
        Route::new(
            "/targets/{id}/copies/page",
            "/targets/t-20/copies/page",
            Access::Record(Action::Fill),
            post(copies::leave),
        ),
        Route::new(
            "/targets/{id}/reached",
            "/targets/t-20/reached",
            Access::Record(Action::Fill),
            get(reached::show),
        ),
    ]
}

/// All targets of a unit in one file.
fn file_routes() -> Vec<Route> {
    vec![
        Route::new(
            "/targets/files",
            "/targets/files",
            Access::May(Action::Export),
            get(unit_files::show),
        ),
        Route::new(
            "/targets/files/workbook",
            "/targets/files/workbook?unit=101",
            Access::May(Action::Export),
            get(unit_files::download),
        ),
        Route::new(
            "/targets/files/import",
            "/targets/files/import",
            Access::May(Action::Fill),
            // The guard around all routes limits the body, and each file has its own limit.
            post(unit_files::preview).layer(DefaultBodyLimit::disable()),
        ),
        Route::new(
            "/targets/files/import/{id}",
            "/targets/files/import/i-1",
            Access::May(Action::Fill),
            post(unit_files::confirm),
        ),
    ]
}

/// The form of a target, and what is said of it.
fn form_routes() -> Vec<Route> {
    vec![
        Route::new(
            "/targets",
            "/targets",
            Access::May(Action::Fill),
            get(begin::form).post(begin::begin),
        ),
        Route::new(
            "/targets/{id}",
            "/targets/t-20",
            Access::Record(Action::View),
            get(view::show),
        ),
        Route::new(
            "/targets/{id}/print",
            "/targets/t-20/print",
            Access::Record(Action::View),
            get(print::show),
        ),
        Route::new(
            "/targets/{id}/edit",
            "/targets/t-20/edit",
            Access::Record(Action::Fill),
            get(edit::show).post(save::save),
        ),
        Route::new(
            "/targets/{id}/draft",
            "/targets/t-20/draft",
            Access::Record(Action::Fill),
            post(draft::keep),
        ),
        Route::new(
            "/targets/{id}/workbook",
            "/targets/t-20/workbook",
            Access::Record(Action::Fill),
            get(workbook::download).post(workbook::upload),
        ),
        Route::new(
            "/targets/{id}/workbook/choice",
            "/targets/t-20/workbook/choice",
            Access::Record(Action::Fill),
            post(workbook::take),
        ),
        Route::new(
            "/targets/{id}/workbook/returned",
            "/targets/t-20/workbook/returned",
            Access::Record(Action::Fill),
            post(workbook::returned),
        ),
        Route::new(
            "/records/{kind}/{id}/diff",
            "/records/performance_target/t-20/diff",
            Access::Record(Action::View),
            get(diff::show),
        ),
        Route::new(
            "/targets/{id}/comments",
            "/targets/t-20/comments",
            Access::Record(Action::Review),
            post(comment::write),
        ),
        Route::new(
            "/targets/{id}/comments/{comment}/removal",
            "/targets/t-20/comments/c-1/removal",
            Access::Record(Action::Review),
            post(comment::take_back),
        ),
    ]
}

pub(crate) use store::pieces::{keep_missing as keep_missing_pieces, keep_name};

/// Keeps the pieces of everything that has none yet, some at a time, so that others can write in
/// between. Until it is done, what it has not come to is not found.
pub(crate) async fn keep_all_pieces(db: db::Db) {
    const SOME: i64 = 500;
    loop {
        match db.write(|tx| keep_missing_pieces(tx, SOME)).await {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "pieces of goals and names were not kept");
                break;
            }
        }
    }
}

/// Why a transaction of this feature stops.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What the person is told.
    Told(web::Error),
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
            Stop::Database(error) => error.into(),
        }
    }
}

/// The target, if the actor may do this to it.
fn demanded(tx: &mut Tx<'_>, actor: &Actor, action: Action, id: &str) -> Result<Record, Stop> {
    demand(tx, actor, action, KIND, id)?;
    Ok(record::find(tx, id)?.ok_or(Refused::NotFound)?)
}

/// Demands that the actor may change the target's content as it stands: the rule pack that it is
/// filled by.
fn demand_edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    record: &Record,
    now: &str,
) -> Result<&'static RulePack, Stop> {
    Ok(demand_standing(tx, actor, record, now)?.pack)
}

/// As [`demand_edit`]: how the target stands.
fn demand_standing(
    tx: &mut Tx<'_>,
    actor: &Actor,
    record: &Record,
    now: &str,
) -> Result<workflow::Read, Stop> {
    let version = u64::try_from(record.version).unwrap_or_default();
    let kind = RecordKind::PerformanceTarget;
    Ok(workflow::edit_allowed(
        tx, kind, &record.id, version, actor, now,
    )?)
}

/// The rule pack that the target is filled by, if the actor may change its content as it stands.
fn may_edit(
    tx: &mut Tx<'_>,
    actor: &Actor,
    record: &Record,
    now: &str,
) -> Result<Option<&'static RulePack>, Stop> {
    match demand_edit(tx, actor, record, now) {
        Ok(pack) => Ok(Some(pack)),
        Err(Stop::Told(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The content of a text that was kept.
fn parsed(text: &str) -> Result<Content, Stop> {
    Ok(Content::parse(text)?)
}
