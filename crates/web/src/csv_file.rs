//! A table as a CSV file that Excel and WPS open without harm.

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::error::Error;
use crate::query::Query;

/// Excel takes a file for UTF-8 only when it starts with this mark.
const MARK: &str = "\u{feff}";

/// The rows as a file to be saved as `name`.csv; the first row is the head.
///
/// # Errors
/// A row cannot be written.
pub fn csv_file(name: &str, rows: &[Vec<String>]) -> Result<Response, Error> {
    let mut answer = csv_bytes(rows)?.into_response();
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(CSV_TYPE));
    attach(&mut answer, &format!("{name}.csv"))?;
    Ok(answer)
}

/// The media type of such a file.
pub const CSV_TYPE: &str = "text/csv; charset=utf-8";

/// The rows as such a file; the first row is the head.
///
/// # Errors
/// A row cannot be written.
pub fn csv_bytes(rows: &[Vec<String>]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(MARK.as_bytes().to_vec());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell)))?;
    }
    writer.into_inner().map_err(|error| Error::internal(&error))
}

/// Says that the answer is a file to be saved under `name`.
///
/// # Errors
/// The name cannot stand in a header.
pub fn attach(answer: &mut Response, name: &str) -> Result<(), Error> {
    let encoded = Query::new().with("f", name).at("");
    let encoded = encoded.trim_start_matches("?f=");
    let value = format!("attachment; filename*=UTF-8''{encoded}");
    answer
        .headers_mut()
        .insert(CONTENT_DISPOSITION, HeaderValue::from_str(&value)?);
    Ok(())
}

/// The cell so that no program takes it for a formula. A plain number stays a number.
fn harmless(cell: &str) -> String {
    let is_number = cell
        .strip_prefix('-')
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || ".,".contains(c)));
    let starts_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if starts_formula && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_starts_a_formula_and_numbers_stay_numbers() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+86", "'+86"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("\t=1", "'\t=1"),
            ("-2+3", "'-2+3"),
            ("-12.50", "-12.50"),
            ("", ""),
            ("公用经费（定额）", "公用经费（定额）"),
        ] {
            assert_eq!(harmless(cell), written, "{cell}");
        }
    }
}
