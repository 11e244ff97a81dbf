//! How values are spread: quartiles as exact decimals.

use crate::number::Decimal;

/// Quartiles of values that were reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// How many values there are.
    pub count: usize,
    /// A quarter of the values is not above it (P25).
    pub first: Decimal,
    /// Half of the values is not above it (中位数).
    pub median: Decimal,
    /// Three quarters of the values are not above it (P75).
    pub third: Decimal,
}

/// The quartiles of the values; none where there is no value, or where one is so large that it
/// cannot be reckoned with exactly.
///
/// Source: R. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages" (1996), definition 7:
/// the quartile k stands at (n − 1) × k ÷ 4 from the least value, between two values in proportion.
/// House rule: QUARTILE.INC of the spreadsheets in use is the same, so that a clerk can count
/// again; a quarter of a decimal is exact, nothing is rounded.
pub fn band(values: &[Decimal]) -> Option<Band> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    Some(Band {
        count: sorted.len(),
        first: quartile(&sorted, 1)?,
        median: quartile(&sorted, 2)?,
        third: quartile(&sorted, 3)?,
    })
}

fn quartile(sorted: &[Decimal], number: usize) -> Option<Decimal> {
    let steps = sorted.len().checked_sub(1)?.checked_mul(number)?;
    let below = *sorted.get(steps / 4)?;
    let quarters = steps % 4;
    if quarters == 0 {
        return Some(below.normalize());
    }
    let above = *sorted.get((steps / 4).checked_add(1)?)?;
    let share = Decimal::from(quarters).checked_mul(Decimal::new(25, 2))?;
    let more = above.checked_sub(below)?.checked_mul(share)?;
    Some(below.checked_add(more)?.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line: the values, then P25, the median and P75, reckoned by hand.
    #[test]
    fn quartiles_are_those_of_the_spreadsheets() {
        for (values, expected) in [
            // One value is all three.
            ("95", "95 95 95"),
            // (2 − 1) × 1 ÷ 4 = 0.25: 1 + 0.25 × 2 = 1.5; 1 + 0.5 × 2; 1 + 0.75 × 2.
            ("1 3", "1.5 2 2.5"),
            // (5 − 1) × k ÷ 4 is whole: the second, third and fourth value.
            ("5 1 4 2 3", "2 3 4"),
            // (4 − 1) × 1 ÷ 4 = 0.75: 1 + 0.75; 1.5: 2.5; 2.25: 3 + 0.25.
            ("1 2 3 4", "1.75 2.5 3.25"),
            // Decimals stay exact: 0.1 + 0.75 × 0.1 = 0.175.
            ("0.1 0.2 0.3 0.4", "0.175 0.25 0.325"),
            // Below zero, and values that are the same.
            ("-2 -2 -2 6", "-2 -2 0"),
        ] {
            let values: Vec<Decimal> = values.split(' ').map(|it| it.parse().unwrap()).collect();
            let band = band(&values).unwrap();
            let told = format!("{} {} {}", band.first, band.median, band.third);
            assert_eq!(told, expected, "{values:?}");
            assert_eq!(band.count, values.len());
        }
        assert_eq!(band(&[]), None);
    }

    #[test]
    fn values_that_cannot_be_reckoned_with_give_no_band() {
        assert_eq!(band(&[Decimal::MIN, Decimal::MAX]), None);
    }
}
