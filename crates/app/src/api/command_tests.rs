//! Commands as programs send them.

use axum::http::StatusCode;
use db::testing::TestDb;
use db::{Sql, on_both};
use domain::permission::Role;
use serde_json::{Value, json};

use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

const COMMANDS: &str = "/api/v1/records/performance_target/t-20/commands";

/// The sample with a target that its unit has not sent yet.
fn prepare(test: &TestDb) {
    let draft = Sql {
        name: "DRAFT",
        text: "UPDATE performance_target SET state = 'draft', approved_on = NULL \
               WHERE id = 't-20'",
    };
    test.db
        .write_blocking(move |tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            tx.execute_one(draft, &[])
        })
        .unwrap();
}

fn head(test: &TestDb) -> TestSite {
    TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"))
}

fn submit(version: u64) -> Value {
    json!({"verb": "submit", "version": version, "comment": "请审核"})
}

fn send(site: &TestSite, path: &str, key: &str, body: &str) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    site.send_raw("POST", path, &headers, body.as_bytes().to_vec())
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("{}", answer.text))
}

on_both!(MIGRATIONS, the_same_command_is_carried_out_once, |test| {
    prepare(test);
    let site = head(test);
    let told = json_of(&site.get("/api/v1/records/performance_target/t-20"));
    assert_eq!(told["state"], "draft", "{told}");
    let possible = told["possible"].as_array().unwrap();
    let submit_told = possible.iter().find(|one| one["verb"] == "submit").unwrap();
    assert_eq!(submit_told["is_allowed"], true, "{told}");
    let first = send(&site, COMMANDS, "k-1", &submit(1).to_string());
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let carried = json_of(&first);
    assert_eq!(
        (&carried["from"], &carried["version"]),
        (&json!("draft"), &json!(2))
    );
    assert!(carried["submission"].is_string(), "{carried}");
    let before = test.content();
    let again = send(&site, COMMANDS, "k-1", &submit(1).to_string());
    assert_eq!((again.status, json_of(&again)), (StatusCode::OK, carried));
    assert_eq!(test.content(), before);
    let told = json_of(&site.get("/api/v1/records/performance_target/t-20"));
    assert_eq!(told["version"], 2);
    // Whoever reviews it has it among the things to do.
    let reviewer = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-1"));
    let department = TestSite::logged_in_as(test, Role::DepartmentReviewer, Some("u-1"));
    let waits = |site: &TestSite| {
        let items = json_of(&site.get("/api/v1/work-items"));
        items["items"].as_array().unwrap().len()
    };
    assert_eq!(waits(&reviewer) + waits(&department), 1);
});

/// A command that is refused, and what is said.
fn check_refused(
    test: &TestDb,
    site: &TestSite,
    key: &str,
    body: &str,
    expected: (StatusCode, &str),
) {
    let before = test.content();
    let answer = send(site, COMMANDS, key, body);
    assert_eq!(answer.status, expected.0, "{body}: {}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    assert!(answer.text.contains(expected.1), "{body}: {}", answer.text);
    assert_eq!(test.content(), before, "{body}");
}

on_both!(
    MIGRATIONS,
    a_refused_command_changes_nothing_and_says_why,
    |test| {
        prepare(test);
        let site = head(test);
        let body = submit(1).to_string();
        let other = TestSite::logged_in_as(test, Role::UnitHead, Some("u-2"));
        let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        let auditor = TestSite::logged_in_as(test, Role::AuditAdmin, None);
        check_refused(
            test,
            &other,
            "k",
            &body,
            (StatusCode::NOT_FOUND, "没有找到"),
        );
        check_refused(
            test,
            &auditor,
            "k",
            &body,
            (StatusCode::NOT_FOUND, "没有找到"),
        );
        check_refused(
            test,
            &clerk,
            "k",
            &body,
            (StatusCode::FORBIDDEN, "不能送审"),
        );
        let bad = StatusCode::BAD_REQUEST;
        let long = format!(
            "{{\"verb\":\"submit\",\"version\":1,\"comment\":\"{}\"}}",
            "a".repeat(2001)
        );
        for (key, body, expected) in [
            ("", &*body, "Idempotency-Key"),
            ("a b", &body, "Idempotency-Key"),
            (&"k".repeat(101), &body, "Idempotency-Key"),
            ("k", "", "EOF"),
            ("k", "[]", "invalid"),
            ("k", r#"{"verb":"submit"}"#, "missing field `version`"),
            ("k", r#"{"verb":"submit","version":0}"#, "between 1 and"),
            ("k", r#"{"verb":"submit","version":1.5}"#, "no whole number"),
            (
                "k",
                r#"{"verb":"submit","version":1e99}"#,
                "no whole number",
            ),
            ("k", r#"{"verb":"submit","version":"1"}"#, "invalid type"),
            (
                "k",
                r#"{"verb":"nonsense","version":1}"#,
                "unknown nonsense",
            ),
            (
                "k",
                r#"{"verb":"submit","version":1,"state":"approved"}"#,
                "unknown field `state`",
            ),
            (
                "k",
                r#"{"verb":"submit","version":1,"comment":"\u0000"}"#,
                "NUL",
            ),
            ("k", &long, "longer than 2000"),
        ] {
            check_refused(test, &site, key, body, (bad, expected));
        }
        let stale = submit(7).to_string();
        check_refused(
            test,
            &site,
            "k",
            &stale,
            (StatusCode::CONFLICT, "已有新的变动"),
        );
        let approve = r#"{"verb":"approve","version":1}"#;
        let unfit = StatusCode::UNPROCESSABLE_ENTITY;
        check_refused(test, &site, "k", approve, (unfit, "现在可以办理的是"));
        let delegate = r#"{"verb":"delegate","version":1}"#;
        check_refused(test, &site, "k", delegate, (unfit, "请选择转办的人员"));
        assert_eq!(send(&site, COMMANDS, "k", &body).status, StatusCode::OK);
        let other_body = submit(2).to_string();
        check_refused(
            test,
            &site,
            "k",
            &other_body,
            (StatusCode::CONFLICT, "已用于另一项操作"),
        );
    }
);

#[test]
fn a_command_of_another_kind_or_size_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let site = head(&test);
    let before = test.content();
    let form = site.send_with("POST", COMMANDS, "verb=submit", &[("idempotency-key", "k")]);
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = format!("{{\"comment\":\"{}\"}}", "a".repeat(300 * 1024));
    let answer = send(&site, COMMANDS, "k", &large);
    assert_eq!(
        answer.status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "{}",
        answer.text
    );
    for path in [
        "/api/v1/records/nonsense/t-20",
        "/api/v1/records/performance_target/t-404",
        "/api/v1/records/account/ac-jixiao",
    ] {
        assert_eq!(site.get(path).status, StatusCode::NOT_FOUND, "{path}");
        let answer = send(
            &site,
            &format!("{path}/commands"),
            "k",
            &submit(1).to_string(),
        );
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(test.content(), before);
}

on_both!(
    MIGRATIONS,
    a_program_saves_a_targets_content_as_its_page_would,
    |test| {
        prepare(test);
        let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        let told = json_of(&clerk.get("/api/v1/targets/t-20"));
        assert_eq!(told["form"]["id"], "project_budget", "{told}");
        let version = told["target"]["version"].as_i64().unwrap();
        let rows = told["indicators"].as_array().unwrap();
        // Each row with the number that it has.
        let sent: Vec<Value> = rows
            .iter()
            .map(|row| {
                json!({"key": row["key"], "level1": row["level1"], "level2": row["level2"],
                    "name": row["name"], "operator": row["operator"], "value": row["value_text"],
                    "unit": row["unit"], "weight": "3.60"})
            })
            .collect();
        let body = |version: i64, form: &str, weight: &str| {
            let mut sent = sent.clone();
            sent[0]["weight"] = json!(weight);
            json!({"version": version, "form": form, "goal": "改造三百户。", "indicators": sent})
                .to_string()
        };
        let put = |body: String| {
            let headers = [("content-type", "application/json")];
            let path = "/api/v1/targets/t-20/content";
            clerk.send_raw("PUT", path, &headers, body.into_bytes())
        };
        for (sent, status, said) in [
            (
                body(version + 7, "project_budget", "90"),
                StatusCode::CONFLICT,
                "",
            ),
            (
                body(version, "department", "90"),
                StatusCode::UNPROCESSABLE_ENTITY,
                "project_budget",
            ),
            (
                body(version, "project_budget", "9x"),
                StatusCode::UNPROCESSABLE_ENTITY,
                "读不出来",
            ),
            ("{}".to_owned(), StatusCode::BAD_REQUEST, ""),
        ] {
            let answer = put(sent);
            assert_eq!(answer.status, status, "{}", answer.text);
            assert!(answer.text.contains(said), "{}", answer.text);
        }
        let answer = put(body(version, "project_budget", "4.1"));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(json_of(&answer)["version"], version + 1);
        let saved = json_of(&clerk.get("/api/v1/targets/t-20"));
        assert_eq!(saved["target"]["goal"], "改造三百户。");
        assert_eq!(saved["indicators"][0]["weight_centi"], 410);
        assert_eq!(saved["indicators"][0]["id"], told["indicators"][0]["id"]);
        assert_eq!(saved["indicators"].as_array().unwrap().len(), rows.len());
    }
);
