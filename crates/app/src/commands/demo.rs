//! `jixiao demo`: the sample city in a folder of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use db::Db;

use super::failure::{Failure, ended};
use super::statement::{compose, write_file};
use crate::statement::{Format, Links};
use crate::{database, identity, keys, sample_city, serve};

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    /// 数据目录：样例数据库 jixiao.db 和年度说明都放在这里，没有就新建
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// 数据库地址：sqlite://文件 或 postgres://…；不写就用数据目录里的 jixiao.db
    #[arg(long, value_name = "URL")]
    db: Option<String>,
    /// 只建立样例和年度说明，不启动网站
    #[arg(long)]
    no_serve: bool,
    /// 网站的监听地址
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// The year of the sample's statement.
const YEAR: i32 = 2020;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(build_and_serve(arguments))
}

fn build_and_serve(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let db = prepare(&arguments.data, arguments.db.as_deref()).map_err(Failure)?;
    write_statements(&db, arguments)?;
    let failed = |error: serve::Error| Failure(error.to_string());
    // Whoever starts the demo can log in, also the second time.
    identity::print(&identity::sample_accounts(&db).map_err(failed)?);
    if !arguments.no_serve {
        serve::run(db, arguments.listen, serve::Way::default()).map_err(failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the statement beside the database, in every format that this program can write.
fn write_statements(db: &Db, arguments: &Arguments) -> Result<(), Failure> {
    let composed = compose(db, YEAR)?;
    let site = format!("http://{}", arguments.listen);
    for format in Format::ALL {
        if format == Format::Pdf && !cfg!(feature = "pdf") {
            println!("这个程序编译时没有带 PDF 功能，略过 PDF");
            continue;
        }
        let name = format!("statement-{YEAR}.{}", format.ending());
        let out = arguments.data.join(name);
        let links = match format {
            Format::Html => Links::Annex,
            _ => format.links(Some(&site)),
        };
        write_file(&composed, format, &links, &out)?;
        println!("已生成年度说明：{}", out.display());
    }
    Ok(())
}

/// The sample's database, made in `folder` where no other is named, and filled if it is empty; or a
/// sentence for the user.
fn prepare(folder: &Path, named: Option<&str>) -> Result<Db, String> {
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("不能建立数据目录 {}：{error}", folder.display()))?;
    let file = folder.join("jixiao.db");
    let own = format!("sqlite://{}", file.display());
    let url = named.unwrap_or(&own);
    // An address may hold a password: it is never shown.
    let shown = named.map_or_else(|| file.display().to_string(), |_| "指定的数据库".to_owned());
    let db = database::open(url).map_err(|error| format!("不能打开数据库 {shown}：{error}"))?;
    let key = folder.join("jixiao.key");
    let db = keys::take_up(db, url, Some(&key)).map_err(|error| error.to_string())?;
    if sample_city::is_loaded(&db).map_err(|error| error.to_string())? {
        println!("{shown} 里已有样例城市，直接使用");
        return Ok(db);
    }
    println!("正在建立样例城市（绵竹市 2020 年）……");
    let summary = sample_city::load(&db, &serve::now_text()).map_err(|error| error.to_string())?;
    println!(
        "已装入 {} 个一级预算单位、{} 个项目和政策，共 {} 条记录：{shown}",
        summary.units, summary.projects, summary.rows,
    );
    println!("样例由公开数量还原，不是真实记录");
    Ok(db)
}
