//! What the common login refuses before it asks its provider, and what it believes of the answer;
//! logging in through a real one is a browser's test.

mod answers;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;
use db::testing::TestDb;

use super::provider::{Claim, Provider, Settings};
use super::{COOKIE, kept};
use crate::database::MIGRATIONS;
use crate::serve::testing::{Answer, TestSite};

const ISSUER: &str = "http://127.0.0.1:9";

fn settings(claim: Claim) -> Settings {
    Settings {
        issuer: ISSUER.to_owned(),
        client_id: "jixiao".to_owned(),
        client_secret: None,
        site: "http://127.0.0.1:8080".to_owned(),
        claim,
        label: "统一认证登录".to_owned(),
    }
}

/// A site whose provider nobody answers for.
fn site(test: &TestDb) -> TestSite {
    TestSite::with_common_login(test, Arc::new(Provider::new(settings(Claim::Subject))))
}

fn sent(test: &TestDb, state: &'static str, until: &'static str) {
    test.db
        .write_blocking(move |tx| {
            let login = kept::Login {
                nonce: "n".to_owned(),
                verifier: "v".to_owned(),
                next: "/check".to_owned(),
            };
            let digest = web::token::digest(state);
            kept::add(tx, &digest, &login, ("2000-01-01T00:00:00+08:00", until))
        })
        .unwrap();
}

fn back(site: &TestSite, query: &str, cookie: &str) -> Answer {
    let cookie = format!("{COOKIE}={cookie}");
    let path = format!("/login/common/callback?{query}");
    site.send_with("GET", &path, "", &[("cookie", &*cookie)])
}

#[test]
fn without_a_provider_there_is_no_common_login() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::new(&test);
    for path in ["/login/common", "/login/common/callback"] {
        assert_eq!(site.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!site.get("/login").text.contains("/login/common"));
}

on_both!(
    MIGRATIONS,
    a_login_that_was_not_begun_here_is_refused,
    |test| {
        let site = site(test);
        let page = site.get("/login?next=/check");
        assert!(
            page.text.contains("/login/common?next=/check"),
            "{}",
            page.text
        );
        sent(test, "good", "2999-01-01T00:00:00+08:00");
        sent(test, "late", "2020-01-01T00:00:00+08:00");
        let stale = "已经过期或不是从这个浏览器开始";
        for (query, cookie, words) in [
            ("code=c&state=good", "other", stale),
            ("code=c&state=good", "", stale),
            ("code=c&state=forged", "forged", stale),
            ("code=c&state=late", "late", stale),
            ("code=c", "good", stale),
            ("", "", stale),
            ("error=access_denied&state=good", "good", "没有让您登录"),
            // It counts once.
            ("code=c&state=good", "good", stale),
        ] {
            let answer = back(&site, query, cookie);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
            assert!(
                answer.text.contains(words),
                "{query} {cookie}: {}",
                answer.text
            );
            assert!(answer.headers.get(LOCATION).is_none(), "{query}");
        }
    }
);

#[test]
fn a_provider_that_does_not_answer_is_told_in_words() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    assert!(
        site.get("/login/common")
            .text
            .contains("现在连不上统一认证")
    );
    sent(&test, "good", "2999-01-01T00:00:00+08:00");
    let answer = back(&site, "code=c&state=good", "good");
    assert!(answer.text.contains("答复不可信或连接中断"));
}

#[test]
fn the_settings_come_from_the_environment_or_say_what_is_missing() {
    let read = |pairs: &[(&str, &str)]| {
        Settings::read(|name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    };
    assert!(read(&[]).unwrap().is_none());
    let issuer = ("JIXIAO_OIDC_ISSUER", ISSUER);
    let missing = read(&[issuer]).unwrap_err();
    assert!(missing.contains("JIXIAO_OIDC_CLIENT_ID"), "{missing}");
    let all = [
        issuer,
        ("JIXIAO_OIDC_CLIENT_ID", "jixiao"),
        ("JIXIAO_OIDC_SITE", "https://jixiao.example/"),
        ("JIXIAO_OIDC_CLAIM", "preferred_username"),
    ];
    let settings = read(&all).unwrap().unwrap();
    assert_eq!(settings.site, "https://jixiao.example");
    assert_eq!(
        (settings.claim, &*settings.label),
        (Claim::Username, "统一认证登录")
    );
    let wrong = read(&[all[0], all[1], all[2], ("JIXIAO_OIDC_CLAIM", "name")]).unwrap_err();
    assert!(wrong.contains("不能是 name"), "{wrong}");
}
