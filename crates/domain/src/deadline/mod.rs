//! Deadlines: when somebody is reminded of one, and how long the work before it takes.

#[cfg(test)]
mod tests;

/// A distance from a deadline at which whoever holds the work is reminded of it, once.
///
/// House rule: a week before there is still time to ask others, three days before there is time to
/// do it, on the day it is urgent, and the day after it must be explained. Later nobody is reminded
/// by a machine: a person urges (催报).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// From seven to four days before.
    SevenDays,
    /// From three days to one day before.
    ThreeDays,
    /// On the day.
    Today,
    /// From one to seven days after.
    Overdue,
}

impl Stage {
    /// Every stage, the earliest first.
    pub const ALL: [Self; 4] = [Self::SevenDays, Self::ThreeDays, Self::Today, Self::Overdue];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::SevenDays => "seven_days",
            Self::ThreeDays => "three_days",
            Self::Today => "today",
            Self::Overdue => "overdue",
        }
    }
}

/// The stage of work that is due in `days_left` days; below zero when the date has passed. None
/// when nobody is reminded.
///
/// A stage lasts until the next one, so that a reminder is late but not lost when the program did
/// not run on the very day.
pub fn stage(days_left: i64) -> Option<Stage> {
    match days_left {
        4..=7 => Some(Stage::SevenDays),
        1..=3 => Some(Stage::ThreeDays),
        0 => Some(Stage::Today),
        -7..=-1 => Some(Stage::Overdue),
        _ => None,
    }
}

/// `还有 3 天`, `今天到期`, `已超过 2 天`.
pub fn words(days_left: i64) -> String {
    match days_left {
        0 => "今天到期".to_owned(),
        1.. => format!("还有 {days_left} 天"),
        _ => format!("已超过 {} 天", days_left.saturating_neg()),
    }
}

/// What is to be done with a record, as far as it decides how long that takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Filling it.
    Fill,
    /// Reading and signing it.
    Review,
    /// Sending on what is filled already, or another single decision.
    Decide,
}

/// About how many minutes the work takes on a record of `lines` indicator lines.
///
/// House rule: a filler needs 5 minutes for the head of a form and 1 for each line; a reviewer 2
/// and 20 seconds; a single decision takes 2. Rounded up to 5 minutes from 5 on, because it is a
/// guess.
pub fn minutes(work: Work, lines: u32) -> u32 {
    let seconds = match work {
        Work::Fill => lines.saturating_mul(60).saturating_add(300),
        Work::Review => lines.saturating_mul(20).saturating_add(120),
        Work::Decide => 120,
    };
    let minutes = seconds.div_ceil(60);
    if minutes < 5 {
        minutes
    } else {
        minutes.div_ceil(5).saturating_mul(5)
    }
}
