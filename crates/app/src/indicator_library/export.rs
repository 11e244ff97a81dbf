//! The library as a file, which can be imported again as it is.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::indicator_library::Entry;
use office::workbook::{Table, TableCell};
use web::Error;

use super::list::Chosen;
use super::store::read::{self, Whose};
use crate::serve::{App, Frame, workbook_file};

/// Most indicators of a file.
const MOST_ROWS: i64 = 100_000;

/// Most indicators that a search puts into a file: as many as the page shows.
const MOST_FOUND: i64 = 100;

/// `GET /indicator-library.xlsx`: what the page shows under the same conditions, all pages of it.
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (actor, region) = (frame.actor, frame.region_code);
    let rows = app
        .db
        .read(move |tx| {
            let whose = Whose::of(tx, &actor)?;
            let asked = chosen.asked(&region, whose);
            if chosen.is_search() {
                read::search(tx, &asked, &chosen.q, MOST_FOUND)
            } else {
                read::list(tx, &asked, "", MOST_ROWS)
            }
        })
        .await?;
    let labels = Entry::default().fields().map(|(_, label, _)| label);
    let used = "在用目标数";
    let table = Table {
        sheet: "指标库".to_owned(),
        columns: labels
            .iter()
            .chain([&used])
            .map(|&label| label.to_owned())
            .collect(),
        rows: rows
            .iter()
            .map(|row| {
                let fields = row.entry.fields();
                let texts = fields.iter().map(|(_, _, text)| (*text).to_owned());
                let used = TableCell::Number(row.used.to_string());
                texts.map(TableCell::Text).chain([used]).collect()
            })
            .collect(),
    };
    workbook_file("绩效指标库", table).await
}
