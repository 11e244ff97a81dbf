//! How alike two texts are.

use std::collections::BTreeMap;

use crate::form_reader::label::half_width;
use crate::number::Decimal;

/// The letters and digits of a text, in half-width; what stands between them says nothing.
pub(super) fn letters(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

/// Likeness in percent: twice the pairs of neighbouring letters that both texts have, over the
/// pairs of both. 0 where one of them has fewer than two letters.
///
/// House rule: Dice's measure needs no words, which Chinese does not mark, and anybody can count it
/// again by hand.
pub(super) fn likeness(first: &str, second: &str) -> Decimal {
    let (first, second) = (pairs(&letters(first)), pairs(&letters(second)));
    let count = |pairs: &BTreeMap<(char, char), u64>| pairs.values().sum::<u64>();
    let all = count(&first).saturating_add(count(&second));
    if first.is_empty() || second.is_empty() {
        return Decimal::ZERO;
    }
    let common: u64 = first
        .iter()
        .filter_map(|(pair, times)| second.get(pair).map(|other| *times.min(other)))
        .sum();
    Decimal::from(common.saturating_mul(200))
        .checked_div(Decimal::from(all))
        .unwrap_or_default()
}

fn pairs(text: &str) -> BTreeMap<(char, char), u64> {
    let mut found = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        let times: &mut u64 = found.entry(pair).or_default();
        *times = times.saturating_add(1);
    }
    found
}

/// Whether one text is the other with something put in at one place: 药品抽检完成率 and
/// 化妆品抽检完成率 are alike, but speak of two things.
pub(super) fn is_one_put_in(first: &str, second: &str) -> bool {
    let (first, second) = (letters(first), letters(second));
    let (short, long) = if first.len() <= second.len() {
        (first, second)
    } else {
        (second, first)
    };
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let head = short.chars().zip(long.chars()).take_while(same).count();
    let tail = short
        .chars()
        .rev()
        .zip(long.chars().rev())
        .take_while(same)
        .count();
    head.saturating_add(tail) >= short.chars().count()
}
