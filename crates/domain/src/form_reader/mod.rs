//! Reads filed forms out of plain grids of cells: every field is found by its label, wherever it
//! stands, and keeps its printed text and its address.
//!
//! What cannot be read is a finding with its place; nothing is guessed silently.

pub(crate) mod amount;
mod declared;
mod grid;
mod head;
mod indicators;
pub(crate) mod label;
mod money;
mod rows;

pub use amount::{is_placeholder, number_in};
pub use declared::declared;
pub use grid::{Area, Content, Grid, GridCell, address};
pub use label::half_width;
pub use money::{report_number, settle as settle_money};
pub use rows::settle_rows;

use crate::finding::{Finding, Severity};
use crate::form::{Field, Form, FormKind, Money, MoneyUnit};
use grid::View;
use head::Head;
use indicators::Table;

/// No form stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "找不到绩效表：没有看到「一级指标」「三级指标」「指标值」等表头，也没有同时看到「项目名称」和\
     「年初预算数」「全年预算数」「全年执行数」等资金栏；请确认选对了文件，表头文字没有改动"
)]
pub struct NoForm;

/// A form and what was noticed while reading it.
pub type Reading = (Form, Vec<Finding>);

/// Reads every form that stands in the sheets. Forms on hidden sheets are read only when no
/// visible sheet holds one; otherwise a finding names the sheet.
///
/// # Errors
/// [`NoForm`] when nothing looks like a form.
pub fn read(sheets: &[Grid]) -> Result<Vec<Reading>, NoForm> {
    let visible = sheets.iter().filter(|sheet| !sheet.hidden).count();
    let named = visible > 1 || sheets.iter().all(|sheet| sheet.hidden);
    let mut seen: Vec<Reading> = Vec::new();
    let mut unseen: Vec<(String, Vec<Reading>)> = Vec::new();
    for sheet in sheets {
        let view = View::new(sheet, named || sheet.hidden);
        let forms = read_sheet(&view);
        if sheet.hidden && !forms.is_empty() {
            unseen.push((sheet.name.clone(), forms));
        } else {
            seen.extend(forms);
        }
    }
    let only_hidden = seen.is_empty();
    for (name, forms) in unseen {
        if only_hidden {
            seen.extend(forms.into_iter().map(|(form, mut findings)| {
                findings.push(hidden(&name, "文件中只有这张隐藏的表，已按它检查"));
                (form, findings)
            }));
        } else if let Some((_, findings)) = seen.first_mut() {
            findings.push(hidden(&name, "没有检查；如需上报请取消隐藏，否则请删除"));
        }
    }
    if seen.is_empty() {
        return Err(NoForm);
    }
    twins(&mut seen);
    Ok(seen)
}

/// Says of a form that it stands in the file once more, word for word.
fn twins(seen: &mut [Reading]) {
    let mut told: Vec<usize> = Vec::new();
    for (order, (form, _)) in seen.iter().enumerate() {
        let is_twin = |(other, _): &Reading| twin(form) == twin(other);
        if seen.iter().take(order).any(is_twin) {
            told.push(order);
        }
    }
    for order in told {
        if let Some((form, findings)) = seen.get_mut(order) {
            let title = form.project_name.as_ref().or(form.title.as_ref());
            findings.push(Finding {
                rule: "C99",
                severity: Severity::W,
                r#where: form
                    .indicators
                    .first()
                    .map_or_else(String::new, |row| row.place.clone()),
                message: "这张表和文件里前面的一张一字不差，会被算两次；请删去一张".to_owned(),
                printed: title.map(|title| title.printed.clone()),
                computed: None,
            });
        }
    }
}

/// What tells a form from another: its texts, and not where they stand.
fn twin(form: &Form) -> Vec<&str> {
    fn printed<T>(field: Option<&Field<T>>) -> &str {
        field.map_or("", |field| field.printed.as_str())
    }
    let heads = [
        &form.title,
        &form.project_name,
        &form.unit,
        &form.objectives,
    ];
    let total = form.money.total.iter();
    let amounts = total.flat_map(|row| [&row.initial, &row.adjusted, &row.executed]);
    let rows = form.indicators.iter();
    let cells = rows
        .clone()
        .flat_map(|row| [&row.level3, &row.target, &row.actual, &row.unit]);
    let points = rows.flat_map(|row| [&row.weight, &row.score]);
    let texts = heads.into_iter().chain(cells).map(Option::as_ref);
    let texts = texts.map(printed);
    let numbers = amounts.chain(points).map(Option::as_ref);
    texts.chain(numbers.map(printed)).collect()
}

fn hidden(name: &str, what: &str) -> Finding {
    Finding {
        rule: "C92",
        severity: Severity::W,
        r#where: format!("{name}!A1"),
        message: format!("工作表「{name}」是隐藏的，里面也有绩效表：{what}"),
        printed: None,
        computed: None,
    }
}

/// A form's rows on a sheet: from its first row to the row before the next form.
struct Part {
    first: usize,
    end: usize,
    tables: Vec<usize>,
}

fn read_sheet(view: &View<'_>) -> Vec<Reading> {
    let headers: Vec<usize> = (0..view.height())
        .filter(|row| indicators::is_header(view, *row))
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    for header in headers {
        let after = parts.last().and_then(|part| part.tables.last()).copied();
        let begin = match after {
            None => Some(0),
            Some(last) => beginning_between(view, last + 1, header),
        };
        match (begin, parts.last_mut()) {
            (Some(first), _) => {
                if let Some(part) = parts.last_mut() {
                    part.end = first;
                }
                parts.push(Part {
                    first,
                    end: view.height(),
                    tables: vec![header],
                });
            }
            (None, Some(part)) => part.tables.push(header),
            (None, None) => {}
        }
    }
    if parts.is_empty() && head::stands_alone(view) {
        parts.push(Part {
            first: 0,
            end: view.height(),
            tables: Vec::new(),
        });
    }
    parts.iter().map(|part| read_part(view, part)).collect()
}

/// Where a new form begins between two indicator tables, if one does.
fn beginning_between(view: &View<'_>, from: usize, header: usize) -> Option<usize> {
    let named = (from..header).find(|row| head::begins_form(view, *row))?;
    let mut first = named;
    let mut titled = false;
    while first > from {
        let texts = view
            .row_areas(first - 1)
            .filter(|at| !view.text(*at).is_empty())
            .count();
        match texts {
            0 if titled => break,
            0 => {}
            1 if head::is_title_row(view, first - 1) => titled = true,
            _ => break,
        }
        first -= 1;
    }
    Some(first)
}

fn read_part(view: &View<'_>, part: &Part) -> Reading {
    let mut findings = Vec::new();
    let mut table = Table::default();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (order, header) in part.tables.iter().enumerate() {
        let stop = part.tables.get(order + 1).copied().unwrap_or(part.end);
        let mut aside = Table::default();
        let whole_period = indicators::is_long_term(view, *header) && part.tables.len() > order + 1;
        let into = if whole_period { &mut aside } else { &mut table };
        let end = indicators::read(view, *header, stop, into, &mut findings);
        taken.push((indicators::first_header_row(view, *header), end));
    }
    let outside: Vec<usize> = (part.first..part.end)
        .filter(|row| {
            !taken
                .iter()
                .any(|(first, end)| (*first..*end).contains(row))
        })
        .collect();
    let table_at = part.tables.first().copied().unwrap_or(part.end);
    let head = head::read(view, &outside, table_at);
    let mut money = money::read(view, &outside, &mut findings);
    settle_unit(&mut money, &head);
    settle_rows(&mut table.rows, &mut money);
    view.report_contents(part.first..part.end, &mut findings);
    if part.tables.is_empty() {
        findings.push(no_table(view, part));
    }
    findings.sort_by_key(|finding| (finding.rule, finding.r#where.clone()));
    findings.dedup();
    (form(head, money, table), findings)
}

fn settle_unit(money: &mut Money, head: &Head) {
    if money.unit.is_none() {
        money.unit.clone_from(&head.money_unit);
    }
}

fn no_table(view: &View<'_>, part: &Part) -> Finding {
    Finding {
        rule: "C95",
        severity: Severity::W,
        r#where: view.place((part.first, 0)),
        message:
            "找不到绩效指标表：请确认表里有「一级指标」「二级指标」「三级指标」「年度指标值」的表头"
                .into(),
        printed: None,
        computed: None,
    }
}

fn form(head: Head, money: Money, table: Table) -> Form {
    let title = head
        .title
        .as_ref()
        .map_or("", |title| title.printed.as_str());
    let evaluates = title.contains("自评")
        || title.contains("评价")
        || table.evaluates
        || money
            .total
            .as_ref()
            .is_some_and(|total| total.executed.is_some());
    let whole = title.contains("整体") || (head.project_name.is_none() && head.names_department);
    let kind = match (evaluates, whole) {
        (true, true) => FormKind::DepartmentSelfEvaluation,
        (true, false) => FormKind::ProjectSelfEvaluation,
        (false, _) => FormKind::ProjectTarget,
    };
    Form {
        kind,
        title: head.title,
        fiscal_year: head.fiscal_year,
        region: head.region,
        department: head.department,
        unit: head.unit,
        project_name: head.project_name,
        money,
        objectives: head.objectives,
        actual_summary: head.actual_summary,
        indicators: table.rows,
        total_weight: table.total_weight,
        total_score: table.total_score.or(head.total_score),
        grade: head.grade,
        texts: head.texts,
    }
}

/// The word for a unit of money.
fn unit_name(unit: MoneyUnit) -> &'static str {
    match unit {
        MoneyUnit::Yuan => "元",
        MoneyUnit::WanYuan => "万元",
        MoneyUnit::YiYuan => "亿元",
    }
}

#[cfg(test)]
mod tests;
