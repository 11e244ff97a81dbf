//! jixiao (绩效): a budget performance management system. This file only wires.

use std::process::ExitCode;

fn main() -> ExitCode {
    app::commands::main()
}
