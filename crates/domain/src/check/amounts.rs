//! Groups of lines that make a total of their own, and quantity × unit cost.

use crate::form::{Field, Split};
use crate::number::{Decimal, round_to};

use super::context::{Context, Found, Note, amount as amount_text, plain, present, value};
use super::money::{Sum, mismatch, sum};

pub(super) const INCOME: &str = "按收入性质分";
/// The split of the initial budget and what was added to it or taken from it.
pub const ADJUSTMENT: &str = "年初预算与预算调整";
/// The beginning of the label of a split whose two lines are multiplied: quantity and unit cost.
pub const PRODUCT: &str = "数量×单价：";
pub(super) const EXPENDITURE: &str = "按支出性质分";

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for split in &context.form.money.splits {
        if split.label.starts_with(PRODUCT) {
            product(split, found);
        } else {
            own_total(context, split, found);
        }
    }
    by_nature(context, found);
    income_and_spending(context, found);
}

fn lines(split: &Split) -> Vec<&Field<Decimal>> {
    split
        .lines
        .iter()
        .map(|(_, field)| field)
        .filter(|field| present(Some(field)).is_some())
        .collect()
}

fn own_total(context: &Context<'_>, split: &Split, found: &mut Found<'_>) {
    let Some(total) = present(split.total.as_ref()) else {
        return;
    };
    let lines = lines(split);
    // One line may be one of several; it says nothing about the others.
    if lines.len() < 2 {
        return;
    }
    let Some(sum) = sum(&lines, total) else {
        return;
    };
    if sum.equals(total.value.unwrap_or_default()) {
        return;
    }
    let what = format!("「{}」分项与合计不符", split.label);
    found.add(mismatch(
        "C01",
        &what,
        total,
        &sum,
        unit(context, split),
        lines.len(),
    ));
}

/// Quantity × unit cost, to the last digit that the amount is printed with.
fn product(split: &Split, found: &mut Found<'_>) {
    let (Some(total), [(_, quantity), (_, cost)]) =
        (present(split.total.as_ref()), split.lines.as_slice())
    else {
        return;
    };
    let (Some(count), Some(price), Some(stated)) = (quantity.value, cost.value, total.value) else {
        return;
    };
    let Some(exact) = count.checked_mul(price) else {
        return;
    };
    let digits = super::text::places(&total.printed);
    // The price may be in 元 and the amount in 万元.
    let fits = [Decimal::ONE, Decimal::from(10_000)]
        .into_iter()
        .filter_map(|unit| exact.checked_div(unit))
        .any(|amount| (round_to(amount, digits) - stated).abs() <= Decimal::new(1, digits));
    if fits {
        return;
    }
    let name = split.label.trim_start_matches(PRODUCT);
    let right = plain(exact);
    let message = format!(
        "「{name}」数量 {} × 单价 {} ＝ {right}，金额填的是 {}；请核对数量、单价和金额",
        quantity.printed, cost.printed, total.printed
    );
    found.add(
        Note::new("C06", &total.place, message)
            .printed(&total.printed)
            .computed(right),
    );
}

/// The unit of a split's amounts: its own where its label names one.
fn unit(context: &Context<'_>, split: &Split) -> &'static str {
    let has = |part: &str| split.label.contains(part);
    match () {
        () if has("（万元）") => "万元",
        () if has("（元）") => "元",
        () if has("数量") || has("个数") || has("项目数") => "",
        () => context.unit_name(),
    }
}

fn split_sum<'a>(context: &'a Context<'_>, label: &str) -> Option<(&'a Field<Decimal>, Sum)> {
    let splits = &context.form.money.splits;
    let split = splits.iter().find(|split| split.label == label)?;
    let lines = lines(split);
    let first = lines.first().copied()?;
    let sum = sum(&lines, split.total.as_ref().unwrap_or(first))?;
    Some((first, sum))
}

/// 按收入性质分 and 按支出性质分 divide the same money.
fn by_nature(context: &Context<'_>, found: &mut Found<'_>) {
    let income = split_sum(context, INCOME);
    let spending = split_sum(context, EXPENDITURE);
    let unit = context.unit_name();
    if let (Some((_, income)), Some((place, spending))) = (&income, &spending)
        && (income.amount - spending.amount).abs() > income.tolerance + spending.tolerance
    {
        let (from, to) = (plain(income.amount), plain(spending.amount));
        let message = format!(
            "按收入性质分合计 {from}{unit}，按支出性质分合计 {to}{unit}，两者应当相等；请核对各项"
        );
        found.add(
            Note::new("C02", &place.place, message)
                .printed(to)
                .computed(from),
        );
        return;
    }
    // Both agree: they must be the year's money.
    let Some(total) = context.total() else { return };
    let Some(budget) = context.budget() else {
        return;
    };
    for (label, found_sum) in [(INCOME, income), (EXPENDITURE, spending)] {
        let Some((place, sum)) = found_sum else {
            continue;
        };
        let known = [&total.initial, &total.adjusted, &total.executed];
        let equal = known
            .iter()
            .filter_map(|field| value(field.as_ref()))
            .any(|amount| sum.equals(amount));
        if !equal {
            let (amount, stated) = (plain(sum.amount), amount_text(budget, unit));
            let message = format!(
                "{label}合计 {amount}{unit}，与年度资金总额 {stated} 不符；请核对各项和总额"
            );
            found.add(
                Note::new("C01", &place.place, message)
                    .printed(amount)
                    .computed(plain(budget.value.unwrap_or_default())),
            );
            return;
        }
    }
}

/// Spending of a year above its income needs carried-over money.
fn income_and_spending(context: &Context<'_>, found: &mut Found<'_>) {
    let total = |label: &str| {
        let splits = &context.form.money.splits;
        let split = splits.iter().find(|split| split.label == label)?;
        present(split.total.as_ref())
    };
    let (Some(income), Some(spending)) = (total("收入"), total("支出")) else {
        return;
    };
    let (from, to) = (
        income.value.unwrap_or_default(),
        spending.value.unwrap_or_default(),
    );
    if to <= from {
        return;
    }
    let unit = context.unit_name();
    let gap = plain(to - from);
    let message = format!(
        "全年支出 {} 大于收入 {}，多 {gap}{unit}；请说明动用的上年结转结余，或核对数字",
        amount_text(spending, unit),
        amount_text(income, unit)
    );
    found.add(
        Note::new("C03", &spending.place, message)
            .printed(&spending.printed)
            .computed(format!("不超过 {}", plain(from))),
    );
}
