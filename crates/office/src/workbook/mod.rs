//! Workbooks and CSV files as plain grids of text, opened so that a bad file does no harm.
//!
//! The kind of a file is told by its content, never by its name.

mod container;
mod csv_text;
mod form;
mod number_text;
mod rows;
mod write;
mod xls;
mod xls_formats;
mod xlsx;

pub(crate) use container::check_archive;
pub use container::{Container, sniff};
pub use form::{FormCell, FormSheet, Look, STAMP_SHEET, write_form, write_forms};
pub use rows::{Rows, SheetHead, visit};
pub use write::{BATCH_ROWS, Table, TableCell, WriteError, write_table, write_table_watched};

/// How large a file may be, and what it may unpack to.
///
/// House rule: a filed form has a few hundred cells; a list of a whole province's projects has
/// some ten thousand rows. Everything far beyond that is a mistake or an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of all its parts together when unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked bytes for each packed byte, over the whole file.
    pub ratio: u64,
    /// Parts inside the container.
    pub parts: usize,
    /// Sheets.
    pub sheets: usize,
    /// Rows of a sheet.
    pub rows: usize,
    /// Columns of a sheet.
    pub columns: usize,
    /// Cells of all sheets together, blank ones inside the used area included.
    pub cells: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 20 << 20,
            unpacked_bytes: 200 << 20,
            ratio: 150,
            parts: 2_000,
            sheets: 100,
            rows: 100_000,
            columns: 500,
            cells: 2_000_000,
        }
    }
}

/// Why a file cannot be read. The text is a sentence that tells a clerk what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing is in the file.
    #[error("文件是空的（0 字节），请检查是否上传完整后再传")]
    Empty,
    /// The file is well-formed, but no cell holds anything.
    #[error("表格里没有任何内容，请确认选对了文件后再传")]
    NoCells,
    /// The file needs a password.
    #[error("文件有打开密码，无法读取，请在 Excel 或 WPS 中去掉密码后再传")]
    Encrypted,
    /// The file is damaged.
    #[error("文件已损坏，无法读取，请用 Excel 或 WPS 打开确认后另存为 .xlsx 再传")]
    Corrupt,
    /// The content is something else than a workbook.
    #[error("文件内容是{0}，不是电子表格，请把表格另存为 .xlsx 后再传")]
    NotAWorkbook(&'static str),
    /// The file is larger than allowed.
    #[error("文件有 {size} MB，超过 {limit} MB 的上限，请删除图片等无关内容后再传")]
    TooLarge {
        /// MB, rounded up.
        size: u64,
        /// MB.
        limit: u64,
    },
    /// The container unpacks to far more than a workbook holds.
    #[error("文件解压后的内容异常庞大（疑似压缩炸弹），已拒绝读取，请把表格另存为新的 .xlsx 再传")]
    Bomb,
    /// There are more cells than allowed.
    #[error("工作表{sheet}的{what}超过上限 {limit}，请只保留填报表后再传")]
    TooManyCells {
        /// Name of the sheet in quotation marks, or empty.
        sheet: String,
        /// 行数, 列数, …
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A text file in neither UTF-8 nor GBK.
    #[error("文本文件的编码无法识别（既不是 UTF-8 也不是 GBK），请另存为 UTF-8 编码的 CSV 后再传")]
    Encoding,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or nothing but spaces.
    #[default]
    Empty,
    /// Text, as typed.
    Text(String),
    /// A number, a date or a percentage in the digits that people see: at most 15 significant
    /// digits, percentages with their sign (`95%`), dates as `2021年12月31日`.
    Number(String),
    /// A formula whose value the file does not hold. It is not zero: nobody knows it.
    FormulaWithoutValue(String),
    /// An error value such as `#REF!`.
    Error(String),
}

impl Cell {
    /// What stands in the cell; a formula without value shows its formula.
    pub fn text(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text)
            | Self::Number(text)
            | Self::FormulaWithoutValue(text)
            | Self::Error(text) => text,
        }
    }
}

/// A rectangle of cells; all four are 0-based and inclusive.
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

/// A sheet: its used cells from A1 on, every row equally long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Its name; empty for a text file.
    pub name: String,
    /// Whether people do not see it when they open the file.
    pub hidden: bool,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
    /// Merged areas, cut to the used cells.
    pub merges: Vec<Area>,
}

impl Sheet {
    /// How many rows and columns are used.
    fn extent(rows: &[Vec<Cell>]) -> (usize, usize) {
        (rows.len(), rows.first().map_or(0, Vec::len))
    }
}

/// A workbook.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Workbook {
    /// Its sheets in order, hidden ones too.
    pub sheets: Vec<Sheet>,
}

/// The address of a cell as Excel writes it: row 0, column 0 is `A1`.
pub fn address(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    let column: String = letters.iter().rev().collect();
    format!("{column}{}", row + 1)
}

/// Opens a workbook or a CSV file.
///
/// # Errors
/// [`ReadError`] says what is wrong with the file and what to do about it.
pub fn open(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadError> {
    checked_size(bytes, limits)?;
    let workbook = match sniff(bytes)? {
        Container::Xlsx => {
            let seen = container::check_unpacked(bytes, limits)?;
            xlsx::read(bytes, limits, seen)?
        }
        Container::Xls => xls::read(bytes, limits)?,
        Container::Text => csv_text::read(bytes, limits)?,
    };
    if workbook.sheets.iter().all(|sheet| sheet.rows.is_empty()) {
        return Err(ReadError::NoCells);
    }
    Ok(workbook)
}

fn checked_size(bytes: &[u8], limits: &Limits) -> Result<(), ReadError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.file_bytes {
        let mb = 1 << 20;
        return Err(ReadError::TooLarge {
            size: size.div_ceil(mb),
            limit: limits.file_bytes / mb,
        });
    }
    Ok(())
}

impl Limits {
    /// Whether a sheet may have a cell there.
    fn check_place(&self, sheet: &str, row: usize, column: usize) -> Result<(), ReadError> {
        if row >= self.rows {
            return Err(too_many(sheet, "行数", self.rows));
        }
        if column >= self.columns {
            return Err(too_many(sheet, "列数", self.columns));
        }
        Ok(())
    }

    /// Whether the sheets may have so many cells, this one being the last.
    fn check_cells(&self, sheet: &str, used: usize) -> Result<(), ReadError> {
        if used > self.cells {
            return Err(too_many(sheet, "单元格数", self.cells));
        }
        Ok(())
    }
}

fn too_many(sheet: &str, what: &'static str, limit: usize) -> ReadError {
    ReadError::TooManyCells {
        sheet: format!("「{sheet}」"),
        what,
        limit,
    }
}

/// Cells by position, gathered while reading, then made into a grid.
struct Gathered<'a> {
    limits: &'a Limits,
    name: &'a str,
    cells: Vec<(usize, usize, Cell)>,
    height: usize,
    width: usize,
}

impl<'a> Gathered<'a> {
    fn new(name: &'a str, limits: &'a Limits) -> Self {
        Self {
            limits,
            name,
            cells: Vec::new(),
            height: 0,
            width: 0,
        }
    }

    fn put(&mut self, row: usize, column: usize, cell: Cell) -> Result<(), ReadError> {
        if cell.text().trim().is_empty() {
            return Ok(());
        }
        self.limits.check_place(self.name, row, column)?;
        self.height = self.height.max(row + 1);
        self.width = self.width.max(column + 1);
        self.cells.push((row, column, cell));
        Ok(())
    }

    /// The grid; `used` counts the cells of all sheets so far.
    fn finish(self, used: &mut usize) -> Result<Vec<Vec<Cell>>, ReadError> {
        *used += self.height * self.width;
        self.limits.check_cells(self.name, *used)?;
        let mut rows = vec![vec![Cell::Empty; self.width]; self.height];
        for (row, column, cell) in self.cells {
            if let Some(place) = rows.get_mut(row).and_then(|cells| cells.get_mut(column)) {
                *place = cell;
            }
        }
        Ok(rows)
    }
}

/// Merged areas cut to the used cells; areas of one cell are none.
fn cut_merges(merges: &[calamine::Dimensions], (height, width): (usize, usize)) -> Vec<Area> {
    let number = |value: u32| usize::try_from(value).unwrap_or(usize::MAX);
    merges
        .iter()
        .map(|merge| Area {
            top: number(merge.start.0),
            left: number(merge.start.1),
            bottom: number(merge.end.0).min(height.saturating_sub(1)),
            right: number(merge.end.1).min(width.saturating_sub(1)),
        })
        .filter(|area| area.top <= area.bottom && area.left <= area.right)
        .filter(|area| area.top < area.bottom || area.left < area.right)
        .collect()
}

#[cfg(test)]
mod rows_tests;
#[cfg(test)]
mod tests;
