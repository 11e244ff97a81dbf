//! Percent formats of Excel 97–2003 workbooks, which calamine does not tell: without them 95 %
//! reads as 0.95.
//!
//! Only the few records that say so are looked at, by the published layout of the format
//! (MS-XLS 2.4: `BoundSheet8`, `Format`, `XF`, and the cell records). Whatever is not as described
//! there ends the search; the numbers are then read as they are stored.

use std::collections::HashMap;
use std::io::{Cursor, Read};

/// Formats by row and column.
type Cells = HashMap<(usize, usize), String>;

const BOUND_SHEET: u16 = 0x0085;
const END: u16 = 0x000A;
const BEGIN: u16 = 0x0809;
const FORMAT: u16 = 0x041E;
const XF: u16 = 0x00E0;
const NUMBER: u16 = 0x0203;
const RK: u16 = 0x027E;
const MANY_RK: u16 = 0x00BD;
const FORMULA: u16 = 0x0006;

/// The percent formats of the cells, by the sheets' order.
pub(super) fn percent_cells(bytes: &[u8]) -> Vec<Cells> {
    let stream = workbook_stream(bytes).unwrap_or_default();
    let mut sheets: Vec<usize> = Vec::new();
    let mut written: HashMap<u16, String> = HashMap::new();
    let mut styles: Vec<u16> = Vec::new();
    for (kind, data) in Records(&stream) {
        match kind {
            BOUND_SHEET => sheets.extend(long(data, 0)),
            FORMAT => written.extend(short(data, 0).zip(format_text(data))),
            XF => styles.extend(short(data, 2)),
            END => break,
            _ => {}
        }
    }
    let formats: Vec<Option<String>> = styles
        .into_iter()
        .map(|id| match id {
            9 => Some("0%".to_owned()),
            10 => Some("0.00%".to_owned()),
            other => written.get(&other).filter(|it| it.contains('%')).cloned(),
        })
        .collect();
    if formats.iter().all(Option::is_none) {
        return Vec::new();
    }
    let sheet = |from: usize| read_sheet(stream.get(from..).unwrap_or_default(), &formats);
    sheets.into_iter().map(sheet).collect()
}

fn workbook_stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let name = ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| file.is_stream(name))?;
    let most = u64::try_from(bytes.len()).ok()?;
    let mut stream = Vec::new();
    let opened = file.open_stream(name).ok()?;
    opened.take(most).read_to_end(&mut stream).ok()?;
    Some(stream)
}

fn read_sheet(stream: &[u8], formats: &[Option<String>]) -> Cells {
    let mut cells = Cells::new();
    let mut depth = 0_usize;
    for (kind, data) in Records(stream) {
        match kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            // Charts inside the sheet have cells of their own.
            _ if depth > 1 => {}
            NUMBER | RK | FORMULA => {
                put(&mut cells, formats, data, 4, 0);
            }
            MANY_RK => {
                // Row, first column, six bytes for each cell, last column.
                let count = data.len().saturating_sub(6) / 6;
                for order in 0..count {
                    put(&mut cells, formats, data, 4 + 6 * order, order);
                }
            }
            _ => {}
        }
    }
    cells
}

/// Notes the format of a cell whose style's number stands at `at`.
fn put(cells: &mut Cells, formats: &[Option<String>], data: &[u8], at: usize, right: usize) {
    let place = short(data, 0).zip(short(data, 2));
    let style = short(data, at).map(usize::from);
    if let (Some((row, column)), Some(style)) = (place, style)
        && let Some(Some(format)) = formats.get(style)
    {
        let place = (usize::from(row), usize::from(column) + right);
        cells.insert(place, format.clone());
    }
}

/// The text of a format: its length, whether its letters take two bytes, its letters.
fn format_text(data: &[u8]) -> Option<String> {
    let length = usize::from(short(data, 2)?);
    let wide = data.get(4)? & 1 == 1;
    let letters = data.get(5..)?;
    if wide {
        let pairs = letters.chunks_exact(2).take(length);
        let units: Vec<u16> = pairs.filter_map(|pair| short(pair, 0)).collect();
        return Some(String::from_utf16_lossy(&units));
    }
    let narrow = letters.iter().take(length);
    Some(narrow.map(|letter| char::from(*letter)).collect())
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    bytes.try_into().ok().map(u16::from_le_bytes)
}

fn long(data: &[u8], at: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    let value = bytes.try_into().ok().map(u32::from_le_bytes)?;
    usize::try_from(value).ok()
}

/// Records of a stream: what they are and what they hold.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let kind = short(self.0, 0)?;
        let length = usize::from(short(self.0, 2)?);
        let data = self.0.get(4..4 + length)?;
        self.0 = self.0.get(4 + length..)?;
        Some((kind, data))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::{Cell, Limits, open};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    fn style(format: u16) -> Vec<u8> {
        let mut data = vec![0; 20];
        data[2..4].copy_from_slice(&format.to_le_bytes());
        record(super::XF, &data)
    }

    fn number(column: u16, style: u16, value: f64) -> Vec<u8> {
        let place = [0_u16, column, style].map(u16::to_le_bytes).concat();
        record(
            super::NUMBER,
            &[&place[..], &value.to_le_bytes()[..]].concat(),
        )
    }

    /// A workbook of one sheet with the given records, and styles of the given formats.
    fn workbook(formats: &[u16], cells: &[Vec<u8>]) -> Vec<u8> {
        let begin = |what: u8| {
            let data = [0, 6, what, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            record(super::BEGIN, &data)
        };
        let own = [&[200, 0, 4, 0, 0][..], b"0.0%"].concat();
        let mut head = begin(5);
        head.extend(record(super::FORMAT, &own));
        head.extend(formats.iter().flat_map(|format| style(*format)));
        let sheet = |from: usize| {
            let from = u32::try_from(from).unwrap().to_le_bytes();
            record(
                super::BOUND_SHEET,
                &[&from[..], &[0, 0, 1, 0, b'A'][..]].concat(),
            )
        };
        let end = record(super::END, &[]);
        let from = head.len() + sheet(0).len() + end.len();
        let mut stream = [head, sheet(from), end.clone(), begin(16)].concat();
        stream.extend(cells.concat());
        stream.extend(end);
        // Small streams are kept elsewhere in the container; both are read.
        let mut bytes = std::io::Cursor::new(Vec::new());
        let mut file = cfb::CompoundFile::create(&mut bytes).unwrap();
        file.create_stream("/Workbook")
            .unwrap()
            .write_all(&stream)
            .unwrap();
        file.flush().unwrap();
        drop(file);
        bytes.into_inner()
    }

    #[test]
    fn an_old_workbook_shows_percentages_with_their_sign() {
        let cells = [
            number(0, 0, 0.95),
            number(1, 1, 0.95),
            number(2, 2, 0.9333),
            number(3, 3, 1.0),
        ];
        let bytes = workbook(&[0, 9, 10, 200], &cells);
        let book = open(&bytes, &Limits::default()).unwrap();
        let texts: Vec<&str> = book.sheets[0].rows[0].iter().map(Cell::text).collect();
        assert_eq!(texts, ["0.95", "95%", "93.33%", "100.0%"]);
    }

    #[test]
    fn a_broken_old_workbook_tells_no_formats() {
        let bytes = workbook(&[9], &[number(0, 0, 0.5)]);
        for cut in (0..bytes.len()).step_by(97) {
            super::percent_cells(&bytes[..cut]);
        }
        assert!(super::percent_cells(b"not a workbook").is_empty());
    }
}
