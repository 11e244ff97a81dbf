//! Whether what was reached meets the target.

use super::{Measure, Target};
use crate::number::Decimal;

/// What comparing an actual value with its target says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// The target is reached.
    Met {
        /// How many percent of the target were reached, exact; for a ceiling target ÷ actual.
        /// `None` where a percentage has no meaning (dates, words, zero targets).
        completion_percent: Option<Decimal>,
    },
    /// The target is not reached.
    Missed {
        /// As in [`Comparison::Met`].
        completion_percent: Option<Decimal>,
    },
    /// It cannot be told.
    Unclear {
        /// Why: a Chinese sentence.
        why: String,
    },
}

/// Compares an actual value with its target.
pub fn compare(_target: &Target, _actual: &Measure) -> Comparison {
    Comparison::Unclear {
        why: "指标值和完成值无法比较".to_owned(),
    }
}
