//! SQL of accounts and sessions.

use db::{Error, Tx};

db::statements! {
    FIND_SETTING = "SELECT value FROM setting WHERE name = $1";
    SET_SETTING = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    FIND_SESSION = "SELECT person FROM session WHERE token_digest = $1 AND expires_at > $2";
    BEGIN_SESSION = "INSERT INTO session (token_digest, person, expires_at) VALUES ($1, $2, $3)";
    END_SESSION = "DELETE FROM session WHERE token_digest = $1";
    END_OLD_SESSIONS = "DELETE FROM session WHERE expires_at <= $1";
    END_ALL_SESSIONS = "DELETE FROM session";
}

/// Where the administrator's password hash is kept.
const PASSWORD_HASH: &str = "administrator_password_hash";

/// The administrator's password hash, if there is an administrator.
pub(crate) fn find_password_hash(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    tx.find(FIND_SETTING, &[&PASSWORD_HASH])?
        .map(|row| row.text("value"))
        .transpose()
}

/// Sets the administrator's password hash and ends every session.
pub(crate) fn set_password_hash(tx: &mut Tx<'_>, hash: &str) -> Result<(), Error> {
    tx.execute_one(SET_SETTING, &[&PASSWORD_HASH, &hash])?;
    tx.execute(END_ALL_SESSIONS, &[]).map(drop)
}

/// Whose session it is, if it has not ended before `now`.
pub(crate) fn find_session(
    tx: &mut Tx<'_>,
    token_digest: &str,
    now: &str,
) -> Result<Option<String>, Error> {
    tx.find(FIND_SESSION, &[&token_digest, &now])?
        .map(|row| row.text("person"))
        .transpose()
}

/// Begins a session of `person`, and sweeps those that ended before `now`.
pub(crate) fn begin_session(
    tx: &mut Tx<'_>,
    token_digest: &str,
    person: &str,
    (now, expires_at): (&str, &str),
) -> Result<(), Error> {
    tx.execute(END_OLD_SESSIONS, &[&now])?;
    tx.execute_one(BEGIN_SESSION, &[&token_digest, &person, &expires_at])
}

/// Ends a session.
pub(crate) fn end_session(tx: &mut Tx<'_>, token_digest: &str) -> Result<(), Error> {
    tx.execute(END_SESSION, &[&token_digest]).map(drop)
}
