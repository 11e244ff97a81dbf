//! Who sends a request, and the frame of the page that answers it.

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::{Question, Tx};
use domain::identity::session_has_ended;
use domain::permission::{Action, Actor, Decision, may};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use web::{Error, Notice, Shell, Theme};

use super::nav::nav_for;
use super::{App, now_text, seconds_between};
use crate::home::store::Badges;
use crate::identity::store::session::{self, Proof, Stage};
use crate::overview::store::Place;
use crate::{home, identity, overview};

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
    /// What the session is good for.
    pub(crate) stage: Stage,
    /// How the person proved to be it.
    pub(crate) proof: Proof,
    /// What the person must know of the account.
    pub(crate) notice: Option<Notice>,
}

/// Lets only who is logged in pass, and tells the handlers who it is.
pub(super) async fn require_person(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    match identify(&app, request.headers()).await {
        Ok(Some(person)) if person.stage.reaches(request.uri().path()) => {
            request.extensions_mut().insert(person);
            next.run(request).await
        }
        Ok(Some(person)) => match person.stage.only_page() {
            Some(page) if !request.headers().contains_key("hx-request") => {
                Redirect::to(page).into_response()
            }
            _ => to_login(&request),
        },
        Ok(None) => to_login(&request),
        Err(error) => error.into_response(),
    }
}

/// Seconds after which the use of a session is written again.
const SEEN_SECONDS: i64 = 60;

/// Seconds after the login in which every page says when the account was last used.
const NOTICE_SECONDS: i64 = 60;

/// Whose session a request belongs to, if it has not ended and its account may be used.
async fn identify(app: &App, headers: &HeaderMap) -> Result<Option<Person>, Error> {
    let Some(token) = web::guard::session_token(headers) else {
        return Ok(None);
    };
    let session = web::token::digest(&token);
    let (key, now) = (session.clone(), now_text());
    let at = now.clone();
    let holder = app.db.read(move |tx| session::find(tx, &key, &at)).await?;
    let Some(holder) = holder else {
        return Ok(None);
    };
    let since = |moment: &str| seconds_between(moment, &now).unwrap_or(i64::MAX);
    let (age, idle) = (since(&holder.began_at), since(&holder.seen_at));
    let rules = identity::rules(&holder.account.region);
    let today = now.get(..10).unwrap_or_default();
    let is_over = session_has_ended(&rules.session, age, idle)
        || holder.account.present().refusal(today).is_some();
    if is_over {
        return Ok(None);
    }
    if idle >= SEEN_SECONDS {
        let key = session.clone();
        app.db
            .write(move |tx| session::seen(tx, &key, &now))
            .await?;
    }
    Ok(Some(Person {
        account: holder.account.id.clone(),
        login: holder.account.login.clone(),
        name: holder.account.name.clone(),
        form_token: web::token::digest(&format!("form:{token}")),
        stage: holder.stage,
        proof: holder.proof,
        notice: (age < NOTICE_SECONDS)
            .then(|| identity::notice(&holder))
            .flatten(),
        actor: holder.actor,
        session,
    }))
}

/// Tells the log whose request it is.
pub(super) async fn tell_sender(request: Request, next: Next) -> Response {
    if let Some(person) = request.extensions().get::<Person>() {
        web::refusal::Sender::tell(&request, &person.login);
    }
    next.run(request).await
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
    if web::guard::session_token(request.headers()).is_some() {
        let path = request.uri().path();
        tracing::info!(path, "a session that has ended or never was");
    }
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

/// What the frame says to somebody: the region with its years, and what the navigation counts but
/// for the decisions of administrators.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Surroundings(Actor);

impl Question for Surroundings {
    type Answer = (Place, Badges);
    type Error = db::Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Self::Answer, db::Error> {
        let Self(actor) = self;
        Ok((overview::store::place(tx)?, home::store::badges(tx, actor)?))
    }
}

impl FromRequestParts<App> for Frame {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let person = Person::from_request_parts(parts, app).await?;
        let actor = person.actor.clone();
        let surroundings = app.db.recall(Surroundings(person.actor.clone())).await?;
        let (place, mut badges) = (&surroundings.0, surroundings.1);
        if may(&actor, Action::MakeTogether).is_allowed() {
            // A request ends by the hour, so how many wait is no answer to keep.
            badges.decisions = app
                .db
                .read(move |tx| identity::waiting_for(tx, &actor))
                .await?;
        }
        let here = parts.uri.path_and_query();
        let chosen = Query::<Chosen>::try_from_uri(&parts.uri).ok();
        let chosen = chosen
            .and_then(|Query(chosen)| chosen.year)
            .and_then(|year| year.parse().ok())
            .filter(|year| place.years.contains(year));
        Ok(Self {
            shell: Shell {
                region: place.region_name.clone(),
                year: chosen.or(place.usual_year).unwrap_or(FIRST_YEAR),
                years: place.years.clone(),
                person: person.name,
                form_token: person.form_token,
                nav: nav_for(&person.actor, badges),
                active: "",
                is_sample: place.is_sample,
                theme: Theme::of(&parts.headers),
                here: here.map_or("/", |here| here.as_str()).to_owned(),
                notice: person.notice,
            },
            region_code: place.region_code.clone(),
            actor: person.actor,
        })
    }
}

/// What a [`Frame`] is made from, for who only needs one where a page is shown again.
pub(crate) struct LateFrame(Parts);

impl LateFrame {
    /// The year that the address names; empty where it names none.
    pub(crate) fn year(&self) -> String {
        let chosen = Query::<Chosen>::try_from_uri(&self.0.uri).ok();
        let year = chosen.and_then(|Query(chosen)| chosen.year);
        let is_year = |year: &String| year.parse::<i64>().is_ok();
        year.filter(is_year).unwrap_or_default()
    }

    /// The frame.
    ///
    /// # Errors
    /// As for [`Frame`].
    pub(crate) async fn read(mut self, app: &App) -> Result<Frame, Error> {
        Frame::from_request_parts(&mut self.0, app).await
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LateFrame {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(Self(parts.clone()))
    }
}

/// A form of one of our pages, with the token of its session checked. It has the fields that `T`
/// knows and no other: what no page of ours sends comes from somebody who tries.
pub(crate) struct Signed<T>(pub(crate) T);

/// The field that holds the form's token.
pub(super) const FORM_TOKEN: &str = "form_token";

impl<T: DeserializeOwned> FromRequest<App> for Signed<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        let path = request.uri().path().to_owned();
        let fields = signed_fields(request, app).await?;
        read_fields(fields).map(Self).map_err(|cause| {
            tracing::warn!(%path, %cause, "refused a form that no page of ours sends");
            Error::Unreadable
        })
    }
}

/// The fields of a form of one of our pages in their order, without the token of its session, which
/// stands in it once and is checked.
///
/// # Errors
/// The form is not one that a page of this session sends.
pub(super) async fn signed_fields(
    request: Request,
    app: &App,
) -> Result<Vec<(String, String)>, Error> {
    let person = request.extensions().get::<Person>().cloned();
    let path = request.uri().path().to_owned();
    let form = Form::<Vec<(String, String)>>::from_request(request, app).await;
    let (Some(person), Ok(Form(mut fields))) = (person, form) else {
        tracing::warn!(%path, "refused a form that cannot be read");
        return Err(Error::StalePage);
    };
    let login = &person.login;
    let tokens: Vec<_> = fields
        .extract_if(.., |(name, _)| name == FORM_TOKEN)
        .collect();
    let is_ours = matches!(&*tokens, [(_, token)] if web::token::same(&person.form_token, token));
    if !is_ours {
        tracing::warn!(%login, %path, "refused a form without its session's token");
        return Err(Error::StalePage);
    }
    // No text of ours has a NUL, and PostgreSQL takes none.
    if fields.iter().any(|(_, value)| value.contains('\0')) {
        tracing::warn!(%login, %path, "refused a text with NUL");
        return Err(Error::Unreadable);
    }
    Ok(fields)
}

/// The fields as `T`, or what is wrong with them.
fn read_fields<T: DeserializeOwned>(fields: Vec<(String, String)>) -> Result<T, String> {
    let mut unknown = None;
    let known = MapDeserializer::<_, serde::de::value::Error>::new(fields.into_iter());
    let read = serde_ignored::deserialize(known, |field| unknown = Some(field.to_string()));
    match (read, unknown) {
        (Ok(read), None) => Ok(read),
        (Ok(_), Some(field)) => Err(format!("unknown field {field}")),
        (Err(cause), _) => Err(cause.to_string()),
    }
}
