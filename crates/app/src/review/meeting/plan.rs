//! Planning, changing, opening and closing a meeting.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use serde_json::json;
use web::{Error, Shell};

use super::{SESSION, demanded, stale};
use crate::audit::{self, Change};
use crate::review::Stop;
use crate::review::store::agenda;
use crate::review::store::session::{self, Plan, Section, Session};
use crate::serve::{App, Frame, Person, SignedPairs, now_text, today};

/// Most letters of a topic, a place or a name; and of the list of people.
const MOST_LETTERS: usize = 100;
const MOST_PEOPLE_LETTERS: usize = 1_000;

#[derive(Template)]
#[template(path = "review/meeting/plan.html")]
struct PlanPage {
    shell: Shell,
    /// None for a new one.
    session: Option<Session>,
    plan: Plan,
    sections: Vec<Section>,
    key: String,
    problems: Vec<String>,
}

impl PlanPage {
    fn takes_part(&self, section: &Section) -> bool {
        self.plan.sections.contains(&section.id)
    }
}

/// `GET /joint-reviews/new`
pub(super) async fn form(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let plan = Plan {
        held_on: today(),
        topic: format!("{} 年预算绩效目标会审", frame.shell.year),
        ..Plan::default()
    };
    let region = frame.region_code.clone();
    let sections = app
        .db
        .read(move |tx| session::sections(tx, &region, ""))
        .await?;
    let plan = Plan {
        sections: sections.iter().map(|section| section.id.clone()).collect(),
        ..plan
    };
    page(frame.shell, None, plan, sections, Vec::new())
}

fn page(
    shell: Shell,
    session: Option<Session>,
    plan: Plan,
    sections: Vec<Section>,
    problems: Vec<String>,
) -> Result<Response, Error> {
    let status = if problems.is_empty() {
        axum::http::StatusCode::OK
    } else {
        axum::http::StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = web::page(&PlanPage {
        shell: shell.at("/joint-reviews"),
        session,
        plan,
        sections,
        key: web::token::secret()?.chars().take(24).collect(),
        problems,
    })?;
    Ok((status, page).into_response())
}

/// What the form says, and what is wrong with it.
fn read(form: &SignedPairs) -> Result<(Plan, Vec<String>), Error> {
    let text = |name: &str| {
        let text = form.one(name).trim().replace("\r\n", "\n");
        if text.contains(|c: char| c.is_control() && c != '\n') {
            return Err(Error::Unreadable);
        }
        Ok(text)
    };
    let plan = Plan {
        held_on: text("held_on")?,
        topic: text("topic")?,
        place: text("place")?,
        chair: text("chair")?,
        attendees: text("attendees")?,
        sections: form.all("section").map(str::to_owned).collect(),
    };
    let mut problems = Vec::new();
    if crate::serve::days_between("2000-01-01", &plan.held_on).is_none_or(|days| days < 0)
        || plan.held_on.len() != 10
    {
        problems.push("日期没有填对：请选择会审日期。".to_owned());
    }
    for (label, text, most) in [
        ("主题", &plan.topic, MOST_LETTERS),
        ("地点", &plan.place, MOST_LETTERS),
        ("主持人", &plan.chair, MOST_LETTERS),
        ("参会人员", &plan.attendees, MOST_PEOPLE_LETTERS),
    ] {
        if text.chars().count() > most {
            problems.push(format!("{label}超过 {most} 字，请缩短。"));
        }
    }
    if plan.topic.is_empty() {
        problems.push("主题没有填：请写明审什么。".to_owned());
    }
    if plan.sections.is_empty() {
        problems.push("没有选参加股室：请至少选一个。".to_owned());
    }
    Ok((plan, problems))
}

const FIELDS: [&str; 8] = [
    "key",
    "version",
    "held_on",
    "topic",
    "place",
    "chair",
    "attendees",
    "section",
];

/// `POST /joint-reviews/new`
pub(super) async fn make(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&FIELDS)?;
    let (plan, problems) = read(&form)?;
    let (region, year) = (frame.region_code.clone(), frame.shell.year);
    if !problems.is_empty() {
        let sections = app
            .db
            .read(move |tx| session::sections(tx, &region, ""))
            .await?;
        return page(frame.shell, None, plan, sections, problems);
    }
    // The same form sent twice makes one meeting.
    let key = crate::review::typed::key(&form)?;
    let digest = web::token::digest(&format!("{} {key}", person.account));
    let id = format!("j-{}", digest.get(..16).unwrap_or_default());
    let (now, made) = (now_text(), id.clone());
    app.db
        .write(move |tx| -> Result<(), Stop> {
            if session::find(tx, &session::Whose::of(&person.actor), &made)?.is_some() {
                return Ok(());
            }
            session::insert(tx, (&made, &region, year), &plan, &person.login)?;
            let after = said(&plan);
            note(
                tx,
                &person,
                (&region, &made),
                ("joint_review_planned", &after),
                &now,
            )
        })
        .await?;
    Ok(to(&id, year))
}

fn said(plan: &Plan) -> serde_json::Value {
    json!({"held_on": plan.held_on, "topic": plan.topic, "place": plan.place,
        "chair": plan.chair, "attendees": plan.attendees, "sections": plan.sections})
}

/// Writes the event of a change of the meeting.
pub(super) fn note(
    tx: &mut Tx<'_>,
    person: &Person,
    (region, id): (&str, &str),
    (action, after): (&str, &serde_json::Value),
    now: &str,
) -> Result<(), Stop> {
    let change = Change {
        actor: &person.login,
        action,
        record: (SESSION, id),
        before: None,
        after: Some(after),
    };
    Ok(audit::append(tx, region, now, &change)?)
}

pub(super) fn to(id: &str, year: i64) -> Response {
    Redirect::to(&format!("/joint-reviews/{id}?year={year}")).into_response()
}

/// `GET /joint-reviews/{id}/plan`
pub(super) async fn edit(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let (found, sections) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let found = demanded(tx, &person, &id)?;
            let sections = session::sections(tx, &found.region, &found.id)?;
            Ok((found, sections))
        })
        .await?;
    if found.is_closed() {
        return Err(closed());
    }
    let takes_part = sections.iter().filter(|section| section.takes_part);
    let plan = Plan {
        held_on: found.held_on.clone(),
        topic: found.topic.clone(),
        place: found.place.clone(),
        chair: found.chair.clone(),
        attendees: found.attendees.clone(),
        sections: takes_part.map(|section| section.id.clone()).collect(),
    };
    page(frame.shell, Some(found), plan, sections, Vec::new())
}

fn closed() -> Error {
    Error::Refused("会审已经结束，纪要已定稿，不能再改。".to_owned())
}

/// `POST /joint-reviews/{id}/plan`
pub(super) async fn change(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&FIELDS)?;
    let (plan, problems) = read(&form)?;
    let version: i64 = form.one("version").parse().map_err(|_| Error::Unreadable)?;
    let (who, wanted) = (person.clone(), id.clone());
    let (found, sections) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let found = demanded(tx, &who, &wanted)?;
            let sections = session::sections(tx, &found.region, &found.id)?;
            Ok((found, sections))
        })
        .await?;
    if found.is_closed() {
        return Err(closed());
    }
    if !problems.is_empty() {
        return page(frame.shell, Some(found), plan, sections, problems);
    }
    let now = now_text();
    app.db
        .write(move |tx| -> Result<(), Stop> {
            if !session::change(tx, &found, version, &plan)? {
                return Err(stale());
            }
            let place = (&*found.region, &*found.id);
            note(
                tx,
                &person,
                place,
                ("joint_review_changed", &said(&plan)),
                &now,
            )
        })
        .await?;
    Ok(to(&id, frame.shell.year))
}

/// `POST /joint-reviews/{id}/state`: opens a planned meeting, closes an open one, or takes a
/// planned one back.
pub(super) async fn turn(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&["version", "do"])?;
    let version: i64 = form.one("version").parse().map_err(|_| Error::Unreadable)?;
    let what = form.one("do").to_owned();
    let (now, wanted, asked) = (now_text(), id.clone(), what.clone());
    app.db
        .write(move |tx| turned(tx, &person, (&wanted, version), &asked, &now))
        .await?;
    let year = frame.shell.year;
    Ok(if what == "delete" {
        Redirect::to(&format!("/joint-reviews?year={year}")).into_response()
    } else {
        to(&id, year)
    })
}

fn turned(
    tx: &mut Tx<'_>,
    person: &Person,
    (id, version): (&str, i64),
    what: &str,
    now: &str,
) -> Result<(), Stop> {
    let found = demanded(tx, person, id)?;
    session::lock(tx, id)?;
    let (action, after) = match what {
        "open" => {
            if found.targets == 0 {
                return Err(Stop::unfit(
                    "议程里还没有目标：请先加入要审的目标，再开始会审。",
                ));
            }
            if !session::open(tx, id, version, now)? {
                return Err(stale());
            }
            ("joint_review_opened", json!({"targets": found.targets}))
        }
        "close" => {
            if !session::close(tx, id, version, now)? {
                return Err(stale());
            }
            let linked = agenda::link(tx, id)?;
            let after = json!({"targets": found.targets, "dealt": found.dealt, "linked": linked});
            ("joint_review_closed", after)
        }
        "delete" => {
            if found.state != "planned" {
                return Err(Stop::unfit("会审已经开始，不能取消。"));
            }
            if !session::delete(tx, id, version)? {
                return Err(stale());
            }
            ("joint_review_deleted", json!({"topic": found.topic}))
        }
        _ => return Err(Stop::Told(Error::Unreadable)),
    };
    note(tx, person, (&found.region, id), (action, &after), now)
}
