//! The key of what lies sealed in the database: where it is, and taking it up at the start.
//!
//! Sealed are the secrets of authenticators and the key that seals receipts of submissions. See
//! `docs/adr/0010-keys.md`.

mod file;
mod store;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::Args;
use db::{Db, Tx};

use crate::audit::{self, Change};
use crate::{identity, workflow};

/// Where the key is.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct KeyFile {
    /// 密钥文件：没有就新建；SQLite 缺省放在数据库文件旁边（.key），PostgreSQL 缺省是运行目录里的 jixiao.key
    #[arg(long = "key-file", env = "JIXIAO_KEY_FILE", value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

/// Why the key cannot be taken up; the text is for who starts the program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// There is none, and the database has values that it sealed.
    #[error(
        "没有密钥文件 {0}，而数据库里有用它加密的内容。请从备份恢复这个文件，或用 --key-file（环境变量 \
         JIXIAO_KEY_FILE）指到它现在的位置。确实没有备份时运行 jixiao key reset：所有人要重新绑定\
         验证器，以前的送审回执仍可核验"
    )]
    Lost(PathBuf),
    /// It is another database's.
    #[error(
        "密钥文件 {0} 打不开这个数据库里加密的内容，应是另一个数据库的。请恢复原来的密钥文件，或用 \
         --key-file（环境变量 JIXIAO_KEY_FILE）指到它"
    )]
    Other(PathBuf),
    /// It is no key.
    #[error("{0} 不是密钥文件，或者已经损坏：请从备份恢复")]
    Damaged(PathBuf),
    /// It cannot be read.
    #[error("读不出密钥文件 {0}（{1}）：请检查路径和权限")]
    Unreadable(PathBuf, std::io::Error),
    /// It cannot be made.
    #[error("不能建立密钥文件 {0}（{1}）：请检查文件夹和权限，或用 --key-file 换一个位置")]
    NotMade(PathBuf, std::io::Error),
    /// The database failed.
    #[error("数据库出错：{0}")]
    Database(#[from] db::Error),
}

/// The file: the one that is named, the one beside a SQLite database, or, for a database that is
/// no file, the one in the folder where the program runs.
fn place(url: &str, named: Option<&Path>) -> PathBuf {
    let beside = || match url.strip_prefix("sqlite://") {
        Some(file) => Path::new(file).with_extension("key"),
        None => PathBuf::from("jixiao.key"),
    };
    let named = named.filter(|path| !path.as_os_str().is_empty());
    named.map_or_else(beside, Path::to_path_buf)
}

/// The database with its key, made at the first start. Values that an earlier version of the
/// program left in clear are sealed.
///
/// # Errors
/// The key is lost, is another database's, or cannot be read or made.
pub(crate) fn take_up(db: Db, url: &str, named: Option<&Path>) -> Result<Db, Refused> {
    let path = place(url, named);
    let is_in_use = db.read_blocking(|tx| store::check(tx).map(|kept| kept.is_some()))?;
    let key = match file::read(&path)? {
        Some(key) => key,
        None if is_in_use => return Err(Refused::Lost(path)),
        None => file::make(&path)?,
    };
    let db = db.with_key(key);
    match db.write_blocking(begin) {
        Err(db::Error::Sealed(_)) => Err(Refused::Other(path)),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(db),
    }
}

/// Checks that the key is the database's, or makes it so, and seals what lies in clear.
fn begin(tx: &mut Tx<'_>) -> Result<(), db::Error> {
    match store::check(tx)? {
        Some(kept) => tx.unseal(store::CHECK_PLACE, &kept).map(drop)?,
        None => store::keep_check(tx)?,
    }
    identity::seal_clear(tx)?;
    workflow::seal_clear(tx)
}

/// Forgets the key and all that it sealed, for a place that has lost it: everybody binds an
/// authenticator anew, and receipts are sealed with a new key. How many lost their authenticator.
///
/// # Errors
/// The database fails.
pub(crate) fn reset(db: &Db, now: &str) -> Result<u64, db::Error> {
    let now = now.to_owned();
    db.write_blocking(move |tx| {
        let unbound = identity::forget_sealed(tx)?;
        let retired = workflow::forget_sealed(tx, &now)?;
        store::forget_check(tx)?;
        let told = serde_json::json!({"second_factors": unbound, "retired_public_key": retired});
        let event = Change {
            actor: audit::SYSTEM,
            action: "key_reset",
            record: ("setting", "key_check"),
            before: None,
            after: Some(&told),
        };
        audit::record(tx, &now, &event)?;
        Ok(unbound)
    })
}
