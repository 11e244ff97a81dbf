//! Cancelling a job, and asking for the same again.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::Error;

use super::{Kind, New, ask, store, words};
use crate::audit::{self, Change};
use crate::serve::{App, Person, Signed, now_text};

/// What a cancelled job says.
const CANCELLED: &str = "已由您取消，没有留下任何改动";

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /jobs/{id}/cancellation`
pub(super) async fn cancel(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let page = Redirect::to(&format!("/jobs/{id}"));
    let (key, account) = (id.clone(), person.account.clone());
    let found = app
        .db
        .read(move |tx| store::find(tx, &account, &key))
        .await?;
    let job = found.ok_or(Error::NotFound)?;
    // What is under way may hold up the transaction below: it is told first.
    if let Some(progress) = app.jobs.progress(&id) {
        progress.stop();
    }
    let now = now_text();
    app.db
        .write(move |tx| {
            if !store::cancel(tx, &id, &now, CANCELLED)? {
                // It ended in the meantime, and its page says how.
                return Ok::<_, db::Error>(());
            }
            store::drop_pieces(tx, &id)?;
            let before = serde_json::json!({"kind": words::kind(&job.kind), "name": job.title});
            let change = Change {
                actor: &person.login,
                action: "job_cancelled",
                record: ("job", &id),
                before: Some(&before),
                after: None,
            };
            audit::record(tx, &now, &change)
        })
        .await?;
    Ok(page.into_response())
}

/// `POST /jobs/{id}/repetition`: the same again, as a job of its own.
pub(super) async fn repeat(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let account = person.account.clone();
    let found = app
        .db
        .read(move |tx| store::find(tx, &account, &id))
        .await?;
    let job = found.ok_or(Error::NotFound)?;
    let kind = Kind::find(&job.kind).ok_or(Error::NotFound)?;
    if job.is_open() {
        return Err(Error::Refused(
            "这项长任务还没有结束：请等它完成，或先取消".to_owned(),
        ));
    }
    let new = New {
        kind,
        title: job.title,
        parameters: job.parameters,
    };
    ask(&app, &person, new).await
}
