//! Reads what stands in the cells of a target and of an actual value.

use super::{Measure, Target};

/// The cells that a target is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetCells<'a> {
    /// 年度指标值 as printed.
    pub printed: &'a str,
    /// 指标性质, where it has a column of its own.
    pub operator: Option<&'a str>,
    /// 度量单位, where it has a column of its own.
    pub unit: Option<&'a str>,
    /// 三级指标: says what is measured, and may hold an operator or a whole target.
    pub name: &'a str,
    /// 二级指标
    pub level2: &'a str,
}

/// Reads a target. Nothing is guessed silently: what is not certain is [`Measure::Unreadable`].
pub fn read_target(cells: TargetCells<'_>) -> Target {
    Target {
        printed: cells.printed.to_owned(),
        operator: None,
        measure: words(cells.printed),
    }
}

/// Reads an actual value in the light of its target.
pub fn read_actual(printed: &str, _unit_cell: Option<&str>, _target: &Target) -> Measure {
    words(printed)
}

/// Whether the actual value is nothing but the target written once more, with its sign
/// (`≥266米` reached as `≥266米`): what was really reached is then not known.
pub fn repeats_target(printed: &str, target: &Target) -> bool {
    !printed.is_empty() && printed == target.printed
}

fn words(printed: &str) -> Measure {
    if printed.is_empty() {
        Measure::Absent
    } else {
        Measure::Words(printed.to_owned())
    }
}
