//! From a filed form to its score.
//!
//! The score is computed from what stands on the form, by the pack's rules. Points that the form
//! prints are taken over in one case only: where the rules let the scorer choose them (定性指标)
//! and they lie in the band of what the actual value claims.

use std::sync::Arc;

use super::{
    Attainment, BudgetExecution, IndicatorInput, ObjectKind, Quality, Refusal, ScoreInput,
    quality_bounds, score,
};
use crate::form::{Field, Form, FormKind, IndicatorRow, MoneyUnit};
use crate::indicator::{
    Claim, Comparison, Measure, Operator, Target, TargetCells, claim, comparable, compare,
    read_actual, read_target, span,
};
use crate::number::{Centi, Decimal, Fen};
use crate::receipt::Receipt;
use crate::rulepack::RulePack;

/// Why a filed form cannot be scored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormRefusal {
    /// A cell that is needed is blank or cannot be read.
    #[error("{place}：{what}{printed}，请填写数字后再计分", printed = quoted(.printed))]
    Cell {
        /// Where it is.
        place: String,
        /// What it is: 全年执行数.
        what: &'static str,
        /// What stands there; empty when blank.
        printed: String,
    },
    /// The form has points for execution, but no total of its money.
    #[error("预算执行率有 {weight} 分，但表里没有年度资金总额的预算数和执行数：请补上后再计分")]
    NoMoney {
        /// Its points.
        weight: Centi,
    },
    /// Points that are not 100 together.
    #[error(
        "指标分值合计 {indicators} 分，预算执行率 {execution} 分，共 {} 分，不是 100 分：请核对各行分值{}",
        *.indicators + *.execution,
        twenty(*.indicators)
    )]
    Weights {
        /// Sum of the indicators' points.
        indicators: Centi,
        /// Points of execution.
        execution: Centi,
    },
    /// An amount of money beyond what can be computed exactly.
    #[error("{place}：金额过大，无法精确计算，请核对数字和单位")]
    Amount {
        /// Where it is.
        place: String,
    },
    /// What the rules refuse.
    #[error(transparent)]
    Rules(#[from] Refusal),
}

/// What helps where the indicators make 80 points.
fn twenty(indicators: Centi) -> &'static str {
    if indicators == Centi(8_000) {
        "；如果当地预算执行率是 20 分，请改用规则包 execution-20"
    } else {
        ""
    }
}

fn quoted(printed: &str) -> String {
    if printed.is_empty() {
        "没有填".to_owned()
    } else {
        format!("写的是「{printed}」，不是数字")
    }
}

/// The sealed receipt of a form. `None` when the form has nothing to score: a table of targets, a
/// list, or a form without points.
///
/// # Errors
/// [`FormRefusal`] when the form has points, but they cannot be computed.
pub fn score_form(
    pack: &RulePack,
    form: &Form,
    file: &str,
) -> Result<Option<Receipt>, FormRefusal> {
    let Some(input) = input_from_form(pack, form)? else {
        return Ok(None);
    };
    Ok(Some(score(pack, &input)?.receipt(file)))
}

/// What a form says, as the scorer takes it. `None` when the form has nothing to score.
///
/// Source: domain reference §3.6, §4 (Σ of the points must be 100; the denominator is 全年预算数).
///
/// # Errors
/// Points that are not 100 together, and cells of money or points that cannot be read.
pub fn input_from_form(pack: &RulePack, form: &Form) -> Result<Option<ScoreInput>, FormRefusal> {
    let kind = match form.kind {
        FormKind::ProjectSelfEvaluation => ObjectKind::Project,
        FormKind::DepartmentSelfEvaluation => ObjectKind::Department,
        FormKind::ProjectTarget | FormKind::KeyEvaluation | FormKind::AnnualStatement => {
            return Ok(None);
        }
    };
    let mut indicators = Vec::with_capacity(form.indicators.len());
    for row in &form.indicators {
        if let Some(weight) = row_weight(row)? {
            indicators.push(indicator(pack, form, row, weight));
        }
    }
    if indicators.is_empty() {
        return Ok(None);
    }
    let sum: Centi = indicators.iter().map(|line| line.weight).sum();
    let execution_weight = execution_weight(pack, form, sum)?;
    if sum + execution_weight != Centi::HUNDRED {
        return Err(FormRefusal::Weights {
            indicators: sum,
            execution: execution_weight,
        });
    }
    let budget = if execution_weight > Centi::ZERO {
        vec![money(form, execution_weight)?]
    } else {
        Vec::new()
    };
    Ok(Some(ScoreInput {
        kind,
        name: name(form),
        budget,
        execution_weight,
        indicators,
        deductions: Vec::new(),
    }))
}

fn name(form: &Form) -> Arc<str> {
    [
        &form.project_name,
        &form.department,
        &form.unit,
        &form.title,
    ]
    .into_iter()
    .flatten()
    .map(|field| field.printed.as_str())
    .find(|printed| !printed.is_empty())
    .unwrap_or(form.kind.code())
    .into()
}

/// The points of a row; `None` for rows that have none, such as 其中….
fn row_weight(row: &IndicatorRow) -> Result<Option<Centi>, FormRefusal> {
    let Some(field) = row.weight.as_ref().filter(|field| !field.is_blank()) else {
        return Ok(None);
    };
    centi(field, "分值").map(Some)
}

fn centi(field: &Field<Decimal>, what: &'static str) -> Result<Centi, FormRefusal> {
    let points = field.value.and_then(Centi::from_decimal);
    points.ok_or_else(|| FormRefusal::Cell {
        place: field.place.clone(),
        what,
        printed: field.printed.clone(),
    })
}

/// Points of execution: as printed; where none are, nothing when the indicators alone make 100,
/// otherwise the pack's.
fn execution_weight(pack: &RulePack, form: &Form, indicators: Centi) -> Result<Centi, FormRefusal> {
    let printed = form
        .money
        .total
        .as_ref()
        .and_then(|row| row.weight.as_ref());
    match printed.filter(|field| !field.is_blank()) {
        Some(field) => centi(field, "预算执行率的分值"),
        None if indicators == Centi::HUNDRED => Ok(Centi::ZERO),
        None => Ok(pack.weights.exec.centi()),
    }
}

/// The money of the total row. Where the form has no column 全年预算数, its only budget counts.
fn money(form: &Form, weight: Centi) -> Result<BudgetExecution, FormRefusal> {
    let total = form.money.total.as_ref();
    let total = total.ok_or(FormRefusal::NoMoney { weight })?;
    let budget = total.adjusted.as_ref().or(total.initial.as_ref());
    let (Some(budget), Some(executed)) = (budget, &total.executed) else {
        return Err(FormRefusal::NoMoney { weight });
    };
    let unit = form.money.unit.as_ref().and_then(|field| field.value);
    Ok(BudgetExecution {
        adjusted_fen: amount(budget, unit, "全年预算数")?,
        executed_fen: amount(executed, unit, "全年执行数")?,
    })
}

fn amount(
    field: &Field<Decimal>,
    unit: Option<MoneyUnit>,
    what: &'static str,
) -> Result<Fen, FormRefusal> {
    let value = field.value.ok_or_else(|| FormRefusal::Cell {
        place: field.place.clone(),
        what,
        printed: field.printed.clone(),
    })?;
    let yuan = match unit {
        Some(MoneyUnit::Yuan) => Some(value),
        Some(MoneyUnit::YiYuan) => value.checked_mul(Decimal::from(100_000_000)),
        // Forms that print no unit are in 万元; the rate is the same in any.
        Some(MoneyUnit::WanYuan) | None => value.checked_mul(Decimal::from(10_000)),
    };
    yuan.and_then(Fen::from_yuan)
        .ok_or_else(|| FormRefusal::Amount {
            place: field.place.clone(),
        })
}

fn text(field: Option<&Field>) -> &str {
    field.map_or("", |field| field.printed.as_str())
}

/// The target of a row of the indicator table.
pub fn row_target(row: &IndicatorRow) -> Target {
    read_target(TargetCells {
        printed: text(row.target.as_ref()),
        operator: row.operator.as_ref().map(|field| field.printed.as_str()),
        unit: row.unit.as_ref().map(|field| field.printed.as_str()),
        name: text(row.level3.as_ref()),
        level2: text(row.level2.as_ref()),
    })
}

fn indicator(pack: &RulePack, form: &Form, row: &IndicatorRow, weight: Centi) -> IndicatorInput {
    let target = row_target(row);
    let printed = text(row.actual.as_ref());
    let actual = read_actual(printed, None, &target);
    let levels = [&row.level3, &row.level2, &row.level1];
    let named = levels
        .into_iter()
        .find(|field| !text(field.as_ref()).is_empty());
    let is_satisfaction = levels
        .iter()
        .any(|field| text(field.as_ref()).contains("满意"));
    let fiscal_year = form.fiscal_year.as_ref().and_then(|field| field.value);
    let attainment = attainment(&target, &actual, fiscal_year);
    IndicatorInput {
        name: named.map_or_else(|| row.place.as_str().into(), |it| text(it.as_ref()).into()),
        target_text: target_text(row).into(),
        actual_text: printed.into(),
        weight,
        attainment: with_chosen(pack, attainment, row, weight),
        is_satisfaction,
        target_too_low: false,
        manual_deduction: None,
    }
}

/// The target's cells together: `≥` `266` `米` as `≥266米`.
fn target_text(row: &IndicatorRow) -> String {
    let value = text(row.target.as_ref());
    let sign = text(row.operator.as_ref());
    let unit = text(row.unit.as_ref());
    let sign = if sign == "定性" || value.starts_with(sign) {
        ""
    } else {
        sign
    };
    let unit = if value.ends_with(unit) { "" } else { unit };
    format!("{sign}{value}{unit}")
}

/// How an actual value meets its target, or why that cannot be told.
fn attainment(target: &Target, actual: &Measure, fiscal_year: Option<i32>) -> Attainment {
    if let Some(found) = measured(target, actual, fiscal_year) {
        return found;
    }
    match (said(target, actual), compare(target, actual)) {
        (Some(quality), _) => Attainment::Quality {
            quality,
            chosen: None,
        },
        (None, Comparison::Met { .. }) => Attainment::YesNo { done: true },
        (None, Comparison::Missed { .. }) => Attainment::YesNo { done: false },
        (None, Comparison::Unclear { why }) => Attainment::Open {
            why: format!("{why}。"),
        },
    }
}

/// A number against a number or a range, or a date against a date.
fn measured(target: &Target, actual: &Measure, fiscal_year: Option<i32>) -> Option<Attainment> {
    if let Measure::Range { low, high, .. } = target.measure {
        let (_, actual) = comparable(target, actual)?;
        return Some(Attainment::Range { low, high, actual });
    }
    if let Some((wanted, actual)) = comparable(target, actual) {
        let (operator, _) = target.operator?;
        if operator == Operator::Qualitative {
            return None;
        }
        if wanted.is_sign_negative() && !wanted.is_zero() {
            return Some(Attainment::Open {
                why: "指标值为负数，不能按比例计分：请改为定性指标，或改写指标。".to_owned(),
            });
        }
        return Some(Attainment::Quantity {
            operator,
            direction: None,
            target: wanted,
            actual,
        });
    }
    let met = match compare(target, actual) {
        Comparison::Met { .. } => true,
        Comparison::Missed { .. } => false,
        Comparison::Unclear { .. } => return None,
    };
    let (_, due_on) = span(&target.measure, actual, fiscal_year)?;
    let (first, last) = span(actual, &target.measure, fiscal_year)?;
    Some(Attainment::Date {
        due_on: due_on.into(),
        done_on: if met { last } else { first }.into(),
    })
}

/// What words claim about a target in words; of a plain 是 only that it is partly so, as a plain
/// answer has no quality.
fn said(target: &Target, actual: &Measure) -> Option<Quality> {
    let words = match actual {
        Measure::Words(words) => words,
        Measure::YesNo(true) => "是",
        Measure::YesNo(false) => "否",
        _ => return None,
    };
    let wanted = match &target.measure {
        Measure::Words(wanted) => wanted,
        Measure::YesNo(true) if claim("是", words) == Some(Claim::Partly) => "是",
        _ => return None,
    };
    claim(wanted, words).map(|claim| match claim {
        Claim::Reached => Quality::Achieved,
        Claim::Partly => Quality::Partial,
        Claim::Missed => Quality::Missed,
    })
}

/// The printed points of a qualitative indicator, where they lie in the band of its quality.
fn with_chosen(
    pack: &RulePack,
    attainment: Attainment,
    row: &IndicatorRow,
    weight: Centi,
) -> Attainment {
    let Attainment::Quality { quality, .. } = attainment else {
        return attainment;
    };
    let (low, high) = quality_bounds(pack, quality, weight);
    let printed = row.score.as_ref().and_then(|field| field.value);
    let chosen = printed
        .and_then(Centi::from_decimal)
        .filter(|points| low <= *points && *points <= high);
    Attainment::Quality { quality, chosen }
}
