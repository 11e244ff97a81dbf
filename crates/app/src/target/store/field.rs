//! What a form asks for besides goal and indicators, row by row.

use std::collections::BTreeMap;

use db::{Error, Row, Tx};
use domain::target::{Filled, Line, Part};

db::statements! {
    FIELDS = "SELECT field, row_key, column_key, text FROM target_field \
              WHERE target_id = $1 ORDER BY field, position, row_key, column_key";
    DELETE_FIELD = "DELETE FROM target_field WHERE target_id = $1 AND field = $2 \
                    AND row_key = $3 AND column_key = $4";
    SAVE_FIELD = "INSERT INTO target_field (target_id, region_code, field, row_key, column_key, \
                  position, text) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                  ON CONFLICT (target_id, field, row_key, column_key) DO UPDATE SET \
                  position = excluded.position, text = excluded.text";
}

/// The texts of a target's form, without the form's words and in no order of its own.
pub(in crate::target) fn all(tx: &mut Tx<'_>, target: &str) -> Result<Vec<Part>, Error> {
    parts(&tx.query(FIELDS, &[&target])?)
}

/// The texts in rows of one target that are ordered by field and position.
pub(in crate::target) fn parts(rows: &[Row]) -> Result<Vec<Part>, Error> {
    let mut parts: Vec<Part> = Vec::new();
    for row in rows {
        let (field, key) = (row.text("field")?, row.int("row_key")?.to_string());
        let filled = |key: String, text| Filled {
            key,
            label: String::new(),
            text,
        };
        let (column, text) = (row.text("column_key")?, row.text("text")?);
        if column.is_empty() {
            parts.push(Part::Field(filled(field, text)));
            continue;
        }
        let cell = filled(column, text);
        match parts.last_mut() {
            Some(Part::Table {
                key: own, lines, ..
            }) if *own == field => match lines.last_mut().filter(|line| line.key == key) {
                Some(line) => line.cells.push(cell),
                None => lines.push(line_of(key, cell)),
            },
            _ => parts.push(Part::Table {
                key: field,
                label: String::new(),
                lines: vec![line_of(key, cell)],
            }),
        }
    }
    Ok(parts)
}

fn line_of(key: String, cell: Filled) -> Line {
    Line {
        key,
        cells: vec![cell],
    }
}

/// A text's place: field, row, column.
type Place<'a> = (&'a str, i64, &'a str);

/// Every text that says something, with its row's position.
fn texts(parts: &[Part]) -> BTreeMap<Place<'_>, (i64, &str)> {
    let mut texts = BTreeMap::new();
    for part in parts {
        match part {
            Part::Field(filled) => {
                texts.insert((&*filled.key, 0, ""), (0, &*filled.text));
            }
            Part::Table { key, lines, .. } => {
                for (position, line) in (1..).zip(lines) {
                    let row = line.key.parse().unwrap_or(position);
                    for cell in &line.cells {
                        texts.insert((&**key, row, &*cell.key), (position, &*cell.text));
                    }
                }
            }
        }
    }
    texts.retain(|_, (_, text)| !text.is_empty());
    texts
}

/// Writes what differs between the texts that are kept and the new ones, whose rows are all
/// numbered.
pub(in crate::target) fn save(
    tx: &mut Tx<'_>,
    (target, region): (&str, &str),
    before: &[Part],
    after: &[Part],
) -> Result<(), Error> {
    let (old, new) = (texts(before), texts(after));
    for (field, row, column) in old.keys().filter(|place| !new.contains_key(*place)) {
        tx.execute(DELETE_FIELD, &[&target, field, row, column])?;
    }
    for (place, (position, text)) in &new {
        if old.get(place) == Some(&(*position, *text)) {
            continue;
        }
        let (field, row, column) = place;
        tx.execute_one(
            SAVE_FIELD,
            &[&target, &region, field, row, column, position, text],
        )?;
    }
    Ok(())
}
