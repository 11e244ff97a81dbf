//! Our sums beside the sums that the file prints itself.

use std::collections::BTreeMap;

use super::filed::{AmountColumn, Column, Filed, FiledRow, FiledSheet, Time};
use super::library::Library;
use super::row::At;
use super::words::{ChangeKind, FundSource};
use crate::number::Fen;

/// A line that is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted<'a> {
    /// The sheet's place in the file, the row's in the sheet, and the amount's among the columns.
    pub at: (usize, usize, usize),
    /// 单位编码
    pub unit_code: &'a str,
    /// The source of the money, where the file says it.
    pub source: Option<FundSource>,
    /// The money.
    pub fen: Fen,
}

/// What a sum adds up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole sheet.
    Sheet,
    /// A unit with what stands below it.
    Unit(String),
    /// The rows between two others, without them.
    Rows(usize, usize),
}

/// A sum that the file prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// Its cell.
    pub place: String,
    /// The words of its row and its column.
    pub label: String,
    /// The sheet's place in the file.
    pub sheet: usize,
    /// Which rows it adds up.
    pub scope: Scope,
    /// The source that it is about; none for all.
    pub source: Option<FundSource>,
    /// The column of amounts that it adds up; none for all.
    pub column: Option<usize>,
    /// The sum as printed.
    pub fen: Fen,
}

/// A sum beside ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// What the file prints.
    pub total: Total,
    /// What we count.
    pub ours: Fen,
}

/// The sums that a file prints. A sum that cannot be read is left out: nothing of it is imported.
pub fn totals(filed: &Filed, library: &Library) -> Vec<Total> {
    let mut totals = Vec::new();
    for (place, sheet) in filed.sheets.iter().enumerate() {
        let has_sources = sheet.amounts.iter().any(|column| column.source.is_some());
        let has_cumulative = sheet.has_cumulative();
        let mut last_sum = None;
        for row in sheet.rows.iter() {
            let Some(label) = &row.sum_label else {
                continue;
            };
            let (scope, source) = scope(sheet, &row, label, (library, last_sum));
            last_sum = Some(row.row);
            let at = At { sheet, row: &row };
            for cell in &row.amounts {
                let Some(column) = sheet.amounts.get(cell.what) else {
                    continue;
                };
                let Ok(Some(fen)) = at.fen(cell, column) else {
                    continue;
                };
                if has_cumulative && column.time == Some(Time::Month(None)) {
                    continue;
                }
                let is_reduction = column.change == Some(ChangeKind::Reduction) && fen.0 > 0;
                totals.push(Total {
                    place: sheet.place(row.row, cell.column),
                    label: label_of(label, column),
                    sheet: place,
                    scope: scope.clone(),
                    source: column
                        .source
                        .or(source)
                        .or(sheet.source.filter(|_| !has_sources)),
                    column: (!column.is_sum).then_some(cell.what),
                    fen: if is_reduction { -fen } else { fen },
                });
            }
        }
    }
    totals
}

fn label_of(label: &str, column: &AmountColumn) -> String {
    format!("{label} {}", column.label)
}

/// What a row of sums adds up, by its unit, its source, its label, or the sums before it.
fn scope(
    sheet: &FiledSheet,
    row: &FiledRow,
    label: &str,
    (library, last_sum): (&Library, Option<usize>),
) -> (Scope, Option<FundSource>) {
    let source = [Column::Book, Column::Source]
        .iter()
        .find_map(|column| FundSource::read(row.text(*column).trim()));
    let bare = label
        .trim_end_matches("小计")
        .trim_end_matches("合计")
        .trim_end_matches("总计")
        .trim_end_matches([':', '：']);
    let source = source.or_else(|| FundSource::read(bare));
    let stripped = FiledRow {
        texts: row
            .texts
            .iter()
            .map(|cell| super::filed::Printed {
                text: without_sum(&cell.text).into(),
                ..cell.clone()
            })
            .filter(|cell| !cell.text.is_empty())
            .collect(),
        ..row.clone()
    };
    if let Ok(Some(unit)) = library.unit_of(sheet, &stripped) {
        return (Scope::Unit(unit), source);
    }
    let named = library.units.iter().find(|(_, unit)| unit.name == bare);
    if let Some((code, _)) = named.filter(|_| !bare.is_empty()) {
        return (Scope::Unit(code.clone()), source);
    }
    if source.is_none() && label.contains("小计") {
        return (Scope::Rows(last_sum.unwrap_or(0), row.row), source);
    }
    (Scope::Sheet, source)
}

fn without_sum(text: &str) -> String {
    let tight: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    tight
        .replace("小计", "")
        .replace("合计", "")
        .replace("总计", "")
}

/// Each sum of the file beside ours. A unit's sum is that of everything below it, or of the unit
/// alone where that agrees: lists write both.
pub fn reconcile(totals: Vec<Total>, counted: &[Counted<'_>], library: &Library) -> Vec<Compared> {
    let sums = Sums::new(counted);
    let mut compared = Vec::with_capacity(totals.len());
    for total in totals {
        let ours = match &total.scope {
            Scope::Sheet => sums.of(&total, |_| true),
            Scope::Unit(unit) => {
                let below = sums.of(&total, |code| library.is_within(code, unit));
                let alone = sums.of(&total, |code| code == unit);
                if alone == total.fen { alone } else { below }
            }
            Scope::Rows(from, to) => counted
                .iter()
                .filter(|line| {
                    line.at.0 == total.sheet
                        && (*from..*to).contains(&line.at.1)
                        && fits(&total, line.source, line.at.2)
                })
                .map(|line| line.fen)
                .sum(),
        };
        compared.push(Compared { total, ours });
    }
    compared
}

fn fits(total: &Total, source: Option<FundSource>, column: usize) -> bool {
    (total.source.is_none() || total.source == source)
        && total.column.is_none_or(|wanted| wanted == column)
}

/// Money by sheet, unit, source and column, so that many sums cost one walk over the lines.
struct Sums<'a>(BTreeMap<(usize, &'a str, Option<FundSource>, usize), Fen>);

impl<'a> Sums<'a> {
    fn new(counted: &[Counted<'a>]) -> Self {
        let mut sums = BTreeMap::new();
        for line in counted {
            let key = (line.at.0, line.unit_code, line.source, line.at.2);
            let sum: &mut Fen = sums.entry(key).or_default();
            *sum = *sum + line.fen;
        }
        Self(sums)
    }

    fn of(&self, total: &Total, is_in: impl Fn(&str) -> bool) -> Fen {
        self.0
            .iter()
            .filter(|((sheet, unit, source, column), _)| {
                *sheet == total.sheet && fits(total, *source, *column) && is_in(unit)
            })
            .map(|(_, fen)| *fen)
            .sum()
    }
}
