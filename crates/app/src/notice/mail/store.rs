//! SQL of the mail server's settings.

use db::{Error, Tx};

db::statements! {
    FIND_SETTING = "SELECT value FROM setting WHERE name = $1";
    SET_SETTING = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// A setting; empty when it was never set.
pub(super) fn setting(tx: &mut Tx<'_>, name: &str) -> Result<String, Error> {
    match tx.find(FIND_SETTING, &[&name])? {
        Some(row) => row.text("value"),
        None => Ok(String::new()),
    }
}

/// Sets it.
pub(super) fn set(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), Error> {
    tx.execute_one(SET_SETTING, &[&name, &value])
}
