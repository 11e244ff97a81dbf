//! Logging in begins a session, logging out ends it.

use std::net::SocketAddr;
use std::time::Instant;

use askama::Template;
use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::Error;

use super::{ADMINISTRATOR, account_event, store};
use crate::audit::{self, Change};
use crate::serve::{App, Person, Signed, now_text, text_after};

/// How long a session lasts.
///
/// House rule: one working day with its evening, so that nobody types the password twice a day.
const SESSION_SECONDS: u32 = 12 * 60 * 60;

/// Who tried to log in under a name that is no account's.
const UNKNOWN: &str = "未知账号";

#[derive(Template)]
#[template(path = "login/login.html")]
struct LoginPage {
    name: String,
    next: String,
    failed: bool,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    next: Option<String>,
}

/// `GET /login`
pub(super) async fn form(Query(wanted): Query<Wanted>) -> Result<Response, Error> {
    web::page(&LoginPage {
        name: String::new(),
        next: wanted.next.unwrap_or_default(),
        failed: false,
    })
}

#[derive(Deserialize)]
pub(super) struct Login {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`
pub(super) async fn begin(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Form(login): Form<Login>,
) -> Result<Response, Error> {
    let from = address.ip().to_string();
    app.throttle.check(&from, Instant::now())?;
    let kept = app.db.read(store::find_password_hash).await?;
    let kept = kept.filter(|_| login.name.trim() == ADMINISTRATOR);
    if !fits(&app, login.password, kept).await? {
        app.throttle.failed(&from, Instant::now());
        record_refusal(&app, login.name.trim() == ADMINISTRATOR, address).await?;
        let page = web::page(&LoginPage {
            name: login.name,
            next: login.next,
            failed: true,
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.throttle.succeeded(&from);
    let token = web::token::secret()?;
    let digest = web::token::digest(&token);
    let times = (now_text(), text_after(SESSION_SECONDS.into()));
    let from = super::from(address);
    app.db
        .write(move |tx| {
            store::begin_session(tx, &digest, ADMINISTRATOR, (&times.0, &times.1))?;
            let event = account_event(ADMINISTRATOR, "login", Some(&from));
            audit::record(tx, &times.0, &event)
        })
        .await?;
    let cookie = web::guard::session_cookie(&token, SESSION_SECONDS.into())?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(inside(&login.next))).into_response())
}

/// Writes that a login failed. A name that is no account's is not kept: it may be a password that
/// was typed in the wrong field.
async fn record_refusal(app: &App, is_known: bool, address: SocketAddr) -> Result<(), Error> {
    let (now, from) = (now_text(), super::from(address));
    let write = app.db.write(move |tx| {
        let (actor, id) = if is_known {
            (ADMINISTRATOR, ADMINISTRATOR)
        } else {
            (UNKNOWN, "")
        };
        let event = Change {
            record: ("account", id),
            ..account_event(actor, "login_refused", Some(&from))
        };
        audit::record(tx, &now, &event)
    });
    Ok(write.await?)
}

/// Whether the password is the kept one. Hashing takes a processor, so few run at a time and none
/// on the threads that answer requests.
pub(super) async fn fits(app: &App, password: String, kept: Option<String>) -> Result<bool, Error> {
    let _permit = app.hashing.acquire().await?;
    let check = move || web::password::verify(&password, kept.as_deref());
    Ok(tokio::task::spawn_blocking(check).await?)
}

/// A path of this site, and nothing that leads elsewhere.
fn inside(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    let is_plain = next.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_path && is_plain { next } else { "/" }
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /logout`
pub(super) async fn end(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    person: Person,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let (now, from) = (now_text(), super::from(address));
    app.db
        .write(move |tx| {
            store::end_session(tx, &person.session)?;
            let event = account_event(&person.name, "logout", Some(&from));
            audit::record(tx, &now, &event)
        })
        .await?;
    let cookie = web::guard::session_cookie("", 0)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}
