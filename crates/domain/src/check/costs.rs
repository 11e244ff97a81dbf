//! Costs against the budget: ceilings, monthly costs over the project's months, quantity × unit
//! cost.

use crate::number::{Decimal, round_to};

use super::context::{Block, Context, Found, Note, Row, amount as amount_text, plain, value};
use super::text::{has_any, shared};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    cost_within_budget(context, found);
    unit_costs(context, found);
}

/// The most money that the form speaks of, in 元.
fn most_money_yuan(context: &Context<'_>) -> Option<(Decimal, String)> {
    let money = &context.form.money;
    let mut best: Option<(Decimal, String)> = None;
    let rows = money.total.iter().chain(&money.sources);
    for field in rows.flat_map(|row| [row.initial.as_ref(), row.adjusted.as_ref()]) {
        let Some(amount) = value(field) else { continue };
        if best.as_ref().is_none_or(|(known, _)| amount > *known) {
            best = field.map(|field| (amount, amount_text(field, context.unit_name())));
        }
    }
    let (amount, printed) = best.filter(|(amount, _)| *amount > Decimal::ZERO)?;
    Some((amount.checked_mul(context.unit_yuan())?, printed))
}

/// One unit of money in 元: 万元, 万, 元, 亿元.
fn money_unit_yuan(unit: &str) -> Option<Decimal> {
    Some(match unit.trim() {
        "元" => Decimal::ONE,
        "千元" => Decimal::from(1_000),
        "万元" | "万" => Decimal::from(10_000),
        "亿元" => Decimal::from(100_000_000),
        _ => return None,
    })
}

/// Whether a row is a ceiling on all that the project costs.
fn is_total_cost(row: &Row<'_>) -> bool {
    let named = has_any(
        &row.name,
        &[
            "总成本",
            "成本概算",
            "总投资",
            "成本控制",
            "建设成本",
            "项目成本",
            "总费用",
            "投资额",
        ],
    );
    let saved = has_any(&row.name, &["节约", "节省", "收入", "增收", "效益"]);
    (named || row.block == Block::Cost || row.level2().contains("成本")) && !saved
}

fn cost_within_budget(context: &Context<'_>, found: &mut Found<'_>) {
    let Some((budget, printed)) = most_money_yuan(context) else {
        return;
    };
    let months = period_months(context);
    for row in context.rows.iter().filter(|row| is_total_cost(row)) {
        let Some((target, unit)) = row.quantity() else {
            continue;
        };
        let upward = row.target_text().contains(['≥', '>', '＞']);
        let (unit, per) = unit.split_once('/').unwrap_or((unit, ""));
        let times = match per.trim() {
            "" | "年" => Some((Decimal::ONE, String::new())),
            "月" | "每月" => {
                months.map(|months| (Decimal::from(months), format!(" × {months} 个月")))
            }
            _ => None,
        };
        let (Some(factor), Some((times, shown))) = (money_unit_yuan(unit), times) else {
            continue;
        };
        let Some(cost) = target
            .checked_mul(factor)
            .and_then(|it| it.checked_mul(times))
        else {
            continue;
        };
        // Rounding of the last digit of an amount in 万元 is no overspending.
        if upward || cost <= budget + Decimal::from(100) {
            continue;
        }
        let own = context.unit_yuan();
        let in_unit = cost.checked_div(own).unwrap_or_default();
        let (amount, name) = (plain(round_to(in_unit, 4)), context.unit_name());
        let sum = if shown.is_empty() {
            String::new()
        } else {
            format!("{shown} ＝ {amount}{name}，")
        };
        let message = format!(
            "「{}」的上限 {}{sum} 超过项目预算 {printed}；请按预算核定成本指标",
            row.title(),
            row.target_text()
        );
        let place = row.place_of(row.cells.target.as_ref());
        found.add(
            Note::new("V12", &place, message)
                .printed(row.target_text())
                .computed(format!("不超过 {printed}")),
        );
    }
}

/// The months of the period that the form prints: `2020年1月--2020年11月` is 11.
fn period_months(context: &Context<'_>) -> Option<i64> {
    let own = context
        .rows
        .iter()
        .filter_map(|row| row.cells.target.as_ref());
    let texts = [&context.form.objectives, &context.form.actual_summary];
    own.chain(texts.into_iter().flatten())
        .find_map(|field| months_between(&field.printed))
}

fn months_between(text: &str) -> Option<i64> {
    let half = crate::form_reader::label::half_width(text);
    let numbers: Vec<i64> = half
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| !digits.is_empty() && digits.len() <= 4)
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let range = ["-", "—", "至", "~", "～", "到"];
    if !has_any(&half, &range) || !half.contains('月') {
        return None;
    }
    let (from, to) = match numbers.as_slice() {
        [year, month, other_year, other_month, ..] if *year > 1990 && *other_year > 1990 => {
            (year * 12 + month, other_year * 12 + other_month)
        }
        [year, month, other_month] if *year > 1990 => (year * 12 + month, year * 12 + other_month),
        _ => return None,
    };
    let months = to - from + 1;
    (1..=60).contains(&months).then_some(months)
}

/// 平米 is 平方米.
fn same_unit(first: &str, second: &str) -> bool {
    let long = |unit: &str| {
        unit.trim()
            .replace("平米", "平方米")
            .replace('㎡', "平方米")
    };
    long(first) == long(second)
}

/// Quantity × unit cost, where both are indicators of the same thing.
fn unit_costs(context: &Context<'_>, found: &mut Found<'_>) {
    let Some((budget, printed)) = most_money_yuan(context) else {
        return;
    };
    let mut sum = Decimal::ZERO;
    let mut made: Vec<String> = Vec::new();
    let mut first: Option<&Row<'_>> = None;
    for row in &context.rows {
        let Some((cost, unit)) = row.quantity() else {
            continue;
        };
        let Some((money, per)) = unit.split_once('/') else {
            continue;
        };
        let per = per.trim();
        let Some(factor) = money_unit_yuan(money) else {
            continue;
        };
        let mut same = context.rows.iter().filter(|other| {
            other
                .quantity()
                .is_some_and(|(_, unit)| same_unit(unit, per))
                && shared(&row.name, &other.name, 3).is_some()
        });
        let (Some(quantity), None) = (same.next(), same.next()) else {
            continue;
        };
        let Some((count, _)) = quantity.quantity() else {
            continue;
        };
        let product = count
            .checked_mul(cost)
            .and_then(|it| it.checked_mul(factor));
        sum += product.unwrap_or_default();
        made.push(format!("{}{per} × {}{unit}", plain(count), plain(cost)));
        first = first.or(Some(row));
    }
    let Some(first) = first.filter(|_| sum > budget + budget / Decimal::from(50)) else {
        return;
    };
    let own = sum.checked_div(context.unit_yuan()).unwrap_or_default();
    let (amount, name) = (plain(round_to(own, 4)), context.unit_name());
    let message = format!(
        "数量乘单价：{} ＝ {amount}{name}，超过项目预算 {printed}；请核对数量、单价和预算",
        made.join(" ＋ ")
    );
    let place = first.place_of(first.cells.target.as_ref());
    found.add(
        Note::new("C06", &place, message)
            .printed(printed)
            .computed(amount)
            .judged(),
    );
}
