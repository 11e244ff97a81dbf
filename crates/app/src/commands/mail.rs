//! `jixiao mail`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Failure;
use crate::database::Location;
use crate::notice::mail::{self, Environment, Settings, is_address};
use crate::notice::outbox::page::trial_mail;

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 立即发一封测试邮件，并显示邮件服务器的答复
    Test(Trial),
}

#[derive(Args)]
struct Trial {
    #[command(flatten)]
    location: Location,
    /// 收件邮箱
    address: String,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let Command::Test(trial) = &arguments.command;
    match try_out(trial) {
        Ok(server) => {
            println!(
                "邮件服务器 {server} 已收下发给 {} 的测试邮件",
                trial.address
            );
            ExitCode::SUCCESS
        }
        Err(Failure(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn try_out(trial: &Trial) -> Result<String, Failure> {
    if !is_address(&trial.address) {
        return Err(Failure(format!("{} 不是邮箱地址", trial.address)));
    }
    let environment = Environment::of_process();
    let settings = settings(trial, &environment)?;
    let mail = trial_mail(&trial.address)
        .map_err(|_| Failure("系统没有提供随机数，没有发送".to_owned()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure(format!("无法启动：{error}")))?;
    runtime
        .block_on(mail::send(&settings, &mail))
        .map_err(|trouble| Failure(trouble.why))?;
    Ok(format!("{}:{}", settings.host, settings.port))
}

fn settings(trial: &Trial, environment: &Environment) -> Result<Settings, Failure> {
    let db = trial.location.open_existing()?;
    let kept = environment.clone();
    let named = db.read_blocking(move |tx| mail::read(tx, &kept))?;
    let settings = named.settings(environment).map_err(Failure)?;
    settings.ok_or_else(|| {
        Failure(
            "还没有设置邮件服务器：请设置 JIXIAO_SMTP_HOST 和 JIXIAO_SMTP_FROM，或由系统管理员在“邮件发送”页填写"
                .to_owned(),
        )
    })
}
