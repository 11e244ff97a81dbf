//! What the database holds in the end, against what the people were told.

use std::collections::BTreeSet;

use db::testing::TestDb;
use db::{Row, Sql, ToValue};

use crate::Confirmed;
use crate::people::Person;

fn rows(test: &TestDb, statement: &'static str, value: &str) -> Vec<Row> {
    let (sql, value) = (
        Sql {
            name: "LEDGER",
            text: statement,
        },
        value.to_owned(),
    );
    let read = move |tx: &mut db::Tx<'_>| {
        let values: &[&dyn ToValue] = if statement.contains("$1") {
            &[&value]
        } else {
            &[]
        };
        tx.query(sql, values)
    };
    test.db.read_blocking(read).unwrap()
}

fn texts(test: &TestDb, query: &'static str, value: &str) -> Vec<String> {
    let all = rows(test, query, value);
    all.iter().map(|row| row.text("found").unwrap()).collect()
}

/// The record went exactly the way that its person was told, step by step, with nothing missing at
/// any step and nothing besides.
pub(crate) fn check(test: &TestDb, person: &Person, told: &[&Confirmed]) {
    let id = &*person.target;
    let steps = rows(
        test,
        "SELECT version, verb, submission_number, state FROM record_step \
         WHERE record_kind = 'performance_target' AND record_id = $1 ORDER BY version",
        id,
    );
    assert_eq!(steps.len(), told.len(), "{id}");
    for (step, told) in steps.iter().zip(told) {
        assert_eq!(
            step.int("version").unwrap(),
            i64::try_from(told.version).unwrap()
        );
        assert_eq!(step.text("verb").unwrap(), told.verb);
        assert_eq!(step.opt_text("submission_number").unwrap(), told.receipt);
    }
    let record = rows(
        test,
        "SELECT version, state FROM performance_target WHERE id = $1",
        id,
    );
    let (record, last) = (record.first().unwrap(), steps.last().unwrap());
    assert_eq!(record.int("version").unwrap(), last.int("version").unwrap());
    assert_eq!(record.text("state").unwrap(), last.text("state").unwrap());
    let keys: BTreeSet<String> = told.iter().map(|told| told.key.clone()).collect();
    let answers = texts(
        test,
        "SELECT command_key AS found FROM command_answer WHERE record_id = $1",
        id,
    );
    assert_eq!(answers.len(), told.len());
    assert_eq!(answers.into_iter().collect::<BTreeSet<_>>(), keys);
    let events = texts(
        test,
        "SELECT action AS found FROM event WHERE record_kind = 'performance_target' \
         AND record_id = $1 ORDER BY sequence",
        id,
    );
    let facts: Vec<&str> = told
        .iter()
        .map(|told| match told.verb {
            "submit" => "submitted",
            _ => "withdrawn",
        })
        .collect();
    assert_eq!(events, facts);
    let items = texts(
        test,
        "SELECT state AS found FROM work_item WHERE record_id = $1",
        id,
    );
    assert!(!items.is_empty(), "{id}");
    let state = record.text("state").unwrap();
    assert!(items.iter().all(|item| *item == state), "{items:?} {state}");
}

/// Every receipt that was told is there once, and the numbers have no gap.
pub(crate) fn check_receipts(test: &TestDb, confirmed: &[Confirmed]) {
    let told = confirmed.iter().filter_map(|one| one.receipt.clone());
    let told: Vec<String> = told.collect();
    let kept = texts(
        test,
        "SELECT number AS found FROM submission_receipt ORDER BY number",
        "",
    );
    assert_eq!(kept.len(), told.len());
    let told: BTreeSet<String> = told.into_iter().collect();
    assert_eq!(kept.iter().cloned().collect::<BTreeSet<_>>(), told);
    let positions = rows(
        test,
        "SELECT position FROM submission_receipt ORDER BY position",
        "",
    );
    for (expected, row) in (1_i64..).zip(&positions) {
        assert_eq!(row.int("position").unwrap(), expected);
    }
}
