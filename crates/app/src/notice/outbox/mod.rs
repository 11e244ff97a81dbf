//! The queue of mail. It is filled in the transaction of what the mail tells of, and emptied by the
//! processes that serve the database: each takes some under a lease, sends them, and settles them.
//!
//! A process that dies between the mail server's yes and the settling leaves a mail that is sent
//! again when the lease has run out; both have the same Message-ID, by which mail programs tell
//! that they are one.

pub(crate) mod page;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use db::{Db, Error, Tx};

use self::store::{Ended, Mail};
use super::mail::{self, Settings, Trouble};
use crate::serve::later;

/// Mails that are taken at once.
const MOST_AT_ONCE: i64 = 10;

/// How long a process holds what it has taken: longer than sending all of it can take.
const LEASE_SECONDS: i64 = 15 * 60;

/// How long to wait after each try; after the last one a mail is given up.
///
/// House rule: a mail server that restarts is back within minutes, one that is mended within a
/// working day; what is not sent by then must be seen by a person.
const PAUSES_SECONDS: [i64; 6] = [60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600];

/// How long a mail may wait.
///
/// House rule: a reminder that arrives more than three days late misleads. It is given up, and the
/// notice on the pages stays.
const STALE_SECONDS: i64 = 3 * 24 * 3600;

/// How long what was sent is remembered.
const KEEP_SENT_SECONDS: i64 = 365 * 24 * 3600;

/// Sends what is due at `now` with the settings, a batch; how many were taken.
///
/// # Errors
/// The database fails. What was taken is sent again when the lease has run out.
pub(crate) async fn send_due(db: &Db, settings: &Settings, now: &str) -> Result<usize, Error> {
    // Without randomness nothing is taken; the cause is in the log.
    let Ok(lease) = web::token::secret() else {
        return Ok(0);
    };
    let (at, until) = (now.to_owned(), later(now, LEASE_SECONDS));
    let held = lease.clone();
    let mails = db
        .write(move |tx| store::take(tx, &at, &held, &until, MOST_AT_ONCE))
        .await?;
    let taken = mails.len();
    // When the server does not answer, the rest of the batch need not ask it again.
    let mut silent: Option<Trouble> = None;
    for mail in mails {
        let outcome = match &silent {
            _ if is_stale(&mail, now) => Err(Trouble::final_one(
                "排队超过 3 天没有发出，内容可能已经过时，不再发送；提醒仍在系统的消息里",
            )),
            Some(trouble) => Err(trouble.clone()),
            None => mail::send(settings, &mail).await,
        };
        if let Err(trouble) = &outcome
            && trouble.concerns_all
        {
            silent = Some(trouble.clone());
        }
        let ended = ended(&mail, outcome, now);
        let (id, held) = (mail.id, lease.clone());
        db.write(move |tx| store::settle(tx, &id, &held, &ended))
            .await?;
    }
    Ok(taken)
}

fn is_stale(mail: &Mail, now: &str) -> bool {
    later(&mail.queued_at, STALE_SECONDS).as_str() < now
}

/// What becomes of a mail after this try.
fn ended(mail: &Mail, outcome: Result<(), Trouble>, now: &str) -> Ended {
    let Err(trouble) = outcome else {
        return Ended::Sent { at: now.to_owned() };
    };
    let pause = usize::try_from(mail.tries)
        .ok()
        .and_then(|tries| PAUSES_SECONDS.get(tries));
    match pause {
        Some(seconds) if !trouble.is_final => Ended::Again {
            at: later(now, *seconds),
            why: trouble.why,
        },
        _ => Ended::Failed { why: trouble.why },
    }
}

/// Takes away what was sent long ago.
pub(super) fn sweep(tx: &mut Tx<'_>, now: &str) -> Result<u64, Error> {
    store::sweep(tx, &later(now, -KEEP_SENT_SECONDS))
}
