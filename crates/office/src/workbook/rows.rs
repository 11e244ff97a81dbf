//! A workbook given row by row, for lists that are too long to be kept as a grid.

use super::{Area, Cell, Container, Limits, ReadError, Workbook};
use super::{checked_size, container, csv_text, sniff, xls, xlsx};

/// What is known of a sheet before its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetHead {
    /// Its name; empty for a text file.
    pub name: String,
    /// Whether people do not see it when they open the file.
    pub hidden: bool,
    /// Merged areas, cut to the used cells.
    pub merges: Vec<Area>,
    /// How many columns the sheet uses, where it has merged areas; 0 where nobody counted.
    pub width: usize,
}

/// Who is given a workbook row by row.
pub trait Rows {
    /// A sheet begins.
    fn sheet(&mut self, head: SheetHead);

    /// The next row of the sheet: the first call is for row 1, and none is left out down to the
    /// last that holds anything. The cells go no further than the last that holds anything; they
    /// may be taken away.
    fn row(&mut self, cells: &mut Vec<Cell>);
}

/// Reads a workbook or a CSV file as [`super::open`] does, with the same cells and the same
/// refusals, but keeps one row of it. What `make` makes is given the rows; it may be made twice,
/// because a file whose rows are not in order is read as a whole first.
///
/// # Errors
/// [`ReadError`] says what is wrong with the file and what to do about it. Rows that were given
/// before are worth nothing then.
pub fn visit<V: Rows>(bytes: &[u8], limits: &Limits, make: impl Fn() -> V) -> Result<V, ReadError> {
    checked_size(bytes, limits)?;
    let mut visitor = make();
    let mut row = Buffer::new(limits, &mut visitor);
    let read = match sniff(bytes)? {
        Container::Xlsx => {
            let seen = container::check_unpacked(bytes, limits)?;
            xlsx::visit(bytes, seen, &mut row)
        }
        Container::Xls => {
            row.is_empty = !xls::read(bytes, limits)?.give(row.visitor);
            Ok(())
        }
        Container::Text => csv_text::visit(bytes, &mut row),
    };
    let is_empty = row.is_empty;
    match read {
        Ok(()) if is_empty => Err(ReadError::NoCells),
        Ok(()) => Ok(visitor),
        Err(Halt::Refused(error)) => Err(error),
        Err(Halt::OutOfOrder) => {
            let book = super::open(bytes, limits)?;
            let mut visitor = make();
            book.give(&mut visitor);
            Ok(visitor)
        }
    }
}

/// Why reading row by row ends early.
pub(super) enum Halt {
    /// The file is refused.
    Refused(ReadError),
    /// A row stands above one that was given already.
    OutOfOrder,
}

impl From<ReadError> for Halt {
    fn from(error: ReadError) -> Self {
        Self::Refused(error)
    }
}

/// The row that is being read, and what was counted so far.
pub(super) struct Buffer<'a> {
    pub(super) limits: &'a Limits,
    visitor: &'a mut dyn Rows,
    /// Cells of all sheets that are done.
    used: usize,
    /// Whether nothing was given yet.
    is_empty: bool,
    name: String,
    /// The place of the row that `cells` belong to, from 0.
    at: usize,
    cells: Vec<Cell>,
    width: usize,
}

impl<'a> Buffer<'a> {
    fn new(limits: &'a Limits, visitor: &'a mut dyn Rows) -> Self {
        Self {
            limits,
            visitor,
            used: 0,
            is_empty: true,
            name: String::new(),
            at: 0,
            cells: Vec::new(),
            width: 0,
        }
    }

    /// Begins a sheet.
    pub(super) fn begin(&mut self, head: SheetHead) {
        self.name.clone_from(&head.name);
        self.at = 0;
        self.width = 0;
        self.cells.clear();
        self.visitor.sheet(head);
    }

    /// A cell of the sheet.
    pub(super) fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), Halt> {
        if cell.text().trim().is_empty() {
            return Ok(());
        }
        self.limits.check_place(&self.name, row, column)?;
        if row < self.at {
            return Err(Halt::OutOfOrder);
        }
        while self.at < row {
            self.give();
        }
        self.width = self.width.max(column + 1);
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = self.cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    fn give(&mut self) {
        self.visitor.row(&mut self.cells);
        self.is_empty = false;
        self.cells.clear();
        self.at += 1;
    }

    /// Ends a sheet.
    pub(super) fn end(&mut self) -> Result<(), Halt> {
        if !self.cells.is_empty() {
            self.give();
        }
        self.used += self.at * self.width;
        Ok(self.limits.check_cells(&self.name, self.used)?)
    }
}

impl Workbook {
    /// Gives the rows of a workbook that was read as a whole; whether there were any.
    pub fn give(self, visitor: &mut dyn Rows) -> bool {
        let mut is_given = false;
        for sheet in self.sheets {
            visitor.sheet(SheetHead {
                name: sheet.name,
                hidden: sheet.hidden,
                merges: sheet.merges,
                width: sheet.rows.first().map_or(0, Vec::len),
            });
            for mut cells in sheet.rows {
                let blank = cells.iter().rev().take_while(|cell| **cell == Cell::Empty);
                cells.truncate(cells.len() - blank.count());
                visitor.row(&mut cells);
                is_given = true;
            }
        }
        is_given
    }
}
