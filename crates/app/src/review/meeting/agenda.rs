//! The page of a meeting: its plan, its agenda, and the targets that could be added to it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::{Action, may};
use serde::Deserialize;
use serde_json::json;
use web::{Error, Shell};

use super::item::undo;
use super::plan::note;
use super::{demanded, stale};
use crate::review::Stop;
use crate::review::screen::Undo;
use crate::review::store::agenda::{self, Filter, Item};
use crate::review::store::session::{self, Section, Session};
use crate::serve::{App, Frame, Person, SignedPairs, now_text};

/// Most targets that are offered at once, and that are put on an agenda at once.
const MOST_OFFERED: i64 = 300;

/// What the address chooses among the waiting targets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    section: String,
    department: String,
    text: String,
    /// `waiting` or `done` shows only those of the agenda.
    show: String,
    /// The target that was decided before this page.
    last: String,
}

impl Chosen {
    fn filter(&self) -> Filter {
        Filter {
            section: self.section.clone(),
            department: self.department.clone(),
            text: self.text.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "review/meeting/agenda.html")]
struct AgendaPage {
    shell: Shell,
    session: Session,
    sections: Vec<Section>,
    departments: Vec<(String, String)>,
    items: Vec<Item>,
    offered: Vec<Item>,
    waiting: i64,
    chosen: Chosen,
    may_arrange: bool,
    /// What was decided before this page, and can be taken back.
    last: Option<Undo>,
}

impl AgendaPage {
    /// The items that the page shows, each with its number in the agenda.
    fn shown(&self) -> Vec<(usize, &Item)> {
        let is_shown = |(_, item): &(usize, &Item)| match &*self.chosen.show {
            "waiting" => item.waits(),
            "done" => item.done.is_some(),
            _ => true,
        };
        (1..).zip(&self.items).filter(is_shown).collect()
    }

    fn dealt(&self) -> usize {
        self.items.iter().filter(|item| item.done.is_some()).count()
    }

    /// The next target that the meeting has to deal with; skipped ones come last.
    fn next(&self) -> Option<&Item> {
        next(&self.items, None)
    }

    fn can_change(&self) -> bool {
        self.may_arrange && !self.session.is_closed()
    }

    fn can_decide(&self) -> bool {
        self.may_arrange && self.session.is_open()
    }

    fn taking_part(&self) -> Vec<&str> {
        let sections = self.sections.iter().filter(|section| section.takes_part);
        sections.map(|section| section.name.as_str()).collect()
    }

    /// What became of an item, in words.
    fn came(item: &Item) -> String {
        match (item.done.as_deref(), &item.grade) {
            (Some("graded"), Some(grade)) => decision(grade),
            (Some(_), _) => "退回".to_owned(),
            (None, _) if item.waits() => String::new(),
            (None, _) => "会外已办".to_owned(),
        }
    }

    /// Whether not all that wait are offered.
    fn is_cut(&self) -> bool {
        usize::try_from(self.waiting).is_ok_and(|waiting| waiting > self.offered.len())
    }

    fn is_filtered(&self) -> bool {
        let chosen = [
            &self.chosen.section,
            &self.chosen.department,
            &self.chosen.text,
        ];
        chosen.iter().any(|text| !text.is_empty())
    }
}

/// 优，通过 …
pub(super) fn decision(grade: &str) -> String {
    let what = match grade {
        "优" => "通过",
        "良" => "按商定意见修改后通过",
        "中" => "退回重新走流程",
        _ => "不予通过",
    };
    format!("{grade}，{what}")
}

/// The next item that waits after `after`, in the agenda's order; skipped ones after the others.
pub(super) fn next<'a>(items: &'a [Item], after: Option<&str>) -> Option<&'a Item> {
    let from = after
        .and_then(|after| items.iter().position(|item| item.target_id == after))
        .map_or(0, |place| place + 1);
    let (before, behind) = items.split_at(from.min(items.len()));
    let round = || behind.iter().chain(before).filter(|item| item.waits());
    let fresh = round().find(|item| !item.is_skipped);
    fresh.or_else(|| round().find(|item| Some(&*item.target_id) != after))
}

/// `GET /joint-reviews/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let may_arrange = may(&frame.actor, Action::Arrange).is_allowed();
    let (filter, last, now) = (chosen.filter(), chosen.last.clone(), now_text());
    let (read, last) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let read = read(tx, &person, &id, (&filter, may_arrange))?;
            let agenda = (&read.session, &*read.items);
            let last = undo(tx, &person, agenda, &last, &now)?;
            Ok((read, last))
        })
        .await?;
    web::page(&AgendaPage {
        shell: frame.shell.at("/joint-reviews"),
        session: read.session,
        sections: read.sections,
        departments: read.departments,
        items: read.items,
        offered: read.offered,
        waiting: read.waiting,
        chosen,
        may_arrange,
        last,
    })
}

/// What the page shows of the meeting.
struct Read {
    session: Session,
    sections: Vec<Section>,
    departments: Vec<(String, String)>,
    items: Vec<Item>,
    offered: Vec<Item>,
    waiting: i64,
}

fn read(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    (filter, may_arrange): (&Filter, bool),
) -> Result<Read, Stop> {
    let session = demanded(tx, person, id)?;
    let mut read = Read {
        sections: session::sections(tx, &session.region, id)?,
        items: agenda::all(tx, id)?,
        departments: Vec::new(),
        offered: Vec::new(),
        waiting: 0,
        session,
    };
    if may_arrange && !read.session.is_closed() {
        let place = (&*read.session.region, read.session.year);
        (read.offered, read.waiting) = agenda::waiting(tx, place, filter, MOST_OFFERED)?;
        read.departments = agenda::departments(tx, place.0)?;
    }
    Ok(read)
}

/// `POST /joint-reviews/{id}/agenda`: adds targets, takes one off, or moves one.
pub(super) async fn change(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&["do", "id", "section", "department", "text"])?;
    let order = form.one("do").to_owned();
    let ids: Vec<String> = form.all("id").map(str::to_owned).collect();
    let filter = Filter {
        section: form.one("section").to_owned(),
        department: form.one("department").to_owned(),
        text: form.one("text").to_owned(),
    };
    let (now, wanted) = (now_text(), id.clone());
    app.db
        .write(move |tx| changed(tx, &person, &wanted, (&order, &ids, &filter), &now))
        .await?;
    let year = frame.shell.year;
    Ok(Redirect::to(&format!("/joint-reviews/{id}?year={year}#agenda")).into_response())
}

fn changed(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    (order, ids, filter): (&str, &[String], &Filter),
    now: &str,
) -> Result<(), Stop> {
    let found = demanded(tx, person, id)?;
    session::lock_open(tx, &found.region)?;
    if found.is_closed() {
        return Err(Stop::unfit("会审已经结束，议程不能再改。"));
    }
    let after = match order.split_once(':').unwrap_or((order, "")) {
        ("add" | "add_all", _) => {
            let place = (&*found.region, found.year);
            let (mut offered, _) = agenda::waiting(tx, place, filter, MOST_OFFERED)?;
            if order == "add" {
                offered.retain(|item| ids.contains(&item.target_id));
            }
            if offered.is_empty() {
                return Err(Stop::unfit("没有可以加入的目标：请先勾选，或放宽筛选。"));
            }
            let targets = offered.iter().map(|item| item.target_id.as_str());
            agenda::add(tx, (id, &found.region), targets)?;
            json!({ "added": offered.len() })
        }
        ("remove", target) => {
            if !agenda::remove(tx, id, target)? {
                return Err(stale());
            }
            json!({ "removed": target })
        }
        (way @ ("up" | "down"), target) => {
            moved(tx, id, target, way == "up")?;
            json!({ "moved": target })
        }
        _ => return Err(Stop::Told(Error::Unreadable)),
    };
    note(
        tx,
        person,
        (&found.region, id),
        ("joint_review_agenda", &after),
        now,
    )
}

/// Changes places with the item before or after.
fn moved(tx: &mut Tx<'_>, id: &str, target: &str, is_up: bool) -> Result<(), Stop> {
    let items = agenda::all(tx, id)?;
    let at = items.iter().position(|item| item.target_id == target);
    let at = at.ok_or_else(stale)?;
    let other = if is_up {
        at.checked_sub(1)
    } else {
        Some(at + 1)
    };
    let Some(other) = other.and_then(|place| items.get(place)) else {
        return Ok(());
    };
    let own = &items[at];
    agenda::place(tx, id, &own.target_id, other.position)?;
    Ok(agenda::place(tx, id, &other.target_id, own.position)?)
}
