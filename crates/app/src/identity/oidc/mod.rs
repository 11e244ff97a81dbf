//! 统一认证: logging in by the place's own provider. An account is never made by it: who comes must
//! have one that names him.

mod provider;
#[cfg(test)]
mod tests;

use std::time::Instant;

use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::LoginRefusal;
use serde::Deserialize;
use web::Error;

pub(crate) use provider::{Provider, Settings};

use super::entry::{self, Passed, Visit, in_minutes};
use super::store::session::Proof;
use super::store::{common as kept, directory};
use super::{account_event, login};
use crate::audit;
use crate::serve::App;

/// Minutes in which somebody must come back.
const MINUTES: i64 = 10;

/// The cookie that binds a login to the browser that began it.
const COOKIE: &str = "jixiao_common_login";

/// Whoever the provider knows and we do not.
const STRANGER: &str = "统一认证用户";

/// What the button of the login page says, where there is a provider.
pub(super) fn label(app: &App) -> Option<String> {
    let provider = app.common_login.as_ref();
    provider.map(|provider| provider.settings.label.clone())
}

fn cookie(state: &str, seconds: i64) -> Result<HeaderValue, Error> {
    let cookie =
        format!("{COOKIE}={state}; Path=/login/common; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    Ok(HeaderValue::from_str(&cookie)?)
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

/// `GET /login/common`: to the provider.
pub(super) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let provider = app.common_login.clone().ok_or(Error::NotFound)?;
    app.throttle.check(&visit.from, Instant::now())?;
    let begun = tokio::task::spawn_blocking(move || provider.begin()).await?;
    let begun = match begun {
        Ok(begun) => begun,
        Err(failure) => {
            tracing::warn!(cause = %failure, "the common login cannot begin");
            app.throttle.failed(&visit.from, Instant::now());
            let sentence = "现在连不上统一认证：请稍后再试，或用用户名和密码登录。";
            return login::refused(&app, "", &wanted.next, sentence);
        }
    };
    let next = web::query::inside(&wanted.next).unwrap_or("/").to_owned();
    let (digest, nonce) = (web::token::digest(&begun.state), begun.nonce);
    let verifier = begun.verifier;
    app.db
        .write(move |tx| {
            let until = in_minutes(MINUTES);
            let login = kept::Login {
                nonce: nonce.clone(),
                verifier: verifier.clone(),
                next: next.clone(),
            };
            kept::add(tx, &digest, &login, (&visit.now, &until))
        })
        .await?;
    let cookie = cookie(&begun.state, MINUTES * 60)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&begun.address)).into_response())
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(super) struct Back {
    code: String,
    state: String,
}

/// `GET /login/common/callback`: back from the provider.
pub(super) async fn back(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Error> {
    let provider = app.common_login.clone().ok_or(Error::NotFound)?;
    app.throttle.check(&visit.from, Instant::now())?;
    let mut answer = match come_back(&app, provider, &visit, &headers, back).await? {
        Ok((entry, next)) => {
            app.throttle.succeeded(&visit.from);
            entry::go(&entry, &next)?
        }
        Err(sentence) => {
            app.throttle.failed(&visit.from, Instant::now());
            login::refused(&app, "", "", &sentence)?
        }
    };
    answer.headers_mut().append(SET_COOKIE, cookie("", 0)?);
    Ok(answer)
}

/// The session and where it goes on; or a sentence that says why not.
type Came = Result<(entry::Entry, String), String>;

async fn come_back(
    app: &App,
    provider: std::sync::Arc<Provider>,
    visit: &Visit,
    headers: &HeaderMap,
    back: Back,
) -> Result<Came, Error> {
    let stale = || Err("这次统一认证登录已经过期或不是从这个浏览器开始的：请重新登录。".to_owned());
    let ours = web::guard::cookie(headers, COOKIE).unwrap_or_default();
    if back.state.is_empty() || !web::token::same(&ours, &back.state) {
        return Ok(stale());
    }
    let (digest, now) = (web::token::digest(&back.state), visit.now.clone());
    let login = app
        .db
        .write(move |tx| kept::take(tx, &digest, &now))
        .await?;
    let Some(login) = login else {
        return Ok(stale());
    };
    if back.code.is_empty() {
        return Ok(Err(
            "统一认证没有让您登录：请重新登录，或联系系统管理员。".to_owned()
        ));
    }
    let (nonce, verifier) = (login.nonce, login.verifier);
    let finish = move || provider.finish(back.code, nonce, verifier);
    let person = match tokio::task::spawn_blocking(finish).await? {
        Ok(person) => person,
        Err(failure) => {
            tracing::warn!(cause = %failure, "the common login failed");
            return Ok(Err(
                "统一认证的答复不可信或连接中断：请重新登录。".to_owned()
            ));
        }
    };
    let token = web::token::secret()?;
    let visit = visit.clone();
    let entered = app.db.write(move |tx| {
        let subject = person.as_deref().unwrap_or_default();
        let account = match subject {
            "" => None,
            subject => directory::of_subject(tx, subject)?,
        };
        let Some(account) = account else {
            let told = serde_json::json!({"from": visit.from, "why": "没有对应的账号"});
            let event = account_event(STRANGER, "login_refused", "", Some(&told));
            audit::record(tx, &visit.now, &event)?;
            return Ok::<_, db::Error>(Err(LoginRefusal::Unknown));
        };
        let passed = Passed {
            proof: Proof::CommonLogin,
            second: false,
        };
        entry::enter(tx, &account, passed, &visit, &token)
    });
    Ok(match entered.await? {
        Ok(entry) => Ok((entry, login.next)),
        Err(LoginRefusal::Unknown) => {
            Err("统一认证确认了您的身份，但系统里没有对应的账号：请联系系统管理员开通。".to_owned())
        }
        Err(refusal) => Err(refusal.to_string()),
    })
}
