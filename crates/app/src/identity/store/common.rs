//! SQL of logins that were sent to the common login and have not come back.

use db::{Error, Tx};

db::statements! {
    ADD = "INSERT INTO common_login (state_digest, nonce, verifier, next_path, expires_at) \
           VALUES ($1, $2, $3, $4, $5)";
    TAKE = "DELETE FROM common_login WHERE state_digest = $1 \
            RETURNING nonce, verifier, next_path, expires_at";
    SWEEP = "DELETE FROM common_login WHERE expires_at <= $1";
}

/// What is kept of such a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    pub(crate) next: String,
}

/// Keeps a login until it comes back or `until`, and forgets those that did not.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    digest: &str,
    login: &Login,
    (now, until): (&str, &str),
) -> Result<(), Error> {
    tx.execute(SWEEP, &[&now])?;
    tx.execute_one(
        ADD,
        &[&digest, &login.nonce, &login.verifier, &login.next, &until],
    )
}

/// The login with this state, once, if its time is not over at `now`.
pub(crate) fn take(tx: &mut Tx<'_>, digest: &str, now: &str) -> Result<Option<Login>, Error> {
    let Some(row) = tx.find(TAKE, &[&digest])? else {
        return Ok(None);
    };
    let is_over = *row.text("expires_at")? <= *now;
    let login = Login {
        nonce: row.text("nonce")?,
        verifier: row.text("verifier")?,
        next: row.text("next_path")?,
    };
    Ok((!is_over).then_some(login))
}
