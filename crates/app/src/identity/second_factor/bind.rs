//! Binding an authenticator, its recovery codes, and taking it away.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::{LoginRefusal, must_prove_twice};
use serde::Deserialize;
use web::Error;

use super::{Shown, code, kept, own, prove};
use crate::audit;
use crate::identity::account_event;
use crate::identity::entry::{self, Entry, Passed, Visit};
use crate::identity::store::session::Stage;
use crate::serve::{App, Frame, Person, Signed, now_text, unix_seconds};

/// Minutes in which a shown secret can be confirmed.
const BINDING_MINUTES: i64 = 15;

#[derive(Template)]
#[template(path = "identity/second_factor/bind.html")]
struct BindPage {
    form_token: String,
    next: String,
    secret: String,
    is_full: bool,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "identity/second_factor/codes.html")]
struct CodesPage {
    codes: Vec<String>,
    next: String,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    next: String,
}

/// `GET /second-factor/binding`: the secret that waits to be scanned or typed.
pub(crate) async fn show_binding(
    State(app): State<App>,
    person: Person,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let id = person.account.clone();
    let secret = app.db.read(move |tx| waiting(tx, &id)).await?;
    let Some(secret) = secret else {
        return Ok(Redirect::to(&on("/second-factor", &wanted.next)).into_response());
    };
    web::page(&BindPage {
        form_token: person.form_token,
        next: wanted.next,
        secret: code::spaced(&secret),
        is_full: person.stage == Stage::Full,
        error: None,
    })
}

/// `POST /second-factor/binding`: makes the secret. It stays the same while its time runs, so that
/// pressing again does not make the scanned one useless.
pub(crate) async fn begin(
    State(app): State<App>,
    person: Person,
    Signed(wanted): Signed<Wanted>,
) -> Result<Response, Error> {
    let (id, fresh) = (person.account, code::fresh_secret()?);
    let expires_at = entry::in_minutes(BINDING_MINUTES);
    let done = app.db.write(move |tx| {
        // Whoever only knows the password must not put another authenticator in place.
        let is_bound = own(tx, &id)?.has_second_factor;
        if !is_bound && waiting(tx, &id)?.is_none() {
            kept::set_binding(tx, &id, &fresh, &expires_at)?;
        }
        Ok::<_, db::Error>(())
    });
    done.await?;
    Ok(Redirect::to(&on("/second-factor/binding", &wanted.next)).into_response())
}

/// The secret that the account's person is to confirm; none for who has an authenticator already.
fn waiting(tx: &mut db::Tx<'_>, id: &str) -> Result<Option<String>, db::Error> {
    if own(tx, id)?.has_second_factor {
        return Ok(None);
    }
    kept::find_binding(tx, id, &now_text())
}

/// `page`, with the way on kept.
fn on(page: &str, next: &str) -> String {
    let inside = web::query::inside(next);
    let kept = inside.filter(|path| *path != "/").unwrap_or_default();
    web::query::Query::new().with("next", kept).at(page)
}

/// `GET /second-factor/picture`: the secret as an authenticator scans it.
pub(crate) async fn picture(State(app): State<App>, person: Person) -> Result<Response, Error> {
    let id = person.account.clone();
    let secret = app
        .db
        .read(move |tx| kept::find_binding(tx, &id, &now_text()))
        .await?;
    let svg = code::picture(&secret.ok_or(Error::NotFound)?, &person.login)?;
    let mut answer = svg.into_response();
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    Ok(answer)
}

#[derive(Deserialize)]
pub(crate) struct Sent {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// How confirming a binding ended.
enum Bound {
    /// For a session that goes on, as it is or anew.
    In(Option<Entry>),
    /// Somebody bound one in the same moment.
    Late,
    /// The account may not be used any more.
    Out(LoginRefusal),
}

/// `POST /second-factor/binding/confirmation`: one code shows that the authenticator has the
/// secret. At login the session goes on from here.
pub(crate) async fn confirm(
    State(app): State<App>,
    visit: Visit,
    person: Person,
    frame: Frame,
    Signed(sent): Signed<Sent>,
) -> Result<Response, Error> {
    let id = person.account.clone();
    let Some(secret) = app.db.read(move |tx| waiting(tx, &id)).await? else {
        return prove::begin_again(&app, person, frame, sent.next).await;
    };
    let Some(step) = code::step(&secret, &sent.code, unix_seconds())? else {
        let page = web::page(&BindPage {
            form_token: person.form_token,
            next: sent.next,
            secret: code::spaced(&secret),
            is_full: person.stage == Stage::Full,
            error: Some(
                "验证码不对：请输入验证器上现在显示的 6 位数字，并核对手机的时间是否准确。"
                    .to_owned(),
            ),
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let (codes, digests) = code::recovery_codes()?;
    let token = web::token::secret()?;
    let done = app.db.write(move |tx| {
        if !kept::bind(tx, &person.account, &secret, step, &digests)? {
            return Ok::<_, db::Error>(Bound::Late);
        }
        let (login, told) = (&person.login, visit.told());
        let event = account_event(login, "second_factor_bound", &person.account, Some(&told));
        audit::record(tx, &visit.now, &event)?;
        if person.stage == Stage::Full {
            return Ok(Bound::In(None));
        }
        let passed = Passed {
            proof: person.proof,
            second: true,
        };
        let entered = entry::enter(tx, &person.account, passed, &visit, &token)?;
        Ok(entered.map_or_else(Bound::Out, |entry| Bound::In(Some(entry))))
    });
    match done.await? {
        Bound::In(entry) => shown_once(codes, entry.as_ref(), &sent.next),
        Bound::Late => Ok(Redirect::to("/second-factor").into_response()),
        Bound::Out(refusal) => Err(Error::Refused(refusal.to_string())),
    }
}

/// The recovery codes, once, and the way on.
fn shown_once(codes: Vec<String>, entry: Option<&Entry>, next: &str) -> Result<Response, Error> {
    let next = match entry.and_then(|entry| entry.stage.only_page()) {
        Some(page) => page.to_owned(),
        None if entry.is_none() => "/second-factor".to_owned(),
        None => web::query::inside(next).unwrap_or("/").to_owned(),
    };
    let page = web::page(&CodesPage { codes, next })?;
    match entry {
        Some(entry) => {
            let cookie = web::guard::session_cookie(&entry.token, entry.seconds)?;
            Ok(([(SET_COOKIE, cookie)], page).into_response())
        }
        None => Ok(page),
    }
}

/// `POST /second-factor/recovery-codes`: new codes for the old ones.
pub(crate) async fn renew_codes(
    State(app): State<App>,
    visit: Visit,
    frame: Frame,
    person: Person,
    Signed(sent): Signed<Sent>,
) -> Result<Response, Error> {
    let (codes, digests) = code::recovery_codes()?;
    let done = with_code(&app, &visit, &person, &sent.code, move |tx, id| {
        kept::set_codes(tx, id, &digests)?;
        Ok("recovery_codes_renewed")
    });
    match done.await? {
        None => shown_once(codes, None, ""),
        Some(refusal) => prove::state(&app, frame, Some(refusal.to_string())).await,
    }
}

/// `POST /second-factor/removal`
pub(crate) async fn remove(
    State(app): State<App>,
    visit: Visit,
    frame: Frame,
    person: Person,
    Signed(sent): Signed<Sent>,
) -> Result<Response, Error> {
    let rules = entry::rules(&person.actor.region);
    if must_prove_twice(&rules.second_factor, &person.actor.roles) {
        let sentence = "您的岗位必须使用双因素登录，不能解除。更换手机请找安全保密管理员重置。";
        return Err(Error::Refused(sentence.to_owned()));
    }
    let done = with_code(&app, &visit, &person, &sent.code, |tx, id| {
        kept::unbind(tx, id)?;
        Ok("second_factor_removed")
    });
    match done.await? {
        None => Ok(Redirect::to("/second-factor").into_response()),
        Some(refusal) => prove::state(&app, frame, Some(refusal.to_string())).await,
    }
}

/// Does `work` to the account of a whole session whose person shows a code; why not, if not.
async fn with_code<F>(
    app: &App,
    visit: &Visit,
    person: &Person,
    code: &str,
    work: F,
) -> Result<Option<LoginRefusal>, Error>
where
    F: Fn(&mut db::Tx<'_>, &str) -> Result<&'static str, db::Error> + Send + 'static,
{
    if person.stage != Stage::Full {
        return Err(Error::NotFound);
    }
    let id = person.account.clone();
    let (account, secret) = app
        .db
        .read(move |tx| Ok::<_, db::Error>((own(tx, &id)?, kept::secret(tx, &id)?)))
        .await?;
    let Some(secret) = secret else {
        return Ok(Some(LoginRefusal::WrongCode));
    };
    let shown = Shown::read(&secret, code)?;
    let visit = visit.clone();
    let done = app.db.write(move |tx| {
        if account.present().is_locked(&visit.now) {
            return Ok(account.locked_until.as_deref().map(entry::locked));
        }
        if let Some(refusal) = shown.use_up(tx, &account.id, &visit.now)? {
            return Ok::<_, db::Error>(Some(entry::failed(tx, &account, refusal, &visit)?));
        }
        let action = work(tx, &account.id)?;
        let told = visit.told();
        let event = account_event(&account.login, action, &account.id, Some(&told));
        audit::record(tx, &visit.now, &event)?;
        Ok(None)
    });
    Ok(done.await?)
}
