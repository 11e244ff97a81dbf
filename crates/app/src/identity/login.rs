//! Logging in begins a session, logging out ends it.

use std::net::SocketAddr;
use std::time::Instant;

use askama::Template;
use axum::Form;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::Error;

use super::account_event;
use super::store::{self, Start};
use crate::audit;
use crate::serve::{App, Person, Signed, now_text, text_after};

/// How long a session lasts.
///
/// House rule: one working day with its evening, so that nobody types the password twice a day.
const SESSION_SECONDS: u32 = 12 * 60 * 60;

/// Who tried to log in under a name that is no account's.
const UNKNOWN: &str = "未知账号";

#[derive(Template)]
#[template(path = "identity/login.html")]
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

/// Characters of a browser's name that are kept.
const MOST_BROWSER_CHARACTERS: usize = 200;

/// `POST /login`
pub(super) async fn begin(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(login): Form<Login>,
) -> Result<Response, Error> {
    let from = address.ip().to_string();
    app.throttle.check(&from, Instant::now())?;
    // No account has a NUL in its name, and PostgreSQL takes none.
    let name = login.name.trim().replace('\0', "");
    let account = app
        .db
        .read(move |tx| store::find_account(tx, &name))
        .await?;
    let hash = account.as_ref().and_then(|account| account.hash.clone());
    let fits = fits(&app, login.password, hash).await?;
    let Some(account) = account.clone().filter(|_| fits) else {
        app.throttle.failed(&from, Instant::now());
        record_refusal(&app, account.map(|account| account.login), address).await?;
        let page = web::page(&LoginPage {
            name: login.name,
            next: login.next,
            failed: true,
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    app.throttle.succeeded(&from);
    let token = web::token::secret()?;
    let digest = web::token::digest(&token);
    let start = Start {
        now: now_text(),
        expires_at: text_after(SESSION_SECONDS.into()),
        from_address: from,
        browser: browser(&headers),
    };
    let from = super::from(address);
    app.db
        .write(move |tx| {
            store::begin_session(tx, &digest, &account.id, &start)?;
            let event = account_event(&account.login, "login", &account.id, Some(&from));
            audit::record(tx, &start.now, &event)
        })
        .await?;
    let cookie = web::guard::session_cookie(&token, SESSION_SECONDS.into())?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(inside(&login.next))).into_response())
}

/// What the browser calls itself.
fn browser(headers: &HeaderMap) -> String {
    let name = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
    let name = name.unwrap_or_default().chars();
    name.take(MOST_BROWSER_CHARACTERS).collect()
}

/// Writes that a login failed. A name that is no account's is not kept: it may be a password that
/// was typed in the wrong field.
async fn record_refusal(
    app: &App,
    login: Option<String>,
    address: SocketAddr,
) -> Result<(), Error> {
    let (now, from) = (now_text(), super::from(address));
    let write = app.db.write(move |tx| {
        let actor = login.as_deref().unwrap_or(UNKNOWN);
        let id = match &login {
            Some(login) => store::find_account(tx, login)?.map(|account| account.id),
            None => None,
        };
        let id = id.unwrap_or_default();
        audit::record(
            tx,
            &now,
            &account_event(actor, "login_refused", &id, Some(&from)),
        )
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
            let event = account_event(&person.login, "logout", &person.account, Some(&from));
            audit::record(tx, &now, &event)
        })
        .await?;
    let cookie = web::guard::session_cookie("", 0)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}
