//! Scores with receipts (domain reference §4): project, department, policy and framework.
//!
//! Every function here is exact and pure. What cannot be computed from what is filled stays
//! without points and says why; it is never guessed.

mod execution;
mod form;
mod framework;
mod lights;
mod qualitative;
mod quantity;
mod review;
mod total;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

pub use execution::{BudgetExecution, ExecutionScore, execution};
pub use form::{FormRefusal, input_from_form, row_target, score_form};
pub use framework::{FrameworkItem, framework};
pub use lights::{Progress, budget_light, consistency_light, indicator_light, worst};
pub use qualitative::{Quality, quality_bounds};
pub use quantity::{completion, quantity};
pub use review::{ExAnteConclusion, ex_ante_conclusion, sample_size, target_review_grade};
pub use total::{Deduction, ScoreInput, Scored, score};

use crate::indicator::{Direction, Operator};
use crate::number::{Centi, Decimal};
use crate::receipt::{Node, Operand, Rule};
use crate::rulepack::RulePack;

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    /// 项目支出
    Project,
    /// 部门整体支出
    Department,
    /// 政策
    Policy,
}

impl ObjectKind {
    /// The word on screen and in receipts.
    pub fn label(self) -> &'static str {
        match self {
            Self::Project => "项目支出",
            Self::Department => "部门整体支出",
            Self::Policy => "政策",
        }
    }
}

/// How an indicator was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attainment {
    /// A number against a number.
    Quantity {
        /// ＞ ≥ ＝ ＜ ≤
        operator: Operator,
        /// Set where ＝ is marked 反向.
        direction: Option<Direction>,
        /// 指标值
        target: Decimal,
        /// 完成值
        actual: Decimal,
    },
    /// A number against a closed range.
    Range {
        /// Lower end, contained.
        low: Decimal,
        /// Upper end, contained.
        high: Decimal,
        /// 完成值
        actual: Decimal,
    },
    /// A date against a date, both ISO 8601; earlier is better.
    Date {
        /// The last day that the target allows.
        due_on: Arc<str>,
        /// The day of completion.
        done_on: Arc<str>,
    },
    /// A yes or no (直接赋分).
    YesNo {
        /// Whether what was asked for is there.
        done: bool,
    },
    /// A quality that the scorer judged.
    Quality {
        /// 达成 / 部分达成 / 未达成
        quality: Quality,
        /// The points that the scorer chose; none proposes the top of 达成.
        chosen: Option<Centi>,
    },
    /// What cannot be computed: a blank or unreadable value, and why (a Chinese sentence).
    Open {
        /// Why there are no points yet.
        why: String,
    },
}

/// One indicator to be scored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorInput {
    /// 三级指标
    pub name: Arc<str>,
    /// 指标值 as printed.
    pub target_text: Arc<str>,
    /// 完成值 as printed.
    pub actual_text: Arc<str>,
    /// 分值
    pub weight: Centi,
    /// How it was met.
    pub attainment: Attainment,
    /// Whether it is a 满意度指标, which some packs score by thresholds.
    pub is_satisfaction: bool,
    /// Whether a reviewer ticked 年初指标值设定明显偏低.
    pub target_too_low: bool,
    /// Points that a reviewer took for over-completion, with the reason.
    pub manual_deduction: Option<(Centi, String)>,
}

/// Why something cannot be scored at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Money was spent without any budget.
    #[error("全年预算数为 0，却有执行数 {executed} 元：请核对预算数，更正后再计分")]
    SpentWithoutBudget {
        /// Yuan.
        executed: Decimal,
    },
    /// A weight below 0 or above 100, or a total of weights that is not 100.
    #[error("分值合计为 {sum}，应为 100：请核对预算执行率和各指标的分值")]
    WeightsDoNotSum {
        /// What they sum to.
        sum: Centi,
    },
    /// Chosen points outside the band of the chosen grade.
    #[error("「{name}」选为{quality}，得分应在 {low} 至 {high} 之间，填的是 {chosen}")]
    OutsideBand {
        /// The indicator.
        name: Arc<str>,
        /// 达成 …
        quality: &'static str,
        /// Lowest.
        low: Centi,
        /// Highest.
        high: Centi,
        /// What was chosen.
        chosen: Centi,
    },
    /// A negative target cannot be scored in proportion.
    #[error("「{name}」的指标值为负数，不能按比例计分：请改为定性指标，或改写指标")]
    NegativeTarget {
        /// The indicator.
        name: Arc<str>,
    },
    /// A number beyond what can be computed exactly.
    #[error("「{name}」的数字过大，无法精确计算：请核对数字和单位")]
    TooLarge {
        /// The line.
        name: Arc<str>,
    },
    /// 产出 and 效益 have too little weight in a framework.
    #[error("产出和效益合计 {share} 分，不到总分的 {least}%：请调整指标体系的分值")]
    TooLittleOutputAndBenefit {
        /// Points of 产出 and 效益.
        share: Centi,
        /// Percent.
        least: Decimal,
    },
}

/// An open line of the receipt under `clause`.
fn node(label: Arc<str>, method: &'static str, pack: &RulePack, clause: &Arc<str>) -> Node {
    Node {
        label,
        method: Cow::Borrowed(method),
        operands: Vec::new(),
        rule: Rule {
            pack: pack.id.clone(),
            version: pack.version.clone(),
            clause: clause.clone(),
        },
        points: None,
        weight: None,
        sentence: None,
        children: Vec::new(),
        digest: String::new(),
    }
}

/// An operand with its name.
fn operand(name: &'static str, value: impl Into<Operand>) -> (Cow<'static, str>, Operand) {
    (Cow::Borrowed(name), value.into())
}

/// `rate` as a percentage with two decimals, such as `97.40%`.
fn percent_text(part: Decimal, whole: Decimal) -> String {
    crate::number::scaled(part, Decimal::ONE_HUNDRED, whole).map_or_else(
        || "—".to_owned(),
        |rate| format!("{:.2}%", crate::number::round_to(rate, 2)),
    )
}
