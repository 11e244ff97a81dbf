//! Changing one's password.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::password::LEAST_CHARACTERS;
use web::{Error, Shell};

use super::{account_event, login, store};
use crate::audit;
use crate::serve::{App, Frame, Person, Signed, now_text};

#[derive(Template)]
#[template(path = "identity/password.html")]
struct PasswordPage {
    shell: Shell,
    errors: Vec<FieldError>,
}

/// What is wrong with a field.
struct FieldError {
    field: &'static str,
    sentence: String,
}

impl PasswordPage {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field == field);
        error.map(|error| error.sentence.as_str())
    }
}

/// `GET /password`
pub(super) async fn form(frame: Frame) -> Result<Response, Error> {
    web::page(&PasswordPage {
        shell: frame.shell,
        errors: Vec::new(),
    })
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
}

/// `POST /password`: ends every session of the person, also this one.
pub(super) async fn change(
    State(app): State<App>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    person: Person,
    frame: Frame,
    Signed(change): Signed<Change>,
) -> Result<Response, Error> {
    let mut errors = Vec::new();
    let mut wrong = |field, sentence: String| errors.push(FieldError { field, sentence });
    if change.new.chars().count() < LEAST_CHARACTERS {
        wrong("new", format!("新密码太短：至少 {LEAST_CHARACTERS} 个字"));
    }
    if change.new != change.again {
        wrong("again", "两次输入的新密码不一样：请重新输入".to_owned());
    }
    let account = person.account.clone();
    let kept = app
        .db
        .read(move |tx| store::find_hash(tx, &account))
        .await?;
    if !login::fits(&app, change.old, kept).await? {
        wrong("old", "现在的密码不对：请重新输入".to_owned());
    }
    if !errors.is_empty() {
        let shell = frame.shell;
        let page = web::page(&PasswordPage { shell, errors })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let new = change.new;
    let hash = tokio::task::spawn_blocking(move || web::password::hash(&new)).await??;
    let (now, from) = (now_text(), super::from(address));
    app.db
        .write(move |tx| {
            let (login, id) = (&*person.login, &*person.account);
            store::set_password(tx, id, &hash, &now, false)?;
            let event = account_event(login, "password_changed", id, Some(&from));
            audit::record(tx, &now, &event)
        })
        .await?;
    let cookie = web::guard::session_cookie("", 0)?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
}
