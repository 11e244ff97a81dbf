//! The program's database: where it is, and the migrations that bring it up to date.

use clap::Args;
use db::{Db, Error, Migration, migrate};

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
    /// Opens the database and brings it up to date.
    pub(crate) fn open(&self) -> Result<Db, Error> {
        open(&self.url)
    }
}

/// Opens the database at `url` and brings it up to date.
pub(crate) fn open(url: &str) -> Result<Db, Error> {
    let db = Db::open(url)?;
    migrate(&db, MIGRATIONS)?;
    Ok(db)
}
