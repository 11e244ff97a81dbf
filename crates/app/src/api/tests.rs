//! What the interface promises to programs.

use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;
use serde_json::Value;

use super::{store, token};
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

fn site(test: &TestDb) -> TestSite {
    test.db.write_blocking(sample::write).unwrap();
    TestSite::logged_in(test)
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("{}", answer.text))
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            let stores = [store::STATEMENTS, token::store::STATEMENTS];
            stores.concat().iter().try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

#[test]
fn the_document_and_the_table_of_routes_name_the_same_operations() {
    let document = serde_json::to_value(super::document()).unwrap();
    let documented: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    let all = super::routes();
    let routed: Vec<&str> = all
        .iter()
        .map(|route| route.path)
        .filter(|path| path.starts_with("/api/v1") && *path != "/api/v1/openapi.json")
        .collect();
    for path in &routed {
        assert!(documented.iter().any(|one| one == path), "{path}");
    }
    assert_eq!(documented.len(), routed.len());
    let mut names: Vec<&str> = Vec::new();
    for operations in document["paths"].as_object().unwrap().values() {
        for operation in operations.as_object().unwrap().values() {
            names.push(operation["operationId"].as_str().unwrap());
            assert!(operation["summary"].is_string(), "{operation}");
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

on_both!(MIGRATIONS, every_record_of_the_sample_can_be_read, |test| {
    let site = site(test);
    for (path, pointer, expected) in [
        ("/api/v1/regions", "/items/0/code", "510683"),
        ("/api/v1/units?year=2020", "/items/0/id", "u-1"),
        ("/api/v1/objects?year=2020", "/items/0/id", sample::WHOLE),
        ("/api/v1/objects/o-1", "/money/1/adjusted_fen", "130456789"),
        (
            "/api/v1/objects/o-1",
            "/records/0/kind",
            "ex_ante_assessment",
        ),
        ("/api/v1/objects/o-1", "/records/5/kind", "re_evaluation"),
        ("/api/v1/objects/o-1", "/records/5/score_centi", "7810"),
        ("/api/v1/targets?year=2020", "/items/0/id", "t-20"),
        (
            "/api/v1/targets/t-20",
            "/indicators/24/name",
            "第25类设施建设数量",
        ),
        ("/api/v1/self-evaluations?year=2020", "/items/0/id", "se-1"),
        (
            "/api/v1/self-evaluations/se-1",
            "/lines/0/score_centi",
            "351",
        ),
        ("/api/v1/self-evaluations/se-1", "/receipt/grade", "优"),
        ("/api/v1/metrics?year=2020", "/items/0/id", "P1.1"),
        (
            "/api/v1/metrics/P3.3/records?year=2020",
            "/items/0/id",
            "k-1",
        ),
        ("/api/v1/openapi.json", "/openapi", "3.1.0"),
    ] {
        let answer = site.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert_eq!(answer.headers[CONTENT_TYPE], "application/json", "{path}");
        let body = json(&answer);
        let found = body
            .pointer(pointer)
            .unwrap_or_else(|| panic!("{path}: {body}"));
        let found = found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned);
        assert_eq!(found, expected, "{path} {pointer}");
    }
});

on_both!(
    MIGRATIONS,
    pages_follow_each_other_without_gap_or_double,
    |test| {
        let site = site(test);
        for list in [
            "objects",
            "targets",
            "units",
            "self-evaluations",
            "metrics/P3.3/records",
        ] {
            let whole = json(&site.get(&format!("/api/v1/{list}?year=2020")));
            let whole = whole["items"].as_array().unwrap();
            let (mut found, mut after) = (Vec::new(), String::new());
            for _ in 0..=whole.len() {
                let page = json(&site.get(&format!("/api/v1/{list}?year=2020&limit=1{after}")));
                found.extend(page["items"].as_array().unwrap().clone());
                let Some(next) = page["next"].as_str() else {
                    break;
                };
                after = format!("&after={}", next.replace('/', "%2F"));
            }
            assert_eq!(&found, whole, "{list}");
        }
    }
);

fn check_refused(answer: &Answer, status: StatusCode, expected: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.headers[CONTENT_TYPE], "application/problem+json");
    let problem = json(answer);
    assert_eq!(problem["status"], status.as_u16());
    assert!(answer.text.contains(expected), "{}", answer.text);
}

on_both!(MIGRATIONS, a_refusal_is_a_problem_in_words, |test| {
    let site = site(test);
    for (path, status, expected) in [
        ("objects", StatusCode::BAD_REQUEST, "missing field `year`"),
        (
            "objects?year=20x0",
            StatusCode::BAD_REQUEST,
            "invalid digit",
        ),
        (
            "objects?year=1900",
            StatusCode::BAD_REQUEST,
            "between 1990 and 2100",
        ),
        (
            "objects?year=2020&limit=0",
            StatusCode::BAD_REQUEST,
            "between 1 and 200",
        ),
        (
            "objects?year=2020&yaer=1",
            StatusCode::BAD_REQUEST,
            "unknown field `yaer`",
        ),
        (
            "objects?year=2020&year=2021",
            StatusCode::BAD_REQUEST,
            "duplicate field",
        ),
        (
            "objects?year=2020&after=x",
            StatusCode::BAD_REQUEST,
            "earlier page",
        ),
        (
            "objects?year=2020&text=%00",
            StatusCode::BAD_REQUEST,
            "没有读懂",
        ),
        (
            "objects?year=2020&kind=x",
            StatusCode::BAD_REQUEST,
            "unknown variant",
        ),
        ("objects/o-404", StatusCode::NOT_FOUND, "核对地址和编号"),
        ("objects/%00", StatusCode::NOT_FOUND, "核对地址和编号"),
        ("objects/%FF", StatusCode::NOT_FOUND, "核对地址和编号"),
        (
            "metrics/P9.9/records?year=2020",
            StatusCode::NOT_FOUND,
            "没有找到",
        ),
        ("nothing", StatusCode::NOT_FOUND, "没有找到"),
        ("events", StatusCode::FORBIDDEN, "安全审计员"),
    ] {
        check_refused(&site.get(&format!("/api/v1/{path}")), status, expected);
    }
    let answer = site.send("DELETE", "/api/v1/objects", "");
    check_refused(&answer, StatusCode::METHOD_NOT_ALLOWED, "HTTP 方法");
    assert_eq!(answer.headers[ALLOW], "GET,HEAD");
    let origin = [("origin", "https://elsewhere.example")];
    let answer = site.send_with("POST", "/api/v1/objects", "", &origin);
    check_refused(&answer, StatusCode::FORBIDDEN, "不接受其他网站");
});

on_both!(MIGRATIONS, what_another_unit_has_is_hidden, |test| {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
    let other = TestSite::logged_in_as(test, Role::UnitHead, Some("u-2"));
    for path in ["objects/o-1", "targets/t-20", "self-evaluations/se-1"] {
        let answer = other.get(&format!("/api/v1/{path}"));
        check_refused(&answer, StatusCode::NOT_FOUND, "没有找到");
    }
    for (list, own) in [
        ("objects", 0),
        ("targets", 0),
        ("self-evaluations", 0),
        ("units", 1),
    ] {
        let body = json(&other.get(&format!("/api/v1/{list}?year=2020")));
        assert_eq!(body["items"].as_array().unwrap().len(), own, "{list}");
    }
    let answer = other.get("/api/v1/metrics?year=2020");
    check_refused(&answer, StatusCode::FORBIDDEN, "查看全地区统计");
});

#[test]
fn the_auditor_reads_events_and_nobody_elses_records() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(sample::write).unwrap();
    let clerk = TestSite::logged_in(&test);
    clerk.post("/api-tokens", "name=a&days=7");
    let auditor = TestSite::logged_in_as(&test, Role::AuditAdmin, None);
    let body = json(&auditor.get("/api/v1/events?limit=1"));
    assert_eq!(body["items"][0]["action"], "api_token_made");
    let answer = auditor.get("/api/v1/objects?year=2020");
    check_refused(&answer, StatusCode::FORBIDDEN, "查看记录");
    let answer = auditor.get("/api/v1/objects/o-1");
    check_refused(&answer, StatusCode::NOT_FOUND, "没有找到");
}
