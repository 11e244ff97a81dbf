//! Reads filed forms out of a file, whatever kind it is; nothing is written.

use domain::finding::Finding;
use domain::form::Form;
use domain::form_reader::{self, Area, Content, Grid, GridCell};
use office::workbook::{self, Cell, Limits, Sheet};

use super::transcription::{self, JsonError};

/// Why no form could be read. The text is a Chinese sentence for the clerk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The file itself cannot be opened.
    #[error("{file}：{cause}")]
    File {
        /// Its name, as the user knows it.
        file: String,
        /// What is wrong with it.
        cause: workbook::ReadError,
    },
    /// The file is JSON, but no transcription.
    #[error("{file}：{cause}")]
    Json {
        /// Its name, as the user knows it.
        file: String,
        /// What is wrong with it.
        cause: JsonError,
    },
    /// The file opens, but holds no form.
    #[error("{file}：{cause}")]
    NoForm {
        /// Its name, as the user knows it.
        file: String,
        /// Which labels were looked for.
        cause: String,
    },
}

/// Reads every form in a file's bytes: a workbook, a text table, or a transcription in JSON. The
/// kind is told by the content; `file` is only the name to speak of it.
///
/// # Errors
/// [`ReadError`] when the file cannot be opened or holds no form.
pub(crate) fn read(bytes: &[u8], file: &str) -> Result<Vec<(Form, Vec<Finding>)>, ReadError> {
    if transcription::is_json(bytes) {
        return transcription::read(bytes).map_err(|cause| ReadError::Json {
            file: file.to_owned(),
            cause,
        });
    }
    let book = workbook::open(bytes, &Limits::default()).map_err(|cause| ReadError::File {
        file: file.to_owned(),
        cause,
    })?;
    let grids: Vec<Grid> = book.sheets.into_iter().map(grid).collect();
    form_reader::read(&grids).map_err(|cause| ReadError::NoForm {
        file: file.to_owned(),
        cause: cause.to_string(),
    })
}

/// A sheet as the reader of forms takes it.
pub(crate) fn grid(sheet: Sheet) -> Grid {
    let merges = sheet
        .merges
        .iter()
        .map(|area| Area {
            top: area.top,
            left: area.left,
            bottom: area.bottom,
            right: area.right,
        })
        .collect();
    let rows = sheet
        .rows
        .into_iter()
        .map(|row| row.iter().map(cell).collect())
        .collect();
    Grid {
        name: sheet.name,
        hidden: sheet.hidden,
        rows,
        merges,
    }
}

fn cell(cell: &Cell) -> GridCell {
    let content = match cell {
        Cell::FormulaWithoutValue(_) => Content::FormulaWithoutValue,
        Cell::Error(_) => Content::Error,
        Cell::Empty | Cell::Text(_) | Cell::Number(_) => Content::Plain,
    };
    GridCell {
        text: cell.text().to_owned(),
        content,
    }
}
