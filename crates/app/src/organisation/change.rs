//! Changing a unit: planned, shown, confirmed, written with its event.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::{Error as DbError, IsConflict, Tx};
use domain::organisation::{Change, Effect, Level, NewUnit, Refusal, Step, Unit, plan};
use domain::permission::UnitId;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::{self, write};
use super::unit::{self, Typed};
use super::{import, store::write as writes};
use crate::audit;
use crate::serve::{App, Frame, Person, Signed, now_text};

#[derive(Template)]
#[template(path = "organisation/confirm.html")]
struct ConfirmPage {
    shell: Shell,
    id: String,
    name: String,
    word: &'static str,
    typed: Typed,
    results: Vec<(String, String)>,
}

/// Why a change is not planned.
enum Failed {
    NotFound,
    Refused(String),
    Database(DbError),
}

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

impl IsConflict for Failed {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

/// `POST /units/{id}/changes`
pub(super) async fn change(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    let (region, now) = (frame.region_code.clone(), now_text());
    let (unit_id, wanted) = (id.clone(), typed.clone());
    let done = app
        .db
        .write(move |tx| {
            let planned = planned(tx, &region, &unit_id, &wanted)?;
            if wanted.confirmed == "1" {
                apply(tx, (&region, &person.login, &now), &planned, &wanted.on)?;
            }
            Ok::<_, Failed>(planned)
        })
        .await;
    match done {
        Err(Failed::NotFound) => Err(Error::NotFound),
        Err(Failed::Database(error)) => Err(error.into()),
        Err(Failed::Refused(problem)) => {
            let page = unit::page(&app, frame, &id, "", (typed, Some(problem))).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Ok(_) if typed.confirmed == "1" => {
            let year = frame.shell.year;
            Ok(Redirect::to(&format!("/units/{id}?year={year}")).into_response())
        }
        Ok(planned) => web::page(&ConfirmPage {
            shell: frame.shell.at("/units"),
            id,
            word: import::word(&planned.change).1,
            results: planned
                .effects
                .iter()
                .filter_map(|effect| told(effect, &planned))
                .collect(),
            name: planned.unit.name,
            typed,
        }),
    }
}

/// A change with what it writes.
struct Planned {
    unit: Unit,
    other: Option<Unit>,
    change: Change,
    effects: Vec<Effect>,
}

fn planned(tx: &mut Tx<'_>, region: &str, id: &str, typed: &Typed) -> Result<Planned, Failed> {
    let unit = store::find_any(tx, id)?.ok_or(Failed::NotFound)?;
    let on = typed.on.trim();
    if !domain::organisation::is_day(on) {
        return Err(Refusal::NotADay(on.to_owned()).into());
    }
    let other = match typed.other.trim() {
        "" => None,
        code => {
            let found = store::find_code(tx, (region, on), code)?;
            Some(found.ok_or(Refusal::NoSuchUnit)?)
        }
    };
    let change = read(typed, other.as_ref(), region)?;
    let above = match &other {
        Some(other) => store::above(tx, other, on)?,
        None => Vec::new(),
    };
    let above: Vec<UnitId> = above.into_iter().map(|unit| unit.id).collect();
    let children = store::children(tx, id, on)?;
    let mut taken = Vec::new();
    if let Change::Split { into } = &change {
        for part in into {
            if writes::is_code_taken(tx, region, part.code.trim(), on)? {
                taken.push(part.code.trim().to_owned());
            }
        }
    }
    let state_from = import::state_from(tx, &unit)?;
    let step = Step {
        unit: &unit,
        state_from: &state_from,
        open_children: u64::try_from(children.len()).unwrap_or(u64::MAX),
        lowest_child: children.iter().map(|unit| unit.level).min(),
        other: other.as_ref().map(|other| (other, &*above)),
        taken_codes: &taken,
    };
    let effects = plan(&change, &step, on)?;
    Ok(Planned {
        unit,
        other,
        change,
        effects,
    })
}

fn read(typed: &Typed, other: Option<&Unit>, region: &str) -> Result<Change, Failed> {
    Ok(match &*typed.what {
        "rename" => Change::Rename {
            name: typed.name.clone(),
        },
        "move" => Change::Move {
            parent: other.map(|unit| unit.id.clone()),
            level: Level::read(&typed.level)
                .ok_or_else(|| Failed::Refused("请选择级次。".to_owned()))?,
        },
        "merge" => Change::Merge {
            into: other.ok_or(Refusal::NoSuchUnit)?.id.clone(),
        },
        "split" => Change::Split {
            into: parts(&typed.parts, region, &typed.on),
        },
        "close" => Change::Close,
        _ => return Err(Failed::Refused("请选择变更方式。".to_owned())),
    })
}

fn parts(text: &str, region: &str, on: &str) -> Vec<NewUnit> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (code, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let id = web::token::digest(&format!("{region}/{code}/{on}"));
            NewUnit {
                id: UnitId(format!("u-{id}")),
                code: code.to_owned(),
                name: name.trim().to_owned(),
            }
        })
        .collect()
}

/// What an effect does, for the page that asks for confirmation.
fn told(effect: &Effect, planned: &Planned) -> Option<(String, String)> {
    match effect {
        Effect::Keep(former) => {
            let state = &former.state;
            let last = state.valid_to.as_deref().unwrap_or_default();
            let sentence = format!("{} 至 {last} 仍按“{}”显示", state.valid_from, state.name);
            Some((state.name.clone(), sentence))
        }
        Effect::Set(unit) => {
            let sentence = match (&planned.change, &unit.valid_to) {
                (_, Some(last)) => format!("存续到 {last}"),
                (Change::Rename { .. }, _) => format!("名称改为“{}”", unit.name),
                _ => {
                    let above = planned.other.as_ref().map_or("（无）", |other| &other.name);
                    format!("上级单位改为{above}，级次为{}", unit.level.label())
                }
            };
            Some((planned.unit.name.clone(), sentence))
        }
        Effect::Begin(unit) => {
            let sentence = format!("新设，编码 {}，{}单位", unit.code, unit.level.label());
            Some((unit.name.clone(), sentence))
        }
        Effect::Succeed { is_main, .. } => {
            let other = planned.other.as_ref()?;
            is_main.then(|| {
                (
                    other.name.clone(),
                    "承接，历年数字可按现行口径归此单位".to_owned(),
                )
            })
        }
    }
}

fn apply(
    tx: &mut Tx<'_>,
    (region, actor, now): (&str, &str, &str),
    planned: &Planned,
    on: &str,
) -> Result<(), DbError> {
    write::apply(tx, &planned.effects, (region, on.trim()), "entered")?;
    let unit = &planned.unit;
    let before = serde_json::json!({"name": unit.name, "level": unit.level.label()});
    let names: Vec<&str> = planned
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Set(new) if new.valid_to.is_none() => Some(&*new.name),
            Effect::Begin(new) => Some(&*new.name),
            _ => None,
        })
        .chain(planned.other.as_ref().map(|other| &*other.name))
        .collect();
    let after = serde_json::json!({"changed_on": on, "name": names.join("、")});
    let event = audit::Change {
        actor,
        action: import::word(&planned.change).0,
        record: ("organisation_unit", &unit.id.0),
        before: Some(&before),
        after: Some(&after),
    };
    audit::append(tx, region, now, &event)
}

#[derive(Deserialize)]
pub(super) struct SectionForm {
    #[serde(default)]
    section: String,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /units/{id}/section`: who looks after the unit in the year that the page shows.
pub(super) async fn section(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Query(Nothing {}): Query<Nothing>,
    Signed(form): Signed<SectionForm>,
) -> Result<Response, Error> {
    let (region, year, now) = (frame.region_code, frame.shell.year, now_text());
    let unit_id = id.clone();
    app.db
        .write(move |tx| {
            store::find_any(tx, &unit_id)?.ok_or(Failed::NotFound)?;
            let sections = store::sections(tx, &region)?;
            let chosen = sections.iter().find(|(id, _)| *id == form.section);
            let (section, name) =
                chosen.ok_or_else(|| Failed::Refused("请选择业务股室。".to_owned()))?;
            write::set_section(tx, (&region, &unit_id), year, section)?;
            let after = serde_json::json!({"fiscal_year": year, "section": name});
            let event = audit::Change {
                actor: &person.login,
                action: "unit_section_set",
                record: ("organisation_unit", &unit_id),
                before: None,
                after: Some(&after),
            };
            audit::append(tx, &region, &now, &event)?;
            Ok::<_, Failed>(())
        })
        .await
        .map_err(|failed| match failed {
            Failed::NotFound => Error::NotFound,
            Failed::Refused(sentence) => Error::Refused(sentence),
            Failed::Database(error) => error.into(),
        })?;
    Ok(Redirect::to(&format!("/units/{id}?year={year}")).into_response())
}
