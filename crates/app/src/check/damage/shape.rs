//! Damage to the shape of a table: rows, columns, merged areas and sheets.

use std::collections::BTreeSet;

use office::workbook::{Area, Cell, Sheet};

use super::Kind;
use super::judge::Truth::{Other, Same, Wrong};
use super::table::{At, Part, Table, book_of};

/// Every kind of damage to rows, columns and sheets.
pub(super) const KINDS: &[Kind] = &[
    Kind::new("整表下移右移", Same, |table, nth| {
        (nth == 0).then(|| book_of(&[moved(&table.sheet, 3, 2)]))
    }),
    Kind::new("每行之间插空行", Same, |table, nth| {
        let within = |row: usize| {
            let mut areas = table.sheet.merges.iter();
            areas.any(|area| area.top < row && row <= area.bottom)
        };
        let rows = (1..table.sheet.rows.len())
            .rev()
            .filter(|row| !within(*row));
        let apart = rows.fold(table.sheet.clone(), |sheet, row| with_row(&sheet, row));
        (nth == 0).then(|| book_of(&[apart]))
    }),
    Kind::new("指标表中间插空行", Same, |table, nth| {
        let row = *table.indicator_rows().get(nth + 1)?;
        Some(book_of(&[with_row(&table.sheet, row)]))
    }),
    Kind::new("插空列", Same, |table, nth| {
        let column = [1, 3, 5].get(nth).filter(|at| **at < width(&table.sheet))?;
        Some(book_of(&[with_column(&table.sheet, *column)]))
    }),
    Kind::new("取消全部合并", Same, |table, nth| {
        let has_merges = nth == 0 && !table.sheet.merges.is_empty();
        has_merges.then(|| {
            let mut sheet = table.sheet.clone();
            sheet.merges.clear();
            book_of(&[sheet])
        })
    }),
    Kind::new("取消合并并填满", Same, |table, nth| {
        (nth == 0 && !table.sheet.merges.is_empty()).then(|| book_of(&[filled(&table.sheet)]))
    }),
    Kind::new("首尾加说明", Same, |table, nth| {
        (nth == 0).then(|| {
            let mut sheet = moved(&table.sheet, 2, 0);
            let width = width(&sheet);
            sheet.rows[0][0] = Cell::Text("附件1".to_owned());
            for note in [
                "注：1.本表一式两份。",
                "2.其他资金包括社会投入资金、银行贷款。",
            ] {
                let mut row = vec![Cell::Empty; width];
                row[0] = Cell::Text(note.to_owned());
                sheet.rows.push(row);
            }
            book_of(&[sheet])
        })
    }),
    Kind::new("打印分页重复表头", Same, |table, nth| {
        let heading = table.heading()?;
        let row = *table.indicator_rows().get(nth + 1)?;
        let is_merged = |area: &Area| covers(area, row) || covers(area, heading);
        let is_plain = !table.sheet.merges.iter().any(is_merged);
        is_plain.then(|| {
            let mut sheet = with_row(&table.sheet, row);
            sheet.rows[row] = table.sheet.rows[heading].clone();
            book_of(&[sheet])
        })
    }),
    Kind::new("表头文字有空格换行", Same, |table, nth| {
        let heading = table.heading().filter(|_| nth == 0)?;
        let mut sheet = table.sheet.clone();
        for cell in &mut sheet.rows[heading] {
            let letters: Vec<String> = cell.text().chars().map(String::from).collect();
            if !letters.is_empty() {
                *cell = Cell::Text(letters.join("\n"));
            }
        }
        Some(book_of(&[sheet]))
    }),
    Kind::new("表头有错别字", Wrong, |table, nth| {
        let (row, column) = headed(table, nth)?;
        Some(table.with((row, column), "指杯直"))
    }),
    Kind::new("表头清空一格", Wrong, |table, nth| {
        Some(table.with(headed(table, nth)?, ""))
    }),
    Kind::new("表头整行删去", Wrong, |table, nth| {
        let heading = table.heading().filter(|_| nth == 0)?;
        Some(book_of(&[without_row(&table.sheet, heading)]))
    }),
    Kind::new("删去一行指标", Other, |table, nth| {
        let rows = table.indicator_rows();
        let row = *rows.get(nth).filter(|_| rows.len() > 3)?;
        Some(book_of(&[without_row(&table.sheet, row)]))
    }),
    Kind::new("重复一行指标", Wrong, |table, nth| {
        let row = *table.indicator_rows().get(nth)?;
        let mut sheet = with_row(&table.sheet, row + 1);
        sheet.rows[row + 1] = table.sheet.rows[row].clone();
        Some(book_of(&[sheet]))
    }),
    Kind::new("两行指标对调", Same, |table, nth| {
        let rows = table.indicator_rows();
        let (one, other) = (*rows.get(nth)?, *rows.get(nth + 1)?);
        let kind = |place: usize| {
            let row = table.form.indicators.get(place)?;
            Some((&row.level1.as_ref()?.printed, &row.level2.as_ref()?.printed))
        };
        if kind(nth) != kind(nth + 1) {
            return None;
        }
        let mut sheet = table.sheet.clone();
        let left = name_column(table)?;
        for column in left..width(&sheet) {
            let cell = sheet.rows[one][column].clone();
            sheet.rows[one][column] = sheet.rows[other][column].clone();
            sheet.rows[other][column] = cell;
        }
        Some(book_of(&[sheet]))
    }),
    Kind::new("指标值一列错行", Other, |table, nth| {
        shifted(table, Part::Target, nth)
    }),
    Kind::new("分值一列错行", Wrong, |table, nth| {
        let points: Vec<_> = table.form.indicators.iter().collect();
        let first = points.first()?.weight.as_ref()?.value;
        let differ = points
            .iter()
            .any(|row| row.weight.as_ref().is_some_and(|w| w.value != first));
        differ.then(|| shifted(table, Part::Weight, nth)).flatten()
    }),
    Kind::new("一行右移一格", Wrong, |table, nth| {
        let row = *table.indicator_rows().get(nth)?;
        let column = name_column(table)?;
        let mut sheet = table.sheet.clone();
        let mut cells = sheet.rows[row].clone();
        cells.insert(column, Cell::Empty);
        let last = cells.pop()?;
        if !last.text().is_empty() {
            return None;
        }
        sheet.rows[row] = cells;
        sheet
            .merges
            .retain(|area| !covers(area, row) || area.right < column);
        Some(book_of(&[sheet]))
    }),
    Kind::new("一行左移一格", Wrong, |table, nth| {
        let row = *table.indicator_rows().get(nth)?;
        let column = name_column(table)?;
        let mut sheet = table.sheet.clone();
        sheet.rows[row].remove(column);
        sheet.rows[row].push(Cell::Empty);
        sheet
            .merges
            .retain(|area| !covers(area, row) || area.right < column);
        Some(book_of(&[sheet]))
    }),
    Kind::new("删去指标值一列", Other, |table, nth| {
        let (_, column) = *table
            .cells(Part::Target, |_| true)
            .first()
            .filter(|_| nth == 0)?;
        Some(book_of(&[without_column(&table.sheet, column)]))
    }),
    Kind::new("删去分值一列", Other, |table, nth| {
        let weights = table.cells(Part::Weight, |text| !text.is_empty());
        let (_, column) = *weights.first().filter(|_| nth == 0)?;
        Some(book_of(&[without_column(&table.sheet, column)]))
    }),
    Kind::new("删去下半张表", Other, |table, nth| {
        let rows = table.indicator_rows();
        let cut = *rows
            .get(rows.len() / 2)
            .filter(|_| nth == 0 && rows.len() > 3)?;
        let has_total = table.form.total_weight.is_some();
        let mut sheet = table.sheet.clone();
        sheet.rows.truncate(cut);
        sheet.merges.retain(|area| area.bottom < cut);
        has_total.then(|| book_of(&[sheet]))
    }),
    Kind::new("前面多一张空表", Same, |table, nth| {
        let empty = Sheet {
            name: "说明".to_owned(),
            rows: vec![vec![Cell::Text("填表说明：请逐项填写".to_owned())]],
            ..Sheet::default()
        };
        (nth == 0).then(|| book_of(&[empty, table.sheet.clone()]))
    }),
    Kind::new("同一张表两份", Wrong, |table, nth| {
        (nth == 0).then(|| book_of(&[table.sheet.clone(), table.sheet.clone()]))
    }),
    Kind::new("表被隐藏", Wrong, |table, nth| {
        let empty = Sheet {
            name: "封面".to_owned(),
            rows: vec![vec![Cell::Text("绩效自评材料".to_owned())]],
            ..Sheet::default()
        };
        let hidden = Sheet {
            hidden: true,
            ..table.sheet.clone()
        };
        (nth == 0).then(|| book_of(&[empty, hidden]))
    }),
    Kind::new("加一行小计", Same, |table, nth| {
        let rows = table.indicator_rows();
        let after = *rows.get(rows.len() / 2).filter(|_| nth == 0)?;
        let (_, points) = *table.cells(Part::Weight, |text| !text.is_empty()).first()?;
        let column = name_column(table)?;
        let mut sheet = with_row(&table.sheet, after);
        sheet.rows[after][column] = Cell::Text("小计".to_owned());
        sheet.rows[after][points] = Cell::Text("50".to_owned());
        Some(book_of(&[sheet]))
    }),
];

fn width(sheet: &Sheet) -> usize {
    sheet.rows.first().map_or(0, Vec::len)
}

fn covers(area: &Area, row: usize) -> bool {
    (area.top..=area.bottom).contains(&row)
}

/// The column of the indicators' names.
fn name_column(table: &Table) -> Option<usize> {
    table
        .cells(Part::Name, |_| true)
        .first()
        .map(|(_, column)| *column)
}

/// The heading over the targets, the points, or the actual values.
fn headed(table: &Table, nth: usize) -> Option<At> {
    let part = [Part::Target, Part::Weight, Part::Actual].get(nth)?;
    let (_, column) = *table.cells(*part, |text| !text.is_empty()).first()?;
    let row = table.heading()?;
    (!table.text((row, column)).is_empty()).then_some((row, column))
}

/// The sheet with empty rows above and columns before it.
fn moved(sheet: &Sheet, down: usize, right: usize) -> Sheet {
    let mut moved = sheet.clone();
    for row in &mut moved.rows {
        row.splice(0..0, vec![Cell::Empty; right]);
    }
    let empty = vec![Cell::Empty; width(&moved)];
    moved.rows.splice(0..0, vec![empty; down]);
    for area in &mut moved.merges {
        area.top += down;
        area.bottom += down;
        area.left += right;
        area.right += right;
    }
    moved
}

/// The sheet with an empty row before this one; areas across it grow, as in Excel.
fn with_row(sheet: &Sheet, at: usize) -> Sheet {
    let mut sheet = sheet.clone();
    let empty = vec![Cell::Empty; width(&sheet)];
    sheet.rows.insert(at, empty);
    for area in &mut sheet.merges {
        area.bottom += usize::from(area.bottom >= at);
        area.top += usize::from(area.top >= at);
    }
    sheet
}

fn with_column(sheet: &Sheet, at: usize) -> Sheet {
    let mut sheet = sheet.clone();
    for row in &mut sheet.rows {
        row.insert(at, Cell::Empty);
    }
    for area in &mut sheet.merges {
        area.right += usize::from(area.right >= at);
        area.left += usize::from(area.left >= at);
    }
    sheet
}

/// The sheet without a row; an area that begins on it keeps its text on the next, as in Excel.
fn without_row(sheet: &Sheet, at: usize) -> Sheet {
    let mut sheet = sheet.clone();
    for area in &sheet.merges {
        if area.top == at && area.bottom > at {
            let text = sheet.rows[at][area.left].clone();
            sheet.rows[at + 1][area.left] = text;
        }
    }
    sheet.rows.remove(at);
    for area in &mut sheet.merges {
        area.bottom = area
            .bottom
            .saturating_sub(usize::from(area.bottom >= at && area.bottom > 0));
        area.top -= usize::from(area.top > at);
    }
    is_worth(&mut sheet);
    sheet
}

fn without_column(sheet: &Sheet, at: usize) -> Sheet {
    let mut sheet = sheet.clone();
    for row in &mut sheet.rows {
        row.remove(at);
    }
    sheet
        .merges
        .retain(|area| area.left != at || area.right > at);
    for area in &mut sheet.merges {
        area.right = area
            .right
            .saturating_sub(usize::from(area.right >= at && area.right > 0));
        area.left -= usize::from(area.left > at);
    }
    is_worth(&mut sheet);
    sheet
}

/// Leaves out areas that are none any more.
fn is_worth(sheet: &mut Sheet) {
    sheet
        .merges
        .retain(|area| area.top <= area.bottom && area.left <= area.right);
    sheet
        .merges
        .retain(|area| area.top < area.bottom || area.left < area.right);
}

/// The sheet without merged areas, each cell of them with the area's text.
fn filled(sheet: &Sheet) -> Sheet {
    let mut filled = sheet.clone();
    for area in std::mem::take(&mut filled.merges) {
        let text = sheet.rows[area.top][area.left].clone();
        for row in area.top..=area.bottom {
            for column in area.left..=area.right {
                filled.rows[row][column] = text.clone();
            }
        }
    }
    filled
}

/// The cells of that part one row further down, the last one lost; as when a column was sorted or
/// pasted a row too low.
fn shifted(table: &Table, part: Part, nth: usize) -> Option<Vec<u8>> {
    let cells = table.cells(part, |_| true);
    let begin = nth.min(cells.len());
    let cells = cells
        .get(begin..)
        .filter(|cells| nth < 2 && cells.len() > 2)?;
    let texts = cells.iter().map(|at| table.text(*at));
    if texts.collect::<BTreeSet<_>>().len() == 1 {
        return None;
    }
    let mut sheet = table.sheet.clone();
    for (from, to) in cells.iter().zip(&cells[1..]) {
        sheet.rows[to.0][to.1] = table.sheet.rows[from.0][from.1].clone();
    }
    let first = cells[0];
    sheet.rows[first.0][first.1] = Cell::Empty;
    Some(book_of(&[sheet]))
}
