//! What every commit passes.

use anyhow::Result;

use crate::shell::{cargo, run as run_program, step};
use crate::tidy;

/// The chore: the pages' assets first, because the server embeds them.
pub(crate) fn run() -> Result<()> {
    crate::assets::run()?;
    all()
}

/// Format, tidy, clippy, documentation.
pub(crate) fn all() -> Result<()> {
    step("format", || {
        run_program(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    step("tidy", tidy::run)?;
    step("clippy", || {
        run_program(&mut cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "--deny=warnings",
        ]))
    })?;
    step("documentation", || {
        run_program(
            cargo(&[
                "doc",
                "--workspace",
                "--no-deps",
                "--document-private-items",
                "--quiet",
            ])
            .env("RUSTDOCFLAGS", "--deny=warnings"),
        )
    })
}
