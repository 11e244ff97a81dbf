//! The lists under the cards: what waits, what was done, what was begun.

use web::query::Query as Address;

use super::store::steps::Step;
use super::store::{Filter, Work};
use super::words;
use crate::notice::minute;
use crate::serve::later;

/// Which list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Tab {
    /// 待办
    Work,
    /// 已办
    Done,
    /// 我发起的
    Begun,
}

impl Tab {
    /// The tab that the address names; the first one where it names none.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "done" => Self::Done,
            "begun" => Self::Begun,
            _ => Self::Work,
        }
    }

    /// As the address names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Work => "",
            Self::Done => "done",
            Self::Begun => "begun",
        }
    }
}

/// The stretches of time that can be chosen.
pub(super) const STRETCHES: [(&str, &str); 4] = [
    ("late", "已逾期"),
    ("today", "今天到期"),
    ("week", "7 天内到期"),
    ("month", "30 天内到期"),
];

/// The filter that the address chooses.
pub(super) fn filter(kind: &str, stretch: &str, text: &str, now: &str, today: &str) -> Filter {
    let day = |days: i64| later(now, days * 24 * 3600).chars().take(10).collect();
    let (from, until) = match stretch {
        "late" => ("0000-01-01".to_owned(), day(-1)),
        "today" => (today.to_owned(), today.to_owned()),
        "week" => (today.to_owned(), day(7)),
        "month" => (today.to_owned(), day(30)),
        _ => (String::new(), String::new()),
    };
    Filter {
        kind: kind.to_owned(),
        from,
        until,
        text: text.trim().to_owned(),
    }
}

/// A record as the list prints it.
pub(super) struct Line {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) kind: String,
    /// What is to be done, or was.
    pub(super) act: String,
    /// In which state the record is.
    pub(super) state: String,
    pub(super) unit: String,
    /// Who sent it, or what was said.
    pub(super) note: String,
    pub(super) at: String,
    pub(super) due_on: String,
    pub(super) left: String,
    pub(super) is_late: bool,
}

impl Line {
    /// A record that waits.
    pub(super) fn of_work(work: Work, today: &str) -> Self {
        let due_on = work.due_on.unwrap_or_default();
        Self {
            href: words::href(&work.kind, &work.id),
            kind: words::kind(&work.kind).to_owned(),
            act: words::act(&work.verb).to_owned(),
            state: words::state(&work.kind, &work.state),
            unit: work.unit.unwrap_or_default(),
            note: work.sent_by.unwrap_or_default(),
            at: minute(&work.arrived_at),
            left: words::left(&due_on, today),
            is_late: !due_on.is_empty() && due_on.as_str() < today,
            due_on,
            title: work.title,
        }
    }

    /// A step that was taken.
    pub(super) fn of_step(step: Step) -> Self {
        Self {
            href: words::href(&step.kind, &step.id),
            kind: words::kind(&step.kind).to_owned(),
            act: words::did(&step.verb).to_owned(),
            state: words::state(&step.kind, &step.state),
            unit: String::new(),
            note: step.comment,
            at: minute(&step.done_at),
            due_on: String::new(),
            left: String::new(),
            is_late: false,
            title: step.object,
        }
    }
}

/// The address of the page with what is chosen.
pub(super) fn address(year: i64, tab: Tab, kind: &str, stretch: &str, text: &str) -> Address {
    Address::new()
        .with("year", year.to_string())
        .with("tab", tab.name())
        .with("kind", kind)
        .with("due", stretch)
        .with("text", text)
}
