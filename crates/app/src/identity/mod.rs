//! 账号: who may log in, sessions, and the pages to log in and out.

mod login;
mod password;
mod people;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use axum::routing::{get, post};

use crate::audit::Change;
use crate::serve::{Access, Route};

pub(crate) use people::{first_administrators, print, sample_accounts};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/login",
            "/login",
            Access::Everybody,
            get(login::form).post(login::begin),
        ),
        Route::new("/logout", "/logout", Access::Person, post(login::end)),
        Route::new(
            "/password",
            "/password",
            Access::Person,
            get(password::form).post(password::change),
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

/// Where a request comes from, as an event tells it.
fn from(address: SocketAddr) -> serde_json::Value {
    serde_json::json!({"from": address.ip().to_string()})
}
