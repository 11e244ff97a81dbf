//! 考核指标: what each one is called, how it is computed, and its value from counted records.
//!
//! A metric is defined once, here. Its records are listed by one query (in the application's
//! store); the value is computed from nothing but the tally of that list, so that a figure and
//! the records behind it cannot differ.

mod definitions;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::number::{Decimal, round_to, scaled};

pub use definitions::DEFINITIONS;

/// How a value is computed from the records that are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// How many records hit.
    Count,
    /// How many percent of the records hit, two decimals; not applicable without records.
    Share,
    /// How many different parts have a record that hits.
    Distinct,
    /// Whether a record hits.
    YesNo,
    /// The mean of the hitting records' amounts, which are hundredths of a point.
    MeanPoints,
    /// How many percent of the records' amounts belong to records that hit.
    AmountShare,
    /// The sum of the hitting records' amounts; not applicable when none has an amount.
    Sum,
    /// The mean of the hitting records' amounts, which are hundredths of a percent.
    MeanPercent,
}

/// One figure: its shape and unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// What it is called on screen.
    pub name: &'static str,
    /// How it is computed.
    pub shape: Shape,
    /// 个, %, 家 …; a yes or no has 是/否.
    pub unit: &'static str,
    /// The formula in words.
    pub formula: &'static str,
}

/// A metric of the assessment.
///
/// Source: domain reference §6; the headings are the seed statement's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// `P1.1` … `A2.2`.
    pub id: &'static str,
    /// The main figure.
    pub figure: Figure,
    /// Whether the count by part is worth telling (6 部门整体, 24 项目, 1 政策).
    pub has_parts: bool,
    /// Figures that belong to it: 按期率 beside 完成率, 参训单位 beside 培训次数.
    pub also: &'static [Figure],
}

/// What the list of a figure's records gives for one part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// The part: a kind, a budget book, a level; empty where there are none.
    pub part: String,
    /// How many records are listed.
    pub records: i64,
    /// How many of them count.
    pub hits: i64,
    /// Σ of the amounts of those that count; none when none has an amount.
    pub hit_amount: Option<i64>,
    /// Σ of all amounts.
    pub amount: Option<i64>,
}

/// A value. Not applicable is none of these, never 100 %.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// An exact number; a percentage is a number of percent.
    Number(#[serde(serialize_with = "exact")] Decimal),
    /// A yes or no.
    Truth(bool),
}

fn exact<S: serde::Serializer>(number: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let number: serde_json::Number = number
        .to_string()
        .parse()
        .map_err(serde::ser::Error::custom)?;
    number.serialize(serializer)
}

impl Value {
    /// The value as it is printed in a sentence: `6`, `100`, `97.83`, `是`.
    pub fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Truth(true) => "是".to_owned(),
            Self::Truth(false) => "否".to_owned(),
        }
    }
}

/// A computed figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// The value; `None` is 不适用.
    pub value: Option<Value>,
    /// How many records stand behind it: those that count, or the denominator of a share.
    pub records: i64,
    /// The count of each part that has one, in the order of the tallies.
    pub parts: Vec<(String, i64)>,
}

/// The figure that `tallies` give.
pub fn compute(shape: Shape, tallies: &[Tally]) -> Computed {
    let records: i64 = tallies.iter().map(|tally| tally.records).sum();
    let hits: i64 = tallies.iter().map(|tally| tally.hits).sum();
    let sum = |take: fn(&Tally) -> Option<i64>| {
        let amounts: Vec<i64> = tallies.iter().filter_map(take).collect();
        (!amounts.is_empty()).then(|| amounts.iter().sum::<i64>())
    };
    let hit_amount = sum(|tally| tally.hit_amount);
    let number = |number: i64| Some(Value::Number(Decimal::from(number)));
    let present = tallies.iter().filter(|tally| tally.hits > 0);
    let value = match shape {
        Shape::Count => number(hits),
        Shape::Share => percent(hits, records),
        Shape::Distinct => number(i64::try_from(present.clone().count()).unwrap_or(i64::MAX)),
        Shape::YesNo => Some(Value::Truth(hits > 0)),
        Shape::MeanPoints | Shape::MeanPercent => hit_amount.and_then(|amount| mean(amount, hits)),
        Shape::AmountShare => percent(
            hit_amount.unwrap_or(0),
            sum(|tally| tally.amount).unwrap_or(0),
        ),
        Shape::Sum => hit_amount.and_then(number),
    };
    Computed {
        value,
        records: match shape {
            Shape::Share | Shape::AmountShare => records,
            _ => hits,
        },
        parts: present
            .map(|tally| (tally.part.clone(), tally.hits))
            .collect(),
    }
}

/// `part` of `whole` in percent, two decimals; none when there is no whole.
fn percent(part: i64, whole: i64) -> Option<Value> {
    let share = scaled(part.into(), Decimal::ONE_HUNDRED, whole.into())?;
    Some(Value::Number(round_to(share, 2).normalize()))
}

/// The mean of hundredths, in whole units with two decimals.
fn mean(sum_centi: i64, count: i64) -> Option<Value> {
    let mean = scaled(sum_centi.into(), Decimal::ONE, count.into())?;
    let whole = mean.checked_div(Decimal::ONE_HUNDRED)?;
    Some(Value::Number(round_to(whole, 2).normalize()))
}

/// The definition of a metric.
pub fn find(id: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.id == id)
}
