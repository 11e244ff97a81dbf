//! 单位: how units are renamed, moved, merged, split and closed, and what an import changes.
//!
//! A unit keeps its identity through renames and moves, so that its records stay its own; what it
//! was before is kept as a former state with the days in which it held. A merge or a split closes
//! units and names their successors. So an old year shows the tree that it had, and can be shown
//! under today's departments too.

mod change;
mod import;
#[cfg(test)]
mod tests;

pub use change::{Change, Effect, Former, NewUnit, Refusal, Step, plan};
pub use import::{Difference, Fate, Filed, Found, compare, differences};

use crate::permission::UnitId;

/// A unit's level (预算级次).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 一级
    First,
    /// 二级
    Second,
    /// 基层
    Basic,
}

impl Level {
    /// Every level from the highest.
    pub const ALL: [Self; 3] = [Self::First, Self::Second, Self::Basic];

    /// As in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Basic => "basic",
        }
    }

    /// Its word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "一级",
            Self::Second => "二级",
            Self::Basic => "基层",
        }
    }

    /// The level of a database name or of a word as people write it: 一级, 一级单位, 一级预算单位.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let bare = text.trim_end_matches("单位").trim_end_matches("预算");
        Self::ALL
            .into_iter()
            .find(|level| text == level.name() || bare == level.label())
            .or(match bare {
                "主管部门" | "1" => Some(Self::First),
                "2" => Some(Self::Second),
                "三级" | "3" => Some(Self::Basic),
                _ => None,
            })
    }
}

/// A unit as it stands, with the days between which it exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The unit.
    pub id: UnitId,
    /// 单位编码
    pub code: String,
    /// 单位名称
    pub name: String,
    /// 级次
    pub level: Level,
    /// The unit above it.
    pub parent: Option<UnitId>,
    /// The first day, `2020-01-01`.
    pub valid_from: String,
    /// The last day; none while it is open.
    pub valid_to: Option<String>,
}

impl Unit {
    /// Whether it exists on that day.
    pub fn is_open_on(&self, day: &str) -> bool {
        *self.valid_from <= *day && self.valid_to.as_deref().is_none_or(|last| last >= day)
    }
}

/// Whether the text is a day of the calendar as `2020-02-29`.
pub fn is_day(text: &str) -> bool {
    day(text).is_some()
}

fn day(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.split('-');
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = |part: &str, digits: usize| {
        part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_plain = plain(year, 4) && plain(month, 2) && plain(date, 2) && parts.next().is_none();
    let (year, month, date) = (
        year.parse::<u16>().ok()?,
        month.parse::<u8>().ok()?,
        date.parse::<u8>().ok()?,
    );
    let fits = (1900..=2100).contains(&year) && (1..=days_of(year, month)).contains(&date);
    (is_plain && fits).then_some((year, month, date))
}

fn days_of(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// The day before; the day itself where there is none.
pub fn day_before(text: &str) -> String {
    let Some((year, month, date)) = day(text) else {
        return text.to_owned();
    };
    let (year, month, date) = match (month, date) {
        (1, 1) => (year.saturating_sub(1), 12, 31),
        (month, 1) => {
            let month = month.saturating_sub(1);
            (year, month, days_of(year, month))
        }
        (month, date) => (year, month, date.saturating_sub(1)),
    };
    format!("{year:04}-{month:02}-{date:02}")
}

/// The day after; the day itself where there is none.
pub fn day_after(text: &str) -> String {
    let Some((year, month, date)) = day(text) else {
        return text.to_owned();
    };
    let (year, month, date) = if date < days_of(year, month) {
        (year, month, date.saturating_add(1))
    } else if month < 12 {
        (year, month.saturating_add(1), 1)
    } else {
        (year.saturating_add(1), 1, 1)
    };
    format!("{year:04}-{month:02}-{date:02}")
}
