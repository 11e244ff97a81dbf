//! SQL of the mail on its way.

use db::{Error, Row, Tx};

/// The columns of a mail that is to be sent.
macro_rules! columns {
    () => {
        "id, recipient, subject, body, link, tries, queued_at"
    };
}

/// What can be taken at $1: what waits and is due, and what somebody held whose lease has run out.
/// While a mail is being sent, its next try is when the lease ends.
macro_rules! free {
    () => {
        "state IN ('waiting', 'sending') AND next_try_at <= $1"
    };
}

db::statements! {
    QUEUE = "INSERT INTO outbox (id, region_code, account_id, recipient, subject, body, link, \
             state, tries, queued_at, next_try_at, lease, sent_at, last_error) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $8, NULL, NULL, '') \
             ON CONFLICT (id) DO NOTHING";
    EXTEND_MAIL = "UPDATE outbox SET subject = $2, body = $3, link = $4 \
                   WHERE id = $1 AND state = 'waiting'";
    FREE = concat!("SELECT ", columns!(), " FROM outbox WHERE ", free!(), " \
           ORDER BY next_try_at, id LIMIT $2");
    // The condition stands here again: on PostgreSQL another process may have been quicker.
    TAKE = concat!("UPDATE outbox SET state = 'sending', lease = $3, next_try_at = $4, \
           tries = tries + 1 WHERE id = $2 AND ", free!());
    SENT = "UPDATE outbox SET state = 'sent', lease = NULL, sent_at = $3, last_error = '' \
            WHERE id = $1 AND lease = $2";
    AGAIN = "UPDATE outbox SET state = 'waiting', lease = NULL, next_try_at = $3, last_error = $4 \
             WHERE id = $1 AND lease = $2";
    FAILED = "UPDATE outbox SET state = 'failed', lease = NULL, last_error = $3 \
              WHERE id = $1 AND lease = $2";
    RETRY = "UPDATE outbox SET state = 'waiting', tries = 0, queued_at = $2, next_try_at = $2 \
             WHERE id = $1 AND state = 'failed'";
    RETRY_ALL = "UPDATE outbox SET state = 'waiting', tries = 0, queued_at = $1, \
                 next_try_at = $1 WHERE state = 'failed'";
    COUNTS = "SELECT state, COUNT(*) AS mails FROM outbox GROUP BY state ORDER BY state";
    LAST_SENT = "SELECT MAX(sent_at) AS sent_at FROM outbox WHERE state = 'sent'";
    TROUBLED = "SELECT id, recipient, subject, state, tries, queued_at, next_try_at, last_error \
                FROM outbox WHERE state = 'failed' \
                OR (state IN ('waiting', 'sending') AND last_error <> '') \
                ORDER BY CASE WHEN state = 'failed' THEN 0 ELSE 1 END, queued_at DESC, id LIMIT $1";
    SWEEP = "DELETE FROM outbox WHERE state = 'sent' AND sent_at < $1";
}

/// A mail that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    /// Its notice's id.
    pub(crate) id: String,
    /// The address.
    pub(crate) recipient: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    /// A path of this site; empty when there is nothing to open.
    pub(crate) link: String,
    /// How often it was tried before.
    pub(crate) tries: i64,
    pub(crate) queued_at: String,
}

/// Writes what a mail says that nobody has begun to send; none may be there.
pub(crate) fn extend(
    tx: &mut Tx<'_>,
    id: &str,
    (subject, body, link): (&str, &str, &str),
) -> Result<(), Error> {
    tx.execute(EXTEND_MAIL, &[&id, &subject, &body, &link])
        .map(drop)
}

/// Puts a mail to `account` into the queue, unless one of this id was put there before.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    (region, account): (&str, &str),
    mail: &Mail,
) -> Result<bool, Error> {
    let touched = tx.execute(
        QUEUE,
        &[
            &mail.id,
            &region,
            &account,
            &mail.recipient,
            &mail.subject,
            &mail.body,
            &mail.link,
            &mail.queued_at,
        ],
    )?;
    Ok(touched == 1)
}

/// Takes at most `most` mails that are due at `now`, to be held under `lease` until `until`.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    now: &str,
    lease: &str,
    until: &str,
    most: i64,
) -> Result<Vec<Mail>, Error> {
    let mut taken = Vec::new();
    for row in tx.query(FREE, &[&now, &most])? {
        let mail = mail(&row)?;
        if tx.execute(TAKE, &[&now, &mail.id, &lease, &until])? == 1 {
            taken.push(mail);
        }
    }
    Ok(taken)
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The server has taken it.
    Sent {
        /// When.
        at: String,
    },
    /// To be tried again.
    Again {
        /// When.
        at: String,
        /// What went wrong: a sentence for the administrator.
        why: String,
    },
    /// Given up.
    Failed {
        /// What went wrong: a sentence for the administrator.
        why: String,
    },
}

/// Keeps how the attempt ended. Nothing happens when the lease has run out and another one holds
/// the mail.
pub(crate) fn settle(tx: &mut Tx<'_>, id: &str, lease: &str, ended: &Ended) -> Result<bool, Error> {
    let touched = match ended {
        Ended::Sent { at } => tx.execute(SENT, &[&id, &lease, at])?,
        Ended::Again { at, why } => tx.execute(AGAIN, &[&id, &lease, at, why])?,
        Ended::Failed { why } => tx.execute(FAILED, &[&id, &lease, why])?,
    };
    Ok(touched == 1)
}

/// Queues a mail again that was given up; whether there was one.
pub(super) fn retry(tx: &mut Tx<'_>, id: &str, now: &str) -> Result<bool, Error> {
    Ok(tx.execute(RETRY, &[&id, &now])? == 1)
}

/// Queues every mail again that was given up; how many.
pub(super) fn retry_all(tx: &mut Tx<'_>, now: &str) -> Result<u64, Error> {
    tx.execute(RETRY_ALL, &[&now])
}

/// How the queue stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Waiting or being sent.
    pub(crate) waiting: i64,
    pub(crate) sent: i64,
    pub(crate) failed: i64,
    /// When the last one was sent.
    pub(crate) last_sent_at: Option<String>,
}

/// How the queue stands.
pub(crate) fn counts(tx: &mut Tx<'_>) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    for row in tx.query(COUNTS, &[])? {
        let mails = row.int("mails")?;
        match row.text("state")?.as_str() {
            "sent" => counts.sent = mails,
            "failed" => counts.failed = mails,
            _ => counts.waiting += mails,
        }
    }
    counts.last_sent_at = tx.one(LAST_SENT, &[])?.opt_text("sent_at")?;
    Ok(counts)
}

/// A mail that could not be sent yet, or was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Troubled {
    pub(crate) id: String,
    pub(crate) recipient: String,
    pub(crate) subject: String,
    /// Whether it was given up.
    pub(crate) is_failed: bool,
    pub(crate) tries: i64,
    pub(crate) queued_at: String,
    pub(crate) next_try_at: String,
    pub(crate) last_error: String,
}

/// The mails that could not be sent, those given up first.
pub(crate) fn troubled(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Troubled>, Error> {
    let rows = tx.query(TROUBLED, &[&most])?;
    let troubled = rows.iter().map(|row| {
        Ok(Troubled {
            id: row.text("id")?,
            recipient: row.text("recipient")?,
            subject: row.text("subject")?,
            is_failed: row.text("state")? == "failed",
            tries: row.int("tries")?,
            queued_at: row.text("queued_at")?,
            next_try_at: row.text("next_try_at")?,
            last_error: row.text("last_error")?,
        })
    });
    troubled.collect()
}

/// Takes away what was sent before `moment`; how many.
pub(super) fn sweep(tx: &mut Tx<'_>, moment: &str) -> Result<u64, Error> {
    tx.execute(SWEEP, &[&moment])
}

fn mail(row: &Row) -> Result<Mail, Error> {
    Ok(Mail {
        id: row.text("id")?,
        recipient: row.text("recipient")?,
        subject: row.text("subject")?,
        body: row.text("body")?,
        link: row.text("link")?,
        tries: row.int("tries")?,
        queued_at: row.text("queued_at")?,
    })
}
