//! A list as a file: the rows of its conditions with the columns that the person has chosen.

use axum::response::Response;
use office::workbook::{Table, TableCell};
use web::Error;
use web::list::{Cell, Definition, Kept};

use crate::serve::workbook_file;

/// Most rows of a file, which is one sheet of Excel without its head.
pub(crate) const MOST_FILE_ROWS: i64 = 1_048_575;

/// What a list can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text with commas.
    Csv,
    /// A workbook.
    Xlsx,
}

/// The rows as a file to be saved as `name`.
///
/// # Errors
/// There are more rows than a workbook can hold.
pub(crate) async fn file(
    definition: &'static Definition,
    kept: &Kept,
    format: Format,
    name: &str,
    rows: impl IntoIterator<Item = Vec<Cell>>,
) -> Result<Response, Error> {
    let columns = definition.file_head(kept);
    let head: Vec<String> = columns.iter().map(|it| it.label.to_owned()).collect();
    let rows = rows
        .into_iter()
        .map(|cells| definition.file_row(kept, &cells));
    if format == Format::Csv {
        let mut lines = vec![head];
        lines.extend(rows);
        return web::csv_file(name, &lines);
    }
    let cell = |(text, is_number): (String, bool)| {
        if is_number {
            TableCell::Number(text)
        } else {
            TableCell::Text(text)
        }
    };
    let is_number: Vec<bool> = columns.iter().map(|column| column.is_number()).collect();
    let row = |cells: Vec<String>| cells.into_iter().zip(is_number.clone()).map(cell).collect();
    let table = Table {
        sheet: name.to_owned(),
        columns: head,
        rows: rows.map(row).collect(),
    };
    workbook_file(name, table).await
}
