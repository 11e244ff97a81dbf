//! `jixiao metrics`: every metric of the assessment, or the records behind one.

use std::process::ExitCode;

use clap::Args;
use db::{Db, Error, Tx};
use domain::metrics::{Computed, Figure};

use super::failure::{Failure, ended};
use super::output::print;
use crate::database::Location;
use crate::metrics::{self, Metric, Record};

/// The command's arguments.
#[derive(Args)]
pub(crate) struct Arguments {
    /// 工作年度
    #[arg(long)]
    year: i32,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
    /// 列出一个指标所统计的记录，如 P3.3 或 P3.8/自评抽查复评率
    #[arg(long, value_name = "ID")]
    records: Option<String>,
    #[command(flatten)]
    location: Location,
}

/// Records read at once; the list itself has no bound.
const PAGE: i64 = 1000;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    ended(answer(arguments))
}

fn answer(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let db = arguments.location.open_existing()?;
    let region = region(&db, arguments.year)?;
    match &arguments.records {
        Some(key) => print_records(&db, &region, arguments, key)?,
        None => print_metrics(&db, region, arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The region that has the year.
pub(super) fn region(db: &Db, year: i32) -> Result<String, Failure> {
    db.read_blocking(move |tx: &mut Tx<'_>| metrics::region_of(tx, year))?
        .ok_or_else(|| {
            Failure(format!(
                "数据库里没有 {year} 年度的数据：请核对 --year 和 --db"
            ))
        })
}

fn print_metrics(db: &Db, region: String, arguments: &Arguments) -> Result<(), Failure> {
    let year = arguments.year;
    let all = db.read_blocking(move |tx: &mut Tx<'_>| metrics::all(tx, &region, year))?;
    if arguments.json {
        print(&format!("{}\n", metrics::metrics_json(year, &all)));
    } else {
        all.iter().for_each(print_metric);
    }
    Ok(())
}

fn print_metric(metric: &Metric) {
    for (key, figure, computed) in metric.figures() {
        let parts = if metric.definition.has_parts && key == metric.id() {
            parts_text(computed)
        } else {
            String::new()
        };
        let id = if key == metric.id() { metric.id() } else { "" };
        print(&format!(
            "{id:<5} {}：{}{parts}（{}；{} 条记录）\n",
            figure.name,
            value_text(figure, computed),
            figure.formula,
            computed.records
        ));
    }
}

fn parts_text(computed: &Computed) -> String {
    let parts: Vec<String> = computed
        .parts
        .iter()
        .map(|(part, count)| format!("{part} {count}"))
        .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("，其中 {}", parts.join("、"))
    }
}

fn value_text(figure: &Figure, computed: &Computed) -> String {
    match &computed.value {
        None => "不适用".to_owned(),
        Some(domain::metrics::Value::Truth(truth)) => domain::metrics::Value::Truth(*truth).text(),
        Some(number) if figure.unit == "%" => format!("{}%", number.text()),
        Some(number) => format!("{} {}", number.text(), figure.unit),
    }
}

fn print_records(db: &Db, region: &str, arguments: &Arguments, key: &str) -> Result<(), Failure> {
    if metrics::find_figure(key).is_none() {
        return Err(Failure(format!(
            "没有编号为「{key}」的指标：运行 jixiao metrics 可看到全部编号"
        )));
    }
    let (region, key, year) = (region.to_owned(), key.to_owned(), arguments.year);
    let list = {
        let key = key.clone();
        db.read_blocking(move |tx: &mut Tx<'_>| every_record(tx, &region, year, &key))?
    };
    if arguments.json {
        print(&format!("{}\n", metrics::records_json(year, &key, &list)));
        return Ok(());
    }
    for record in &list {
        let counted = if record.hit { "计入" } else { "未计入" };
        print(&format!(
            "{counted}  {}  {}  {}  {}\n",
            record.id, record.label, record.detail, record.part
        ));
    }
    print(&format!("共 {} 条\n", list.len()));
    Ok(())
}

fn every_record(tx: &mut Tx<'_>, region: &str, year: i32, key: &str) -> Result<Vec<Record>, Error> {
    let mut list: Vec<Record> = Vec::new();
    loop {
        let offset = i64::try_from(list.len()).unwrap_or(i64::MAX);
        let page = metrics::records(tx, region, year, key, (PAGE, offset))?;
        if page.is_empty() {
            return Ok(list);
        }
        list.extend(page);
    }
}
