//! The sample city, built and served with one command.

use anyhow::Result;
use clap::Args;

use crate::assets;
use crate::shell::{cargo, program, run as run_program, step, target_folder};

/// How to show the demo.
#[derive(Args)]
pub(crate) struct Options {
    /// Builds with optimisation: slower to build, quicker to use.
    #[arg(long)]
    release: bool,
    /// The folder for the database and the statement.
    #[arg(long, default_value = "demo-data")]
    data: String,
    /// Where to serve.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Ends when the files are written.
    #[arg(long)]
    no_serve: bool,
}

/// The chore.
pub(crate) fn run(options: &Options) -> Result<()> {
    assets::run()?;
    let mut build = cargo(&["build", "--package", "app"]);
    if options.release {
        build.arg("--release");
    }
    step("build (several minutes the first time)", || {
        run_program(&mut build)
    })?;
    let profile = if options.release { "release" } else { "debug" };
    let binary = target_folder()?.join(profile).join("jixiao");
    let mut demo = program(
        &binary.to_string_lossy(),
        &["demo", "--data", &options.data],
    );
    demo.args(["--listen", &options.listen]);
    if options.no_serve {
        demo.arg("--no-serve");
    }
    run_program(&mut demo)
}
