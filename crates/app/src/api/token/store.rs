//! SQL of the tokens.

use db::{Error, Row, Tx};

use crate::identity::store::{Holder, holder};

db::statements! {
    FIND_HOLDER = "SELECT a.id, a.region_code, a.login_name, a.name, a.unit_id, a.section_id, \
                   t.used_on FROM api_token t JOIN account a ON a.id = t.account_id \
                   WHERE t.token_digest = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL \
                   AND a.state = 'active' AND a.must_change_password = FALSE \
                   AND (a.valid_to IS NULL OR a.valid_to >= SUBSTR($2, 1, 10))";
    SET_USED = "UPDATE api_token SET used_on = $2 WHERE token_digest = $1";
    OF_ACCOUNT = "SELECT id, name, made_at, expires_at, used_on FROM api_token \
                  WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2 \
                  ORDER BY made_at DESC, id";
    INSERT = "INSERT INTO api_token (id, account_id, region_code, name, token_digest, made_at, \
              expires_at) SELECT $1, id, region_code, $3, $4, $5, $6 FROM account WHERE id = $2";
    REVOKE = "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND account_id = $2 \
              AND revoked_at IS NULL";
    FIND = "SELECT name, expires_at FROM api_token WHERE id = $1 AND account_id = $2 \
            AND revoked_at IS NULL";
}

/// A token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) made_at: String,
    pub(super) expires_at: String,
    pub(super) used_on: Option<String>,
}

impl Token {
    /// The day on which it was made.
    pub(super) fn made_on(&self) -> &str {
        day(&self.made_at)
    }

    /// The day on which it ends.
    pub(super) fn expires_on(&self) -> &str {
        day(&self.expires_at)
    }
}

fn day(moment: &str) -> &str {
    moment.get(..10).unwrap_or(moment)
}

/// A token that is to be written.
#[derive(Debug, Clone)]
pub(super) struct NewToken {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) name: String,
    pub(super) digest: String,
    pub(super) made_at: String,
    pub(super) expires_at: String,
}

/// Whose token it is, and the day on which it was used last, if it is good at `now`.
pub(in crate::api) fn find_holder(
    tx: &mut Tx<'_>,
    digest: &str,
    now: &str,
) -> Result<Option<(Holder, Option<String>)>, Error> {
    match tx.find(FIND_HOLDER, &[&digest, &now])? {
        Some(row) => Ok(Some((holder(tx, &row)?, row.opt_text("used_on")?))),
        None => Ok(None),
    }
}

/// Writes the day on which a token was used last.
pub(in crate::api) fn set_used(tx: &mut Tx<'_>, digest: &str, day: &str) -> Result<(), Error> {
    tx.execute_one(SET_USED, &[&digest, &day])
}

/// The tokens of an account that are good at `now`, newest first.
pub(super) fn of_account(tx: &mut Tx<'_>, account: &str, now: &str) -> Result<Vec<Token>, Error> {
    let rows = tx.query(OF_ACCOUNT, &[&account, &now])?;
    rows.iter().map(token).collect()
}

fn token(row: &Row) -> Result<Token, Error> {
    Ok(Token {
        id: row.text("id")?,
        name: row.text("name")?,
        made_at: row.text("made_at")?,
        expires_at: row.text("expires_at")?,
        used_on: row.opt_text("used_on")?,
    })
}

/// Writes a new token.
pub(super) fn insert(tx: &mut Tx<'_>, new: &NewToken) -> Result<(), Error> {
    tx.execute_one(
        INSERT,
        &[
            &new.id,
            &new.account,
            &new.name,
            &new.digest,
            &new.made_at,
            &new.expires_at,
        ],
    )
}

/// Takes a token of the account away at `now`: its name, or nothing where there is no such token.
pub(super) fn revoke(
    tx: &mut Tx<'_>,
    id: &str,
    account: &str,
    now: &str,
) -> Result<Option<String>, Error> {
    let Some(row) = tx.find(FIND, &[&id, &account])? else {
        return Ok(None);
    };
    tx.execute_one(REVOKE, &[&id, &account, &now])?;
    row.text("name").map(Some)
}
