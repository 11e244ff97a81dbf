//! Units: the same measure under different names and scales.

use super::text::normal;
use crate::number::{Decimal, scaled};

/// A unit taken apart: a factor as a fraction, what is counted, and for each what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    numerator: Decimal,
    denominator: Decimal,
    base: String,
    per: Vec<String>,
}

/// Names of one measure: written, base, numerator and denominator of the factor.
const NAMES: [(&str, &str, i64, i64); 36] = [
    ("百分比", "%", 1, 1),
    ("百分数", "%", 1, 1),
    ("百分点", "%", 1, 1),
    ("个百分点", "%", 1, 1),
    ("兀", "元", 1, 1),
    ("人民币", "元", 1, 1),
    ("角", "元", 1, 10),
    ("平方米", "平方米", 1, 1),
    ("平米", "平方米", 1, 1),
    ("平方", "平方米", 1, 1),
    ("㎡", "平方米", 1, 1),
    ("m²", "平方米", 1, 1),
    ("m2", "平方米", 1, 1),
    ("亩", "平方米", 10_000, 15),
    ("公顷", "平方米", 10_000, 1),
    ("hm²", "平方米", 10_000, 1),
    ("hm2", "平方米", 10_000, 1),
    ("平方公里", "平方米", 1_000_000, 1),
    ("平方千米", "平方米", 1_000_000, 1),
    ("km²", "平方米", 1_000_000, 1),
    ("km2", "平方米", 1_000_000, 1),
    ("m", "米", 1, 1),
    ("公里", "米", 1_000, 1),
    ("千米", "米", 1_000, 1),
    ("km", "米", 1_000, 1),
    ("厘米", "米", 1, 100),
    ("cm", "米", 1, 100),
    ("毫米", "米", 1, 1_000),
    ("mm", "米", 1, 1_000),
    ("吨", "公斤", 1_000, 1),
    ("t", "公斤", 1_000, 1),
    ("千克", "公斤", 1, 1),
    ("kg", "公斤", 1, 1),
    ("立方米", "立方米", 1, 1),
    ("m³", "立方米", 1, 1),
    ("m3", "立方米", 1, 1),
];

/// Names of one thing counted.
const SAME: [(&str, &str); 10] = [
    ("顼", "项"),
    ("周岁", "岁"),
    ("日", "天"),
    ("学时", "课时"),
    ("头", "只"),
    ("名", "人"),
    ("人数", "人"),
    ("个人", "人"),
    ("条次", "条"),
    ("季", "季度"),
];

/// Whether the unit is a percentage.
pub(super) fn is_percent(unit: &str) -> bool {
    let unit = parts(unit);
    unit.base == "%" && unit.per.is_empty()
}

/// Whether the unit multiplies by 万 or more.
pub(super) fn multiplies(unit: &str) -> bool {
    multiplier(&normal(unit)).0 > Decimal::ONE
}

/// `value` in `from`, expressed in `into`; `None` when the two measure different things.
pub(super) fn convert(value: Decimal, from: &str, into: &str) -> Option<Decimal> {
    let (from, into) = (parts(from), parts(into));
    if !same_thing(&from, &into) {
        return None;
    }
    if (from.numerator, from.denominator) == (into.numerator, into.denominator) {
        return Some(value);
    }
    scaled(
        value,
        from.numerator.checked_mul(into.denominator)?,
        from.denominator.checked_mul(into.numerator)?,
    )
}

/// Whether two units do not contradict each other, scale included.
pub(super) fn agree(first: &str, second: &str) -> bool {
    convert(Decimal::ONE, first, second) == Some(Decimal::ONE)
        || (parts(first).base == parts(second).base && !multiplies(first) && !multiplies(second))
}

fn same_thing(from: &Parts, into: &Parts) -> bool {
    let measured = |unit: &Parts| {
        unit.base == "%" || unit.base == "元" || NAMES.iter().any(|name| name.1 == unit.base)
    };
    // 个 counts whatever the other counts; a missing unit is the other's.
    let general = |unit: &Parts| matches!(unit.base.as_str(), "个" | "项" | "件" | "处");
    let counts = (general(from) && !measured(into)) || (general(into) && !measured(from));
    let open = from.base.is_empty() || into.base.is_empty();
    (from.base == into.base || counts || open) && from.per == into.per
}

fn parts(unit: &str) -> Parts {
    let unit = normal(unit);
    let (whole, per) = unit.split_once('/').unwrap_or((unit.as_str(), ""));
    let (factor, base) = multiplier(whole);
    let mut per: Vec<String> = per
        .split(['/', '*', '·', '、', '.', '×'])
        .filter(|part| !part.is_empty())
        .map(|part| same(part).to_owned())
        .collect();
    per.sort();
    let known = NAMES.iter().find(|(name, ..)| *name == base);
    let (base, numerator, denominator) = known.map_or((same(base), 1, 1), |name| {
        let (_, base, numerator, denominator) = *name;
        (base, numerator, denominator)
    });
    Parts {
        numerator: factor.saturating_mul(Decimal::from(numerator)),
        denominator: Decimal::from(denominator),
        base: base.to_owned(),
        per,
    }
}

fn same(name: &str) -> &str {
    SAME.iter()
        .find(|(other, _)| *other == name)
        .map_or(name, |(_, name)| name)
}

/// 万, 百万, 亿 before what is counted.
fn multiplier(unit: &str) -> (Decimal, &str) {
    for (word, factor) in [
        ("万亿", 1_000_000_000_000_i64),
        ("亿", 100_000_000),
        ("千万", 10_000_000),
        ("百万", 1_000_000),
        ("十万", 100_000),
        ("万", 10_000),
    ] {
        if let Some(rest) = unit.strip_prefix(word) {
            return (Decimal::from(factor), rest);
        }
    }
    (Decimal::ONE, unit)
}
