//! The review of one target outside a meeting.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::Action;
use web::Error;

use super::act::{self, Order};
use super::screen::{self, Shown, View};
use super::typed::{self, Typed};
use super::{KIND, Stop, grade};
use crate::permission::demand;
use crate::serve::{App, Frame, Person, SignedPairs, now_text};

/// `GET /targets/{id}/review`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
    Query(view): Query<View>,
) -> Result<Response, Error> {
    let (actor, now) = (frame.actor.clone(), now_text());
    let shown = app
        .db
        .read(move |tx| -> Result<Shown, Stop> {
            demand(tx, &actor, Action::Review, KIND, &id)?;
            screen::read(tx, &actor, &id, (false, None), &now)
        })
        .await?;
    screen::page(frame.shell, shown, None, view, Vec::new())
}

/// What the buttons do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Button {
    /// Keeps the form without deciding.
    Save,
    /// Concludes or passes the step.
    Conclude,
    /// Gives the target back.
    Return,
    /// Puts it aside in a meeting.
    Skip,
}

impl Button {
    pub(super) fn find(name: &str) -> Result<Self, Error> {
        Ok(match name {
            "save" => Self::Save,
            "conclude" => Self::Conclude,
            "return" => Self::Return,
            "skip" => Self::Skip,
            _ => return Err(Error::Unreadable),
        })
    }
}

/// What came of a button.
pub(super) enum Came {
    /// What was done, as the address of the next page tells it.
    Done(&'static str),
    /// The form was not taken.
    Again(Box<Shown>, Vec<String>),
}

/// `POST /targets/{id}/review`
pub(super) async fn send(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Query(view): Query<View>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&typed::names(&["version", "key", "do"]))?;
    let button = Button::find(form.one("do"))?;
    let sent = Sent::read(&form)?;
    let (now, target) = (now_text(), id.clone());
    let (actor, at) = (person.actor.clone(), now.clone());
    let (pack, is_key) = app
        .db
        .read(move |tx| {
            demand(tx, &actor, Action::Review, KIND, &target)?;
            grade::rules(tx, &target, &at)
        })
        .await?;
    let typed = typed::read(&form, &pack.target_review, is_key)?;
    let came = act_on(
        &app,
        &person,
        (id.clone(), None),
        button,
        (sent, typed),
        now,
    )
    .await?;
    match came {
        Came::Done(done) => {
            let year = frame.shell.year;
            let to = if done == "saved" {
                format!("/targets/{id}/review?year={year}&done={done}")
            } else {
                format!("/records/performance_target/{id}?year={year}&done=1")
            };
            Ok(Redirect::to(&to).into_response())
        }
        Came::Again(shown, problems) => screen::page(frame.shell, *shown, None, view, problems),
    }
}

/// What stands in the form beside what was typed.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) version: u64,
    pub(super) key: String,
}

impl Sent {
    pub(super) fn read(form: &SignedPairs) -> Result<Self, Error> {
        Ok(Self {
            version: form.one("version").parse().map_err(|_| Error::Unreadable)?,
            key: typed::key(form)?,
        })
    }
}

/// Does what the button says; where it cannot be done, the page again with what was typed.
///
/// # Errors
/// It is not the person's to do, or the database fails.
pub(super) async fn act_on(
    app: &App,
    person: &Person,
    (id, session): (String, Option<String>),
    button: Button,
    (sent, typed): (Sent, Typed),
    now: String,
) -> Result<Came, Error> {
    let (who, target, meeting) = (person.clone(), id.clone(), session.clone());
    let (form, at) = (typed.clone(), now.clone());
    let done = app
        .db
        .write(move |tx| {
            let order = Order {
                target: &target,
                version: sent.version,
                key: &sent.key,
                session: meeting.as_deref(),
                batch: None,
                typed: &form,
            };
            press(tx, &who, button, &order, &at)
        })
        .await;
    match done {
        Ok(done) => Ok(Came::Done(done)),
        Err(Stop::Unfit(problems)) => {
            let (actor, login) = (person.actor.clone(), &person.login);
            tracing::warn!(%login, %id, ?problems, "refused");
            let takes_part = session.is_some();
            let shown = app
                .db
                .read(move |tx| {
                    let part = (takes_part, Some(typed.clone()));
                    screen::read(tx, &actor, &id, part, &now)
                })
                .await?;
            Ok(Came::Again(Box::new(shown), problems))
        }
        Err(stop) => Err(stop.into()),
    }
}

fn press(
    tx: &mut Tx<'_>,
    person: &Person,
    button: Button,
    order: &Order<'_>,
    now: &str,
) -> Result<&'static str, Stop> {
    if order.session.is_none() {
        demand(tx, &person.actor, Action::Review, KIND, order.target)?;
    }
    match button {
        Button::Save => act::keep(tx, person, order, now).map(|_| "saved"),
        Button::Conclude => act::conclude(tx, person, order, now)
            .map(|grade| if grade.is_empty() { "passed" } else { "graded" }),
        Button::Return => act::give_back(tx, person, order, now).map(|()| "returned"),
        Button::Skip => Err(Stop::Told(Error::Unreadable)),
    }
}
