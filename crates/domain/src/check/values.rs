//! What is written as target and actual value: blank, copied, left from the template, no number.

use crate::form::FormKind;
use crate::indicator::{Measure, Operator, repeats_target};
use crate::number::Decimal;

use super::context::{Context, Found, Note, Row, text};
use super::text::{has_any, is_nothing};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    let evaluates = context.form.kind != FormKind::ProjectTarget;
    for (order, row) in context.rows.iter().enumerate() {
        target(context, row, found);
        if evaluates {
            blank(context, row, found);
            copied(row, found);
            not_a_number(row, found);
            // The last rows of an excerpt may be cut off.
            let followed = context.rows.iter().skip(order + 1).any(Row::has_actual);
            if followed {
                left_blank(context, row, found);
            }
        }
        template(row, found);
    }
    guidance(context, found);
}

fn target(context: &Context<'_>, row: &Row<'_>, found: &mut Found<'_>) {
    // A row that an excerpt cuts off in the middle is not the clerk's.
    let evaluates = context.form.kind != FormKind::ProjectTarget;
    let cut = evaluates && context.has_actuals() && !row.has_actual() && row.score.is_none();
    if cut || row.name.is_empty() {
        return;
    }
    for (measure, field, what) in [
        (&row.target.measure, row.cells.target.as_ref(), "指标值"),
        (&row.actual, row.cells.actual.as_ref(), "完成值"),
    ] {
        let Measure::Unreadable { reason, likely } = measure else {
            continue;
        };
        let place = row.place_of(field);
        let guess = likely
            .as_ref()
            .map_or_else(String::new, |likely| format!("，疑为 {likely}"));
        let reason = reason.trim_end_matches(['。', '；']);
        let advice = if reason.contains('请') {
            ""
        } else {
            "；请核对后更正"
        };
        let message = format!(
            "「{}」的{what}「{}」看不准{guess}：{reason}{advice}",
            row.title(),
            text(field)
        );
        let note = Note::new("C49", &place, message).printed(text(field));
        found.add(match likely {
            Some(likely) => note.computed(likely.clone()),
            None => note,
        });
    }
}

/// Points for which nothing was measured.
fn blank(context: &Context<'_>, row: &Row<'_>, found: &mut Found<'_>) {
    let Some(score) = row.score.filter(|score| *score > Decimal::ZERO) else {
        return;
    };
    // A column for what was reached that is blank throughout was left out with scores given.
    let has_column = row.cells.actual.is_some();
    if !(context.has_actuals() || has_column) || row.is_part {
        return;
    }
    let none = |text: &str| is_nothing(text);
    let target = none(text(row.cells.target.as_ref()));
    let actual = none(row.actual_text());
    let what = match (target, actual) {
        (true, true) => "指标值和完成值都没有填",
        (true, false) => "指标值没有填",
        (false, true) if row.actual_text().is_empty() || !zero_target(row) => "完成值没有填",
        _ => return,
    };
    let place = row.place_of(row.cells.score.as_ref());
    let full = if row.has_full_score() { "满分 " } else { "" };
    let message = format!(
        "「{}」{what}，却得了{full}{} 分，得分没有依据；请补填，写在名称里的指标值请移到指标值栏",
        row.title(),
        super::context::plain(score)
    );
    found.add(Note::new("C32", &place, message).printed(super::context::plain(score)));
}

/// 无 is what people write for none of something that should not happen.
fn zero_target(row: &Row<'_>) -> bool {
    row.quantity().is_some_and(|(value, _)| value.is_zero())
        || row.operator() == Some(Operator::AtMost)
}

/// A row that was left blank between rows that were filled.
fn left_blank(context: &Context<'_>, row: &Row<'_>, found: &mut Found<'_>) {
    let has_target = !text(row.cells.target.as_ref()).is_empty();
    if row.name.is_empty() || row.has_actual() || row.score.is_some() || !context.has_actuals() {
        return;
    }
    let (place, what) = if has_target {
        (row.place_of(row.cells.actual.as_ref()), "完成值")
    } else {
        (row.place_of(row.cells.target.as_ref()), "指标值和完成值")
    };
    let message = format!(
        "「{}」没有填{what}；请补填，不适用的指标请删除",
        row.title()
    );
    found.add(Note::new("C32", &place, message));
}

/// Words that name a scale instead of a value on it.
const SCALES: [&str; 16] = [
    "好坏",
    "高低",
    "是否",
    "有无",
    "大小",
    "多少",
    "强弱",
    "优劣",
    "快慢",
    "优良中差",
    "好中差",
    "高中低",
    "与否",
    "是/否",
    "好/坏",
    "有/无",
];

fn copied(row: &Row<'_>, found: &mut Found<'_>) {
    let (target, actual) = (text(row.cells.target.as_ref()), row.actual_text());
    if actual.is_empty() {
        return;
    }
    let place = row.place_of(row.cells.actual.as_ref());
    let scale = |words: &str| SCALES.contains(&words) || words.ends_with("与否");
    if scale(target) && (actual == target || scale(actual)) {
        let score = if row.has_full_score() {
            "，还得了满分"
        } else {
            ""
        };
        let message = format!(
            "「{}」的指标值「{target}」是评价尺度，不是目标，完成值照抄成「{actual}」{score}；请把\
             指标值改成要达到的程度（如「好」），完成值填实际程度",
            row.title()
        );
        found.add(Note::new("C33", &place, message).printed(actual));
    } else if repeats_target(actual, &row.target) {
        let message = format!(
            "「{}」的完成值「{actual}」照抄了指标值，看不出实际完成多少；请填实际完成的数",
            row.title()
        );
        found.add(Note::new("C33", &place, message).printed(actual));
    }
}

/// Words where a number was asked for.
fn not_a_number(row: &Row<'_>, found: &mut Found<'_>) {
    let target = match &row.target.measure {
        Measure::Quantity { value, .. } => *value,
        Measure::Range { high, .. } => *high,
        _ => return,
    };
    let actual = row.actual_text();
    let words = match &row.actual {
        Measure::Words(_) | Measure::YesNo(_) => true,
        Measure::Absent => !actual.is_empty() && !target.is_zero(),
        _ => false,
    };
    // 无 of what must not exceed a limit is nothing at all.
    let none = matches!(row.actual, Measure::Absent) && row.operator() == Some(Operator::AtMost);
    if !words || none {
        return;
    }
    let score = if row.has_full_score() {
        "，还得了满分"
    } else {
        ""
    };
    let place = row.place_of(row.cells.actual.as_ref());
    let message = format!(
        "「{}」的指标值是 {}，完成值填的是「{actual}」，不是数字，无法判断是否达到{score}；请填实际\
         完成的数",
        row.title(),
        row.target_text()
    );
    found.add(Note::new("C34", &place, message).printed(actual));
}

fn template(row: &Row<'_>, found: &mut Found<'_>) {
    for (measure, field, what) in [
        (&row.target.measure, row.cells.target.as_ref(), "指标值"),
        (&row.actual, row.cells.actual.as_ref(), "完成值"),
    ] {
        if *measure == Measure::Template {
            let message = format!(
                "「{}」的{what}还是模板文字「{}」；请换成实际内容，不用的行请删除",
                row.title(),
                text(field)
            );
            found.add(Note::new("C42", &row.place_of(field), message).printed(text(field)));
        }
    }
}

/// Filling-in guidance that was published instead of an answer.
fn guidance(context: &Context<'_>, found: &mut Found<'_>) {
    let form = context.form;
    let fields = [&form.objectives, &form.actual_summary];
    let reasons = form.indicators.iter().filter_map(|row| row.reason.as_ref());
    let all = fields
        .into_iter()
        .flatten()
        .chain(&form.texts)
        .chain(reasons);
    for field in all {
        let words = field.printed.as_str();
        let limit = has_any(words, &["字以内", "字内）", "字以内）"]);
        let asks = has_any(
            words,
            &[
                "对照年度目标",
                "请填写",
                "说明项目",
                "简要说明",
                "填写说明",
                "此处填写",
            ],
        );
        if limit && asks || words.starts_with("……") || words.starts_with("（填写") {
            let short: String = words.chars().take(30).collect();
            let message = format!("这里还是填表说明「{short}…」；请换成实际内容");
            found.add(Note::new("C42", &field.place, message).printed(words));
        }
    }
}
