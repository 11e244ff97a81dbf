//! The overview page.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use web::query::Query as Address;
use web::{Error, Shell};

use super::charts::{self, BandRow, RateRow};
use super::due::{self, Due};
use super::matrix::{self, Head};
use super::store::{self, Coverage};
use crate::object::store::seat::Seating;
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
    /// What leads to lists under the same departments: `&units=now`, or empty.
    units: &'static str,
    /// The two ways of showing the year: word, address, whether it is this one.
    seatings: [(&'static str, String, bool); 2],
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    sort: String,
    #[serde(default)]
    units: String,
}

/// `GET /overview`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (region, year, today) = (frame.region_code, frame.shell.year, today());
    let seating = Seating::read(&chosen.units);
    let (due, mut coverage, books, now, before) = app
        .db
        .read(move |tx| {
            let coverage = store::coverage(tx, (&region, year), seating, &today)?;
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
        heads: matrix::heads(&chosen.sort, year, seating),
        units: if seating.is_now() { "&units=now" } else { "" },
        seatings: seatings(&chosen.sort, year, seating),
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

fn seatings(sort: &str, year: i64, chosen: Seating) -> [(&'static str, String, bool); 2] {
    [("当年口径", Seating::Then), ("现行口径", Seating::Now)].map(|(word, seating)| {
        let address = Address::new()
            .with("year", year.to_string())
            .with("sort", sort)
            .with("units", seating.name());
        let href = format!("{}#coverage", address.at("/overview"));
        (word, href, seating == chosen)
    })
}
