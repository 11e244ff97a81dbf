//! The rows of a list, packed: a list of a region has some hundred thousand rows, and most of what
//! they say is said again in the next row.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::filed::{Column, FiledRow, Printed};

/// Texts that are kept once, however often they stand in a list.
#[derive(Debug, Clone, Default)]
pub struct Texts(HashSet<Arc<str>>);

impl Texts {
    /// The text, shared with whoever asked for the same before.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

/// A cell: which column, its place from the left, and its text's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cell<C>(C, u16, u32);

/// A row: its place from the top, where its cells end among all, and its sum's label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Row(u32, u32, u32, Option<u32>);

/// Rows as they were filed; [`FiledRows::iter`] unpacks them one by one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FiledRows {
    /// Every text once.
    said: Vec<Arc<str>>,
    rows: Vec<Row>,
    texts: Vec<Cell<Column>>,
    amounts: Vec<Cell<u16>>,
}

impl FiledRows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows from the top.
    pub fn iter(&self) -> impl Iterator<Item = FiledRow> + '_ {
        let mut from = (0, 0);
        self.rows.iter().map(move |row| {
            let until = (wide(row.1), wide(row.2));
            let unpacked = FiledRow {
                row: wide(row.0),
                texts: self.cells(&self.texts, (from.0, until.0), |what| *what),
                amounts: self.cells(&self.amounts, (from.1, until.1), |what| usize::from(*what)),
                sum_label: row.3.map(|text| self.said(text)),
            };
            from = until;
            unpacked
        })
    }

    fn said(&self, text: u32) -> Arc<str> {
        self.said.get(wide(text)).cloned().unwrap_or_default()
    }

    fn cells<C, D>(
        &self,
        cells: &[Cell<C>],
        (from, until): (usize, usize),
        what: impl Fn(&C) -> D,
    ) -> Vec<Printed<D>> {
        let own = cells.get(from..until).unwrap_or_default().iter();
        own.map(|cell| Printed {
            what: what(&cell.0),
            column: usize::from(cell.1),
            text: self.said(cell.2),
        })
        .collect()
    }
}

impl FromIterator<FiledRow> for FiledRows {
    fn from_iter<I: IntoIterator<Item = FiledRow>>(rows: I) -> Self {
        let mut packer = Packer::default();
        for row in rows {
            packer.push(&row);
        }
        packer.rows
    }
}

/// Packs rows as they are read.
#[derive(Debug, Clone, Default)]
pub struct Packer {
    rows: FiledRows,
    numbers: HashMap<Arc<str>, u32>,
}

impl Packer {
    /// The next row. A workbook has at most 16,384 columns, and a list fewer than four thousand
    /// million cells.
    pub fn push(&mut self, row: &FiledRow) {
        for cell in &row.texts {
            let packed = Cell(cell.what, short(cell.column), self.number(&cell.text));
            self.rows.texts.push(packed);
        }
        for cell in &row.amounts {
            let packed = Cell(
                short(cell.what),
                short(cell.column),
                self.number(&cell.text),
            );
            self.rows.amounts.push(packed);
        }
        let label = row.sum_label.as_ref().map(|label| self.number(label));
        let ends = (self.rows.texts.len(), self.rows.amounts.len());
        let row = Row(narrow(row.row), narrow(ends.0), narrow(ends.1), label);
        self.rows.rows.push(row);
    }

    /// The rows that were pushed.
    pub fn done(mut self) -> FiledRows {
        self.rows.said.shrink_to_fit();
        self.rows.rows.shrink_to_fit();
        self.rows.texts.shrink_to_fit();
        self.rows.amounts.shrink_to_fit();
        self.rows
    }

    fn number(&mut self, text: &Arc<str>) -> u32 {
        if let Some(known) = self.numbers.get(text) {
            return *known;
        }
        let number = narrow(self.rows.said.len());
        self.rows.said.push(Arc::clone(text));
        self.numbers.insert(Arc::clone(text), number);
        number
    }
}

fn wide(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
