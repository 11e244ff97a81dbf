//! The real binary, a demo database and a real browser.

use std::path::Path;

use anyhow::{Context, Result};

use crate::assets;
use crate::setup::{chromium, npm_ci};
use crate::shell::{cargo, program, run as run_program, step, target_folder};

/// Builds, makes a fresh sample city for the run, and runs the specs in `e2e/`.
pub(crate) fn run(filter: &[String]) -> Result<()> {
    let folder = Path::new("e2e");
    assets::run()?;
    step("browser tests: packages", || npm_ci(folder))?;
    step("browser tests: build", || {
        run_program(&mut cargo(&["build", "--package", "app"]))
    })?;
    let browser = chromium().context("Chromium is missing; `cargo xtask test` installs it")?;
    let data = tempfile::Builder::new().prefix("jixiao-e2e-").tempdir()?;
    step("browser tests", || {
        run_program(
            program("npx", &["playwright", "test"])
                .args(filter)
                .current_dir(folder)
                .env("CHROMIUM", &browser)
                .env("JIXIAO_BIN", target_folder()?.join("debug").join("jixiao"))
                .env("JIXIAO_E2E_DATA", data.path()),
        )
    })
}
