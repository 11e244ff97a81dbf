//! Reads what [`super::sheet`] wrote, after somebody filled it.

use domain::rulepack::target_form::{Block, FormField, GOAL, INDICATORS, TargetForm};
use domain::target::{Filed, FiledRow, Filled, Line, OPERATORS, Part, Row, usual_operator};
use office::workbook::{Cell, STAMP_SHEET, Sheet, Workbook};

use super::sheet::{COLUMNS, FORM, KEY, Mark, SECOND_VALUE, paired, spans};
use super::store::record::Record;

/// The column of the indicators' names.
const NAME: usize = 2;

/// What a file of ours says of a sheet; none where somebody else made it. A file with one form says
/// it of that one, whatever its sheet is called.
pub(super) fn stamp<'a>(book: &'a Workbook, sheet: &str, name: &str) -> Option<&'a str> {
    let stamps = book
        .sheets
        .iter()
        .find(|sheet| sheet.name == STAMP_SHEET && sheet.hidden)?;
    let named = |row: &&Vec<Cell>| row.first().is_some_and(|cell| cell.text() == name);
    let mut rows = stamps.rows.iter().filter(named);
    let row = match (rows.next(), rows.next()) {
        (Some(only), None) => only,
        _ => stamps
            .rows
            .iter()
            .filter(named)
            .find(|row| row.get(2).is_some_and(|cell| cell.text() == sheet))?,
    };
    row.get(1).map(Cell::text)
}

/// The target of a file that was made for this record, as it was typed; none where the file is not
/// ours, or its layout was changed.
///
/// # Errors
/// It belongs to another target: a sentence that says what to do.
pub(super) fn read(book: &Workbook, record: &Record) -> Result<Option<Filed>, String> {
    let own: Vec<&Sheet> = book
        .sheets
        .iter()
        .filter(|sheet| !sheet.hidden && stamp(book, &sheet.name, "form") == Some(FORM))
        .collect();
    let Some(first) = own.first() else {
        return Ok(None);
    };
    let is_this = |sheet: &&&Sheet| stamp(book, &sheet.name, "id") == Some(&*record.id);
    let Some(sheet) = own.iter().find(is_this) else {
        let of = |name| stamp(book, &first.name, name).unwrap_or("？");
        return Err(format!(
            "这个文件是「{}」{}（{} 年）的绩效目标表，不是这里的「{}」（{} 年）。请选对文件，\
             或者到那份目标的页面上传。",
            of("unit"),
            of("object"),
            of("year"),
            record.object_name,
            record.year
        ));
    };
    if stamp(book, &sheet.name, "declared") != Some(&*record.form.id) {
        return Ok(None);
    }
    Ok(read_sheet(sheet, record.form))
}

fn text(row: &[Cell], column: u16) -> String {
    let cell = row.get(usize::from(column));
    cell.map_or("", |cell| cell.text().trim()).to_owned()
}

/// What a sheet holds; none where its layout was changed.
pub(super) fn read_sheet(sheet: &Sheet, form: &TargetForm) -> Option<Filed> {
    let mut filed = Filed::default();
    let mut table: Option<&str> = None;
    let mut has_indicators = false;
    let marks: Vec<String> = sheet.rows.iter().map(|row| text(row, KEY)).collect();
    for ((number, cells), mark) in sheet.rows.iter().enumerate().zip(&marks) {
        match (Mark::read(mark), table) {
            (Some(Mark::Fields(keys)), _) => {
                table = None;
                fields(form, cells, &keys, &mut filed);
            }
            (Some(Mark::Table(key)), _) => {
                table = Some(key);
                if key == INDICATORS {
                    has_indicators = has_columns(cells);
                } else if let Some(block) = form.table(key) {
                    filed.parts.push(Part::Table {
                        key: key.to_owned(),
                        label: block.title.clone(),
                        lines: Vec::new(),
                    });
                }
            }
            (Some(Mark::Fixed), _) => table = None,
            (None, Some(INDICATORS)) => {
                filed.rows.extend(indicator(number, cells, &filed.rows));
            }
            (None, Some(key)) => line(form.table(key), cells, &mut filed.parts),
            (None, None) => {}
        }
    }
    (has_indicators && filed.goal.is_some()).then_some(filed)
}

/// Whether the indicators' headings stand where they stood.
fn has_columns(cells: &[Cell]) -> bool {
    (0..7).all(|column| {
        let title = COLUMNS.get(usize::from(column)).map(|(title, _)| *title);
        title == Some(&*text(cells, column))
    })
}

/// Takes the fields of a row, where the form still has them there.
fn fields(form: &TargetForm, cells: &[Cell], keys: &[&str], filed: &mut Filed) {
    let rows = form.blocks.iter().flat_map(|block| paired(&block.fields));
    let is_named = |row: &Vec<&FormField>| row.iter().map(|it| &*it.key).eq(keys.iter().copied());
    let mut rows = rows.into_iter();
    let Some(row) = rows.find(is_named) else {
        return;
    };
    for (field, column) in row.into_iter().zip([1, SECOND_VALUE]) {
        if !field.is_typed() {
            continue;
        }
        let text = text(cells, column);
        if field.key == GOAL {
            filed.goal = Some(text);
        } else {
            filed.parts.push(Part::Field(filled(field, text)));
        }
    }
}

fn filled(field: &FormField, text: String) -> Filled {
    Filled {
        key: field.key.clone(),
        label: field.label.clone(),
        text,
    }
}

/// Takes a row of a table of the form's own.
fn line(block: Option<&Block>, cells: &[Cell], parts: &mut [Part]) {
    let (Some(block), Some(Part::Table { lines, .. })) = (block, parts.last_mut()) else {
        return;
    };
    let own = spans(block).into_iter();
    let line = Line {
        key: text(cells, KEY),
        cells: own
            .map(|(column, (from, _))| filled(column, text(cells, from)))
            .collect(),
    };
    if line.is_blank() {
        return;
    }
    let is_new = !line.is_kept() || lines.iter().any(|other| other.key == line.key);
    let key = if is_new { String::new() } else { line.key };
    lines.push(Line { key, ..line });
}

/// A row of the indicators; none where nothing stands in it.
fn indicator(number: usize, cells: &[Cell], before: &[FiledRow]) -> Option<FiledRow> {
    let mut row = Row {
        key: text(cells, KEY),
        level1: text(cells, 0),
        level2: text(cells, 1),
        name: text(cells, 2),
        operator: text(cells, 3),
        value: text(cells, 4),
        unit: text(cells, 5),
        weight: text(cells, 6),
        is_core: text(cells, 8) == "是",
        ..Row::default()
    };
    if row.is_blank() {
        return None;
    }
    let mut doubts = Vec::new();
    let usual = usual_operator(&row.operator);
    if !OPERATORS.iter().any(|operator| operator.sign() == usual) {
        doubts.push("没有选择指标性质，请选择 ≥、＝、≤ 等，或「定性」".to_owned());
    }
    row.operator = usual;
    // Whoever copies a whole row copies its number too.
    if !row.is_kept() || before.iter().any(|filed| filed.row.key == row.key) {
        row.key.clear();
    }
    Some(FiledRow {
        place: office::workbook::address(number, NAME),
        row,
        doubts,
        hints: Vec::new(),
    })
}
