//! SQL of second factors and of the codes that stand in for a lost one.

use db::{Error, SealKey, Sql, Tx};

db::statements! {
    FIND_BINDING = "SELECT secret FROM second_factor_binding \
                    WHERE account_id = $1 AND expires_at > $2";
    SET_BINDING = "INSERT INTO second_factor_binding (account_id, region_code, secret, expires_at) \
                   SELECT id, region_code, $2, $3 FROM account WHERE id = $1 \
                   ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, \
                   expires_at = excluded.expires_at";
    DROP_BINDING = "DELETE FROM second_factor_binding WHERE account_id = $1";
    BIND = "UPDATE account SET totp_secret = $2, totp_last_step = $3 \
            WHERE id = $1 AND totp_secret IS NULL";
    UNBIND = "UPDATE account SET totp_secret = NULL, totp_last_step = 0 WHERE id = $1";
    USE_STEP = "UPDATE account SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2";
    DROP_CODES = "DELETE FROM recovery_code WHERE account_id = $1";
    ADD_CODE = "INSERT INTO recovery_code (account_id, position, region_code, code_digest) \
                SELECT id, $2, region_code, $3 FROM account WHERE id = $1";
    USE_CODE = "UPDATE recovery_code SET used_at = $3 \
                WHERE account_id = $1 AND code_digest = $2 AND used_at IS NULL";
    SECRET = "SELECT totp_secret FROM account WHERE id = $1";
    CLEAR = "SELECT id, totp_secret AS secret FROM account \
             WHERE totp_secret IS NOT NULL AND totp_secret NOT LIKE $1 ORDER BY id";
    SET_SECRET = "UPDATE account SET totp_secret = $2 WHERE id = $1";
    CLEAR_BINDINGS = "SELECT account_id AS id, secret FROM second_factor_binding \
                      WHERE secret NOT LIKE $1 ORDER BY account_id";
    SET_BINDING_SECRET = "UPDATE second_factor_binding SET secret = $2 WHERE account_id = $1";
    DROP_BINDINGS = "DELETE FROM second_factor_binding";
    DROP_ALL_CODES = "DELETE FROM recovery_code";
    UNBIND_ALL = "UPDATE account SET totp_secret = NULL, totp_last_step = 0 \
                  WHERE totp_secret IS NOT NULL";
    COUNT_CODES = "SELECT CAST(COUNT(*) AS BIGINT) AS unused FROM recovery_code \
                   WHERE account_id = $1 AND used_at IS NULL";
}

/// Where the account's secret lies sealed.
fn secret_place(account: &str) -> String {
    format!("account.totp_secret:{account}")
}

/// Where the secret lies sealed that waits to be confirmed.
fn binding_place(account: &str) -> String {
    format!("second_factor_binding.secret:{account}")
}

/// Seals the secrets that an earlier version left in clear.
pub(crate) fn seal_clear(tx: &mut Tx<'_>) -> Result<(), Error> {
    seal_all(tx, CLEAR, SET_SECRET, secret_place)?;
    seal_all(tx, CLEAR_BINDINGS, SET_BINDING_SECRET, binding_place)
}

fn seal_all(tx: &mut Tx<'_>, clear: Sql, set: Sql, place: fn(&str) -> String) -> Result<(), Error> {
    let sealed = format!("{}%", SealKey::MARK);
    for row in tx.query(clear, &[&sealed])? {
        let id = row.text("id")?;
        let sealed = tx.seal(&place(&id), &row.text("secret")?)?;
        tx.execute_one(set, &[&id, &sealed])?;
    }
    Ok(())
}

/// Takes away what was sealed with a key that is lost, from every account: from how many.
pub(crate) fn forget_sealed(tx: &mut Tx<'_>) -> Result<u64, Error> {
    tx.execute(DROP_BINDINGS, &[])?;
    tx.execute(DROP_ALL_CODES, &[])?;
    tx.execute(UNBIND_ALL, &[])
}

/// The secret that is shown to the account's person and not yet confirmed.
pub(crate) fn find_binding(
    tx: &mut Tx<'_>,
    account: &str,
    now: &str,
) -> Result<Option<String>, Error> {
    tx.find(FIND_BINDING, &[&account, &now])?
        .map(|row| tx.unseal(&binding_place(account), &row.text("secret")?))
        .transpose()
}

/// The secret of the account's authenticator, in base 32.
pub(crate) fn secret(tx: &mut Tx<'_>, account: &str) -> Result<Option<String>, Error> {
    let sealed = tx.one(SECRET, &[&account])?.opt_text("totp_secret")?;
    sealed
        .map(|sealed| tx.unseal(&secret_place(account), &sealed))
        .transpose()
}

/// Keeps a secret until it is confirmed or `expires_at`.
pub(crate) fn set_binding(
    tx: &mut Tx<'_>,
    account: &str,
    secret: &str,
    expires_at: &str,
) -> Result<(), Error> {
    let sealed = tx.seal(&binding_place(account), secret)?;
    tx.execute_one(SET_BINDING, &[&account, &sealed, &expires_at])
}

/// Binds the confirmed secret with the digests of the codes that stand in for it: whether the
/// account had no second factor before.
pub(crate) fn bind(
    tx: &mut Tx<'_>,
    account: &str,
    secret: &str,
    step: i64,
    codes: &[String],
) -> Result<bool, Error> {
    tx.execute(DROP_BINDING, &[&account])?;
    let sealed = tx.seal(&secret_place(account), secret)?;
    if tx.execute(BIND, &[&account, &sealed, &step])? == 0 {
        return Ok(false);
    }
    set_codes(tx, account, codes)?;
    Ok(true)
}

/// Takes the second factor and its codes away.
pub(crate) fn unbind(tx: &mut Tx<'_>, account: &str) -> Result<(), Error> {
    tx.execute(DROP_BINDING, &[&account])?;
    tx.execute(DROP_CODES, &[&account])?;
    tx.execute_one(UNBIND, &[&account])
}

/// Uses up the time steps to `step`: whether it was unused.
pub(crate) fn use_step(tx: &mut Tx<'_>, account: &str, step: i64) -> Result<bool, Error> {
    Ok(tx.execute(USE_STEP, &[&account, &step])? == 1)
}

/// Replaces the codes by those of these digests.
pub(crate) fn set_codes(tx: &mut Tx<'_>, account: &str, codes: &[String]) -> Result<(), Error> {
    tx.execute(DROP_CODES, &[&account])?;
    for (position, digest) in (1_i64..).zip(codes) {
        tx.execute_one(ADD_CODE, &[&account, &position, digest])?;
    }
    Ok(())
}

/// Uses up a code: whether there was such an unused one.
pub(crate) fn use_code(
    tx: &mut Tx<'_>,
    account: &str,
    digest: &str,
    now: &str,
) -> Result<bool, Error> {
    Ok(tx.execute(USE_CODE, &[&account, &digest, &now])? == 1)
}

/// How many codes are unused.
pub(crate) fn unused_codes(tx: &mut Tx<'_>, account: &str) -> Result<i64, Error> {
    tx.one(COUNT_CODES, &[&account])?.int("unused")
}
