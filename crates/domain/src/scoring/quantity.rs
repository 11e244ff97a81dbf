//! 定量指标 and over-completion (domain reference §4.2, §4.3).

use std::sync::Arc;

use super::{IndicatorInput, Refusal, node, operand, percent_text};
use crate::indicator::{Direction, Operator};
use crate::number::{Centi, Decimal, round_to, scaled};
use crate::receipt::Node;
use crate::rulepack::{OverPenalty, ReverseMode, RulePack, SatisfactionMethod};

/// How many percent of the target were reached, where more is better; for a ceiling, target ÷
/// actual. `None` when that has no meaning (a zero on the wrong side).
pub fn completion(direction: Direction, target: Decimal, actual: Decimal) -> Option<Decimal> {
    match direction {
        Direction::Positive => scaled(actual, Decimal::ONE_HUNDRED, target),
        Direction::Reverse => scaled(target, Decimal::ONE_HUNDRED, actual),
    }
}

/// The points of a number against a number, without over-completion.
/// `None` when they cannot be computed exactly.
///
/// Source: 财预〔2020〕10号 annex 1; domain reference §4.2, T5–T7.
pub fn quantity(
    pack: &RulePack,
    operator: Operator,
    direction: Option<Direction>,
    target: Decimal,
    actual: Decimal,
    weight: Centi,
) -> Option<Centi> {
    let actual = actual.max(Decimal::ZERO);
    let rule = rule(pack, operator, direction, target, actual);
    points_by(rule, target, actual, weight)
}

/// The formula that holds, as the receipt names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Formula {
    /// Target reached.
    Full,
    /// actual ÷ target
    Proportion,
    /// target ÷ actual
    Ratio,
    /// (1 − (actual − target) ÷ target), not below 0
    LinearToDouble,
    /// A target of 0 that was exceeded.
    Nothing,
}

impl Formula {
    fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Proportion => "proportion",
            Self::Ratio => "ratio",
            Self::LinearToDouble => "linear_to_double",
            Self::Nothing => "nothing",
        }
    }
}

fn rule(
    pack: &RulePack,
    operator: Operator,
    direction: Option<Direction>,
    target: Decimal,
    actual: Decimal,
) -> Formula {
    let reverse = match pack.quantity.reverse_mode {
        ReverseMode::Ratio => Formula::Ratio,
        ReverseMode::LinearToDouble => Formula::LinearToDouble,
    };
    let zero = target.is_zero();
    let is_ceiling = direction.or(operator.direction()) == Some(Direction::Reverse);
    match operator {
        Operator::Equal if !is_ceiling => match actual.cmp(&target) {
            std::cmp::Ordering::Greater if zero => Formula::Nothing,
            std::cmp::Ordering::Greater if pack.quantity.equal_two_sided => reverse,
            std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Formula::Full,
            std::cmp::Ordering::Less => Formula::Proportion,
        },
        _ if is_ceiling && actual <= target => Formula::Full,
        _ if is_ceiling && zero => Formula::Nothing,
        _ if is_ceiling => reverse,
        _ if actual >= target => Formula::Full,
        _ => Formula::Proportion,
    }
}

fn points_by(formula: Formula, target: Decimal, actual: Decimal, weight: Centi) -> Option<Centi> {
    let full = weight.decimal();
    let points = match formula {
        Formula::Full => Some(full),
        Formula::Nothing => Some(Decimal::ZERO),
        Formula::Proportion => scaled(actual, full, target),
        Formula::Ratio => scaled(target, full, actual),
        Formula::LinearToDouble => {
            let left = target.checked_mul(Decimal::TWO)?.checked_sub(actual)?;
            scaled(left.max(Decimal::ZERO), full, target)
        }
    };
    points.and_then(Centi::from_decimal)
}

/// The line of the receipt of a quantity.
pub(super) fn line(
    pack: &RulePack,
    input: &IndicatorInput,
    operator: Operator,
    direction: Option<Direction>,
    target: Decimal,
    actual: Decimal,
) -> Result<Node, Refusal> {
    if target.is_sign_negative() && !target.is_zero() {
        return Err(Refusal::NegativeTarget {
            name: input.name.clone(),
        });
    }
    let actual = actual.max(Decimal::ZERO);
    if input.is_satisfaction && pack.satisfaction.method == SatisfactionMethod::Threshold {
        return by_threshold(pack, input, actual);
    }
    let formula = rule(pack, operator, direction, target, actual);
    let is_ceiling = direction.or(operator.direction()) == Some(Direction::Reverse);
    let clause = if is_ceiling {
        &pack.clauses.reverse
    } else {
        &pack.clauses.quantity
    };
    let mut line = node(input.name.clone(), "quantity", pack, clause);
    let too_large = || Refusal::TooLarge {
        name: input.name.clone(),
    };
    let reached = points_by(formula, target, actual, input.weight).ok_or_else(too_large)?;
    line.operands.extend([
        operand("target_text", input.target_text.clone()),
        operand("actual_text", input.actual_text.clone()),
        operand("operator", operator.sign()),
        operand("ceiling", if is_ceiling { "yes" } else { "no" }),
        operand("formula", formula.word()),
        operand("target", target),
        operand("actual", actual),
        operand("weight", input.weight),
    ]);
    line.weight = Some(input.weight);
    line.points = Some(reached);
    if reached < input.weight {
        line.sentence = Some(sentence(formula, input, target, actual, reached));
    } else if formula == Formula::Full {
        over_completion(pack, input, is_ceiling, target, actual, &mut line);
    }
    Ok(line)
}

fn sentence(
    formula: Formula,
    input: &IndicatorInput,
    target: Decimal,
    actual: Decimal,
    points: Centi,
) -> String {
    let (weight, lost) = (input.weight, input.weight - points);
    let (shown, goal) = (&input.actual_text, &input.target_text);
    let (full, a, t) = (
        weight.decimal().normalize(),
        actual.normalize(),
        target.normalize(),
    );
    match formula {
        Formula::Full => String::new(),
        Formula::Proportion => format!(
            "实际 {shown}，完成目标 {goal} 的 {}：{full} × {a} ÷ {t} = {points} 分，扣 {lost} 分。",
            percent_text(actual, target)
        ),
        Formula::Ratio => format!(
            "实际 {shown}，超过目标 {goal}：{full} × {t} ÷ {a} = {points} 分，扣 {lost} 分。"
        ),
        Formula::LinearToDouble => format!(
            "实际 {shown}，超出目标 {goal} 的 {}，按线性扣分，达到两倍为 0：得 {points} 分，扣 {lost} 分。",
            percent_text(actual - target, target)
        ),
        Formula::Nothing => {
            format!("目标 {goal}，实际 {shown}：目标为 0，超过即不得分，扣 {lost} 分。")
        }
    }
}

/// 满意度赋分 by thresholds (财预〔2021〕101号).
fn by_threshold(pack: &RulePack, input: &IndicatorInput, actual: Decimal) -> Result<Node, Refusal> {
    let full_from = pack
        .satisfaction
        .full_from
        .map_or(Decimal::ONE_HUNDRED, |rate| rate.0);
    let zero_below = pack
        .satisfaction
        .zero_below
        .map_or(Decimal::ZERO, |rate| rate.0);
    let points = if actual >= full_from {
        Some(input.weight)
    } else if actual < zero_below {
        Some(Centi::ZERO)
    } else {
        scaled(actual, input.weight.decimal(), full_from).and_then(Centi::from_decimal)
    };
    let points = points.ok_or(Refusal::TooLarge {
        name: input.name.clone(),
    })?;
    let mut line = node(
        input.name.clone(),
        "threshold",
        pack,
        &pack.clauses.quantity,
    );
    line.operands.extend([
        operand("target_text", input.target_text.clone()),
        operand("actual_text", input.actual_text.clone()),
        operand("actual", actual),
        operand("full_from", full_from),
        operand("zero_below", zero_below),
        operand("weight", input.weight),
    ]);
    line.weight = Some(input.weight);
    line.points = Some(points);
    if points < input.weight {
        line.sentence = Some(format!(
            "满意度 {}，满分线 {full_from}%，零分线 {zero_below}%：得 {points} 分，扣 {} 分。",
            input.actual_text,
            input.weight - points
        ));
    }
    Ok(line)
}

/// Takes what the pack takes for a target that was exceeded by far.
fn over_completion(
    pack: &RulePack,
    input: &IndicatorInput,
    is_ceiling: bool,
    target: Decimal,
    actual: Decimal,
    line: &mut Node,
) {
    let direction = if is_ceiling {
        Direction::Reverse
    } else {
        Direction::Positive
    };
    let reached = completion(direction, target, actual);
    let (share, why) = match (pack.over.penalty, reached) {
        (OverPenalty::Tiered, Some(reached)) if input.target_too_low => {
            let share = pack
                .over
                .tiers
                .value(reached)
                .map_or(Decimal::ZERO, |share| share.0);
            let taken = scaled(input.weight.decimal(), share, Decimal::ONE_HUNDRED);
            (
                taken,
                format!(
                    "完成 {}，年初指标值设定明显偏低，按 {share}% 扣分",
                    text(reached)
                ),
            )
        }
        (OverPenalty::Points, Some(reached))
            if pack.over.points_from.is_some_and(|from| reached >= from.0) =>
        {
            let taken = pack.over.points.map(|points| points.0);
            (
                taken,
                format!("完成 {}，超额完成过多，按规则扣分", text(reached)),
            )
        }
        _ => match &input.manual_deduction {
            Some((points, reason)) => (Some(points.decimal()), format!("审核扣分：{reason}")),
            None => return,
        },
    };
    let taken = share.and_then(Centi::from_decimal).unwrap_or(Centi::ZERO);
    let taken = taken.clamp(Centi::ZERO, input.weight);
    if taken == Centi::ZERO {
        return;
    }
    line.operands.push(operand("over_deduction", taken));
    line.rule.clause = Arc::clone(&pack.clauses.over);
    line.points = Some(input.weight - taken);
    line.sentence = Some(format!(
        "实际 {}，目标 {}，{why} {taken} 分，得 {} 分。",
        input.actual_text,
        input.target_text,
        input.weight - taken
    ));
}

fn text(percent: Decimal) -> String {
    format!("{:.2}%", round_to(percent, 2))
}
