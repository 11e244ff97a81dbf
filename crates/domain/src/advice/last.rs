//! The target against last year's.

use super::line::{Line, plain};
use super::{Found, Mend, Past, Table};
use crate::check::text::bare_name;
use crate::indicator::{Direction, Measure, TargetCells, read_actual, read_target};
use crate::number::{Decimal, scaled};

pub(super) fn advise(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let Some((value, unit)) = line.quantity() else {
        return;
    };
    let Some(reached) = reached(table, line, unit) else {
        return;
    };
    let shown = format!("{}{unit}", plain(reached));
    let is_whole = line.is_percent() && value == Decimal::ONE_HUNDRED;
    if value == reached && !value.is_zero() && !is_whole {
        let message = format!(
            "「{}」的指标值 {} 与上年实际完成值相同",
            line.title(),
            line.shown()
        );
        let mend = Mend::say("请想一想今年的条件有没有变化；确实不变的，留好依据备查");
        found.add("A06", line.path("value"), message, mend);
    }
    let direction = line
        .operator()
        .and_then(crate::indicator::Operator::direction);
    // How much of what was reached is asked for; of a ceiling, how much of it was needed.
    let share = match direction {
        Some(Direction::Reverse) => scaled(reached, Decimal::ONE_HUNDRED, value),
        Some(Direction::Positive) => scaled(value, Decimal::ONE_HUNDRED, reached),
        None => None,
    };
    let is_reverse = direction == Some(Direction::Reverse);
    let below = share.is_some_and(|share| share < table.rules.below_last_percent.0);
    if below && reached > Decimal::ZERO && value > Decimal::ZERO {
        let word = if is_reverse { "宽很多" } else { "低很多" };
        let message = format!(
            "「{}」上年实际完成 {shown}，今年只定 {}，{word}",
            line.title(),
            line.shown()
        );
        let path = line.path("value");
        let sentence = format!("请按上年实际改为 {}，或写明降低要求的原因", plain(reached));
        let mend = Mend::put(sentence, [(path.clone(), plain(reached))]);
        found.add("A07", path, message, mend);
    }
}

/// What last year's indicator of this name reached, in this unit.
fn reached(table: &Table<'_>, line: &Line<'_>, unit: &str) -> Option<Decimal> {
    let same = |past: &&Past| !line.name.is_empty() && bare_name(&past.name) == line.name;
    let past = table.context.last.iter().find(same)?;
    let (value, own) = reached_value(past, &line.row.level2)?;
    (own == unit).then_some(value)
}

/// The number that an indicator reached, with its unit; none where it reached none.
pub fn reached_value(past: &Past, level2: &str) -> Option<(Decimal, String)> {
    let target = read_target(TargetCells {
        printed: &past.value,
        operator: Some(&past.operator),
        unit: Some(&past.unit),
        name: &past.name,
        level2,
    });
    match read_actual(&past.actual, None, &target) {
        Measure::Quantity { value, unit } => Some((value, unit)),
        _ => None,
    }
}
