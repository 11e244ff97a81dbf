//! `jixiao check`.

use std::process::ExitCode;

use clap::Args;

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {}

/// Runs the command.
pub(crate) fn run(_arguments: &Arguments) -> ExitCode {
    ExitCode::FAILURE
}
