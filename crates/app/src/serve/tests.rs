//! What holds for every route.

use std::fmt::Write as _;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use domain::permission::Role;

use super::testing::TestSite;
use super::{Access, routes};
use crate::database::MIGRATIONS;

#[test]
fn every_route_but_the_open_ones_asks_for_a_login() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::new(&test);
    let mut open = Vec::new();
    for route in routes::all() {
        if route.access == Access::Everybody {
            open.push(route.path);
            continue;
        }
        for method in ["GET", "POST"] {
            let answer = site.send(method, route.sample, "");
            if route.path.starts_with(web::guard::PROGRAMS) {
                // A program cannot log in on a page: it is told that it needs a token.
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", route.path);
                continue;
            }
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", route.path);
            let to = answer.headers[LOCATION].to_str().unwrap();
            assert!(to.starts_with("/login"), "{}: {to}", route.path);
        }
    }
    open.sort_unstable();
    let expected = [
        "/api/v1/openapi.json",
        "/healthz",
        "/login",
        "/login/common",
        "/login/common/callback",
        "/static/{name}",
    ];
    assert_eq!(open, expected);
}

#[test]
fn an_unknown_address_is_not_found() {
    let test = TestDb::sqlite(MIGRATIONS);
    let answer = TestSite::new(&test).get("/nowhere");
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("没有找到这个页面"));
}

#[test]
fn every_answer_carries_the_security_headers() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::logged_in(&test);
    for path in ["/", "/login", "/nowhere", "/healthz"] {
        let answer = site.get(path);
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(
            answer.headers["x-content-type-options"], "nosniff",
            "{path}"
        );
    }
}

#[test]
fn a_form_from_another_site_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::logged_in(&test);
    for headers in [
        [("sec-fetch-site", "cross-site"), ("host", "jixiao.example")],
        [
            ("origin", "https://elsewhere.example"),
            ("host", "jixiao.example"),
        ],
    ] {
        let answer = site.send_with("POST", "/login", "name=admin", &headers);
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains("页面已过期"));
    }
}

#[test]
fn a_part_of_a_page_tells_the_script_that_the_session_has_ended() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::new(&test);
    let answer = site.send_with("GET", "/objects", "", &[("hx-request", "true")]);
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers["jixiao-login"], "1");
}

/// Where the sample's records are, and where they are not.
const PLACES: [(&str, &str, &str); 2] = [("own", "u-1", "s-1"), ("other", "u-2", "s-2")];

/// What every role gets at every route: the status of a GET and of an empty POST, at the place of
/// the sample's records and at another.
#[test]
fn the_whole_matrix_of_route_and_role() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db
        .write_blocking(|tx| {
            super::sample::write(tx)?;
            super::sample::reviewed(tx)?;
            super::sample::elsewhere(tx)
        })
        .unwrap();
    let mut matrix = String::new();
    for route in routes::all() {
        writeln!(matrix, "{} {:?}", route.path, route.access).unwrap();
        for role in Role::ALL {
            write!(matrix, "  {:<20}", role.name()).unwrap();
            for (word, unit, section) in PLACES {
                let place = if role == Role::SectionReviewer {
                    section
                } else {
                    unit
                };
                // A login of its own for each, because leaving is one of the routes.
                let status = |method| {
                    let site = TestSite::logged_in_as(&test, role, Some(place));
                    let answer = match method {
                        "GET" => site.get(route.sample),
                        _ => site.post(route.sample, ""),
                    };
                    answer.status.as_u16()
                };
                write!(matrix, " {word} {} {}", status("GET"), status("POST")).unwrap();
            }
            matrix.push('\n');
        }
    }
    insta::assert_snapshot!(matrix);
}
