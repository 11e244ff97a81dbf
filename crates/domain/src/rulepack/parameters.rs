//! What a rule pack holds. Percentages are in percent (`80` is 80 %), points in points.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};

use super::target_form::TargetForms;
use super::{Advice, Attachments, Bands, BudgetRules, Review, Security, TargetReview};
use crate::finding::Severity;
use crate::number::{Centi, Decimal};

/// An exact number in a pack: a whole number, or a decimal in quotes (`"0.05"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact(pub Decimal);

impl Exact {
    /// The number as points, rounded to hundredths.
    pub fn centi(self) -> Centi {
        Centi::from_decimal(self.0).unwrap_or(Centi::ZERO)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Exact;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("整数，或加引号的小数（如 \"0.05\"）")
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Exact, E> {
                Ok(Exact(Decimal::from(number)))
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Exact, E> {
                text.parse()
                    .map(Exact)
                    .map_err(|_| E::custom(format!("「{text}」不是数字")))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// A resolved rule pack.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RulePack {
    /// What `--rules` takes.
    pub id: Arc<str>,
    /// Version of the content.
    pub version: Arc<str>,
    /// Chinese name.
    pub name: String,
    /// 行政区划代码 of the place that it belongs to; none for a national one.
    #[serde(default)]
    pub region: Option<String>,
    /// The pack whose values hold where this one is silent.
    #[serde(default)]
    pub parent: Option<String>,
    /// Documents and articles that receipts quote, by rule.
    pub clauses: Clauses,
    /// Points of the blocks of a self-evaluation.
    pub weights: Weights,
    /// 预算执行率.
    pub execution: Execution,
    /// 定量指标.
    pub quantity: Quantity,
    /// Over-completion.
    pub over: Over,
    /// 定性指标.
    pub qualitative: Qualitative,
    /// 满意度指标.
    pub satisfaction: Satisfaction,
    /// 评价等级 by total.
    pub grade: Bands<Arc<str>>,
    /// Results claimed against money spent.
    pub consistency: Consistency,
    /// 绩效运行监控.
    pub monitoring: Monitoring,
    /// 财政重点绩效评价.
    pub framework: Framework,
    /// 绩效目标审核.
    pub target_review: TargetReview,
    /// 事前绩效评估.
    pub ex_ante: ExAnte,
    /// 自评抽查.
    pub sampling: Sampling,
    /// How far a self score may be from its re-evaluation, in percent of the self score.
    pub reevaluation: Bands<String>,
    /// 整改.
    pub rectification: Rectification,
    /// 预算闸口、批复、目标调整.
    pub budget: BudgetRules,
    /// What must be attached.
    pub attachments: Attachments,
    /// Review routes.
    pub review: Review,
    /// What checks need.
    pub check: Check,
    /// 填报建议.
    pub advice: Advice,
    /// 账号安全.
    pub security: Security,
    /// 绩效目标申报表.
    pub target_forms: TargetForms,
}

/// Documents and articles by rule; quoted in receipts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clauses {
    /// 预算执行率
    pub execution: Arc<str>,
    /// A cap on the total by the execution rate, where the place has one.
    #[serde(default)]
    pub execution_cap: Option<Arc<str>>,
    /// 定量指标, more is better
    pub quantity: Arc<str>,
    /// 反向指标
    pub reverse: Arc<str>,
    /// 定性指标
    pub qualitative: Arc<str>,
    /// Over-completion
    pub over: Arc<str>,
    /// 评价等级
    pub grade: Arc<str>,
    /// 总分
    pub total: Arc<str>,
    /// 重点评价指标体系
    pub framework: Arc<str>,
    /// Consistency light
    pub consistency: Arc<str>,
    /// Monitoring lights
    pub monitoring: Arc<str>,
    /// 绩效目标审核
    pub target_review: Arc<str>,
    /// 事前绩效评估
    pub ex_ante: Arc<str>,
}

/// Points of the blocks of a self-evaluation; together 100.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// 预算执行率
    pub exec: Exact,
    /// 产出指标
    pub output: Exact,
    /// 效益指标
    pub benefit: Exact,
    /// 满意度指标
    pub satisfaction: Exact,
    /// 成本指标 where it is a first level of its own
    pub cost: Exact,
    /// Whether the split between the blocks must be kept, or only its sum.
    pub enforce_split: bool,
    /// The split where nobody can be asked.
    pub without_satisfaction: WithoutSatisfaction,
}

/// The split of a project without direct beneficiaries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WithoutSatisfaction {
    /// 产出指标
    pub output: Exact,
    /// 效益指标
    pub benefit: Exact,
}

/// How execution is scored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Execution {
    /// In proportion or by steps.
    pub mode: ExecutionMode,
    /// Percent of the points by execution rate in percent; used in mode `steps`.
    #[serde(default)]
    pub steps: Option<Bands<Exact>>,
    /// What holds when nothing was budgeted and nothing spent.
    pub zero_budget: ZeroBudget,
    /// Below this rate in percent a reason is asked for.
    pub explain_below: Exact,
    /// The highest total by execution rate in percent, where the place has one.
    #[serde(default)]
    pub cap: Option<Bands<Exact>>,
}

/// How execution becomes points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionMode {
    /// Rate × points, at most the points.
    Linear,
    /// A share of the points for each band of the rate.
    Steps,
}

/// What an adjusted budget of 0 with nothing spent is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZeroBudget {
    /// No points, with a warning.
    Zero,
    /// All points.
    Full,
    /// The record is not self-evaluated at all.
    Exempt,
}

/// How quantities are scored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantity {
    /// What an exceeded ceiling costs.
    pub reverse_mode: ReverseMode,
    /// Whether ＝ is missed by more, too.
    pub equal_two_sided: bool,
}

/// What an exceeded ceiling costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReverseMode {
    /// target ÷ actual × points
    Ratio,
    /// All points at the target, none at twice the target, a straight line between.
    LinearToDouble,
}

/// Over-completion.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Over {
    /// Above this completion in percent an explanation is asked for.
    pub explain_above: Exact,
    /// What over-completion costs.
    pub penalty: OverPenalty,
    /// Percent of the points by completion in percent; used by `tiered` when the reviewer ticked
    /// 年初指标值设定明显偏低.
    pub tiers: Bands<Exact>,
    /// Points taken; used by `points`.
    #[serde(default)]
    pub points: Option<Exact>,
    /// From this completion in percent (contained) on; used by `points`.
    #[serde(default)]
    pub points_from: Option<Exact>,
}

/// What over-completion costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverPenalty {
    /// What a reviewer enters with a reason.
    Manual,
    /// By tiers, when a reviewer ticked that the target was set too low.
    Tiered,
    /// A fixed number of points from a completion on.
    Points,
}

/// Bands of qualitative points, in percent of the points.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualitative {
    /// 达成 begins here (contained).
    pub achieved_from: Exact,
    /// 部分达成 begins here (contained).
    pub partial_from: Exact,
}

/// How satisfaction is scored.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Satisfaction {
    /// The method.
    pub method: SatisfactionMethod,
    /// From here on all points; used by `threshold`.
    #[serde(default)]
    pub full_from: Option<Exact>,
    /// Below here none; used by `threshold`.
    #[serde(default)]
    pub zero_below: Option<Exact>,
}

/// How satisfaction is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SatisfactionMethod {
    /// Like every other quantity.
    Proportional,
    /// All points from one rate on, none below another, in proportion between.
    Threshold,
}

/// Limits of the consistency light, as shares (0.05 is 5 %).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// Red above this gap between results and execution.
    pub red_above: Exact,
    /// Yellow above this share of money left.
    pub yellow_above: Exact,
}

/// 绩效运行监控.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    /// The cut-off month, 1 to 12.
    pub month: u8,
    /// Rounds a year.
    pub rounds: u8,
    /// Which target blue is measured against.
    pub blue_basis: BlueBasis,
    /// Deviation in percent from which a reason is asked for.
    pub deviation_flag: Exact,
    /// Lights by progress in percent of the prorated target.
    pub lights: Bands<Light>,
}

/// Which target far-ahead progress is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlueBasis {
    /// The share of the year that has passed.
    Prorated,
    /// The whole year's target.
    Annual,
}

/// A light, worst first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// 红
    Red,
    /// 黄
    Yellow,
    /// 绿
    Green,
    /// 蓝
    Blue,
}

/// 财政重点绩效评价.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// 产出 and 效益 together have at least so many percent of the points.
    pub output_benefit_min: Exact,
}

/// 事前绩效评估.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExAnte {
    /// The side that every band contains.
    pub closed: super::Closed,
    /// Conclusion by score.
    pub bands: Vec<super::Band<String>>,
    /// Percent of an item's points by rating.
    pub rating: Ratings,
}

/// Percent of an item's points by rating.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratings {
    /// 优
    pub excellent: Exact,
    /// 良
    pub good: Exact,
    /// 中
    pub fair: Exact,
    /// 差, where the assessor types nothing
    pub poor: Exact,
}

/// 自评抽查.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sampling {
    /// Percent of a department's self-evaluations.
    pub percent: Exact,
    /// At least so many of a department that has any.
    pub minimum: u32,
}

/// 整改.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rectification {
    /// Days until the report is due.
    pub days: u32,
}

/// What checks need.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Severities that differ from the rules' own.
    #[serde(default)]
    pub severity: BTreeMap<String, Severity>,
    /// Limits by name.
    #[serde(default)]
    pub threshold: BTreeMap<String, Exact>,
}
