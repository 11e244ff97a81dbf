//! The pages' npm packages: fetched from the lock file, bundled, embedded in the binary.

use std::path::Path;

use anyhow::Result;

use crate::setup::npm_ci;
use crate::shell::{program, run as run_program, step};

/// `npm ci` and `npm run build` in `assets/`.
pub(crate) fn run() -> Result<()> {
    let folder = Path::new("assets");
    step("assets", || {
        npm_ci(folder)?;
        run_program(program("npm", &["run", "--silent", "build"]).current_dir(folder))
    })
}
