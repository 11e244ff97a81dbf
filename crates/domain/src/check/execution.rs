//! 执行率 and its score against the amounts.

use crate::form::{Field, FormKind, MoneyRow};
use crate::number::{Centi, Decimal, Fen, round_to, scaled};
use crate::scoring::{self, BudgetExecution};

use super::context::{Context, Found, Note, amount, plain, present, text, value};
use super::text::places;

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    if let Some(total) = context.total() {
        rate(context, total, found);
        score(context, total, found);
        explained(context, total, found);
    }
    for row in &context.form.money.sources {
        let printed = |row: &MoneyRow| value(row.rate.as_ref());
        let same = context.total().is_some_and(|total| {
            printed(total) == printed(row)
                && value(total.executed.as_ref()) == value(row.executed.as_ref())
        });
        if !same {
            rate(context, row, found);
        }
        // What the total says need not be said again for each source.
        let told =
            |total: &MoneyRow| value(total.adjusted.as_ref()).is_some_and(|it| !it.is_zero());
        if !context.total().is_some_and(told) {
            adjusted(context, row, found);
        }
    }
}

/// How a printed rate compares with the exact one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Rounded,
    Truncated,
    Wrong,
}

/// More digits than a person writes come from a spreadsheet's own division.
const MOST_PLACES: u32 = 6;

/// Rounding to the printed places is accepted; cutting off is not rounding.
fn fit(printed: Decimal, places: u32, exact: Decimal) -> Fit {
    let places = places.min(MOST_PLACES);
    let printed = round_to(printed, places);
    if round_to(exact, places) == printed {
        Fit::Rounded
    } else if exact.trunc_with_scale(places) == printed || (places > 0 && exact.trunc() == printed)
    {
        Fit::Truncated
    } else {
        Fit::Wrong
    }
}

/// A printed rate in percent and its places; `0.95` that was read as 95 % has none.
fn in_percent(field: &Field<Decimal>) -> Option<(Decimal, u32)> {
    let value = field.value?;
    let digits = places(&field.printed);
    let share = field.printed.parse::<Decimal>().ok();
    let moved = share.and_then(|share| share.checked_mul(Decimal::ONE_HUNDRED));
    if moved == Some(value) && share != Some(value) {
        return Some((value, digits.saturating_sub(2)));
    }
    Some((value, digits))
}

fn rate(context: &Context<'_>, row: &MoneyRow, found: &mut Found<'_>) {
    let Some(field) = present(row.rate.as_ref()) else {
        return;
    };
    let executed = present(row.executed.as_ref());
    // A key evaluation divides by what was received (财预〔2020〕10号 annex 2).
    let received = present(row.received.as_ref());
    let first = received.filter(|_| context.form.kind == FormKind::KeyEvaluation);
    let budget = first
        .or_else(|| present(row.adjusted.as_ref()))
        .or_else(|| present(row.initial.as_ref()))
        .or(received);
    let (Some(executed), Some(budget)) = (executed, budget) else {
        return;
    };
    let part = |whole: Option<Decimal>| {
        whole.and_then(|whole| scaled(executed.value?, Decimal::ONE_HUNDRED, whole))
    };
    let Some(exact) = part(budget.value) else {
        return;
    };
    let Some((printed, digits)) = in_percent(field) else {
        return;
    };
    let verdict = fit(printed, digits, exact);
    if verdict == Fit::Rounded {
        return;
    }
    let against = |other: Option<&Field<Decimal>>| {
        part(value(other)).is_some_and(|rate| fit(printed, digits, rate) == Fit::Rounded)
    };
    let right = format!("{}%", round_to(exact, digits.max(2)).normalize());
    let exactly = round_to(exact, 4).normalize();
    let shown = shown(field);
    let unit = context.unit_name();
    let (spent, whole) = (amount(executed, unit), amount(budget, unit));
    let by = if value(row.adjusted.as_ref()).is_none() && received.is_some() || first.is_some() {
        "到位资金"
    } else {
        "全年预算数"
    };
    let sum = format!("执行数 {spent} ÷ {by} {whole} ＝ {exactly}%");
    let message = match verdict {
        _ if against(row.initial.as_ref()) => {
            format!("执行率填的 {shown} 是按年初预算数算的；应按全年预算数：{sum}，请改为 {right}")
        }
        _ if against(row.received.as_ref()) => {
            format!("执行率填的 {shown} 是按到位资金算的；自评应按全年预算数：{sum}，请核对")
        }
        _ if mixed_units(exact, printed, digits) => format!(
            "执行数 {spent} 和{by} {whole} 像是一个用元、一个用万元填的（统一单位后执行率正是 \
             {shown}）；请把金额改成同一单位"
        ),
        Fit::Truncated => {
            format!("执行率填的是 {shown}，{sum}；小数被直接舍去，没有四舍五入，请改为 {right}")
        }
        _ => format!("执行率填的是 {shown}，{sum}；请改为 {right}"),
    };
    let mut note = Note::new("C10", &field.place, message).printed(shown);
    if !mixed_units(exact, printed, digits) {
        note = note.computed(right);
    }
    let received = against(row.received.as_ref()) && !against(row.initial.as_ref());
    found.add(if received { note.judged() } else { note });
}

/// Whether the printed rate is right once one of the amounts is taken in 元 and the other in 万元.
fn mixed_units(exact: Decimal, printed: Decimal, places: u32) -> bool {
    let wan = Decimal::from(10_000);
    let rates = [exact.checked_div(wan), exact.checked_mul(wan)];
    let mut rates = rates.into_iter().flatten();
    !printed.is_zero() && rates.any(|rate| fit(printed, places, rate) == Fit::Rounded)
}

/// A rate as it reads with its sign.
fn shown(field: &Field<Decimal>) -> String {
    if field.printed.contains(['%', '％']) {
        field.printed.clone()
    } else {
        format!("{}%", field.printed)
    }
}

fn score(context: &Context<'_>, total: &MoneyRow, found: &mut Found<'_>) {
    let (Some(score), Some(weight)) = (
        present(total.score.as_ref()),
        present(total.weight.as_ref()),
    ) else {
        return;
    };
    let full = weight.value.unwrap_or_default();
    let printed = score.value.unwrap_or_default();
    if printed > full {
        let message = format!(
            "预算执行率得分 {} 超过分值 {}；最高只能得 {}",
            score.printed, weight.printed, weight.printed
        );
        found.add(
            Note::new("C21", &score.place, message)
                .printed(&score.printed)
                .computed(plain(full)),
        );
        return;
    }
    let (Some(exact), Some(rate)) = (points(context, total, full), context.rate()) else {
        return;
    };
    let digits = places(&score.printed);
    let near = |points: Decimal| {
        [digits, 0, 1, 2]
            .into_iter()
            .any(|digits| round_to(points, digits) == printed)
    };
    let by_printed_rate = value(total.rate.as_ref())
        .and_then(|rate| scaled(rate, full, Decimal::ONE_HUNDRED))
        .is_some_and(|points| near(points.min(full)));
    if near(exact) || by_printed_rate {
        return;
    }
    let right = plain(round_to(exact, 2));
    let percent = round_to(rate, 2).normalize();
    let message = format!(
        "预算执行率得分填的是 {}，执行率 {percent}% × 分值 {} ＝ {right}；请改为 {right}，\
         当地另有规定的请注明",
        score.printed, weight.printed
    );
    let note = Note::new("C11", &score.place, message)
        .printed(&score.printed)
        .computed(right);
    // Some places give all points from 95 % on.
    let steps = printed == full && rate >= Decimal::from(95);
    found.add(if steps { note.judged() } else { note });
}

/// The points that the amounts give by the pack.
fn points(context: &Context<'_>, total: &MoneyRow, full: Decimal) -> Option<Decimal> {
    let (budget, executed) = (context.budget()?.value?, value(total.executed.as_ref())?);
    let fen = |amount: Decimal| {
        amount
            .checked_mul(context.unit_yuan())
            .and_then(Fen::from_yuan)
    };
    let line = BudgetExecution {
        adjusted_fen: fen(budget)?,
        executed_fen: fen(executed)?,
    };
    let weight = Centi::from_decimal(full)?;
    let scored = scoring::execution(context.pack, &[line], weight).ok()?;
    Some(scored.points?.decimal())
}

/// Low execution and changed budgets ask for a reason.
fn explained(context: &Context<'_>, total: &MoneyRow, found: &mut Found<'_>) {
    let least = context.pack.execution.explain_below.0;
    if let (Some(rate), Some(executed)) =
        (context.computed_rate(), present(total.executed.as_ref()))
        && rate < least
        && context
            .budget()
            .is_some_and(|budget| budget.value > Some(Decimal::ZERO))
    {
        let message = format!(
            "预算执行率 {}%，低于 {least}%；请说明原因（已在别处说明的不用重复）",
            round_to(rate, 2).normalize()
        );
        found.add(
            Note::new("V34", &executed.place, message)
                .printed(&executed.printed)
                .note(),
        );
    }
    if let (Some(score), None) = (present(total.score.as_ref()), present(total.rate.as_ref())) {
        let message = "预算执行率有得分，执行率却没有填；请补填执行率".to_owned();
        found.add(
            Note::new("C10", &score.place, message)
                .printed(&score.printed)
                .note(),
        );
    }
    adjusted(context, total, found);
    received(context, total, found);
}

fn adjusted(context: &Context<'_>, row: &MoneyRow, found: &mut Found<'_>) {
    let (Some(initial), Some(adjusted)) = (
        present(row.initial.as_ref()),
        present(row.adjusted.as_ref()),
    ) else {
        return;
    };
    let (from, to) = (
        initial.value.unwrap_or_default(),
        adjusted.value.unwrap_or_default(),
    );
    let Some(share) = scaled(to - from, Decimal::ONE_HUNDRED, from) else {
        return;
    };
    if share.abs() < Decimal::from(5) || to.is_zero() {
        return;
    }
    let unit = context.unit_name();
    let splits = &context.form.money.splits;
    if splits
        .iter()
        .any(|split| split.label == super::amounts::ADJUSTMENT)
    {
        return;
    }
    let way = if to > from { "追加" } else { "调减" };
    let label = text(Some(&row.label));
    let message = format!(
        "「{}」年初预算 {}，全年预算 {}，{way}了 {}%；请单独说明预算调整的原因",
        if label.is_empty() {
            "年度资金总额"
        } else {
            label
        },
        amount(initial, unit),
        amount(adjusted, unit),
        round_to(share.abs(), 1).normalize()
    );
    let note = Note::new("V34", &adjusted.place, message).printed(&adjusted.printed);
    // A budget cut down to what was spent hides that little was spent.
    let hides = value(row.executed.as_ref()) == Some(to) && share <= Decimal::from(-20);
    found.add(if hides { note } else { note.note() });
}

fn received(context: &Context<'_>, row: &MoneyRow, found: &mut Found<'_>) {
    let budget = present(row.adjusted.as_ref()).or_else(|| present(row.initial.as_ref()));
    let (Some(budget), Some(received)) = (budget, present(row.received.as_ref())) else {
        return;
    };
    let share = received
        .value
        .and_then(|received| scaled(received, Decimal::ONE_HUNDRED, budget.value?));
    let Some(share) = share.filter(|share| *share < context.threshold("low_execution", 60)) else {
        return;
    };
    let unit = context.unit_name();
    let message = format!(
        "到位资金 {} 只有预算 {} 的 {}%；请说明资金未到位的原因",
        amount(received, unit),
        amount(budget, unit),
        round_to(share, 2).normalize()
    );
    found.add(
        Note::new("V34", &received.place, message)
            .printed(&received.printed)
            .note(),
    );
}
