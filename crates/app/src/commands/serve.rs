//! `jixiao serve`.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use crate::database::Location;
use crate::serve;

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    location: Location,
    /// 网站地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let opened = arguments.location.open().map_err(serve::Error::from);
    match opened.and_then(|db| serve::run(db, arguments.listen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
