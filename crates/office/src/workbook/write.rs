//! Tables written as workbooks.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// A table to write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Name of the sheet; what a name may not hold is left out.
    pub sheet: String,
    /// Column headings.
    pub columns: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<TableCell>>,
}

/// A cell to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableCell {
    /// Text. It stays text whatever it begins with: `=1+1` is never calculated.
    Text(String),
    /// A decimal number in digits (`92.81`); what is no number is written as text.
    Number(String),
}

/// The workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It has more rows or columns than a workbook can hold.
    #[error("表格太大，无法导出，请缩小范围后再导出")]
    TooLarge(#[from] XlsxError),
    /// Whoever watched the writing ended it.
    #[error("导出已停止")]
    Stopped,
}

/// Rows after which whoever watches the writing is told.
pub const BATCH_ROWS: usize = 500;

/// Writes a table as an xlsx file.
///
/// # Errors
/// [`WriteError`] when the table has more rows or columns than a workbook can hold.
pub fn write_table(table: &Table) -> Result<Vec<u8>, WriteError> {
    write_table_watched(table, |_| true)
}

/// Writes a table as an xlsx file and tells `watch` after every [`BATCH_ROWS`] rows how many are
/// written; it goes on while the answer is yes.
///
/// # Errors
/// [`WriteError`] when the table has more rows or columns than a workbook can hold, or when
/// `watch` ends it.
pub fn write_table_watched(
    table: &Table,
    mut watch: impl FnMut(usize) -> bool,
) -> Result<Vec<u8>, WriteError> {
    let heading = Format::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center)
        .set_text_wrap();
    let body = Format::new().set_border(FormatBorder::Thin).set_text_wrap();
    // House rule: an export is opened on the machines of the finance bureau; what a unit typed
    // must not run there, not even after the cell is edited.
    let text = body.clone().set_quote_prefix();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let name: String = table
        .sheet
        .chars()
        .filter(|letter| !"[]:*?/\\'".contains(*letter))
        .take(31)
        .collect();
    if !name.is_empty() {
        sheet.set_name(name)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (column, text) in (0..).zip(&table.columns) {
        sheet.write_string_with_format(0, column, clean(text), &heading)?;
    }
    let mut row = 1;
    let mut written = 0;
    for batch in table.rows.chunks(BATCH_ROWS) {
        for cells in batch {
            write_row(sheet, row, cells, (&text, &body))?;
            row += 1;
        }
        written += batch.len();
        if !watch(written) {
            return Err(WriteError::Stopped);
        }
    }
    Ok(workbook.save_to_buffer()?)
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    cells: &[TableCell],
    (text, body): (&Format, &Format),
) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        let number = match cell {
            TableCell::Text(_) => None,
            TableCell::Number(it) => it.parse().ok().filter(|number: &f64| number.is_finite()),
        };
        match (number, cell) {
            (Some(number), _) => {
                sheet.write_number_with_format(row, column, number, body)?;
            }
            (None, TableCell::Text(it) | TableCell::Number(it)) => {
                sheet.write_string_with_format(row, column, clean(it), text)?;
            }
        }
    }
    Ok(())
}

/// Text that a workbook can hold.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .take(32_767)
        .collect()
}
