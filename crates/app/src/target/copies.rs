//! 复制上年目标、复制相似项目: rows and goals of earlier and of other approved targets, put into the
//! form.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::{Action, Subject, decide};
use domain::target::{MOST_ROWS, Origin, Row, Target};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::library::keep_typed;
use super::store::examples::{self, Example};
use super::store::record::{self, Record};
use super::workbook::standing;
use super::{Stop, demanded, draft, words};
use crate::permission::Refused;
use crate::serve::{App, Frame, Person, Signed, SignedPairs, now_text};

/// Most examples that the page lists.
const MOST_FOUND: i64 = 20;

/// Whose words can be read by whoever fills a target: they were approved with the budget.
const APPROVED: [&str; 3] = ["approved", "adjusting", "superseded"];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    q: String,
    /// The target that is looked at.
    from: String,
}

/// A target that can be copied, with what it says.
struct Source {
    example: Example,
    target: Target,
}

#[derive(Template)]
#[template(path = "target/copies.html")]
struct CopiesPage {
    shell: Shell,
    record: Record,
    chosen: Chosen,
    /// What was looked for: what was typed, or the object's name.
    words: String,
    /// The newest earlier target of the same object.
    last: Option<Source>,
    source: Option<Source>,
    found: Vec<Example>,
    /// Whether something stands in the form.
    is_filled: bool,
}

impl CopiesPage {
    fn state(name: &str) -> &'static str {
        words::state(RecordKind::PerformanceTarget, name)
    }

    fn marked(&self, text: &str) -> Vec<(String, bool)> {
        domain::search::marked(text, &self.words)
    }

    /// What is shown to be copied: what was chosen, else last year's.
    fn shown(&self) -> Option<&Source> {
        self.source.as_ref().or(self.last.as_ref())
    }

    fn is_last(&self) -> bool {
        self.source.is_none()
    }
}

/// `GET /targets/{id}/copies`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let now = now_text();
    let wanted = chosen.clone();
    let shell = frame.shell.at("/objects");
    let page = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            super::demand_edit(tx, &person.actor, &record, &now)?;
            let target = standing(tx, &record, &person)?.unwrap_or_default();
            let last = match examples::before(tx, &record.object_id, record.year)? {
                Some(last) => source(tx, &person, &record, &last)?,
                None => None,
            };
            let source = match &*wanted.from {
                "" => None,
                from => Some(source(tx, &person, &record, from)?.ok_or(Refused::NotFound)?),
            };
            let words = match wanted.q.trim() {
                "" => record.object_name.clone(),
                words => words.to_owned(),
            };
            let found = if may_read(&person, &record) {
                let own = (&record, own_unit(&person));
                examples::similar(tx, own, &words, MOST_FOUND)?
            } else {
                Vec::new()
            };
            Ok((
                record,
                words,
                last,
                source,
                found,
                target != Target::default(),
            ))
        })
        .await?;
    let (record, words, last, source, found, is_filled) = page;
    web::page(&CopiesPage {
        shell,
        record,
        chosen,
        words,
        last,
        source,
        found,
        is_filled,
    })
}

fn own_unit(person: &Person) -> &str {
    person.actor.unit.as_ref().map_or("", |unit| &unit.0)
}

/// Whether the person may read the region's approved targets.
fn may_read(person: &Person, record: &Record) -> bool {
    let region = Subject::of_region(&record.region_code);
    decide(&person.actor, Action::ReadExamples, &region).is_allowed()
}

/// The target of this id, if it may be copied here: an earlier one of the same object, or one that
/// was approved. None where there is no such target for the person.
fn source(
    tx: &mut Tx<'_>,
    person: &Person,
    record: &Record,
    id: &str,
) -> Result<Option<Source>, Stop> {
    let found = examples::find(tx, (id, &record.region_code), own_unit(person))?;
    let Some(example) = found else {
        return Ok(None);
    };
    let is_own = example.object_id == record.object_id && id != record.id;
    let is_approved = APPROVED.contains(&&*example.state) && may_read(person, record);
    if !is_own && !is_approved {
        return Ok(None);
    }
    let target = record::find(tx, id)?.map(|found| found.target);
    Ok(target.map(|target| Source { example, target }))
}

/// `POST /targets/{id}/copies/page`: keeps what is being typed, and leads to the page.
pub(super) async fn leave(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let to = format!("/targets/{id}/copies?year={}", frame.shell.year);
    keep_typed(&app, person, id, &fields).await?;
    Ok(Redirect::to(&to).into_response())
}

/// `POST /targets/{id}/copies`: what was chosen is put into the person's form.
pub(super) async fn take(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    sent: SignedPairs,
) -> Result<Response, Error> {
    sent.only(&["form_token", "from", "goal", "row", "way"])?;
    let from = sent.one("from").to_owned();
    let with_goal = !sent.one("goal").is_empty();
    let rows: Vec<String> = sent.all("row").map(str::to_owned).collect();
    let is_anew = match sent.one("way") {
        "anew" => true,
        "behind" => false,
        _ => return Err(Error::Unreadable),
    };
    let to = format!("/targets/{id}/edit?year={}", frame.shell.year);
    let now = now_text();
    app.db
        .write(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            super::demand_edit(tx, &person.actor, &record, &now)?;
            if rows.is_empty() && !with_goal {
                return Err(Stop::Told(Error::Refused(
                    "还没有勾选要复制的内容，请返回勾选后再复制。".to_owned(),
                )));
            }
            // Somebody saved meanwhile: the form itself shows both sides.
            let Some(standing) = standing(tx, &record, &person)? else {
                return Ok(());
            };
            let source = source(tx, &person, &record, &from)?.ok_or(Refused::NotFound)?;
            let target = copied(&standing, &source, (with_goal, &rows), is_anew)?;
            let desk = draft::desk(&record, &person);
            draft::keep_in(tx, desk, record.version, &target, &now)
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}

/// What stands in the form with what was chosen of the source, in the place of all rows or behind
/// them. A goal that was typed is not written over by a copy that comes behind.
fn copied(
    standing: &Target,
    source: &Source,
    (with_goal, rows): (bool, &[String]),
    is_anew: bool,
) -> Result<Target, Stop> {
    let mut target = if is_anew {
        Target {
            rows: Vec::new(),
            ..standing.clone()
        }
    } else {
        standing.clone()
    };
    if with_goal && (is_anew || target.goal.trim().is_empty()) {
        target.goal.clone_from(&source.target.goal);
    }
    let chosen = source.target.rows.iter();
    let chosen = chosen.filter(|row| rows.contains(&row.key));
    target.rows.extend(chosen.map(|row| Row {
        key: String::new(),
        origin: origin_of(&source.example.target, row),
        ..row.clone()
    }));
    if target.rows.len() > MOST_ROWS {
        return Err(Stop::Told(Error::Refused(format!(
            "复制后有 {} 行指标，最多 {MOST_ROWS} 行，请少选几行，或换成「替换现有的指标」。",
            target.rows.len()
        ))));
    }
    target.name_new_rows();
    Ok(target)
}

/// Where a copy of the row came from: what the row itself came from, else the row.
pub(super) fn origin_of(target: &str, row: &Row) -> String {
    if !row.origin.is_empty() {
        return row.origin.clone();
    }
    let number = row.key.parse().unwrap_or_default();
    let id = target.to_owned();
    Origin::Target { id, row: number }.to_text()
}
