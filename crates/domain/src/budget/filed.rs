//! A filed list as it was read: texts with their cells, and what the labels say of its columns.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::packed::FiledRows;
use super::words::{ChangeKind, FundSource, Origin};
use crate::form::MoneyUnit;
use crate::form_reader::address;

/// A column of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Column {
    /// 单位编码
    UnitCode,
    /// 单位名称
    UnitName,
    /// 项目编码
    ProjectCode,
    /// 项目名称
    ProjectName,
    /// 一级项目
    LevelOne,
    /// 项目类别
    Kind,
    /// 项目属性
    Nature,
    /// 支出功能分类
    Function,
    /// 政府预算支出经济分类
    GovernmentEconomic,
    /// 部门预算支出经济分类
    DepartmentEconomic,
    /// 预算类型
    Book,
    /// 资金性质 or 资金来源
    Source,
    /// 本级, 上级转移支付 or 上年结转
    Origin,
    /// 年初, 追加, 调减 or 调剂
    Change,
    /// 文号
    Document,
    /// 是否需人大批准
    Congress,
    /// 月份, or a day in the month
    Month,
}

/// What time an executed amount is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Time {
    /// Of the month alone; none where another cell names it.
    Month(Option<u8>),
    /// From January to the end of the month.
    UpTo(Option<u8>),
}

/// A column of amounts with what its labels say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AmountColumn {
    /// Its place from the left, 0-based.
    pub column: usize,
    /// The label as printed.
    pub label: String,
    /// The unit of money.
    pub unit: Option<MoneyUnit>,
    /// 年初, 追加, 调减 or 调剂
    pub change: Option<ChangeKind>,
    /// The source of the money.
    pub source: Option<FundSource>,
    /// Whose money it is.
    pub origin: Option<Origin>,
    /// The time of an executed amount.
    pub time: Option<Time>,
    /// Whether it adds up the other columns of its row.
    pub is_sum: bool,
}

/// A cell with something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed<C> {
    /// Which column it stands in.
    pub what: C,
    /// The column from the left, 0-based.
    pub column: usize,
    /// The text as printed.
    pub text: Arc<str>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FiledRow {
    /// Its place from the top, 0-based.
    pub row: usize,
    /// The texts that it has.
    pub texts: Vec<Printed<Column>>,
    /// The amounts that it has, each with its place among the sheet's amount columns.
    pub amounts: Vec<Printed<usize>>,
    /// 合计, 小计 and the like, where it is a row of sums.
    pub sum_label: Option<Arc<str>>,
}

impl FiledRow {
    /// What stands in the column; empty for nothing.
    pub fn text(&self, column: Column) -> &str {
        self.cell(column).map_or("", |cell| &cell.text)
    }

    /// The cell of the column, if anything stands in it.
    pub fn cell(&self, column: Column) -> Option<&Printed<Column>> {
        self.texts.iter().find(|cell| cell.what == column)
    }
}

/// A sheet of a filed list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FiledSheet {
    /// Its name; empty for a text file.
    pub name: Arc<str>,
    /// The text columns that it has, each with its place from the left.
    pub columns: Vec<(Column, usize)>,
    /// Its columns of amounts.
    pub amounts: Vec<AmountColumn>,
    /// What the title says of all rows.
    pub source: Option<FundSource>,
    /// What the title says of all rows.
    pub change: Option<ChangeKind>,
    /// The month that the title names.
    pub time: Option<Time>,
    /// The rows, those of sums too.
    pub rows: FiledRows,
}

impl FiledSheet {
    /// The address of a cell with the sheet's name before it.
    pub fn place(&self, row: usize, column: usize) -> String {
        let cell = address(row, column);
        if self.name.is_empty() {
            cell
        } else {
            format!("{}!{cell}", self.name)
        }
    }

    /// Whether it tells sums from January on: they tell all that a month's amount beside them
    /// tells.
    pub fn has_cumulative(&self) -> bool {
        let mut columns = self.amounts.iter();
        columns.any(|column| matches!(column.time, Some(Time::UpTo(_))))
    }

    /// The address of the row's cell in a column, whether anything stands in it or not.
    pub fn place_of(&self, row: &FiledRow, column: Column) -> String {
        let known = self.columns.iter().find(|(known, _)| *known == column);
        let first = self.columns.first().map_or(0, |(_, place)| *place);
        self.place(row.row, known.map_or(first, |(_, place)| *place))
    }
}

/// A filed list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Filed {
    /// Its sheets with rows.
    pub sheets: Vec<FiledSheet>,
    /// What was taken for granted, in Chinese sentences.
    pub notes: Vec<String>,
}

/// What is wrong at a cell: a Chinese sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The cell.
    pub place: String,
    /// The sentence.
    pub message: String,
}

/// The code and the name of a cell that holds one or both: `2050202-小学教育`, `[001]教育局`.
pub fn code_and_name(text: &str) -> (String, String) {
    let half = crate::form_reader::half_width(text);
    let bare = half.trim().trim_start_matches(['[', '(']);
    let end = bare
        .find(|letter: char| !letter.is_ascii_alphanumeric())
        .unwrap_or(bare.len());
    let (code, rest) = bare.split_at(end);
    let name = rest.trim_matches(|letter: char| "-—_ ])[(:.、".contains(letter));
    (code.to_owned(), name.to_owned())
}
