//! A filed list between its preview and its confirmation.

use db::{Error, Tx};

db::statements! {
    KEEP_IMPORT = "INSERT INTO indicator_library_import (id, region_code, account_id, file_name, \
        filed, plan_digest, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FIND_IMPORT = "SELECT filed, plan_digest FROM indicator_library_import \
        WHERE id = $1 AND account_id = $2";
    DROP_IMPORT = "DELETE FROM indicator_library_import WHERE id = $1";
    DROP_OLD_IMPORTS = "DELETE FROM indicator_library_import WHERE made_at < $1";
}

/// Keeps a list, and forgets those that nobody confirmed since `too_old`.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    (id, region, account): (&str, &str, &str),
    (file, filed, digest): (&str, &str, &str),
    (now, too_old): (&str, &str),
) -> Result<(), Error> {
    tx.execute(DROP_OLD_IMPORTS, &[&too_old])?;
    tx.execute_one(
        KEEP_IMPORT,
        &[&id, &region, &account, &file, &filed, &digest, &now],
    )
}

/// The list that this account uploaded, and the digest of what was shown of it.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    id: &str,
    account: &str,
) -> Result<Option<(String, String)>, Error> {
    let row = tx.find(FIND_IMPORT, &[&id, &account])?;
    row.map(|row| Ok((row.text("filed")?, row.text("plan_digest")?)))
        .transpose()
}

/// Forgets a list.
pub(crate) fn forget(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(DROP_IMPORT, &[&id]).map(drop)
}
