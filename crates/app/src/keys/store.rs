//! SQL of the mark by which a key is known to be the database's.

use db::{Error, Tx};

db::statements! {
    CHECK = "SELECT value FROM setting WHERE name = 'key_check'";
    KEEP_CHECK = "INSERT INTO setting (name, value) VALUES ('key_check', $1)";
    FORGET_CHECK = "DELETE FROM setting WHERE name = 'key_check'";
}

/// The place of the mark.
pub(super) const CHECK_PLACE: &str = "setting:key_check";

/// What is sealed in it.
const CHECK_TEXT: &str = "jixiao";

/// The sealed mark, if the database has a key.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    tx.find(CHECK, &[])?
        .map(|row| row.text("value"))
        .transpose()
}

/// Makes the transaction's key the database's.
///
/// # Errors
/// Another process made its own first, which is tried again; or the database fails.
pub(super) fn keep_check(tx: &mut Tx<'_>) -> Result<(), Error> {
    let sealed = tx.seal(CHECK_PLACE, CHECK_TEXT)?;
    match tx.execute_one(KEEP_CHECK, &[&sealed]) {
        Err(Error::Duplicate(text)) => Err(Error::Conflict(text)),
        other => other,
    }
}

/// The database has no key any more.
pub(super) fn forget_check(tx: &mut Tx<'_>) -> Result<(), Error> {
    tx.execute(FORGET_CHECK, &[]).map(drop)
}
