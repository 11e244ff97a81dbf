//! Payments by month: what a list tells, and what was paid in each month.

use std::collections::BTreeMap;

use super::codes::Subject;
use super::filed::{AmountColumn, Column, FiledSheet, Refused, Time};
use super::library::Library;
use super::row::At;
use super::words::{FundSource, Origin};
use crate::number::Fen;

/// What makes a payment's row the same row: as with a budget line, and the month.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaidKey {
    /// 项目编码
    pub project: String,
    /// The source of the money; none where the list has no such column.
    pub source: Option<FundSource>,
    /// Whose money it is; none where the list has no such column.
    pub origin: Option<Origin>,
    /// 支出功能分类
    pub function: String,
    /// 政府预算支出经济分类 and 部门预算支出经济分类
    pub economic: (String, String),
    /// 文号 or 凭证号, with the day where the list names days
    pub document: String,
    /// 1 to 12.
    pub month: u8,
    /// Whether it is the sum from January on.
    pub is_cumulative: bool,
}

/// An executed amount of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The cell of the amount.
    pub place: String,
    /// The sheet's place in the file, the row's in the sheet, and the amount's among the columns.
    pub at: (usize, usize, usize),
    /// Which row it is.
    pub key: PaidKey,
    /// The money.
    pub fen: Fen,
    /// 单位编码
    pub unit_code: String,
}

/// What is told of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// What was paid in the month.
    Month(Fen),
    /// What was paid from January to its end.
    UpTo(Fen),
}

/// What is told of each project, by its code, and month.
pub type ToldMonths = BTreeMap<(String, u8), Told>;

/// The executed amounts of each row that is not a row of sums. `month` is the one that was asked
/// for, where the file names none.
pub fn plan_paid(
    year: i64,
    month: Option<u8>,
    (place, sheet): (usize, &FiledSheet),
    library: &Library,
) -> Vec<Result<Paid, Refused>> {
    let mut planned = Vec::with_capacity(sheet.rows.len());
    for row in sheet.rows.iter().filter(|row| row.sum_label.is_none()) {
        let row = &row;
        match paid(year, month, place, At { sheet, row }, library) {
            Ok(paid) => planned.extend(paid.into_iter().map(Ok)),
            Err(refused) => planned.push(Err(refused)),
        }
    }
    planned
}

fn paid(
    year: i64,
    month: Option<u8>,
    place: usize,
    at: At<'_>,
    library: &Library,
) -> Result<Vec<Paid>, Refused> {
    let project = at.project(library)?;
    if !library.projects.contains_key(&project.code) {
        let message = format!("项目库里没有“{}”，请先导入它的预算。", project.code);
        return Err(at.refuse(Column::ProjectCode, message));
    }
    let has_cumulative = at.sheet.has_cumulative();
    let function = at.subject(Column::Function, Subject::Function, year)?;
    let economic = economic(at, year)?;
    // A title may say that all amounts are sums; a month in it says nothing of that.
    let is_sum = |time: &Time| matches!(time, Time::UpTo(_));
    let mut all = Vec::new();
    for cell in &at.row.amounts {
        let Some(column) = at.sheet.amounts.get(cell.what) else {
            continue;
        };
        let Some(time) = column.time.or(at.sheet.time.filter(is_sum)) else {
            continue;
        };
        // 累计 tells all that 本月 tells beside it.
        if column.is_sum || (has_cumulative && time == Time::Month(None)) {
            continue;
        }
        let Some(fen) = at.fen(cell, column)? else {
            continue;
        };
        let (named, is_cumulative) = match time {
            Time::Month(named) => (named, false),
            Time::UpTo(named) => (named, true),
        };
        let month = match named {
            Some(named) => named,
            None => month_of(year, at, month)?,
        };
        let (source, origin) = money(at, column)?;
        all.push(Paid {
            place: at.sheet.place(at.row.row, cell.column),
            at: (place, at.row.row, cell.what),
            key: PaidKey {
                project: project.code.clone(),
                source,
                origin,
                function: function.clone(),
                economic: economic.clone(),
                document: document(at),
                month,
                is_cumulative,
            },
            fen,
            unit_code: project.unit_code.clone(),
        });
    }
    if all.is_empty() {
        return Err(nothing_paid(at));
    }
    Ok(all)
}

fn nothing_paid(at: At<'_>) -> Refused {
    let column = at.sheet.amounts.first().map_or(0, |column| column.column);
    Refused {
        place: at.sheet.place(at.row.row, column),
        message: "没有执行数，请填写；没有支出的请填 0 或删去这一行。".to_owned(),
    }
}

/// 政府预算支出经济分类 and 部门预算支出经济分类 of a row.
fn economic(at: At<'_>, year: i64) -> Result<(String, String), Refused> {
    let government = Subject::GovernmentEconomic;
    let department = Subject::DepartmentEconomic;
    Ok((
        at.subject(Column::GovernmentEconomic, government, year)?,
        at.subject(Column::DepartmentEconomic, department, year)?,
    ))
}

/// The source and the origin of a payment; a list of payments need not name them.
fn money(
    at: At<'_>,
    column: &AmountColumn,
) -> Result<(Option<FundSource>, Option<Origin>), Refused> {
    let columns = [Column::Book, Column::Source, Column::Origin];
    let is_said = columns.iter().any(|column| at.row.cell(*column).is_some());
    match at.money(column) {
        Ok((source, origin)) => Ok((Some(source), origin)),
        Err(refused) if is_said => Err(refused),
        Err(_) => Ok((None, column.origin)),
    }
}

/// What tells payments of a month apart.
fn document(at: At<'_>) -> String {
    let texts = [Column::Document, Column::Month].map(|column| at.row.text(column).trim());
    texts.join(" ")
}

/// The month of a row: its own cell, the title, or what was asked for.
fn month_of(year: i64, at: At<'_>, asked: Option<u8>) -> Result<u8, Refused> {
    let Some(cell) = at.row.cell(Column::Month) else {
        let title = match at.sheet.time {
            Some(Time::Month(named) | Time::UpTo(named)) => named,
            None => None,
        };
        return title.or(asked).ok_or_else(|| {
            let message = "文件没有写明月份，请增加“月份”列，或在导入时指定月份。".to_owned();
            at.refuse(Column::ProjectCode, message)
        });
    };
    let text = crate::form_reader::half_width(&cell.text);
    let refused = || {
        at.refuse(
            Column::Month,
            format!("“{}”不是 {year} 年的月份，请修改。", cell.text.trim()),
        )
    };
    let parts: Vec<&str> = text
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect();
    let of_year = |part: &str| part.parse() == Ok(year);
    let month = match parts.as_slice() {
        [whole] if whole.len() >= 6 && whole.get(..4).is_some_and(of_year) => {
            whole.get(4..6).unwrap_or_default()
        }
        [first, month, ..] if of_year(first) => month,
        [month] if month.len() <= 2 => month,
        _ => return Err(refused()),
    };
    let month = month.parse().ok();
    month
        .filter(|month| (1..=12).contains(month))
        .ok_or_else(refused)
}

/// Adds up the rows of a file to what it tells of each project and month.
///
/// # Errors
/// For a row's place in the list: the cell and a Chinese sentence, where the row stands twice or
/// the month is told both ways.
pub fn settle_file(paid: &[Paid]) -> Result<ToldMonths, Vec<(usize, Refused)>> {
    let mut rows: BTreeMap<&PaidKey, &str> = BTreeMap::new();
    let mut told: BTreeMap<(String, u8), (Told, &str)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (place, paid) in paid.iter().enumerate() {
        let mut refuse = |message: String| {
            let refused = Refused {
                place: paid.place.clone(),
                message,
            };
            wrong.push((place, refused));
        };
        if let Some(other) = rows.insert(&paid.key, &paid.place) {
            refuse(format!(
                "与 {other} 是同一笔支出（项目、资金、科目、凭证号和日期都相同），请合并为一行，\
                 或填上凭证号。"
            ));
            continue;
        }
        let key = (paid.key.project.clone(), paid.key.month);
        let new = |fen| {
            if paid.key.is_cumulative {
                Told::UpTo(fen)
            } else {
                Told::Month(fen)
            }
        };
        let Some((sum, first)) = told.get_mut(&key) else {
            told.insert(key, (new(paid.fen), &paid.place));
            continue;
        };
        *sum = match (*sum, paid.key.is_cumulative) {
            (Told::Month(fen), false) => Told::Month(fen + paid.fen),
            (Told::UpTo(fen), true) => Told::UpTo(fen + paid.fen),
            (as_is, _) => {
                refuse(format!(
                    "同一项目同一个月既有累计数又有当月数（{first}），请只留一种。"
                ));
                as_is
            }
        };
    }
    if wrong.is_empty() {
        Ok(told.into_iter().map(|(key, (sum, _))| (key, sum)).collect())
    } else {
        Err(wrong)
    }
}

/// What was paid in each month, from what is told of the months of one project: where a sum from
/// January on is told, the month has what the months before it leave of it.
pub fn settle(told: &BTreeMap<u8, Told>) -> BTreeMap<u8, Fen> {
    let mut before = Fen::ZERO;
    let mut months = BTreeMap::new();
    for (month, told) in told {
        let fen = match told {
            Told::Month(fen) => *fen,
            Told::UpTo(sum) => *sum - before,
        };
        before = before + fen;
        months.insert(*month, fen);
    }
    months
}
