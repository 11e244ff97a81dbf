//! The program's database: where it is, and the migrations that bring it up to date.

use std::path::Path;

use clap::Args;
use db::{Db, Error, Migration, migrate};

use crate::commands::Failure;

macro_rules! migration {
    ($name:literal) => {
        Migration {
            name: $name,
            text: include_str!(concat!("../../../migrations/", $name, ".sql")),
        }
    };
}

/// Every migration in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    migration!("0001_organisation"),
    migration!("0002_budget"),
    migration!("0003_target"),
    migration!("0004_cycle"),
    migration!("0005_register"),
    migration!("0006_event"),
    migration!("0007_session"),
    migration!("0008_identity"),
    migration!("0009_workflow"),
    migration!("0010_attachment"),
    migration!("0011_notice"),
    migration!("0012_organisation"),
    migration!("0013_target"),
    migration!("0014_api"),
    migration!("0015_identity_more"),
    migration!("0016_shell"),
    migration!("0017_unit_search"),
    migration!("0018_record_page"),
    migration!("0019_job"),
    migration!("0020_budget"),
    migration!("0021_review"),
    migration!("0022_gate"),
    migration!("0023_form"),
    migration!("0024_indicator_library"),
    migration!("0025_target_import"),
];

/// Where the database is.
#[derive(Args)]
pub(crate) struct Location {
    /// 数据库地址：sqlite://文件 或 postgres://…
    #[arg(
        long = "db",
        env = "JIXIAO_DB",
        default_value = "sqlite://jixiao.db",
        hide_env_values = true
    )]
    pub(crate) url: String,
}

impl Location {
    /// Opens the database, made if it is not there, and brings it up to date.
    pub(crate) fn open(&self) -> Result<Db, Error> {
        open(&self.url)
    }

    /// Opens a database that must be there already, so that a mistyped name makes no empty one.
    pub(crate) fn open_existing(&self) -> Result<Db, Failure> {
        let file = self.url.strip_prefix("sqlite://");
        if let Some(file) = file.filter(|file| !Path::new(file).is_file()) {
            return Err(Failure(format!(
                "没有数据库文件 {file}：请用 --db 指定，或先运行 jixiao demo"
            )));
        }
        Ok(open(&self.url)?)
    }
}

/// Opens the database at `url` and brings it up to date.
pub(crate) fn open(url: &str) -> Result<Db, Error> {
    let db = Db::open(url)?;
    migrate(&db, MIGRATIONS)?;
    Ok(db)
}

#[cfg(test)]
mod tests {
    use db::testing::TestDb;

    use super::MIGRATIONS;

    #[test]
    fn both_databases_have_the_same_schema() {
        let sqlite = TestDb::sqlite(MIGRATIONS).schema();
        let postgres = TestDb::postgres(MIGRATIONS).schema();
        assert!(
            sqlite
                .iter()
                .any(|line| line == "region.code TEXT NOT NULL")
        );
        assert!(
            sqlite
                .iter()
                .any(|line| line.starts_with("indicator CHECK × "))
        );
        assert_eq!(sqlite, postgres);
    }
}
