//! Targets: number, unit and sign; the sign against what the indicator measures.

use crate::form::Field;
use crate::indicator::{Direction, Measure, Operator};
use crate::number::Decimal;

use super::context::{Block, Context, Found, Note, Row, text};
use super::text::{has_any, is_percent_unit};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for row in &context.rows {
        direction(row, found);
        range(row, found);
        binding(row, found);
    }
    units(context, found);
    signs(context, found);
}

/// What is better when it is less, by its name.
fn is_cost(row: &Row<'_>) -> bool {
    let saved = has_any(
        &row.name,
        &[
            "节约",
            "节省",
            "降低",
            "下降",
            "减少",
            "控制率",
            "核算率",
            "执行率",
            "增收",
            "收入",
        ],
    );
    let cost = row.level2().contains("成本")
        || has_any(
            &row.name,
            &["成本", "费用", "造价", "单价", "投资额", "总投资"],
        );
    let money = row.quantity().is_some_and(|(_, unit)| unit.contains('元'));
    cost && money && !saved
}

/// What is built, bought or trained: more of it cannot be worse.
fn is_built(row: &Row<'_>) -> bool {
    let made = has_any(
        &row.name,
        &[
            "新建", "建设", "修建", "改造", "安装", "购置", "新增", "培训", "完成", "种植", "救助",
        ],
    );
    let less = has_any(
        &row.name,
        &[
            "成本", "费用", "事故", "投诉", "时间", "天数", "时限", "标准", "单价", "次数", "周期",
        ],
    );
    let counted = row
        .quantity()
        .is_some_and(|(_, unit)| !unit.contains('元') && !is_percent_unit(unit));
    row.level2().contains("数量") && made && counted && !less
}

fn direction(row: &Row<'_>, found: &mut Found<'_>) {
    // Only a printed sign can be wrong.
    let Some((operator, crate::indicator::OperatorSource::Sign)) = row.target.operator else {
        return;
    };
    let place = row.place_of(row.cells.target.as_ref());
    let satisfaction = row.name.contains("满意") && !has_any(&row.name, &["不满意", "投诉"]);
    let advice = match operator.direction() {
        Some(Direction::Positive) if operator != Operator::Equal && is_cost(row) => {
            "是成本，越低越好，不应使用；请改为 ≤"
        }
        Some(Direction::Reverse) if satisfaction => "是满意度，越高越好，不应使用；请改为 ≥",
        Some(Direction::Reverse) if is_built(row) => "是要完成的数量，不应使用；请改为 ≥ 或 ＝",
        _ => return,
    };
    let message = format!(
        "「{}」的指标值 {} 用了「{}」，但它{advice}",
        row.title(),
        row.target_text(),
        operator.sign()
    );
    found.add(Note::new("V05", &place, message).printed(row.target_text()));
}

/// Percentages outside 0 … 100 that are no growth.
fn range(row: &Row<'_>, found: &mut Found<'_>) {
    let Some((value, unit)) = row.quantity() else {
        return;
    };
    if !is_percent_unit(unit) {
        return;
    }
    let grows = has_any(
        &row.name,
        &[
            "增长", "增幅", "提高", "提升", "增加", "变动", "产能", "利用", "收益", "回报", "倍",
        ],
    );
    let place = row.place_of(row.cells.target.as_ref());
    if (value > Decimal::ONE_HUNDRED || value < Decimal::ZERO) && !grows {
        let message = format!(
            "「{}」的指标值 {} 不在 0—100% 之间；请核对",
            row.title(),
            row.target_text()
        );
        found.add(Note::new("V06", &place, message).printed(row.target_text()));
    }
}

/// A target that everything meets.
fn binding(row: &Row<'_>, found: &mut Found<'_>) {
    let (Some((value, _)), Some(operator)) = (row.quantity(), row.operator()) else {
        return;
    };
    let at_least = matches!(operator, Operator::AtLeast | Operator::Greater);
    if value.is_zero() && at_least && row.target_text().contains(['≥', '>', '＞', '≧']) {
        let place = row.place_of(row.cells.target.as_ref());
        let message = format!(
            "「{}」的指标值是 {}，怎样都能达到，没有约束力；请改成有意义的指标值",
            row.title(),
            row.target_text()
        );
        found.add(Note::new("V11", &place, message).printed(row.target_text()));
    }
}

/// Names of rows in a sentence, at most five.
pub(super) fn listed(rows: &[&Row<'_>]) -> String {
    let names: Vec<String> = rows
        .iter()
        .take(5)
        .map(|row| format!("「{}」", row.title()))
        .collect();
    let more = if rows.len() > 5 {
        format!(" 等 {} 项", rows.len())
    } else {
        String::new()
    };
    format!("{}{more}", names.join(""))
}

fn first_place<T>(
    rows: &[&Row<'_>],
    pick: for<'r, 'c> fn(&'r Row<'c>) -> Option<&'c Field<T>>,
) -> String {
    rows.first()
        .map_or_else(String::new, |row| row.place_of(pick(row)))
}

/// Numbers without a unit.
fn units(context: &Context<'_>, found: &mut Found<'_>) {
    let rows: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| {
            let bare = row
                .quantity()
                .is_some_and(|(value, unit)| unit.is_empty() && !value.is_zero());
            // A rate without its sign of percent is understood.
            let rate = super::headings::is_rate_name(&row.name) || row.name.contains("满意");
            bare && !rate && text(row.cells.unit.as_ref()).is_empty()
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let message = format!(
        "{}的指标值只有数字，没有度量单位；请补填单位（个、人、% 等）",
        listed(&rows)
    );
    let place = first_place(&rows, |row| row.cells.target.as_ref());
    found.add(Note::new("V04", &place, message));
}

/// Numbers without a sign, and ＝ where more is welcome.
fn signs(context: &Context<'_>, found: &mut Found<'_>) {
    let rows: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| {
            let inferred = !matches!(
                row.target.operator,
                Some((
                    _,
                    crate::indicator::OperatorSource::Sign
                        | crate::indicator::OperatorSource::Words
                ))
            );
            let whole = row.is_percent() && row.quantity().map(|it| it.0) == Some(100.into());
            let counted = row.quantity().is_some_and(|(value, _)| !value.is_zero());
            counted && inferred && !whole && !row.is_part
        })
        .collect();
    if !rows.is_empty() {
        let message = format!(
            "{}的指标值没有写 ≥、＝、≤；请补上，否则无法判断超过或不足算不算完成",
            listed(&rows)
        );
        let place = first_place(&rows, |row| row.cells.target.as_ref());
        found.add(Note::new("V04", &place, message).note());
    }
    let exact: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| {
            let satisfied = row.name.contains("满意") || row.block == Block::Satisfaction;
            let below = row
                .quantity()
                .is_some_and(|(value, _)| value < Decimal::ONE_HUNDRED);
            row.operator() == Some(Operator::Equal)
                && row.target_text().contains(['=', '＝', '﹦'])
                && satisfied
                && row.is_percent()
                && below
        })
        .collect();
    if !exact.is_empty() {
        let message = format!(
            "{}是满意度，指标值通常用 ≥ 而不是 ＝；请核对",
            listed(&exact)
        );
        let place = first_place(&exact, |row| row.cells.target.as_ref());
        found.add(Note::new("V05", &place, message).note());
    }
    let rows: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| {
            row.operator() == Some(Operator::Qualitative)
                && matches!(row.target.measure, Measure::Quantity { .. })
        })
        .collect();
    if !rows.is_empty() {
        let message = format!(
            "{}的指标性质是「定性」，指标值却是数字；请改成 ≥、＝、≤，或改写成文字",
            listed(&rows)
        );
        let place = first_place(&rows, |row| row.cells.target.as_ref());
        found.add(Note::new("V04", &place, message));
    }
}
