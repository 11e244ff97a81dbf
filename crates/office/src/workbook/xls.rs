//! Workbooks of Excel 97–2003.

use std::io::Cursor;

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::{
    Cell, Gathered, Limits, ReadError, Sheet, Workbook, cut_merges, number_text, xls_formats, xlsx,
};

/// House rule: an old workbook is read into memory as a whole before its extent is known, so it
/// may be a quarter of the size of a new one.
const PART_OF_LIMIT: u64 = 4;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.file_bytes / PART_OF_LIMIT {
        let mb = 1 << 20;
        let limit = limits.file_bytes / PART_OF_LIMIT / mb;
        return Err(ReadError::TooLarge {
            size: size.div_ceil(mb),
            limit,
        });
    }
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| refuse(&error))?;
    let list = book.sheets_metadata().to_vec();
    let percents = xls_formats::percent_cells(bytes);
    let mut used = 0;
    let mut sheets = Vec::new();
    for (order, entry) in list
        .into_iter()
        .enumerate()
        .filter(|(_, entry)| entry.typ == SheetType::WorkSheet)
    {
        let range = book
            .worksheet_range(&entry.name)
            .map_err(|error| refuse(&error))?;
        let mut gathered = Gathered::new(&entry.name, limits);
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let place = (row + at(top), column + at(left));
            let format = percents.get(order).and_then(|cells| cells.get(&place));
            gathered.put(
                place.0,
                place.1,
                cell(value, format.map_or("", String::as_str)),
            )?;
        }
        let formulas = book
            .worksheet_formula(&entry.name)
            .map_err(|error| refuse(&error))?;
        let (top, left) = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            if let Some(text) = xlsx::with_unit(formula) {
                gathered.put(row + at(top), column + at(left), text)?;
            }
        }
        let rows = gathered.finish(&mut used)?;
        let merges = book
            .merge_cells_by_sheet_name(&entry.name)
            .map_err(|error| refuse(&error))?;
        let merges = cut_merges(&merges, Sheet::extent(&rows));
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

fn at(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

fn refuse(error: &XlsError) -> ReadError {
    match error {
        XlsError::Password => ReadError::Encrypted,
        _ => ReadError::Corrupt,
    }
}

fn cell(value: &Data, format: &str) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        // A whole number in a percent format is 100 % as a rule.
        Data::Int(number) if !format.is_empty() => match i32::try_from(*number) {
            Ok(number) => Cell::Number(number_text::formatted(f64::from(number), format)),
            Err(_) => Cell::Number(number.to_string()),
        },
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => Cell::Number(number_text::formatted(*number, format)),
        Data::String(text) => Cell::Text(text.clone()),
        Data::Bool(truth) => Cell::Text(if *truth { "TRUE" } else { "FALSE" }.into()),
        Data::DateTime(moment) => Cell::Number(number_text::date(moment, "")),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Number(text.clone()),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}
