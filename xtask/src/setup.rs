//! What the tests need beside Rust, Node and npm: installed where we may, named where we may not.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{cargo, find, output, program, run, target_folder};

/// A Debian package and how to tell that what it brings is there.
struct Need {
    package: &'static str,
    what: &'static str,
    present: fn() -> bool,
}

const NEEDS: [Need; 4] = [
    Need {
        package: "postgresql",
        what: "PostgreSQL 15 or newer (initdb, pg_ctl)",
        present: || postgres_programs().is_some(),
    },
    Need {
        package: "chromium",
        what: "Chromium",
        present: || chromium().is_some(),
    },
    Need {
        package: "fonts-noto-cjk",
        what: "a Chinese font",
        present: has_chinese_font,
    },
    Need {
        package: "python3-venv",
        what: "Python 3 with venv and pip",
        present: has_python,
    },
];

/// Installs what is missing when run as root on a system with apt; otherwise says what to install.
pub(crate) fn system_packages() -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if find("apt-get").is_none() || !is_root()? {
        let wanted: Vec<&str> = missing.iter().map(|need| need.what).collect();
        bail!(
            "missing: {}.\nInstall it (Debian: sudo apt-get install {}) and run again.",
            wanted.join(", "),
            packages.join(" ")
        );
    }
    run(program("apt-get", &["update", "-q"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    run(program(
        "apt-get",
        &["install", "-y", "-q", "--no-install-recommends"],
    )
    .args(&packages)
    .env("DEBIAN_FRONTEND", "noninteractive"))?;
    match missing.iter().find(|need| !(need.present)()) {
        Some(need) => bail!(
            "{} was installed, but {} is not found",
            need.package,
            need.what
        ),
        None => Ok(()),
    }
}

/// Makes sure that `cargo nextest` is there.
pub(crate) fn nextest() -> Result<()> {
    if output(&mut cargo(&["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    run(&mut cargo(&["install", "--locked", "cargo-nextest"]))
}

/// `npm ci` in `folder`, unless what is there was installed from the same lock file.
pub(crate) fn npm_ci(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(&lock).with_context(|| format!("{} is missing", lock.display()))?;
    let stamp = folder.join("node_modules").join(".installed-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(program("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}

/// The Python of a virtual environment that has exactly the packages that the file `wanted` pins.
pub(crate) fn python_packages(wanted: &Path) -> Result<PathBuf> {
    if !has_python() {
        bail!(
            "missing: Python 3 with venv and pip.\n\
             Install it (Debian: sudo apt-get install python3-venv) and run again."
        );
    }
    let folder = target_folder()?.join("api-check-python");
    let python = folder.join("bin").join("python");
    let pinned =
        std::fs::read(wanted).with_context(|| format!("{} is missing", wanted.display()))?;
    let stamp = folder.join("installed-requirements.txt");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == pinned) {
        return Ok(python);
    }
    run(program("python3", &["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .arg("--requirement")
        .arg(wanted))?;
    std::fs::write(&stamp, pinned).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

/// Chromium, from the environment or from where distributions put it.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find_map(find)
}

/// The folder with PostgreSQL's server programs, newest first.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(version, folder)| *version >= 15 && folder.join("initdb").is_file())
        .collect();
    found.sort();
    found
        .pop()
        .map(|(_, folder)| folder)
        .or_else(|| find("initdb").and_then(|file| file.parent().map(Path::to_path_buf)))
}

/// Whether this process may install packages.
pub(crate) fn is_root() -> Result<bool> {
    Ok(output(&mut program("id", &["-u"]))?.trim() == "0")
}

fn has_python() -> bool {
    output(&mut program("python3", &["-c", "import ensurepip, venv"])).is_ok()
}

fn has_chinese_font() -> bool {
    output(&mut program("fc-list", &[":lang=zh", "family"])).is_ok_and(|list| !list.is_empty())
        || Path::new("/usr/share/fonts/opentype/noto").is_dir()
}
