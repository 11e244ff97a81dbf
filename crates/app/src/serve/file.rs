//! Answers that a browser saves as a file.

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use office::workbook::{Table, write_table};
use web::Error;

/// The media type of a workbook.
pub(crate) const WORKBOOK: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The bytes as a file of the media type `kind`, to be saved as `name`.
///
/// # Errors
/// The name or the type cannot stand in a header.
pub(crate) fn file(bytes: Vec<u8>, kind: &str, name: &str) -> Result<Response, Error> {
    let mut answer = bytes.into_response();
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_str(kind)?);
    web::attach(&mut answer, name)?;
    Ok(answer)
}

/// The table as a workbook to be saved as `name`.xlsx.
///
/// # Errors
/// The table has more rows than a workbook can hold.
pub(crate) async fn workbook_file(name: &str, table: Table) -> Result<Response, Error> {
    let written = tokio::task::spawn_blocking(move || write_table(&table)).await?;
    // The text of this error is for the user.
    let bytes = written.map_err(|error| Error::Refused(error.to_string()))?;
    file(bytes, WORKBOOK, &format!("{name}.xlsx"))
}
