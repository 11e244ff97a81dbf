//! `jixiao openapi`: the document of the interface for programs.

use std::process::ExitCode;

use super::output::print;
use crate::api;

/// Runs the command.
pub(crate) fn run() -> ExitCode {
    let document = api::document()
        .to_pretty_json()
        .expect("texts and numbers can be written as JSON");
    print(&format!("{document}\n"));
    ExitCode::SUCCESS
}
