//! The table of what ASVS asks: every test that it names is in the tree, and nothing counts as met
//! without a test or a document that shows it.

use std::collections::BTreeSet;

/// Where the table stands.
pub(crate) const DOCUMENT: &str = "docs/security/asvs.md";

/// What a requirement can be.
const STATES: [&str; 5] = ["满足", "部署", "部分", "未满足", "不适用"];

/// Columns of the table: number, level, what is asked, how it is met, state, what shows it.
const COLUMNS: usize = 6;

/// The tests that a file of Rust holds: functions marked as tests, and those that run on both
/// databases.
pub(crate) fn tests(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split("test]").skip(1) {
        let line = piece.lines().find(|line| line.contains("fn "));
        let name = line.and_then(|line| line.split_once("fn "));
        found.extend(name.and_then(|(_, rest)| rest.split('(').next()));
    }
    for piece in text.split("on_both!(").skip(1) {
        found.extend(piece.split(',').nth(1).map(str::trim));
    }
    found.into_iter().map(str::to_owned).collect()
}

/// What is wrong with the table, when `proofs` are the tests and the files of the tree.
pub(crate) fn breaches(table: &str, proofs: &BTreeSet<String>) -> Vec<String> {
    let mut breaches = Vec::new();
    let mut numbers = BTreeSet::new();
    for (place, line) in (1..).zip(table.lines()) {
        let Some(row) = line.strip_prefix("| V") else {
            continue;
        };
        let row = row.trim_end_matches('|');
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [number, _, _, _, state, shown] = cells[..] else {
            breaches.push(format!("{DOCUMENT}:{place}: not {COLUMNS} columns"));
            continue;
        };
        if !numbers.insert(number.to_owned()) {
            breaches.push(format!("{DOCUMENT}:{place}: V{number} stands twice"));
        }
        // A reason may stand behind the state.
        let word = state.split('：').next().unwrap_or_default();
        if !STATES.contains(&word) {
            breaches.push(format!("{DOCUMENT}:{place}: {state} is no state"));
        }
        let named: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        for name in &named {
            if !proofs.contains(*name) {
                breaches.push(format!("{DOCUMENT}:{place}: there is no test {name}"));
            }
        }
        if word == "满足" && named.is_empty() && !shown.contains("](") {
            breaches.push(format!("{DOCUMENT}:{place}: V{number} is shown by nothing"));
        }
    }
    if numbers.is_empty() {
        breaches.push(format!("{DOCUMENT}: there is no table"));
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_names_only_tests_that_are_there() {
        let proofs = ["a_promise", "e2e/specs/audit.spec.ts"].map(str::to_owned);
        let proofs = BTreeSet::from(proofs);
        for (row, expected) in [
            ("| V2.1.1 | 1 | 问 | 答 | 满足 | `a_promise` |", ""),
            (
                "| V2.1.1 | 1 | 问 | 答 | 满足 | `a_promise` `e2e/specs/audit.spec.ts` |",
                "",
            ),
            ("| V2.1.1 | 1 | 问 | 答 | 满足 | [规则](rules.md) |", ""),
            ("| V2.1.1 | 1 | 问 | 答 | 未满足：没有做 | |", ""),
            ("| V2.1.1 | 1 | 问 | 答 | 满足 | `gone` |", "no test gone"),
            ("| V2.1.1 | 1 | 问 | 答 | 满足 | |", "shown by nothing"),
            ("| V2.1.1 | 1 | 问 | 答 | 很好 | `a_promise` |", "no state"),
            ("| V2.1.1 | 1 | 问 | 满足 | `a_promise` |", "not 6 columns"),
            ("没有表", "no table"),
        ] {
            let found = breaches(row, &proofs).join("\n");
            assert_eq!(found.is_empty(), expected.is_empty(), "{row}: {found}");
            assert!(found.contains(expected), "{row}: {found}");
        }
        let row = "| V2.1.1 | 1 | 问 | 答 | 满足 | `a_promise` |";
        let found = breaches(&format!("{row}\n{row}"), &proofs).join("\n");
        assert!(found.contains("stands twice"), "{found}");
    }

    #[test]
    fn tests_are_found_as_they_are_written() {
        let text = "#[test]\nfn one() {}\n#[tokio::test]\nasync fn two() {}\nfn helper() {}\n\
                    on_both!(MIGRATIONS, three, |test| {});\n\
                    on_both!(\n    MIGRATIONS,\n    four,\n";
        assert_eq!(tests(text), ["one", "two", "three", "four"]);
    }
}
