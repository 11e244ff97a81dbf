//! Runs `jixiao check` over transcribed tables and the workbooks made from them, compares both, and
//! writes what was found beside what the transcribers saw.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::shell::{cargo, run, target_folder};

const DOCUMENT: &str = "docs/published-findings.md";
const BEGIN: &str = "<!-- begin: written by cargo xtask published -->";
const END: &str = "<!-- end -->";

/// Rules about sums, rates and counts.
const ARITHMETIC: [&str; 13] = [
    "V01", "V07", "V12", "V36", "C01", "C02", "C05", "C06", "C10", "C11", "C20", "C50", "C51",
];
/// Rules about scores that what was reached does not carry.
const SCORING: [&str; 12] = [
    "V31", "V32", "V35", "V38", "V39", "V51", "C30", "C31", "C32", "C33", "C34", "C52",
];

#[derive(Args)]
pub(crate) struct Options {
    /// Folder of transcriptions (*.json)
    folder: PathBuf,
    /// Folder of workbooks with the same names (*.xlsx)
    workbooks: Option<PathBuf>,
}

/// One table: what the transcriber saw, what the check says.
struct Table {
    name: String,
    checks: Value,
    json: Vec<Value>,
    xlsx: Option<Vec<Value>>,
}

pub(crate) fn run_chore(options: &Options) -> Result<()> {
    run(&mut cargo(&["build", "-p", "app", "--no-default-features"]))?;
    let program = target_folder()?.join("debug").join("jixiao");
    let mut tables = Vec::new();
    for path in files(&options.folder, "json")? {
        tables.push(table(&program, &path, options.workbooks.as_deref())?);
    }
    if tables.is_empty() {
        bail!("no transcription in {}", options.folder.display());
    }
    let text = std::fs::read_to_string(DOCUMENT).unwrap_or_default();
    let (head, tail) = around(&text);
    let body = format!("{head}{BEGIN}\n{}{END}{tail}", document(&tables)?);
    std::fs::create_dir_all("docs")?;
    std::fs::write(DOCUMENT, body)?;
    eprintln!("{DOCUMENT}: {} tables", tables.len());
    Ok(())
}

/// The text before and after what this chore writes.
fn around(text: &str) -> (&str, &str) {
    let (head, rest) = text.split_once(BEGIN).unwrap_or((text, ""));
    let tail = rest.split_once(END).map_or("\n", |(_, tail)| tail);
    (head, tail)
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let list = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut found: Vec<PathBuf> = list
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|own| own == ending))
        .collect();
    found.sort();
    Ok(found)
}

fn table(program: &Path, path: &Path, workbooks: Option<&Path>) -> Result<Table> {
    let text = std::fs::read_to_string(path)?;
    let form: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let beside = workbooks
        .map(|folder| folder.join(format!("{name}.xlsx")))
        .filter(|path| path.is_file());
    Ok(Table {
        json: findings(program, path)?,
        xlsx: beside.map(|path| findings(program, &path)).transpose()?,
        checks: form["checks"].clone(),
        name: name.into_owned(),
    })
}

fn findings(program: &Path, path: &Path) -> Result<Vec<Value>> {
    let output = Command::new(program)
        .args(["check", "--json"])
        .arg(path)
        .output()
        .with_context(|| program.display().to_string())?;
    let line = String::from_utf8(output.stdout)?;
    let report: Value = serde_json::from_str(line.trim())
        .with_context(|| format!("{}: no report", path.display()))?;
    if report["kind"].is_null() {
        bail!("{}: cannot be read: {line}", path.display());
    }
    Ok(report["findings"].as_array().cloned().unwrap_or_default())
}

fn word<'a>(finding: &'a Value, key: &str) -> &'a str {
    finding[key].as_str().unwrap_or_default()
}

fn weighs(finding: &Value) -> bool {
    word(finding, "severity") != "I"
}

/// What a finding says, without names and numbers: the same for the same fault.
fn kind(finding: &Value) -> String {
    let mut out = format!("{} {} ", word(finding, "severity"), word(finding, "rule"));
    let mut depth = 0_usize;
    for letter in word(finding, "message").chars() {
        match letter {
            '「' => depth += 1,
            '」' => depth = depth.saturating_sub(1),
            _ if depth > 0 || letter.is_ascii() => {}
            _ => out.push(letter),
        }
    }
    out
}

fn counted(findings: &[Value]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings.iter().filter(|finding| weighs(finding)) {
        *counts.entry(kind(finding)).or_default() += 1;
    }
    counts
}

/// `E V01, W C33×6`
fn short(findings: &[Value]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for finding in findings.iter().filter(|finding| weighs(finding)) {
        let name = format!("{} {}", word(finding, "severity"), word(finding, "rule"));
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(name, count)| match count {
            1 => name.clone(),
            _ => format!("{name}×{count}"),
        })
        .collect();
    parts.join(", ")
}

fn has(table: &Table, rules: &[&str]) -> bool {
    let own = |finding: &&Value| weighs(finding) && rules.contains(&word(finding, "rule"));
    table.json.iter().any(|finding| own(&finding))
}

/// What is found of what the transcribers marked.
#[derive(Default)]
struct Tally {
    wrong: usize,
    wrong_found: usize,
    odd: usize,
    odd_found: usize,
    clean: usize,
    clean_with_error: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    both: usize,
    agree: usize,
}

fn tally(tables: &[Table]) -> Tally {
    let mut tally = Tally::default();
    for table in tables {
        let checks = &table.checks;
        if checks["arithmetic_ok"] == false {
            tally.wrong += 1;
            tally.wrong_found += usize::from(has(table, &ARITHMETIC));
        }
        if !checks["scoring_anomaly"].is_null() {
            tally.odd += 1;
            tally.odd_found += usize::from(has(table, &SCORING));
        }
        let severe = |severity: &str| {
            let same = |finding: &&Value| word(finding, "severity") == severity;
            table.json.iter().filter(same).count()
        };
        let issues = checks["issues"].as_array().map_or(0, Vec::len);
        if issues == 0 && checks["arithmetic_ok"] != false {
            tally.clean += 1;
            tally.clean_with_error += usize::from(severe("E") > 0);
        }
        tally.errors += severe("E");
        tally.warnings += severe("W");
        tally.notes += severe("I");
        if let Some(xlsx) = &table.xlsx {
            tally.both += 1;
            tally.agree += usize::from(counted(xlsx) == counted(&table.json));
        }
    }
    tally
}

fn document(tables: &[Table]) -> Result<String> {
    let tally = tally(tables);
    let mut out = String::new();
    writeln!(out, "| measure | count |\n|---|---|")?;
    let rows = [
        ("tables", format!("{}", tables.len())),
        (
            "tables marked as wrong in arithmetic, with a finding on sums, rates or counts",
            format!("{} of {}", tally.wrong_found, tally.wrong),
        ),
        (
            "tables marked as oddly scored, with a finding on scores",
            format!("{} of {}", tally.odd_found, tally.odd),
        ),
        (
            "tables without any mark that get an E",
            format!("{} of {}", tally.clean_with_error, tally.clean),
        ),
        (
            "findings E / W / I",
            format!("{} / {} / {}", tally.errors, tally.warnings, tally.notes),
        ),
        (
            "workbooks with the same E and W as their transcription",
            format!("{} of {}", tally.agree, tally.both),
        ),
    ];
    for (name, count) in rows {
        writeln!(out, "| {name} | {count} |")?;
    }
    writeln!(
        out,
        "\n| table | arithmetic marked | scoring marked | E and W found | workbook |\n\
         |---|---|---|---|---|"
    )?;
    for table in tables {
        writeln!(out, "{}", line(table))?;
    }
    writeln!(out, "\n### Where a workbook says something else\n")?;
    for table in tables {
        differences(table, &mut out)?;
    }
    writeln!(out, "\n### Every E and W\n")?;
    for table in tables {
        let own: Vec<&Value> = table.json.iter().filter(|it| weighs(it)).collect();
        if own.is_empty() {
            continue;
        }
        writeln!(out, "- {}", table.name)?;
        for finding in own {
            let [severity, rule, place, message] =
                ["severity", "rule", "where", "message"].map(|key| word(finding, key));
            writeln!(out, "  - {severity} {rule} `{place}` {message}")?;
        }
    }
    Ok(out)
}

fn line(table: &Table) -> String {
    let text = |key: &str| table.checks[key].as_str().unwrap_or("").replace('|', "/");
    let arithmetic = match &table.checks["arithmetic_ok"] {
        Value::Bool(true) => "right".to_owned(),
        Value::Bool(false) => format!("wrong: {}", text("arithmetic_note")),
        _ => "—".to_owned(),
    };
    let workbook = match &table.xlsx {
        None => "—",
        Some(xlsx) if counted(xlsx) == counted(&table.json) => "same",
        Some(_) => "differs",
    };
    format!(
        "| {} | {arithmetic} | {} | {} | {workbook} |",
        table.name,
        text("scoring_anomaly"),
        short(&table.json)
    )
}

fn differences(table: &Table, out: &mut String) -> Result<()> {
    let Some(xlsx) = &table.xlsx else {
        return Ok(());
    };
    let (json, xlsx) = (counted(&table.json), counted(xlsx));
    for (name, from, to) in [("transcription", &json, &xlsx), ("workbook", &xlsx, &json)] {
        for (kind, count) in from {
            let more = count.saturating_sub(to.get(kind).copied().unwrap_or(0));
            if more > 0 {
                writeln!(
                    out,
                    "- {}: only in the {name} (×{more}): {kind}",
                    table.name
                )?;
            }
        }
    }
    Ok(())
}
