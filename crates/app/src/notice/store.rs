//! SQL of notices and of where mail goes.

use db::{Error, Row, Tx};

db::statements! {
    // What was told already touches no row.
    TELL = "INSERT INTO notice (id, region_code, account_id, kind, title, body, link, sent_by, \
            made_at, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL) \
            ON CONFLICT (id) DO NOTHING";
    // It is news again, for whoever has read the first part.
    EXTEND = "UPDATE notice SET title = $2, body = $3, link = $4, made_at = $5, read_at = NULL \
              WHERE id = $1";
    UNREAD = "SELECT COUNT(*) AS unread FROM notice WHERE account_id = $1 AND read_at IS NULL";
    // $2: '1' shows only what is unread; the cursor is ($3 made_at, $4 id).
    PAGE = "SELECT id, kind, title, body, link, sent_by, made_at, read_at FROM notice \
            WHERE account_id = $1 AND ($2 = '' OR read_at IS NULL) \
            AND ($3 = '' OR made_at < $3 OR (made_at = $3 AND id < $4)) \
            ORDER BY made_at DESC, id DESC LIMIT $5";
    FIND = "SELECT id, kind, title, body, link, sent_by, made_at, read_at FROM notice \
            WHERE id = $1 AND account_id = $2";
    READ_ONE = "UPDATE notice SET read_at = $3 WHERE id = $1 AND account_id = $2 \
                AND read_at IS NULL";
    READ_ALL = "UPDATE notice SET read_at = $2 WHERE account_id = $1 AND read_at IS NULL \
                AND made_at <= $3";
    // Who has left, or whose account has run out, gets no mail.
    CONTACT = "SELECT a.email, COALESCE(c.wants_mail, TRUE) AS wants_mail FROM account a \
               LEFT JOIN mail_choice c ON c.account_id = a.id WHERE a.id = $1 \
               AND a.state = 'active' AND (a.valid_to IS NULL OR a.valid_to >= $2)";
    SET_EMAIL = "UPDATE account SET email = $2, version = version + 1 WHERE id = $1";
    SET_CHOICE = "INSERT INTO mail_choice (account_id, region_code, wants_mail) \
                  SELECT id, region_code, $2 FROM account WHERE id = $1 \
                  ON CONFLICT (account_id) DO UPDATE SET wants_mail = excluded.wants_mail";
    SWEEP = "DELETE FROM notice WHERE read_at IS NOT NULL AND read_at < $1";
}

/// A notice as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) title: String,
    pub(crate) body: String,
    /// A path of this site; empty when there is nothing to open.
    pub(crate) link: String,
    /// The name of the person who sent it; none when the program did.
    pub(crate) sent_by: Option<String>,
    pub(crate) made_at: String,
    pub(crate) read_at: Option<String>,
}

impl Kept {
    /// `2020-11-20 08:00`
    pub(crate) fn at(&self) -> String {
        super::minute(&self.made_at)
    }
}

/// What is to be kept.
pub(super) struct New<'a> {
    pub(super) id: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
    pub(super) kind: &'static str,
    pub(super) title: &'a str,
    pub(super) body: &'a str,
    pub(super) link: &'a str,
    pub(super) sent_by: Option<&'a str>,
    pub(super) made_at: &'a str,
}

/// Keeps a notice, unless one of this id was kept already. Whether it is new.
pub(super) fn tell(tx: &mut Tx<'_>, new: &New<'_>) -> Result<bool, Error> {
    let touched = tx.execute(
        TELL,
        &[
            &new.id,
            &new.region,
            &new.account,
            &new.kind,
            &new.title,
            &new.body,
            &new.link,
            &new.sent_by,
            &new.made_at,
        ],
    )?;
    Ok(touched == 1)
}

/// Writes what a notice says now.
pub(super) fn extend(
    tx: &mut Tx<'_>,
    id: &str,
    (title, body, link): (&str, &str, &str),
    now: &str,
) -> Result<(), Error> {
    tx.execute_one(EXTEND, &[&id, &title, &body, &link, &now])
}

/// How many notices the account has not read.
pub(crate) fn unread(tx: &mut Tx<'_>, account: &str) -> Result<i64, Error> {
    tx.one(UNREAD, &[&account])?.int("unread")
}

/// The newest notices of the account, from after the one that `(made_at, id)` names.
pub(crate) fn page(
    tx: &mut Tx<'_>,
    account: &str,
    only_unread: bool,
    after: (&str, &str),
    most: i64,
) -> Result<Vec<Kept>, Error> {
    let only = if only_unread { "1" } else { "" };
    let rows = tx.query(PAGE, &[&account, &only, &after.0, &after.1, &most])?;
    rows.iter().map(kept).collect()
}

/// A notice of the account.
pub(super) fn find(tx: &mut Tx<'_>, account: &str, id: &str) -> Result<Option<Kept>, Error> {
    let found = tx.find(FIND, &[&id, &account])?;
    found.as_ref().map(kept).transpose()
}

/// Marks one as read; one that is read already stays as it is.
pub(super) fn read_one(tx: &mut Tx<'_>, account: &str, id: &str, now: &str) -> Result<(), Error> {
    tx.execute(READ_ONE, &[&id, &account, &now]).map(drop)
}

/// Marks as read what had come until `seen`; how many.
pub(super) fn read_all(
    tx: &mut Tx<'_>,
    account: &str,
    seen: &str,
    now: &str,
) -> Result<u64, Error> {
    tx.execute(READ_ALL, &[&account, &now, &seen])
}

/// Where a person's mail goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Contact {
    /// Empty when there is no address.
    pub(crate) email: String,
    /// Whether notices are to come by mail too.
    pub(crate) wants_mail: bool,
}

impl Contact {
    /// As an event tells it.
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({"email": self.email, "wants_mail": self.wants_mail})
    }
}

/// Where the account's mail goes on the day `today`; nowhere when the account is closed.
pub(crate) fn contact(tx: &mut Tx<'_>, account: &str, today: &str) -> Result<Contact, Error> {
    match tx.find(CONTACT, &[&account, &today])? {
        Some(row) => Ok(Contact {
            email: row.text("email")?,
            wants_mail: row.bool("wants_mail")?,
        }),
        None => Ok(Contact::default()),
    }
}

/// Sets where the account's mail goes.
pub(super) fn set_contact(tx: &mut Tx<'_>, account: &str, contact: &Contact) -> Result<(), Error> {
    tx.execute_one(SET_EMAIL, &[&account, &contact.email])?;
    tx.execute_one(SET_CHOICE, &[&account, &contact.wants_mail])
}

/// Takes away what was read before `moment`; how many.
pub(super) fn sweep(tx: &mut Tx<'_>, moment: &str) -> Result<u64, Error> {
    tx.execute(SWEEP, &[&moment])
}

fn kept(row: &Row) -> Result<Kept, Error> {
    Ok(Kept {
        id: row.text("id")?,
        kind: row.text("kind")?,
        title: row.text("title")?,
        body: row.text("body")?,
        link: row.text("link")?,
        sent_by: row.opt_text("sent_by")?,
        made_at: row.text("made_at")?,
        read_at: row.opt_text("read_at")?,
    })
}
