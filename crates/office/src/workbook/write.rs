//! Tables written as workbooks.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

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
#[error("表格太大，无法导出，请缩小范围后再导出")]
pub struct WriteError(#[from] XlsxError);

/// Writes a table as an xlsx file.
///
/// # Errors
/// [`WriteError`] when the table has more rows or columns than a workbook can hold.
pub fn write_table(table: &Table) -> Result<Vec<u8>, WriteError> {
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
    for (row, cells) in (1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell {
                TableCell::Text(it) => {
                    sheet.write_string_with_format(row, column, clean(it), &text)?;
                }
                TableCell::Number(it) => match it.parse::<f64>() {
                    Ok(number) if number.is_finite() => {
                        sheet.write_number_with_format(row, column, number, &body)?;
                    }
                    _ => {
                        sheet.write_string_with_format(row, column, clean(it), &text)?;
                    }
                },
            }
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// Text that a workbook can hold.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .take(32_767)
        .collect()
}
