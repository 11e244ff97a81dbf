//! `jixiao import budget` and `jixiao import execution`: what becomes of each amount, and our sums
//! beside the file's own.

use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use domain::number::Fen;
use office::workbook::Limits;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::failure::Failure;
use super::import::Arguments;
use crate::audit;
use crate::budget::import::{self, Asked, Outcome, Plan, Sum};
use crate::budget::labels::Kind;
use crate::budget::layout;
use crate::serve::now_text;

/// A region's lists are longer than what a person uploads.
pub(super) const LIMITS: Limits = Limits {
    file_bytes: 100 << 20,
    unpacked_bytes: 1 << 30,
    ratio: 150,
    parts: 2_000,
    sheets: 100,
    rows: 300_000,
    columns: 500,
    cells: 10_000_000,
};

/// Runs the command for the kind of list.
pub(super) fn run(arguments: &Arguments, kind: Kind) -> Result<ExitCode, Failure> {
    let file = arguments.file()?;
    let unreadable = |cause: String| {
        eprintln!("{}：{cause}", file.display());
        Ok(ExitCode::from(2))
    };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return unreadable(format!("不能读取：{error}")),
    };
    let filed = layout::read(&bytes, &LIMITS, kind, arguments.year);
    drop(bytes);
    let filed = match filed {
        Ok(filed) => filed,
        Err(cause) => return unreadable(cause),
    };
    let db = arguments.db.open_existing()?;
    let (year, month, dry_run) = (arguments.year, arguments.month, arguments.dry_run);
    let now = now_text();
    let plan = db.write_blocking(move |tx| {
        let region = audit::region(tx)?;
        let asked = Asked {
            kind,
            region: &region,
            year,
            month,
        };
        let plan = import::look(tx, asked, &filed)?;
        if !dry_run {
            import::write(tx, asked, (audit::SYSTEM, &now), &plan)?;
        }
        Ok::<_, db::Error>(plan)
    })?;
    // A reader that has seen enough closes the pipe; that is no fault of a file.
    let _ = if arguments.json {
        print_json((arguments, file), kind, &plan)
    } else {
        tell(arguments, &plan)
    };
    Ok(if plan.counts()[3] > 0 {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    })
}

/// An exact amount in 元 as a number.
fn yuan(fen: Fen) -> Value {
    let text = fen.yuan().normalize().to_string();
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

fn sum(sum: &Sum) -> Value {
    json!({"code": sum.code, "name": sum.name, "ours": yuan(sum.ours),
           "file": sum.file.map(yuan), "difference": sum.difference().map(yuan)})
}

/// What is printed for programs, its names in order. A list has some hundred thousand rows, so none
/// of them is kept as a value.
#[derive(Serialize)]
struct Printed<'a> {
    changed: usize,
    dry_run: bool,
    file: String,
    kind: &'static str,
    new: usize,
    notes: &'a [String],
    reconciliation: Value,
    rejected: usize,
    rows: PrintedRows<'a>,
    saved: bool,
    unchanged: usize,
    year: i64,
}

struct PrintedRows<'a>(&'a [import::Line]);

#[derive(Serialize)]
struct PrintedRow<'a> {
    code: &'a str,
    message: &'a str,
    name: &'a str,
    result: &'static str,
    r#where: &'a str,
}

impl Serialize for PrintedRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|line| PrintedRow {
            code: &line.code,
            message: &line.message,
            name: &line.name,
            result: line.outcome.name(),
            r#where: &line.place,
        }))
    }
}

fn print_json((arguments, file): (&Arguments, &Path), kind: Kind, plan: &Plan) -> io::Result<()> {
    let [new, changed, unchanged, rejected] = plan.counts();
    let sums = |sums: &[Sum]| sums.iter().map(sum).collect::<Vec<_>>();
    let totals: Vec<Value> = plan
        .reconciliation
        .totals
        .iter()
        .map(|compared| {
            let total = &compared.total;
            json!({"where": total.place, "label": total.label, "ours": yuan(compared.ours),
                   "file": yuan(total.fen), "difference": yuan(compared.ours - total.fen)})
        })
        .collect();
    let printed = Printed {
        changed,
        dry_run: arguments.dry_run,
        file: file.display().to_string(),
        kind: match kind {
            Kind::Budget => "budget",
            Kind::Execution => "execution",
        },
        new,
        notes: &plan.notes,
        reconciliation: json!({"unit": "元", "books": sums(&plan.reconciliation.books),
            "units": sums(&plan.reconciliation.units), "totals": totals}),
        rejected,
        rows: PrintedRows(&plan.lines),
        saved: !arguments.dry_run && rejected == 0 && new + changed > 0,
        unchanged,
        year: arguments.year,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer(&mut out, &printed)?;
    writeln!(out)?;
    out.flush()
}

fn tell(arguments: &Arguments, plan: &Plan) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for note in &plan.notes {
        writeln!(out, "说明：{note}")?;
    }
    for line in &plan.lines {
        if line.outcome != Outcome::Unchanged {
            writeln!(
                out,
                "{} {} {} {} {}",
                line.place,
                line.outcome.label(),
                line.code,
                line.name,
                line.message
            )?;
        }
    }
    let sums = plan.reconciliation.books.iter();
    for sum in sums.chain(&plan.reconciliation.units) {
        let file = match (sum.file, sum.difference()) {
            (Some(file), Some(Fen::ZERO)) => format!("，文件合计 {}，相符", file.yuan()),
            (Some(file), Some(difference)) => {
                format!("，文件合计 {}，相差 {}", file.yuan(), difference.yuan())
            }
            _ => String::new(),
        };
        writeln!(out, "{}：{} 元{file}", sum.name, sum.ours.yuan())?;
    }
    let [new, changed, unchanged, rejected] = plan.counts();
    writeln!(
        out,
        "新增 {new}，变更 {changed}，未变 {unchanged}，有误 {rejected}。"
    )?;
    if rejected > 0 {
        writeln!(out, "有行有误，什么都没有保存；请改好文件再导入。")?;
    } else if arguments.dry_run {
        writeln!(out, "只列出差异，没有保存。")?;
    }
    out.flush()
}
