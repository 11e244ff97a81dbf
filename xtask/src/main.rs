//! Chores in Rust: `cargo xtask check | tidy | test | e2e | demo | assets`.

mod api_check;
mod assets;
mod asvs;
mod check;
mod demo;
mod e2e;
mod postgres;
mod published;
mod setup;
mod shell;
mod test;
mod tidy;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Chores of the project",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Format, clippy, tidy and documentation: what every commit passes.
    Check,
    /// The rules that a compiler cannot check.
    Tidy,
    /// Everything that CI runs. Installs what is missing where it may, skips nothing.
    Test,
    /// The browser's part of `test` alone.
    E2e {
        /// Passed on to Playwright, such as the name of one spec.
        filter: Vec<String>,
    },
    /// The interface's part of `test` alone: requests made from its OpenAPI document.
    ApiCheck(api_check::Options),
    /// Fetches and bundles the pages' npm packages.
    Assets,
    /// Checks transcribed tables and their workbooks, and writes what was found into docs.
    Published(published::Options),
    /// Builds, loads the sample city, writes its statement and serves it.
    Demo(demo::Options),
}

fn main() -> Result<()> {
    shell::enter_workspace()?;
    match Cli::parse().chore {
        Chore::Check => check::run(),
        Chore::Tidy => tidy::run(),
        Chore::Test => test::run(),
        Chore::E2e { filter } => e2e::run(&filter),
        Chore::ApiCheck(options) => api_check::run(&options),
        Chore::Assets => assets::run(),
        Chore::Published(options) => published::run_chore(&options),
        Chore::Demo(options) => demo::run(&options),
    }
}
