//! 接口令牌: keys that let a program act as the person who made them.
//!
//! A token is shown once and kept as a digest. It carries the person's rights as they are at each
//! request, no more, and ends with the account, at its own end, or when it is taken back.

pub(in crate::api) mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use domain::identity::{Confirmation, LoginRefusal};
use serde::Deserialize;
use serde_json::json;
use web::{Error, Shell};

use crate::audit::{self, Change};
use crate::identity::{Visit, confirm};
use crate::serve::{Access, App, Frame, Person, Route, Signed, now_text, text_after};
use store::{NewToken, Token};
#[cfg(test)]
pub(crate) use testing::{make_token, token_of};

/// What every token begins with, so that one that leaked is found by its look.
pub(super) const PREFIX: &str = "jx_";

/// Most characters of a token's name.
const MOST_NAME_CHARACTERS: usize = 40;

/// Most tokens that one person has at a time.
///
/// House rule: one for each program that a person runs; more than this are forgotten ones.
const MOST_TOKENS: usize = 20;

/// How long a token can be good for, in days.
///
/// House rule: at most a year, so that a forgotten token ends.
const DAYS: [u16; 4] = [7, 30, 90, 365];

const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// The pages' routes.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/api-tokens",
            "/api-tokens",
            Access::Person,
            get(list).post(make),
        ),
        Route::new(
            "/api-tokens/{id}/revocation",
            "/api-tokens/at-1/revocation",
            Access::Person,
            post(revoke),
        ),
    ]
}

#[derive(Template)]
#[template(path = "api/token/list.html")]
struct TokenPage {
    shell: Shell,
    tokens: Vec<Token>,
    name: String,
    days: u16,
    errors: Vec<(&'static str, String)>,
    /// What the person shows when making one.
    wanted: Confirmation,
    /// The token that was just made, and its name.
    made: Option<(String, String)>,
}

impl TokenPage {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|(name, _)| *name == field);
        error.map(|(_, sentence)| sentence.as_str())
    }
}

async fn page(app: &App, person: &Person, shell: Shell) -> Result<TokenPage, Error> {
    let (account, now) = (person.account.clone(), now_text());
    let read = app.db.read(move |tx| {
        let wanted = confirm::wanted(tx, &account)?;
        Ok::<_, db::Error>((store::of_account(tx, &account, &now)?, wanted))
    });
    let (tokens, wanted) = read.await?;
    Ok(TokenPage {
        shell,
        tokens,
        name: String::new(),
        days: 90,
        errors: Vec::new(),
        wanted,
        made: None,
    })
}

/// `GET /api-tokens`
async fn list(State(app): State<App>, person: Person, frame: Frame) -> Result<Response, Error> {
    web::page(&page(&app, &person, frame.shell).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    name: String,
    #[serde(default)]
    days: String,
    /// The code or the password, whichever is wanted.
    #[serde(default)]
    proof: String,
}

/// `POST /api-tokens`: shows the new token, this once.
async fn make(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    frame: Frame,
    Signed(wanted): Signed<Wanted>,
) -> Result<Response, Error> {
    let mut shown = page(&app, &person, frame.shell).await?;
    let name = wanted.name.trim();
    let days = DAYS
        .into_iter()
        .find(|days| days.to_string() == wanted.days);
    if name.is_empty() {
        let sentence = "请填写名称，如“预算系统对接”，以后凭它认出这个令牌";
        shown.errors.push(("name", sentence.to_owned()));
    } else if name.chars().count() > MOST_NAME_CHARACTERS || name.contains(char::is_control) {
        let sentence = format!("名称最多 {MOST_NAME_CHARACTERS} 个字，不能换行");
        shown.errors.push(("name", sentence));
    }
    if days.is_none() {
        shown.errors.push(("days", "请选择有效期".to_owned()));
    }
    if shown.tokens.len() >= MOST_TOKENS {
        let sentence = format!("您已有 {MOST_TOKENS} 个有效的令牌，请先收回不用的");
        shown.errors.push(("name", sentence));
    }
    // The code is used up by it, so it is looked at when all else is right.
    if shown.errors.is_empty() {
        let refusal = confirm::confirm(&app, &visit, &person, wanted.proof).await?;
        shown.errors.extend(refusal.as_ref().map(refused));
    }
    let Some(days) = days.filter(|_| shown.errors.is_empty()) else {
        name.clone_into(&mut shown.name);
        shown.days = days.unwrap_or(shown.days);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, web::page(&shown)?).into_response());
    };
    let secret = format!("{PREFIX}{}", web::token::secret()?);
    write(&app, &visit, &person, (name, days), &secret).await?;
    let mut shown = page(&app, &person, shown.shell).await?;
    shown.made = Some((name.to_owned(), secret));
    web::page(&shown)
}

/// Where and in which words the page says that the proof does not count.
fn refused(refusal: &LoginRefusal) -> (&'static str, String) {
    ("proof", refusal.to_string())
}

/// Writes the token with its event.
async fn write(
    app: &App,
    visit: &Visit,
    person: &Person,
    (name, days): (&str, u16),
    secret: &str,
) -> Result<(), Error> {
    let new = NewToken {
        id: format!("at-{}", web::token::secret()?.get(..16).unwrap_or_default()),
        account: person.account.clone(),
        name: name.to_owned(),
        digest: web::token::digest(secret),
        made_at: now_text(),
        expires_at: text_after(i64::from(days) * SECONDS_OF_DAY),
    };
    let (login, from) = (person.login.clone(), visit.from.clone());
    app.db
        .write(move |tx| {
            store::insert(tx, &new)?;
            let after = json!({
                "name": new.name,
                "expires_at": new.expires_at,
                "from": from,
            });
            let event = event(&login, "api_token_made", &new.id, &after);
            audit::record(tx, &new.made_at, &event)
        })
        .await?;
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `POST /api-tokens/{id}/revocation`
async fn revoke(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let now = now_text();
    let is_revoked = app
        .db
        .write(move |tx| {
            let Some(name) = store::revoke(tx, &id, &person.account, &now)? else {
                return Ok::<_, db::Error>(false);
            };
            let after = json!({"name": name, "from": visit.from});
            let event = event(&person.login, "api_token_revoked", &id, &after);
            audit::record(tx, &now, &event)?;
            Ok(true)
        })
        .await?;
    if is_revoked {
        Ok(Redirect::to("/api-tokens").into_response())
    } else {
        Err(Error::NotFound)
    }
}

fn event<'a>(
    login: &'a str,
    action: &'a str,
    id: &'a str,
    after: &'a serde_json::Value,
) -> Change<'a> {
    Change {
        actor: login,
        action,
        record: ("api_token", id),
        before: None,
        after: Some(after),
    }
}
