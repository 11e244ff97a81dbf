//! Logging in and out, as a browser sees it.

use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use db::on_both;
use db::testing::TestDb;

use super::{first_administrators, store};
use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// The first administrator's password.
fn first_password(test: &TestDb) -> String {
    let issued = first_administrators(&test.db).unwrap();
    issued.into_iter().next().unwrap().password
}

on_both!(
    MIGRATIONS,
    the_first_passwords_are_made_once_and_log_in,
    |test| {
        let issued = first_administrators(&test.db).unwrap();
        assert_eq!(issued.len(), 3);
        assert!(first_administrators(&test.db).unwrap().is_empty());
        for person in issued {
            let answer = TestSite::new(test).post(
                "/login",
                &format!(
                    "name={}&password={}&next=/check",
                    person.login, person.password
                ),
            );
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
            assert_eq!(answer.headers[LOCATION], "/check");
            let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        }
    }
);

#[test]
fn a_wrong_password_says_so_and_the_sixth_attempt_must_wait() {
    let test = TestDb::sqlite(MIGRATIONS);
    first_password(&test);
    let site = TestSite::new(&test);
    for _ in 0..5 {
        let answer = site.post("/login", "name=sysadmin&password=wrong");
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("用户名或密码不对"));
    }
    let answer = site.post("/login", "name=sysadmin&password=wrong");
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[test]
fn a_login_never_leads_to_another_site() {
    let test = TestDb::sqlite(MIGRATIONS);
    let password = first_password(&test);
    let site = TestSite::new(&test);
    for next in [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "",
    ] {
        let answer = site.post(
            "/login",
            &format!("name=sysadmin&password={password}&next={next}"),
        );
        assert_eq!(answer.headers[LOCATION], "/", "{next}");
    }
}

on_both!(MIGRATIONS, logging_out_ends_the_session, |test| {
    let site = TestSite::logged_in(test);
    assert_eq!(site.get("/").status, StatusCode::OK);
    assert_eq!(site.post("/logout", "").status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/").status, StatusCode::SEE_OTHER);
});

#[test]
fn a_form_without_its_token_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::logged_in(&test);
    for body in ["", "form_token=", "form_token=0000"] {
        assert_eq!(
            site.send("POST", "/logout", body).status,
            StatusCode::FORBIDDEN
        );
    }
    assert_eq!(site.get("/").status, StatusCode::OK);
}

on_both!(MIGRATIONS, a_changed_password_ends_every_session, |test| {
    let old = first_password(test);
    let token = web::token::secret().unwrap();
    let site = TestSite::logged_in_by(test, "ac-sysadmin", &token);
    let answer = site.post("/password", &format!("old={old}&new=short&again=other"));
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("有 2 处要改"));
    let answer = site.post(
        "/password",
        &format!("old={old}&new=long-enough&again=long-enough"),
    );
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/check").status, StatusCode::SEE_OTHER);
    let answer = site.post("/login", "name=sysadmin&password=long-enough");
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
});

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            store::STATEMENTS
                .iter()
                .try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});
