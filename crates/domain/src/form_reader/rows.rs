//! Rows of the indicator table that are no indicators: lines left over from the template, and
//! the line of 预算执行率, whose points belong to the money block.

use crate::form::{Field, IndicatorRow, Money};
use crate::indicator::is_template_text;

use super::label;

/// Takes away rows in which nothing was filled in but a template's name (`指标2`, `……`), and
/// moves the points of a line 预算执行率 to the money block, where forms count them once.
///
/// House rule: the national form prints 指标1, 指标2 and …… under each level 2; who leaves the
/// rest of them empty has filled the form in correctly.
pub fn settle_rows(rows: &mut Vec<IndicatorRow>, money: &mut Money) {
    rows.retain(|row| !is_left_over(row));
    rows.retain(|row| !took_execution(row, money));
}

fn is_left_over(row: &IndicatorRow) -> bool {
    let placeholder = |field: &Field| super::is_placeholder(&field.printed);
    let named = row
        .level3
        .as_ref()
        .is_some_and(|name| is_template_text(&name.printed) || placeholder(name));
    let texts = [
        &row.target,
        &row.actual,
        &row.unit,
        &row.operator,
        &row.reason,
    ];
    let filled = |field: &Field| !field.is_blank() && !placeholder(field);
    named
        && !texts.into_iter().flatten().any(filled)
        && ![&row.weight, &row.score]
            .into_iter()
            .flatten()
            .any(|field| field.value.is_some_and(|points| !points.is_zero()))
}

/// Whether a row is the line of 预算执行率 and its points stand in the money block now.
fn took_execution(row: &IndicatorRow, money: &mut Money) -> bool {
    let names = |field: &Option<Field>| {
        let key = label::key(field.as_ref().map_or("", |field| field.printed.as_str()));
        matches!(
            key.as_str(),
            "预算执行率" | "资金执行率" | "预算资金执行率" | "预算执行" | "预算执行情况"
        )
    };
    let Some(total) = money.total.as_mut().filter(|_| names(&row.level1)) else {
        return false;
    };
    if total.executed.is_none() {
        return false;
    }
    let points = |field: &Option<Field<_>>| field.as_ref().and_then(|field| field.value);
    let known = points(&total.weight);
    if known.is_some() && known != points(&row.weight) {
        return false;
    }
    if known.is_none() {
        total.weight.clone_from(&row.weight);
    }
    if points(&total.score).is_none() {
        total.score.clone_from(&row.score);
    }
    true
}
