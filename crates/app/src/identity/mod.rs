//! 账号: who may log in, sessions, and the pages to log in and out.

mod accounts;
pub(crate) mod confirm;
mod entry;
mod login;
mod login_event;
mod oidc;
mod password;
mod people;
mod privileged;
mod rights;
mod second_factor;
mod sessions;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use axum::routing::{get, post};

use domain::identity::{Age, password_age};
use domain::permission::Action;
use serde::Deserialize;
use web::Notice;

use crate::audit::Change;
use crate::serve::{Access, Route, seconds_between};

use store::session::{Holder, Proof};

pub(crate) use entry::{Visit, rules};
pub(crate) use oidc::{Provider, Settings};
#[cfg(test)]
pub(crate) use people::first_administrators;
pub(crate) use people::{first_start, print, sample_accounts};
pub(crate) use store::second_factor::{forget_sealed, seal_clear};

pub(crate) use privileged::{
    Payload, Refused, Wish, ask, end_expired, retention_days, waiting_for,
};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::new(
            "/login",
            "/login",
            Access::Everybody,
            get(login::form).post(login::begin),
        ),
        Route::new(
            "/login/common",
            "/login/common",
            Access::Everybody,
            get(oidc::begin),
        ),
        Route::new(
            "/login/common/callback",
            "/login/common/callback",
            Access::Everybody,
            get(oidc::back),
        ),
        Route::new("/logout", "/logout", Access::Person, post(login::end)),
        Route::new(
            "/password",
            "/password",
            Access::Person,
            get(password::form).post(password::change),
        ),
        Route::new("/rights", "/rights", Access::Person, get(rights::show)),
        Route::new(
            "/sessions",
            "/sessions",
            Access::Person,
            get(sessions::show),
        ),
        Route::new(
            "/session-endings",
            "/session-endings",
            Access::Person,
            post(sessions::end),
        ),
    ];
    routes.extend(second_factor_routes());
    routes.extend(accounts::routes());
    routes.extend(privileged_routes());
    routes
}

fn second_factor_routes() -> Vec<Route> {
    let own = |path, methods| Route::new(path, path, Access::Person, methods);
    vec![
        own(
            "/second-factor",
            get(second_factor::show).post(second_factor::prove),
        ),
        own(
            "/second-factor/binding",
            get(second_factor::show_binding).post(second_factor::begin),
        ),
        own(
            "/second-factor/binding/confirmation",
            post(second_factor::confirm),
        ),
        own("/second-factor/picture", get(second_factor::picture)),
        own(
            "/second-factor/recovery-codes",
            post(second_factor::renew_codes),
        ),
        own("/second-factor/removal", post(second_factor::remove)),
    ]
}

fn privileged_routes() -> Vec<Route> {
    let together = Access::May(Action::MakeTogether);
    vec![
        Route::new(
            "/privileged-changes",
            "/privileged-changes",
            together,
            get(privileged::list),
        ),
        Route::new(
            "/privileged-changes/{id}",
            "/privileged-changes/none",
            together,
            get(privileged::show),
        ),
        Route::new(
            "/privileged-changes/{id}/decision",
            "/privileged-changes/none/decision",
            together,
            post(privileged::decide),
        ),
    ]
}

/// An event about an account.
fn account_event<'a>(
    actor: &'a str,
    action: &'a str,
    account: &'a str,
    after: Option<&'a serde_json::Value>,
) -> Change<'a> {
    Change {
        actor,
        action,
        record: ("account", account),
        before: None,
        after,
    }
}

/// A form without fields.
#[derive(Deserialize)]
struct Nothing {}

/// A moment as it is read: `2021-03-05 09:30`.
pub(crate) fn moment(text: &str) -> String {
    let minutes = text.chars().take(16);
    minutes.map(|c| if c == 'T' { ' ' } else { c }).collect()
}

/// What the person of this session should know of the account in its first minute: when and from
/// where it was used before, and that the password runs out.
pub(crate) fn notice(holder: &Holder) -> Option<Notice> {
    let mut sentence = sessions::last_login(holder)?;
    let mut link = ("/sessions", "查看登录设备");
    let rules = &rules(&holder.account.region).password;
    let changed_at = holder.account.password_changed_at.as_deref();
    let seconds = changed_at.and_then(|at| seconds_between(at, &holder.seen_at));
    let age = seconds.map(|seconds| password_age(rules.max_age_days, rules.warn_days, seconds));
    if let (Some(Age::Warn { days }), Proof::Password) = (age, holder.proof) {
        sentence = format!("{sentence}密码还有 {days} 天到期。");
        link = ("/password", "修改密码");
    }
    Some(Notice {
        sentence,
        is_bad: holder.failed_before > 0,
        link,
    })
}
