//! Workbooks of Office Open XML.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::container::Seen;
use super::rows::{Buffer, Halt, SheetHead};
use super::{Cell, Gathered, Limits, ReadError, Sheet, Workbook, cut_merges, number_text};

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads the sheets as grids.
pub(super) fn read(bytes: &[u8], limits: &Limits, seen: Seen) -> Result<Workbook, ReadError> {
    let (mut book, list) = opened(bytes, limits)?;
    let mut used = 0;
    let mut sheets = Vec::new();
    for entry in list {
        let name = &*entry.name;
        let survey = if seen.formulas {
            survey(&mut book, name)?
        } else {
            Survey::default()
        };
        let mut gathered = Gathered::new(name, limits);
        let put = |row, column, cell| gathered.put(row, column, cell);
        each(&mut book, name, &survey, put)?;
        let rows = gathered.finish(&mut used)?;
        let merges = merges(&mut book, name, seen)?;
        let merges = cut_merges(&merges, Sheet::extent(&rows));
        sheets.push(Sheet {
            hidden: entry.visible != SheetVisible::Visible,
            name: entry.name,
            rows,
            merges,
        });
    }
    Ok(Workbook { sheets })
}

/// Gives the sheets row by row.
pub(super) fn visit(bytes: &[u8], seen: Seen, row: &mut Buffer<'_>) -> Result<(), Halt> {
    let (mut book, list) = opened(bytes, row.limits)?;
    for entry in list {
        let name = &*entry.name;
        // Merged areas stand behind the cells and are told before them.
        let merges = merges(&mut book, name, seen);
        let is_merged = merges.as_ref().is_ok_and(|merges| !merges.is_empty());
        let survey = if seen.formulas || is_merged {
            survey(&mut book, name)?
        } else {
            Survey::default()
        };
        let extent = (survey.height, survey.width);
        row.begin(SheetHead {
            name: name.to_owned(),
            hidden: entry.visible != SheetVisible::Visible,
            merges: cut_merges(merges.as_deref().unwrap_or_default(), extent),
            width: survey.width,
        });
        let put = |at, column, cell| row.put(at, column, cell);
        each(&mut book, name, &survey, put)?;
        row.end()?;
        // What is wrong behind the cells is said only where nothing is wrong with them.
        merges?;
    }
    Ok(())
}

/// The workbook with its sheets of cells.
fn opened<'a>(
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<(Book<'a>, Vec<calamine::Sheet>), ReadError> {
    let book = Book::new(Cursor::new(bytes)).map_err(|error| refuse(&error))?;
    let mut list = book.sheets_metadata().to_vec();
    if list.len() > limits.sheets {
        return Err(ReadError::TooManyCells {
            sheet: String::new(),
            what: "工作表数",
            limit: limits.sheets,
        });
    }
    list.retain(|entry| entry.typ == SheetType::WorkSheet);
    Ok((book, list))
}

fn refuse(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::Encrypted,
        _ => ReadError::Corrupt,
    }
}

fn merges(
    book: &mut Book<'_>,
    name: &str,
    seen: Seen,
) -> Result<Vec<calamine::Dimensions>, ReadError> {
    if !seen.merges {
        return Ok(Vec::new());
    }
    book.merge_cells_by_sheet_name(name)
        .map_err(|error| refuse(&error))
}

/// What must be known of a sheet before its cells are read.
#[derive(Default)]
struct Survey {
    /// What stands in a cell by its formula, where that says more than its value.
    told: HashMap<(u32, u32), Cell>,
    /// The used rows.
    height: usize,
    /// The used columns.
    width: usize,
}

fn survey(book: &mut Book<'_>, name: &str) -> Result<Survey, ReadError> {
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|error| refuse(&error))?;
    let mut survey = Survey::default();
    while let Some(found) = reader
        .next_cell_with_formula()
        .map_err(|error| refuse(&error))?
    {
        let (is_empty, is_blank) = match &found.value {
            DataRef::Empty => (true, true),
            DataRef::String(text) => (text.trim().is_empty(), text.trim().is_empty()),
            DataRef::SharedString(text) => (text.trim().is_empty(), text.trim().is_empty()),
            DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
                (false, text.trim().is_empty())
            }
            _ => (false, false),
        };
        let formula = found.formula.filter(|formula| !formula.is_empty());
        let told = formula.and_then(|formula| {
            with_unit(&formula).or_else(|| is_empty.then(|| without_value(&formula)))
        });
        if told.is_none() && is_blank {
            continue;
        }
        survey.height = survey.height.max(at(found.pos.0) + 1);
        survey.width = survey.width.max(at(found.pos.1) + 1);
        if let Some(cell) = told {
            survey.told.insert(found.pos, cell);
        }
    }
    Ok(survey)
}

/// Every cell with its row and column. A sheet that is damaged is refused as damaged, whatever
/// `put` finds before the damage.
fn each<E: From<ReadError>>(
    book: &mut Book<'_>,
    name: &str,
    survey: &Survey,
    mut put: impl FnMut(usize, usize, Cell) -> Result<(), E>,
) -> Result<(), E> {
    let mut reader = book
        .worksheet_cells_reader(name)
        .map_err(|error| refuse(&error))?;
    let formats: Vec<String> = reader
        .styles()
        .iter()
        .map(|style| {
            let format = style.number_format.as_ref();
            format.map_or_else(String::new, |it| it.format_code.as_str().into())
        })
        .collect();
    let mut ended = Ok(());
    while let Some((found, style)) = reader
        .next_cell_with_style_id()
        .map_err(|error| refuse(&error))?
    {
        if ended.is_err() {
            continue;
        }
        let position = found.get_position();
        let cell = if let Some(told) = survey.told.get(&position) {
            told.clone()
        } else {
            let format = formats.get(style).map_or("", String::as_str);
            cell(found.get_value(), format)
        };
        ended = put(at(position.0), at(position.1), cell);
    }
    ended
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
