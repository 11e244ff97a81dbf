//! Forms written as workbooks to be filled offline: locked labels, open cells, lists to choose
//! from, and a stamp that nobody sees.

use rust_xlsxwriter::{
    Color, DataValidation, Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Workbook,
    Worksheet, XlsxError,
};

use super::write::{WriteError, clean};

/// The sheet that holds the stamp; people do not see it.
pub const STAMP_SHEET: &str = "jixiao";

/// The sheet that holds the lists to choose from.
const LISTS_SHEET: &str = "选项";

/// A form to fill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormSheet {
    /// Name of the sheet.
    pub name: String,
    /// Widths of the columns in characters; a width of 0 hides the column.
    pub widths: Vec<u16>,
    /// What stands in it.
    pub cells: Vec<FormCell>,
    /// Heights of rows that hold more than a line, in points, by row.
    pub heights: Vec<(u32, u16)>,
    /// Rows to repeat on each printed page: the first and the last, from 0.
    pub repeated: Option<(u32, u32)>,
    /// What the file says of itself to whoever reads it back: names and values.
    pub stamp: Vec<(String, String)>,
}

/// A cell, or a rectangle of merged cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormCell {
    /// Row and column, from 0.
    pub at: (u32, u16),
    /// The last row and column; as `at` where nothing is merged.
    pub to: (u32, u16),
    /// How it looks, and whether it can be filled.
    pub look: Look,
    /// What stands in it. It stays text, whatever it begins with.
    pub text: String,
    /// A formula instead, with `text` as its value until it is computed.
    pub formula: Option<String>,
    /// Words to choose from; other words are warned of, and taken.
    pub choices: Vec<String>,
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// The form's title.
    Title,
    /// A small line beside or below the form.
    Remark,
    /// A heading of a field or a column.
    Label,
    /// What stands fixed.
    Fixed,
    /// To be filled with text.
    Open,
    /// To be filled with a number; text that is no number is kept as text.
    OpenNumber,
    /// Why a row came back, in red.
    Red,
}

impl FormCell {
    /// A single cell.
    pub fn new(at: (u32, u16), look: Look, text: impl Into<String>) -> Self {
        Self {
            at,
            to: at,
            look,
            text: text.into(),
            formula: None,
            choices: Vec::new(),
        }
    }

    /// Merged up to the cell `to`.
    #[must_use]
    pub fn up_to(mut self, to: (u32, u16)) -> Self {
        self.to = to;
        self
    }

    /// With words to choose from.
    #[must_use]
    pub fn with_choices(mut self, choices: &[&str]) -> Self {
        self.choices = choices.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Computed, with its text as the value that is known now.
    #[must_use]
    pub fn computed(mut self, formula: impl Into<String>) -> Self {
        self.formula = Some(formula.into());
        self
    }
}

/// Writes the form as an xlsx file that Excel and WPS open with its values computed.
///
/// # Errors
/// [`WriteError`] when it has more than a workbook can hold.
pub fn write_form(form: &FormSheet) -> Result<Vec<u8>, WriteError> {
    write_forms(std::slice::from_ref(form))
}

/// Writes several forms into one file, each on a sheet of its own; their names must differ. The
/// stamp says in its third column which sheet it speaks of.
///
/// # Errors
/// [`WriteError`] when there is more than a workbook can hold.
pub fn write_forms(forms: &[FormSheet]) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    let mut lists: Vec<Vec<String>> = Vec::new();
    let cells = forms.iter().flat_map(|form| &form.cells);
    for cell in cells.filter(|cell| !cell.choices.is_empty()) {
        if !lists.contains(&cell.choices) {
            lists.push(cell.choices.clone());
        }
    }
    for form in forms {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&form.name)?;
        set_up(sheet, form)?;
        for cell in &form.cells {
            write_cell(sheet, cell)?;
            if let Some(list) = lists.iter().position(|list| *list == cell.choices) {
                choose(sheet, cell, list)?;
            }
        }
    }
    if !lists.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(LISTS_SHEET)?.set_hidden(true);
        for (column, list) in (0..).zip(&lists) {
            for (row, word) in (0..).zip(list) {
                sheet.write_string(row, column, clean(word))?;
            }
        }
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(STAMP_SHEET)?.set_very_hidden(true);
    let stamps = forms
        .iter()
        .flat_map(|form| form.stamp.iter().map(|it| (it, &form.name)));
    for (row, ((name, value), of)) in (0..).zip(stamps) {
        sheet.write_string(row, 0, clean(name))?;
        sheet.write_string(row, 1, clean(value))?;
        sheet.write_string(row, 2, clean(of))?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Paper, widths and the lock. It has no password: it keeps labels from being overwritten by
/// mistake, and whoever must change the layout can.
fn set_up(sheet: &mut Worksheet, form: &FormSheet) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(&form.widths) {
        if *width == 0 {
            sheet.set_column_hidden(column)?;
        } else {
            sheet.set_column_width(column, f64::from(*width))?;
        }
    }
    sheet.set_default_row_height(18);
    for (row, height) in &form.heights {
        sheet.set_row_height(*row, f64::from(*height))?;
    }
    if let Some((first, last)) = form.repeated {
        sheet.set_repeat_rows(first, last)?;
    }
    sheet.set_paper_size(9);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_footer("&C第 &P 页，共 &N 页");
    let may = ProtectionOptions {
        insert_rows: true,
        delete_rows: true,
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&may);
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, cell: &FormCell) -> Result<(), XlsxError> {
    let format = format(cell.look);
    let ((row, column), (last_row, last_column)) = (cell.at, cell.to);
    if cell.at != cell.to {
        sheet.merge_range(row, column, last_row, last_column, "", &format)?;
    }
    if let Some(formula) = &cell.formula {
        // An empty text as a known value would be read as 0.
        let known = if cell.text.is_empty() {
            " "
        } else {
            &cell.text
        };
        let formula = Formula::new(formula).set_result(clean(known));
        sheet.write_formula_with_format(row, column, formula, &format)?;
        return Ok(());
    }
    let number: Option<f64> = match cell.look {
        Look::OpenNumber => cell.text.parse().ok().filter(|it: &f64| it.is_finite()),
        _ => None,
    };
    match number {
        Some(number) => sheet.write_number_with_format(row, column, number, &format)?,
        None if cell.text.is_empty() => sheet.write_blank(row, column, &format)?,
        // What a unit typed must not run where the file is opened.
        None => {
            let text = format.set_quote_prefix();
            sheet.write_string_with_format(row, column, clean(&cell.text), &text)?
        }
    };
    Ok(())
}

fn choose(sheet: &mut Worksheet, cell: &FormCell, list: usize) -> Result<(), XlsxError> {
    // A form has a handful of lists; WPS reads a list from a sheet, not a long one in the cell.
    let column = super::address(0, list);
    let column = column.trim_end_matches('1');
    let words = cell.choices.len();
    let from = format!("={LISTS_SHEET}!${column}$1:${column}${words}");
    let choice = DataValidation::new()
        .allow_list_formula(Formula::new(from))
        .set_error_style(rust_xlsxwriter::DataValidationErrorStyle::Warning)
        .set_error_title("不在选项里")?
        .set_error_message("一般从下拉选项里选择；确实需要别的写法，可以继续。")?;
    let ((row, column), (last_row, last_column)) = (cell.at, cell.to);
    sheet.add_data_validation(row, column, last_row, last_column, &choice)?;
    Ok(())
}

fn format(look: Look) -> Format {
    let lined = || {
        Format::new()
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
    };
    let format = match look {
        Look::Title => Format::new()
            .set_bold()
            .set_font_size(18)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter),
        Look::Remark => Format::new()
            .set_font_size(9)
            .set_text_wrap()
            .set_font_color(Color::RGB(0x0059_5959))
            .set_align(FormatAlign::Top),
        Look::Label => lined()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_background_color(Color::RGB(0x00F2_F2F2)),
        Look::Fixed => lined(),
        Look::Open => lined().set_unlocked().set_num_format("@"),
        Look::OpenNumber => lined().set_unlocked().set_align(FormatAlign::Right),
        Look::Red => lined().set_font_color(Color::RGB(0x00C0_0000)),
    };
    format.set_font_name("宋体")
}
