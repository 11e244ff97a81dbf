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
    rows: Vec<store::Listed>,
    is_search: bool,
    is_cut: bool,
    may_manage: bool,
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
            let rows = if is_search {
                store::search(tx, (&region, &on, year), &text, MOST_FOUND)?
            } else if let Some(unit) = store::find(tx, &under_id, &on)? {
                under = store::above(tx, &unit, &on)?;
                under.reverse();
                under.push(unit);
                store::children_listed(tx, (&under_id, &on), year)?
            } else {
                store::top_listed(tx, (&region, &on), year)?
            };
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
