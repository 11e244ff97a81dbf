//! Where the rows of targets came from.

use std::collections::BTreeMap;

use db::{Error, Tx};
use domain::target::{Origin, Target};

db::statements! {
    ORIGINS = "SELECT row_key, library_id, library_version, source_target_id, source_row_key \
               FROM indicator_origin WHERE target_id = $1 ORDER BY row_key";
    DROP_ORIGINS = "DELETE FROM indicator_origin WHERE target_id = $1";
    INSERT_ORIGIN = "INSERT INTO indicator_origin (target_id, row_key, region_code, library_id, \
                     library_version, source_target_id, source_row_key) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LIBRARY_VERSION = "SELECT v.entry_id FROM indicator_library_version v \
                       WHERE v.entry_id = $1 AND v.version = $2 AND v.region_code = $3";
    TARGET_ROW = "SELECT t.id FROM performance_target t WHERE t.id = $1 AND t.region_code = $2";
}

/// Puts the origins of a target's rows to them.
pub(super) fn read(tx: &mut Tx<'_>, id: &str, target: &mut Target) -> Result<(), Error> {
    let mut origins = BTreeMap::new();
    for row in tx.query(ORIGINS, &[&id])? {
        let library = row
            .opt_text("library_id")?
            .zip(row.opt_int("library_version")?);
        let source = row
            .opt_text("source_target_id")?
            .zip(row.opt_int("source_row_key")?);
        let origin = match (library, source) {
            (Some((id, version)), _) => Origin::Library { id, version },
            (None, Some((id, row))) => Origin::Target { id, row },
            (None, None) => continue,
        };
        origins.insert(row.int("row_key")?.to_string(), origin.to_text());
    }
    for row in &mut target.rows {
        row.origin = origins.remove(&row.key).unwrap_or_default();
    }
    Ok(())
}

/// Whether the rows of one target came from elsewhere than those of the other, or are others.
pub(super) fn differ(one: &Target, other: &Target) -> bool {
    let origins = |target: &'_ Target| -> Vec<(String, String)> {
        let rows = target.rows.iter().filter(|row| !row.origin.is_empty());
        rows.map(|row| (row.key.clone(), row.origin.clone()))
            .collect()
    };
    origins(one) != origins(other)
}

/// Writes the origins of a target whose rows are all numbered.
pub(super) fn write(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    target: &Target,
) -> Result<(), Error> {
    tx.execute(DROP_ORIGINS, &[&id])?;
    for row in &target.rows {
        let (library, source) = match Origin::parse(&row.origin) {
            Some(Origin::Library { id, version }) => (Some((id, version)), None),
            Some(Origin::Target { id, row }) => (None, Some((id, row))),
            None => continue,
        };
        let key: i64 = row.key.parse().unwrap_or_default();
        let (library, library_version) = library.unzip();
        let (source, source_row) = source.unzip();
        tx.execute_one(
            INSERT_ORIGIN,
            &[
                &id,
                &key,
                &region,
                &library,
                &library_version,
                &source,
                &source_row,
            ],
        )?;
    }
    Ok(())
}

/// Takes away what no row of a target can have come from: the form carries origins, and whatever a
/// browser sends may be made up.
pub(in crate::target) fn settle(
    tx: &mut Tx<'_>,
    region: &str,
    target: &mut Target,
) -> Result<(), Error> {
    for row in target.rows.iter_mut().filter(|row| !row.origin.is_empty()) {
        let found = match Origin::parse(&row.origin) {
            Some(Origin::Library { id, version }) => {
                tx.find(LIBRARY_VERSION, &[&id, &version, &region])?
            }
            Some(Origin::Target { id, .. }) => tx.find(TARGET_ROW, &[&id, &region])?,
            None => None,
        };
        if found.is_none() {
            row.origin.clear();
        }
    }
    Ok(())
}
