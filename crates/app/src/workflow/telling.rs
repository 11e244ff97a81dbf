//! Whom a move concerns is told of it, in the transaction of the move.
//!
//! House rule: a step forward between reviewers tells nobody, because it stands among the things to
//! do; what comes back, what is done, and what somebody was asked for by name is told.

use db::Tx;
use domain::permission::{PersonId, Role};
use domain::workflow::{Command, Moved, Order, RecordKind, Verb};

use super::standing::Read;
use super::store::{people, step};
use super::{page, receipt, words};
use crate::notice::{self, Kind, Notice};

/// What people are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum News {
    Returned,
    Approved,
    Delegated,
    Consulted,
    SignerAdded,
    DecisionWithdrawn,
}

impl News {
    fn of(kind: RecordKind, verb: Verb, moved: &Moved) -> Option<Self> {
        let is_through = moved.from != moved.state && !kind.machine().is_review_step(moved.state);
        match verb {
            Verb::Return => Some(Self::Returned),
            Verb::Approve if is_through => Some(Self::Approved),
            Verb::Delegate => Some(Self::Delegated),
            Verb::Consult => Some(Self::Consulted),
            Verb::AddSigner => Some(Self::SignerAdded),
            // The unit was told what had been decided.
            Verb::Withdraw if moved.fact == "decision_withdrawn" => Some(Self::DecisionWithdrawn),
            _ => None,
        }
    }

    /// One line that names no record, because it is a mail's subject too.
    fn title(self, records: usize) -> String {
        let what = match self {
            Self::Returned => "被退回",
            Self::Approved => "已审核通过",
            Self::Delegated => "转给您办理",
            Self::Consulted => "请您会签",
            Self::SignerAdded => "请您加签",
            Self::DecisionWithdrawn => "的会审议决已撤销，重新审议",
        };
        format!("{records} 份表{what}")
    }
}

/// A move that is told of.
pub(super) struct Telling<'a> {
    /// How the record stood before.
    pub(super) read: &'a Read,
    pub(super) command: &'a Command,
    pub(super) moved: &'a Moved,
    /// Account and name of who moved it.
    pub(super) by: (&'a PersonId, &'a str),
    /// The key of the batch that it is part of: what one batch tells a person is one notice.
    pub(super) batch: Option<&'a str>,
}

/// Tells everyone whom the move concerns.
///
/// # Errors
/// The database fails.
pub(super) fn tell(tx: &mut Tx<'_>, telling: &Telling<'_>, clock: &str) -> Result<(), db::Error> {
    let (read, moved) = (telling.read, telling.moved);
    let (kind, id) = (read.kind, &*read.id);
    let Some(news) = News::of(kind, telling.command.order.verb(), moved) else {
        return Ok(());
    };
    let title = receipt::title(kind, &read.facts);
    let state = kind.machine().label(moved.state);
    let (by, name) = telling.by;
    let comment = match telling.command.comment.trim() {
        "" => String::new(),
        comment => format!("意见：{comment}"),
    };
    let fact = words::fact(moved.fact);
    let line = format!("{title}：{name}{fact}，现在是「{state}」。{comment}");
    let key = match telling.batch {
        Some(batch) => format!("batch/{}/{batch}/{}", by.0, moved.fact),
        None => format!("{}/{id}/{}", kind.name(), moved.version),
    };
    let (own, list) = (page::address(kind, id), "/records");
    for person in whom(tx, telling, news)? {
        if person == *by {
            continue;
        }
        let notice = Notice {
            account: &person.0,
            region: &read.facts.region_code,
            kind: Kind::Work,
            title: &news.title(1),
            body: &line,
            link: &own,
            sent_by: Some(name),
            key: &key,
        };
        notice::tell_together(tx, clock, &notice, (list, |records| news.title(records)))?;
    }
    Ok(())
}

/// Whom it concerns, each once.
fn whom(tx: &mut Tx<'_>, telling: &Telling<'_>, news: News) -> Result<Vec<PersonId>, db::Error> {
    let read = telling.read;
    let (kind, id) = (read.kind, &*read.id);
    let mut people = match &telling.command.order {
        Order::Delegate(person) | Order::AddSigner(person) => vec![person.clone()],
        Order::Consult(people) => people.clone(),
        Order::Plain(_) | Order::Return(_) => Vec::new(),
    };
    let is_of_unit = matches!(
        news,
        News::Returned | News::Approved | News::DecisionWithdrawn
    );
    if is_of_unit {
        people.extend(step::senders(tx, kind, id)?);
        let desk = &read.standing.desk;
        people.extend(
            [&desk.handed_in_by, &desk.sent_by]
                .into_iter()
                .flatten()
                .cloned(),
        );
        if let Some(unit) = &read.facts.unit_id {
            people.extend(people::of_unit(tx, unit, Role::UnitHead)?);
        }
    }
    if kind.machine().is_review_step(telling.moved.state) && news == News::Returned {
        // It goes back to a step that it has passed: to whoever passed it on there.
        people.extend(step::last_from(tx, kind, id, telling.moved.state)?);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
