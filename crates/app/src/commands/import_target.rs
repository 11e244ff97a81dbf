//! `jixiao import target`: many files at once, read side by side, each written whole or not at all.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use db::Db;
use office::workbook;
use serde_json::{Value, json};

use super::failure::Failure;
use super::import::Arguments;
use super::import_budget::LIMITS;
use crate::audit;
use crate::budget::import::Outcome;
use crate::serve::now_text;
use crate::target::import::{self, Asked, FiledTarget, Forms, Library, Plan};
use crate::workflow;

/// What a file came to before it meets the database.
type Read = Result<Vec<FiledTarget>, String>;

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let db = arguments.db.open_existing()?;
    let (pack, library) = db.read_blocking(|tx| {
        let region = audit::region(tx)?;
        Ok::<_, db::Error>((workflow::place_pack(tx)?, Library::read(tx, &region)?))
    })?;
    let library = Arc::new(library);
    let read = read_all(&arguments.files, &pack.target_forms);
    let mut worst = 0;
    for (file, filed) in arguments.files.iter().zip(read) {
        let shown = file.display();
        let plan = match filed.map(|filed| load(&db, arguments, &library, filed)) {
            Ok(Ok(plan)) => plan,
            Ok(Err(cause)) => {
                eprintln!("{shown}：{cause}");
                worst = worst.max(1);
                continue;
            }
            Err(cause) => {
                eprintln!("{shown}：{cause}");
                worst = 2;
                continue;
            }
        };
        if arguments.json {
            println!("{}", to_json(arguments, file, &plan));
        } else {
            tell(arguments, file, &plan);
        }
        if plan.counts()[3] > 0 {
            worst = worst.max(1);
        }
    }
    Ok(ExitCode::from(worst))
}

/// Reads the files side by side, as many at once as the machine has processors.
fn read_all(files: &[PathBuf], forms: Forms) -> Vec<Read> {
    let next = AtomicUsize::new(0);
    let found: Vec<Mutex<Option<Read>>> = files.iter().map(|_| Mutex::new(None)).collect();
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..most.min(files.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some((file, found)) = files.get(place).zip(found.get(place)) else {
                        break;
                    };
                    let read = read(file, forms);
                    *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(read);
                }
            });
        }
    });
    let taken = found.into_iter().map(|found| {
        let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.unwrap_or_else(|| Err("没有读完，请再试一次".to_owned()))
    });
    taken.collect()
}

fn read(file: &Path, forms: Forms) -> Read {
    let bytes = std::fs::read(file).map_err(|error| format!("不能读取：{error}"))?;
    let book = workbook::open(&bytes, &LIMITS).map_err(|cause| cause.to_string())?;
    import::read(&book, forms)
}

/// Looks at a file and writes it, in one transaction.
fn load(
    db: &Db,
    arguments: &Arguments,
    library: &Arc<Library>,
    filed: Vec<FiledTarget>,
) -> Result<Plan, String> {
    let library = Arc::clone(library);
    let (year, dry_run, now) = (arguments.year, arguments.dry_run, now_text());
    let unit = arguments.unit.clone();
    db.write_blocking(move |tx| {
        let region = audit::region(tx)?;
        let asked = Asked {
            region: &region,
            year,
            unit: unit.as_deref(),
        };
        let plan = import::look(tx, asked, &library, &filed)?;
        if !dry_run {
            import::write(tx, asked, (audit::SYSTEM, &now), &plan)?;
        }
        Ok::<_, import::Stopped>(plan)
    })
    .map_err(|stopped| stopped.to_string())
}

fn to_json(arguments: &Arguments, file: &Path, plan: &Plan) -> Value {
    let [new, changed, unchanged, rejected] = plan.counts();
    let row = |line: &import::Line| {
        json!({"where": line.place, "code": line.code, "name": line.name,
               "result": line.outcome.name(), "message": line.message})
    };
    let rows: Vec<Value> = plan.lines.iter().map(row).collect();
    json!({"file": file.display().to_string(), "kind": "target", "year": arguments.year,
        "dry_run": arguments.dry_run,
        "saved": !arguments.dry_run && rejected == 0 && plan.targets() > 0,
        "targets": plan.targets(), "new": new, "changed": changed, "unchanged": unchanged,
        "rejected": rejected, "rows": rows})
}

fn tell(arguments: &Arguments, file: &Path, plan: &Plan) {
    let shown = file.display();
    for line in &plan.lines {
        if line.outcome != Outcome::Unchanged {
            let label = line.outcome.label();
            println!(
                "{} {label} {} {} {}",
                line.place, line.code, line.name, line.message
            );
        }
    }
    let [new, changed, unchanged, rejected] = plan.counts();
    println!(
        "{shown}：{} 份目标有变化；新增 {new} 行，变更 {changed} 行，未变 {unchanged} 行，有误 {rejected} 行。",
        plan.targets()
    );
    if rejected > 0 {
        println!("{shown}：有行有误，这个文件什么都没有保存；请改好再导入。");
    } else if arguments.dry_run {
        println!("只列出差异，没有保存。");
    }
}
