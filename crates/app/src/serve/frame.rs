//! Who sends a request, and the frame of the page that answers it.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::permission::{Action, Actor, Decision, may};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use web::{Error, NavItem, Shell};

use super::{App, now_text};
use crate::{identity, overview};

/// The sidebar, with the right that each entry takes; none where everybody has it.
const NAV: &[(Option<Action>, NavItem)] = &[
    (None, item("/", "home", "首页")),
    (
        Some(Action::ReadStatistics),
        item("/overview", "layout-dashboard", "总览"),
    ),
    (
        Some(Action::View),
        item("/objects", "list-details", "项目与部门"),
    ),
    (
        Some(Action::ReadStatistics),
        item("/metrics", "chart-bar", "绩效指标统计"),
    ),
    (
        Some(Action::ReadStatistics),
        item("/statement", "file-text", "年度说明"),
    ),
    (
        Some(Action::Review),
        item("/urging", "speakerphone", "催报"),
    ),
    (None, item("/notices", "bell", "消息")),
    (None, item("/check", "file-search", "表格检查")),
    (Some(Action::ManageUsers), item("/mail", "mail", "邮件发送")),
    (
        Some(Action::ReadAudit),
        item("/audit", "shield-check", "审计"),
    ),
];

const fn item(href: &'static str, icon: &'static str, label: &'static str) -> NavItem {
    NavItem { href, icon, label }
}

/// The entries that the actor can open.
fn nav_for(actor: &Actor) -> Vec<NavItem> {
    NAV.iter()
        .filter(|(action, _)| action.is_none_or(|action| may(actor, action).is_allowed()))
        .map(|(_, item)| *item)
        .collect()
}

/// The year that is shown where no data is.
const FIRST_YEAR: i64 = 2020;

/// Who is logged in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// The account's id.
    pub(crate) account: String,
    /// The name to log in with, as events name who acted.
    pub(crate) login: String,
    /// The name that pages show.
    pub(crate) name: String,
    /// The person as the permission table sees it.
    pub(crate) actor: Actor,
    /// The digest under which the session is kept.
    pub(crate) session: String,
    /// What a form of this session must send back.
    pub(crate) form_token: String,
}

/// Lets only who is logged in pass, and tells the handlers who it is.
pub(super) async fn require_person(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    match find_person(&app, request.headers()).await {
        Ok(Some(person)) => {
            request.extensions_mut().insert(person);
            next.run(request).await
        }
        Ok(None) => to_login(&request),
        Err(error) => error.into_response(),
    }
}

async fn find_person(app: &App, headers: &axum::http::HeaderMap) -> Result<Option<Person>, Error> {
    let Some(token) = web::guard::session_token(headers) else {
        return Ok(None);
    };
    let session = web::token::digest(&token);
    let (key, now) = (session.clone(), now_text());
    let holder = app
        .db
        .read(move |tx| identity::store::find_session(tx, &key, &now))
        .await?;
    Ok(holder.map(|holder| Person {
        account: holder.actor.id.0.clone(),
        login: holder.login,
        name: holder.name,
        actor: holder.actor,
        form_token: web::token::digest(&format!("form:{token}")),
        session,
    }))
}

/// Lets only who may do this to anything pass; the others read why not.
pub(super) async fn require_right(
    State(action): State<Action>,
    request: Request,
    next: Next,
) -> Response {
    let Some(person) = request.extensions().get::<Person>() else {
        return Error::NotFound.into_response();
    };
    match may(&person.actor, action) {
        Decision::Allowed(_) => next.run(request).await,
        Decision::Denied(reason) => {
            let (login, path) = (&person.login, request.uri().path());
            tracing::warn!(%login, %path, ?action, "refused");
            Error::Forbidden(reason).into_response()
        }
        Decision::Hidden => Error::NotFound.into_response(),
    }
}

/// To the login page and, after it, back to what was asked for.
fn to_login(request: &Request) -> Response {
    if request.headers().contains_key("hx-request") {
        // A part of a page cannot become the login page: the script loads the whole page again.
        let mark = (
            HeaderName::from_static("jixiao-login"),
            HeaderValue::from_static("1"),
        );
        return (StatusCode::UNAUTHORIZED, [mark]).into_response();
    }
    let asked = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let wanted = match (request.method().is_safe(), asked) {
        (true, "/") | (false, _) => "",
        (true, path) => path,
    };
    Redirect::to(&web::query::Query::new().with("next", wanted).at("/login")).into_response()
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let person = parts.extensions.get::<Self>().cloned();
        // Only a route outside the table of closed ones has no person.
        person.ok_or(Error::NotFound)
    }
}

/// The frame of a page and what its queries need.
pub(crate) struct Frame {
    /// Header and sidebar.
    pub(crate) shell: Shell,
    /// 行政区划代码
    pub(crate) region_code: String,
    /// Who asks.
    pub(crate) actor: Actor,
}

#[derive(Deserialize)]
struct Chosen {
    year: Option<String>,
}

impl FromRequestParts<App> for Frame {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let person = Person::from_request_parts(parts, app).await?;
        let place = app.db.read(overview::store::place).await?;
        let chosen = Query::<Chosen>::try_from_uri(&parts.uri).ok();
        let chosen = chosen
            .and_then(|Query(chosen)| chosen.year)
            .and_then(|year| year.parse().ok())
            .filter(|year| place.years.contains(year));
        Ok(Self {
            shell: Shell {
                region: place.region_name,
                year: chosen.or(place.usual_year).unwrap_or(FIRST_YEAR),
                years: place.years,
                person: person.name,
                form_token: person.form_token,
                nav: nav_for(&person.actor),
                active: "",
                is_sample: place.is_sample,
            },
            region_code: place.region_code,
            actor: person.actor,
        })
    }
}

/// A form of one of our pages, with the token of its session checked. It has the fields that `T`
/// knows and no other: what no page of ours sends comes from somebody who tries.
pub(crate) struct Signed<T>(pub(crate) T);

/// The field that holds the form's token.
const FORM_TOKEN: &str = "form_token";

impl<T: DeserializeOwned> FromRequest<App> for Signed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let person = request.extensions().get::<Person>().cloned();
        let path = request.uri().path().to_owned();
        let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
        let (Some(person), Ok(Form(mut fields))) = (person, form) else {
            tracing::warn!(%path, "refused a form that cannot be read");
            return Err(Error::StalePage);
        };
        let mut tokens = fields.extract_if(.., |(name, _)| name == FORM_TOKEN);
        let is_ours = tokens
            .next()
            .is_some_and(|(_, token)| web::token::same(&person.form_token, &token))
            && tokens.next().is_none();
        drop(tokens);
        let login = &person.login;
        if !is_ours {
            tracing::warn!(%login, %path, "refused a form without its session's token");
            return Err(Error::StalePage);
        }
        read_fields(fields).map(Self).map_err(|cause| {
            tracing::warn!(%login, %path, %cause, "refused a form that no page of ours sends");
            Error::Unreadable
        })
    }
}

/// The fields as `T`, or what is wrong with them.
fn read_fields<T: DeserializeOwned>(fields: Vec<(String, String)>) -> Result<T, String> {
    if fields.iter().any(|(_, value)| value.contains('\0')) {
        // No text of ours has a NUL, and PostgreSQL takes none.
        return Err("a text with NUL".to_owned());
    }
    let mut unknown = None;
    let known = MapDeserializer::<_, serde::de::value::Error>::new(fields.into_iter());
    let read = serde_ignored::deserialize(known, |field| unknown = Some(field.to_string()));
    match (read, unknown) {
        (Ok(read), None) => Ok(read),
        (Ok(_), Some(field)) => Err(format!("unknown field {field}")),
        (Err(cause), _) => Err(cause.to_string()),
    }
}
