//! Formulas that were stored in every text that the database takes.

use std::io::{Cursor, Read as _};

use db::testing::TestDb;
use domain::permission::Role;

use super::scripts::{poison, typed_columns};
use super::{check_calm, closed, prepare};
use crate::database::MIGRATIONS;
use crate::serve::testing::{Answer, TestSite};

/// Whether a cell of the file is a formula; none where the answer is no table.
fn has_formula(answer: &Answer) -> Option<bool> {
    let kind = answer.headers.get("content-type")?.to_str().ok()?;
    if kind.starts_with("text/csv") {
        let starts = ["\n=", ",=", "\"=", "\u{feff}="];
        return Some(starts.iter().any(|start| answer.text.contains(start)));
    }
    if !kind.contains("spreadsheetml") {
        return None;
    }
    let mut parts = zip::ZipArchive::new(Cursor::new(&answer.bytes)).unwrap();
    let mut found = false;
    for place in 0..parts.len() {
        let mut part = parts.by_index(place).unwrap();
        let mut sheet = String::new();
        if part.name().unwrap().contains("worksheets/") {
            part.read_to_string(&mut sheet).unwrap();
        }
        found |= sheet.contains("<f>") || sheet.contains("<f ");
    }
    Some(found)
}

#[test]
fn no_cell_of_an_exported_file_is_a_formula() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let roles = [Role::PerformanceAdmin, Role::AuditAdmin, Role::SystemAdmin];
    let people = roles.map(|role| TestSite::logged_in_as(&test, role, None));
    for (table, column) in typed_columns(&test) {
        poison(&test, &table, &column, "'=HYPERLINK(0)' || ");
    }
    let (mut files, mut shown) = (Vec::new(), 0);
    for route in closed() {
        for site in &people {
            let answer = site.get(route.sample);
            check_calm(&answer, route.path);
            if let Some(has_formula) = has_formula(&answer) {
                assert!(!has_formula, "{}: {}", route.path, answer.text);
                shown += usize::from(answer.text.contains("'=HYPERLINK"));
                files.push(route.path);
            }
        }
    }
    for needed in [
        "/objects.csv",
        "/objects.xlsx",
        "/metrics.csv",
        "/audit.csv",
        "/audit.xlsx",
        "/overdue.csv",
        "/overdue.xlsx",
        "/units.csv",
        "/units.xlsx",
    ] {
        assert!(files.contains(&needed), "{needed} in {files:?}");
    }
    assert!(shown > 0, "no file shows a text");
}
