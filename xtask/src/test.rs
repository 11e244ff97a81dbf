//! Everything that CI runs, in the order in which it fails soonest.

use anyhow::Result;

use crate::postgres::Server;
use crate::shell::{cargo, run as run_program, step};
use crate::{api_check, assets, check, e2e, setup};

/// The chore.
pub(crate) fn run() -> Result<()> {
    step("system packages", setup::system_packages)?;
    step("nextest", setup::nextest)?;
    assets::run()?;
    check::all()?;
    step("documentation examples", || {
        run_program(&mut cargo(&["test", "--workspace", "--doc", "--quiet"]))
    })?;
    let postgres = step("PostgreSQL for the tests", Server::start)?;
    step("tests", || {
        run_program(
            cargo(&["nextest", "run", "--workspace"]).env("JIXIAO_TEST_POSTGRES", &postgres.url),
        )
    })?;
    e2e::run(&[])?;
    api_check::run(&api_check::Options::default())
}
