//! The overview page.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use web::{Error, Shell};

use super::charts::{self, BandRow, RateRow};
use super::due::{self, Due};
use super::matrix::{self, Head};
use super::store::{self, Coverage};
use crate::object::words;
use crate::serve::{App, Frame, today};

#[derive(Template)]
#[template(path = "overview/overview.html")]
struct OverviewPage {
    shell: Shell,
    due: Vec<Due>,
    heads: Vec<Head>,
    coverage: Vec<Coverage>,
    books: Vec<(String, [i64; 4])>,
    scatter: String,
    rates: Vec<RateRow>,
    distribution: String,
    bands: Vec<BandRow>,
    evaluated: usize,
    has_before: bool,
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    sort: String,
}

/// `GET /overview`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (region, year, today) = (frame.region_code, frame.shell.year, today());
    let (due, mut coverage, books, now, before) = app
        .db
        .read(move |tx| {
            let coverage = store::coverage(tx, &region, year, &today)?;
            Ok::<_, db::Error>((
                due::due(tx, &region, year, &today, &coverage)?,
                coverage,
                store::book_lights(tx, &region, year)?,
                store::results(tx, &region, year)?,
                store::results(tx, &region, year - 1)?,
            ))
        })
        .await?;
    matrix::sort(&mut coverage, &chosen.sort);
    let bands = charts::bands(&now, &before);
    web::page(&OverviewPage {
        shell: frame.shell.at("/overview"),
        due,
        heads: matrix::heads(&chosen.sort, year),
        coverage,
        books,
        scatter: charts::scatter(&now, year)?,
        rates: charts::rates(&now),
        distribution: charts::distribution(&bands, year)?,
        bands,
        evaluated: now.len(),
        has_before: !before.is_empty(),
    })
}
