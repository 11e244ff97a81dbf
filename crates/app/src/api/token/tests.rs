//! Tokens as their owner and a program see them.

use axum::http::StatusCode;
use axum::http::header::{LOCATION, WWW_AUTHENTICATE};
use db::testing::TestDb;
use db::{Sql, on_both};
use domain::permission::Role;

use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

/// Makes a token on the page and reads it there.
fn make(site: &TestSite) -> String {
    let answer = site.post("/api-tokens", "name=%E5%AF%B9%E6%8E%A5&days=30");
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let (_, rest) = answer.text.split_once("value=\"jx_").unwrap();
    format!("jx_{}", rest.split('"').next().unwrap())
}

/// Asks who a program is, from a browser that is logged in as nobody.
fn ask(test: &TestDb, authorization: &str) -> Answer {
    let headers = [("authorization", authorization)];
    TestSite::new(test).send_with("GET", "/api/v1/me", "", &headers)
}

fn by_hand(test: &TestDb, statement: &'static str) {
    let sql = Sql {
        name: "BY_HAND",
        text: statement,
    };
    test.db
        .write_blocking(move |tx| tx.execute(sql, &[]))
        .unwrap();
}

on_both!(
    MIGRATIONS,
    a_token_is_shown_once_and_acts_for_its_owner,
    |test| {
        test.db.write_blocking(sample::write).unwrap();
        let site = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        let token = make(&site);
        let page = site.get("/api-tokens");
        assert!(page.text.contains("对接"), "{}", page.text);
        assert!(!page.text.contains(&token));
        let answer = ask(test, &format!("Bearer {token}"));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(answer.text.contains(r#""roles":["unit_head"]"#));
        assert!(answer.text.contains(r#""unit_id":"u-1""#));
        let kept = Sql {
            name: "KEPT",
            text: "SELECT token_digest, used_on FROM api_token ORDER BY used_on DESC",
        };
        let rows = test
            .db
            .read_blocking(move |tx| tx.query(kept, &[]))
            .unwrap();
        for row in rows {
            assert!(!token.contains(&row.text("token_digest").unwrap()));
        }
    }
);

/// A good token stops being one.
fn check_ends(test: &TestDb, token: &str, how: &'static str) {
    let bearer = format!("Bearer {token}");
    assert_eq!(ask(test, &bearer).status, StatusCode::OK, "{how}");
    by_hand(test, how);
    let answer = ask(test, &bearer);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{how}");
    assert_eq!(answer.headers[WWW_AUTHENTICATE], "Bearer");
    assert!(
        answer.text.contains("没有有效的接口令牌"),
        "{}",
        answer.text
    );
}

on_both!(
    MIGRATIONS,
    a_token_ends_with_its_time_and_with_its_account,
    |test| {
        test.db.write_blocking(sample::write).unwrap();
        let site = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        for (how, undone) in [
            (
                "UPDATE api_token SET expires_at = '2020-01-01T00:00:00+08:00'",
                "UPDATE api_token SET expires_at = '2999-01-01T00:00:00+08:00'",
            ),
            (
                "UPDATE account SET state = 'disabled'",
                "UPDATE account SET state = 'active'",
            ),
            (
                "UPDATE account SET valid_to = '2020-01-01'",
                "UPDATE account SET valid_to = NULL",
            ),
            (
                "UPDATE account SET must_change_password = TRUE",
                "UPDATE account SET must_change_password = FALSE",
            ),
            ("DELETE FROM api_token", "DELETE FROM api_token"),
        ] {
            let token = make(&site);
            check_ends(test, &token, how);
            by_hand(test, undone);
        }
    }
);

on_both!(MIGRATIONS, only_its_owner_takes_a_token_back, |test| {
    test.db.write_blocking(sample::write).unwrap();
    let owner = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
    let other = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
    let token = make(&owner);
    let id = Sql {
        name: "ID",
        text: "SELECT id FROM api_token WHERE token_digest = $1",
    };
    let digest = web::token::digest(&token);
    let row = test.db.read_blocking(move |tx| tx.one(id, &[&digest]));
    let address = format!(
        "/api-tokens/{}/revocation",
        row.unwrap().text("id").unwrap()
    );
    assert_eq!(other.post(&address, "").status, StatusCode::NOT_FOUND);
    let bearer = format!("Bearer {token}");
    assert_eq!(ask(test, &bearer).status, StatusCode::OK);
    let answer = owner.post(&address, "");
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers[LOCATION], "/api-tokens");
    assert_eq!(ask(test, &bearer).status, StatusCode::UNAUTHORIZED);
    assert_eq!(owner.post(&address, "").status, StatusCode::NOT_FOUND);
    let auditor = TestSite::logged_in_as(test, Role::AuditAdmin, None);
    let page = auditor.get("/audit").text;
    assert!(page.contains("生成接口令牌") && page.contains("收回接口令牌"));
    assert!(!page.contains(&token));
});

#[test]
fn nothing_but_a_token_of_ours_is_a_key() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(sample::write).unwrap();
    let site = TestSite::logged_in(&test);
    let token = make(&site);
    let secret = token.trim_start_matches("jx_");
    for authorization in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {token}"),
        format!("Bearer {secret}"),
        format!("Bearer {token}0"),
        format!("Bearer {}", token.to_uppercase()),
        format!("Bearer jx_{}", "0".repeat(64)),
        "Bearer jx_' OR 1=1 --".to_owned(),
    ] {
        let answer = ask(&test, &authorization);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
    }
    // A session's cookie is none either.
    let answer = site.send_with("GET", "/api/v1/me", "", &[("authorization", "")]);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_token_without_name_or_end_is_not_made() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(sample::write).unwrap();
    let site = TestSite::logged_in(&test);
    let long = "a".repeat(41);
    for (fields, expected) in [
        ("name=&days=30".to_owned(), "请填写名称"),
        (format!("name={long}&days=30"), "名称最多 40 个字"),
        ("name=a%0Ab&days=30".to_owned(), "不能换行"),
        ("name=a&days=".to_owned(), "请选择有效期"),
        ("name=a&days=36500".to_owned(), "请选择有效期"),
    ] {
        let answer = site.post("/api-tokens", &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        assert!(answer.text.contains(expected), "{fields}");
        assert!(!answer.text.contains("value=\"jx_"), "{fields}");
    }
    for _ in 1..20 {
        make(&site);
    }
    let answer = site.post("/api-tokens", "name=a&days=7");
    assert!(answer.text.contains("您已有 20 个有效的令牌"));
}
