//! `jixiao statement`: the annual statement in one format.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use db::{Db, Tx};

use super::failure::{Failure, ended};
use super::metrics::region;
use crate::database::Location;
use crate::statement::{self, Composed, Format, Links};

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    /// 工作年度
    #[arg(long)]
    year: i32,
    /// 文件格式
    #[arg(long, value_enum)]
    format: Format,
    /// 写到哪个文件
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// 网站地址（如 `https://jx.example.gov.cn`），说明中的数字链接到那里的记录
    #[arg(long, env = "JIXIAO_SITE", value_name = "URL")]
    site: Option<String>,
    #[command(flatten)]
    location: Location,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(write(arguments))
}

fn write(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let db = arguments.location.open_existing()?;
    let composed = compose(&db, arguments.year)?;
    let links = arguments.format.links(arguments.site.as_deref());
    write_file(&composed, arguments.format, &links, &arguments.out)?;
    if !composed.statement.is_final() {
        eprintln!(
            "未定稿，以下部分缺少数据：{}",
            composed.statement.missing.join("、")
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Composes the statement of a year, with the records behind it.
pub(super) fn compose(db: &Db, year: i32) -> Result<Composed, Failure> {
    let region = region(db, year)?;
    Ok(db.read_blocking(move |tx: &mut Tx<'_>| {
        let mut composed = statement::load(tx, &region, year)?;
        statement::read_records(tx, &region, &mut composed)?;
        Ok::<_, db::Error>(composed)
    })?)
}

/// Writes one format beside the place first, so that a half-written file never takes its place.
pub(super) fn write_file(
    composed: &Composed,
    format: Format,
    links: &Links,
    out: &Path,
) -> Result<(), Failure> {
    // Only a page carries the records: on paper they would be a book.
    let mut composed = composed.clone();
    if format != Format::Html {
        composed.records.clear();
    }
    let bytes =
        statement::write(&composed, format, links).map_err(|error| Failure(error.to_string()))?;
    let refused =
        |error: std::io::Error| Failure(format!("文件 {} 没有写成：{error}", out.display()));
    let mut beside = out.as_os_str().to_owned();
    beside.push(".part");
    std::fs::write(&beside, bytes).map_err(refused)?;
    std::fs::rename(&beside, out).map_err(refused)
}
