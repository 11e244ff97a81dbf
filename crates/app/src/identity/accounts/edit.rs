//! Changing what is no right: the name, the address of mail, the last day.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use web::{Error, Shell};

use super::FieldError;
use super::new::detail_flaws;
use crate::audit;
use crate::identity::account_event;
use crate::identity::store::directory;
use crate::identity::store::{self, Account};
use crate::serve::{App, Frame, Person, Signed, now_text};

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Typed {
    name: String,
    email: String,
    valid_to: String,
    version: String,
}

#[derive(Template)]
#[template(path = "identity/accounts/edit.html")]
struct EditPage {
    shell: Shell,
    account: Account,
    typed: Typed,
    errors: Vec<FieldError>,
}

impl EditPage {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field == field);
        error.map(|error| error.sentence.as_str())
    }
}

async fn account(app: &App, id: String) -> Result<Account, Error> {
    let found = app.db.read(move |tx| store::find_by_id(tx, &id)).await?;
    found.ok_or(Error::NotFound)
}

/// `GET /accounts/{id}/edit`
pub(super) async fn form(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let account = account(&app, id).await?;
    let typed = Typed {
        name: account.name.clone(),
        email: account.email.clone(),
        valid_to: account.valid_to.clone().unwrap_or_default(),
        version: account.version.to_string(),
    };
    page(frame, account, typed, Vec::new())
}

fn page(
    frame: Frame,
    account: Account,
    typed: Typed,
    errors: Vec<FieldError>,
) -> Result<Response, Error> {
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = web::page(&EditPage {
        shell: frame.shell.at("/accounts"),
        account,
        typed,
        errors,
    })?;
    Ok((status, page).into_response())
}

/// `POST /accounts/{id}/edit`
pub(super) async fn save(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    let account = account(&app, id.clone()).await?;
    let now = now_text();
    let today = now.get(..10).unwrap_or_default();
    let (name, email) = (typed.name.trim().to_owned(), typed.email.trim().to_owned());
    let valid_to = typed.valid_to.trim().to_owned();
    // A last day that was there before may lie behind; a new one must not.
    let is_same_day = account.valid_to.as_deref() == Some(&*valid_to);
    let mut errors = detail_flaws(
        &name,
        &email,
        if is_same_day { "" } else { &valid_to },
        today,
    );
    if account.version.to_string() != typed.version {
        let sentence = "别人刚刚改过这个账号：请返回账号页面，看过最新内容后再改。";
        errors.push(FieldError::new("name", sentence));
    }
    if !errors.is_empty() {
        return page(frame, account, typed, errors);
    }
    let kept = account.clone();
    let is_saved = app
        .db
        .write(move |tx| {
            let day = Some(&*valid_to).filter(|day| !day.is_empty());
            if !directory::set_details(tx, &kept, (&name, &email, day))? {
                return Ok::<_, db::Error>(false);
            }
            let told = |name: &str, email: &str, day: Option<&str>| {
                serde_json::json!({"name": name, "email": email, "valid_to": day})
            };
            let before = told(&kept.name, &kept.email, kept.valid_to.as_deref());
            let after = told(&name, &email, day);
            let event = audit::Change {
                before: Some(&before),
                ..account_event(&person.login, "account_changed", &kept.id, Some(&after))
            };
            audit::record(tx, &now, &event)?;
            Ok(true)
        })
        .await?;
    if !is_saved {
        let sentence = "别人刚刚改过这个账号：请返回账号页面，看过最新内容后再改。";
        return page(
            frame,
            account,
            typed,
            vec![FieldError::new("name", sentence)],
        );
    }
    Ok(Redirect::to(&format!("/accounts/{id}")).into_response())
}
