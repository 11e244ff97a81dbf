//! Exact numbers: money in fen, points in hundredths, everything else as an exact decimal.
//!
//! House rule: no binary floating point. 2.675 must round to 2.68, and a sum of amounts must not
//! depend on the order of its lines (domain reference §4, T16).

use std::fmt::{self, Write as _};
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

pub use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// An amount of money in fen (0.01 元). Stored exactly; 万元 is only a way to print it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Points, weights and rates in hundredths: `Centi(9281)` is 92.81.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Centi(pub i64);

impl Fen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// An amount given in 元, rounded half away from zero to the fen.
    /// `None` when it does not fit into 64 bits.
    pub fn from_yuan(yuan: Decimal) -> Option<Self> {
        to_hundredths(yuan).map(Self)
    }

    /// An amount given in 万元, rounded half away from zero to the fen.
    /// `None` when it does not fit into 64 bits.
    pub fn from_wan(wan: Decimal) -> Option<Self> {
        wan.checked_mul(Decimal::from(10_000))
            .and_then(Self::from_yuan)
    }

    /// The amount in 元, exactly.
    pub fn yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// The amount in 万元, exactly (up to six decimals).
    pub fn wan(self) -> Decimal {
        Decimal::new(self.0, 6)
    }

    /// The amount in 万元 as forms print it: two decimals, thousands separated by commas.
    pub fn wan_text(self) -> String {
        grouped(round_to(self.wan(), 2), 2)
    }
}

impl Centi {
    /// No points.
    pub const ZERO: Self = Self(0);
    /// One hundred points.
    pub const HUNDRED: Self = Self(10_000);

    /// `value` rounded half away from zero to two decimals.
    /// `None` when it does not fit into 64 bits.
    ///
    /// Source: domain reference §4 (round(x, 2) once for each scored line).
    pub fn from_decimal(value: Decimal) -> Option<Self> {
        to_hundredths(value).map(Self)
    }

    /// The value, exactly.
    pub fn decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }
}

macro_rules! hundredths {
    ($($name:ident),*) => {$(
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(self.0.saturating_neg())
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }
        impl fmt::Display for $name {
            /// Two decimals, no grouping: `92.81`.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let sign = if self.0 < 0 { "-" } else { "" };
                let magnitude = self.0.unsigned_abs();
                write!(f, "{sign}{}.{:02}", magnitude / 100, magnitude % 100)
            }
        }
    )*};
}
hundredths!(Fen, Centi);

/// Rounds half away from zero (四舍五入) to `places` decimals.
pub fn round_to(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

/// `numerator × factor ÷ denominator`, multiplied before it is divided so that a result that
/// ends is exact. `None` when the denominator is zero or the product does not fit.
pub fn scaled(numerator: Decimal, factor: Decimal, denominator: Decimal) -> Option<Decimal> {
    numerator.checked_mul(factor)?.checked_div(denominator)
}

fn to_hundredths(value: Decimal) -> Option<i64> {
    round_to(value.checked_mul(Decimal::ONE_HUNDRED)?, 0).to_i64()
}

/// Adds `value` to a text, written as `Decimal` writes itself, but several times as fast: a receipt
/// holds hundreds of numbers.
pub fn push_decimal(out: &mut String, value: Decimal) {
    let begun = out.len();
    let places = usize::try_from(value.scale()).unwrap_or(usize::MAX);
    let (Ok(digits), 0..=18) = (u64::try_from(value.mantissa().unsigned_abs()), places) else {
        // Writing to a String cannot fail.
        let _ = write!(out, "{value}");
        return;
    };
    if value.is_sign_negative() {
        out.push('-');
    }
    let sign = out.len() - begun;
    let _ = write!(out, "{digits}");
    if places == 0 {
        return;
    }
    while out.len() - begun - sign <= places {
        out.insert(begun + sign, '0');
    }
    out.insert(out.len() - places, '.');
}

/// `value` with exactly `places` decimals and commas between thousands.
pub fn grouped(value: Decimal, places: usize) -> String {
    let text = format!("{value:.places$}");
    let (sign, digits) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    proptest::proptest! {
        #[test]
        fn a_number_is_pushed_as_it_writes_itself(digits: i64, places in 0_u32..=28) {
            for value in [
                Decimal::new(digits, 0),
                Decimal::new(digits % 1000, places),
                Decimal::new(digits, places),
                Decimal::new(0, places),
                -Decimal::new(0, places),
                Decimal::MAX,
                Decimal::MIN,
            ] {
                let mut text = String::from("前");
                push_decimal(&mut text, value);
                proptest::prop_assert_eq!(text, format!("前{value}"));
            }
        }
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (value, rounded) in [
            ("2.345", "2.35"),
            ("2.675", "2.68"),
            ("-2.345", "-2.35"),
            ("0.0033", "0.00"),
        ] {
            assert_eq!(
                Centi::from_decimal(decimal(value)).unwrap().to_string(),
                rounded
            );
        }
    }

    #[test]
    fn money_prints_in_wan_with_commas() {
        assert_eq!(
            Fen::from_wan(decimal("1234567.891")).unwrap().wan_text(),
            "1,234,567.89"
        );
        assert_eq!(Fen::from_wan(decimal("-0.5")).unwrap().wan_text(), "-0.50");
        assert_eq!(
            Fen::from_yuan(decimal("89974")).unwrap().wan().to_string(),
            "8.997400"
        );
    }

    #[test]
    fn an_amount_beyond_64_bits_is_refused() {
        assert_eq!(Fen::from_wan(decimal("99999999999999999")), None);
    }
}
