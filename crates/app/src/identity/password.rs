//! Changing one's password: by choice, or because it must be.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::{Whose, password_flaws};
use domain::rulepack::PasswordRules;
use serde::Deserialize;
use web::{Error, Shell};

use super::entry::{self, Passed, Visit};
use super::store::directory;
use super::store::session::Stage;
use super::{account_event, login, store};
use crate::audit;
use crate::serve::{App, Frame, Person, Signed};

#[derive(Template)]
#[template(path = "identity/password.html")]
struct PasswordPage {
    shell: Shell,
    fields: Fields,
}

/// The page of a session that is good for nothing else.
#[derive(Template)]
#[template(path = "identity/password_first.html")]
struct FirstPage {
    fields: Fields,
}

/// The form of both pages.
#[derive(Template)]
#[template(path = "identity/password_fields.html")]
struct Fields {
    form_token: String,
    next: String,
    /// What a password must be, in one sentence.
    demand: String,
    has_old: bool,
    errors: Vec<FieldError>,
}

impl askama::filters::HtmlSafe for Fields {}

/// What is wrong with a field.
struct FieldError {
    field: &'static str,
    sentence: String,
}

impl Fields {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field == field);
        error.map(|error| error.sentence.as_str())
    }
}

/// What a password must be, in one sentence.
fn demand(rules: &PasswordRules) -> String {
    let mut demand = format!("至少 {} 个字符", rules.min_characters);
    if rules.classes > 1 {
        let classes = rules.classes.to_string();
        demand += "，大写字母、小写字母、数字、其他符号中至少有 ";
        demand += &classes;
        demand += " 类";
    }
    demand.push_str("，不含用户名、单位编码和常见的词");
    if rules.own_characters > 0 {
        demand.push_str("，不能只由地名、年份和键盘上相邻的键拼成");
    }
    if rules.history > 0 {
        let history = rules.history.to_string();
        demand += "，与最近 ";
        demand += &history;
        demand += " 次的都不同";
    }
    demand.push('。');
    demand
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    next: String,
}

/// `GET /password`
pub(super) async fn form(
    person: Person,
    frame: Frame,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    page(&person, frame.shell, wanted.next, Vec::new())
}

fn page(
    person: &Person,
    shell: Shell,
    next: String,
    errors: Vec<FieldError>,
) -> Result<Response, Error> {
    let rules = entry::rules(&person.actor.region);
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let is_full = person.stage == Stage::Full;
    let fields = Fields {
        form_token: person.form_token.clone(),
        next,
        demand: demand(&rules.password),
        has_old: is_full,
        errors,
    };
    let page = if is_full {
        web::page(&PasswordPage { shell, fields })?
    } else {
        web::page(&FirstPage { fields })?
    };
    Ok((status, page).into_response())
}

#[derive(Deserialize)]
pub(super) struct Change {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    next: String,
}

/// `POST /password`: ends every session of the person, also this one. Who had to change it goes on
/// with a new session.
pub(super) async fn change(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    frame: Frame,
    Signed(change): Signed<Change>,
) -> Result<Response, Error> {
    let errors = errors(&app, &person, &change).await?;
    if !errors.is_empty() {
        return page(&person, frame.shell, change.next, errors);
    }
    let new = change.new;
    let permit = app.hashing.acquire().await?;
    let hash = tokio::task::spawn_blocking(move || web::password::hash(&new)).await??;
    drop(permit);
    let token = web::token::secret()?;
    let (stage, proof) = (person.stage, person.proof);
    let done = app.db.write(move |tx| {
        let (login, id) = (&*person.login, &*person.account);
        store::set_password(tx, id, &hash, &visit.now, false)?;
        let told = visit.told();
        let event = account_event(login, "password_changed", id, Some(&told));
        audit::record(tx, &visit.now, &event)?;
        if stage == Stage::Full {
            return Ok::<_, db::Error>(Ok(None));
        }
        let passed = Passed {
            proof,
            second: true,
        };
        Ok(entry::enter(tx, id, passed, &visit, &token)?.map(Some))
    });
    match done.await? {
        Ok(Some(entry)) => entry::go(&entry, &change.next),
        Ok(None) => {
            let cookie = web::guard::session_cookie("", 0)?;
            Ok(([(SET_COOKIE, cookie)], Redirect::to("/login")).into_response())
        }
        Err(refusal) => Err(Error::Refused(refusal.to_string())),
    }
}

async fn errors(app: &App, person: &Person, change: &Change) -> Result<Vec<FieldError>, Error> {
    let rules = &entry::rules(&person.actor.region).password;
    let mut errors = Vec::new();
    let (id, depth) = (person.account.clone(), rules.history);
    let (account, unit, last) = app
        .db
        .read(move |tx| {
            let account = store::find_by_id(tx, &id)?;
            let unit = account.as_ref().and_then(|account| account.unit.clone());
            let unit = match unit {
                Some(unit) => directory::unit(tx, &unit)?,
                None => None,
            };
            let last = store::last_passwords(tx, &id, depth)?;
            Ok::<_, db::Error>((account, unit, last))
        })
        .await?;
    let unit_code = unit.map(|(code, _)| code).unwrap_or_default();
    let is_full = person.stage == Stage::Full;
    let kept = account.and_then(|account| account.hash);
    if is_full && !login::fits(app, change.old.clone(), kept).await? {
        errors.push(FieldError {
            field: "old",
            sentence: "现在的密码不对：请重新输入。".to_owned(),
        });
    }
    let mut was_used = false;
    // Who does not know the present password learns nothing of the ones before it.
    if errors.is_empty() {
        for hash in last {
            was_used = was_used || login::fits(app, change.new.clone(), Some(hash)).await?;
        }
    }
    let mut wrong = |field, sentence: String| errors.push(FieldError { field, sentence });
    let whose = Whose {
        login_name: &person.login,
        unit_code: &unit_code,
    };
    for flaw in password_flaws(rules, &change.new, whose, was_used) {
        wrong("new", flaw.to_string());
    }
    if change.new != change.again {
        wrong("again", "两次输入的新密码不一样：请重新输入。".to_owned());
    }
    Ok(errors)
}
