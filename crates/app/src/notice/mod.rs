//! 消息: what a person is told on the pages and by mail, reminders of deadlines, and 催报.

mod list;
pub(crate) mod mail;
pub(crate) mod outbox;
pub(crate) mod reminder;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
pub(crate) mod urging;
pub(crate) mod worker;

use axum::routing::{get, post};
use db::{Error, Tx};

pub(crate) use list::minute;

use self::outbox::store::Mail;
use crate::serve::{Access, Route};

/// Characters of a notice's title; a mail's subject has no more.
const MOST_TITLE_CHARACTERS: usize = 200;

/// Characters of a notice's body.
const MOST_BODY_CHARACTERS: usize = 4_000;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::new("/notices", "/notices", Access::Person, get(list::show)),
        Route::new(
            "/notices/reading",
            "/notices/reading",
            Access::Person,
            post(list::read_all),
        ),
        Route::new(
            "/notices/{id}/reading",
            "/notices/none/reading",
            Access::Person,
            post(list::read_one),
        ),
        Route::new(
            "/notices/contact",
            "/notices/contact",
            Access::Person,
            post(list::save_contact),
        ),
    ];
    routes.extend(outbox::page::routes());
    routes.extend(urging::routes());
    routes
}

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A record has come to the person, or has come back.
    #[expect(dead_code, reason = "for the features that move records")]
    Work,
    /// A date comes near, or has passed.
    Reminder,
    /// Somebody urges.
    Urging,
    /// The system itself.
    System,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Reminder => "reminder",
            Self::Urging => "urging",
            Self::System => "system",
        }
    }
}

/// Something that a person is told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice<'a> {
    /// The account of whom it is for.
    pub(crate) account: &'a str,
    /// The region that it belongs to.
    pub(crate) region: &'a str,
    /// What it is about.
    pub(crate) kind: Kind,
    /// One line; it is the mail's subject too, so it names no record.
    pub(crate) title: &'a str,
    /// The rest, in lines.
    pub(crate) body: &'a str,
    /// A path of this site, or an empty text.
    pub(crate) link: &'a str,
    /// The name of the person who sends it.
    pub(crate) sent_by: Option<&'a str>,
    /// What it tells: the same person is told the same thing once, however often this is called.
    pub(crate) key: &'a str,
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It was told before.
    Before,
    /// On the pages alone: the person has given no address.
    WithoutAddress,
    /// On the pages alone: the person wants no mail.
    WithoutMail,
    /// On the pages, and a mail is on its way.
    ByMail,
}

/// Tells a person something: on the pages, and by mail if the person wants that. It is part of the
/// transaction of what it tells of, so that nobody is told of what did not happen.
///
/// # Errors
/// The database fails.
pub(crate) fn tell(tx: &mut Tx<'_>, now: &str, notice: &Notice<'_>) -> Result<Told, Error> {
    let id = web::token::digest(&format!("{}\n{}", notice.account, notice.key));
    let title = shortened(notice.title, MOST_TITLE_CHARACTERS);
    let body = shortened(notice.body, MOST_BODY_CHARACTERS);
    let link = inside(notice.link);
    let new = store::New {
        id: &id,
        region: notice.region,
        account: notice.account,
        kind: notice.kind.name(),
        title: &title,
        body: &body,
        link,
        sent_by: notice.sent_by,
        made_at: now,
    };
    if !store::tell(tx, &new)? {
        return Ok(Told::Before);
    }
    let contact = store::contact(tx, notice.account, day(now))?;
    if contact.email.is_empty() {
        return Ok(Told::WithoutAddress);
    }
    if !contact.wants_mail {
        return Ok(Told::WithoutMail);
    }
    let mail = Mail {
        id,
        recipient: contact.email,
        subject: title,
        body,
        link: link.to_owned(),
        tries: 0,
        queued_at: now.to_owned(),
    };
    outbox::store::queue(tx, (notice.region, notice.account), &mail)?;
    Ok(Told::ByMail)
}

/// The day of a moment.
fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

/// A path of this site; nothing that leads elsewhere.
fn inside(link: &str) -> &str {
    let is_path = link.starts_with('/') && !link.starts_with("//");
    let is_plain = link.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if is_path && is_plain { link } else { "" }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}
