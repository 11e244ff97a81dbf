//! A list as a file: the rows of its conditions with the columns that the person has chosen.

use axum::response::Response;
use office::workbook::{BATCH_ROWS, Table, TableCell, WriteError, write_table_watched};
use web::Error;
use web::list::{Cell, Definition, Kept};

use crate::serve::{WORKBOOK, file as saved};

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

impl Format {
    /// The format of files that end so.
    pub(super) fn find(ending: &str) -> Option<Self> {
        let mut all = [Self::Csv, Self::Xlsx].into_iter();
        all.find(|format| format.ending() == ending)
    }

    /// The ending of a file's name.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Csv => web::CSV_TYPE,
            Self::Xlsx => WORKBOOK,
        }
    }
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
    rows: Vec<Vec<Cell>>,
) -> Result<Response, Error> {
    let (kept, title) = (kept.clone(), name.to_owned());
    let written = tokio::task::spawn_blocking(move || {
        bytes(definition, &kept, format, &title, rows, |_| true)
    });
    // Nobody ends it early.
    let bytes = written.await??.ok_or(Error::Unreadable)?;
    let name = format!("{name}.{}", format.ending());
    saved(bytes, format.media_type(), &name)
}

/// The file's bytes. `watch` is told after each batch how many rows are written; none where its
/// answer is no.
///
/// # Errors
/// There are more rows than a workbook can hold.
pub(super) fn bytes(
    definition: &'static Definition,
    kept: &Kept,
    format: Format,
    name: &str,
    rows: Vec<Vec<Cell>>,
    mut watch: impl FnMut(usize) -> bool,
) -> Result<Option<Vec<u8>>, Error> {
    let columns = definition.file_head(kept);
    let head: Vec<String> = columns.iter().map(|it| it.label.to_owned()).collect();
    let rows = rows
        .into_iter()
        .map(|cells| definition.file_row(kept, &cells));
    if format == Format::Csv {
        let mut lines = vec![head];
        for line in rows {
            lines.push(line);
            let written = lines.len() - 1;
            if written.is_multiple_of(BATCH_ROWS) && !watch(written) {
                return Ok(None);
            }
        }
        return web::csv_bytes(&lines).map(Some);
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
    match write_table_watched(&table, watch) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(WriteError::Stopped) => Ok(None),
        // The text of this error is for the user.
        Err(error @ WriteError::TooLarge(_)) => Err(Error::Refused(error.to_string())),
    }
}
