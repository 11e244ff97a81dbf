//! Logging in begins a session, logging out ends it.

use std::time::Instant;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::LoginRefusal;
use serde::Deserialize;
use web::Error;

use super::entry::{self, Entry, Passed, Visit};
use super::oidc;
use super::store::session::{self, Proof};
use super::store::{self, Account};
use super::{Nothing, account_event};
use crate::audit;
use crate::serve::{App, Person, Signed};

/// The longest password that is looked at, in bytes: a limit on the work that a stranger can ask
/// for. It is longer than any password that can be chosen.
const MOST_PASSWORD_BYTES: usize = 8 * 1024;

#[derive(Template)]
#[template(path = "identity/login.html")]
struct LoginPage {
    name: String,
    next: String,
    refusal: Option<String>,
    /// What the button of the common login says, where there is one.
    common: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    next: Option<String>,
}

/// `GET /login`
pub(super) async fn form(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    web::page(&LoginPage {
        name: String::new(),
        next: wanted.next.unwrap_or_default(),
        refusal: None,
        common: oidc::label(&app),
    })
}

/// The login page with what somebody must know before trying again.
pub(super) fn refused(app: &App, name: &str, next: &str, refusal: &str) -> Result<Response, Error> {
    let page = web::page(&LoginPage {
        name: name.to_owned(),
        next: next.to_owned(),
        refusal: Some(refusal.to_owned()),
        common: oidc::label(app),
    })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
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
    visit: Visit,
    Form(login): Form<Login>,
) -> Result<Response, Error> {
    app.throttle.check(&visit.from, Instant::now())?;
    // No account has a NUL in its name, and PostgreSQL takes none.
    let name = login.name.trim().replace('\0', "\u{FFFD}");
    match attempt(&app, &name, login.password, &visit).await? {
        Ok(entry) => {
            app.throttle.succeeded(&visit.from);
            entry::go(&entry, &login.next)
        }
        Err(refusal) => {
            app.throttle.failed(&visit.from, Instant::now());
            refused(&app, &login.name, &login.next, &refusal.to_string())
        }
    }
}

/// Whether name and password open an account now. Whatever is wrong with them, it takes as long
/// and reads the same, whether there is such an account or not.
async fn attempt(
    app: &App,
    name: &str,
    password: String,
    visit: &Visit,
) -> Result<Result<Entry, LoginRefusal>, Error> {
    let (wanted, digest) = (name.to_owned(), web::token::digest(name));
    let key = digest.clone();
    let (account, locked_until) = app
        .db
        .read(move |tx| {
            let account = store::find_account(tx, &wanted)?;
            let locked_until = match &account {
                Some(account) => account.locked_until.clone(),
                None => store::unknown_locked_until(tx, &key)?,
            };
            Ok::<_, db::Error>((account, locked_until))
        })
        .await?;
    // A lock is told before the password is looked at, so that it hides whether a guess was right.
    if let Some(until) = locked_until.filter(|until| *visit.now < **until) {
        return Ok(Err(record_locked(app, account, &until, visit).await?));
    }
    let hash = account.as_ref().and_then(|account| account.hash.clone());
    let is_right = fits(app, password, hash).await?;
    let visit = visit.clone();
    let token = web::token::secret()?;
    let done = app.db.write(move |tx| match &account {
        Some(account) if is_right => {
            let passed = Passed {
                proof: Proof::Password,
                second: false,
            };
            entry::enter(tx, &account.id, passed, &visit, &token)
        }
        Some(account) => entry::failed(tx, account, LoginRefusal::Unknown, &visit).map(Err),
        None => entry::failed_unknown(tx, &digest, &visit).map(Err),
    });
    Ok(done.await?)
}

/// Writes that somebody tried a locked name, if it is an account's.
async fn record_locked(
    app: &App,
    account: Option<Account>,
    until: &str,
    visit: &Visit,
) -> Result<LoginRefusal, Error> {
    let refusal = entry::locked(until);
    if let Some(account) = account {
        let (visit, told) = (visit.clone(), refusal.clone());
        app.db
            .write(move |tx| {
                let told = super::login_event::refused(&visit.from, &told);
                let event =
                    account_event(&account.login, "login_refused", &account.id, Some(&told));
                audit::record(tx, &visit.now, &event)
            })
            .await?;
    }
    Ok(refusal)
}

/// Whether the password is the kept one. Hashing takes a processor, so few run at a time and none
/// on the threads that answer requests.
pub(super) async fn fits(app: &App, password: String, kept: Option<String>) -> Result<bool, Error> {
    let kept = kept.filter(|_| password.len() <= MOST_PASSWORD_BYTES);
    let password: String = if password.len() <= MOST_PASSWORD_BYTES {
        password
    } else {
        String::new()
    };
    let _permit = app.hashing.acquire().await?;
    let check = move || web::password::verify(&password, kept.as_deref());
    Ok(tokio::task::spawn_blocking(check).await?)
}

/// `POST /logout`
pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    app.db
        .write(move |tx| {
            session::end(tx, &person.session)?;
            let told = visit.told();
            let event = account_event(&person.login, "logout", &person.account, Some(&told));
            audit::record(tx, &visit.now, &event)
        })
        .await?;
    let cookie = web::guard::session_cookie("", 0)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}
