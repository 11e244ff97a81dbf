//! The money block: rows by source and columns by step, the same transposed, or plain pairs of
//! label and amount.

use crate::finding::{Finding, Severity};
use crate::form::{Field, Money, MoneyRow, MoneyUnit, Split};
use crate::number::{Decimal, scaled};

use super::amount;
use super::grid::{At, View};
use super::label::{self, MoneyRole};
use super::unit_name;

/// Money columns of a row: role and the column that the heading begins at.
fn roles(view: &View<'_>, row: usize) -> Vec<(MoneyRole, usize)> {
    let mut found: Vec<(MoneyRole, usize)> = Vec::new();
    for at in view.row_areas(row) {
        let key = label::key(view.text(at));
        if let Some(role) = label::money_role(&key) {
            // What is left after 统筹整合 is what the rate divides by.
            if key.starts_with("扣除后") {
                found.retain(|(other, _)| *other != role);
            }
            let known = found.iter().any(|(other, _)| *other == role);
            if !known {
                found.push((role, at.1));
            }
        }
    }
    let has = |role| found.iter().any(|(other, _)| *other == role);
    if has(MoneyRole::Adjusted) {
        found.retain(|(role, _)| *role != MoneyRole::Budget);
    }
    found
}

/// Whether a row is the heading of the money block: two steps side by side, with no number
/// between them.
pub(super) fn is_header(view: &View<'_>, row: usize) -> bool {
    if view
        .row_areas(row)
        .any(|at| view.text(at).trim() == "一级指标")
    {
        return false;
    }
    let roles = roles(view, row);
    let steps = roles
        .iter()
        .filter(|(role, _)| role.is_amount() || *role == MoneyRole::Rate);
    let amounts = roles.iter().filter(|(role, _)| role.is_amount()).count();
    if steps.count() < 2 && !(amounts == 1 && roles.len() >= 2) {
        return false;
    }
    !roles.iter().any(|(_, column)| {
        view.right_of((row, *column))
            .is_some_and(|at| amount::parse(view.text(at)).is_some())
    })
}

/// Reads the money block from the given rows.
pub(super) fn read(view: &View<'_>, rows: &[usize], findings: &mut Vec<Finding>) -> Money {
    let mut money = Money {
        unit: unit(view, rows),
        ..Money::default()
    };
    let header = rows.iter().copied().find(|row| is_header(view, *row));
    if let Some(header) = header {
        read_table(view, rows, header, &mut money);
    } else if !read_columns(view, rows, &mut money) {
        read_pairs(view, rows, &mut money);
    }
    read_splits(view, rows, &mut money);
    settle(&mut money, findings);
    money
}

/// Brings amounts to one unit and the rate to percent, and says what cannot be read.
pub fn settle(money: &mut Money, findings: &mut Vec<Finding>) {
    settle_units(money, findings);
    settle_rate(money.total.as_mut());
    for row in money.total.iter().chain(&money.sources) {
        report(row, findings);
    }
}

/// The unit in the heading of the block.
fn unit(view: &View<'_>, rows: &[usize]) -> Option<Field<MoneyUnit>> {
    rows.iter()
        .flat_map(|row| view.row_areas(*row))
        .find_map(|at| {
            let text = view.text(at);
            let key = label::key(text);
            let names = ["资金", "预算", "金额", "总额"]
                .iter()
                .any(|word| key.contains(word));
            let short = key.chars().count() <= 14;
            let half = label::half_width(text);
            let (_, bracket) = half.split_once('(').filter(|_| names && short)?;
            let unit = label::money_unit(bracket)?;
            let starts = bracket.trim_start_matches("单位:").trim_start();
            starts.starts_with(['万', '元', '亿']).then(|| Field {
                printed: text.to_owned(),
                value: Some(unit),
                place: view.place(at),
            })
        })
}

fn put(row: &mut MoneyRow, role: MoneyRole, field: Option<Field<Decimal>>) {
    let place = match role {
        MoneyRole::Initial => &mut row.initial,
        MoneyRole::Adjusted | MoneyRole::Budget => &mut row.adjusted,
        MoneyRole::Received => &mut row.received,
        MoneyRole::Executed => &mut row.executed,
        MoneyRole::Weight => &mut row.weight,
        MoneyRole::Rate => &mut row.rate,
        MoneyRole::Score => &mut row.score,
    };
    if place.is_none() {
        *place = field;
    }
}

fn label_field(view: &View<'_>, at: At) -> Field {
    let mut field = view.field(at);
    field.value =
        Some(label::without_among(&field.printed).trim().to_owned()).filter(|it| !it.is_empty());
    field
}

/// The label of a row: the last text left of the first money column that is no block's name.
fn row_label(view: &View<'_>, row: usize, first: usize) -> Option<At> {
    let own = |at: &At| view.area(*at).left < first && !view.text(*at).is_empty();
    let found: Vec<At> = view.row_areas(row).filter(own).collect();
    found.last().copied()
}

/// Whether the objectives begin in a row: what stands beside them names no source.
fn begins_goals(view: &View<'_>, row: usize) -> bool {
    view.row_areas(row)
        .find(|at| !view.text(*at).is_empty())
        .filter(|at| view.area(*at).top == row)
        .is_some_and(|at| {
            let key = label::key(view.text(at));
            key.contains("目标") && label::head_label(&key).is_some()
        })
}

/// Rows by source under a heading of steps.
fn read_table(view: &View<'_>, rows: &[usize], header: usize, money: &mut Money) {
    let roles = roles(view, header);
    // Labels of rows stand left of every step, also of one that another step replaces; 年度预算数
    // beside the steps is a label of the rows.
    let step = |at: &At| {
        let role = label::money_role(&label::key(view.text(*at)));
        let kept = roles.iter().any(|(_, column)| *column == at.1);
        kept || role.is_some_and(|role| role != MoneyRole::Budget)
    };
    let Some(first) = view.row_areas(header).find(step).map(|at| at.1) else {
        return;
    };
    let mut group: Option<(String, Option<Field<Decimal>>)> = None;
    for row in rows.iter().copied().filter(|row| *row > header) {
        // A second line of the heading under merged cells.
        if roles
            .iter()
            .all(|(_, column)| view.area((row, *column)).top <= header)
        {
            continue;
        }
        if view.is_blank_row(row) {
            continue;
        }
        if begins_goals(view, row) {
            break;
        }
        let at = row_label(view, row, first);
        let text = at.map_or("", |at| view.text(at));
        if label::split_group(text).is_some() || in_split(view, row, first) {
            continue;
        }
        let values = roles
            .iter()
            .any(|(_, column)| !view.text((row, *column)).is_empty());
        let key = label::key(label::without_among(text));
        let blockless = at.is_none_or(|at| view.area(at).top <= header);
        let total = label::is_money_total(&key)
            || (blockless && money.total.is_none())
            || (key == "项目资金" && money.total.is_none());
        if !total && !label::is_money_source(text) {
            break;
        }
        if !values && at.is_none() {
            break;
        }
        let mut line = MoneyRow {
            label: at.map_or_else(Field::default, |at| label_field(view, at)),
            ..MoneyRow::default()
        };
        for (role, column) in &roles {
            if view.area((row, *column)).top == row && view.area((row, *column)).left == *column {
                put(&mut line, *role, amount::field(view, (row, *column)));
            }
        }
        place_row(money, line, total, text, &mut group);
    }
}

/// Puts a row where it belongs: total, source, or a line of the source above it.
fn place_row(
    money: &mut Money,
    line: MoneyRow,
    total: bool,
    text: &str,
    group: &mut Option<(String, Option<Field<Decimal>>)>,
) {
    if total && money.total.is_none() {
        money.total = Some(line);
        return;
    }
    if total {
        return;
    }
    let among = text.starts_with("其中");
    let first_among = money
        .sources
        .first()
        .is_none_or(|row| row.label.printed.starts_with("其中"));
    if among && !first_among {
        if group.is_none() {
            let above = money.sources.last();
            *group = above.map(|row| (row.label.printed.clone(), row.adjusted.clone()));
            if let Some((label, total)) = group.clone() {
                money.splits.push(Split {
                    label,
                    total,
                    lines: Vec::new(),
                });
            }
        }
        if let (Some(split), Some(amount)) = (money.splits.last_mut(), line.adjusted) {
            split
                .lines
                .push((line.label.value.unwrap_or_default(), amount));
        }
        return;
    }
    *group = None;
    money.sources.push(line);
}

fn in_split(view: &View<'_>, row: usize, first: usize) -> bool {
    (0..first).any(|column| label::split_group(view.text((row, column))).is_some())
}

/// Steps down a column, with a source at the head of each column beside it, or one amount each.
fn read_columns(view: &View<'_>, rows: &[usize], money: &mut Money) -> bool {
    let Some((column, steps)) = steps_down(view, rows) else {
        return false;
    };
    let Some(first) = steps.first().map(|step| step.0) else {
        return false;
    };
    let head = first.checked_sub(1).filter(|row| rows.contains(row));
    let Some(mut next) = view.right_of((first, column)) else {
        return false;
    };
    let mut found = false;
    loop {
        let label = head
            .map(|row| (row, next.1))
            .filter(|at| !view.text(*at).is_empty());
        let mut line = MoneyRow::default();
        for (row, role) in &steps {
            put(&mut line, *role, amount::field(view, (*row, next.1)));
        }
        let filled = [&line.initial, &line.adjusted, &line.executed, &line.rate]
            .iter()
            .any(|field| field.as_ref().is_some_and(|field| field.value.is_some()));
        let key = label.map(|at| label::key(label::without_among(view.text(at))));
        line.label = label.map_or_else(Field::default, |at| label_field(view, at));
        if key.as_deref().is_some_and(label::is_money_total) || (money.total.is_none() && filled) {
            money.total = Some(line);
            found = true;
        } else if label.is_some_and(|at| label::is_money_source(view.text(at))) {
            money.sources.push(line);
        }
        match view.right_of((first, next.1)) {
            Some(right) if head.is_some() => next = right,
            _ => return found,
        }
    }
}

/// The first column in which two steps or more stand one under another.
fn steps_down(view: &View<'_>, rows: &[usize]) -> Option<(usize, Vec<(usize, MoneyRole)>)> {
    let columns = rows
        .iter()
        .flat_map(|row| view.row_areas(*row))
        .map(|at| at.1)
        .max()?;
    (0..=columns).find_map(|column| {
        let steps: Vec<(usize, MoneyRole)> = rows
            .iter()
            .copied()
            .filter(|row| view.is_first((*row, column)))
            .filter_map(|row| {
                Some((
                    row,
                    label::money_role(&label::key(view.text((row, column))))?,
                ))
            })
            .collect();
        (steps.iter().filter(|(_, role)| role.is_amount()).count() >= 2).then_some((column, steps))
    })
}

/// `年度资金总额 | 814`: a label and its amount at its right.
fn read_pairs(view: &View<'_>, rows: &[usize], money: &mut Money) {
    let mut line = MoneyRow::default();
    let mut column = None;
    let mut total_row = None;
    for row in rows.iter().copied() {
        for at in view.row_areas(row).filter(|at| view.is_first(*at)) {
            let text = view.text(at);
            let key = label::key(label::without_among(text));
            let right = view.right_of(at).map(|right| {
                let beyond = view
                    .beyond_blanks(at)
                    .filter(|_| view.text(right).is_empty());
                beyond.unwrap_or(right)
            });
            let total = label::is_money_total(&key);
            let value = right.filter(|right| {
                let text = view.text(*right);
                text.is_empty()
                    || amount::is_placeholder(text)
                    || amount::parse(text).is_some()
                    || !view.is_plain(*right)
                    || (total && total_row.is_none() && means_amount(text))
            });
            let Some(value) = value else { continue };
            let role = label::money_role(&key);
            if total && total_row.is_none() {
                line.label = label_field(view, at);
                put(&mut line, MoneyRole::Adjusted, amount::field(view, value));
                (column, total_row) = (Some(at.1), Some(row));
            } else if let Some(role) = role.filter(|_| !total) {
                put(&mut line, role, amount::field(view, value));
            } else if column == Some(at.1)
                && total_row.is_some_and(|total| row > total)
                && label::is_money_source(text)
                && label::split_group(text).is_none()
            {
                let mut source = MoneyRow {
                    label: label_field(view, at),
                    ..MoneyRow::default()
                };
                source.adjusted = amount::field(view, value);
                money.sources.push(source);
            }
        }
    }
    let filled = line.initial.is_some() || line.adjusted.is_some() || line.executed.is_some();
    if total_row.is_some() || filled {
        money.total = Some(line);
    }
}

/// Whether a text that is no number was meant as an amount: damaged digits, Chinese numerals, or
/// the signs of a column that is too narrow. Beside 年度资金总额 nothing else belongs.
fn means_amount(text: &str) -> bool {
    let half = label::half_width(text);
    let numerals = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元整角分一二三四五六七八九十百千";
    let digits = half.chars().any(|letter| letter.is_ascii_digit());
    let is_short = half.chars().count() <= 24;
    let is_all = |signs: &str| half.chars().all(|letter| signs.contains(letter));
    is_short
        && !label::is_label(text)
        && !label::is_money_source(text)
        && (digits || is_all(numerals) || is_all("#"))
}

/// Lines of 按收入性质分 and 按支出性质分.
fn read_splits(view: &View<'_>, rows: &[usize], money: &mut Money) {
    for row in rows.iter().copied() {
        for at in view.row_areas(row) {
            let Some((group, rest)) = label::split_group(view.text(at)) else {
                continue;
            };
            let (name, from) = if rest.is_empty() {
                let Some(next) = view.right_of(at) else {
                    continue;
                };
                (view.text(next).to_owned(), next)
            } else {
                (rest, at)
            };
            let mut next = view.right_of(from);
            while let Some(right) = next.filter(|right| view.text(*right).is_empty()) {
                next = view.right_of(right);
            }
            let Some(amount) = next.and_then(|at| amount::field(view, at)) else {
                continue;
            };
            if !money.splits.iter().any(|split| split.label == group) {
                money.splits.push(Split {
                    label: group.into(),
                    total: None,
                    lines: Vec::new(),
                });
            }
            let split = money.splits.iter_mut().find(|split| split.label == group);
            let Some(split) = split else { continue };
            if label::is_money_total(&label::key(&name)) {
                split.total = Some(amount);
            } else {
                split
                    .lines
                    .push((label::without_among(&name).to_owned(), amount));
            }
        }
    }
}

fn amounts(money: &mut Money) -> impl Iterator<Item = &mut Field<Decimal>> {
    let lines = money.splits.iter_mut().flat_map(|split| {
        split
            .total
            .iter_mut()
            .chain(split.lines.iter_mut().map(|line| &mut line.1))
    });
    money
        .total
        .iter_mut()
        .chain(&mut money.sources)
        .flat_map(|row| {
            [
                &mut row.initial,
                &mut row.adjusted,
                &mut row.received,
                &mut row.executed,
            ]
        })
        .flatten()
        .chain(lines)
}

/// Takes the unit from the cells when no heading names one; amounts in another unit than the
/// form's are converted, and said.
fn settle_units(money: &mut Money, findings: &mut Vec<Finding>) {
    if money.unit.is_none() {
        let first = amounts(money).find_map(|field| {
            let unit = amount::parse(&field.printed)?.unit?;
            Some(Field {
                printed: field.printed.clone(),
                value: Some(unit),
                place: field.place.clone(),
            })
        });
        money.unit = first;
    }
    let Some(form) = money.unit.as_ref().and_then(|unit| unit.value) else {
        return;
    };
    for field in amounts(money) {
        let Some(unit) = amount::parse(&field.printed).and_then(|it| it.unit) else {
            continue;
        };
        if unit == form {
            continue;
        }
        field.value = field
            .value
            .and_then(|value| scaled(value, yuan(unit), yuan(form)));
        findings.push(Finding {
            rule: "C94",
            severity: Severity::W,
            r#where: field.place.clone(),
            message: format!(
                "这一格写的是{}，与全表的单位{}不一致，已按{}换算；请统一单位",
                unit_name(unit),
                unit_name(form),
                unit_name(form)
            ),
            printed: Some(field.printed.clone()),
            computed: field
                .value
                .map(|value| format!("{}{}", value.normalize(), unit_name(form))),
        });
    }
}

/// One unit in 元.
fn yuan(unit: MoneyUnit) -> Decimal {
    match unit {
        MoneyUnit::Yuan => Decimal::ONE,
        MoneyUnit::WanYuan => Decimal::from(10_000),
        MoneyUnit::YiYuan => Decimal::from(100_000_000),
    }
}

/// A rate printed as a fraction (`0.95`) is a rate in percent where the amounts say so.
fn settle_rate(total: Option<&mut MoneyRow>) {
    let Some(row) = total else { return };
    let amount = |field: &Option<Field<Decimal>>| field.as_ref().and_then(|field| field.value);
    let (budget, executed) = (
        amount(&row.adjusted).or(amount(&row.initial)),
        amount(&row.executed),
    );
    let (Some(budget), Some(executed), Some(rate)) = (budget, executed, row.rate.as_mut()) else {
        return;
    };
    let Some(value) = rate.value.filter(|_| !rate.printed.contains(['%', '％'])) else {
        return;
    };
    let near = value
        .checked_mul(budget)
        .and_then(|product| product.checked_sub(executed))
        .is_some_and(|gap| gap.abs() <= budget.abs() / Decimal::ONE_HUNDRED);
    if near && value.abs() <= Decimal::TWO && !executed.is_zero() {
        rate.value = value
            .checked_mul(Decimal::ONE_HUNDRED)
            .map(|value| value.normalize());
    }
}

fn report(row: &MoneyRow, findings: &mut Vec<Finding>) {
    let fields = [
        &row.initial,
        &row.adjusted,
        &row.received,
        &row.executed,
        &row.weight,
        &row.rate,
        &row.score,
    ];
    for field in fields.into_iter().flatten() {
        report_number(field, findings);
    }
}

/// Says when a cell for a number cannot be read, or is typed in full-width digits.
pub fn report_number(field: &Field<Decimal>, findings: &mut Vec<Finding>) {
    let wide = amount::parse(&field.printed).is_some_and(|amount| amount.wide);
    // Formulas and their errors are told where they stand.
    let error = field.printed.starts_with('#') && !field.printed.ends_with('#');
    let formula = field.printed.starts_with('=') && field.printed.is_ascii();
    let formula = (formula && field.printed.len() > 1) || error;
    let (rule, severity, message) = if field.is_unreadable() && !formula {
        (
            "C93",
            Severity::W,
            "这一格应当是数字，但无法识别；请只填数字",
        )
    } else if wide {
        (
            "C96",
            Severity::I,
            "这一格用的是全角数字，已按数字读取；建议改成半角",
        )
    } else {
        return;
    };
    findings.push(Finding {
        rule,
        severity,
        r#where: field.place.clone(),
        message: message.into(),
        printed: Some(field.printed.clone()),
        computed: field.value.filter(|_| wide).map(|value| value.to_string()),
    });
}
