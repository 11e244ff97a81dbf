//! How long events are kept. The program itself removes none: the time is what copies and archives
//! must hold to.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::identity::Change;
use serde::Deserialize;
use web::{Error, Shell};

use super::store;
use crate::identity::{self, Payload, Refused, Wish};
use crate::serve::{App, Frame, Person, Signed, later, now_text};

/// What is kept, and for how long it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Days that events are kept.
    pub(crate) days: u32,
    /// The fewest days that can be chosen.
    pub(crate) least_days: u32,
    /// How many events there are.
    pub(crate) events: i64,
    /// When the first happened.
    pub(crate) first: Option<String>,
    /// How many are older than they must be kept.
    pub(crate) old: i64,
}

/// What is kept at `now` of the region's events.
///
/// # Errors
/// The database fails.
pub(crate) fn kept(tx: &mut Tx<'_>, region: &str, now: &str) -> Result<Kept, db::Error> {
    let days = identity::retention_days(tx)?;
    let moment = later(now, -i64::from(days) * 24 * 60 * 60);
    let (events, first, old) = store::span(tx, region, &moment)?;
    Ok(Kept {
        days,
        least_days: identity::rules(region).audit.least_retention_days,
        events,
        first,
        old,
    })
}

#[derive(Template)]
#[template(path = "audit/retention.html")]
struct RetentionPage {
    shell: Shell,
    kept: Kept,
    error: Option<String>,
    typed: Typed,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    days: String,
    reason: String,
}

/// `GET /audit/retention`
pub(super) async fn form(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    page(&app, frame, None, Typed::default()).await
}

async fn page(
    app: &App,
    frame: Frame,
    error: Option<String>,
    typed: Typed,
) -> Result<Response, Error> {
    let region = frame.region_code.clone();
    let kept = app
        .db
        .read(move |tx| kept(tx, &region, &now_text()))
        .await?;
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = web::page(&RetentionPage {
        shell: frame.shell.at("/audit"),
        kept,
        error,
        typed,
    })?;
    Ok((status, page).into_response())
}

/// `POST /audit/retention`: asks for another time; a second person decides.
pub(super) async fn ask(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    let Ok(days) = typed.days.trim().parse() else {
        let sentence = "保存天数应是一个整数，如 3653。".to_owned();
        return page(&app, frame, Some(sentence), typed).await;
    };
    let secret = web::token::secret()?;
    let id = format!("pc-{}", secret.get(..16).unwrap_or(&secret));
    let (key, wish) = (
        id.clone(),
        Wish {
            change: Change::SetRetention,
            subject: String::new(),
            payload: Payload {
                days: Some(days),
                ..Payload::default()
            },
            reason: typed.reason.clone(),
        },
    );
    let done = app.db.write(move |tx| {
        let who = (&person.actor, &*person.login);
        identity::ask(tx, who, &wish, &key, &now_text())
    });
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/privileged-changes/{id}")).into_response()),
        Err(Refused::Because(sentence)) => page(&app, frame, Some(sentence), typed).await,
        Err(refused) => Err(refused.into()),
    }
}
