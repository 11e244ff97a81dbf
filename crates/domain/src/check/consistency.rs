//! Results against money: much achieved with little spent, effects of what is not finished.

use crate::indicator::{Comparison, Measure};
use crate::number::{Decimal, round_to, scaled};

use super::context::{Block, Context, Found, Note, Row, plain, present, text, value};
use super::text::{has_any, is_percent_unit};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    low_spending(context, found);
    light(context, found);
    unfinished(context, found);
}

/// Much achieved, little spent.
fn low_spending(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(rate) = context.rate() else { return };
    let budgeted = context
        .budget()
        .is_none_or(|budget| budget.value > Some(Decimal::ZERO));
    let Some(place) = context.total().and_then(|total| {
        present(total.executed.as_ref())
            .or_else(|| present(total.rate.as_ref()))
            .map(|field| field.place.clone())
    }) else {
        return;
    };
    let percent = round_to(rate, 2).normalize();
    let score = context
        .form
        .total_score
        .as_ref()
        .and_then(|field| field.value);
    let grade = text(context.form.grade.as_ref());
    let good = grade.starts_with('优') || grade.starts_with('良');
    let high = score.is_some_and(|score| score >= Decimal::from(90)) || grade.starts_with('优');
    let little = context.threshold("low_execution", 60);
    let half = context.threshold("full_results_execution", 50);
    if budgeted && ((high && rate < little) || (good && rate < half)) {
        let claimed = match score {
            Some(score) => format!("自评 {} 分{}", plain(score), grade_text(grade)),
            None => format!("自评等级「{grade}」"),
        };
        let message = format!(
            "预算执行率只有 {percent}%，{claimed}，评价明显偏高；请核对完成情况，说明资金没有支出的原因"
        );
        found.add(Note::new("V38", &place, message).printed(format!("{percent}%")));
    }
    let compared: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| !matches!(row.comparison, Comparison::Unclear { .. }))
        .collect();
    let met = |row: &&Row<'_>| matches!(row.comparison, Comparison::Met { .. });
    if budgeted && rate < half && compared.len() >= 3 && compared.iter().all(met) {
        let message = format!(
            "预算执行率只有 {percent}%，{} 项可比的指标却全部完成，预算或指标值可能定得不准；请说明",
            compared.len()
        );
        found.add(Note::new("V38", &place, message).printed(format!("{percent}%")));
    }
}

fn grade_text(grade: &str) -> String {
    if grade.is_empty() {
        String::new()
    } else {
        format!("（{grade}）")
    }
}

/// The consistency light is red: results claimed far above the money spent.
fn light(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(total) = context.total() else { return };
    let (Some(execution), Some(weight)) =
        (present(total.score.as_ref()), value(total.weight.as_ref()))
    else {
        return;
    };
    let weighted: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| row.weight.is_some())
        .collect();
    if weighted.is_empty() || weighted.iter().any(|row| row.score.is_none()) {
        return;
    }
    let full: Decimal = weighted.iter().filter_map(|row| row.weight).sum();
    let scored: Decimal = weighted.iter().filter_map(|row| row.score).sum();
    let share = |part: Decimal, whole: Decimal| scaled(part, Decimal::ONE, whole);
    let (Some(results), Some(money)) = (
        share(scored, full),
        share(execution.value.unwrap_or_default(), weight),
    ) else {
        return;
    };
    let Some(gap) = share(results - money, results) else {
        return;
    };
    let limit = context.pack.consistency.red_above.0;
    // A budget of nothing has no rate to compare with.
    let budgeted = context
        .budget()
        .is_none_or(|budget| budget.value > Some(Decimal::ZERO));
    if gap <= limit || scored.is_zero() || !budgeted {
        return;
    }
    let percent = |part: Decimal| round_to(part * Decimal::ONE_HUNDRED, 2).normalize();
    let message = format!(
        "绩效指标得分率 {}%，预算执行得分率 {}%，相差超过 {}%，一致性为红灯；请说明钱没花完而目标\
         完成的原因",
        percent(results),
        percent(money),
        percent(limit)
    );
    found.add(Note::new("V39", &execution.place, message).printed(&execution.printed));
}

const UNFINISHED: [&str; 9] = [
    "未完工",
    "尚未完成建设",
    "未竣工",
    "尚未建成",
    "未开工",
    "尚未开工",
    "未建成",
    "正在建设",
    "尚未投入使用",
];

/// Benefits and satisfaction of what does not exist yet.
fn unfinished(context: &Context<'_>, found: &mut Found<'_>) {
    let rows = context
        .rows
        .iter()
        .filter_map(|row| row.cells.actual.as_ref());
    let own = context.form.actual_summary.iter();
    let Some(said) = rows
        .chain(own)
        .find(|field| has_any(&field.printed, &UNFINISHED))
    else {
        return;
    };
    for row in &context.rows {
        let satisfied = row.block == Block::Satisfaction || row.name.contains("满意");
        let high = row
            .reached()
            .is_some_and(|reached| reached >= Decimal::from(90) && is_percent_unit_of(row));
        if satisfied && (high || row.has_full_score()) {
            let message = format!(
                "项目写明「{}」，「{}」却填了 {}；没有完工的项目还没有服务对象可以评价，请据实填写",
                said.printed,
                row.title(),
                row.reached_text()
            );
            let place = row.place_of(row.cells.actual.as_ref());
            found.add(Note::new("C52", &place, message).printed(row.actual_text()));
        }
    }
}

fn is_percent_unit_of(row: &Row<'_>) -> bool {
    match &row.actual {
        Measure::Quantity { unit, .. } => is_percent_unit(unit) || row.is_percent(),
        _ => false,
    }
}
