//! SQL of sessions.

use db::{Error, Row, Tx};
use domain::permission::Actor;

use super::{Account, actor, find_by_id};

db::statements! {
    FIND = "SELECT account_id, stage, proof, began_at, seen_at, previous_login_at, \
            previous_login_from, failed_before FROM session \
            WHERE token_digest = $1 AND expires_at > $2";
    SEEN = "UPDATE session SET seen_at = $2 WHERE token_digest = $1 AND seen_at < $2";
    BEGIN = "INSERT INTO session (token_digest, account_id, region_code, stage, proof, began_at, \
             seen_at, expires_at, from_address, browser, previous_login_at, previous_login_from, \
             failed_before) SELECT $1, id, region_code, $7, $8, $3, $3, $4, $5, $6, \
             last_login_at, last_login_from, failed_logins FROM account WHERE id = $2";
    END = "DELETE FROM session WHERE token_digest = $1";
    TAKE = "DELETE FROM session WHERE token_digest = $1 RETURNING account_id, stage";
    END_OLD = "DELETE FROM session WHERE expires_at <= $1";
    END_ALL = "DELETE FROM session WHERE account_id = $1";
    END_OTHERS = "DELETE FROM session WHERE account_id = $1 AND token_digest <> $2";
    END_ONE_OF = "DELETE FROM session WHERE account_id = $1 AND token_digest = $2";
    OF = "SELECT token_digest, stage, proof, began_at, seen_at, from_address, browser \
          FROM session WHERE account_id = $1 AND expires_at > $2 \
          ORDER BY began_at DESC, token_digest";
}

/// What a session is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// To show a second factor, or to bind one.
    SecondFactor,
    /// To change the password.
    PasswordChange,
    /// For everything.
    Full,
}

impl Stage {
    const ALL: [(Self, &'static str); 3] = [
        (Self::SecondFactor, "second_factor"),
        (Self::PasswordChange, "password_change"),
        (Self::Full, "full"),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::PasswordChange => "password_change",
            Self::Full => "full",
        }
    }

    /// The one page of the stage; none where every page may be opened.
    pub(crate) fn only_page(self) -> Option<&'static str> {
        match self {
            Self::SecondFactor => Some("/second-factor"),
            Self::PasswordChange => Some("/password"),
            Self::Full => None,
        }
    }

    /// Whether a session of this stage may ask for `path` at all.
    pub(crate) fn reaches(self, path: &str) -> bool {
        self.only_page().is_none_or(|page| {
            let below = path.strip_prefix(page);
            path == "/logout" || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

/// How a person proved to be it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// By the password.
    Password,
    /// By the common login (统一认证).
    CommonLogin,
}

impl Proof {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::CommonLogin => "common_login",
        }
    }

    /// Its words on screen.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Password => "密码",
            Self::CommonLogin => "统一认证",
        }
    }

    fn of(row: &Row) -> Result<Self, Error> {
        Ok(match &*row.text("proof")? {
            "common_login" => Self::CommonLogin,
            _ => Self::Password,
        })
    }
}

fn stage(row: &Row) -> Result<Stage, Error> {
    let name = row.text("stage")?;
    let found = Stage::ALL.into_iter().find(|(_, known)| *known == name);
    // A stage that is not known is good for the least.
    Ok(found.map_or(Stage::PasswordChange, |(stage, _)| stage))
}

/// Whose session it is, and since when.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) account: Account,
    pub(crate) actor: Actor,
    pub(crate) stage: Stage,
    pub(crate) proof: Proof,
    pub(crate) began_at: String,
    pub(crate) seen_at: String,
    /// When the person logged in before.
    pub(crate) previous_at: Option<String>,
    /// From which address that was.
    pub(crate) previous_from: Option<String>,
    /// How often somebody failed between the two.
    pub(crate) failed_before: i64,
}

/// Whose session it is, if it has not ended before `now`. Whether it has ended by idleness, and
/// whether its account may still be used, the caller asks the rules.
pub(crate) fn find(tx: &mut Tx<'_>, digest: &str, now: &str) -> Result<Option<Holder>, Error> {
    let Some(row) = tx.find(FIND, &[&digest, &now])? else {
        return Ok(None);
    };
    let Some(account) = find_by_id(tx, &row.text("account_id")?)? else {
        return Ok(None);
    };
    Ok(Some(Holder {
        actor: actor(tx, &account)?,
        account,
        stage: stage(&row)?,
        proof: Proof::of(&row)?,
        began_at: row.text("began_at")?,
        seen_at: row.text("seen_at")?,
        previous_at: row.opt_text("previous_login_at")?,
        previous_from: row.opt_text("previous_login_from")?,
        failed_before: row.int("failed_before")?,
    }))
}

/// Where, when and how a session begins.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) now: String,
    pub(crate) expires_at: String,
    pub(crate) from_address: String,
    pub(crate) browser: String,
}

/// Begins a session of the account, and sweeps those that have ended.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    digest: &str,
    account: &str,
    start: &Start,
    (stage, proof): (Stage, Proof),
) -> Result<(), Error> {
    tx.execute(END_OLD, &[&start.now])?;
    tx.execute_one(
        BEGIN,
        &[
            &digest,
            &account,
            &start.now,
            &start.expires_at,
            &start.from_address,
            &start.browser,
            &stage.name(),
            &proof.name(),
        ],
    )
}

/// Writes that the session was used at `now`.
pub(crate) fn seen(tx: &mut Tx<'_>, digest: &str, now: &str) -> Result<(), Error> {
    tx.execute(SEEN, &[&digest, &now]).map(drop)
}

/// Ends a session.
pub(crate) fn end(tx: &mut Tx<'_>, digest: &str) -> Result<(), Error> {
    tx.execute(END, &[&digest]).map(drop)
}

/// Ends a session: whose it was and what it was good for, if it was there.
pub(crate) fn take(tx: &mut Tx<'_>, digest: &str) -> Result<Option<(String, Stage)>, Error> {
    tx.find(TAKE, &[&digest])?
        .map(|row| Ok((row.text("account_id")?, stage(&row)?)))
        .transpose()
}

/// Ends every session of the account.
pub(crate) fn end_all(tx: &mut Tx<'_>, account: &str) -> Result<(), Error> {
    tx.execute(END_ALL, &[&account]).map(drop)
}

/// Ends every session of the account but one: how many.
pub(crate) fn end_others(tx: &mut Tx<'_>, account: &str, but: &str) -> Result<u64, Error> {
    tx.execute(END_OTHERS, &[&account, &but])
}

/// Ends one session of the account: whether there was such a one.
pub(crate) fn end_one_of(tx: &mut Tx<'_>, account: &str, digest: &str) -> Result<bool, Error> {
    Ok(tx.execute(END_ONE_OF, &[&account, &digest])? == 1)
}

/// A session as its person sees it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) digest: String,
    pub(crate) stage: Stage,
    pub(crate) proof: Proof,
    pub(crate) began_at: String,
    pub(crate) seen_at: String,
    pub(crate) from_address: String,
    pub(crate) browser: String,
}

/// The account's sessions, newest first.
pub(crate) fn of(tx: &mut Tx<'_>, account: &str, now: &str) -> Result<Vec<Listed>, Error> {
    let rows = tx.query(OF, &[&account, &now])?;
    rows.iter()
        .map(|row| {
            Ok(Listed {
                digest: row.text("token_digest")?,
                stage: stage(row)?,
                proof: Proof::of(row)?,
                began_at: row.text("began_at")?,
                seen_at: row.text("seen_at")?,
                from_address: row.text("from_address")?,
                browser: row.text("browser")?,
            })
        })
        .collect()
}
