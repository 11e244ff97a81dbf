//! Lights: consistency of a self-evaluation (§4.7) and progress of monitoring (§4.8).

use crate::indicator::Operator;
use crate::number::{Centi, Decimal, Fen, scaled};
use crate::rulepack::{BlueBasis, Light, RulePack, ZeroBudget};

use super::Quality;

/// Results claimed against money spent: red when the results' share is far above execution's,
/// yellow when much money is left, none when there is nothing to say.
///
/// `results` are the indicators' points of `results_weight`, `execution` those of
/// `execution_weight`.
pub fn consistency_light(
    pack: &RulePack,
    (results, results_weight): (Centi, Centi),
    (execution, execution_weight): (Centi, Centi),
    adjusted: Fen,
    executed: Fen,
) -> Option<Light> {
    if results == Centi::ZERO {
        return None;
    }
    let claimed = scaled(results.decimal(), Decimal::ONE, results_weight.decimal())?;
    let spent = scaled(
        execution.decimal(),
        Decimal::ONE,
        execution_weight.decimal(),
    )?;
    let gap = scaled(claimed.checked_sub(spent)?, Decimal::ONE, claimed)?;
    if gap > pack.consistency.red_above.0 {
        return Some(Light::Red);
    }
    if adjusted == Fen::ZERO {
        return (pack.execution.zero_budget == ZeroBudget::Full).then_some(Light::Yellow);
    }
    let left = scaled((adjusted - executed).yuan(), Decimal::ONE, adjusted.yuan())?;
    (left > pack.consistency.yellow_above.0).then_some(Light::Yellow)
}

/// Progress of the budget in percent of the share of the year that has passed, and its light.
pub fn budget_light(pack: &RulePack, adjusted: Fen, executed: Fen, month: u8) -> (Decimal, Light) {
    let share = adjusted.yuan().checked_mul(Decimal::from(month));
    let progress = share
        .and_then(|share| scaled(executed.yuan(), Decimal::from(1_200), share))
        .unwrap_or(Decimal::ZERO);
    (progress, light_of(pack, progress))
}

/// What a monitored indicator has reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// 数量, 效益, 满意度 with ＝ ≥ ＞: measured against the share of the year.
    Prorated {
        /// 指标值 of the whole year.
        target: Decimal,
        /// 完成值 so far.
        actual: Decimal,
    },
    /// Ceilings, and 质量, 时效, 成本: in range or not.
    InRange {
        /// The operator; ＜ is strict here.
        operator: Operator,
        /// 指标值
        target: Decimal,
        /// 完成值 so far.
        actual: Decimal,
    },
    /// A judged quality.
    Quality(Quality),
}

/// The light of one indicator at the end of `month`.
pub fn indicator_light(pack: &RulePack, progress: Progress, month: u8) -> Light {
    match progress {
        Progress::Quality(Quality::Achieved) => Light::Green,
        Progress::Quality(Quality::Partial) => Light::Yellow,
        Progress::Quality(Quality::Missed) => Light::Red,
        Progress::InRange {
            operator,
            target,
            actual,
        } => {
            let inside = match operator {
                Operator::Greater => actual > target,
                Operator::AtLeast => actual >= target,
                Operator::Equal => actual == target,
                Operator::Less => actual < target,
                Operator::AtMost => actual <= target,
                Operator::Qualitative => false,
            };
            if inside { Light::Green } else { Light::Red }
        }
        Progress::Prorated { target, actual } if target.is_zero() => {
            if actual.is_zero() {
                Light::Green
            } else {
                Light::Red
            }
        }
        Progress::Prorated { target, actual } => {
            let share = target.checked_mul(Decimal::from(month));
            let reached = share.and_then(|share| scaled(actual, Decimal::from(1_200), share));
            let light = light_of(pack, reached.unwrap_or(Decimal::ZERO));
            if pack.monitoring.blue_basis == BlueBasis::Annual {
                return annual(actual, target, light);
            }
            light
        }
    }
}

/// Blue only from 120 % of the whole year's target on; nothing done is red.
fn annual(actual: Decimal, target: Decimal, prorated: Light) -> Light {
    let far = scaled(actual, Decimal::ONE_HUNDRED, target);
    if actual.is_zero() {
        Light::Red
    } else if far.is_some_and(|far| far >= Decimal::from(120)) {
        Light::Blue
    } else if prorated == Light::Blue {
        Light::Green
    } else {
        prorated
    }
}

/// The worst of several lights: red > yellow > green > blue.
pub fn worst(lights: impl IntoIterator<Item = Light>) -> Option<Light> {
    lights.into_iter().min()
}

fn light_of(pack: &RulePack, progress: Decimal) -> Light {
    pack.monitoring
        .lights
        .value(progress)
        .copied()
        .unwrap_or(Light::Red)
}
