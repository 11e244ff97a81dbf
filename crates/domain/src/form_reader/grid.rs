//! A sheet as the reader sees it: text by cell, and what merged cells share.

use std::ops::Range;

use crate::finding::{Finding, Severity};
use crate::form::Field;

/// What kind of thing stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Content {
    /// Text, a number or a date, readable as it is.
    #[default]
    Plain,
    /// A formula whose value the file does not hold; the text is the formula.
    FormulaWithoutValue,
    /// An error value (`#REF!`).
    Error,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridCell {
    /// What people see; empty when nothing stands there.
    pub text: String,
    /// What it is.
    pub content: Content,
}

/// A rectangle of cells; 0-based and inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Its name; empty for a text file.
    pub name: String,
    /// Whether people do not see it when they open the file.
    pub hidden: bool,
    /// Rows of cells from A1 on; they may differ in length.
    pub rows: Vec<Vec<GridCell>>,
    /// Merged areas.
    pub merges: Vec<Area>,
}

/// Row and column, 0-based.
pub(super) type At = (usize, usize);

/// The address of a cell as Excel writes it: row 0, column 0 is `A1`.
pub fn address(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        rest -= 1;
        let letter = u8::try_from(rest % 26).unwrap_or(0);
        letters.push(char::from(b'A'.saturating_add(letter)));
        rest /= 26;
    }
    let column: String = letters.iter().rev().collect();
    format!("{column}{}", row.saturating_add(1))
}

/// A grid with its merged areas resolved.
pub(super) struct View<'a> {
    grid: &'a Grid,
    owner: Vec<Vec<Option<Area>>>,
    width: usize,
    named: bool,
}

impl<'a> View<'a> {
    /// `named` puts the sheet's name before each address.
    pub(super) fn new(grid: &'a Grid, named: bool) -> Self {
        let width = grid.rows.iter().map(Vec::len).max().unwrap_or(0);
        let height = grid.rows.len();
        let mut owner = vec![vec![None; width]; height];
        // Areas do not overlap in a sound file; a file in which they do must not cost more.
        let mut budget = width.saturating_mul(height).saturating_mul(2);
        for area in &grid.merges {
            if area.top >= height || area.left >= width {
                continue;
            }
            let cut = Area {
                bottom: area.bottom.min(height - 1),
                right: area.right.min(width - 1),
                ..*area
            };
            let cells = (cut.bottom.saturating_sub(cut.top) + 1)
                .saturating_mul(cut.right.saturating_sub(cut.left) + 1);
            let Some(left) = budget.checked_sub(cells) else {
                break;
            };
            budget = left;
            for row in owner.iter_mut().take(cut.bottom + 1).skip(cut.top) {
                for cell in row.iter_mut().take(cut.right + 1).skip(cut.left) {
                    *cell = Some(cut);
                }
            }
        }
        let named = named && !grid.name.is_empty();
        Self {
            grid,
            owner,
            width,
            named,
        }
    }

    pub(super) fn height(&self) -> usize {
        self.grid.rows.len()
    }

    /// The merged area that a cell belongs to, or the cell alone.
    pub(super) fn area(&self, at: At) -> Area {
        let (row, column) = at;
        self.owner
            .get(row)
            .and_then(|cells| cells.get(column).copied().flatten())
            .unwrap_or(Area {
                top: row,
                left: column,
                bottom: row,
                right: column,
            })
    }

    fn cell(&self, at: At) -> Option<&GridCell> {
        let area = self.area(at);
        self.grid
            .rows
            .get(area.top)
            .and_then(|cells| cells.get(area.left))
    }

    /// What people see at a place; a merged cell shows its text everywhere in its area.
    pub(super) fn text(&self, at: At) -> &str {
        self.cell(at).map_or("", |cell| cell.text.trim())
    }

    /// Whether a cell is the first of its area.
    pub(super) fn is_first(&self, at: At) -> bool {
        let area = self.area(at);
        (area.top, area.left) == at
    }

    /// The distinct areas of a row from left to right, each by its first column in that row.
    pub(super) fn row_areas(&self, row: usize) -> impl Iterator<Item = At> + '_ {
        (0..self.width)
            .filter(move |column| self.area((row, *column)).left == *column)
            .map(move |column| (row, column))
    }

    /// The cell right of an area, in the same row. `None` at the edge.
    pub(super) fn right_of(&self, at: At) -> Option<At> {
        let column = self.area(at).right + 1;
        (column < self.width).then_some((at.0, column))
    }

    /// The first filled cell at the right beyond single blank cells: a table of plain text keeps
    /// the blank cells of merged areas and not the areas, and a column may have been put in. A
    /// blank merged area was left blank; a label is no value.
    pub(super) fn beyond_blanks(&self, at: At) -> Option<At> {
        let right = self.area(at).right + 1;
        let next = (right..self.width)
            .map(|column| (at.0, column))
            .find(|next| !self.text(*next).is_empty() || self.is_merged(*next))
            .filter(|next| !self.text(*next).is_empty())?;
        (!super::label::is_label(self.text(next))).then_some(next)
    }

    /// Whether a place belongs to an area of several cells.
    fn is_merged(&self, at: At) -> bool {
        let area = self.area(at);
        area.top < area.bottom || area.left < area.right
    }

    /// Whether nothing stands in a row.
    pub(super) fn is_blank_row(&self, row: usize) -> bool {
        self.row_areas(row).all(|at| self.text(at).is_empty())
    }

    /// The cell below an area beyond rows in which nothing stands. `None` at the edge.
    pub(super) fn below_blank_rows(&self, at: At) -> Option<At> {
        let first = self.area(at).bottom + 1;
        let row = (first..self.height()).find(|row| !self.is_blank_row(*row))?;
        Some((row, at.1))
    }

    /// The address of a place's area, with the sheet's name where it is needed.
    pub(super) fn place(&self, at: At) -> String {
        let area = self.area(at);
        let cell = address(area.top, area.left);
        if self.named {
            format!("{}!{cell}", self.grid.name)
        } else {
            cell
        }
    }

    /// A field of text.
    pub(super) fn field(&self, at: At) -> Field {
        let printed = self.text(at).to_owned();
        let plain = self
            .cell(at)
            .is_none_or(|cell| cell.content == Content::Plain);
        let value = (plain && !printed.is_empty()).then(|| printed.clone());
        Field {
            printed,
            value,
            place: self.place(at),
        }
    }

    /// Whether a place holds something that can be read.
    pub(super) fn is_plain(&self, at: At) -> bool {
        self.cell(at)
            .is_none_or(|cell| cell.content == Content::Plain)
    }

    /// Reports formulas without a value and error values in the given rows.
    pub(super) fn report_contents(&self, rows: Range<usize>, findings: &mut Vec<Finding>) {
        let first = rows.start;
        for (offset, cells) in self
            .grid
            .rows
            .iter()
            .skip(first)
            .take(rows.end.saturating_sub(first))
            .enumerate()
        {
            for (column, cell) in cells.iter().enumerate() {
                let at = (first + offset, column);
                let (rule, message) = match cell.content {
                    Content::Plain => continue,
                    Content::FormulaWithoutValue => (
                        "C91",
                        "这一格是公式，但文件里没有保存计算结果，不能当作 0；请用 Excel 或 WPS 打开、\
                         重新计算并保存后再传",
                    ),
                    Content::Error => ("C97", "这一格的公式出错，没有可用的数值；请改正后再传"),
                };
                findings.push(Finding {
                    rule,
                    severity: Severity::W,
                    r#where: self.place(at),
                    message: message.into(),
                    printed: Some(cell.text.clone()),
                    computed: None,
                });
            }
        }
    }
}
