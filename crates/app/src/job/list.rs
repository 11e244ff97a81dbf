//! A person's long work, the newest first.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use web::query::{Cursor, Query as Address};
use web::{Error, Shell};

use super::show::View;
use super::store;
use crate::serve::{App, Frame, Person, now_text};

/// Jobs of a page.
const ROWS: i64 = 50;

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    after: String,
}

#[derive(Template)]
#[template(path = "job/list.html")]
struct ListPage {
    shell: Shell,
    jobs: Vec<View>,
    /// Whether one of them has not ended.
    is_busy: bool,
    first: Option<String>,
    next: Option<String>,
}

/// `GET /jobs`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let after = Cursor::parse(&chosen.after);
    let is_first = after.is_none();
    let mut jobs = app
        .db
        .read(move |tx| {
            let after = after.as_ref().map_or(("", ""), |it| (&*it.key, &*it.id));
            store::page(tx, &person.account, after, ROWS + 1)
        })
        .await?;
    let has_more = jobs.len() > usize::try_from(ROWS)?;
    jobs.truncate(usize::try_from(ROWS)?);
    let address = Address::new().with("year", frame.shell.year.to_string());
    let next = jobs.last().filter(|_| has_more).map(|last| {
        let (key, id) = (last.asked_at.clone(), last.id.clone());
        let cursor = Cursor { key, id }.to_text();
        address.clone().with("after", cursor).at("/jobs")
    });
    let now = now_text();
    web::page(&ListPage {
        is_busy: jobs.iter().any(store::Job::is_open),
        jobs: jobs
            .into_iter()
            .map(|job| View::new(&app, job, &now))
            .collect(),
        first: (!is_first).then(|| address.at("/jobs")),
        next,
        shell: frame.shell,
    })
}
