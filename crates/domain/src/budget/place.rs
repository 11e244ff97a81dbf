//! Where a cell stands in a list, without a text of its own for each.

use std::fmt;
use std::sync::Arc;

use crate::form_reader::address;

/// A cell's address, with the sheet's name before it where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    sheet: Arc<str>,
    row: usize,
    column: usize,
}

impl Place {
    /// The cell in a row and a column of a sheet, both from 0.
    pub fn new(sheet: &Arc<str>, row: usize, column: usize) -> Self {
        Self {
            sheet: Arc::clone(sheet),
            row,
            column,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.sheet.is_empty() {
            write!(f, "{}!", self.sheet)?;
        }
        f.write_str(&address(self.row, self.column))
    }
}
