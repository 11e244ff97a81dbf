//! The fields and tables of a declared form in a sheet of whatever layout, found by their labels.

use crate::rulepack::target_form::{Block, BlockKind, GOAL, TargetForm};
use crate::target::{Filled, Line, Part};

use super::grid::Grid;
use super::label::{key, without_among};

/// A row's cells that hold something: column and text.
type Cells<'a> = Vec<(usize, &'a str)>;

/// What the sheets hold of the form's own fields and tables. A field whose label does not stand
/// there is left out, and so is one with nothing beside its label.
pub fn declared(form: &TargetForm, sheets: &[Grid]) -> Vec<Part> {
    let rows: Vec<Cells<'_>> = sheets
        .iter()
        .filter(|sheet| !sheet.hidden)
        .flat_map(|sheet| &sheet.rows)
        .map(|row| {
            let cells = row.iter().map(|cell| cell.text.trim()).enumerate();
            cells.filter(|(_, text)| !text.is_empty()).collect()
        })
        .collect();
    let labels: Vec<String> = form
        .fields()
        .map(|field| &field.label)
        .chain(form.blocks.iter().map(|block| &block.title))
        .map(|label| bare(label))
        .filter(|label| !label.is_empty())
        .collect();
    let mut parts = Vec::new();
    // Labels such as 其他资金 come again: each is looked for behind the one before.
    let mut from = (0, 0);
    for block in &form.blocks {
        match block.kind {
            BlockKind::Fields => {
                for field in block.fields.iter().filter(|field| field.key != GOAL) {
                    let found = value(&rows, &labels, &bare(&field.label), from);
                    let Some((at, text)) = found else { continue };
                    from = at;
                    if field.is_typed() && !text.is_empty() {
                        parts.push(Part::Field(Filled {
                            key: field.key.clone(),
                            label: field.label.clone(),
                            text: text.to_owned(),
                        }));
                    }
                }
            }
            BlockKind::Table => parts.extend(table(&rows, &labels, block)),
            BlockKind::Indicators => {}
        }
    }
    parts
}

/// A label without what forms print otherwise.
fn bare(label: &str) -> String {
    without_among(&key(label)).to_owned()
}

/// Where the label stands behind `from`, and what stands beside it.
fn value<'a>(
    rows: &[Cells<'a>],
    labels: &[String],
    wanted: &str,
    from: (usize, usize),
) -> Option<((usize, usize), &'a str)> {
    for (number, cells) in rows.iter().enumerate().skip(from.0) {
        let mut cells = cells.iter().peekable();
        while let Some((column, text)) = cells.next() {
            let at = (number, column.saturating_add(1));
            if at <= from || bare(text) != wanted {
                continue;
            }
            let beside = cells.peek().map(|(_, text)| *text);
            let beside = beside.filter(|text| !labels.contains(&bare(text)));
            return Some((at, beside.unwrap_or_default()));
        }
    }
    None
}

/// The rows below the headings of a table's columns.
fn table(rows: &[Cells<'_>], labels: &[String], block: &Block) -> Option<Part> {
    let heads: Vec<String> = block.fields.iter().map(|it| bare(&it.label)).collect();
    let (last, columns) = rows.iter().enumerate().find_map(|(number, cells)| {
        let next = rows.get(number.saturating_add(1));
        let find = |cells: &Cells<'_>, head: &String| {
            let mut cells = cells.iter();
            cells
                .find(|(_, text)| bare(text) == *head)
                .map(|(at, _)| *at)
        };
        let mut is_low = false;
        let columns: Option<Vec<usize>> = heads
            .iter()
            .map(|head| {
                find(cells, head).or_else(|| {
                    is_low = true;
                    find(next?, head)
                })
            })
            .collect();
        let first = heads.first().and_then(|head| find(cells, head));
        let last = if is_low {
            number.saturating_add(1)
        } else {
            number
        };
        first.and(columns).map(|columns| (last, columns))
    })?;
    let mut lines = Vec::new();
    for cells in rows.iter().skip(last.saturating_add(1)) {
        let first = cells
            .first()
            .map(|(_, text)| bare(text))
            .unwrap_or_default();
        let is_end = first.is_empty() || labels.contains(&first) || first.ends_with("合计");
        if is_end || lines.len() > block.most_rows {
            break;
        }
        let text = |at: &usize| cells.iter().find(|(column, _)| column == at);
        let cells = block
            .fields
            .iter()
            .zip(&columns)
            .map(|(column, at)| Filled {
                key: column.key.clone(),
                label: column.label.clone(),
                text: text(at).map_or_else(String::new, |(_, text)| (*text).to_owned()),
            });
        lines.push(Line {
            key: String::new(),
            cells: cells.collect(),
        });
    }
    lines.retain(|line| !line.is_blank());
    (!lines.is_empty()).then(|| Part::Table {
        key: block.key.clone(),
        label: block.title.clone(),
        lines,
    })
}
