//! 登录: the administrator's account, sessions, and the pages to log in and out.

mod password;
mod session;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use axum::routing::{get, post};
use db::Db;

use crate::audit::{self, Change};
use crate::serve::{Error, Route, now_text};

/// The one account.
pub(crate) const ADMINISTRATOR: &str = "admin";

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::open("/login", "/login", get(session::form).post(session::begin)),
        Route::new("/logout", "/logout", post(session::end)),
        Route::new(
            "/password",
            "/password",
            get(password::form).post(password::change),
        ),
    ]
}

/// Makes the administrator if there is none: its password, to be shown once.
pub(crate) fn first_password(db: &Db) -> Result<Option<String>, Error> {
    let exists = db.read_blocking(store::find_password_hash)?.is_some();
    if exists {
        return Ok(None);
    }
    fresh_password(db).map(Some)
}

/// Gives the administrator a new password and ends every session.
pub(crate) fn fresh_password(db: &Db) -> Result<String, Error> {
    // The cause is in the log already.
    let failed = |_| Error::Start("系统没有提供随机数".to_owned());
    let password = web::token::readable().map_err(failed)?;
    let hash = web::password::hash(&password).map_err(failed)?;
    let now = now_text();
    db.write_blocking(move |tx| {
        store::set_password_hash(tx, &hash)?;
        audit::record(
            tx,
            &now,
            &account_event(audit::SYSTEM, "password_issued", None),
        )
    })?;
    Ok(password)
}

/// An event about the administrator's account.
fn account_event<'a>(
    actor: &'a str,
    action: &'a str,
    after: Option<&'a serde_json::Value>,
) -> Change<'a> {
    Change {
        actor,
        action,
        record: ("account", ADMINISTRATOR),
        before: None,
        after,
    }
}

/// Where a request comes from, as an event tells it.
fn from(address: SocketAddr) -> serde_json::Value {
    serde_json::json!({"from": address.ip().to_string()})
}

/// Tells who started the program how to log in.
pub(crate) fn print_password(password: &str) {
    println!("管理员账号：{ADMINISTRATOR}");
    println!("管理员密码：{password}");
    println!("密码只显示这一次，登录后可以修改。");
}
