//! Scores of indicators against what was reached.

use crate::form::FormKind;
use crate::indicator::{Comparison, Measure};
use crate::number::{Centi, Decimal, round_to, scaled};
use crate::scoring;

use super::context::{Context, Found, Note, Row, plain, present};
use super::text::has_any;

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    if context.form.kind == FormKind::ProjectTarget {
        return;
    }
    for row in &context.rows {
        match &row.comparison {
            Comparison::Missed { completion_percent } => {
                missed(context, row, *completion_percent, found);
            }
            Comparison::Met { completion_percent } => met(context, row, *completion_percent, found),
            Comparison::Unclear { .. } => unclear(row, found),
        }
        quality_band(context, row, found);
    }
    equal_deductions(context, found);
    unfilled(context, found);
}

fn points_text(row: &Row<'_>) -> String {
    let part = |number: Option<Decimal>| number.map_or_else(|| "—".to_owned(), plain);
    format!("{}/{}", part(row.score), part(row.weight))
}

/// What the formula gives for a missed quantity.
fn formula(context: &Context<'_>, row: &Row<'_>) -> Option<Decimal> {
    let (target, _) = row.quantity()?;
    let points = scoring::quantity(
        context.pack,
        row.operator()?,
        None,
        target,
        row.reached()?,
        Centi::from_decimal(row.weight?)?,
    )?;
    Some(points.decimal())
}

fn missed(
    context: &Context<'_>,
    row: &Row<'_>,
    completion: Option<Decimal>,
    found: &mut Found<'_>,
) {
    let (Some(weight), Some(score)) = (row.weight, row.score) else {
        return;
    };
    let place = row.place_of(row.cells.score.as_ref());
    let (title, target, actual) = (row.title(), row.target_text(), row.reached_text());
    let right = formula(context, row);
    if row.has_full_score() && quality_limit(context, row).is_some() {
        return;
    }
    if row.has_full_score() {
        let share = completion.map_or_else(String::new, |percent| {
            format!("（完成 {}%）", round_to(percent, 2).normalize())
        });
        let advice = right.map_or_else(
            || "请按完成情况扣分".to_owned(),
            |right| format!("按比例应得 {}，请更正得分并说明原因", plain(right)),
        );
        let message = format!(
            "「{title}」指标值 {target}，完成值 {actual}{share}，没有达到却得了满分 {}；{advice}",
            points_text(row)
        );
        let note = Note::new("C30", &place, message).printed(points_text(row));
        found.add(match right {
            Some(right) => note.computed(plain(right)),
            None => note,
        });
        return;
    }
    if score < weight && !row.has_reason() {
        let message = format!(
            "「{title}」指标值 {target}，完成值 {actual}，得 {} 分，没有填写偏差原因；请补填原因\
             和改进措施",
            points_text(row)
        );
        found.add(Note::new("V32", &place, message).printed(points_text(row)));
    }
    let tolerance = Decimal::new(1, 1);
    if let Some(right) = right.filter(|right| (*right - score).abs() > tolerance) {
        let message = format!(
            "「{title}」指标值 {target}，完成值 {actual}，按比例应得 {}，填的是 {}；请更正，当地\
             另有计分办法的请注明",
            plain(right),
            plain(score)
        );
        found.add(
            Note::new("V31", &place, message)
                .printed(plain(score))
                .computed(plain(right)),
        );
    }
}

fn met(context: &Context<'_>, row: &Row<'_>, completion: Option<Decimal>, found: &mut Found<'_>) {
    let place = row.place_of(row.cells.score.as_ref());
    if let (Some(weight), Some(score)) = (row.weight, row.score)
        && score < weight
        && !row.has_reason()
    {
        let message = format!(
            "「{}」指标值 {}，完成值 {}，已经达到，却只得 {}，也没有填写扣分原因；请补填原因，\
             或更正得分",
            row.title(),
            row.target_text(),
            row.reached_text(),
            points_text(row)
        );
        found.add(
            Note::new("V32", &place, message)
                .printed(points_text(row))
                .computed(plain(weight)),
        );
    }
    over(context, row, completion, found);
}

/// Far more than was asked for: the target was set too low, or the number is wrong.
fn over(context: &Context<'_>, row: &Row<'_>, completion: Option<Decimal>, found: &mut Found<'_>) {
    let upward = row.operator().is_some_and(|operator| {
        operator.direction() == Some(crate::indicator::Direction::Positive)
    });
    let explain = context.pack.over.explain_above.0;
    let Some(percent) = completion.filter(|percent| *percent > explain && upward) else {
        return;
    };
    if row.has_reason() {
        return;
    }
    let limit = context.threshold("over_completion", 150);
    let place = row.place_of(row.cells.actual.as_ref());
    let message = format!(
        "「{}」指标值 {}，完成值 {}，完成率 {}%；请说明超额原因，年初指标值明显偏低的下年应调高",
        row.title(),
        row.target_text(),
        row.reached_text(),
        round_to(percent, 2).normalize()
    );
    let note = Note::new("V33", &place, message).printed(row.actual_text());
    found.add(if percent > limit { note } else { note.note() });
}

/// Scored although it cannot be told what was reached.
fn unclear(row: &Row<'_>, found: &mut Found<'_>) {
    let (Some(weight), Some(score)) = (row.weight, row.score) else {
        return;
    };
    // What has no target and no actual is told by another rule; words are for a person to judge.
    let known = row.has_target() && row.has_actual();
    if known && score < weight && !row.has_reason() && matches!(row.actual, Measure::Words(_)) {
        let place = row.place_of(row.cells.score.as_ref());
        let message = format!(
            "「{}」得 {}，没有填写扣分原因；请补填原因",
            row.title(),
            points_text(row)
        );
        found.add(Note::new("V32", &place, message).printed(points_text(row)));
    }
}

/// The band of a quality below 达成, and the most points that it can have.
fn quality_limit(context: &Context<'_>, row: &Row<'_>) -> Option<(&'static str, Decimal, Decimal)> {
    let weight = row.weight?;
    let Measure::Words(words) = &row.actual else {
        return None;
    };
    let partly = has_any(words, &["部分达成", "部分完成", "基本达成"]);
    let not = has_any(words, &["未达成", "未完成", "没有完成", "效果较差"]);
    let (top, band) = match () {
        () if partly => (context.pack.qualitative.achieved_from.0, "部分达成"),
        () if not => (context.pack.qualitative.partial_from.0, "未达成"),
        () => return None,
    };
    Some((band, top, scaled(weight, top, Decimal::ONE_HUNDRED)?))
}

/// 部分达成 with the points of 达成.
fn quality_band(context: &Context<'_>, row: &Row<'_>, found: &mut Found<'_>) {
    let (Some((band, top, limit)), Some(score)) = (quality_limit(context, row), row.score) else {
        return;
    };
    if score <= limit {
        return;
    }
    let place = row.place_of(row.cells.score.as_ref());
    let message = format!(
        "「{}」完成值是「{}」，属于{band}，得分应不高于 {}（分值的 {top}%），填的是 {}；请更正得分",
        row.title(),
        row.actual_text(),
        plain(limit),
        plain(score)
    );
    found.add(
        Note::new("V35", &place, message)
            .printed(points_text(row))
            .computed(format!("不高于 {}", plain(limit))),
    );
}

/// The same deduction for shortfalls that are not the same.
fn equal_deductions(context: &Context<'_>, found: &mut Found<'_>) {
    let short: Vec<(&Row<'_>, Decimal, Decimal)> = context
        .rows
        .iter()
        .filter_map(|row| {
            let Comparison::Missed {
                completion_percent: Some(percent),
            } = row.comparison
            else {
                return None;
            };
            let lost = row.weight? - row.score?;
            (lost > Decimal::ZERO).then_some((row, percent, lost))
        })
        .collect();
    let mut told: Vec<Decimal> = Vec::new();
    for (row, percent, lost) in &short {
        let same: Vec<&(&Row<'_>, Decimal, Decimal)> = short
            .iter()
            .filter(|(other, _, points)| points == lost && other.weight == row.weight)
            .collect();
        let apart = same
            .iter()
            .any(|(_, other, _)| (*other - *percent).abs() >= Decimal::from(5));
        if same.len() < 2 || !apart || told.contains(lost) {
            continue;
        }
        told.push(*lost);
        let names: Vec<String> = same
            .iter()
            .map(|(row, percent, _)| {
                format!(
                    "「{}」完成 {}%",
                    row.title(),
                    round_to(*percent, 1).normalize()
                )
            })
            .collect();
        let message = format!(
            "{}，完成程度不同却都扣了 {} 分；请按各自的完成比例计分",
            names.join("，"),
            plain(*lost)
        );
        let place = row.place_of(row.cells.score.as_ref());
        found.add(Note::new("C31", &place, message).printed(points_text(row)));
    }
}

/// A self-evaluation in which nobody entered anything.
fn unfilled(context: &Context<'_>, found: &mut Found<'_>) {
    let scored = context
        .rows
        .iter()
        .any(|row| row.has_actual() || row.score.is_some());
    let weighted = context
        .rows
        .iter()
        .filter(|row| row.weight.is_some() && row.has_target())
        .count();
    if scored || weighted < 2 || weighted < context.rows.len() {
        return;
    }
    if present(context.form.total_score.as_ref()).is_some() {
        return;
    }
    let place = context
        .rows
        .first()
        .map_or_else(String::new, |row| row.place_of(row.cells.weight.as_ref()));
    let message = format!(
        "{weighted} 个指标都没有填完成值和得分，自评表还没有填写；请逐项填写完成值、得分和总分"
    );
    found.add(Note::new("C35", &place, message));
}
