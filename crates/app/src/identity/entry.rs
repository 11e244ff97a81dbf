//! From a proof to a session: what somebody who has proved to be an account's person must still do,
//! and what the session is good for until then.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::identity::{Age, LoginRefusal, must_prove_twice, password_age};
use domain::permission::Role;
use domain::rulepack::{self, Security};
use web::Error;
use web::query::inside;

use super::store::session::{self, Proof, Stage, Start};
use super::store::{self, Account};
use super::{account_event, login_event};
use crate::audit;
use crate::serve::{App, later, now_text, seconds_between, text_after};

/// Characters of a browser's name that are kept.
const MOST_BROWSER_CHARACTERS: usize = 200;

/// A moment that never comes: until an administrator unlocks.
const NEVER: &str = "9999-12-31T23:59:59+08:00";

/// Seconds that a failure under an unknown name is remembered.
const UNKNOWN_SECONDS: i64 = 24 * 60 * 60;

/// Who tried to log in under a name that is no account's.
const UNKNOWN: &str = "未知账号";

/// What the place's rules say of accounts.
pub(crate) fn rules(region_code: &str) -> &'static Security {
    &rulepack::of_region(region_code).security
}

/// When, from where and with which browser a request comes.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) now: String,
    pub(crate) from: String,
    pub(crate) browser: String,
    /// The digest under which the session of the browser's cookie is kept, if it is.
    session: Option<String>,
}

impl Visit {
    fn new(address: SocketAddr, headers: &HeaderMap) -> Self {
        let name = headers.get(USER_AGENT).and_then(|name| name.to_str().ok());
        let name = name.unwrap_or_default().chars();
        Self {
            now: now_text(),
            from: address.ip().to_string(),
            browser: name.take(MOST_BROWSER_CHARACTERS).collect(),
            session: web::guard::session_token(headers).map(|token| web::token::digest(&token)),
        }
    }

    /// Today: `2021-03-05`.
    pub(crate) fn today(&self) -> &str {
        self.now.get(..10).unwrap_or_default()
    }

    /// Where it comes from, as an event tells it.
    pub(crate) fn told(&self) -> serde_json::Value {
        serde_json::json!({"from": self.from})
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let address = ConnectInfo::<SocketAddr>::from_request_parts(parts, app).await;
        let ConnectInfo(address) = address.map_err(|error| Error::internal(&error))?;
        Ok(Self::new(address, &parts.headers))
    }
}

/// A session that was just begun, and the token that its browser gets.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) token: String,
    pub(crate) stage: Stage,
    pub(crate) seconds: u64,
}

/// The stages that lie behind somebody.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passed {
    pub(crate) proof: Proof,
    /// Whether a second factor was shown.
    pub(crate) second: bool,
}

/// What a session of this account would be good for.
fn stage(account: &Account, held: &[Role], shown: Passed, rules: &Security, now: &str) -> Stage {
    let twice = account.has_second_factor || must_prove_twice(&rules.second_factor, held);
    if twice && !shown.second {
        return Stage::SecondFactor;
    }
    let demand = &rules.password;
    let changed_at = account.password_changed_at.as_deref();
    let seconds = changed_at.and_then(|at| seconds_between(at, now));
    let age = password_age(
        demand.max_age_days,
        demand.warn_days,
        seconds.unwrap_or_default(),
    );
    let is_first = demand.change_at_first_login && account.must_change;
    // Who came by the common login may not know the password at all.
    if shown.proof == Proof::Password && (is_first || age == Age::Over) {
        return Stage::PasswordChange;
    }
    Stage::Full
}

/// Begins the session that `passed` is good for, with a token of its own. The session that the
/// browser had until now ends, whosever it was: nobody goes on in one that somebody else began.
///
/// # Errors
/// The account may not log in now; or the database fails.
pub(crate) fn enter(
    tx: &mut Tx<'_>,
    id: &str,
    passed: Passed,
    visit: &Visit,
    token: &str,
) -> Result<Result<Entry, LoginRefusal>, db::Error> {
    let Some(account) = store::find_by_id(tx, id)? else {
        return Ok(Err(LoginRefusal::Unknown));
    };
    let rules = rules(&account.region);
    let refusal = if account.present().is_locked(&visit.now) {
        account.locked_until.as_deref().map(locked)
    } else {
        account.present().refusal(visit.today())
    };
    if let Some(refusal) = refusal {
        let told = login_event::refused(&visit.from, &refusal);
        let event = account_event(&account.login, "login_refused", id, Some(&told));
        audit::record(tx, &visit.now, &event)?;
        return Ok(Err(refusal));
    }
    let held = store::roles(tx, id)?;
    let stage = stage(&account, &held, passed, rules, &visit.now);
    let seconds = i64::from(rules.session.absolute_hours) * 60 * 60;
    let start = Start {
        now: visit.now.clone(),
        expires_at: later(&visit.now, seconds),
        from_address: visit.from.clone(),
        browser: visit.browser.clone(),
    };
    if let Some(before) = &visit.session {
        end_before(tx, before, visit)?;
    }
    let digest = web::token::digest(token);
    session::begin(tx, &digest, id, &start, (stage, passed.proof))?;
    if stage == Stage::Full {
        store::entered(tx, id, &visit.now, &visit.from)?;
        let told = visit.told();
        let event = account_event(&account.login, "login", id, Some(&told));
        audit::record(tx, &visit.now, &event)?;
    }
    Ok(Ok(Entry {
        token: token.to_owned(),
        stage,
        seconds: u64::try_from(seconds).unwrap_or_default(),
    }))
}

/// Ends the session of the browser's cookie. That it was a whole one is an event, as logging out
/// is; a stage that was passed is none.
fn end_before(tx: &mut Tx<'_>, digest: &str, visit: &Visit) -> Result<(), db::Error> {
    let Some((id, Stage::Full)) = session::take(tx, digest)? else {
        return Ok(());
    };
    let Some(account) = store::find_by_id(tx, &id)? else {
        return Ok(());
    };
    let told = serde_json::json!({"from": visit.from, "why": "在同一浏览器重新登录"});
    let event = account_event(&account.login, "logout", &id, Some(&told));
    audit::record(tx, &visit.now, &event)
}

/// Counts a failed proof of an account and locks it when there were too many: what the person
/// reads.
pub(crate) fn failed(
    tx: &mut Tx<'_>,
    account: &Account,
    refusal: LoginRefusal,
    visit: &Visit,
) -> Result<LoginRefusal, db::Error> {
    let rules = rules(&account.region);
    let failures = store::count_failure(tx, &account.id)?;
    let told = login_event::refused(&visit.from, &refusal);
    let event = account_event(&account.login, "login_refused", &account.id, Some(&told));
    audit::record(tx, &visit.now, &event)?;
    let Some(until) = lock_from(rules, failures, &visit.now) else {
        return Ok(refusal);
    };
    store::lock(tx, &account.id, Some(&until))?;
    let told = serde_json::json!({"from": visit.from, "failures": failures, "until": until});
    let event = account_event(audit::SYSTEM, "account_locked", &account.id, Some(&told));
    audit::record(tx, &visit.now, &event)?;
    Ok(locked(&until))
}

/// Counts a failed login under a name that is no account's; it is locked as an account is. The name
/// is not kept: it may be a password that was typed in the wrong field.
pub(crate) fn failed_unknown(
    tx: &mut Tx<'_>,
    name_digest: &str,
    visit: &Visit,
) -> Result<LoginRefusal, db::Error> {
    let region = audit::region(tx)?;
    let old = later(&visit.now, -UNKNOWN_SECONDS);
    let failures = store::count_unknown(tx, name_digest, &visit.now, &old)?;
    let told = login_event::refused(&visit.from, &LoginRefusal::Unknown);
    let event = account_event(UNKNOWN, "login_refused", "", Some(&told));
    audit::append(tx, &region, &visit.now, &event)?;
    let Some(until) = lock_from(rules(&region), failures, &visit.now) else {
        return Ok(LoginRefusal::Unknown);
    };
    store::lock_unknown(tx, name_digest, &until)?;
    Ok(locked(&until))
}

/// Until when the last of so many failures locks, if it does.
fn lock_from(rules: &Security, failures: i64, now: &str) -> Option<String> {
    if failures % i64::from(rules.lock.failures) != 0 {
        return None;
    }
    Some(match rules.lock.minutes {
        0 => NEVER.to_owned(),
        minutes => later(now, i64::from(minutes) * 60),
    })
}

/// What is said of a lock.
pub(crate) fn locked(until: &str) -> LoginRefusal {
    if until == NEVER {
        LoginRefusal::Locked
    } else {
        let until = super::moment(until);
        LoginRefusal::LockedUntil { until }
    }
}

/// To the page that the session is good for, with its cookie; `next` is kept for afterwards.
pub(crate) fn go(entry: &Entry, next: &str) -> Result<Response, Error> {
    let cookie = web::guard::session_cookie(&entry.token, entry.seconds)?;
    let next = inside(next).unwrap_or("/");
    let to = match entry.stage.only_page() {
        None => next.to_owned(),
        Some(page) => {
            let kept = if next == "/" { "" } else { next };
            web::query::Query::new().with("next", kept).at(page)
        }
    };
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&to)).into_response())
}

/// The moment in so many minutes.
pub(crate) fn in_minutes(minutes: i64) -> String {
    text_after(minutes * 60)
}
