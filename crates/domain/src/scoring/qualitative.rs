//! 定性指标 (domain reference §4.4), dates, ranges, yes or no, and lines that stay open.

use super::{IndicatorInput, Refusal, node, operand};
use crate::number::{Centi, Decimal, scaled};
use crate::receipt::Node;
use crate::rulepack::RulePack;

/// The three grades of a qualitative indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quality {
    /// 达成年度指标
    Achieved,
    /// 部分达成年度指标并具有一定效果
    Partial,
    /// 未达成年度指标且效果较差
    Missed,
}

impl Quality {
    /// The short word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Achieved => "达成",
            Self::Partial => "部分达成",
            Self::Missed => "未达成",
        }
    }
}

/// The lowest and the highest points of a grade, both allowed. The bands do not overlap: exactly
/// 80 % belongs to 达成, exactly 60 % to 部分达成.
///
/// Source: 财预〔2020〕10号 annex 1 (100%–80%（含）…); half-open bands as checked in use.
pub fn quality_bounds(pack: &RulePack, quality: Quality, weight: Centi) -> (Centi, Centi) {
    let at = |percent: Decimal| {
        scaled(weight.decimal(), percent, Decimal::ONE_HUNDRED)
            .and_then(Centi::from_decimal)
            .unwrap_or(Centi::ZERO)
    };
    let below = |points: Centi| (points - Centi(1)).max(Centi::ZERO);
    let achieved = at(pack.qualitative.achieved_from.0);
    let partial = at(pack.qualitative.partial_from.0);
    match quality {
        Quality::Achieved => (achieved, weight),
        Quality::Partial => (partial, below(achieved)),
        Quality::Missed => (Centi::ZERO, below(partial)),
    }
}

/// The line of the receipt of a quality that the scorer judged.
pub(super) fn line(
    pack: &RulePack,
    input: &IndicatorInput,
    quality: Quality,
    chosen: Option<Centi>,
) -> Result<Node, Refusal> {
    let (low, high) = quality_bounds(pack, quality, input.weight);
    let points = match (chosen, quality) {
        (Some(chosen), _) if chosen < low || chosen > high => {
            return Err(Refusal::OutsideBand {
                name: input.name.clone(),
                quality: quality.label(),
                low,
                high,
                chosen,
            });
        }
        (Some(chosen), _) => Some(chosen),
        (None, Quality::Achieved) => Some(input.weight),
        (None, _) => None,
    };
    let mut line = judged(pack, input, "quality");
    line.operands.extend([
        operand("quality", quality.label()),
        operand("low", low),
        operand("high", high),
    ]);
    line.points = points;
    line.sentence = match points {
        Some(points) if points == input.weight => None,
        Some(points) => Some(format!(
            "{}：目标「{}」，实际「{}」，在 {low} 至 {high} 分之间评 {points} 分，扣 {} 分。",
            quality.label(),
            input.target_text,
            input.actual_text,
            input.weight - points
        )),
        None => Some(format!(
            "{}，请在 {low} 至 {high} 分之间评分：{}。",
            quality.label(),
            input.name
        )),
    };
    Ok(line)
}

/// The line of something that is there or is not: all points or none.
pub(super) fn all_or_nothing(
    pack: &RulePack,
    input: &IndicatorInput,
    method: &'static str,
    facts: [(&'static str, String); 3],
    met: bool,
) -> Node {
    let mut line = judged(pack, input, method);
    line.rule.clause = pack.clauses.quantity.clone();
    let facts = facts.into_iter().filter(|(name, _)| !name.is_empty());
    line.operands
        .extend(facts.map(|(name, fact)| operand(name, fact.as_str())));
    line.points = Some(if met { input.weight } else { Centi::ZERO });
    if !met {
        line.sentence = Some(format!(
            "目标 {}，实际 {}，未达到，扣 {} 分。",
            input.target_text, input.actual_text, input.weight
        ));
    }
    line
}

/// The line of an indicator without points yet.
pub(super) fn open(pack: &RulePack, input: &IndicatorInput, why: &str) -> Node {
    let mut line = judged(pack, input, "open");
    line.sentence = Some(why.to_owned());
    line
}

fn judged(pack: &RulePack, input: &IndicatorInput, method: &'static str) -> Node {
    let mut line = node(input.name.clone(), method, pack, &pack.clauses.qualitative);
    line.weight = Some(input.weight);
    line.operands.extend([
        operand("target_text", input.target_text.clone()),
        operand("actual_text", input.actual_text.clone()),
        operand("weight", input.weight),
    ]);
    line
}
