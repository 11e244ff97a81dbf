//! Reminders of deadlines: seven and three days before, on the day, and after it.

pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{Error, Tx};
use domain::deadline::{self, Stage};

use self::store::Held;
use super::{Kind, Notice, day, tell};
use crate::serve::{days_between, later};

/// Pieces of work that one transaction reminds of, so that others can write in between.
const MOST_AT_ONCE: i64 = 500;

/// Pieces of work that a notice spells out.
const MOST_LINES: usize = 20;

/// The hours in which people are reminded.
///
/// House rule: a reminder by night is read as an alarm.
const HOURS: std::ops::RangeInclusive<&str> = "08"..="18";

const DAY_SECONDS: i64 = 24 * 3600;

/// The days of each stage, from today, as [`deadline::stage`] has them.
const STAGES: [(Stage, i64, i64); 4] = [
    (Stage::SevenDays, 4, 7),
    (Stage::ThreeDays, 1, 3),
    (Stage::Today, 0, 0),
    (Stage::Overdue, -7, -1),
];

/// Reminds whoever holds work that is due, once an hour; how many notices were written. Each piece
/// of work is told once at each stage, and what one person is told at once is one notice.
///
/// # Errors
/// The database fails.
pub(crate) fn remind(tx: &mut Tx<'_>, now: &str) -> Result<u64, Error> {
    let (Some(mark), Some(hour)) = (now.get(..13), now.get(11..13)) else {
        return Ok(0);
    };
    if !HOURS.contains(&hour) || store::done_until(tx)?.as_str() >= mark {
        return Ok(0);
    }
    let today = day(now);
    let mut told = 0;
    let mut is_done = true;
    for (stage, from, until) in STAGES {
        let on = |days: i64| later(now, days.saturating_mul(DAY_SECONDS));
        let (from, until) = (on(from), on(until));
        let days = (day(&from), day(&until));
        let held = store::held(tx, days, stage, today, MOST_AT_ONCE)?;
        is_done &= held.len() < usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX);
        for of_one in held.chunk_by(|one, other| one.account == other.account) {
            told += u64::from(remind_one(tx, now, stage, of_one)?);
        }
    }
    if is_done {
        store::set_done(tx, mark)?;
    }
    Ok(told)
}

/// Reminds one person; false when another process did.
fn remind_one(tx: &mut Tx<'_>, now: &str, stage: Stage, held: &[Held]) -> Result<bool, Error> {
    let mut news = Vec::new();
    for work in held {
        if store::remember(tx, work, stage, now)? {
            news.push(work);
        }
    }
    let Some(first) = news.first() else {
        return Ok(false);
    };
    let link = match news.as_slice() {
        [only] => format!("/records/{}/{}", only.kind, only.record),
        _ => "/".to_owned(),
    };
    let key = format!("reminder {} {} {now}", stage.name(), first.record);
    let notice = Notice {
        account: &first.account,
        region: &first.region,
        kind: Kind::Reminder,
        title: &title(stage, &news, day(now)),
        body: &body(&news, day(now)),
        link: &link,
        sent_by: None,
        key: &key,
    };
    tell(tx, now, &notice)?;
    Ok(true)
}

fn title(stage: Stage, news: &[&Held], today: &str) -> String {
    let count = news.len();
    match stage {
        Stage::SevenDays | Stage::ThreeDays => {
            let first = news.iter().map(|work| work.due_on.as_str()).min();
            let left = first
                .and_then(|date| days_between(today, date))
                .unwrap_or(0);
            format!("{count} 项工作快到期了，最早的{}", deadline::words(left))
        }
        Stage::Today => format!("{count} 项工作今天到期"),
        Stage::Overdue => format!("{count} 项工作已经逾期"),
    }
}

fn body(news: &[&Held], today: &str) -> String {
    let mut lines: Vec<String> = news
        .iter()
        .take(MOST_LINES)
        .map(|work| {
            let left = days_between(today, &work.due_on).unwrap_or(0);
            format!("{}（{}）{}", work.due_on, deadline::words(left), work.title)
        })
        .collect();
    if news.len() > MOST_LINES {
        lines.push(format!(
            "另有 {} 项，请在待办中查看。",
            news.len() - MOST_LINES
        ));
    }
    lines.join("\n")
}
