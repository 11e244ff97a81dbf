//! The units of a day as a file, which can be imported again as it is.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::Response;
use office::workbook::{Table, TableCell};
use serde::Deserialize;
use web::Error;

use super::{day_or_today, store};
use crate::serve::{App, Frame, workbook_file};

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    day: String,
}

const HEAD: [&str; 6] = [
    "单位编码",
    "单位名称",
    "上级单位编码",
    "级次",
    "归口股室",
    "启用日期",
];

/// `GET /units.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let day = day_or_today(&chosen.day);
    let mut lines = vec![HEAD.map(str::to_owned).to_vec()];
    lines.extend(rows(&app, &frame, &day).await?);
    web::csv_file(&name(&day), &lines)
}

/// `GET /units.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let day = day_or_today(&chosen.day);
    let rows = rows(&app, &frame, &day).await?.into_iter();
    let table = Table {
        sheet: "单位".to_owned(),
        columns: HEAD.map(str::to_owned).to_vec(),
        rows: rows
            .map(|row| row.into_iter().map(TableCell::Text).collect())
            .collect(),
    };
    workbook_file(&name(&day), table).await
}

fn name(day: &str) -> String {
    format!("{day}单位清单")
}

async fn rows(app: &App, frame: &Frame, day: &str) -> Result<Vec<Vec<String>>, Error> {
    let (region, year) = (frame.region_code.clone(), frame.shell.year);
    let on = day.to_owned();
    let (units, sections) = app
        .db
        .read(move |tx| {
            Ok::<_, db::Error>((
                store::open_units(tx, &region, &on)?,
                store::section_names(tx, &region, year)?,
            ))
        })
        .await?;
    let sections: BTreeMap<String, String> = sections.into_iter().collect();
    let codes: BTreeMap<&str, &str> = units
        .iter()
        .map(|unit| (&*unit.id.0, &*unit.code))
        .collect();
    let rows = units.iter().map(|unit| {
        let above = unit.parent.as_ref().and_then(|id| codes.get(&*id.0));
        let section = sections.get(&unit.id.0).map_or("", String::as_str);
        [
            &*unit.code,
            &*unit.name,
            above.copied().unwrap_or_default(),
            unit.level.label(),
            section,
            &*unit.valid_from,
        ]
        .map(str::to_owned)
        .to_vec()
    });
    Ok(rows.collect())
}
