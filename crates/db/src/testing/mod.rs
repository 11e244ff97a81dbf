//! A fresh database for each test, of both kinds.

mod content;
mod schema;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::migrate::{Migration, migrate};
use crate::{Db, SealKey};

/// Where `cargo xtask test` says that its PostgreSQL server listens.
pub const POSTGRES: &str = "JIXIAO_TEST_POSTGRES";

/// A database that goes away with the test.
pub struct TestDb {
    /// The database, migrated.
    pub db: Db,
    /// Its address.
    pub url: String,
    keep: Keep,
}

enum Keep {
    Folder(#[expect(dead_code, reason = "the folder lives as long as the test")] TempDir),
    Schema { server: String, name: String },
}

impl TestDb {
    /// A fresh SQLite file.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn sqlite(migrations: &'static [Migration]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        Self::open(url, Keep::Folder(folder), migrations)
    }

    /// A fresh schema on the PostgreSQL server of the test run.
    ///
    /// # Panics
    /// When there is no server: the tests run through `cargo xtask test`, which starts one.
    pub fn postgres(migrations: &'static [Migration]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
            panic!("{POSTGRES} is not set: run the tests through `cargo xtask test`")
        });
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        on_server(
            &server,
            &format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"),
        );
        let url = format!("{server}?options=-csearch_path%3D{name}");
        Self::open(url, Keep::Schema { server, name }, migrations)
    }

    /// Every column, key, reference and number of CHECKs, as lines that both databases write
    /// alike.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub fn schema(&self) -> Vec<String> {
        match &self.keep {
            Keep::Folder(_) => schema::sqlite(self.url.trim_start_matches("sqlite://")),
            Keep::Schema { .. } => schema::postgres(&self.url),
        }
    }

    /// What each table holds, told briefly: equal before and after when nothing was changed.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub fn content(&self) -> BTreeMap<String, String> {
        match &self.keep {
            Keep::Folder(_) => content::sqlite(self.url.trim_start_matches("sqlite://")),
            Keep::Schema { .. } => content::postgres(&self.url),
        }
    }

    fn open(url: String, keep: Keep, migrations: &'static [Migration]) -> Self {
        let db = Db::open(&url).expect("the test's database opens");
        let db = db.with_key(SealKey::new(&[7; 32]));
        migrate(&db, migrations).expect("the migrations apply");
        Self { db, url, keep }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Keep::Schema { server, name } = &self.keep {
            on_server(server, &format!("DROP SCHEMA IF EXISTS {name} CASCADE"));
        }
    }
}

fn on_server(server: &str, statements: &str) {
    let mut client = Client::connect(server, NoTls).expect("the tests' PostgreSQL answers");
    client
        .batch_execute(statements)
        .expect("a schema can be made and dropped");
}

/// Declares a test that runs on both databases: `on_both!(MIGRATIONS, name, |db| { … });` gives
/// `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($migrations:expr, $(#[$meta:meta])* $name:ident, |$db:ident| $body:block) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            fn check($db: &$crate::testing::TestDb) $body

            #[test]
            fn sqlite() {
                check(&$crate::testing::TestDb::sqlite($migrations));
            }

            #[test]
            fn postgres() {
                check(&$crate::testing::TestDb::postgres($migrations));
            }
        }
    };
}
