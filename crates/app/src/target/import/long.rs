//! One long table: units, projects and indicators in rows; what is the same as in the row above may
//! be left out.

use domain::form::{Field, IndicatorRow};
use domain::form_reader::{half_width, number_in};
use domain::target::{Filed, filed_row};
use office::workbook::{Sheet, address};

use super::read::FiledTarget;

/// Rows in which headings are looked for.
const MOST_HEAD_ROWS: usize = 20;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    UnitCode,
    Unit,
    Code,
    Name,
    Goal,
    Level1,
    Level2,
    Level3,
    Operator,
    Value,
    Measure,
    Weight,
}

/// Which column a heading names.
fn column(label: &str) -> Option<Column> {
    let label: String = half_width(label)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let label = label.split('(').next().unwrap_or(&label);
    Some(match label {
        "单位编码" | "单位代码" | "预算单位编码" | "部门编码" => Column::UnitCode,
        "单位" | "单位名称" | "预算单位" | "填报单位" | "实施单位" | "项目单位" => {
            Column::Unit
        }
        "项目编码" | "项目代码" | "项目编号" => Column::Code,
        "项目" | "项目名称" | "政策名称" => Column::Name,
        "年度目标" | "年度总体目标" | "绩效目标" | "总体目标" => Column::Goal,
        "一级指标" => Column::Level1,
        "二级指标" => Column::Level2,
        "三级指标" | "指标名称" | "三级指标名称" | "指标内容" => Column::Level3,
        "绩效指标性质" | "指标性质" | "性质" | "计算符号" => Column::Operator,
        "绩效指标值" | "指标值" | "目标值" | "年度指标值" => Column::Value,
        "绩效度量单位" | "度量单位" | "计量单位" | "指标单位" => Column::Measure,
        "权重" | "分值" | "指标权重" => Column::Weight,
        _ => return None,
    })
}

/// Where the headings stand, and which column holds what.
struct Head {
    row: usize,
    columns: Vec<(Column, usize)>,
}

impl Head {
    fn find(sheet: &Sheet) -> Option<Self> {
        let rows = sheet.rows.iter().take(MOST_HEAD_ROWS).enumerate();
        rows.map(|(row, cells)| Self {
            row,
            columns: cells
                .iter()
                .enumerate()
                .filter_map(|(at, cell)| Some((column(cell.text())?, at)))
                .collect(),
        })
        .find(|head| {
            let has = |column| head.columns.iter().any(|(own, _)| *own == column);
            has(Column::Level3) && has(Column::Value) && (has(Column::Name) || has(Column::Code))
        })
    }

    fn at(&self, column: Column) -> Option<usize> {
        let own = self.columns.iter().find(|(own, _)| *own == column);
        own.map(|(_, at)| *at)
    }
}

/// The targets of a long table; none where the sheet is no such table. A project whose rows do not
/// stand together is told twice.
pub(super) fn read(sheet: &Sheet) -> Option<Vec<FiledTarget>> {
    let head = Head::find(sheet)?;
    let mut found: Vec<FiledTarget> = Vec::new();
    let mut above: Vec<(Column, String)> = Vec::new();
    for (number, cells) in sheet.rows.iter().enumerate().skip(head.row + 1) {
        let own = |column| {
            let cell = head.at(column).and_then(|at| cells.get(at));
            cell.map_or("", |cell| cell.text().trim())
        };
        let first = cells.iter().map(|cell| cell.text().trim());
        let first = first.into_iter().find(|text| !text.is_empty());
        if first.is_none_or(|text| text.ends_with("合计") || text.starts_with("合计")) {
            continue;
        }
        let is_next = carry(&mut above, &own);
        let said = |column| {
            let found = above.iter().find(|(it, _)| *it == column);
            found.map_or_else(String::new, |(_, text)| text.clone())
        };
        if is_next || found.is_empty() {
            let at = head.at(Column::Name).or_else(|| head.at(Column::Code));
            found.push(FiledTarget {
                place: address(number, at.unwrap_or(0)),
                code: said(Column::Code),
                name: said(Column::Name),
                unit: Some(said(Column::Unit)).filter(|unit| !unit.is_empty()),
                unit_code: Some(said(Column::UnitCode)).filter(|code| !code.is_empty()),
                filed: Filed {
                    goal: head.at(Column::Goal).map(|_| said(Column::Goal)),
                    ..Filed::default()
                },
                ..FiledTarget::default()
            });
        }
        let is_blank = [Column::Level3, Column::Value]
            .iter()
            .all(|it| own(*it).is_empty());
        if let Some(target) = found.last_mut().filter(|_| !is_blank) {
            let row = indicator(&head, number, &own, &said);
            target.filed.rows.push(filed_row(&row));
        }
    }
    Some(found)
}

/// Takes over what a row says of unit, project, goal and levels; whether it begins another project.
fn carry<'a>(above: &mut Vec<(Column, String)>, own: &impl Fn(Column) -> &'a str) -> bool {
    let order = [
        Column::UnitCode,
        Column::Unit,
        Column::Code,
        Column::Name,
        Column::Goal,
        Column::Level1,
        Column::Level2,
    ];
    let is_other = |above: &[(Column, String)], column: Column| {
        let before = above.iter().find(|(it, _)| *it == column);
        let text = own(column);
        !text.is_empty() && before.is_none_or(|(_, before)| before != text)
    };
    let heads = [Column::UnitCode, Column::Unit, Column::Code, Column::Name];
    let is_next = heads.iter().any(|column| is_other(above, *column));
    if is_next {
        // What the row above said of its project says nothing of this one.
        above.retain(|(it, _)| matches!(it, Column::UnitCode | Column::Unit));
    }
    let is_level1 = is_other(above, Column::Level1);
    for column in order {
        let text = own(column);
        let is_gone = is_level1 && column == Column::Level2;
        if text.is_empty() && !is_gone {
            continue;
        }
        above.retain(|(it, _)| *it != column);
        above.push((column, text.to_owned()));
    }
    is_next
}

fn indicator<'a>(
    head: &Head,
    number: usize,
    own: &impl Fn(Column) -> &'a str,
    said: &impl Fn(Column) -> String,
) -> IndicatorRow {
    let field = |column: Column, text: String| {
        let at = head.at(column)?;
        Some(Field {
            value: (!text.is_empty()).then(|| text.clone()),
            printed: text,
            place: address(number, at),
        })
    };
    let plain = |column: Column| field(column, own(column).to_owned());
    let weight = own(Column::Weight);
    IndicatorRow {
        place: address(number, head.at(Column::Level3).unwrap_or(0)),
        level1: field(Column::Level1, said(Column::Level1)),
        level2: field(Column::Level2, said(Column::Level2)),
        level3: plain(Column::Level3),
        operator: plain(Column::Operator).filter(|field| !field.printed.is_empty()),
        target: plain(Column::Value),
        unit: plain(Column::Measure),
        weight: head.at(Column::Weight).map(|at| Field {
            printed: weight.to_owned(),
            value: number_in(&half_width(weight)),
            place: address(number, at),
        }),
        ..IndicatorRow::default()
    }
}
