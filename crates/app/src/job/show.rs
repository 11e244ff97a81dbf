//! One job: how far it is, what is being done, and what came of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use web::{Error, Shell};

use super::store::{self, Job};
use super::words;
use crate::notice::minute;
use crate::serve::{App, Frame, Person, now_text, seconds_between};

/// Seconds of work before the rest of it is guessed.
const GUESS_AFTER_SECONDS: i64 = 2;

/// A job as its page and the list print it.
pub(super) struct View {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) title: String,
    pub(super) state: String,
    pub(super) state_word: &'static str,
    pub(super) step: String,
    pub(super) done: i64,
    /// 0 while it is not known.
    pub(super) total: i64,
    pub(super) percent: i64,
    pub(super) message: String,
    pub(super) asked_at: String,
    pub(super) took: String,
    /// What is left, guessed from what is done; empty where nothing can be said.
    pub(super) left: String,
    pub(super) ended_at: String,
    pub(super) link: String,
    /// The file's name, its size, and until when it is kept.
    pub(super) file: Option<(String, String, String)>,
}

impl View {
    pub(super) fn new(app: &App, job: Job, now: &str) -> Self {
        // What this process works on is newer in its memory than in the row.
        let (step, done, total) = match app.jobs.progress(&job.id) {
            Some(progress) if job.state == "running" => {
                let (step, done, total) = progress.now();
                (step.to_owned(), done, total)
            }
            _ => (job.step.clone(), job.done, job.total),
        };
        let until = job.ended_at.as_deref().unwrap_or(now);
        let began = job.started_at.as_deref();
        let seconds = began.and_then(|began| seconds_between(began, until));
        let left = seconds
            .filter(|seconds| *seconds >= GUESS_AFTER_SECONDS && done > 0 && total > done)
            .filter(|_| job.state == "running")
            .map(|seconds| seconds.saturating_mul(total - done) / done + 1);
        let file = job.file.as_ref().map(|file| {
            (
                file.name.clone(),
                words::size(file.bytes),
                minute(&file.expires_at),
            )
        });
        Self {
            kind: words::kind(&job.kind),
            state_word: words::state(&job.state),
            percent: if total > 0 {
                (done.saturating_mul(100) / total).min(100)
            } else {
                0
            },
            asked_at: minute(&job.asked_at),
            took: seconds.map_or(String::new(), words::duration),
            left: left.map_or(String::new(), words::duration),
            ended_at: job.ended_at.as_deref().map(minute).unwrap_or_default(),
            id: job.id,
            title: job.title,
            state: job.state,
            message: job.message,
            link: job.link,
            step,
            done,
            total,
            file,
        }
    }

    /// Whether it waits or is worked on.
    pub(super) fn is_open(&self) -> bool {
        matches!(&*self.state, "waiting" | "running")
    }

    /// Whether there is nothing to open, and the same can be asked for again.
    fn is_repeatable(&self) -> bool {
        !self.is_open() && self.file.is_none() && self.link.is_empty()
    }
}

#[derive(Template)]
#[template(path = "job/show.html")]
struct ShowPage {
    shell: Shell,
    job: View,
    /// How many come before it, while it waits.
    ahead: i64,
}

/// `GET /jobs/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let found = app
        .db
        .read(move |tx| {
            let Some(job) = store::find(tx, &person.account, &id)? else {
                return Ok::<_, db::Error>(None);
            };
            let ahead = if job.state == "waiting" {
                store::ahead(tx, &job)?
            } else {
                0
            };
            Ok(Some((job, ahead)))
        })
        .await?;
    // Another person's job is as if there were none.
    let (job, ahead) = found.ok_or(Error::NotFound)?;
    web::page(&ShowPage {
        job: View::new(&app, job, &now_text()),
        ahead,
        shell: frame.shell,
    })
}
