//! 往年实际: the records behind the quartiles that the form shows beside a value.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::distribution::Band;
use domain::number::Decimal;
use domain::permission::Action;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::reached::{self, Reached};
use super::store::record::Record;
use super::{Stop, demanded};
use crate::permission::Reach;
use crate::serve::{App, Frame, Person, now_text};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    name: String,
    unit: String,
}

#[derive(Template)]
#[template(path = "target/reached.html")]
struct ReachedPage {
    shell: Shell,
    record: Record,
    chosen: Chosen,
    band: Option<Band>,
    /// So many values there must be at least, and so many years before count.
    least: u32,
    years: u32,
    records: Vec<Reached>,
}

impl ReachedPage {
    fn seen(&self) -> Vec<&Reached> {
        self.records.iter().filter(|it| it.is_seen).collect()
    }

    /// Values of other units that are not published: they count, and are not listed.
    fn unseen(&self) -> usize {
        let records = self.records.iter();
        records
            .filter(|it| !it.is_seen && it.value.is_some())
            .count()
    }

    /// How many values there are.
    fn values(&self) -> usize {
        self.records.iter().filter(|it| it.value.is_some()).count()
    }
}

/// `GET /targets/{id}/reached?name=…&unit=…`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let now = now_text();
    let key = (chosen.name.trim().to_owned(), chosen.unit.trim().to_owned());
    let (record, pack, records) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            let pack = super::demand_edit(tx, &person.actor, &record, &now)?;
            let reach = Reach::of(&person.actor, Action::View);
            let records = reached::records(tx, pack, &record, &key, &reach)?;
            Ok((record, pack, records))
        })
        .await?;
    let values: Vec<Decimal> = records.iter().filter_map(|it| it.value).collect();
    let band = reached::enough(pack, &values);
    web::page(&ReachedPage {
        shell: frame.shell.at("/objects"),
        record,
        chosen,
        // Of few values nothing is told that is not the person's to see.
        records: match band {
            Some(_) => records,
            None => records.into_iter().filter(|it| it.is_seen).collect(),
        },
        band,
        least: pack.advice.band_from,
        years: pack.advice.band_years,
    })
}
