//! CSV and other text tables, in the encodings that Chinese offices use.

use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};

use std::borrow::Cow;

use super::rows::{Buffer, Halt, SheetHead};
use super::{Cell, Gathered, Limits, ReadError, Sheet, Workbook};

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    let text = decode(bytes)?;
    let mut gathered = Gathered::new("", limits);
    each(&text, |row, column, cell| gathered.put(row, column, cell))?;
    let rows = gathered.finish(&mut 0)?;
    Ok(Workbook {
        sheets: vec![Sheet {
            rows,
            ..Sheet::default()
        }],
    })
}

/// Gives the cells row by row.
pub(super) fn visit(bytes: &[u8], row: &mut Buffer<'_>) -> Result<(), Halt> {
    let text = decode(bytes)?;
    row.begin(SheetHead::default());
    each(&text, |at, column, cell| row.put(at, column, cell))?;
    row.end()
}

/// Every cell with its row and column.
fn each<E: From<ReadError>>(
    text: &str,
    mut put: impl FnMut(usize, usize, Cell) -> Result<(), E>,
) -> Result<(), E> {
    if text.trim().is_empty() {
        return Err(ReadError::NoCells.into());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let (mut broken, mut lines, mut counted) = (0, 0, 0);
    while reader
        .read_record(&mut record)
        .map_err(|_| ReadError::Corrupt)?
    {
        // Blank lines are not records, and a line break inside a cell begins no row.
        let begin = record.position().map_or(0, csv::Position::byte);
        let rest = text
            .get(usize::try_from(begin).unwrap_or(0)..)
            .unwrap_or("");
        let begin = text.len() - rest.trim_start_matches(['\r', '\n']).len();
        lines += text
            .get(counted..begin)
            .map_or(0, |passed| passed.matches('\n').count());
        counted = counted.max(begin);
        let row = lines.saturating_sub(broken);
        broken += record
            .iter()
            .map(|field| field.matches('\n').count())
            .sum::<usize>();
        for (column, field) in record.iter().enumerate() {
            let field = field.trim();
            if !field.is_empty() {
                put(row, column, Cell::Text(field.to_owned()))?;
            }
        }
    }
    Ok(())
}

/// Comma, tab or semicolon: whichever the first lines hold most of.
fn delimiter(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().take(20).collect();
    let count = |mark: char| {
        head.iter()
            .map(|line| line.matches(mark).count())
            .sum::<usize>()
    };
    let (commas, tabs, semicolons) = (count(','), count('\t'), count(';'));
    if tabs > commas && tabs >= semicolons {
        b'\t'
    } else if semicolons > commas {
        b';'
    } else {
        b','
    }
}

fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let encoding = if bytes.starts_with(&[0xFF, 0xFE]) {
        UTF_16LE
    } else if bytes.starts_with(&[0xFE, 0xFF]) {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        GB18030
    };
    let (text, _, damaged) = encoding.decode(bytes);
    let control = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t');
    // Bytes of a third encoding decode to private-use letters or controls, if they decode at all.
    let strange = |letter: char| control(letter) || ('\u{e000}'..='\u{f8ff}').contains(&letter);
    if damaged || text.chars().any(strange) {
        return Err(ReadError::Encoding);
    }
    Ok(text)
}
