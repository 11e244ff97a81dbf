//! `jixiao import`: lists that other systems and people file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use domain::organisation::Fate;
use office::workbook::{self, Limits};

use super::failure::{Failure, ended};
use super::{import_budget, import_target};
use crate::audit;
use crate::budget::labels;
use crate::database::Location;
use crate::organisation::import::{self, Line, counts};
use crate::serve::now_text;

/// The command's arguments.
#[derive(Args)]
#[command(after_help = "退出码：0 已导入或没有变化；1 有行有误，什么都没有保存；2 文件无法读取")]
pub(crate) struct Arguments {
    /// 导入什么
    #[arg(value_name = "KIND")]
    kind: Kind,
    /// 文件：xlsx、xls 或 csv；绩效目标可以一次导入许多个文件
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// 年度：单位从该年 1 月 1 日起生效，预算和执行数是该年的
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i64).range(1990..=2100))]
    pub(super) year: i64,
    /// 执行数的月份，文件没有写明时用
    #[arg(long, value_name = "M", value_parser = clap::value_parser!(u8).range(1..=12))]
    pub(super) month: Option<u8>,
    /// 只收这个单位的绩效目标：单位编码
    #[arg(long, value_name = "CODE")]
    pub(super) unit: Option<String>,
    /// 只列出差异，不保存
    #[arg(long)]
    pub(super) dry_run: bool,
    /// 输出 JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) db: Location,
}

/// What can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// 预算单位
    Units,
    /// 预算：年初、追加、调减、调剂
    Budget,
    /// 执行数：各月累计数或当月数
    Execution,
    /// 绩效目标：下载的填报表、每个项目一张工作表，或单位、项目、指标一张长表
    Target,
}

impl Arguments {
    /// The file, for the kinds that take one.
    pub(super) fn file(&self) -> Result<&Path, Failure> {
        match &self.files[..] {
            [file] => Ok(file),
            _ => Err(Failure("这种清单一次只能导入一个文件".to_owned())),
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(match arguments.kind {
        Kind::Units => units(arguments),
        Kind::Budget => import_budget::run(arguments, labels::Kind::Budget),
        Kind::Execution => import_budget::run(arguments, labels::Kind::Execution),
        Kind::Target => import_target::run(arguments),
    })
}

fn units(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let file = arguments.file()?;
    let shown = file.display();
    let unreadable = |cause: String| {
        eprintln!("{shown}：{cause}");
        Ok(ExitCode::from(2))
    };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(format!("不能读取：{error}")),
    };
    let filed = workbook::open(&bytes, &Limits::default())
        .map_err(|cause| cause.to_string())
        .and_then(|book| import::read(&book));
    let filed = match filed {
        Ok(filed) => filed,
        Err(cause) => return unreadable(cause),
    };
    let db = arguments.db.open_existing()?;
    let (year, dry_run, now) = (arguments.year, arguments.dry_run, now_text());
    let lines = db.write_blocking(move |tx| {
        let region = audit::region(tx)?;
        let lines = import::look(tx, &region, year, filed.clone())?;
        if !dry_run {
            import::write(tx, (&region, audit::SYSTEM, &now), year, &lines)?;
        }
        Ok::<_, db::Error>(lines)
    })?;
    if arguments.json {
        println!("{}", json(arguments, file, &lines));
    } else {
        tell(arguments, &lines);
    }
    let is_wrong = counts(&lines)[3] > 0;
    Ok(if is_wrong {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// `new`, `changed`, `unchanged` or `rejected`, with what there is to say.
fn fate(line: &Line) -> (&'static str, String) {
    match &line.fate {
        Fate::New(_) => ("new", String::new()),
        Fate::Changed(_, differences) => {
            let told: Vec<String> = differences
                .iter()
                .map(|d| format!("{}：{} → {}", d.field, d.before, d.after))
                .collect();
            ("changed", told.join("；"))
        }
        Fate::Unchanged => ("unchanged", String::new()),
        Fate::Rejected(message) => ("rejected", message.clone()),
    }
}

fn json(arguments: &Arguments, file: &Path, lines: &[Line]) -> serde_json::Value {
    let [new, changed, unchanged, rejected] = counts(lines);
    let rows: Vec<serde_json::Value> = lines
        .iter()
        .map(|line| {
            let (result, message) = fate(line);
            serde_json::json!({"where": line.filed.place, "code": line.filed.code,
                "name": line.filed.name, "result": result, "message": message})
        })
        .collect();
    serde_json::json!({"file": file.display().to_string(), "kind": "units",
        "year": arguments.year, "dry_run": arguments.dry_run,
        "saved": !arguments.dry_run && rejected == 0 && new + changed > 0,
        "new": new, "changed": changed, "unchanged": unchanged, "rejected": rejected,
        "rows": rows})
}

fn tell(arguments: &Arguments, lines: &[Line]) {
    for line in lines {
        let (result, message) = fate(line);
        let word = match result {
            "new" => "新增",
            "changed" => "变更",
            "rejected" => "有误",
            _ => continue,
        };
        let filed = &line.filed;
        println!(
            "{} {word} {} {} {message}",
            filed.place, filed.code, filed.name
        );
    }
    let [new, changed, unchanged, rejected] = counts(lines);
    println!("新增 {new}，变更 {changed}，未变 {unchanged}，有误 {rejected}。");
    if rejected > 0 {
        println!("有行有误，什么都没有保存；请改好文件再导入。");
    } else if arguments.dry_run {
        println!("只列出差异，没有保存。");
    }
}
