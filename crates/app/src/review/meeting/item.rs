//! One target of a meeting: read, judged, and on to the next.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::workflow::RecordKind;
use serde_json::json;
use web::Error;

use super::agenda::{decision, next};
use super::demanded;
use super::plan::note;
use crate::permission::Refused;
use crate::review::page::{Button, Came, Sent, act_on};
use crate::review::screen::{self, Place, Undo, View};
use crate::review::store::agenda::{self, Item};
use crate::review::store::session::Session;
use crate::review::{Stop, act, grade as live, typed};
use crate::serve::{App, Frame, Person, SignedPairs, now_text};
use crate::workflow;

/// The meeting with its agenda, on which the target stands.
fn placed(
    tx: &mut Tx<'_>,
    person: &Person,
    (id, target): (&str, &str),
) -> Result<(Session, Vec<Item>), Stop> {
    let session = demanded(tx, person, id)?;
    let items = agenda::all(tx, id)?;
    if items.iter().any(|item| item.target_id == target) {
        Ok((session, items))
    } else {
        Err(Refused::NotFound.into())
    }
}

/// Where the target stands in the agenda.
fn place(session: &Session, items: &[Item], target: &str) -> Place {
    let at = items.iter().position(|item| item.target_id == target);
    let at = at.unwrap_or_default();
    let id = |place: usize| items.get(place).map(|item| item.target_id.clone());
    let came = items
        .get(at)
        .and_then(|item| match (&item.done, &item.grade) {
            (Some(done), Some(grade)) if done == "graded" => Some(decision(grade)),
            (Some(_), _) => Some("退回单位".to_owned()),
            (None, _) => None,
        });
    Place {
        session: session.id.clone(),
        topic: session.topic.clone(),
        is_open: session.is_open(),
        number: at + 1,
        count: items.len(),
        dealt: items.iter().filter(|item| item.done.is_some()).count(),
        skipped: items
            .iter()
            .filter(|item| item.is_skipped && item.waits())
            .count(),
        before: at.checked_sub(1).and_then(id),
        after: id(at + 1),
        decision: came,
        last: None,
    }
}

/// What was decided of the target, if the person may take it back.
pub(super) fn undo(
    tx: &mut Tx<'_>,
    person: &Person,
    (session, items): (&Session, &[Item]),
    target: &str,
    now: &str,
) -> Result<Option<Undo>, Stop> {
    let found = items.iter().find(|item| item.target_id == target);
    let Some(item) = found.filter(|item| session.is_open() && item.done.is_some()) else {
        return Ok(None);
    };
    let read = workflow::read(tx, RecordKind::PerformanceTarget, target, now)?;
    if !act::may_take_back(&read, &person.actor) {
        return Ok(None);
    }
    let decided = place(session, items, target).decision.unwrap_or_default();
    Ok(Some(Undo {
        target: target.to_owned(),
        version: read.standing.version,
        said: format!("{}：{decided}", item.name),
    }))
}

/// `POST /joint-reviews/{id}/targets/{target}/withdrawal`: what was decided is taken back.
pub(super) async fn withdraw(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((id, target)): Path<(String, String)>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&["version"])?;
    let version = form.one("version").parse().map_err(|_| Error::Unreadable)?;
    let (now, year) = (now_text(), frame.shell.year);
    let to = format!("/joint-reviews/{id}/targets/{target}?year={year}&done=withdrawn");
    app.db
        .write(move |tx| -> Result<(), Stop> {
            placed(tx, &person, (&id, &target))?;
            act::take_back(tx, &person, (&target, version), &now)
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}

/// `GET /joint-reviews/{id}/targets/{target}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((id, target)): Path<(String, String)>,
    Query(view): Query<View>,
) -> Result<Response, Error> {
    let (now, last) = (now_text(), view.last.clone());
    let (shown, place) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let (session, items) = placed(tx, &person, (&id, &target))?;
            let part = (session.is_open(), None);
            let shown = screen::read(tx, &person.actor, &target, part, &now)?;
            let agenda = (&session, &*items);
            let last = undo(tx, &person, agenda, &last, &now)?;
            let place = place(&session, &items, &target);
            Ok((shown, Place { last, ..place }))
        })
        .await?;
    screen::page(frame.shell, shown, Some(place), view, Vec::new())
}

/// `POST /joint-reviews/{id}/targets/{target}/grade`
pub(super) async fn grade(
    State(app): State<App>,
    person: Person,
    Path((id, target)): Path<(String, String)>,
    form: SignedPairs,
) -> Result<Response, Error> {
    let now = now_text();
    let rules = app
        .db
        .read(move |tx| {
            placed(tx, &person, (&id, &target))?;
            live::rules(tx, &target, &now)
        })
        .await?;
    live::answer(&form, rules)
}

/// `POST /joint-reviews/{id}/targets/{target}`
pub(super) async fn send(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((id, target)): Path<(String, String)>,
    Query(view): Query<View>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&typed::names(&["version", "key", "do"]))?;
    let button = Button::find(form.one("do"))?;
    let (now, year) = (now_text(), frame.shell.year);
    let (who, at, wanted) = (person.clone(), now.clone(), (id.clone(), target.clone()));
    let (session, items, rules) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let (session, items) = placed(tx, &who, (&wanted.0, &wanted.1))?;
            Ok((session, items, live::rules(tx, &wanted.1, &at)?))
        })
        .await?;
    if !session.is_open() {
        return Err(Error::Refused(
            "会审没有在进行：请由绩效股开始会审后再填写。".to_owned(),
        ));
    }
    let came = if button == Button::Skip {
        skip(&app, &person, &session, &target, now).await?;
        Came::Done("skipped")
    } else {
        let form = (
            Sent::read(&form)?,
            typed::read(&form, &rules.0.target_review, rules.1)?,
        );
        let place = (target.clone(), Some(id.clone()));
        act_on(&app, &person, place, button, form, now).await?
    };
    match came {
        Came::Done(done) => Ok(on(&items, (&id, &target), done, year)),
        Came::Again(shown, problems) => {
            let place = place(&session, &items, &target);
            screen::page(frame.shell, *shown, Some(place), view, problems)
        }
    }
}

/// On to the next target that waits; to the meeting when none does.
fn on(items: &[Item], (id, target): (&str, &str), done: &str, year: i64) -> Response {
    let items: Vec<Item> = items
        .iter()
        .map(|item| Item {
            // As it stands now.
            done: item.done.clone().or_else(|| {
                let is_dealt = item.target_id == target && done != "saved" && done != "skipped";
                is_dealt.then(|| "graded".to_owned())
            }),
            is_skipped: item.is_skipped || (item.target_id == target && done == "skipped"),
            ..item.clone()
        })
        .collect();
    let following = next(&items, Some(target)).filter(|_| done != "saved");
    let to = match following {
        Some(next) => format!(
            "/joint-reviews/{id}/targets/{}?year={year}&done={done}&last={target}",
            next.target_id
        ),
        None if done == "saved" || done == "skipped" => {
            format!("/joint-reviews/{id}/targets/{target}?year={year}&done={done}")
        }
        None => format!("/joint-reviews/{id}?year={year}&last={target}"),
    };
    Redirect::to(&to).into_response()
}

async fn skip(
    app: &App,
    person: &Person,
    session: &Session,
    target: &str,
    now: String,
) -> Result<(), Error> {
    let (person, session, target) = (person.clone(), session.clone(), target.to_owned());
    app.db
        .write(move |tx| -> Result<(), Stop> {
            if !may_decide(&person) {
                return Err(
                    Refused::Forbidden("由绩效股主持会审，跳过由主持人办理。".to_owned()).into(),
                );
            }
            if !agenda::skip(tx, &session.id, &target)? {
                return Ok(());
            }
            let after = json!({ "skipped": target });
            let place = (&*session.region, &*session.id);
            note(tx, &person, place, ("joint_review_agenda", &after), &now)
        })
        .await?;
    Ok(())
}

fn may_decide(person: &Person) -> bool {
    use domain::permission::{Action, may};
    may(&person.actor, Action::Arrange).is_allowed()
}
