//! `jixiao export`: what units fill, as workbooks that the import takes back.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::failure::{Failure, ended};
use crate::audit;
use crate::database::Location;
use crate::target::export::of_unit;
use crate::target::import::Stopped;

/// The command's arguments.
#[derive(Args)]
#[command(after_help = "退出码：0 已导出；1 单位没有该年的绩效目标")]
pub(crate) struct Arguments {
    /// 导出什么
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// 年度
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i64).range(1990..=2100))]
    year: i64,
    /// 单位编码
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// 放在哪个文件夹
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    db: Location,
}

/// What can be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// 绩效目标：单位的全部目标表，一份目标一张工作表
    Target,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(match arguments.kind {
        Kind::Target => target(arguments),
    })
}

fn target(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let db = arguments.db.open_existing()?;
    let (unit, year) = (arguments.unit.clone(), arguments.year);
    let exported = db
        .read_blocking(move |tx| {
            let region = audit::region(tx)?;
            Ok::<_, Stopped>(of_unit(tx, &region, &unit, year)?)
        })
        .map_err(|stopped| Failure(stopped.to_string()))?;
    let Some(exported) = exported else {
        eprintln!("单位 {} 没有 {year} 年的绩效目标", arguments.unit);
        return Ok(ExitCode::from(1));
    };
    let name = format!("{} {} {year}年绩效目标.xlsx", arguments.unit, exported.unit);
    let file = arguments.out.join(name.replace(['/', '\\'], "_"));
    let put = std::fs::create_dir_all(&arguments.out)
        .and_then(|()| std::fs::write(&file, &exported.bytes));
    put.map_err(|error| Failure(format!("{} 不能写入：{error}", file.display())))?;
    println!("{}：{} 份目标", file.display(), exported.count);
    Ok(ExitCode::SUCCESS)
}
