//! Numbers in the cells for money and points.

use crate::form::{Field, MoneyUnit};
use crate::number::Decimal;

use super::grid::{At, View};
use super::label::half_width;

/// A number as it stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) value: Decimal,
    /// The unit of money in the cell.
    pub(crate) unit: Option<MoneyUnit>,
    pub(crate) percent: bool,
    /// Whether digits are full-width.
    pub(crate) wide: bool,
}

/// Whether people write this where there is no number.
pub fn is_placeholder(text: &str) -> bool {
    let bare: String = half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    !bare.is_empty()
        && (bare.chars().all(|letter| "-—－–―/\\_.·…×".contains(letter))
            || matches!(bare.as_str(), "无" | "N/A" | "不适用"))
}

/// The number in a text: with separators, a sign of percent, points or a unit of money behind it.
pub fn number_in(text: &str) -> Option<Decimal> {
    parse(text).map(|amount| amount.value)
}

/// Reads a number with separators, a sign of percent, points or a unit of money behind it.
pub(crate) fn parse(text: &str) -> Option<Amount> {
    let half: String = half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let wide = text.chars().any(|letter| ('０'..='９').contains(&letter));
    // `=100%` is how some write "exactly".
    let bare = half.trim_start_matches(['¥', '￥', '=']);
    let (bare, percent) = bare
        .strip_suffix('%')
        .map_or((bare, false), |rest| (rest, true));
    let suffixes = [
        ("亿元", Some(MoneyUnit::YiYuan)),
        ("万元", Some(MoneyUnit::WanYuan)),
        ("万", Some(MoneyUnit::WanYuan)),
        ("元", Some(MoneyUnit::Yuan)),
        ("分", None),
        ("", None),
    ];
    let (digits, unit) = suffixes
        .iter()
        .find_map(|(suffix, unit)| Some((bare.strip_suffix(suffix)?, *unit)))
        .unwrap_or((bare, None));
    let plain = without_separators(digits)?;
    let shape = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+');
    if !plain.chars().any(|letter| letter.is_ascii_digit()) || !plain.chars().all(shape) {
        return None;
    }
    let value = plain.parse::<Decimal>().ok()?.normalize();
    Some(Amount {
        value,
        unit,
        percent,
        wide,
    })
}

/// `67,463.91` without commas; `None` when they do not part thousands.
fn without_separators(digits: &str) -> Option<String> {
    if !digits.contains([',', '，']) {
        return Some(digits.to_owned());
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split([',', '，']);
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let sound = (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && !fraction.contains([',', '，']);
    sound.then(|| digits.replace([',', '，'], ""))
}

/// The number at a place; `None` for a dash. A blank cell is a blank field.
pub(super) fn field(view: &View<'_>, at: At) -> Option<Field<Decimal>> {
    let printed = view.text(at).to_owned();
    if is_placeholder(&printed) {
        return None;
    }
    let value = if view.is_plain(at) {
        parse(&printed).map(|amount| amount.value)
    } else {
        None
    };
    Some(Field {
        printed,
        value,
        place: view.place(at),
    })
}
