//! What the log says of a refusal, and what it must not say.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use db::Sql;
use db::testing::TestDb;
use domain::permission::Role;
use serde_json::Value;

use super::{closed, prepare, split};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// What was written to a log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The log's lines while `run` runs, as the server writes them, and its whole text.
fn logged(run: impl FnOnce()) -> (Vec<Value>, String) {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, run);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.collect(), text)
}

fn is_of(line: &Value, method: &str, path: &str, login: &str, status: u16) -> bool {
    let fields = &line["fields"];
    fields["message"] == "request refused"
        && fields["method"] == method
        && fields["path"] == path
        && fields["login"] == login
        && fields["status"] == status
        && fields["from"] == "127.0.0.1"
        && line["timestamp"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z'))
}

#[test]
fn every_refusal_leaves_a_line_without_what_was_sent() {
    const SESSION: &str = "5e551017000000000000000000000000000000000000000000000000deadbeef";
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    TestSite::logged_in_as(&test, Role::UnitHead, Some("u-2"));
    let site = TestSite::logged_in_by(&test, "unit_head@u-2", SESSION);
    for route in closed() {
        let (path, _) = split(route.sample);
        let asked = format!("{path}?text=geheim");
        let body = format!("form_token={}0&password=geheim", site.form_token());
        let mut status = 0;
        let (lines, text) = logged(|| {
            status = site.send("POST", &asked, &body).status.as_u16();
        });
        let count = lines
            .iter()
            .filter(|line| is_of(line, "POST", path, "unit_head@u-2", status))
            .count();
        assert_eq!(count, 1, "{path}: {text}");
        for secret in [SESSION, &site.form_token(), "geheim"] {
            assert!(!text.contains(secret), "{path}: {text}");
        }
    }
}

#[test]
fn a_line_break_in_a_value_makes_no_line_of_its_own() {
    const FORGED: &str = "x\r\n{\"level\":\"INFO\",\"fields\":{\"message\":\"forged\"}}";
    const RENAME: Sql = Sql {
        name: "RENAME",
        text: "UPDATE account SET login_name = $1",
    };
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let site = TestSite::logged_in(&test);
    test.db
        .write_blocking(|tx| tx.execute(RENAME, &[&FORGED]))
        .unwrap();
    let (lines, text) = logged(|| {
        site.send("POST", "/logout", "form_token=x%0D%0A%7B");
        site.send("POST", "/logout%0D%0A%7B%22level%22", "");
    });
    assert!(
        lines.iter().any(|line| line["fields"]["login"] == FORGED),
        "{text}"
    );
    assert!(
        lines
            .iter()
            .all(|line| line["fields"]["message"] != "forged")
    );
}

#[test]
fn an_ended_session_is_told_to_the_log_without_its_token() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::new(&test);
    let (lines, text) = logged(|| {
        let cookie = [("cookie", "jixiao_session=5e55104f")];
        site.send_with("GET", "/objects", "", &cookie);
    });
    let message = "a session that has ended or never was";
    assert!(
        lines
            .iter()
            .any(|line| line["fields"]["message"] == message),
        "{text}"
    );
    assert!(!text.contains("5e55104f"), "{text}");
}
