//! A new account: made without rights, its roles asked for in the same step.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::identity::Change;
use domain::permission::Role;
use serde::{Deserialize, Serialize};
use web::{Error, Shell};

use super::{FieldError, fresh_id};
use crate::audit;
use crate::identity::account_event;
use crate::identity::people::Issued;
use crate::identity::privileged::{self, Grant, Payload, Refused, Wish};
use crate::identity::store::directory::{self, Fresh};
use crate::identity::store::{self};
use crate::serve::{App, Frame, Person, Signed, now_text};

/// Units that a field offers.
const MOST_UNITS: i64 = 500;

/// Before the role's name in the name of its check box.
pub(super) const ROLE: &str = "role_";

/// An account as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) login: String,
    pub(super) name: String,
    /// The unit's code.
    pub(super) unit: String,
    /// The section's id.
    pub(super) section: String,
    pub(super) email: String,
    pub(super) subject: String,
    pub(super) valid_to: String,
    pub(super) reason: String,
    /// The check boxes of the roles.
    #[serde(flatten)]
    pub(super) boxes: BTreeMap<String, String>,
}

impl Typed {
    /// Whether the role is ticked.
    pub(super) fn has(&self, role: Role) -> bool {
        self.boxes.contains_key(&format!("{ROLE}{}", role.name()))
    }

    /// Whether there is no field but those of the page.
    pub(super) fn is_ours(&self) -> bool {
        are_boxes(&self.boxes)
    }

    /// The roles that are ticked.
    pub(super) fn roles(&self) -> Vec<Role> {
        Role::ALL
            .into_iter()
            .filter(|role| self.has(*role))
            .collect()
    }
}

/// Whether every field is a role's check box.
pub(super) fn are_boxes(boxes: &BTreeMap<String, String>) -> bool {
    boxes.keys().all(|name| {
        let role = name.strip_prefix(ROLE);
        role.is_some_and(|name| Role::ALL.iter().any(|role| role.name() == name))
    })
}

#[derive(Template)]
#[template(path = "identity/accounts/new.html")]
struct NewPage {
    shell: Shell,
    typed: Typed,
    errors: Vec<FieldError>,
    units: Vec<(String, String)>,
    sections: Vec<(String, String)>,
}

impl NewPage {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field == field);
        error.map(|error| error.sentence.as_str())
    }
}

/// `GET /accounts/new`
pub(super) async fn form(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    page(&app, frame, Typed::default(), Vec::new()).await
}

async fn page(
    app: &App,
    frame: Frame,
    typed: Typed,
    errors: Vec<FieldError>,
) -> Result<Response, Error> {
    let (units, sections) = app
        .db
        .read(|tx| Ok::<_, db::Error>((directory::units(tx, MOST_UNITS)?, store::sections(tx)?)))
        .await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = web::page(&NewPage {
        shell: frame.shell.at("/accounts"),
        typed,
        errors,
        units,
        sections,
    })?;
    Ok((status, page).into_response())
}

/// Where a typed account belongs.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    pub(super) unit: Option<String>,
    pub(super) section: Option<String>,
}

/// Everything that is wrong with a typed account, and where it belongs.
pub(super) fn examine(
    tx: &mut Tx<'_>,
    typed: &Typed,
    today: &str,
) -> Result<(Found, Vec<FieldError>), db::Error> {
    let mut errors = Vec::new();
    let mut found = Found::default();
    if let Some(flaw) = login_flaw(&typed.login) {
        errors.push(FieldError::new("login", flaw));
    } else if store::find_account(tx, &typed.login)?.is_some() {
        errors.push(FieldError::new(
            "login",
            format!("用户名 {} 已经有人用了，请换一个。", typed.login),
        ));
    }
    errors.extend(detail_flaws(
        &typed.name,
        &typed.email,
        &typed.valid_to,
        today,
    ));
    if !typed.unit.is_empty() {
        found.unit = directory::unit_by_code(tx, &typed.unit)?.map(|(id, _)| id);
        if found.unit.is_none() {
            let flaw = format!("没有编码为 {} 的单位，请核对。", typed.unit);
            errors.push(FieldError::new("unit", flaw));
        }
    }
    if !typed.section.is_empty() {
        let known = store::sections(tx)?;
        let section = known
            .into_iter()
            .find(|(id, name)| *id == typed.section || *name == typed.section);
        found.section = section.map(|(id, _)| id);
        if found.section.is_none() {
            let flaw = format!("没有名为 {} 的股室，请核对。", typed.section);
            errors.push(FieldError::new("section", flaw));
        }
    }
    if !typed.subject.is_empty() && directory::of_subject(tx, &typed.subject)?.is_some() {
        errors.push(FieldError::new(
            "subject",
            "这个统一认证标识已经属于另一个账号。",
        ));
    }
    Ok((found, errors))
}

/// Why it cannot be a login name.
pub(in crate::identity) fn login_flaw(login: &str) -> Option<&'static str> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    let fits = (2..=32).contains(&login.len())
        && login.chars().all(is_plain)
        && login.starts_with(|c: char| c.is_ascii_alphanumeric());
    (!fits).then_some("用户名要 2 至 32 个小写字母、数字、点、横线，以字母或数字开头。")
}

/// What is wrong with what is no right.
pub(super) fn detail_flaws(
    name: &str,
    email: &str,
    valid_to: &str,
    today: &str,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if name.is_empty() || name.chars().count() > 50 {
        errors.push(FieldError::new("name", "请填写姓名，最多 50 个字。"));
    }
    let is_mail = email.split_once('@').is_some_and(|(box_name, host)| {
        !box_name.is_empty() && host.contains('.') && !host.contains('@')
    });
    if !email.is_empty() && (!is_mail || email.len() > 200 || email.contains(char::is_whitespace)) {
        errors.push(FieldError::new(
            "email",
            "邮箱写法不对，应像 name@example.gov.cn。",
        ));
    }
    if !valid_to.is_empty() && !is_date(valid_to) {
        errors.push(FieldError::new(
            "valid_to",
            "有效期应是日期，像 2026-12-31。",
        ));
    } else if !valid_to.is_empty() && valid_to < today {
        errors.push(FieldError::new(
            "valid_to",
            "有效期已经过去，请填今天或以后的日期。",
        ));
    }
    errors
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && crate::serve::days_between(text, text).is_some()
}

/// An account that was typed without a mistake.
pub(super) struct Made {
    pub(super) id: String,
    pub(super) hash: String,
}

/// Writes the account with its one-time password.
pub(super) fn write(
    tx: &mut Tx<'_>,
    typed: &Typed,
    found: &Found,
    made: &Made,
    (by, now): (&str, &str),
) -> Result<(), db::Error> {
    let region = audit::region(tx)?;
    let fresh = Fresh {
        id: &made.id,
        region: &region,
        login: &typed.login,
        name: &typed.name,
        unit: found.unit.as_deref(),
        section: found.section.as_deref(),
        email: &typed.email,
        subject: Some(&*typed.subject).filter(|text| !text.is_empty()),
        valid_to: Some(&*typed.valid_to).filter(|text| !text.is_empty()),
        provenance: "entered",
    };
    directory::insert(tx, &fresh)?;
    store::set_password(tx, &made.id, &made.hash, now, true)?;
    let told = serde_json::json!({"login": typed.login, "name": typed.name});
    let event = account_event(by, "account_made", &made.id, Some(&told));
    audit::append(tx, &region, now, &event)
}

/// `POST /accounts/new`
pub(super) async fn create(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    if !typed.is_ours() {
        return Err(Error::Unreadable);
    }
    let typed = trimmed(typed);
    let password = web::token::readable()?;
    let (fresh, permit) = (password.clone(), app.hashing.acquire().await?);
    let hash = tokio::task::spawn_blocking(move || web::password::hash(&fresh)).await??;
    drop(permit);
    let made = Made {
        id: fresh_id()?,
        hash,
    };
    let request = fresh_id()?.replace("ac-", "pc-");
    let wanted = typed.clone();
    let done = app.db.write(move |tx| {
        let now = now_text();
        let today = now.get(..10).unwrap_or_default();
        let (found, mut errors) = examine(tx, &wanted, today)?;
        let roles = wanted.roles();
        if !roles.is_empty() && wanted.reason.is_empty() {
            errors.push(FieldError::new("reason", "请写明授予岗位的理由。"));
        }
        if !errors.is_empty() {
            return Ok::<_, Refused>(Err(errors));
        }
        write(tx, &wanted, &found, &made, (&person.login, &now))?;
        if roles.is_empty() {
            return Ok(Ok(false));
        }
        let wish = wish(vec![(made.id.clone(), roles)], &made.id, &wanted.reason);
        privileged::ask(tx, (&person.actor, &person.login), &wish, &request, &now)?;
        Ok(Ok(true))
    });
    let outcome = match done.await {
        Ok(outcome) => outcome,
        Err(Refused::Because(sentence)) => Err(vec![FieldError::new("roles", sentence)]),
        Err(refused) => return Err(refused.into()),
    };
    match outcome {
        Ok(asked) => {
            let issued = vec![Issued {
                login: typed.login,
                name: typed.name,
                password,
            }];
            let follows =
                asked.then(|| "账号已建好。岗位还没有生效，已送安全保密管理员复核。".to_owned());
            privileged::shown_once(frame.shell.at("/accounts"), issued, "/accounts", follows)
        }
        Err(errors) => page(&app, frame, typed, errors).await,
    }
}

/// The request for the roles of new accounts.
pub(super) fn wish(grants: Vec<(String, Vec<Role>)>, subject: &str, reason: &str) -> Wish {
    let grant = |(account, roles): (String, Vec<Role>)| Grant {
        account,
        roles: roles.iter().map(|role| role.name().to_owned()).collect(),
    };
    Wish {
        change: Change::GrantRoles,
        subject: subject.to_owned(),
        payload: Payload {
            grants: grants.into_iter().map(grant).collect(),
            ..Payload::default()
        },
        reason: reason.to_owned(),
    }
}

fn trimmed(typed: Typed) -> Typed {
    let trim = |text: String| text.trim().to_owned();
    Typed {
        login: trim(typed.login),
        name: trim(typed.name),
        unit: trim(typed.unit),
        section: trim(typed.section),
        email: trim(typed.email),
        subject: trim(typed.subject),
        valid_to: trim(typed.valid_to),
        reason: trim(typed.reason),
        boxes: typed.boxes,
    }
}
