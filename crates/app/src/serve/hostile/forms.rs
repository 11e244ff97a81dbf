//! Forms that no page of ours sends.

use axum::http::StatusCode;
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;

use super::{check_calm, check_refused, closed, content, people, prepare, routes};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// A text that a page would run if it printed it as it stands.
const SCRIPT: &str = "%22%3E%3Cscript%3Ejx9%3C%2Fscript%3E";

on_both!(
    MIGRATIONS,
    a_form_without_its_own_token_is_refused_everywhere,
    |test| {
        prepare(test);
        let people = people(test);
        let foreign = TestSite::logged_in(test).form_token();
        let before = content(test, &[]);
        for route in closed() {
            for site in &people {
                let own = site.form_token();
                for body in [
                    String::new(),
                    "form_token=".to_owned(),
                    format!("form_token={foreign}"),
                    format!("form_token={}", own.to_uppercase()),
                    format!("form_token={own}0"),
                    format!("form_token={own}%00"),
                    format!("form_token={own}&form_token={foreign}"),
                    format!("form_token={foreign}&form_token={own}"),
                    format!("FORM_TOKEN={own}"),
                    format!("form_token[]={own}"),
                    "%FF=%FE".to_owned(),
                ] {
                    let what = format!("{} {body}", route.path);
                    check_refused(&site.send("POST", route.sample, &body), &what);
                }
            }
        }
        assert_eq!(content(test, &[]), before);
    }
);

on_both!(
    MIGRATIONS,
    a_form_with_a_field_that_no_page_has_is_refused,
    |test| {
        prepare(test);
        let people = people(test);
        let before = content(test, &[]);
        let many = "x=1&".repeat(2000);
        for route in closed() {
            for site in &people {
                for fields in ["surprise=1", "name=a%00b", &many] {
                    let answer = site.post(route.sample, fields);
                    check_refused(&answer, &format!("{} {fields}", route.path));
                }
            }
        }
        assert_eq!(content(test, &[]), before);
    }
);

#[test]
fn a_field_that_stands_twice_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let bureau = TestSite::logged_in(&test);
    let system = TestSite::logged_in_as(&test, Role::SystemAdmin, None);
    let before = content(&test, &[]);
    for (site, path, fields) in [
        (&bureau, "/notices/reading", "seen=a&seen=b"),
        (&system, "/mail/trial", "address=a@b.cn&address=c@d.cn"),
        (&system, "/mail/retries", "id=1&id=2"),
    ] {
        let answer = site.post(path, fields);
        check_refused(&answer, path);
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
    assert_eq!(content(&test, &[]), before);
}

#[test]
fn a_body_of_another_kind_is_refused_everywhere() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let people = people(&test);
    let before = content(&test, &[]);
    for route in closed() {
        for site in &people {
            let token = site.form_token();
            for (kind, body) in [
                (
                    "application/json",
                    format!("{{\"form_token\":\"{token}\"}}"),
                ),
                ("text/plain", format!("form_token={token}")),
                (
                    "text/xml",
                    "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>".to_owned(),
                ),
                ("multipart/form-data", format!("form_token={token}")),
                (
                    "multipart/form-data; boundary=x",
                    "--x\r\nnonsense".to_owned(),
                ),
                ("", format!("form_token={token}")),
            ] {
                let headers = [("content-type", kind)];
                let answer = site.send_raw("POST", route.sample, &headers, body.into_bytes());
                check_refused(&answer, &format!("{} {kind}", route.path));
            }
        }
    }
    assert_eq!(content(&test, &[]), before);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepare(&test);
    let site = TestSite::logged_in(&test);
    let before = content(&test, &[]);
    for route in routes::all() {
        let token = site.form_token();
        let body = format!("form_token={token}");
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", "999999999999"),
        ];
        let answer = site.send_raw("POST", route.sample, &headers, body.into_bytes());
        check_calm(&answer, route.path);
        assert_eq!(
            answer.status,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{}",
            route.path
        );
    }
    assert_eq!(content(&test, &[]), before);
}

on_both!(
    MIGRATIONS,
    the_login_takes_anything_and_lets_nobody_in,
    |test| {
        prepare(test);
        let before = content(test, &["session", "account"]);
        let long = "a".repeat(100_000);
        for body in [
            String::new(),
            "name=".to_owned(),
            "name=%00&password=%00".to_owned(),
            format!("name={SCRIPT}&password={SCRIPT}&next={SCRIPT}"),
            format!("name={long}&password={long}"),
            "name=sysadmin'--&password=x".to_owned(),
            "name=a&name=b&password=c".to_owned(),
            "name=%FF&password=%FE".to_owned(),
            "name[$ne]=x&password[$ne]=x".to_owned(),
        ] {
            // Each from a fresh start, so that the throttle does not answer for the form.
            let answer = TestSite::new(test).send("POST", "/login", &body);
            check_refused(&answer, &body);
            assert!(!answer.headers.contains_key("set-cookie"), "{body}");
            assert!(!answer.text.contains("<script>jx9"), "{body}");
        }
        assert_eq!(content(test, &["session", "account"]), before);
    }
);
