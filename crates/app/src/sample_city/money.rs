//! Budget lines and payments of an object in a year.

use super::actual::{Health, health};
use super::city::{City, Object};
use super::dice::Dice;
use super::rows::Rows;
use super::store;

/// One budget line.
#[derive(Debug, Clone)]
pub(super) struct Line {
    origin: &'static str,
    change: &'static str,
    fen: i64,
    document: String,
    requires_npc_approval: bool,
}

/// The money of one year.
#[derive(Debug, Clone, Default)]
pub(super) struct Money {
    lines: Vec<Line>,
    /// 全年预算数 (调整后), in fen.
    pub(super) adjusted: i64,
    /// What was paid in each month, in fen.
    pub(super) paid: [i64; 12],
}

impl Money {
    /// Paid up to the end of `month`, in fen.
    pub(super) fn paid_until(&self, month: usize) -> i64 {
        self.paid.iter().take(month).sum()
    }

    /// Paid in the whole year, in fen.
    pub(super) fn executed(&self) -> i64 {
        self.paid_until(12)
    }
}

impl<'a> std::iter::Sum<&'a Self> for Money {
    /// A department's money: its projects' together, without lines of its own.
    fn sum<I: Iterator<Item = &'a Self>>(all: I) -> Self {
        let mut sum = Self::default();
        for one in all {
            sum.adjusted += one.adjusted;
            for (month, paid) in sum.paid.iter_mut().zip(one.paid) {
                *month += paid;
            }
        }
        sum
    }
}

/// The money of `object` in `year`, of which `fen` was asked for.
pub(super) fn money(object: &Object, year: i64, fen: i64) -> Money {
    let lines = lines(object, year, fen);
    let adjusted = lines.iter().map(|line| line.fen).sum();
    let paid = paid(object, year, adjusted);
    Money {
        lines,
        adjusted,
        paid,
    }
}

fn lines(object: &Object, year: i64, fen: i64) -> Vec<Line> {
    let mut dice = object.dice(&format!("lines {year}"));
    let dice = &mut dice;
    let mut lines = Vec::new();
    let is_added = object.has('s') && year == 2020;
    let change = if is_added { "supplement" } else { "initial" };
    let (first, last) = if is_added { (60, 240) } else { (1, 48) };
    let above = if object.has('U') {
        fen
    } else if object.has('u') {
        // Money from above comes in odd amounts.
        fen * dice.between(3_500, 7_500) / 10_000 / 10_000 * 10_000
    } else {
        0
    };
    let mut push = |origin, change, fen, document, requires_npc_approval| {
        if fen != 0 {
            lines.push(Line {
                origin,
                change,
                fen,
                document,
                requires_npc_approval,
            });
        }
    };
    let number = document(dice, year, first, last);
    let in_debt = is_added && object.has('f');
    push("local", change, fen - above, number, in_debt);
    let number = document(dice, year, first, last);
    push("transfer_from_above", change, above, number, false);
    if object.is_monthly || is_added {
        return lines;
    }
    if object.has('r') && year == 2020 {
        let cut = -(fen * dice.between(15, 30) / 100 / 10_000 * 10_000);
        push(
            "local",
            "reduction",
            cut,
            document(dice, year, 180, 260),
            false,
        );
    } else if dice.chance(16) {
        let more = fen * dice.between(4, 18) / 100 / 10_000 * 10_000;
        let origin = if above > 0 {
            "transfer_from_above"
        } else {
            "local"
        };
        push(
            origin,
            "supplement",
            more,
            document(dice, year, 90, 260),
            false,
        );
    } else if dice.chance(7) && !object.has('n') {
        let left = fen * dice.between(300, 1_200) / 10_000 / 10_000 * 10_000;
        push(
            "carry_over",
            "initial",
            left,
            document(dice, year, 49, 59),
            false,
        );
    }
    lines
}

fn document(dice: &mut Dice, year: i64, first: i64, last: i64) -> String {
    format!("绵财预〔{year}〕{}号", dice.between(first, last))
}

/// How much of 10,000 is paid in the year.
fn rate(object: &Object, year: i64, dice: &mut Dice) -> i64 {
    if object.has('b') {
        return dice.between(2_800, 4_600);
    }
    if object.has('l') {
        return dice.between(4_800, 7_200);
    }
    if object.is_monthly {
        return dice.between(9_860, 10_000);
    }
    if health(object, year) == Health::Slow {
        return dice.between(6_900, 9_300);
    }
    match dice.between(1, 100) {
        1..=34 => 10_000,
        35..=68 => dice.between(9_620, 9_990),
        69..=89 => dice.between(9_000, 9_600),
        90..=97 => dice.between(7_800, 8_990),
        _ => dice.between(5_200, 7_700),
    }
}

fn paid(object: &Object, year: i64, adjusted: i64) -> [i64; 12] {
    let mut dice = object.dice(&format!("paid {year}"));
    let total = adjusted * rate(object, year, &mut dice) / 10_000;
    let mut paid = [0; 12];
    let mut left = total;
    if object.is_monthly {
        for month in &mut paid[..11] {
            // A little more or less than a twelfth, to the yuan.
            *month = total * dice.between(7_900, 8_500) / 100_000 / 100 * 100;
            left -= *month;
        }
        paid[11] = left;
        return paid;
    }
    // Large works are paid in parts: the share of the first seven months decides the light.
    let early = match dice.between(1, 100) {
        _ if object.has('l') || object.has('b') => dice.between(8, 32),
        _ if health(object, year) == Health::Slow => dice.between(30, 58),
        1..=4 => dice.between(12, 33),
        5..=9 => dice.between(36, 46),
        10..=94 => dice.between(48, 66),
        _ => dice.between(71, 84),
    };
    let early_fen = total * early / 100 / 10_000 * 10_000;
    let first = dice.pick(&[[1, 4], [2, 5], [3, 6], [2, 6], [4, 6]]);
    let later = dice.pick(&[[7, 10], [8, 11], [9, 11], [8, 10]]);
    let part = early_fen * dice.between(30, 60) / 100 / 10_000 * 10_000;
    paid[first[0]] = part;
    paid[first[1]] = early_fen - part;
    let part = (total - early_fen) * dice.between(35, 65) / 100 / 10_000 * 10_000;
    paid[later[0]] = part;
    paid[later[1]] = total - early_fen - part;
    paid
}

/// Writes lines and payments of all objects but departments, whose money is their projects'.
pub(super) fn write(rows: &mut Rows, city: &City) {
    for object in &city.objects {
        for (year, money) in &object.money {
            for (place, line) in (1..).zip(&money.lines) {
                rows.record(
                    store::INSERT_BUDGET_LINE,
                    &[
                        &format!("b-{}-{year}-{place}", &object.id[2..]),
                        &object.id,
                        year,
                        &object.book,
                        &line.origin,
                        &line.change,
                        &line.fen,
                        &line.document,
                        &line.requires_npc_approval,
                    ],
                );
            }
            if money.lines.is_empty() {
                continue;
            }
            for (month, paid) in (1_i64..).zip(money.paid).filter(|(_, paid)| *paid != 0) {
                rows.record(
                    store::INSERT_EXECUTION,
                    &[
                        &format!("e-{}-{year}-{month:02}", &object.id[2..]),
                        &object.id,
                        year,
                        &month,
                        &paid,
                    ],
                );
            }
        }
    }
}
