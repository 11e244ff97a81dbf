//! Whether what was reached meets the target.

use super::date::Date;
use super::unit;
use super::words::{Claim, claim, on_time};
use super::{Direction, Measure, Operator, Target};
use crate::number::{Decimal, scaled};

/// What comparing an actual value with its target says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Comparison {
    /// The target is reached.
    Met {
        /// How many percent of the target were reached, exact; for a ceiling target ÷ actual.
        /// `None` where a percentage has no meaning (dates, words, zero targets).
        completion_percent: Option<Decimal>,
    },
    /// The target is not reached, or only in part.
    Missed {
        /// As in [`Comparison::Met`].
        completion_percent: Option<Decimal>,
    },
    /// It cannot be told.
    Unclear {
        /// Why: a Chinese sentence without its full stop.
        why: String,
    },
}

impl Comparison {
    fn of(met: bool) -> Self {
        let completion_percent = None;
        if met {
            Self::Met { completion_percent }
        } else {
            Self::Missed { completion_percent }
        }
    }

    fn unclear(why: impl Into<String>) -> Self {
        Self::Unclear { why: why.into() }
    }
}

/// Compares an actual value with its target, as a self-evaluation does: ＞ is met by its value.
///
/// Source: domain reference §4.2 (＞ and ＜ are scored like ≥ and ≤; ＝ is one-sided above 0).
pub fn compare(target: &Target, actual: &Measure) -> Comparison {
    use Measure::{
        Absent, Date as At, Frequency, Quantity, Range, Template, Unreadable, Words, YesNo,
    };
    match (&target.measure, actual) {
        (Unreadable { reason, .. }, _) => Comparison::unclear(format!("指标值：{reason}")),
        (Template, _) => Comparison::unclear("指标值还是模板里的占位文字，请填写"),
        (Absent, _) => Comparison::unclear("指标值没有填，无法比较"),
        (_, Unreadable { reason, .. }) => Comparison::unclear(format!("完成值：{reason}")),
        (_, Absent) => Comparison::unclear("完成值没有填"),
        (_, Template) => Comparison::unclear("完成值还是模板里的占位文字，请填写"),
        (
            Quantity { value, unit },
            Quantity {
                value: to,
                unit: shown,
            },
        ) => quantities(target, (*value, unit), (*to, shown)),
        (Range { low, high, unit }, Quantity { value, unit: shown }) => {
            match unit::convert(*value, shown, unit) {
                Some(value) => Comparison::of(*low <= value && value <= *high),
                None => units_differ(unit, shown),
            }
        }
        (
            Frequency { count, unit, per },
            Frequency {
                count: to,
                unit: shown,
                per: each,
            },
        ) => frequencies((*count, unit, per), (*to, shown, each)),
        (
            At { year, month, day },
            At {
                year: y,
                month: m,
                day: d,
            },
        ) => {
            let date = |year: &_, month: &_, day: &_| Date {
                year: *year,
                month: *month,
                day: *day,
            };
            dates(date(year, month, day), date(y, m, d))
        }
        (At { .. }, Words(words)) => match on_time(words) {
            Some(said) => Comparison::of(said == Claim::Reached),
            None => Comparison::unclear(format!(
                "指标值是日期，完成值「{words}」没有写日期，请填写完成的年月日"
            )),
        },
        (YesNo(wanted), YesNo(is)) => Comparison::of(wanted == is),
        (YesNo(true), Words(words)) => said("是", words),
        (Words(wanted), Words(words)) => said(wanted, words),
        (Words(wanted), YesNo(is)) => said(wanted, if *is { "是" } else { "否" }),
        (Quantity { .. } | Range { .. } | Frequency { .. }, Words(words)) => Comparison::unclear(
            format!("指标值是数字，完成值「{words}」不是，请填写实际完成的数字"),
        ),
        _ => Comparison::unclear(
            "指标值和完成值不是同一类内容，无法比较，请按指标值的写法填写完成值",
        ),
    }
}

/// Target and actual as numbers of one unit, where both are numbers: a frequency as times a year,
/// of a range only the actual. `None` when they are no numbers, or of different things.
pub fn comparable(target: &Target, actual: &Measure) -> Option<(Decimal, Decimal)> {
    match (&target.measure, actual) {
        (
            Measure::Quantity {
                value: wanted,
                unit,
            },
            Measure::Quantity { value, unit: shown },
        ) => Some((*wanted, unit::convert(*value, shown, unit)?)),
        (Measure::Range { high, unit, .. }, Measure::Quantity { value, unit: shown }) => {
            Some((*high, unit::convert(*value, shown, unit)?))
        }
        (
            Measure::Frequency { count, unit, per },
            Measure::Frequency {
                count: to,
                unit: shown,
                per: each,
            },
        ) => {
            let to = unit::convert(*to, shown, unit)?;
            if per == each {
                return Some((*count, to));
            }
            let a_year =
                |count: Decimal, per: &str| count.checked_mul(Decimal::from(in_a_year(per)?));
            Some((a_year(*count, per)?, a_year(to, each)?))
        }
        _ => None,
    }
}

/// The first and the last day that a date can mean, in ISO 8601. A year that is not printed is the
/// other date's or else `fiscal_year`; without any it stays out (`--12-31`).
pub fn span(
    measure: &Measure,
    other: &Measure,
    fiscal_year: Option<i32>,
) -> Option<(String, String)> {
    let year_of = |measure: &Measure| match measure {
        Measure::Date { year, .. } => *year,
        _ => None,
    };
    let Measure::Date { month, day, .. } = measure else {
        return None;
    };
    let year = year_of(measure).or(year_of(other)).or(fiscal_year);
    let date = Date {
        year,
        month: *month,
        day: *day,
    };
    let (first, last) = date.days();
    let head = year.map_or_else(|| "-".to_owned(), |year| format!("{year:04}"));
    let iso = |(month, day): (u8, u8)| format!("{head}-{month:02}-{day:02}");
    Some((iso(first), iso(last)))
}

fn said(wanted: &str, words: &str) -> Comparison {
    match claim(wanted, words) {
        Some(claim) => Comparison::of(claim == Claim::Reached),
        None => Comparison::unclear(format!(
            "看不出完成值「{words}」是否达到指标值「{wanted}」，请写明达成、部分达成或未达成"
        )),
    }
}

fn units_differ(wanted: &str, shown: &str) -> Comparison {
    let name = |unit: &str| {
        if unit.is_empty() {
            "没有单位".to_owned()
        } else {
            format!("「{unit}」")
        }
    };
    Comparison::unclear(format!(
        "指标值的单位{}与完成值的单位{}不同，无法比较，请用同一单位填写",
        name(wanted),
        name(shown)
    ))
}

fn quantities(
    target: &Target,
    (wanted, unit): (Decimal, &str),
    (shown, its_unit): (Decimal, &str),
) -> Comparison {
    let Some(actual) = unit::convert(shown, its_unit, unit) else {
        return units_differ(unit, its_unit);
    };
    let Some(direction) = target.direction() else {
        return Comparison::unclear(format!(
            "指标值「{}」没有写 ≥、≤ 或 ＝，看不出多好还是少好，请补上",
            target.printed
        ));
    };
    let equal = target.operator.is_some_and(|it| it.0 == Operator::Equal);
    let met = match direction {
        Direction::Positive if equal && wanted.is_zero() => actual <= wanted,
        Direction::Positive => actual >= wanted,
        Direction::Reverse => actual <= wanted,
    };
    let completion_percent = match direction {
        Direction::Positive => scaled(actual, Decimal::ONE_HUNDRED, wanted),
        Direction::Reverse => scaled(wanted, Decimal::ONE_HUNDRED, actual),
    };
    if met {
        Comparison::Met { completion_percent }
    } else {
        Comparison::Missed { completion_percent }
    }
}

fn frequencies(
    (wanted, unit, per): (Decimal, &str, &str),
    (shown, its_unit, each): (Decimal, &str, &str),
) -> Comparison {
    if unit::convert(Decimal::ONE, its_unit, unit).is_none() {
        return units_differ(unit, its_unit);
    }
    let (Some(periods), Some(its_periods)) = (in_a_year(per), in_a_year(each)) else {
        if per == each {
            return Comparison::of(shown >= wanted);
        }
        return units_differ(per, each);
    };
    let a_year = |count: Decimal, periods: u32| count.checked_mul(Decimal::from(periods));
    match (a_year(wanted, periods), a_year(shown, its_periods)) {
        (Some(wanted), Some(shown)) => Comparison::of(shown >= wanted),
        _ => Comparison::unclear("次数过大，无法精确计算"),
    }
}

/// How many of these periods a year has exactly; none for weeks and days.
fn in_a_year(period: &str) -> Option<u32> {
    Some(match period {
        "年" | "年度" => 1,
        "半年" => 2,
        "季度" | "季" => 4,
        "月" => 12,
        _ => return None,
    })
}

/// Whether the day of completion lies within what the target allows. A year that only one of the
/// two prints is taken as the other's, as forms speak of one year.
fn dates(due: Date, done: Date) -> Comparison {
    let year = due.year.or(done.year);
    let (due, done) = (
        Date { year, ..due },
        Date {
            year: done.year.or(year),
            ..done
        },
    );
    let (_, latest) = due.days();
    let (first, last) = done.days();
    if (done.year, last) <= (year, latest) {
        Comparison::of(true)
    } else if (done.year, first) > (year, latest) {
        Comparison::of(false)
    } else {
        Comparison::unclear("完成日期写得不够具体，看不出是否按期，请写到月或日")
    }
}
