//! Framework scores: 财政重点绩效评价 (domain reference §3.8, §4.6).

use std::sync::Arc;

use super::execution::BudgetExecution;
use super::total::finish;
use super::{Refusal, Scored, node, operand, percent_text};
use crate::number::{Centi, Decimal, scaled};
use crate::receipt::Node;
use crate::rulepack::RulePack;

/// One item of an evaluation framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameworkItem {
    /// 决策, 过程, 产出, 效益.
    pub level1: Arc<str>,
    /// 三级指标
    pub name: Arc<str>,
    /// Its points.
    pub weight: Centi,
    /// What the evaluators gave; none for 预算执行率, which is computed.
    pub given: Option<Centi>,
    /// For 预算执行率: what was paid, against what was received (not against the budget).
    pub paid: Option<BudgetExecution>,
    /// Why points were taken: a Chinese sentence; empty when none were.
    pub reason: Arc<str>,
}

/// Scores an evaluation framework; weights other than 100 are normalised.
///
/// Source: 财预〔2020〕10号 annex 2 (产出、效益不低于 60 %; 预算执行率 = 实际支出 ÷ 实际到位).
///
/// # Errors
/// 产出 and 效益 below the share that the pack asks for, points above their weight, no weights.
pub fn framework(
    pack: &RulePack,
    name: Arc<str>,
    items: &[FrameworkItem],
) -> Result<Scored, Refusal> {
    let sum: Centi = items.iter().map(|item| item.weight).sum();
    let results =
        |item: &&FrameworkItem| item.level1.starts_with("产出") || item.level1.starts_with("效");
    let share: Centi = items.iter().filter(results).map(|item| item.weight).sum();
    let least = pack.framework.output_benefit_min.0;
    let percent = scaled(share.decimal(), Decimal::ONE_HUNDRED, sum.decimal())
        .ok_or(Refusal::WeightsDoNotSum { sum })?;
    if percent < least {
        return Err(Refusal::TooLittleOutputAndBenefit { share, least });
    }
    let mut root = node(name, "total", pack, &pack.clauses.framework);
    root.weight = Some(Centi::HUNDRED);
    root.operands.push(operand("object", "重点评价"));
    for item in items {
        root.children.push(line(pack, item, sum)?);
    }
    finish(pack, &mut root, None);
    Ok(Scored {
        total: root.points,
        grade: root
            .operand("grade")
            .filter(|grade| !grade.is_empty())
            .map(Into::into),
        execution: None,
        indicators: root.points,
        root,
    })
}

fn line(pack: &RulePack, item: &FrameworkItem, sum: Centi) -> Result<Node, Refusal> {
    let too_large = || Refusal::TooLarge {
        name: item.name.clone(),
    };
    let weight = scaled(item.weight.decimal(), Decimal::ONE_HUNDRED, sum.decimal())
        .and_then(Centi::from_decimal)
        .ok_or_else(too_large)?;
    let mut line = node(item.name.clone(), "given", pack, &pack.clauses.framework);
    line.weight = Some(weight);
    line.operands.extend([
        operand("level1", item.level1.clone()),
        operand("weight", weight),
    ]);
    let (raw, why) = match (&item.paid, item.given) {
        (Some(paid), _) => {
            let (received, spent) = (paid.adjusted_fen.yuan(), paid.executed_fen.yuan());
            line.method = "paid_over_received".into();
            line.operands.push(operand("received_yuan", received));
            line.operands.push(operand("paid_yuan", spent));
            let raw = scaled(spent, weight.decimal(), received).and_then(Centi::from_decimal);
            let why = format!("实际支出为到位资金的 {}", percent_text(spent, received));
            (raw.map(|points| points.clamp(Centi::ZERO, weight)), why)
        }
        (None, Some(given)) if given < Centi::ZERO || given > item.weight => {
            return Err(Refusal::OutsideBand {
                name: item.name.clone(),
                quality: "评价得分",
                low: Centi::ZERO,
                high: item.weight,
                chosen: given,
            });
        }
        (None, Some(given)) => {
            line.operands.push(operand("given", given));
            line.operands.push(operand("of", item.weight));
            let raw = scaled(given.decimal(), weight.decimal(), item.weight.decimal());
            (raw.and_then(Centi::from_decimal), item.reason.to_string())
        }
        (None, None) => (None, "还没有评分".to_owned()),
    };
    line.points = raw;
    line.sentence = match raw {
        Some(points) if points < weight => Some(format!(
            "{why}，得 {points} 分，扣 {} 分。",
            weight - points
        )),
        Some(_) => None,
        None => Some(format!("{}：{why}。", item.name)),
    };
    Ok(line)
}
