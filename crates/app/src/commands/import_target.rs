//! `jixiao import target`: many files at once, read side by side, each written whole or not at all.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Scope;

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
    let files = &arguments.files;
    let worst = std::thread::scope(|scope| {
        let mut worst = 0;
        for (file, read) in files.iter().zip(read_all(scope, files, &pack.target_forms)) {
            let lost = |_| Err("没有读完，请再试一次".to_owned());
            let targets = read.recv().unwrap_or_else(lost);
            let told = targets.map(|targets| load(&db, arguments, &library, targets));
            worst = worst.max(tell_file(arguments, file, told));
        }
        worst
    });
    Ok(ExitCode::from(worst))
}

/// Says what became of a file; the exit code that it asks for.
fn tell_file(arguments: &Arguments, file: &Path, told: Result<Result<Plan, String>, String>) -> u8 {
    let shown = file.display();
    let plan = match told {
        Ok(Ok(plan)) => plan,
        Ok(Err(cause)) => {
            eprintln!("{shown}：{cause}");
            return 1;
        }
        Err(cause) => {
            eprintln!("{shown}：{cause}");
            return 2;
        }
    };
    if arguments.json {
        println!("{}", to_json(arguments, file, &plan));
    } else {
        tell(arguments, file, &plan);
    }
    u8::from(plan.counts()[3] > 0)
}

/// Reads the files side by side, as many at once as the machine has processors, while those that
/// were read are written; each comes by its own way, in the files' order.
fn read_all<'scope>(
    scope: &'scope Scope<'scope, '_>,
    files: &'scope [PathBuf],
    forms: Forms,
) -> Vec<Receiver<Read>> {
    let (senders, receivers): (Vec<_>, Vec<_>) = files.iter().map(|_| sync_channel(1)).unzip();
    let queue: Vec<_> = files.iter().zip(senders).collect();
    let queue = Arc::new(Mutex::new(queue.into_iter()));
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..most.min(files.len()) {
        let queue = Arc::clone(&queue);
        scope.spawn(move || {
            let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some((file, sender)) = next() {
                // Whoever waits for it may have gone away.
                let _ = sender.send(read(file, forms));
            }
        });
    }
    receivers
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
