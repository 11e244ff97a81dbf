//! The command line: one file for each command, named after it.

mod audit;
mod check;
mod demo;
mod export;
mod failure;
mod import;
mod import_budget;
mod import_target;
mod key;
mod mail;
mod metrics;
mod openapi;
mod output;
mod pack;
mod rules;
mod score;
mod serve;
mod statement;
mod strict;
mod verify_receipt;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub(crate) use failure::Failure;

/// 预算绩效管理系统
#[derive(Parser)]
#[command(
    name = "jixiao",
    version,
    about = "预算绩效管理系统",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What `jixiao` can be told to do.
#[derive(Subcommand)]
enum Command {
    /// 检查填报或公开的绩效表（xlsx、xls、csv 或 JSON 转录件）
    Check(check::Arguments),
    /// 计算一张表的得分，给出得分回执
    Score(score::Arguments),
    /// 独立复核一份得分回执
    VerifyReceipt(verify_receipt::Arguments),
    /// 建立样例城市，生成年度说明，启动网站
    Demo(demo::Arguments),
    /// 启动网站
    Serve(serve::Arguments),
    /// 试发邮件，检查邮件服务器的设置
    Mail(mail::Arguments),
    /// 列出全部考核指标
    Metrics(metrics::Arguments),
    /// 生成年度情况说明
    Statement(statement::Arguments),
    /// 查看规则包
    Rules(rules::Arguments),
    /// 导入单位等清单：先列差异，全部正确才保存
    Import(import::Arguments),
    /// 导出单位的绩效目标表，填好后可以再导入
    Export(export::Arguments),
    /// 密钥文件丢失时的处理
    Key(key::Arguments),
    /// 校验审计链
    Audit(audit::Arguments),
    /// 输出程序接口的 OpenAPI 文档
    Openapi,
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Score(arguments) => score::run(&arguments),
        Command::VerifyReceipt(arguments) => verify_receipt::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Mail(arguments) => mail::run(&arguments),
        Command::Metrics(arguments) => metrics::run(&arguments),
        Command::Statement(arguments) => statement::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Key(arguments) => key::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Openapi => openapi::run(),
    }
}
