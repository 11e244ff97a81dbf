//! 长任务: work that takes longer than a moment runs outside of the request. Its row says who asked
//! for it, how far it is and what came of it; the person may leave the page and come back.

mod change;
mod file;
mod limits;
mod list;
mod offer;
mod progress;
mod run;
mod show;
mod store;
#[cfg(test)]
mod tests;
mod words;
pub(crate) mod worker;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use db::Tx;
use tokio::sync::Notify;
use web::Error;

pub(crate) use limits::Limits;
pub(crate) use offer::Offer;
pub(crate) use progress::{Progress, Stop};
pub(crate) use run::{Product, Task, finish};

use crate::audit::{self, Change};
use crate::serve::{Access, App, Person, Route, now_text};

/// Jobs of one person that have not ended.
///
/// House rule: whoever waits for more has lost sight of them; the others wait as well.
const MOST_OPEN: i64 = 5;

/// The feature's routes. Each shows and changes the person's own alone.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new("/jobs", "/jobs", Access::Person, get(list::show)),
        Route::new("/jobs/{id}", "/jobs/none", Access::Person, get(show::show)),
        Route::new(
            "/jobs/{id}/file",
            "/jobs/none/file",
            Access::Person,
            get(file::save),
        ),
        Route::new(
            "/jobs/{id}/cancellation",
            "/jobs/none/cancellation",
            Access::Person,
            post(change::cancel),
        ),
        Route::new(
            "/jobs/{id}/repetition",
            "/jobs/none/repetition",
            Access::Person,
            post(change::repeat),
        ),
    ]
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A list as a file.
    ListExport,
    /// What becomes of each row of a list of units.
    UnitPreview,
    /// A list of units is written.
    UnitImport,
    /// The annual statement as a file.
    Statement,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::ListExport,
        Self::UnitPreview,
        Self::UnitImport,
        Self::Statement,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::ListExport => "list_export",
            Self::UnitPreview => "unit_preview",
            Self::UnitImport => "unit_import",
            Self::Statement => "statement",
        }
    }

    fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What this process knows of jobs.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    /// From where on work is a job.
    pub(crate) limits: Limits,
    /// Tells the workers that there is something to do.
    wake: Notify,
    /// What this process works on.
    running: Mutex<BTreeMap<String, Arc<Progress>>>,
}

impl Jobs {
    /// Nothing to do yet.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// With the limits that the process was started with.
    pub(crate) fn of_process() -> Self {
        Self::new(Limits::of_process())
    }

    fn start(&self, id: &str) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(id.to_owned(), Arc::clone(&progress));
        progress
    }

    fn end(&self, id: &str) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(id);
    }

    fn progress(&self, id: &str) -> Option<Arc<Progress>> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(id).map(Arc::clone)
    }

    /// The ids of what this process works on.
    fn running(&self) -> Vec<String> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.keys().cloned().collect()
    }
}

/// A job that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct New {
    /// What is done.
    pub(crate) kind: Kind,
    /// What comes of it, for its reader: 2020年项目与部门.xlsx.
    pub(crate) title: String,
    /// What its feature needs to know, as JSON.
    pub(crate) parameters: String,
}

/// Puts the job into the queue, and leads to its page.
///
/// # Errors
/// The person has too many already; no randomness; or the database fails.
pub(crate) async fn ask(app: &App, person: &Person, new: New) -> Result<Response, Error> {
    let id = web::token::secret()?;
    let (key, asker, now) = (id.clone(), person.clone(), now_text());
    let is_taken = app
        .db
        .write(move |tx| queue(tx, &asker, (&key, &now), &new))
        .await?;
    if !is_taken {
        return Err(Error::Refused(format!(
            "您已有 {MOST_OPEN} 项长任务没有结束：请在“我的长任务”里等它们完成，或取消不要的"
        )));
    }
    app.jobs.wake.notify_one();
    Ok(Redirect::to(&format!("/jobs/{id}")).into_response())
}

/// Whether there is room for the job, which is written then.
fn queue(
    tx: &mut Tx<'_>,
    person: &Person,
    (id, now): (&str, &str),
    new: &New,
) -> Result<bool, db::Error> {
    if store::count_open(tx, &person.account)? >= MOST_OPEN {
        return Ok(false);
    }
    store::insert(tx, (&person.actor.region, &person.account), (id, now), new)?;
    let after = serde_json::json!({"kind": words::kind(new.kind.name()), "name": new.title});
    let change = Change {
        actor: &person.login,
        action: "job_asked",
        record: ("job", id),
        before: None,
        after: Some(&after),
    };
    audit::record(tx, now, &change)?;
    Ok(true)
}
