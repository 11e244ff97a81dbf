//! The money block: sources make the total, nothing is spent that was not budgeted, one unit.

use crate::form::{Field, MoneyRow, MoneyUnit};
use crate::number::Decimal;

use super::context::{Context, Found, Note, amount as amount_text, plain, present, text, value};

/// A money column: its name and how to find it in a row.
type Column = (&'static str, fn(&MoneyRow) -> Option<&Field<Decimal>>);

const COLUMNS: [Column; 4] = [
    ("年初预算数", |row| row.initial.as_ref()),
    ("全年预算数", |row| row.adjusted.as_ref()),
    ("到位数", |row| row.received.as_ref()),
    ("全年执行数", |row| row.executed.as_ref()),
];

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    sources(context, found);
    for row in context
        .total()
        .into_iter()
        .chain(&context.form.money.sources)
    {
        spending(context, row, found);
        negative(row, found);
    }
    unit(context, found);
}

/// What a column of lines makes, and how exactly that can be known.
pub(super) struct Sum {
    pub(super) amount: Decimal,
    /// Half of the last printed digit, once for each line; nothing for whole numbers.
    pub(super) tolerance: Decimal,
    /// Whether the lines are whole numbers, which may have been rounded all the same.
    pub(super) is_whole: bool,
}

/// Adds printed amounts. `total` is the printed total, whose digits count too.
pub(super) fn sum(lines: &[&Field<Decimal>], total: &Field<Decimal>) -> Option<Sum> {
    let mut amount = Decimal::ZERO;
    let mut places = super::text::places(&total.printed);
    for line in lines {
        amount = amount.checked_add(line.value?)?;
        places = places.max(super::text::places(&line.printed));
    }
    let lines = i64::try_from(lines.len()).ok()?;
    let tolerance = if places == 0 {
        Decimal::ZERO
    } else {
        Decimal::new(5, places.saturating_add(1)).checked_mul(Decimal::from(lines))?
    };
    Some(Sum {
        amount,
        tolerance,
        is_whole: places == 0,
    })
}

impl Sum {
    pub(super) fn equals(&self, total: Decimal) -> bool {
        (self.amount - total).abs() <= self.tolerance
    }

    /// Whether rounding to whole numbers may explain the gap.
    pub(super) fn may_be_rounding(&self, total: Decimal, lines: usize) -> bool {
        let lines = i64::try_from(lines).unwrap_or(i64::MAX);
        self.is_whole && (self.amount - total).abs() <= Decimal::new(5, 1) * Decimal::from(lines)
    }
}

/// Says that lines do not make their total.
pub(super) fn mismatch(
    rule: &'static str,
    what: &str,
    total: &Field<Decimal>,
    sum: &Sum,
    unit: &str,
    lines: usize,
) -> Note {
    let stated = total.value.unwrap_or_default();
    let (amount, gap) = (plain(sum.amount), plain((sum.amount - stated).abs()));
    let way = if sum.amount > stated { "多" } else { "少" };
    let stated = plain(stated);
    let message = format!(
        "{what}：各项相加是 {amount}{unit}，合计填的是 {stated}{unit}，各项比合计{way} \
         {gap}{unit}；请核对各项和合计后改正"
    );
    let note = Note::new(rule, &total.place, message)
        .printed(&total.printed)
        .computed(amount);
    if sum.may_be_rounding(total.value.unwrap_or_default(), lines) {
        note.judged()
    } else {
        note
    }
}

fn sources(context: &Context<'_>, found: &mut Found<'_>) {
    let money = &context.form.money;
    let Some(total) = money.total.as_ref().filter(|_| !money.sources.is_empty()) else {
        return;
    };
    for (name, pick) in COLUMNS {
        let Some(printed) = present(pick(total)) else {
            continue;
        };
        let lines: Vec<&Field<Decimal>> = money
            .sources
            .iter()
            .filter_map(|row| present(pick(row)))
            .collect();
        let missing = lines.len() < money.sources.len();
        let stated = printed.value.unwrap_or_default();
        let Some(sum) = sum(&lines, printed).filter(|_| !lines.is_empty()) else {
            continue;
        };
        let incomplete = missing && sum.amount < stated;
        if sum.equals(stated) || incomplete || nested(&lines, printed) {
            continue;
        }
        // Sources that are printed once, against the initial budget.
        if name == "全年预算数" && value(total.initial.as_ref()) == Some(sum.amount) {
            continue;
        }
        found.add(source_note(context, name, printed, &sum, lines.len()));
    }
}

fn source_note(
    context: &Context<'_>,
    name: &str,
    printed: &Field<Decimal>,
    sum: &Sum,
    lines: usize,
) -> Note {
    let unit = context.unit_name();
    let stated = printed.value.unwrap_or_default();
    if stated.is_zero() {
        let amount = plain(sum.amount);
        let message = format!(
            "{name}的年度资金总额填的是 0，下面各资金来源相加却有 {amount}{unit}；请把总额补填为 \
             {amount}{unit}"
        );
        return Note::new("V07", &printed.place, message)
            .printed(&printed.printed)
            .computed(amount);
    }
    if differs_by_unit(stated, sum.amount) {
        let amount = plain(sum.amount);
        let message = format!(
            "{name}的总额 {} 与各来源合计 {amount} 正好相差一万倍，疑似元和万元混用；请统一单位",
            printed.printed
        );
        return Note::new("C04", &printed.place, message)
            .printed(&printed.printed)
            .computed(amount);
    }
    let what = format!("{name}各资金来源与总额不符");
    mismatch("V07", &what, printed, sum, unit, lines)
}

/// Whether one amount is ten thousand times the other.
fn differs_by_unit(first: Decimal, second: Decimal) -> bool {
    let factor = Decimal::from(10_000);
    let times = |small: Decimal, large: Decimal| {
        small
            .checked_mul(factor)
            .is_some_and(|scaled| !small.is_zero() && scaled == large)
    };
    times(first, second) || times(second, first)
}

/// Whether lines are parts of the line above them (财政拨款, then 中央 and 地方), and the total is
/// right when the parts are counted once.
fn nested(lines: &[&Field<Decimal>], total: &Field<Decimal>) -> bool {
    let Some(stated) = total.value else {
        return false;
    };
    let mut kept: Vec<&Field<Decimal>> = Vec::new();
    let mut rest = lines;
    while let Some((first, after)) = rest.split_first() {
        kept.push(first);
        let parts = (1..=after.len()).rev().find(|count| {
            let parts = after.get(..*count).unwrap_or_default();
            sum(parts, first)
                .is_some_and(|sum| !sum.amount.is_zero() && Some(sum.amount) == first.value)
        });
        rest = after.get(parts.unwrap_or(0)..).unwrap_or_default();
    }
    kept.len() < lines.len() && sum(&kept, total).is_some_and(|sum| sum.equals(stated))
}

fn spending(context: &Context<'_>, row: &MoneyRow, found: &mut Found<'_>) {
    let Some(executed) = present(row.executed.as_ref()) else {
        return;
    };
    let budget = present(row.adjusted.as_ref()).or_else(|| present(row.initial.as_ref()));
    let (Some(budget), Some(spent)) = (budget, executed.value) else {
        return;
    };
    let limit = budget.value.unwrap_or_default();
    let unit = context.unit_name();
    let name = row_name(row);
    if limit.is_zero() && spent > Decimal::ZERO {
        let message = format!(
            "{name}全年预算数是 0，却有执行数 {}；请补填预算数，或核对执行数",
            amount_text(executed, unit)
        );
        found.add(Note::new("C05", &executed.place, message).printed(&executed.printed));
    } else if spent > limit && limit > Decimal::ZERO {
        let message = format!(
            "{name}执行数 {} 超过全年预算数 {}；请核对是否漏填追加预算或上年结转，\
             确属超预算的请说明",
            amount_text(executed, unit),
            amount_text(budget, unit)
        );
        found.add(
            Note::new("C03", &executed.place, message)
                .printed(&executed.printed)
                .computed(format!("不超过 {}", plain(limit))),
        );
    }
}

fn row_name(row: &MoneyRow) -> String {
    let label = text(Some(&row.label));
    if label.is_empty() {
        String::new()
    } else {
        format!("「{label}」")
    }
}

fn negative(row: &MoneyRow, found: &mut Found<'_>) {
    for (name, pick) in COLUMNS {
        let Some(field) = present(pick(row)) else {
            continue;
        };
        if field.value.is_some_and(|value| value < Decimal::ZERO) {
            let message = format!(
                "{}{name}是负数 {}；请核对，退款应从相应的支出中扣除",
                row_name(row),
                field.printed
            );
            found.add(Note::new("C05", &field.place, message).printed(&field.printed));
        }
    }
}

/// A budget of a few hundred 元, or of tens of 亿 in 万元, is a mistaken unit.
fn unit(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(unit) = context.form.money.unit.as_ref() else {
        return;
    };
    let Some(budget) = context.budget() else {
        return;
    };
    let amount = budget.value.unwrap_or_default();
    let small = Decimal::from(1_000);
    let large = Decimal::from(10_000_000);
    let doubt = match unit.value {
        Some(MoneyUnit::Yuan) if amount > Decimal::ZERO && amount < small => "万元",
        Some(MoneyUnit::WanYuan) if amount >= large => "元",
        _ => return,
    };
    let message = format!(
        "预算数 {} 的单位写的是{}，不合常理，疑为{doubt}；请核对单位",
        budget.printed,
        context.unit_name()
    );
    found.add(
        Note::new("C04", &unit.place, message)
            .printed(&unit.printed)
            .computed(doubt),
    );
}
