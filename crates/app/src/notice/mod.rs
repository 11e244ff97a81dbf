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
use web::query::inside;

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
    let link = inside(notice.link).unwrap_or_default();
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

/// As [`tell`]; but where the person was told something under this key before, the new thing joins
/// it: its body is one more line, its title the one for so many, its link `together`. A mail that
/// has not left says the same.
///
/// # Errors
/// The database fails.
pub(crate) fn tell_together(
    tx: &mut Tx<'_>,
    now: &str,
    notice: &Notice<'_>,
    (together, title): (&str, impl Fn(usize) -> String),
) -> Result<(), Error> {
    let id = web::token::digest(&format!("{}\n{}", notice.account, notice.key));
    let Some(earlier) = store::find(tx, notice.account, &id)? else {
        return tell(tx, now, notice).map(drop);
    };
    let number: String = earlier
        .title
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let records = number.parse::<usize>().unwrap_or(1).saturating_add(1);
    let title = shortened(&title(records), MOST_TITLE_CHARACTERS);
    let body = format!("{}\n{}", earlier.body, notice.body);
    let body = shortened(&body, MOST_BODY_CHARACTERS);
    let text = (&*title, &*body, inside(together).unwrap_or_default());
    store::extend(tx, &id, text, now)?;
    outbox::store::extend(tx, &id, text)
}

/// The day of a moment.
fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}
