//! What an indicator (绩效指标) is made of: operator, direction, headings, and the two values.

mod compare;
mod date;
mod operator;
mod print;
mod read;
mod text;
mod unit;
mod value;
mod words;

pub use compare::{Comparison, comparable, compare, span};
pub use operator::operator_in_name;
pub use read::{TargetCells, read_actual, read_target, repeats_target};
pub use words::{Claim, claim};

use serde::{Deserialize, Serialize};

use crate::number::Decimal;

/// The operator that a cell of the column 指标性质 names, whatever way it is written.
pub fn operator_of(cell: &str) -> Option<Operator> {
    operator::column(cell)
}

/// Whether a text was left over from the form's template: `指标2：`, `……`, `**`.
pub fn is_template_text(text: &str) -> bool {
    text::is_template(&text::normal(text))
}

/// 绩效指标性质 (计算符号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// ＞
    Greater,
    /// ≥
    AtLeast,
    /// ＝
    Equal,
    /// ＜
    Less,
    /// ≤
    AtMost,
    /// 定性
    Qualitative,
}

/// 指标方向性: is more better, or less?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// 正向指标
    Positive,
    /// 反向指标
    Reverse,
}

impl Operator {
    /// The sign as forms print it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Greater => "＞",
            Self::AtLeast => "≥",
            Self::Equal => "＝",
            Self::Less => "＜",
            Self::AtMost => "≤",
            Self::Qualitative => "定性",
        }
    }

    /// The direction that the operator implies; ＝ is positive unless marked otherwise.
    ///
    /// Source: domain reference §5.5 (1,2 → 正向; 4,5 → 反向; 3 → positive unless marked).
    pub fn direction(self) -> Option<Direction> {
        match self {
            Self::Greater | Self::AtLeast | Self::Equal => Some(Direction::Positive),
            Self::Less | Self::AtMost => Some(Direction::Reverse),
            Self::Qualitative => None,
        }
    }
}

/// Where an operator was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperatorSource {
    /// A sign in the cell or in the column 指标性质.
    Sign,
    /// Words: 不少于, 以上, 不超过.
    Words,
    /// Nothing printed: inferred from what the indicator measures. Never grounds for an E.
    Inferred,
}

/// A target or actual value as understood. The printed text is kept beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    /// Nothing stands there, or `/`, `—`, `无`.
    Absent,
    /// A number with its unit (`266 米`, `98 %`, `1600 元/亩`). Percent 98 is 98 with unit `%`.
    Quantity {
        /// The number.
        value: Decimal,
        /// The unit as printed; empty when none.
        unit: String,
    },
    /// Both ends (`18—54周岁`).
    Range {
        /// The lower end.
        low: Decimal,
        /// The upper end.
        high: Decimal,
        /// The unit as printed.
        unit: String,
    },
    /// By or at a date (`2021年底前`, `9月前`): the last day it allows, as year (if printed),
    /// month and day (if printed). Earlier is better.
    Date {
        /// Year, where printed.
        year: Option<i32>,
        /// Month 1–12, where printed or implied.
        month: Option<u8>,
        /// Day 1–31, where printed.
        day: Option<u8>,
    },
    /// So many times in each period (`1次/月`).
    Frequency {
        /// How many.
        count: Decimal,
        /// 次, 期 …
        unit: String,
        /// 年, 季度, 月, 周, 日.
        per: String,
    },
    /// 是 / 否, 有 / 无 as an answer.
    YesNo(bool),
    /// Words: 有效, 显著提升, 好坏, 完成.
    Words(String),
    /// Left from the template: `……`, `≥**`, `指标2：`.
    Template,
    /// Something stands there that cannot be understood with certainty; why, and what it
    /// probably was. A finding, never a guess.
    Unreadable {
        /// A Chinese sentence.
        reason: String,
        /// What it probably was (`≥80次` for `280次`).
        likely: Option<String>,
    },
}

/// A target with its operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The text as printed.
    pub printed: String,
    /// The operator, and where it was taken from. `None` when it cannot be told.
    pub operator: Option<(Operator, OperatorSource)>,
    /// The value.
    pub measure: Measure,
}

#[cfg(test)]
mod tests;
