//! Scripts that were stored in every text that the database takes.

use db::testing::TestDb;
use db::{Error, Sql, Tx};
use domain::permission::Role;

use super::{check_calm, closed, is_page, prepare};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// Ends an attribute, an element, a script, a comment, a style and a template, and begins a script.
const SCRIPT: &str = "\"'></title></textarea></script>--><script>jx9()</script><img src=x \
                      onerror=jx9()>{{7*7}}";

/// Columns that hold what the program itself writes in a form of its own: nobody types them.
const OWN_ENDINGS: [&str; 21] = [
    "id",
    "_by",
    "_on",
    "_at",
    "_to",
    "_from",
    "_json",
    "_hash",
    "hash",
    "_digest",
    "_code",
    "_kind",
    "_subject",
    "_secret",
    "state",
    "stage",
    "role",
    "receipt",
    "rule_pack",
    "payload",
    "value",
];

/// `table.column` of every text that somebody types.
pub(super) fn typed_columns(test: &TestDb) -> Vec<(String, String)> {
    let is_own = |column: &str| OWN_ENDINGS.iter().any(|end| column.ends_with(end));
    test.schema()
        .iter()
        .filter_map(|line| line.split_once(" TEXT"))
        .filter_map(|(name, _)| name.split_once('.'))
        .filter(|(table, column)| *table != "event" && *table != "migration" && !is_own(column))
        .map(|(table, column)| (table.to_owned(), column.to_owned()))
        .collect()
}

/// Writes every text of the column anew, with `before` in front and the script behind, where its
/// rules let it.
pub(super) fn poison(test: &TestDb, table: &str, column: &str, before: &str) -> bool {
    let update: &'static str =
        format!("UPDATE {table} SET {column} = {before}{column} || $1 WHERE {column} IS NOT NULL")
            .leak();
    let sql = Sql {
        name: "POISON",
        text: update,
    };
    let write = move |tx: &mut Tx<'_>| tx.execute(sql, &[&SCRIPT]);
    let touched: Result<u64, Error> = test.db.write_blocking(write);
    touched.is_ok_and(|rows| rows > 0)
}

#[test]
fn a_stored_script_is_printed_and_never_run() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let roles = [
        (Role::PerformanceAdmin, None),
        (Role::UnitHead, Some("u-1")),
        (Role::SystemAdmin, None),
        (Role::SecurityAdmin, None),
        (Role::AuditAdmin, None),
    ];
    let people = roles.map(|(role, place)| TestSite::logged_in_as(&test, role, place));
    for site in &people {
        site.post(
            "/api-tokens",
            "name=%3Cscript%3Ejx9()%3C%2Fscript%3E&days=7",
        );
    }
    let columns = typed_columns(&test);
    let mut poisoned: Vec<String> = Vec::new();
    for (table, column) in &columns {
        if poison(&test, table, column, "") {
            poisoned.push(format!("{table}.{column}"));
        }
    }
    for needed in [
        "organisation_unit.name",
        "managed_object.name",
        "performance_target.goal",
        "indicator.name",
        "indicator.value_text",
        "self_evaluation_line.reason",
        "key_evaluation.problem",
        "rectification.demand",
        "account.name",
        "api_token.name",
        "business_section.name",
    ] {
        assert!(
            poisoned.iter().any(|one| one == needed),
            "{needed} in {poisoned:?}"
        );
    }
    let mut shown = 0;
    for route in closed() {
        for site in &people {
            let answer = site.get(route.sample);
            check_calm(&answer, route.sample);
            if is_page(&answer) {
                shown += usize::from(answer.text.contains("jx9()"));
                for raw in ["<script>jx9", "<img src=x", "</script>--"] {
                    assert!(!answer.text.contains(raw), "{}: {raw}", route.sample);
                }
            }
        }
    }
    // The texts are there all the same: 7 pages of records at the least.
    assert!(shown > 7, "{shown}");
}
