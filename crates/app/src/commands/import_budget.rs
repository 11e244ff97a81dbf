//! `jixiao import budget` and `jixiao import execution`: what becomes of each amount, and our sums
//! beside the file's own.

use std::path::Path;
use std::process::ExitCode;

use domain::number::Fen;
use office::workbook::{self, Limits};
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
    let filed = workbook::open(&bytes, &LIMITS)
        .map_err(|cause| cause.to_string())
        .and_then(|book| layout::read(&book, kind, arguments.year));
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
    if arguments.json {
        println!("{}", to_json((arguments, file), kind, &plan));
    } else {
        tell(arguments, &plan);
    }
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

fn to_json((arguments, file): (&Arguments, &Path), kind: Kind, plan: &Plan) -> Value {
    let [new, changed, unchanged, rejected] = plan.counts();
    let row = |line: &import::Line| {
        json!({"where": line.place, "code": line.code, "name": line.name,
               "result": line.outcome.name(), "message": line.message})
    };
    let rows: Vec<Value> = plan.lines.iter().map(row).collect();
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
    json!({"file": file.display().to_string(),
        "kind": match kind { Kind::Budget => "budget", Kind::Execution => "execution" },
        "year": arguments.year, "dry_run": arguments.dry_run,
        "saved": !arguments.dry_run && rejected == 0 && new + changed > 0,
        "new": new, "changed": changed, "unchanged": unchanged, "rejected": rejected,
        "rows": rows, "notes": plan.notes,
        "reconciliation": {"unit": "元", "books": sums(&plan.reconciliation.books),
            "units": sums(&plan.reconciliation.units), "totals": totals}})
}

fn tell(arguments: &Arguments, plan: &Plan) {
    for note in &plan.notes {
        println!("说明：{note}");
    }
    for line in &plan.lines {
        if line.outcome != Outcome::Unchanged {
            println!(
                "{} {} {} {} {}",
                line.place,
                line.outcome.label(),
                line.code,
                line.name,
                line.message
            );
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
        println!("{}：{} 元{file}", sum.name, sum.ours.yuan());
    }
    let [new, changed, unchanged, rejected] = plan.counts();
    println!("新增 {new}，变更 {changed}，未变 {unchanged}，有误 {rejected}。");
    if rejected > 0 {
        println!("有行有误，什么都没有保存；请改好文件再导入。");
    } else if arguments.dry_run {
        println!("只列出差异，没有保存。");
    }
}
