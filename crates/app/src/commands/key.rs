//! `jixiao key`: what to do about a lost key.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::failure::{Failure, ended};
use crate::database::Location;
use crate::{keys, serve};

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// 密钥文件丢失又没有备份时：清除用它加密的内容，所有人重新绑定验证器
    Reset(Reset),
}

#[derive(Args)]
struct Reset {
    #[command(flatten)]
    location: Location,
    /// 确认清除
    #[arg(long)]
    yes: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let Action::Reset(arguments) = &arguments.action;
    ended(reset(arguments))
}

fn reset(arguments: &Reset) -> Result<ExitCode, Failure> {
    if !arguments.yes {
        let sentence = "这会解除所有人的验证器，签章换用新密钥，不能撤销。请先停止网站、找遍备份；\
                        确认要做，加上 --yes 再运行";
        return Err(Failure(sentence.to_owned()));
    }
    let db = arguments.location.open_existing()?;
    let unbound = keys::reset(&db, &serve::now_text())?;
    println!("已清除：{unbound} 个账号要重新绑定验证器。下次启动网站时用新的密钥文件");
    Ok(ExitCode::SUCCESS)
}
