//! The list of units that have not done their work.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::{self, Filter};
use super::{MOST_WORK, Unit, area, units};
use crate::notice::list::minute;
use crate::serve::{App, Frame, later, now_text, today};

/// How long back the list tells who was urged.
const MEMORY_SECONDS: i64 = -90 * 24 * 3600;

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    section: String,
    kind: String,
    /// `1` shows only what is overdue.
    late: String,
}

/// A unit as it is printed.
struct Line {
    unit: Unit,
    /// Its first pieces of work, and how many more there are.
    shown: Vec<String>,
    more: usize,
    times: i64,
    urged_at: String,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "notice/urging/list.html")]
struct ListPage {
    shell: Shell,
    chosen: Chosen,
    sections: Vec<(String, String)>,
    kinds: Vec<(&'static str, &'static str)>,
    lines: Vec<Line>,
    matters: usize,
    is_cut: bool,
}

/// `GET /urging`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let area = area(&frame.actor, &frame.region_code, frame.shell.year);
    let today = today();
    let filter = Filter {
        section: chosen.section.clone(),
        kind: chosen.kind.clone(),
        before: if chosen.late == "1" {
            today.clone()
        } else {
            String::new()
        },
    };
    let since = later(&now_text(), MEMORY_SECONDS);
    let (open, last, mut sections) = app
        .db
        .read(move |tx| {
            Ok::<_, db::Error>((
                store::open(tx, &area, &filter, MOST_WORK)?,
                store::last(tx, &area.region, &since)?,
                store::sections(tx, &area.region)?,
            ))
        })
        .await?;
    if let Some(own) = &frame.actor.section {
        sections.retain(|(id, _)| *id == own.0);
    }
    let urged: HashMap<String, (i64, String)> = last
        .into_iter()
        .map(|(unit, times, at)| (unit, (times, at)))
        .collect();
    let line = |unit: Unit| {
        let (times, at) = urged.get(&unit.id).cloned().unwrap_or_default();
        Line {
            shown: unit.matters.iter().take(2).cloned().collect(),
            more: unit.matters.len().saturating_sub(2),
            times,
            urged_at: minute(&at),
            is_late: unit.late > 0,
            unit,
        }
    };
    web::page(&ListPage {
        lines: units(&open, &today).into_iter().map(line).collect(),
        matters: open.len(),
        is_cut: open.len() >= usize::try_from(MOST_WORK)?,
        sections,
        kinds: RecordKind::ALL
            .iter()
            .map(|kind| (kind.name(), kind.label()))
            .collect(),
        chosen,
        shell: frame.shell.at("/urging"),
    })
}
