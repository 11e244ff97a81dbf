//! The test vectors of the domain reference (T1–T17), and what holds for every input.

mod forms;
mod properties;
mod receipts;
mod vectors;

use std::sync::Arc;

use super::*;
use crate::number::Fen;
use crate::rulepack::{builtin, default_pack};

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn centi(text: &str) -> Centi {
    Centi::from_decimal(decimal(text)).unwrap()
}

pub(super) fn money(adjusted_yuan: &str, executed_yuan: &str) -> BudgetExecution {
    BudgetExecution {
        adjusted_fen: Fen::from_yuan(decimal(adjusted_yuan)).unwrap(),
        executed_fen: Fen::from_yuan(decimal(executed_yuan)).unwrap(),
    }
}

pub(super) fn operator(sign: &str) -> Operator {
    [
        Operator::Greater,
        Operator::AtLeast,
        Operator::Equal,
        Operator::Less,
        Operator::AtMost,
    ]
    .into_iter()
    .find(|operator| operator.sign() == sign)
    .unwrap()
}

pub(super) fn quantity_input(
    sign: &str,
    target: &str,
    actual: &str,
    weight: &str,
) -> IndicatorInput {
    IndicatorInput {
        name: Arc::from(format!("指标 {sign}{target}")),
        target_text: Arc::from(format!("{sign}{target}")),
        actual_text: Arc::from(actual),
        weight: centi(weight),
        attainment: Attainment::Quantity {
            operator: operator(sign),
            direction: None,
            target: decimal(target),
            actual: decimal(actual),
        },
        is_satisfaction: false,
        target_too_low: false,
        manual_deduction: None,
    }
}

pub(super) fn quality_input(quality: Quality, chosen: &str, weight: &str) -> IndicatorInput {
    IndicatorInput {
        name: Arc::from("社会效益"),
        target_text: Arc::from("显著提升"),
        actual_text: Arc::from("达成"),
        attainment: Attainment::Quality {
            quality,
            chosen: Some(centi(chosen)),
        },
        ..quantity_input("≥", "1", "1", weight)
    }
}

/// T10: the full project of the domain reference.
pub(super) fn full_project() -> ScoreInput {
    ScoreInput {
        kind: ObjectKind::Project,
        name: Arc::from("完整项目"),
        budget: vec![money("4500000", "3825000")],
        execution_weight: centi("10"),
        indicators: vec![
            quantity_input("≥", "50", "48", "15"),
            quantity_input("≥", "1000", "1200", "10"),
            quantity_input("≥", "98", "96", "10"),
            quantity_input("≥", "100", "100", "5"),
            quantity_input("≤", "80", "88", "10"),
            quality_input(Quality::Achieved, "13.00", "15"),
            quantity_input("≥", "300", "270", "15"),
            quantity_input("≥", "90", "86.5", "10"),
        ],
        deductions: Vec::new(),
    }
}
