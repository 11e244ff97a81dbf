//! The rules of the house that a compiler cannot check. Each says its reason when it is broken.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::asvs;
use crate::shell::{cargo, output, program};

/// Which of our crates each of our crates may use.
const ARROWS: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("db", &[]),
    ("office", &[]),
    ("pdf", &["office"]),
    ("web", &["domain"]),
    ("app", &["web", "db", "office", "pdf", "domain"]),
    ("xtask", &[]),
    ("bench", &["db", "web"]),
    ("benches", &["app", "db", "domain", "office", "pdf", "web"]),
];

const MOST_LINES_IN_A_FILE: usize = 700;
const MOST_LINES_IN_A_FUNCTION: usize = 70;
const WIDEST_LINE: usize = 100;

/// Texts that tie the project to one machine or to somebody's registry, put together here so that
/// this file does not break its own rule.
fn forbidden_texts() -> [String; 5] {
    let scheme = "https:";
    [
        ["/wo", "rk/"].concat(),
        ["/ho", "me/"].concat(),
        [scheme, "//registry.", "npmjs"].concat(),
        [scheme, "//static.", "crates.io"].concat(),
        [scheme, "//cdn."].concat(),
    ]
}

/// Prints every breach and fails if there is one.
pub(crate) fn run() -> Result<()> {
    let mut breaches = Vec::new();
    arrows(&mut breaches)?;
    let mut tests = BTreeSet::new();
    for path in tracked_files()? {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        file(&path, &text, &mut breaches);
        if has_ending(&path, "rs") || has_ending(&path, "ts") {
            tests.extend(asvs::tests(&path, &text));
        }
    }
    let table = std::fs::read_to_string(asvs::DOCUMENT)?;
    breaches.extend(asvs::breaches(&table, &tests));
    migrations(&mut breaches)?;
    asvs(&mut breaches)?;
    for breach in &breaches {
        eprintln!("{breach}");
    }
    if breaches.is_empty() {
        Ok(())
    } else {
        bail!("{} breaches of the house rules", breaches.len())
    }
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == ending)
}

fn arrows(breaches: &mut Vec<String>) -> Result<()> {
    let text = output(&mut cargo(&["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists packages")?;
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(crate_name, _)| *crate_name == name) else {
            breaches.push(format!("{name}: a crate without arrows; add it to ARROWS"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let uses = dependency["name"].as_str().unwrap_or_default();
            let ours = dependency["path"].is_string();
            // A crate's own tests may ask for its features for tests.
            if ours && uses != name && !allowed.contains(&uses) {
                breaches.push(format!("{name} → {uses}: not an arrow of ARCHITECTURE.md"));
            }
        }
    }
    Ok(())
}

fn tracked_files() -> Result<Vec<String>> {
    // Files that are new but not ignored count too: they are about to be committed.
    let list = output(&mut program(
        "git",
        &["ls-files", "-co", "--exclude-standard"],
    ))?;
    Ok(list
        .lines()
        .filter(|path| Path::new(path).is_file())
        .map(str::to_owned)
        .collect())
}

fn file(path: &str, text: &str, breaches: &mut Vec<String>) {
    let is_lock = path.ends_with("Cargo.lock") || path.ends_with("package-lock.json");
    if !is_lock {
        for (number, line) in (1..).zip(text.lines()) {
            if forbidden_texts()
                .iter()
                .any(|forbidden| line.contains(forbidden.as_str()))
            {
                breaches.push(format!(
                    "{path}:{number}: names a machine's path or a registry"
                ));
            }
        }
    }
    if path.ends_with(".min.js") || path.ends_with(".min.css") {
        breaches.push(format!(
            "{path}: third-party files come by npm ci, they are not committed"
        ));
    }
    if has_ending(path, "rs") {
        rust(path, text, breaches);
    }
    if has_ending(path, "sql") {
        forbid_words(
            path,
            text,
            &["REAL", "DOUBLE", "FLOAT", "NUMERIC"],
            "no floats",
            breaches,
        );
    }
}

fn rust(path: &str, text: &str, breaches: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > MOST_LINES_IN_A_FILE {
        breaches.push(format!(
            "{path}: {lines} lines; split it (at most {MOST_LINES_IN_A_FILE})"
        ));
    }
    for (number, line) in (1..).zip(text.lines()) {
        if line.chars().count() > WIDEST_LINE {
            breaches.push(format!("{path}:{number}: wider than {WIDEST_LINE} columns"));
        }
    }
    functions(path, text, breaches);
    let is_test = path.contains("tests") || path.contains("testing");
    if path.contains("crates/domain/src") && !is_test {
        forbid_words(
            path,
            text,
            &["f32", "f64", "SystemTime", "async"],
            "domain is pure",
            breaches,
        );
    }
    let holds_sql = path.ends_with("store.rs") || path.contains("/store/") || is_test;
    if path.contains("crates/app/src") && !holds_sql && text.contains("sql!(") {
        breaches.push(format!("{path}: SQL belongs into the feature's store.rs"));
    }
    if path.contains("domain/src/verify") {
        for (number, line) in (1..).zip(text.lines()) {
            if line.contains("crate::") && !line.contains("crate::number") {
                breaches.push(format!(
                    "{path}:{number}: the verifier shares nothing with the scorer but numbers"
                ));
            }
        }
    }
}

fn forbid_words(path: &str, text: &str, words: &[&str], why: &str, breaches: &mut Vec<String>) {
    for (number, line) in (1..).zip(text.lines()) {
        let code = line.split("//").next().unwrap_or_default();
        let code = code.split("--").next().unwrap_or_default();
        let mut tokens = code.split(|c: char| !c.is_alphanumeric() && c != '_');
        if let Some(word) = tokens.find(|token| words.contains(token)) {
            breaches.push(format!("{path}:{number}: {word}: {why}"));
        }
    }
}

/// Functions as rustfmt lays them out: from the line with `fn` to the brace at the same indent.
fn functions(path: &str, text: &str, breaches: &mut Vec<String>) {
    let lines: Vec<&str> = text.lines().collect();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let is_function = [
            "fn ",
            "pub fn ",
            "pub(crate) fn ",
            "async fn ",
            "pub async fn ",
        ]
        .iter()
        .chain(&[
            "pub(crate) async fn ",
            "pub const fn ",
            "const fn ",
            "pub(super) fn ",
        ])
        .any(|opening| code.starts_with(opening));
        if !is_function || code.ends_with(';') || code.ends_with('}') {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent));
        let end = lines[start..]
            .iter()
            .position(|line| **line == close)
            .unwrap_or(0);
        if end > MOST_LINES_IN_A_FUNCTION {
            breaches.push(format!(
                "{path}:{}: a function of {end} lines (at most {MOST_LINES_IN_A_FUNCTION})",
                start + 1
            ));
        }
    }
}

/// The table of security requirements.
const ASVS: &str = "docs/security/asvs.md";

/// Every test and file that the table names as proof is there.
fn asvs(breaches: &mut Vec<String>) -> Result<()> {
    let table = std::fs::read_to_string(ASVS).with_context(|| format!("{ASVS} is missing"))?;
    let mut code = String::new();
    for path in tracked_files()?
        .iter()
        .filter(|path| has_ending(path, "rs"))
    {
        code.push_str(&std::fs::read_to_string(path)?);
    }
    let words: std::collections::HashSet<&str> = code
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    for (number, line) in (1..).zip(table.lines()) {
        let proof = line
            .strip_prefix("| V")
            .and_then(|row| row.trim_end_matches('|').rsplit('|').next());
        // What stands between backticks is every second part.
        for name in proof.unwrap_or_default().split('`').skip(1).step_by(2) {
            if !words.contains(name) && !Path::new(name).is_file() {
                breaches.push(format!("{ASVS}:{number}: no test is called {name}"));
            }
        }
    }
    Ok(())
}

fn migrations(breaches: &mut Vec<String>) -> Result<()> {
    let mut numbers: Vec<String> = std::fs::read_dir("migrations")
        .into_iter()
        .flatten()
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<String>>>()?
        .iter()
        .filter(|name| has_ending(name, "sql"))
        .map(|name| name.chars().take_while(char::is_ascii_digit).collect())
        .collect();
    numbers.sort();
    for pair in numbers.windows(2) {
        if pair[0] == pair[1] {
            breaches.push(format!("migrations: the number {} is used twice", pair[0]));
        }
    }
    Ok(())
}
