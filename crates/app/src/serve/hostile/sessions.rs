//! Sessions that have ended, and those of somebody else.

use axum::http::StatusCode;
use db::{Sql, on_both};

use super::{check_calm, check_refused, closed, content, people, prepare};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

const END_ALL: Sql = Sql {
    name: "END_ALL",
    text: "UPDATE session SET expires_at = '2020-01-01T00:00:00+08:00'",
};
const END_TOKENS: Sql = Sql {
    name: "END_TOKENS",
    text: "UPDATE api_token SET expires_at = '2020-01-01T00:00:00+08:00'",
};

on_both!(
    MIGRATIONS,
    an_ended_session_can_do_nothing_anywhere,
    |test| {
        prepare(test);
        let site = TestSite::logged_in(test);
        test.db
            .write_blocking(|tx| {
                tx.execute(END_ALL, &[])?;
                tx.execute(END_TOKENS, &[])
            })
            .unwrap();
        let before = content(test, &[]);
        for route in closed() {
            for answer in [site.get(route.sample), site.post(route.sample, "")] {
                check_refused(&answer, route.path);
                assert!(
                    [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED].contains(&answer.status),
                    "{}: {}",
                    route.path,
                    answer.status
                );
            }
        }
        assert_eq!(content(test, &[]), before);
    }
);

on_both!(MIGRATIONS, looking_changes_nothing_anywhere, |test| {
    prepare(test);
    let people = people(test);
    let before = content(test, &["session", "api_token"]);
    for route in closed() {
        for site in &people {
            check_calm(&site.get(route.sample), route.path);
            check_calm(&site.send("HEAD", route.sample, ""), route.path);
        }
    }
    assert_eq!(content(test, &["session", "api_token"]), before);
});

on_both!(
    MIGRATIONS,
    a_form_is_worth_nothing_once_its_person_has_left,
    |test| {
        prepare(test);
        let site = TestSite::logged_in(test);
        assert_eq!(site.post("/logout", "").status, StatusCode::SEE_OTHER);
        let before = content(test, &["api_token"]);
        for route in closed() {
            if route.path.starts_with(web::guard::PROGRAMS) {
                continue;
            }
            let answer = site.post(route.sample, "");
            check_refused(&answer, route.path);
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", route.path);
        }
        assert_eq!(content(test, &["api_token"]), before);
    }
);
