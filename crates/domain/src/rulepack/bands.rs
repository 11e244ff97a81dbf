//! A line of numbers cut into bands, without gap or overlap.

use serde::Deserialize;

use super::Exact;
use crate::number::Decimal;

/// On which side a band contains its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// `from ≤ x < to`
    Low,
    /// `from < x ≤ to`
    High,
}

/// One band as written in a pack. An open end has no number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band<T> {
    /// Lower end.
    #[serde(default)]
    pub from: Option<Exact>,
    /// Upper end.
    #[serde(default)]
    pub to: Option<Exact>,
    /// What holds inside.
    pub value: T,
}

/// Bands in rising order, every one closed on the same side.
///
/// A number below the first band or above the last one that ends belongs to the nearest band, so
/// that 100 is in `90 ≤ x < 100` of a grade table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands<T> {
    /// The side that every band contains.
    pub closed: Closed,
    /// The bands.
    pub bands: Vec<Band<T>>,
}

impl<T> Bands<T> {
    /// The band that contains `x`: its position and value.
    pub fn find(&self, x: Decimal) -> Option<(usize, &T)> {
        let inside = |band: &Band<T>| match (&band.to, self.closed) {
            (None, _) => true,
            (Some(to), Closed::Low) => x < to.0,
            (Some(to), Closed::High) => x <= to.0,
        };
        let place = self
            .bands
            .iter()
            .position(inside)
            .or(self.bands.len().checked_sub(1))?;
        self.bands.get(place).map(|band| (place, &band.value))
    }

    /// The value of the band that contains `x`.
    pub fn value(&self, x: Decimal) -> Option<&T> {
        self.find(x).map(|(_, value)| value)
    }

    /// Says what is wrong: no band, a gap, an overlap, or an end missing in the middle.
    pub(super) fn flaw(&self) -> Option<String> {
        if self.bands.is_empty() {
            return Some("没有任何区间".to_owned());
        }
        for (number, pair) in (1..).zip(self.bands.windows(2)) {
            let [lower, upper] = pair else { continue };
            let (Some(end), Some(start)) = (&lower.to, &upper.from) else {
                return Some(format!(
                    "第 {number} 段与第 {} 段之间缺少分界数",
                    number + 1
                ));
            };
            if start.0 > end.0 {
                return Some(format!("{} 与 {} 之间没有区间（有空档）", end.0, start.0));
            }
            if start.0 < end.0 {
                return Some(format!("{} 至 {} 落在两个区间里（重叠）", start.0, end.0));
            }
        }
        self.bands
            .iter()
            .find_map(|band| match (&band.from, &band.to) {
                (Some(from), Some(to)) if from.0 >= to.0 => {
                    Some(format!("区间 {} 至 {} 的上限不大于下限", from.0, to.0))
                }
                _ => None,
            })
    }
}
