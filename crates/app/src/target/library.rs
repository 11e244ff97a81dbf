//! 从指标库选: indicators of the library put into the form as new rows.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::Action;
use domain::search::marked;
use domain::target::{LEVELS1, MOST_ROWS, Origin, Row, Target};
use serde::Deserialize;
use web::{Error, Shell};

use super::store::record::Record;
use super::workbook::standing;
use super::{Stop, demanded, draft, typed, versions};
use crate::indicator_library::store::read::{self, Asked, Kept, Whose};
use crate::serve::{App, Frame, Person, Signed, SignedPairs, now_text};

/// Most indicators that the page lists.
const MOST_FOUND: i64 = 60;

/// Most indicators that are taken at once.
const MOST_TAKEN: usize = 40;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    q: String,
    level1: String,
    sector: String,
    /// The place of the empty row that is to be filled, from 0.
    row: String,
}

#[derive(Template)]
#[template(path = "target/library.html")]
struct LibraryPage {
    shell: Shell,
    record: Record,
    chosen: Chosen,
    /// What was looked for: what was typed, or the object's name.
    words: String,
    sectors: Vec<String>,
    /// Each indicator with whether it stands in the form already.
    found: Vec<(Kept, bool)>,
}

impl LibraryPage {
    fn marked(&self, text: &str) -> Vec<(String, bool)> {
        marked(text, &self.words)
    }

    fn is_proposal(&self) -> bool {
        self.chosen.q.trim().is_empty()
    }
}

/// `GET /targets/{id}/library`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let now = now_text();
    let wanted = chosen.clone();
    let (record, words, sectors, found) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            super::demand_edit(tx, &person.actor, &record, &now)?;
            let target = standing(tx, &record, &person)?;
            let target = target.unwrap_or_else(|| record.target.clone());
            let asked = Asked {
                region: record.region_code.clone(),
                level1: wanted.level1.clone(),
                sector: wanted.sector.clone(),
                with_retired: false,
                whose: Whose::of(tx, &person.actor)?,
            };
            let (words, found) = found(tx, &asked, &wanted.q, &record.object_name)?;
            let sectors = read::sectors(tx, &record.region_code)?;
            let found: Vec<(Kept, bool)> = found
                .into_iter()
                .map(|kept| {
                    let is_there = stands(&target, &kept);
                    (kept, is_there)
                })
                .collect();
            Ok((record, words, sectors, found))
        })
        .await?;
    web::page(&LibraryPage {
        shell: frame.shell.at("/objects"),
        record,
        chosen,
        words,
        sectors,
        found,
    })
}

/// What is found for the words that were typed; where none were, what the object's name proposes,
/// and behind it whatever else the library has.
fn found(
    tx: &mut Tx<'_>,
    asked: &Asked,
    query: &str,
    name: &str,
) -> Result<(String, Vec<Kept>), db::Error> {
    if !query.trim().is_empty() {
        let found = read::search(tx, asked, query, MOST_FOUND)?;
        return Ok((query.to_owned(), found));
    }
    let mut found = read::search(tx, asked, name, MOST_FOUND)?;
    for kept in read::list(tx, asked, "", MOST_FOUND)? {
        let is_full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= MOST_FOUND;
        if !is_full && !found.iter().any(|own| own.id == kept.id) {
            found.push(kept);
        }
    }
    Ok((name.to_owned(), found))
}

/// Whether the indicator stands in the form already.
fn stands(target: &Target, kept: &Kept) -> bool {
    target.rows.iter().any(|row| {
        let origin = Origin::parse(&row.origin);
        matches!(origin, Some(Origin::Library { id, .. }) if id == kept.id)
            || row.name.trim() == kept.entry.name
    })
}

/// `POST /targets/{id}/library`: keeps what is being typed, and leads to the page. It is what the
/// form's button does without script.
pub(super) async fn leave(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let to = format!("/targets/{id}/library?year={}", frame.shell.year);
    keep_typed(&app, person, id, &fields).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Keeps a whole form as it was typed.
pub(super) async fn keep_typed(
    app: &App,
    person: Person,
    id: String,
    fields: &BTreeMap<String, String>,
) -> Result<(), Error> {
    let mut typed = typed::read(fields)?;
    let now = now_text();
    let kept = app.db.write(move |tx| -> Result<_, Stop> {
        let record = demanded(tx, &person.actor, Action::Fill, &id)?;
        super::demand_edit(tx, &person.actor, &record, &now)?;
        let base = versions::at(tx, &record, typed.version)?;
        let base = versions::target(base.as_ref());
        typed::settle_keys(&mut typed.target, &[&record.target, &base]);
        let desk = draft::desk(&record, &person);
        draft::keep_in(tx, desk, typed.version, &typed.target, &now)
    });
    Ok(kept.await?)
}

/// `POST /targets/{id}/library/choice`: what was chosen is put into the person's form.
pub(super) async fn take(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    sent: SignedPairs,
) -> Result<Response, Error> {
    sent.only(&["form_token", "entry", "row"])?;
    let entries: Vec<String> = sent.all("entry").map(str::to_owned).collect();
    let row: Option<usize> = sent.one("row").parse().ok();
    let to = format!("/targets/{id}/edit?year={}#table-head", frame.shell.year);
    let now = now_text();
    app.db
        .write(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            super::demand_edit(tx, &person.actor, &record, &now)?;
            demand_choice(&entries)?;
            // Somebody saved meanwhile: the form itself shows both sides.
            let Some(mut target) = standing(tx, &record, &person)? else {
                return Ok(());
            };
            let kept = wanted(tx, &person, &record, &entries)?;
            put_in(&mut target, &kept, row)?;
            let desk = draft::desk(&record, &person);
            draft::keep_in(tx, desk, record.version, &target, &now)
        })
        .await?;
    Ok(Redirect::to(&to).into_response())
}

/// Whether something was chosen, and not too much at once.
fn demand_choice(entries: &[String]) -> Result<(), Stop> {
    let told = |sentence: String| Err(Stop::Told(Error::Refused(sentence)));
    if entries.is_empty() {
        return told("还没有勾选指标，请返回勾选后再按「加入所选」。".to_owned());
    }
    if entries.len() > MOST_TAKEN {
        return told(format!("一次最多加入 {MOST_TAKEN} 条，请分几次加入。"));
    }
    Ok(())
}

/// The indicators of these ids that the person may use.
fn wanted(
    tx: &mut Tx<'_>,
    person: &Person,
    record: &Record,
    ids: &[String],
) -> Result<Vec<Kept>, Stop> {
    let whose = Whose::of(tx, &person.actor)?;
    let mut wanted = Vec::with_capacity(ids.len());
    for id in ids {
        let is_visible = read::is_visible(tx, (&record.region_code, id), &whose)?;
        let kept = read::find(tx, id)?.filter(|_| is_visible);
        let kept = kept.ok_or(Stop::Told(Error::NotFound))?;
        if !kept.entry.retired_on.is_empty() {
            return Err(Stop::Told(Error::Refused(format!(
                "「{}」已经停用，请返回重新选择。",
                kept.entry.name
            ))));
        }
        wanted.push(kept);
    }
    Ok(wanted)
}

/// Puts the indicators behind the rows that stand, the first one into the empty row at `row`. What
/// stands there already is not put in again.
fn put_in(target: &mut Target, kept: &[Kept], row: Option<usize>) -> Result<(), Stop> {
    let mut blank = row.filter(|at| target.rows.get(*at).is_some_and(Row::is_blank));
    for kept in kept {
        if stands(target, kept) {
            continue;
        }
        let entry = &kept.entry;
        let origin = Origin::Library {
            id: kept.id.clone(),
            version: kept.version,
        };
        let mut new = Row {
            level1: entry.level1.clone(),
            level2: entry.level2.clone(),
            name: entry.name.clone(),
            operator: entry.operator.clone(),
            unit: entry.unit.clone(),
            origin: origin.to_text(),
            ..Row::default()
        };
        match blank.take().and_then(|at| target.rows.get_mut(at)) {
            Some(row) => {
                new.key.clone_from(&row.key);
                *row = new;
            }
            None => target.rows.push(new),
        }
    }
    if target.rows.len() > MOST_ROWS {
        return Err(Stop::Told(Error::Refused(format!(
            "加入后有 {} 行指标，最多 {MOST_ROWS} 行，请少选几条。",
            target.rows.len()
        ))));
    }
    target.name_new_rows();
    Ok(())
}
