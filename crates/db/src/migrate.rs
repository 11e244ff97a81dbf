//! Forward-only migrations.

use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::executor::Db;
use crate::sql::Sql;
use crate::tx::Tx;

/// One migration: a file of `migrations/`, the same for both databases.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The file's name, which begins with its number: `0001_organisation`.
    pub name: &'static str,
    /// The file's text.
    pub text: &'static str,
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
    name TEXT NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL
)";

const APPLIED: Sql = Sql {
    name: "APPLIED",
    text: "SELECT name, checksum FROM schema_migration ORDER BY name",
};

const RECORD: Sql = Sql {
    name: "RECORD",
    text: "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)",
};

/// Brings the database to the state of `migrations`, each in its own transaction.
///
/// # Errors
/// A migration that was changed after it was applied, a database that is newer than the program,
/// or a statement that fails; what was applied before stays.
pub fn migrate(db: &Db, migrations: &'static [Migration]) -> Result<(), Error> {
    db.write_blocking(|tx| tx.batch(CREATE))?;
    let applied = db.read_blocking(|tx: &mut Tx<'_>| tx.query(APPLIED, &[]))?;
    if applied.len() > migrations.len() {
        return Err(Error::Migration(format!(
            "the database has {} migrations, this program knows {}: use a newer program",
            applied.len(),
            migrations.len()
        )));
    }
    for (row, migration) in applied.iter().zip(migrations) {
        if row.text("name")? != migration.name || row.text("checksum")? != checksum(migration) {
            return Err(Error::Migration(format!(
                "migration {} is not the one that was applied to this database",
                migration.name
            )));
        }
    }
    for migration in &migrations[applied.len()..] {
        db.write_blocking(move |tx: &mut Tx<'_>| {
            tx.batch(migration.text)?;
            tx.execute_one(RECORD, &[&migration.name, &checksum(migration)])
        })
        .map_err(|error| Error::Migration(format!("{}: {error}", migration.name)))?;
    }
    Ok(())
}

fn checksum(migration: &Migration) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in Sha256::digest(migration.text) {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
