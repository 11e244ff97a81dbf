//! Bad input over the whole table of routes: it is refused, nothing is changed, nobody sees an
//! error of the server, and the security headers are always there.

mod forms;
mod formulas;
mod log;
mod paths;
mod scripts;
mod sessions;
mod units;
mod wire;

use std::collections::BTreeMap;

use axum::http::StatusCode;
use db::testing::TestDb;
use domain::permission::Role;

use super::testing::{Answer, TestSite};
use super::{Access, Route, routes, sample};

/// The headers that every answer has.
const HEADERS: [&str; 8] = [
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "cache-control",
];

/// Tables that tell who came by and not what the records say. A secret that was shown to be bound
/// counts for nothing until it is confirmed.
const LOGS: [&str; 4] = ["event", "setting", "login_failure", "second_factor_binding"];

/// The sample's records, and a unit that has nothing to do with them.
fn prepare(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
}

/// Somebody of the bureau, of another unit, and one of the three administrators.
fn people(test: &TestDb) -> [TestSite; 3] {
    [
        TestSite::logged_in(test),
        TestSite::logged_in_as(test, Role::UnitHead, Some("u-2")),
        TestSite::logged_in_as(test, Role::AuditAdmin, None),
    ]
}

/// What the tables hold, without those of `LOGS` and `but`.
fn content(test: &TestDb, but: &[&str]) -> BTreeMap<String, String> {
    let mut content = test.content();
    content.retain(|table, _| !LOGS.contains(&&**table) && !but.contains(&&**table));
    content
}

/// Every answer is no error of the server and has the headers.
fn check_calm(answer: &Answer, what: &str) {
    assert!(!answer.status.is_server_error(), "{what}: {}", answer.text);
    for name in HEADERS {
        assert!(answer.headers.contains_key(name), "{what}: no {name}");
    }
}

/// Whether a browser reads the answer as a page.
fn is_page(answer: &Answer) -> bool {
    let kind = answer.headers.get("content-type");
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// A refusal: 4xx, or the way to the login for whoever is not logged in.
fn check_refused(answer: &Answer, what: &str) {
    check_calm(answer, what);
    let is_to_login = answer.status == StatusCode::SEE_OTHER
        && answer.headers["location"]
            .to_str()
            .is_ok_and(|to| to.starts_with("/login"));
    assert!(
        answer.status.is_client_error() || is_to_login,
        "{what}: {} {}",
        answer.status,
        answer.text
    );
}

/// A sample path and its query.
fn split(sample: &str) -> (&str, &str) {
    sample.split_once('?').unwrap_or((sample, ""))
}

/// The routes that take more than one person's word: all but the open ones.
fn closed() -> impl Iterator<Item = Route> {
    routes::all()
        .into_iter()
        .filter(|route| route.access != Access::Everybody)
}
