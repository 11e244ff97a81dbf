//! The file of the key: one line, `jixiao-key-1:` and 64 hexadecimal digits.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use db::SealKey;

use super::Refused;

/// Stands before the digits; another kind of key gets another one.
const MARK: &str = "jixiao-key-1:";

/// The key in the file, if the file is there.
pub(super) fn read(path: &Path) -> Result<Option<SealKey>, Refused> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) if cause.kind() == io::ErrorKind::InvalidData => {
            return Err(Refused::Damaged(path.to_path_buf()));
        }
        Err(cause) => return Err(Refused::Unreadable(path.to_path_buf(), cause)),
    };
    let bytes = text
        .trim()
        .strip_prefix(MARK)
        .and_then(web::token::unhex::<32>);
    let bytes = bytes.ok_or_else(|| Refused::Damaged(path.to_path_buf()))?;
    if is_open_to_others(path) {
        eprintln!(
            "密钥文件 {} 其他用户也能读，请执行 chmod 600 收紧权限",
            path.display()
        );
    }
    Ok(Some(SealKey::new(&bytes)))
}

/// Makes the file with a key of chance, readable by its owner alone. Where another process was
/// quicker, its key is taken.
pub(super) fn make(path: &Path) -> Result<SealKey, Refused> {
    let failed = |cause| Refused::NotMade(path.to_path_buf(), cause);
    let bytes = web::token::bytes::<32>();
    let bytes = bytes.map_err(|_| failed(io::Error::other("系统不能产生随机数")))?;
    // Linked into place when it is whole, so that nobody reads half a key.
    let mut fresh = path.to_path_buf();
    fresh.set_extension(format!("key-{}", std::process::id()));
    let line = format!("{MARK}{}\n", web::token::hex(&bytes));
    write(&fresh, &line).map_err(failed)?;
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh).map_err(failed)?;
    match linked {
        Ok(()) => {
            println!(
                "已建立密钥文件 {}：请备份，与数据库的备份分开存放；丢了它，所有人要重新绑定验证器",
                path.display()
            );
            Ok(SealKey::new(&bytes))
        }
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| failed(cause))
        }
        Err(cause) => Err(failed(cause)),
    }
}

fn write(path: &Path, line: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(path)?;
    file.write_all(line.as_bytes())?;
    // A key that sealed something must survive a power cut.
    file.sync_all()
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}
