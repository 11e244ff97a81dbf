//! A filed workbook of a unit's targets between its preview and its confirmation.

use db::{Error, Tx};

db::statements! {
    KEEP_IMPORT = "INSERT INTO target_import (id, region_code, account_id, unit_id, fiscal_year, \
        file_name, filed, plan_digest, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND_IMPORT = "SELECT unit_id, fiscal_year, filed, plan_digest FROM target_import \
        WHERE id = $1 AND account_id = $2";
    DROP_IMPORT = "DELETE FROM target_import WHERE id = $1";
    DROP_OLD_IMPORTS = "DELETE FROM target_import WHERE made_at < $1";
}

/// What waits.
#[derive(Debug, Clone)]
pub(in crate::target) struct Waiting {
    pub(in crate::target) unit: String,
    pub(in crate::target) year: i64,
    /// What the file says.
    pub(in crate::target) filed: String,
    /// The digest of what was shown of it.
    pub(in crate::target) digest: String,
}

/// Keeps a file, and forgets those that nobody confirmed since `too_old`.
pub(in crate::target) fn keep(
    tx: &mut Tx<'_>,
    (id, region, account): (&str, &str, &str),
    (file, waiting): (&str, &Waiting),
    (now, too_old): (&str, &str),
) -> Result<(), Error> {
    tx.execute(DROP_OLD_IMPORTS, &[&too_old])?;
    tx.execute_one(
        KEEP_IMPORT,
        &[
            &id,
            &region,
            &account,
            &waiting.unit,
            &waiting.year,
            &file,
            &waiting.filed,
            &waiting.digest,
            &now,
        ],
    )
}

/// What this account uploaded under this id.
pub(in crate::target) fn find(
    tx: &mut Tx<'_>,
    id: &str,
    account: &str,
) -> Result<Option<Waiting>, Error> {
    let row = tx.find(FIND_IMPORT, &[&id, &account])?;
    row.map(|row| {
        Ok(Waiting {
            unit: row.text("unit_id")?,
            year: row.int("fiscal_year")?,
            filed: row.text("filed")?,
            digest: row.text("plan_digest")?,
        })
    })
    .transpose()
}

/// Forgets a file.
pub(in crate::target) fn forget(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(DROP_IMPORT, &[&id]).map(drop)
}
