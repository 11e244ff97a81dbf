//! `jixiao serve`.

use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;

use web::proxy::Proxies;

use crate::database::Location;
use crate::keys::{self, KeyFile};
use crate::serve::{self, Way};

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    location: Location,
    #[command(flatten)]
    key: KeyFile,
    /// 网站地址
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// 浏览器经代理用 https 访问：Cookie 只经加密连接传送，浏览器一年内只用 https
    #[arg(long, env = "JIXIAO_HTTPS")]
    https: bool,
    /// 可信代理的地址或网段，可写多个：只有它们说的来访地址才算数
    #[arg(long, env = "JIXIAO_TRUSTED_PROXY", value_delimiter = ',')]
    trusted_proxy: Vec<String>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match serve(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &Arguments) -> Result<(), serve::Error> {
    let way = Way {
        is_https: arguments.https,
        proxies: Proxies::parse(&arguments.trusted_proxy)?,
    };
    let db = arguments.location.open()?;
    let db = keys::take_up(db, &arguments.location.url, arguments.key.path.as_deref())?;
    serve::run(db, arguments.listen, way)
}
