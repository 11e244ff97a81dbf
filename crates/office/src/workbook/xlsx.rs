//! Workbooks of Office Open XML.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{Cell, Gathered, Limits, ReadError, Sheet, Workbook, cut_merges, number_text};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let mut book = Book::new(Cursor::new(bytes)).map_err(|error| refuse(&error))?;
    let list = book.sheets_metadata().to_vec();
    if list.len() > limits.sheets {
        return Err(ReadError::TooManyCells {
            sheet: String::new(),
            what: "工作表数",
            limit: limits.sheets,
        });
    }
    let mut used = 0;
    let mut sheets = Vec::new();
    for entry in list
        .into_iter()
        .filter(|entry| entry.typ == SheetType::WorkSheet)
    {
        let rows = read_cells(&mut book, &entry.name, limits, &mut used)?;
        let merges = book
            .merge_cells_by_sheet_name(&entry.name)
            .map_err(|error| refuse(&error))?;
        let merges = cut_merges(&merges, &rows);
        let hidden = entry.visible != SheetVisible::Visible;
        sheets.push(Sheet {
            name: entry.name,
            hidden,
            rows,
            merges,
        });
    }
    Ok(Workbook { sheets })
}

fn refuse(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted,
        _ => ReadError::Corrupt,
    }
}

fn read_cells(
    book: &mut Book<'_>,
    name: &str,
    limits: &Limits,
    used: &mut usize,
) -> Result<Vec<Vec<Cell>>, ReadError> {
    let formulas = read_formulas(book, name)?;
    let mut gathered = Gathered::new(name, limits);
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|error| refuse(&error))?;
    let formats: Vec<String> = reader
        .styles()
        .iter()
        .map(|style| {
            style
                .number_format
                .as_ref()
                .map_or("", |it| it.format_code.as_str())
                .into()
        })
        .collect();
    while let Some((found, style)) = reader
        .next_cell_with_style_id()
        .map_err(|error| refuse(&error))?
    {
        let position = found.get_position();
        let format = formats.get(style).map_or("", String::as_str);
        let mut cell = cell(found.get_value(), format);
        if let Some(formula) = formulas.get(&position) {
            if let Some(text) = with_unit(formula) {
                cell = text;
            } else if cell == Cell::Empty {
                cell = without_value(formula);
            }
        }
        gathered.put(at(position.0), at(position.1), cell)?;
    }
    gathered.finish(used)
}

/// The formulas of a sheet by position.
fn read_formulas(
    book: &mut Book<'_>,
    name: &str,
) -> Result<HashMap<(u32, u32), String>, ReadError> {
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|error| refuse(&error))?;
    let mut formulas = HashMap::new();
    while let Some(found) = reader.next_formula().map_err(|error| refuse(&error))? {
        if !found.get_value().is_empty() {
            formulas.insert(found.get_position(), found.get_value().clone());
        }
    }
    Ok(formulas)
}

/// A formula without a value, unless it is no formula: `=100%`, `=8个`, `=25TB` and `=530元/人*月`
/// are what people write for "exactly", and some programs store them as formulas.
fn without_value(formula: &str) -> Cell {
    let bare = formula.trim_start_matches('=').trim();
    let text = format!("={bare}");
    let number = bare.starts_with(|letter: char| letter.is_ascii_digit());
    let unit = bare
        .trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.')
        .trim_start_matches('%')
        .trim_start();
    // A unit begins with a letter and holds no digit; an operator, a cell or an exponent does not.
    let begins = unit.is_empty()
        || unit.starts_with(|letter: char| letter.is_alphabetic() || !letter.is_ascii());
    if number && begins && !unit.contains(|letter: char| letter.is_ascii_digit()) {
        Cell::Text(text)
    } else {
        Cell::FormulaWithoutValue(text)
    }
}

/// What people wrote for "exactly" with a unit or a sign of percent: it says more than the value
/// 1 or `#NAME?` that a program made of it.
pub(super) fn with_unit(formula: &str) -> Option<Cell> {
    let plain_end = |letter: char| letter.is_ascii_digit() || letter == '.';
    match without_value(formula) {
        Cell::Text(text) if !text.ends_with(plain_end) => Some(Cell::Text(text)),
        _ => None,
    }
}

fn at(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn cell(value: &DataRef<'_>, format: &str) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => Cell::Number(number_text::formatted(*number, format)),
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::Bool(truth) => Cell::Text(if *truth { "TRUE" } else { "FALSE" }.into()),
        DataRef::DateTime(moment) => Cell::Number(number_text::date(moment, format)),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Number(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

fn text_cell(text: &str) -> Cell {
    if text.trim().is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}
