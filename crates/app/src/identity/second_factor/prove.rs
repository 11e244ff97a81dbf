//! Showing the second factor at login, and the page that says how it stands.

use std::time::Instant;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::{LoginRefusal, must_prove_twice};
use serde::Deserialize;
use web::{Error, Shell};

use super::{Shown, kept, own};
use crate::audit;
use crate::identity::account_event;
use crate::identity::entry::{self, Entry, Passed, Visit};
use crate::identity::store::session::{self, Stage};
use crate::serve::{App, Frame, Person, Signed};

#[derive(Template)]
#[template(path = "identity/second_factor/prove.html")]
struct ProvePage {
    form_token: String,
    next: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "identity/second_factor/state.html")]
pub(super) struct StatePage {
    pub(super) shell: Shell,
    pub(super) is_bound: bool,
    pub(super) is_obligatory: bool,
    pub(super) codes: i64,
    pub(super) error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    next: String,
}

/// `GET /second-factor`
pub(crate) async fn show(
    State(app): State<App>,
    person: Person,
    Query(wanted): Query<Wanted>,
    frame: Frame,
) -> Result<Response, Error> {
    if person.stage == Stage::Full {
        return state(&app, frame, None).await;
    }
    let id = person.account.clone();
    let account = app.db.read(move |tx| own(tx, &id)).await?;
    if account.totp_secret.is_none() {
        let next = web::query::inside(&wanted.next).unwrap_or("/");
        let kept = web::query::Query::new().with("next", next);
        return Ok(Redirect::to(&kept.at("/second-factor/binding")).into_response());
    }
    web::page(&ProvePage {
        form_token: person.form_token,
        next: wanted.next,
        error: None,
    })
}

/// The page that says how it stands.
pub(super) async fn state(
    app: &App,
    frame: Frame,
    error: Option<String>,
) -> Result<Response, Error> {
    let id = frame.actor.id.0.clone();
    let (account, codes) = app
        .db
        .read(move |tx| Ok::<_, db::Error>((own(tx, &id)?, kept::unused_codes(tx, &id)?)))
        .await?;
    let rules = entry::rules(&account.region);
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = web::page(&StatePage {
        is_bound: account.totp_secret.is_some(),
        is_obligatory: must_prove_twice(&rules.second_factor, &frame.actor.roles),
        codes,
        error,
        shell: frame.shell,
    })?;
    Ok((status, page).into_response())
}

#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// How showing a code ended.
enum Proved {
    In(Entry),
    Again(LoginRefusal),
    /// The account is locked or may not be used any more: back to the login page.
    Out(LoginRefusal),
}

/// `POST /second-factor`: the code at login.
pub(crate) async fn prove(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    Signed(sent): Signed<Code>,
) -> Result<Response, Error> {
    if person.stage != Stage::SecondFactor {
        return Ok(Redirect::to("/second-factor").into_response());
    }
    app.throttle.check(&visit.from, Instant::now())?;
    let id = person.account.clone();
    let account = app.db.read(move |tx| own(tx, &id)).await?;
    let Some(secret) = account.totp_secret.clone() else {
        return Ok(Redirect::to("/second-factor/binding").into_response());
    };
    let shown = Shown::read(&secret, &sent.code)?;
    let token = web::token::secret()?;
    let passed = Passed {
        proof: person.proof,
        second: true,
    };
    let (session, from) = (person.session, visit.from.clone());
    let done = app.db.write(move |tx| {
        if let Some(refusal) = shown.use_up(tx, &account.id, &visit.now)? {
            let told = entry::failed(tx, &account, refusal.clone(), &visit)?;
            if told == refusal {
                return Ok::<_, db::Error>(Proved::Again(told));
            }
            session::end(tx, &session)?;
            return Ok(Proved::Out(told));
        }
        if matches!(shown, Shown::Recovery(_)) {
            let event = account_event(&account.login, "recovery_code_used", &account.id, None);
            audit::record(tx, &visit.now, &event)?;
        }
        let entered = entry::enter(tx, &account.id, passed, &visit, (&token, Some(&session)))?;
        Ok(entered.map_or_else(Proved::Out, Proved::In))
    });
    match done.await? {
        Proved::In(entry) => {
            app.throttle.succeeded(&from);
            entry::go(&entry, &sent.next)
        }
        Proved::Again(refusal) => {
            app.throttle.failed(&from, Instant::now());
            let page = web::page(&ProvePage {
                form_token: person.form_token,
                next: sent.next,
                error: Some(refusal.to_string()),
            })?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Proved::Out(refusal) => {
            app.throttle.failed(&from, Instant::now());
            crate::identity::login::refused(&app, &person.login, &sent.next, &refusal.to_string())
        }
    }
}
