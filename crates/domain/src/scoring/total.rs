//! The total, its cap and its grade (domain reference §4.6).

use std::sync::Arc;

use super::execution::{BudgetExecution, ExecutionScore, execution};
use super::{
    Attainment, IndicatorInput, ObjectKind, Refusal, node, operand, qualitative, quantity,
};
use crate::number::{Centi, Decimal, Fen, scaled};
use crate::receipt::{Node, Receipt};
use crate::rulepack::{Bands, Closed, RulePack};

/// Everything that a self-evaluation's score is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreInput {
    /// What is scored.
    pub kind: ObjectKind,
    /// Its name.
    pub name: Arc<str>,
    /// All its budget lines; a department has many.
    pub budget: Vec<BudgetExecution>,
    /// Points of 预算执行率; zero where the form has no such line.
    pub execution_weight: Centi,
    /// The indicators.
    pub indicators: Vec<IndicatorInput>,
    /// Points taken from the total, with their reasons.
    pub deductions: Vec<Deduction>,
}

/// Points taken from the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deduction {
    /// How many points.
    pub points: Centi,
    /// Why: a Chinese sentence.
    pub reason: Arc<str>,
}

/// A score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The total; none while a line is open.
    pub total: Option<Centi>,
    /// 优 良 中 差; none while the total is.
    pub grade: Option<Arc<str>>,
    /// The execution line, where there is one.
    pub execution: Option<ExecutionScore>,
    /// Σ of the indicators' points; none while one is open.
    pub indicators: Option<Centi>,
    /// The tree of the receipt, not yet sealed.
    pub root: Node,
}

impl Scored {
    /// The sealed receipt for `file`.
    pub fn receipt(self, file: &str) -> Receipt {
        Receipt::seal(file, self.root)
    }
}

/// Scores a project, a department or a policy.
///
/// Source: 财预〔2020〕10号 annex 1; domain reference §4.
///
/// # Errors
/// Weights that do not sum to 100, and everything that [`Refusal`] names.
pub fn score(pack: &RulePack, input: &ScoreInput) -> Result<Scored, Refusal> {
    let weights: Centi = input
        .indicators
        .iter()
        .map(|indicator| indicator.weight)
        .sum();
    let sum = weights + input.execution_weight;
    let outside = |weight: Centi| weight < Centi::ZERO || weight > Centi::HUNDRED;
    if sum != Centi::HUNDRED || input.indicators.iter().any(|line| outside(line.weight)) {
        return Err(Refusal::WeightsDoNotSum { sum });
    }
    let executed = if input.execution_weight > Centi::ZERO {
        Some(execution(pack, &input.budget, input.execution_weight)?)
    } else {
        None
    };
    let mut root = node(input.name.clone(), "total", pack, &pack.clauses.total);
    root.children
        .reserve_exact(input.indicators.len() + 1 + input.deductions.len());
    root.children
        .extend(executed.iter().map(|executed| executed.node.clone()));
    let mut indicators = Some(Centi::ZERO);
    for indicator in &input.indicators {
        let line = indicator_line(pack, indicator)?;
        indicators = indicators
            .zip(line.points)
            .map(|(sum, points)| sum + points);
        root.children.push(line);
    }
    root.children.extend(
        input
            .deductions
            .iter()
            .map(|deduction| deducted(pack, deduction)),
    );
    root.operands.push(operand("object", input.kind.label()));
    root.weight = Some(Centi::HUNDRED);
    let cap = cap(pack, &input.budget);
    finish(pack, &mut root, cap);
    Ok(Scored {
        total: root.points,
        grade: root
            .operand("grade")
            .filter(|grade| !grade.is_empty())
            .map(Into::into),
        execution: executed,
        indicators,
        root,
    })
}

/// The receipt's line of one indicator.
pub(super) fn indicator_line(pack: &RulePack, input: &IndicatorInput) -> Result<Node, Refusal> {
    Ok(match &input.attainment {
        Attainment::Quantity {
            operator,
            direction,
            target,
            actual,
        } => quantity::line(pack, input, *operator, *direction, *target, *actual)?,
        Attainment::Range { low, high, actual } => qualitative::all_or_nothing(
            pack,
            input,
            "range",
            [
                ("low", low.to_string()),
                ("high", high.to_string()),
                ("actual", actual.to_string()),
            ],
            low <= actual && actual <= high,
        ),
        Attainment::Date { due_on, done_on } => qualitative::all_or_nothing(
            pack,
            input,
            "date",
            [
                ("due_on", due_on.to_string()),
                ("done_on", done_on.to_string()),
                NOTHING,
            ],
            done_on <= due_on,
        ),
        Attainment::YesNo { done } => {
            let answer = if *done { "yes" } else { "no" };
            let facts = [("done", answer.to_owned()), NOTHING, NOTHING];
            qualitative::all_or_nothing(pack, input, "yes_no", facts, *done)
        }
        Attainment::Quality { quality, chosen } => {
            qualitative::line(pack, input, *quality, *chosen)?
        }
        Attainment::Open { why } => qualitative::open(pack, input, why),
    })
}

const NOTHING: (&str, String) = ("", String::new());

fn deducted(pack: &RulePack, deduction: &Deduction) -> Node {
    let points = deduction.points.max(Centi::ZERO);
    let mut line = node(
        deduction.reason.clone(),
        "deduction",
        pack,
        &pack.clauses.total,
    );
    line.operands.push(operand("points", points));
    line.points = Some(-points);
    line.weight = Some(Centi::ZERO);
    line.sentence = Some(format!("{}，扣 {points} 分。", deduction.reason));
    line
}

/// The highest total that the execution rate allows, where the pack has such a rule.
fn cap(pack: &RulePack, budget: &[BudgetExecution]) -> Option<(Centi, Decimal)> {
    let bands = pack.execution.cap.as_ref()?;
    let adjusted: Fen = budget.iter().map(|line| line.adjusted_fen).sum();
    let executed: Fen = budget.iter().map(|line| line.executed_fen).sum();
    let rate = scaled(
        executed.yuan().max(Decimal::ZERO),
        Decimal::ONE_HUNDRED,
        adjusted.yuan(),
    )?;
    bands.value(rate).map(|most| (most.centi(), rate))
}

/// Sums the children, applies the cap and grades.
pub(super) fn finish(pack: &RulePack, root: &mut Node, cap: Option<(Centi, Decimal)>) {
    let points: Option<Centi> = root.children.iter().map(|child| child.points).sum();
    let points = points.map(|sum| sum.clamp(Centi::ZERO, Centi::HUNDRED));
    let most = cap.map_or(Centi::HUNDRED, |(most, _)| most);
    if let Some((most, rate)) = cap {
        if let Some(clause) = &pack.clauses.execution_cap {
            root.rule.clause = clause.clone();
        }
        root.operands.push(operand("cap", most));
        root.operands.push(operand("rate_percent", rate));
    }
    root.points = points.map(|points| points.min(most));
    let grade = root
        .points
        .and_then(|total| pack.grade.value(total.decimal()));
    root.operands
        .push(operand("grade_bands", bands_text(&pack.grade).as_str()));
    root.operands
        .push(operand("grade", grade.map_or("", |grade| grade)));
    root.sentence = match (points, root.points, cap) {
        (None, ..) => Some("还有指标没有得分，总分待定。".to_owned()),
        (Some(sum), Some(total), Some((most, rate))) if total < sum => Some(format!(
            "各行合计 {sum} 分；预算执行率 {:.2}%，按规则总分不超过 {most} 分，扣 {} 分。",
            crate::number::round_to(rate, 2),
            sum - total
        )),
        _ => None,
    };
}

/// `low|差:60|中:80|良:90|优`: the side that is contained, then names and upper ends.
fn bands_text(bands: &Bands<Arc<str>>) -> String {
    let mut text = String::from(match bands.closed {
        Closed::Low => "low",
        Closed::High => "high",
    });
    for band in &bands.bands {
        text.push('|');
        text.push_str(&band.value);
        if let Some(to) = band.to {
            text.push(':');
            text.push_str(&to.0.to_string());
        }
    }
    text
}
