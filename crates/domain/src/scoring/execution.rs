//! 预算执行率 (domain reference §4.1).

use std::sync::Arc;

use super::{Refusal, node, operand, percent_text};
use crate::number::{Centi, Decimal, Fen, round_to, scaled};
use crate::receipt::Node;
use crate::rulepack::{ExecutionMode, RulePack, ZeroBudget};

/// The money of one budget line or of a whole object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BudgetExecution {
    /// 全年预算数 / 调整后预算数: initial + supplements − reductions.
    pub adjusted_fen: Fen,
    /// 全年执行数
    pub executed_fen: Fen,
}

/// The score of execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionScore {
    /// Percent with two decimals; none when there was no budget.
    pub rate_percent: Option<Decimal>,
    /// The points; none when the pack exempts an object without budget.
    pub points: Option<Centi>,
    /// Chinese sentences about what is odd.
    pub warnings: Vec<String>,
    /// The line of the receipt.
    pub node: Node,
}

/// Scores execution: the sums of all lines, then one division.
///
/// Source: 财预〔2020〕10号 annex 1 (执行率 = 全年执行数 ÷ 全年预算数); domain reference §4.1, T17.
///
/// # Errors
/// Money spent without any budget.
pub fn execution(
    pack: &RulePack,
    lines: &[BudgetExecution],
    weight: Centi,
) -> Result<ExecutionScore, Refusal> {
    let adjusted: Fen = lines.iter().map(|line| line.adjusted_fen).sum();
    let executed: Fen = lines.iter().map(|line| line.executed_fen).sum();
    let mut warnings = Vec::new();
    let (budget, mut spent) = (adjusted.yuan(), executed.yuan());
    if spent.is_sign_negative() && !spent.is_zero() {
        warnings.push(format!("执行数为负（{spent} 元），按 0 计分：请核对退款"));
        spent = Decimal::ZERO;
    }
    let mut line = node(
        Arc::from("预算执行率"),
        "execution",
        pack,
        &pack.clauses.execution,
    );
    line.weight = Some(weight);
    line.operands.extend([
        operand("budget_yuan", budget),
        operand("executed_yuan", spent),
        operand("weight", weight),
    ]);
    if budget <= Decimal::ZERO {
        if spent > Decimal::ZERO {
            return Err(Refusal::SpentWithoutBudget { executed: spent });
        }
        let (word, points, sentence) = without_budget(pack, weight);
        line.operands.push(operand("zero_budget", word));
        line.points = points;
        warnings.push(sentence.clone());
        line.sentence = Some(sentence);
        return Ok(ExecutionScore {
            rate_percent: None,
            points,
            warnings,
            node: line,
        });
    }
    if spent > budget {
        warnings.push(format!(
            "超预算执行：执行 {spent} 元，大于全年预算 {budget} 元"
        ));
    }
    let points = points_by_rate(pack, spent, budget, weight, &mut line)
        .ok_or(Refusal::TooLarge {
            name: line.label.clone(),
        })?
        .min(weight);
    line.points = Some(points);
    if points < weight {
        line.sentence = Some(format!(
            "执行 {} 万元，为全年预算 {} 万元的 {}，得 {points} 分，扣 {} 分。",
            executed.max(Fen::ZERO).wan_text(),
            adjusted.wan_text(),
            percent_text(spent, budget),
            weight - points,
        ));
    }
    let rate = scaled(spent, Decimal::ONE_HUNDRED, budget).map(|rate| round_to(rate, 2));
    Ok(ExecutionScore {
        rate_percent: rate,
        points: Some(points),
        warnings,
        node: line,
    })
}

/// The points by the pack's mode, not yet capped; names the mode on the line. `None` when they
/// cannot be computed exactly.
fn points_by_rate(
    pack: &RulePack,
    spent: Decimal,
    budget: Decimal,
    weight: Centi,
    line: &mut Node,
) -> Option<Centi> {
    match pack.execution.mode {
        ExecutionMode::Linear => {
            line.operands.push(operand("mode", "linear"));
            scaled(spent, weight.decimal(), budget).and_then(Centi::from_decimal)
        }
        ExecutionMode::Steps => {
            let rate = scaled(spent, Decimal::ONE_HUNDRED, budget);
            let steps = pack.execution.steps.as_ref();
            let share = rate.and_then(|rate| steps.and_then(|steps| steps.value(rate).copied()));
            let share = share.map_or(Decimal::ZERO, |share| share.0);
            line.operands
                .extend([operand("mode", "steps"), operand("share_percent", share)]);
            scaled(weight.decimal(), share, Decimal::ONE_HUNDRED).and_then(Centi::from_decimal)
        }
    }
}

fn without_budget(pack: &RulePack, weight: Centi) -> (&'static str, Option<Centi>, String) {
    match pack.execution.zero_budget {
        ZeroBudget::Zero => (
            "zero",
            Some(Centi::ZERO),
            format!("全年预算数和执行数都是 0，预算执行率不得分，扣 {weight} 分。"),
        ),
        ZeroBudget::Full => (
            "full",
            Some(weight),
            "全年预算数和执行数都是 0，按规则预算执行率得满分。".to_owned(),
        ),
        ZeroBudget::Exempt => (
            "exempt",
            None,
            "全年预算数和执行数都是 0，按规则不纳入自评。".to_owned(),
        ),
    }
}
