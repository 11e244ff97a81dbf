//! What was reached of an indicator, in the middle of a year and at its end.

use domain::indicator::Operator;
use domain::number::Decimal;
use domain::scoring::{Attainment, Progress, Quality};

use super::city::{Object, wan};
use super::dice::Dice;
use super::money::Money;
use super::target::{Asked, Indicator, printed_day};

/// How well an object does in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    Good,
    Slow,
    Bad,
}

/// Routine work that does not fall behind.
const ROUTINE: [&str; 5] = ["meeting", "weather", "veterans", "exam", "village_service"];

/// How well `object` does in `year`.
pub(super) fn health(object: &Object, year: i64) -> Health {
    let is_routine = object.is_monthly || ROUTINE.contains(&object.theme);
    let falls_behind = !is_routine && object.dice(&format!("health {year}")).chance(16);
    if object.has('b') {
        Health::Bad
    } else if object.has('l') || falls_behind {
        Health::Slow
    } else {
        Health::Good
    }
}

/// The words of the form for the three grades of a quality.
fn words(quality: Quality) -> &'static str {
    match quality {
        Quality::Achieved => "达成年度指标",
        Quality::Partial => "部分达成年度指标并具有一定效果",
        Quality::Missed => "未达成年度指标且效果较差",
    }
}

/// `percent` of `target`, written as finely as people write it.
fn part(indicator: &Indicator, target: Decimal, percent: Decimal) -> Decimal {
    let value = target * percent / Decimal::ONE_HUNDRED;
    let places = match indicator.unit {
        "%" | "‰" => 1,
        _ => target.scale(),
    };
    value.round_dp(places).normalize()
}

/// The value at the end of `month`, and how it is measured.
pub(super) fn so_far(
    indicator: &Indicator,
    (money, month): (&Money, u8),
    health: Health,
    dice: &mut Dice,
) -> (String, Progress) {
    let (operator, target) = match &indicator.asked {
        Asked::Number(operator, target) => (*operator, *target),
        Asked::By(_) if health == Health::Good => return ("正常推进".into(), ACHIEVED),
        Asked::By(_) => return ("进度滞后，正在追赶".into(), PARTIAL),
        Asked::Word(_) if health == Health::Bad => {
            return (words(Quality::Partial).into(), PARTIAL);
        }
        Asked::Word(_) => return (words(Quality::Achieved).into(), ACHIEVED),
    };
    let is_reverse = operator == Operator::AtMost;
    let is_in_range = is_reverse || matches!(indicator.heading, 'Z' | 'S' | 'C');
    let books = from_the_books(indicator, money, usize::from(month));
    let actual = if let Some(actual) = books {
        actual
    } else if is_reverse {
        part(indicator, target, dice.hundredths(4_000, 9_500))
    } else if is_fixed(indicator, target) {
        target
    } else if is_in_range || indicator.is_share() || is_level(indicator) {
        // A share or a stock is what it is now; it does not grow with the months.
        let missed = dice.chance(if health == Health::Good { 2 } else { 14 });
        let percent = if missed {
            dice.hundredths(9_000, 9_850)
        } else {
            dice.hundredths(10_000, 10_150)
        };
        capped(
            indicator,
            part(indicator, target, percent).max_unless(missed, target),
        )
    } else {
        let pace = match health {
            Health::Good => dice.between(84, 116),
            Health::Slow => dice.between(61, 84),
            Health::Bad => dice.between(20, 55),
        };
        let percent = Decimal::from(i64::from(month) * pace) / Decimal::from(12);
        let reached = part(indicator, target, percent);
        let least = (target / Decimal::TEN).trunc().max(Decimal::ONE);
        if target.scale() == 0 && reached < least {
            least
        } else {
            reached
        }
    };
    let progress = if is_in_range {
        Progress::InRange {
            operator,
            target,
            actual,
        }
    } else {
        Progress::Prorated { target, actual }
    };
    (actual.to_string(), progress)
}

const ACHIEVED: Progress = Progress::Quality(Quality::Achieved);
const PARTIAL: Progress = Progress::Quality(Quality::Partial);

/// What is set by a standard, must not happen at all, or concerns a handful: it is met exactly.
fn is_fixed(indicator: &Indicator, target: Decimal) -> bool {
    // Acceptance of a handful of works, and what the law or the people's livelihood demands.
    const ALWAYS_MET: [&str; 8] = [
        "验收",
        "评审通过",
        "保障率",
        "脱贫",
        "应保尽保",
        "度汛",
        "无害化",
        "应助尽助",
    ];
    let is_always_met = ALWAYS_MET.iter().any(|word| indicator.name.contains(word));
    target.is_zero()
        || indicator.unit == "年"
        || (indicator.heading == 'C' && indicator.unit.contains('元'))
        || (is_always_met && target == Decimal::ONE_HUNDRED)
}

/// What the books tell: the cost of a project and the share that was left over.
fn from_the_books(indicator: &Indicator, money: &Money, month: usize) -> Option<Decimal> {
    let paid = money.paid_until(month);
    match indicator.name {
        "项目总成本" => Some(wan(paid).round_dp(2).normalize()),
        "结余率" if month == 12 => {
            let left = wan(money.adjusted - paid) * Decimal::ONE_HUNDRED;
            Some((left / wan(money.adjusted)).round_dp(2).normalize())
        }
        _ => None,
    }
}

/// What is kept up all year, and does not add up from month to month.
fn is_level(indicator: &Indicator) -> bool {
    const KEPT_UP: [&str; 12] = [
        "维护", "管护", "养护", "运维", "运行", "运营", "清扫", "管理", "配备", "保障", "享受",
        "供养",
    ];
    let is_counted = indicator.unit.contains('次') || indicator.unit == "天";
    let is_kept_up = KEPT_UP.iter().any(|word| indicator.name.starts_with(word)) && !is_counted;
    is_steady(indicator) || (indicator.heading == 'Q' && is_kept_up)
}

/// Rates that stay near their target in any year.
fn is_steady(indicator: &Indicator) -> bool {
    ["增值率", "稳定率"]
        .iter()
        .any(|word| indicator.name.contains(word))
}

trait MaxUnless {
    fn max_unless(self, missed: bool, least: Self) -> Self;
}

impl MaxUnless for Decimal {
    /// Rounding must not turn what was reached into something that was missed.
    fn max_unless(self, missed: bool, least: Self) -> Self {
        if missed { self } else { self.max(least) }
    }
}

fn capped(indicator: &Indicator, value: Decimal) -> Decimal {
    if indicator.is_share() {
        value.min(Decimal::ONE_HUNDRED).normalize()
    } else {
        value
    }
}

/// The value at the end of the year as printed, and what is scored.
pub(super) fn in_the_end(
    indicator: &Indicator,
    money: &Money,
    health: Health,
    dice: &mut Dice,
) -> (String, Attainment) {
    match &indicator.asked {
        Asked::By(due_on) => day(due_on, health, dice),
        Asked::Word(_) => quality(indicator, health, dice),
        Asked::Number(operator, target) => {
            let books = from_the_books(indicator, money, 12);
            let actual =
                books.unwrap_or_else(|| number(indicator, *operator, *target, health, dice));
            let attainment = Attainment::Quantity {
                operator: *operator,
                direction: None,
                target: *target,
                actual,
            };
            (actual.to_string(), attainment)
        }
    }
}

fn number(
    indicator: &Indicator,
    operator: Operator,
    target: Decimal,
    health: Health,
    dice: &mut Dice,
) -> Decimal {
    let risk = match health {
        Health::Good => 25,
        Health::Slow => 74,
        Health::Bad => 85,
    };
    if operator == Operator::AtMost {
        let over = dice.chance(risk / 3);
        let percent = if over {
            dice.hundredths(10_400, 11_900)
        } else {
            dice.hundredths(7_000, 10_000)
        };
        let value = part(indicator, target, percent);
        return if over { value } else { value.min(target) };
    }
    if is_fixed(indicator, target) {
        return target;
    }
    let missed = dice.chance(risk);
    let percent = match (missed, health, indicator.is_share()) {
        (true, ..) if is_steady(indicator) => dice.hundredths(9_750, 9_960),
        (false, ..) if is_steady(indicator) => dice.hundredths(10_000, 10_250),
        (true, _, true) if target >= Decimal::from(99) => dice.hundredths(9_740, 9_970),
        (true, Health::Good, true) => dice.hundredths(9_200, 9_960),
        (true, Health::Good, false) => dice.hundredths(6_600, 9_700),
        (true, Health::Slow, true) => dice.hundredths(6_000, 9_600),
        (true, Health::Slow, false) => dice.hundredths(3_000, 8_800),
        (true, Health::Bad, true) => dice.hundredths(4_800, 8_200),
        (true, Health::Bad, false) => dice.hundredths(2_000, 5_600),
        (false, _, true) => dice.hundredths(10_000, 10_400),
        (false, ..) if dice.chance(3) => dice.hundredths(13_300, 17_600),
        (false, ..) => dice.hundredths(10_000, 11_200),
    };
    capped(
        indicator,
        part(indicator, target, percent).max_unless(missed, target),
    )
}

fn day(due_on: &str, health: Health, dice: &mut Dice) -> (String, Attainment) {
    let mut numbers = due_on.split('-').map(|part| part.parse().unwrap_or(1));
    let mut next = || numbers.next().unwrap_or(1_i64);
    let (year, month, day) = (next(), next(), next());
    let is_late = dice.chance(match health {
        Health::Good => 4,
        Health::Slow => 30,
        Health::Bad => 80,
    });
    let (year, month, day) = if is_late && month == 12 {
        (year + 1, dice.between(1, 3), dice.between(8, 28))
    } else if is_late {
        (year, month + 1, dice.between(5, 28))
    } else {
        let back = dice.between(0, 1);
        (
            year,
            month - back,
            dice.between(3, if back == 1 { 28 } else { day }),
        )
    };
    let done_on = format!("{year}-{month:02}-{day:02}");
    let attainment = Attainment::Date {
        due_on: due_on.into(),
        done_on: done_on.as_str().into(),
    };
    (printed_day(&done_on), attainment)
}

fn quality(indicator: &Indicator, health: Health, dice: &mut Dice) -> (String, Attainment) {
    let quality = match (health, dice.between(1, 100)) {
        (Health::Good, 1..=95) | (Health::Slow, 1..=60) => Quality::Achieved,
        (Health::Bad, 41..) => Quality::Missed,
        _ => Quality::Partial,
    };
    let percent = match quality {
        Quality::Achieved if dice.chance(70) => 100,
        Quality::Achieved => dice.between(84, 97),
        Quality::Partial => dice.between(64, 76),
        Quality::Missed => dice.between(30, 54),
    };
    // Judges give whole and half points.
    let chosen = indicator.weight_centi * percent / 100 / 50 * 50;
    let attainment = Attainment::Quality {
        quality,
        chosen: Some(domain::number::Centi(chosen)),
    };
    (words(quality).into(), attainment)
}
