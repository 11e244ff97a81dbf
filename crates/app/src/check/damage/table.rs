//! A table that is damaged: its cells, what is read from them, and a workbook made from both.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use domain::finding::Finding;
use domain::form::{Field, Form, IndicatorRow, MoneyRow};
use domain::form_reader::is_placeholder;
use office::workbook::{self, Area, Cell, Limits, Sheet};
use rust_xlsxwriter::{Format, Workbook};

/// A cell: row and column, from 0.
pub(super) type At = (usize, usize);

/// A table as it was filed.
pub(super) struct Table {
    /// Its file.
    pub(super) name: String,
    /// The sheet that the form stands on.
    pub(super) sheet: Sheet,
    /// What is read from it.
    pub(super) form: Form,
    /// What is noticed while reading it and found by checking it.
    pub(super) findings: Vec<Finding>,
}

/// Which field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Initial, adjusted and executed amount of the total row.
    Amount,
    /// Points of an indicator.
    Weight,
    /// Score of an indicator.
    Score,
    /// 指标值
    Target,
    /// 实际完成值
    Actual,
    /// 三级指标
    Name,
}

impl Table {
    /// The table of a workbook's first sheet with a form; none where the file holds none.
    pub(super) fn open(name: &str, bytes: &[u8]) -> Option<Self> {
        let book = workbook::open(bytes, &Limits::default()).ok()?;
        let sheet = book.sheets.into_iter().find(|sheet| !sheet.hidden)?;
        let bytes = book_of(std::slice::from_ref(&sheet));
        let (form, findings) = super::read_and_check(&bytes, name)
            .ok()?
            .into_iter()
            .next()?;
        Some(Self {
            name: name.to_owned(),
            sheet,
            form,
            findings,
        })
    }

    /// Where fields of that part stand whose printed text is as asked.
    pub(super) fn cells(&self, part: Part, fits: impl Fn(&str) -> bool) -> Vec<At> {
        let row = self.form.money.total.as_ref();
        let printed: Vec<(&str, &str)> = match part {
            Part::Amount => row.into_iter().flat_map(amounts).map(place_of).collect(),
            Part::Weight => self.of_rows(|row| row.weight.as_ref().map(place_of)),
            Part::Score => self.of_rows(|row| row.score.as_ref().map(place_of)),
            Part::Target => self.of_rows(|row| row.target.as_ref().map(place_of)),
            Part::Actual => self.of_rows(|row| row.actual.as_ref().map(place_of)),
            Part::Name => self.of_rows(|row| row.level3.as_ref().map(place_of)),
        };
        let mut cells: Vec<At> = printed
            .into_iter()
            .filter(|(text, _)| fits(text))
            .filter_map(|(_, place)| at(place))
            .collect();
        cells.dedup();
        cells
    }

    fn of_rows<'a>(
        &'a self,
        pick: impl Fn(&'a IndicatorRow) -> Option<(&'a str, &'a str)>,
    ) -> Vec<(&'a str, &'a str)> {
        self.form.indicators.iter().filter_map(pick).collect()
    }

    /// Where targets stand whose row would not be the cut end of an excerpt without them.
    pub(super) fn targets(&self) -> Vec<At> {
        let is_filled = |text: &str| !text.is_empty() && !is_placeholder(text);
        let printed = |row: &IndicatorRow| {
            let target = row.target.as_ref();
            target.is_some_and(|target| is_filled(&target.printed))
        };
        let rows = self.form.indicators.iter();
        let filled: Vec<&IndicatorRow> = rows.filter(|row| printed(row)).collect();
        let meant = filled.iter().enumerate().filter(|(order, row)| {
            let points = [&row.weight, &row.score].into_iter().flatten();
            let has_points = points.into_iter().any(|points| points.value.is_some());
            let has_actual = row.actual.as_ref().is_some_and(|actual| !actual.is_blank());
            has_points || has_actual || order + 1 < filled.len()
        });
        meant
            .filter_map(|(_, row)| at(&row.target.as_ref()?.place))
            .collect()
    }

    /// Where names stand in rows whose target is filled.
    pub(super) fn names(&self) -> Vec<At> {
        let filled = |row: &&IndicatorRow| {
            let target = row.target.as_ref().map_or("", |field| &field.printed);
            !target.is_empty() && !is_placeholder(target)
        };
        let rows = self.form.indicators.iter().filter(filled);
        rows.filter_map(|row| row.level3.as_ref().filter(|name| !name.is_blank()))
            .filter_map(|name| at(&name.place))
            .collect()
    }

    /// Where actual values stand that nobody can take for the cut end of an excerpt.
    pub(super) fn actuals(&self) -> Vec<At> {
        let has_actual = |row: &IndicatorRow| row.actual.as_ref().is_some_and(|it| !it.is_blank());
        let rows = self.form.indicators.iter();
        let filled: Vec<&IndicatorRow> = rows.filter(|row| has_actual(row)).collect();
        let meant = filled.iter().enumerate().filter(|(order, row)| {
            let scored = row
                .score
                .as_ref()
                .is_some_and(|score| score.value.is_some());
            scored || order + 1 < filled.len()
        });
        meant
            .filter_map(|(_, row)| at(&row.actual.as_ref()?.place))
            .collect()
    }

    /// Rows of the sheet on which an indicator begins.
    pub(super) fn indicator_rows(&self) -> Vec<usize> {
        let rows = self.of_rows(|row| row.level3.as_ref().map(place_of));
        rows.iter()
            .filter_map(|(_, place)| at(place))
            .map(|(row, _)| row)
            .collect()
    }

    /// The row with the headings of the indicator table: the last one above it with 三级指标.
    pub(super) fn heading(&self) -> Option<usize> {
        let first = *self.indicator_rows().first()?;
        (0..first).rev().find(|row| {
            self.sheet.rows[*row].iter().any(|cell| {
                let text: String = cell.text().split_whitespace().collect();
                text.contains("三级指标") || text.contains("指标名称")
            })
        })
    }

    /// The sheet with one cell changed.
    pub(super) fn with(&self, at: At, text: &str) -> Vec<u8> {
        let mut sheet = self.sheet.clone();
        sheet.rows[at.0][at.1] = Cell::Text(text.to_owned());
        book_of(&[sheet])
    }

    /// What stands in a cell.
    pub(super) fn text(&self, at: At) -> &str {
        self.sheet.rows[at.0][at.1].text()
    }
}

fn place_of<T>(field: &Field<T>) -> (&str, &str) {
    (&field.printed, &field.place)
}

fn amounts(row: &MoneyRow) -> impl Iterator<Item = &Field<domain::number::Decimal>> {
    [&row.initial, &row.adjusted, &row.executed]
        .into_iter()
        .flatten()
}

/// The cell of an address such as `C5` or `自评表!C5`.
fn at(place: &str) -> Option<At> {
    let address = place.rsplit('!').next()?;
    let digits = address.find(|letter: char| letter.is_ascii_digit())?;
    let (letters, digits) = address.split_at(digits);
    let column = letters.chars().try_fold(0_usize, |sum, letter| {
        let letter = usize::try_from(letter.to_digit(36)?).ok()?.checked_sub(9)?;
        Some(sum * 26 + letter)
    })?;
    Some((
        digits.parse::<usize>().ok()?.checked_sub(1)?,
        column.checked_sub(1)?,
    ))
}

/// Sheets as an xlsx file: digits become numbers, percentages too.
pub(super) fn book_of(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (place, sheet) in sheets.iter().enumerate() {
        let page = book.add_worksheet();
        let name = if sheet.name.is_empty() {
            "表"
        } else {
            &sheet.name
        };
        page.set_name(format!("{name}{}", if place == 0 { "" } else { "二" }))
            .unwrap();
        page.set_hidden(sheet.hidden);
        let merged = merged_cells(&sheet.merges);
        for area in &sheet.merges {
            let text = sheet.rows[area.top][area.left].text();
            page.merge_range(
                u32::try_from(area.top).unwrap(),
                u16::try_from(area.left).unwrap(),
                u32::try_from(area.bottom).unwrap(),
                u16::try_from(area.right).unwrap(),
                text,
                &Format::new(),
            )
            .unwrap();
        }
        for (row, cells) in sheet.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let is_covered = merged.get(&(row, column)).is_some_and(|is_first| !is_first);
                if !is_covered {
                    write(page, (row, column), cell);
                }
            }
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    let has_hole = |cell: &Cell| matches!(cell, Cell::FormulaWithoutValue(_));
    let is_hollow = sheets
        .iter()
        .any(|sheet| sheet.rows.iter().flatten().any(has_hole));
    if is_hollow { hollow(&bytes) } else { bytes }
}

/// Stands for the value of a formula that has none.
const MARK: &str = "987654321";

/// The workbook without the marked values, as a program writes it that computes nothing.
fn hollow(bytes: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..from.len() {
        let mut part = from.by_index(place).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        let name = part.name().unwrap().into_owned();
        if name
            .strip_suffix(".xml")
            .is_some_and(|name| name.contains("sheet"))
        {
            let text = String::from_utf8(content).unwrap();
            content = text.replace(&format!("<v>{MARK}</v>"), "").into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        to.write_all(&content).unwrap();
    }
    to.finish().unwrap().into_inner()
}

/// The cells of merged areas, and whether each is the one that holds the text.
fn merged_cells(merges: &[Area]) -> BTreeMap<At, bool> {
    let mut cells = BTreeMap::new();
    for area in merges {
        for row in area.top..=area.bottom {
            for column in area.left..=area.right {
                cells.insert((row, column), (row, column) == (area.top, area.left));
            }
        }
    }
    cells
}

fn write(page: &mut rust_xlsxwriter::Worksheet, at: At, cell: &Cell) {
    let (row, column) = (u32::try_from(at.0).unwrap(), u16::try_from(at.1).unwrap());
    match cell {
        Cell::Empty => {}
        Cell::Number(text) => {
            let digits = text.strip_suffix('%');
            let places = text
                .split_once('.')
                .map_or(0, |(_, places)| places.len() - 1);
            if let Some(number) = digits.and_then(|digits| digits.parse::<f64>().ok()) {
                let format = match places {
                    0 => "0%".to_owned(),
                    places => format!("0.{}%", "0".repeat(places)),
                };
                let format = Format::new().set_num_format(format);
                page.write_number_with_format(row, column, number / 100.0, &format)
                    .unwrap();
            } else if let Ok(number) = text.parse::<f64>() {
                page.write_number(row, column, number).unwrap();
            } else {
                page.write_string(row, column, text).unwrap();
            }
        }
        Cell::Text(text) => {
            page.write_string(row, column, text).unwrap();
        }
        // The mark is taken out of the file: `hollow`.
        Cell::FormulaWithoutValue(formula) => {
            let formula = rust_xlsxwriter::Formula::new(formula).set_result(MARK);
            page.write_formula(row, column, formula).unwrap();
        }
        Cell::Error(error) => {
            let formula = rust_xlsxwriter::Formula::new("=1/0").set_result(error);
            page.write_formula(row, column, formula).unwrap();
        }
    }
}

/// The sheet as a text table.
pub(super) fn csv_of(sheet: &Sheet, separator: char) -> String {
    let line = |cells: &Vec<Cell>| {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| format!("\"{}\"", cell.text().replace('"', "\"\"")))
            .collect();
        cells.join(&separator.to_string())
    };
    let lines: Vec<String> = sheet.rows.iter().map(line).collect();
    lines.join("\r\n")
}
