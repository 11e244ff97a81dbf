//! The statement as a file in one of its formats.

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use web::Error;

use super::Format;
use crate::serve::{App, Frame, file};

/// What the address chooses.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    format: String,
}

/// `GET /statement/export?format=docx`
pub(super) async fn save(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let format = Format::ALL
        .into_iter()
        .find(|format| format.ending() == chosen.format)
        .ok_or(Error::NotFound)?;
    if frame.region_code.is_empty() {
        return Err(Error::NotFound);
    }
    let (region, year) = (frame.region_code, i32::try_from(frame.shell.year)?);
    let composed = app
        .db
        .read(move |tx| {
            let mut composed = super::load(tx, &region, year)?;
            // Only a page carries the records: on paper they would be a book.
            if format == Format::Html {
                super::read_records(tx, &region, &mut composed)?;
            }
            Ok::<_, db::Error>(composed)
        })
        .await?;
    let links = format.links(None);
    let written =
        tokio::task::spawn_blocking(move || super::write(&composed, format, &links)).await?;
    let bytes = written.map_err(|error| Error::Refused(error.to_string()))?;
    let name = format!("statement-{year}.{}", format.ending());
    file(bytes, format.media_type(), &name)
}
