//! Whole runs of the release program against a program that does nothing, in the same run.
//!
//! Build it first (`cargo build --release`); `JIXIAO_BIN` names another program.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

fn program() -> PathBuf {
    std::env::var_os("JIXIAO_BIN").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/release/jixiao"),
        PathBuf::from,
    )
}

fn run(command: &mut Command) {
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts: run `cargo build --release` first");
    assert!(status.code().is_some_and(|code| code < 2), "{status}");
}

/// A self-evaluation with ten indicators as a workbook.
fn workbook(path: &Path) -> Result<(), rust_xlsxwriter::XlsxError> {
    let mut rows: Vec<Vec<String>> = [
        "项目支出绩效自评表（2020年度）",
        "项目名称|农村公路改造",
        "项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分",
        "|年度资金总额|450|450|382.5|10|85%|8.5",
        "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因分析及改进措施",
    ]
    .iter()
    .map(|row| row.split('|').map(str::to_owned).collect())
    .collect();
    for number in 0..10 {
        let row = format!("产出指标|数量指标|改造道路里程{number}|≥500公里|500公里|9|9|");
        rows.push(row.split('|').map(str::to_owned).collect());
    }
    rows.push("总分|||||100|98.5".split('|').map(str::to_owned).collect());
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(&rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell)?;
        }
    }
    book.save(path)
}

fn process(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (file, data) = (folder.path().join("form.xlsx"), folder.path().join("demo"));
    workbook(&file).expect("the workbook is written");
    run(Command::new(program())
        .args(["demo", "--no-serve", "--data"])
        .arg(&data));
    let url = format!("sqlite://{}", data.join("jixiao.db").display());
    let mut group = criterion.benchmark_group("whole process");
    group.sample_size(20);
    group.bench_function("a program that does nothing", |bencher| {
        bencher.iter(|| run(&mut Command::new("true")));
    });
    group.bench_function("start to first output", |bencher| {
        bencher.iter(|| run(Command::new(program()).arg("--version")));
    });
    group.bench_function("check of one workbook", |bencher| {
        bencher.iter(|| run(Command::new(program()).args(["check", "--json"]).arg(&file)));
    });
    for format in ["json", "docx", "html", "pdf"] {
        let out = folder.path().join(format!("statement.{format}"));
        group.bench_function(format!("statement as {format}"), |bencher| {
            bencher.iter(|| {
                run(Command::new(program())
                    .args([
                        "statement",
                        "--year",
                        "2020",
                        "--format",
                        format,
                        "--db",
                        &url,
                    ])
                    .arg("--out")
                    .arg(&out));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, process);
criterion_main!(benches);
