//! The tree of units on a day, one step at a time, and its search.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::organisation::Unit;
use domain::permission::{Action, may};
use serde::Deserialize;
use web::{Error, Shell};

use super::{day_or_today, store};
use crate::serve::{App, Frame};

/// Most units that a search shows.
const MOST_FOUND: i64 = 200;

#[derive(Template)]
#[template(path = "organisation/list.html")]
struct ListPage {
    shell: Shell,
    day: String,
    text: String,
    /// The unit whose lower units are listed, with those above it from the top.
    under: Vec<Unit>,
    rows: Vec<Row>,
    is_search: bool,
    is_cut: bool,
    may_manage: bool,
}

/// A unit of the list.
struct Row {
    unit: Unit,
    children: i64,
    section: String,
    /// The names above it, for a search's result.
    above: String,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    day: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    under: String,
}

/// `GET /units`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (region, year) = (frame.region_code, frame.shell.year);
    let day = day_or_today(&chosen.day);
    let (text, under_id, on) = (chosen.text.clone(), chosen.under, day.clone());
    let is_search = !text.trim().is_empty();
    let (under, rows) = app
        .db
        .read(move |tx| {
            let mut under = Vec::new();
            let units = if is_search {
                store::search(tx, (&region, &on), &text, MOST_FOUND)?
            } else if let Some(unit) = store::find(tx, &under_id, &on)? {
                let units = store::children(tx, &unit.id.0, &on)?;
                under = store::above(tx, &unit, &on)?;
                under.reverse();
                under.push(unit);
                units
            } else {
                store::top(tx, &region, &on)?
            };
            let mut rows = Vec::new();
            for unit in units {
                let above = if is_search {
                    let above = store::above(tx, &unit, &on)?;
                    let names: Vec<String> = above.into_iter().map(|unit| unit.name).collect();
                    names.join("、")
                } else {
                    String::new()
                };
                rows.push(Row {
                    children: store::count_children(tx, &unit.id.0, &on)?,
                    section: store::section_of(tx, &unit.id.0, year)?.unwrap_or_default(),
                    above,
                    unit,
                });
            }
            Ok::<_, db::Error>((under, rows))
        })
        .await?;
    web::page(&ListPage {
        is_cut: is_search && rows.len() >= usize::try_from(MOST_FOUND)?,
        may_manage: may(&frame.actor, Action::ManageUnits).is_allowed(),
        shell: frame.shell.at("/units"),
        day,
        text: chosen.text,
        under,
        rows,
        is_search,
    })
}
