//! Reads what stands in the cells of a target and of an actual value.

use super::value::{Context, Read, value};
use super::{Direction, Measure, Operator, OperatorSource, Target};
use super::{operator, text, unit, words};
use crate::number::Decimal;

/// The cells that a target is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetCells<'a> {
    /// 年度指标值 as printed.
    pub printed: &'a str,
    /// 指标性质, where it has a column of its own.
    pub operator: Option<&'a str>,
    /// 度量单位, where it has a column of its own.
    pub unit: Option<&'a str>,
    /// 三级指标: says what is measured, and may hold an operator.
    pub name: &'a str,
    /// 二级指标
    pub level2: &'a str,
}

/// Reads a target. Nothing is guessed silently: what is not certain is [`Measure::Unreadable`]
/// with what it probably is, and an operator that is not printed is marked as inferred.
pub fn read_target(cells: TargetCells<'_>) -> Target {
    let printed = text::normal(cells.printed);
    let column = cells.operator.and_then(operator::column);
    let timely = is_about_time(cells.name) || cells.level2.contains("时效");
    let context = Context {
        unit_cell: &cells.unit.map(text::normal).unwrap_or_default(),
        timely,
        is_actual: false,
        has_operator: column.is_some(),
    };
    let Read { operator, measure } = value(&printed, &context);
    if column == Some(Operator::Qualitative) {
        return Target {
            printed: cells.printed.to_owned(),
            operator: Some((Operator::Qualitative, OperatorSource::Sign)),
            measure: as_words(measure, cells.printed),
        };
    }
    let column = column.map(|operator| (operator, OperatorSource::Sign));
    let measure = match (column, operator) {
        (Some((first, _)), Some((second, _))) if contradict(first, second) => Measure::Unreadable {
            reason: format!(
                "指标性质写的是「{}」，指标值里写的是「{}」，请改为一致",
                first.sign(),
                second.sign()
            ),
            likely: None,
        },
        _ => measure,
    };
    let readable = !matches!(
        measure,
        Measure::Absent | Measure::Template | Measure::Unreadable { .. }
    );
    let operator = operator
        .or(column)
        .or_else(|| {
            let named = operator::operator_in_name(cells.name).filter(|_| readable)?;
            Some((named, OperatorSource::Sign))
        })
        .or_else(|| {
            let inferred = operator::inferred(cells.name, cells.level2, &measure)?;
            Some((inferred, OperatorSource::Inferred))
        });
    Target {
        printed: cells.printed.to_owned(),
        operator,
        measure,
    }
}

/// Reads an actual value in the light of its target: a bare number has the target's unit, and a
/// sign that was copied from the target is dropped (see [`repeats_target`]).
pub fn read_actual(printed: &str, unit_cell: Option<&str>, target: &Target) -> Measure {
    let normal = text::normal(printed);
    if matches!(normal.as_str(), "无" | "没有") {
        return none_reached(printed, target);
    }
    let context = Context {
        unit_cell: &unit_cell.map(text::normal).unwrap_or_default(),
        timely: matches!(target.measure, Measure::Date { .. }),
        is_actual: true,
        has_operator: false,
    };
    let Read { operator, measure } = value(&normal, &context);
    let is_qualitative = target
        .operator
        .is_some_and(|it| it.0 == Operator::Qualitative);
    if is_qualitative && matches!(target.measure, Measure::Words(_)) {
        return as_words(measure, printed);
    }
    let Measure::Quantity { value, unit } = measure else {
        return measure;
    };
    let own_unit = !value_has_no_unit(&normal);
    let Measure::Quantity {
        value: wanted,
        unit: goal,
    } = &target.measure
    else {
        let unit = match &target.measure {
            Measure::Range { unit: goal, .. } if unit.is_empty() => goal.clone(),
            _ => unit,
        };
        return Measure::Quantity { value, unit };
    };
    if let Some(doubt) = bound_only(printed, operator, target, value, *wanted)
        .or_else(|| scanned(printed, value, *wanted, &unit))
        .or_else(|| other_scale(printed, own_unit, value, *wanted, goal))
    {
        return doubt;
    }
    let unit = if unit.is_empty() || !own_unit {
        goal.clone()
    } else {
        unit
    };
    Measure::Quantity { value, unit }
}

/// Whether the actual value is nothing but the target written once more with its sign
/// (`≥266米` reached as `≥266米`): what was really reached is then not known.
pub fn repeats_target(printed: &str, target: &Target) -> bool {
    let actual = text::normal(printed);
    let context = Context {
        is_actual: true,
        ..Context::default()
    };
    let signed = value(&actual, &context).operator.map(|it| it.0);
    let same_text = actual == text::normal(&target.printed);
    let same_sign = signed.is_some() && signed == target.operator.map(|it| it.0);
    signed.is_some()
        && (same_text || (same_sign && read_actual(printed, None, target) == target.measure))
}

impl Target {
    /// Whether more is better, by the operator. `None` for words or when it cannot be told.
    pub fn direction(&self) -> Option<Direction> {
        self.operator.and_then(|(operator, _)| operator.direction())
    }
}

/// Whether two printed operators say different things.
fn contradict(first: Operator, second: Operator) -> bool {
    let equal = |operator| operator == Operator::Equal;
    first.direction() != second.direction() || equal(first) != equal(second)
}

/// Whether an indicator's name says that it is about time.
fn is_about_time(name: &str) -> bool {
    ["时间", "时限", "日期", "周期", "期限", "节点", "进度"]
        .iter()
        .any(|word| name.contains(word))
}

fn as_words(measure: Measure, printed: &str) -> Measure {
    match measure {
        Measure::Absent | Measure::Template | Measure::YesNo(_) => measure,
        _ => Measure::Words(printed.trim().to_owned()),
    }
}

/// 无: nothing happened, or not applicable?
fn none_reached(printed: &str, target: &Target) -> Measure {
    match &target.measure {
        Measure::Quantity { value, unit } if value.is_zero() => Measure::Unreadable {
            reason: format!("「{printed}」可能是 0，也可能是不适用，请填写数字"),
            likely: Some(format!("0{unit}")),
        },
        Measure::YesNo(_) => Measure::YesNo(false),
        Measure::Words(words) if words::is_question(words) => Measure::YesNo(false),
        _ => Measure::Absent,
    }
}

fn value_has_no_unit(normal: &str) -> bool {
    let (_, bare) = operator::sign(normal);
    let bare = operator::before(bare).rest;
    let bare = operator::after(bare).0;
    text::number(bare).is_some_and(|(_, rest)| rest.is_empty())
}

/// `95%以上` reached of ≥98%: a bound that does not reach the target says nothing.
fn bound_only(
    printed: &str,
    operator: Option<(Operator, OperatorSource)>,
    target: &Target,
    value: Decimal,
    wanted: Decimal,
) -> Option<Measure> {
    let (bound, _) = operator.filter(|(operator, _)| *operator != Operator::Equal)?;
    let side = bound.direction()?;
    let enough = match target.direction() {
        Some(Direction::Positive) => side == Direction::Positive && value >= wanted,
        Some(Direction::Reverse) => side == Direction::Reverse && value <= wanted,
        None => false,
    };
    (!enough).then(|| Measure::Unreadable {
        reason: format!("「{printed}」只是一个范围，看不出实际完成多少，请填写实际数字"),
        likely: None,
    })
}

/// `290%` reached of 90%: the sign ≥ of a copied target was scanned as a 2.
fn scanned(printed: &str, value: Decimal, wanted: Decimal, unit: &str) -> Option<Measure> {
    let rest = super::value::after_leading_two(value)?;
    (unit::is_percent(unit) && rest == wanted).then(|| Measure::Unreadable {
        reason: format!("「{printed}」可能是「≥」被识别成了 2，请核对"),
        likely: Some(format!("{rest}%")),
    })
}

/// A bare number that is off by the scale of the target's unit: 12000 of 1.2万亩, 0.96 of 95%.
fn other_scale(
    printed: &str,
    own_unit: bool,
    value: Decimal,
    wanted: Decimal,
    goal: &str,
) -> Option<Measure> {
    if own_unit || value.is_zero() || wanted.is_zero() {
        return None;
    }
    let is_share = unit::is_percent(goal)
        && value <= Decimal::ONE
        && value > Decimal::ZERO
        && wanted >= Decimal::from(50);
    if is_share {
        let percent = value.checked_mul(Decimal::ONE_HUNDRED)?.normalize();
        return Some(Measure::Unreadable {
            reason: format!("「{printed}」没有百分号，可能是 {percent}%，请核对"),
            likely: Some(format!("{percent}%")),
        });
    }
    let far = wanted.abs().checked_mul(Decimal::from(1_000))?;
    (unit::multiplies(goal) && value.abs() > far).then(|| Measure::Unreadable {
        reason: format!("「{printed}」没有单位，指标值的单位是「{goal}」，相差过大，请写上单位"),
        likely: Some(format!(
            "{printed}{}",
            goal.trim_start_matches(['十', '百', '千', '万', '亿'])
        )),
    })
}
