//! A filed row becomes planned lines of the budget, or a refusal.

use std::sync::Arc;

use super::codes::Subject;
use super::filed::{AmountColumn, Column, FiledRow, FiledSheet, Printed, Refused, code_and_name};
use super::library::Library;
use super::packed::Texts;
use super::place::Place;
use super::row::At;
use super::words::{ChangeKind, FundSource, Nature, Origin, ProjectKind};
use crate::number::Fen;

/// What makes a line the same line in two files: the amount is what changes, and all else says
/// which money it is. Two lines of a project that differ in any of these are decided, released and
/// accounted for separately, so none may be added to another; and a corrected amount must find the
/// line that it corrects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// 项目编码
    pub project: Arc<str>,
    /// The book, or the source outside the four books.
    pub source: FundSource,
    /// Whose money it is.
    pub origin: Origin,
    /// 支出功能分类; empty where the list has none.
    pub function: Arc<str>,
    /// 政府预算支出经济分类; empty where the list has none.
    pub government_economic: Arc<str>,
    /// 部门预算支出经济分类; empty where the list has none.
    pub department_economic: Arc<str>,
    /// 年初, 追加, 调减 or 调剂
    pub change: ChangeKind,
    /// 文号; empty where the list has none.
    pub document: Arc<str>,
}

/// A line of the budget as a file asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The cell of the amount.
    pub place: Place,
    /// The sheet's place in the file, the row's in the sheet, and the amount's among the columns.
    pub at: (usize, usize, usize),
    /// Which line it is.
    pub key: Key,
    /// The amount; a reduction is negative.
    pub amount: Fen,
    /// 是否需人大批准, if the file says it. It is never inferred from 追加: money from above and
    /// moves within the approved total need no approval.
    ///
    /// Source: 预算法 art. 67–72, domain reference §2.2 "Law trap".
    pub requires_npc_approval: Option<bool>,
    /// 单位编码
    pub unit_code: Arc<str>,
    /// 项目名称
    pub project_name: Arc<str>,
    /// 项目类别, as the project code names it.
    pub kind: ProjectKind,
    /// 项目属性, if the file says it.
    pub nature: Option<Nature>,
    /// 一级项目; empty where the list has none.
    pub level_one: Arc<str>,
}

/// The lines of each row that is not a row of sums, in the rows' order: a row has a line for each
/// of its amounts. `texts` are shared by all lines of a file.
pub fn plan<'a>(
    year: i64,
    (place, sheet): (usize, &'a FiledSheet),
    library: &'a Library,
    texts: &'a mut Texts,
) -> impl Iterator<Item = Result<Planned, Refused>> + 'a {
    let rows = sheet.rows.iter().filter(|row| row.sum_label.is_none());
    rows.flat_map(move |row| {
        let row = &row;
        match lines(year, place, At { sheet, row }, (library, &mut *texts)) {
            Ok(lines) => lines.into_iter().map(Ok).collect(),
            Err(refused) => vec![Err(refused)],
        }
    })
}

fn lines(
    year: i64,
    place: usize,
    at: At<'_>,
    (library, texts): (&Library, &mut Texts),
) -> Result<Vec<Planned>, Refused> {
    let project = at.project(library)?;
    let mut subject = |column, subject: Subject| -> Result<Arc<str>, Refused> {
        Ok(texts.share(&at.subject(column, subject, year)?))
    };
    let row = Row {
        function: subject(Column::Function, Subject::Function)?,
        government_economic: subject(Column::GovernmentEconomic, Subject::GovernmentEconomic)?,
        department_economic: subject(Column::DepartmentEconomic, Subject::DepartmentEconomic)?,
        change: change(at)?,
        document: texts.share(&document(at.row)),
        congress: at.congress()?,
        nature: at.nature()?,
        project: texts.share(&project.code),
        unit_code: texts.share(&project.unit_code),
        project_name: texts.share(&project.name),
        kind: project.kind,
        level_one: texts.share(at.row.text(Column::LevelOne).trim()),
    };
    let mut lines = Vec::new();
    let mut sum = None;
    for cell in &at.row.amounts {
        let Some(column) = at.sheet.amounts.get(cell.what) else {
            continue;
        };
        let Some(fen) = at.fen(cell, column)? else {
            continue;
        };
        if column.is_sum {
            sum.get_or_insert((cell, fen));
            continue;
        }
        lines.push(row.line(place, at, (cell, column, fen))?);
    }
    let total: Fen = lines.iter().map(|line| line.amount).sum();
    match sum {
        Some((cell, fen)) if fen != total && !lines.is_empty() => Err(Refused {
            place: at.sheet.place(at.row.row, cell.column),
            message: format!(
                "“{}”是 {} 元，各列相加是 {} 元，请核对。",
                cell.text.trim(),
                fen.yuan().normalize(),
                total.yuan().normalize()
            ),
        }),
        _ if lines.is_empty() => {
            let column = at.sheet.amounts.iter().find(|column| !column.is_sum);
            let column = column.map_or(0, |column| column.column);
            Err(Refused {
                place: at.sheet.place(at.row.row, column),
                message: "没有金额，请填写；没有预算的行请删去。".to_owned(),
            })
        }
        _ => Ok(lines),
    }
}

/// What a row says of all its amounts.
struct Row {
    project: Arc<str>,
    unit_code: Arc<str>,
    project_name: Arc<str>,
    kind: ProjectKind,
    level_one: Arc<str>,
    function: Arc<str>,
    government_economic: Arc<str>,
    department_economic: Arc<str>,
    change: Option<ChangeKind>,
    document: Arc<str>,
    congress: Option<bool>,
    nature: Option<Nature>,
}

impl Row {
    fn line(
        &self,
        place: usize,
        at: At<'_>,
        (cell, column, fen): (&Printed<usize>, &AmountColumn, Fen),
    ) -> Result<Planned, Refused> {
        let (source, origin) = at.money(column)?;
        let change = column.change.or(self.change).or(at.sheet.change);
        let change = change.unwrap_or(ChangeKind::Initial);
        let amount = match change {
            ChangeKind::Reduction if fen.0 > 0 => -fen,
            ChangeKind::Initial | ChangeKind::Supplement if fen.0 < 0 => {
                return Err(Refused {
                    place: at.sheet.place(at.row.row, cell.column),
                    message: format!(
                        "{}不应是负数（{}），减少请写在“调减”。",
                        change.label(),
                        cell.text.trim()
                    ),
                });
            }
            _ => fen,
        };
        Ok(Planned {
            place: Place::new(&at.sheet.name, at.row.row, cell.column),
            at: (place, at.row.row, cell.what),
            key: Key {
                project: Arc::clone(&self.project),
                source,
                origin: origin.unwrap_or(Origin::Local),
                function: Arc::clone(&self.function),
                government_economic: Arc::clone(&self.government_economic),
                department_economic: Arc::clone(&self.department_economic),
                change,
                document: Arc::clone(&self.document),
            },
            amount,
            requires_npc_approval: self.congress,
            unit_code: Arc::clone(&self.unit_code),
            project_name: Arc::clone(&self.project_name),
            kind: self.kind,
            nature: self.nature,
            level_one: Arc::clone(&self.level_one),
        })
    }
}

/// 年初, 追加, 调减 or 调剂, if the row says it.
fn change(at: At<'_>) -> Result<Option<ChangeKind>, Refused> {
    let Some(cell) = at.row.cell(Column::Change) else {
        let has_column = at
            .sheet
            .columns
            .iter()
            .any(|(column, _)| *column == Column::Change);
        let is_labelled = at
            .sheet
            .amounts
            .iter()
            .any(|column| column.change.is_some());
        if has_column && !is_labelled {
            let message = "没有写明年初、追加、调减还是调剂，请填写。".to_owned();
            return Err(at.refuse(Column::Change, message));
        }
        return Ok(None);
    };
    let (code, name) = code_and_name(&cell.text);
    let texts = [cell.text.trim(), &name, &code];
    let read = texts.iter().find_map(|text| ChangeKind::read(text));
    read.map(Some).ok_or_else(|| {
        at.refuse(
            Column::Change,
            format!("“{}”应是年初、追加、调减或调剂，请修改。", cell.text.trim()),
        )
    })
}

/// 文号 without blanks, its year in 〔〕: the same document is written in many brackets.
fn document(row: &FiledRow) -> String {
    let text = row.text(Column::Document);
    if crate::form_reader::is_placeholder(text) {
        return String::new();
    }
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| match letter {
            '[' | '［' | '【' | '(' | '（' => '〔',
            ']' | '］' | '】' | ')' | '）' => '〕',
            other => other,
        })
        .collect()
}
