//! The units of a day as a workbook, which can be imported again as it is.

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

/// `GET /units.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (region, year) = (frame.region_code, frame.shell.year);
    let day = day_or_today(&chosen.day);
    let on = day.clone();
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
        .map(|text| TableCell::Text(text.to_owned()))
        .to_vec()
    });
    let labels = [
        "单位编码",
        "单位名称",
        "上级单位编码",
        "级次",
        "归口股室",
        "启用日期",
    ];
    let name = format!("{day}单位清单");
    let table = Table {
        sheet: "单位".to_owned(),
        columns: labels.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    workbook_file(&name, table).await
}
