//! Logging in and out, locks, and passwords that must be changed.

use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use db::on_both;
use db::testing::TestDb;

use super::{PASSWORD, Role, by_hand, event, log_in, person};
use crate::database::MIGRATIONS;
use crate::identity::first_administrators;
use crate::serve::testing::{Answer, TestSite};

const LOCKED: &str = "连续输错次数过多，已锁定。请在";
const UNKNOWN: &str = "用户名或密码不对：请检查后重新输入。";

fn try_once(site: &TestSite, name: &str, password: &str) -> Answer {
    site.post("/login", &format!("name={name}&password={password}"))
}

on_both!(
    MIGRATIONS,
    the_first_passwords_are_made_once_and_must_be_changed,
    |test| {
        let issued = first_administrators(&test.db).unwrap();
        assert_eq!(issued.len(), 3);
        assert!(first_administrators(&test.db).unwrap().is_empty());
        for one in issued {
            let site = TestSite::new(test);
            let fields = format!("name={}&password={}&next=/check", one.login, one.password);
            let answer = site.post("/login", &fields);
            assert_eq!(answer.headers[LOCATION], "/password?next=%2Fcheck");
            let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
            let site = site.with_cookie_of(&answer);
            assert!(site.get("/password").text.contains("请先修改密码"));
            let answer = site.post(
                "/password",
                "new=Nianhua-2-zhen&again=Nianhua-2-zhen&next=/check",
            );
            assert_eq!(answer.headers[LOCATION], "/check", "{}", answer.text);
            assert_eq!(site.get("/check").headers[LOCATION], "/login?next=%2Fcheck");
            let site = site.with_cookie_of(&answer);
            assert_eq!(site.get("/check").status, StatusCode::OK);
        }
    }
);

on_both!(
    MIGRATIONS,
    a_session_of_a_stage_reaches_nothing_but_its_page,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        by_hand(test, "UPDATE account SET must_change_password = TRUE");
        let site = log_in(test, "zhang");
        for path in ["/", "/check", "/sessions", "/second-factor", "/audit"] {
            let answer = site.get(path);
            assert_eq!(answer.headers[LOCATION], "/password", "{path}");
        }
        assert_eq!(
            site.post("/session-endings", "").headers[LOCATION],
            "/password"
        );
        let part = site.send_with("GET", "/check", "", &[("hx-request", "true")]);
        assert_eq!(part.status, StatusCode::UNAUTHORIZED);
        assert_eq!(site.post("/logout", "").headers[LOCATION], "/login");
    }
);

on_both!(
    MIGRATIONS,
    the_fifth_failure_locks_and_a_right_guess_reads_the_same,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let site = TestSite::new(test);
        for name in ["zhang", "nobody"] {
            for _ in 0..4 {
                let answer = try_once(&site, name, "wrong");
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert!(answer.text.contains(UNKNOWN), "{name}");
            }
            assert!(
                try_once(&site, name, "wrong").text.contains(LOCKED),
                "{name}"
            );
            assert!(
                try_once(&site, name, PASSWORD).text.contains(LOCKED),
                "{name}"
            );
        }
        assert!(
            event(test, 6).contains("系统 account_locked"),
            "{}",
            event(test, 6)
        );
        by_hand(
            test,
            "UPDATE account SET locked_until = '2020-01-01T00:00:00+08:00'",
        );
        // The count goes on: the lock comes again after five more.
        for _ in 0..4 {
            assert!(try_once(&site, "zhang", "wrong").text.contains(UNKNOWN));
        }
        let site = log_in(test, "zhang");
        assert!(site.get("/check").text.contains("9 次输错密码"));
        // And it begins anew after a login.
        for _ in 0..4 {
            assert!(try_once(&site, "zhang", "wrong").text.contains(UNKNOWN));
        }
    }
);

#[test]
fn an_address_that_fails_too_often_must_wait_whatever_the_name() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::new(&test);
    for number in 0..30 {
        let answer = try_once(&site, &format!("name{number}"), "wrong");
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = try_once(&site, "another", "wrong");
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

on_both!(
    MIGRATIONS,
    a_closed_account_says_so_to_its_person_alone,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let inside = log_in(test, "zhang");
        let site = TestSite::new(test);
        for (text, words) in [
            ("UPDATE account SET state = 'disabled'", "已停用，不能登录"),
            (
                "UPDATE account SET state = 'active', valid_to = '2020-12-31'",
                "有效期到 2020-12-31 为止，已经过期",
            ),
        ] {
            by_hand(test, text);
            assert!(try_once(&site, "zhang", PASSWORD).text.contains(words));
            assert!(try_once(&site, "zhang", "wrong").text.contains(UNKNOWN));
            assert_eq!(inside.get("/check").status, StatusCode::SEE_OTHER, "{text}");
        }
    }
);

#[test]
fn a_login_never_leads_to_another_site() {
    let test = TestDb::sqlite(MIGRATIONS);
    person(&test, "zhang", &[Role::PerformanceAdmin]);
    let site = TestSite::new(&test);
    for (next, expected) in [
        ("https://elsewhere.example", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("", "/"),
        ("/check?year=2020", "/check?year=2020"),
    ] {
        let next = next.replace('?', "%3F").replace('=', "%3D");
        let fields = format!("name=zhang&password={PASSWORD}&next={next}");
        let answer = site.post("/login", &fields);
        assert_eq!(answer.headers[LOCATION], expected, "{next}");
    }
}

#[test]
fn strange_names_and_huge_passwords_are_refused_like_any_other() {
    let test = TestDb::sqlite(MIGRATIONS);
    person(&test, "zhang", &[Role::PerformanceAdmin]);
    let site = TestSite::new(&test);
    let huge = "x".repeat(100_000);
    for (name, password) in [
        ("%27%20OR%201=1--", PASSWORD),
        ("zhang%00", PASSWORD),
        ("%3Cscript%3E", "x"),
        ("ZHANG", PASSWORD),
        ("zhang", &*huge),
        (&*huge, "x"),
        ("", ""),
    ] {
        let answer = try_once(&site, name, password);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(UNKNOWN));
        assert!(!answer.text.contains("<script>"));
    }
}

on_both!(
    MIGRATIONS,
    a_login_ends_the_session_that_its_browser_had,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        person(test, "li", &[Role::BudgetOfficer]);
        let (old, other) = (log_in(test, "zhang"), log_in(test, "zhang"));
        // Who fails to log in ends nothing.
        try_once(&old, "li", "wrong");
        assert_eq!(old.get("/check").status, StatusCode::OK);
        let answer = try_once(&old, "li", PASSWORD);
        assert!(event(test, 1).starts_with("zhang logout"));
        assert!(event(test, 0).starts_with("li login"));
        assert_eq!(old.get("/check").status, StatusCode::SEE_OTHER);
        assert_eq!(other.get("/check").status, StatusCode::OK);
        let new = old.with_cookie_of(&answer);
        assert_eq!(new.get("/check").status, StatusCode::OK);
    }
);

on_both!(
    MIGRATIONS,
    a_session_that_somebody_planted_is_not_gone_on_with,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let planted = TestSite::with_token(test, &"0".repeat(64));
        let answer = try_once(&planted, "zhang", PASSWORD);
        assert_eq!(planted.get("/check").status, StatusCode::SEE_OTHER);
        let begun = planted.with_cookie_of(&answer);
        assert_ne!(
            begun.form_token(),
            TestSite::with_token(test, &"0".repeat(64)).form_token()
        );
        assert_eq!(begun.get("/check").status, StatusCode::OK);
    }
);

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
    person(test, "zhang", &[Role::PerformanceAdmin]);
    let (site, other) = (log_in(test, "zhang"), log_in(test, "zhang"));
    let answer = site.post("/password", "old=wrong&new=short&again=other");
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "现在的密码不对",
        "新密码太短：现在 5 个字符",
        "两次输入的新密码不一样",
    ] {
        assert!(answer.text.contains(words), "{words}");
    }
    let fields = format!("old={PASSWORD}&new=Nianhua-2-zhen&again=Nianhua-2-zhen");
    let answer = site.post("/password", &fields);
    assert_eq!(answer.headers[LOCATION], "/login");
    for site in [site, other] {
        assert_eq!(site.get("/check").status, StatusCode::SEE_OTHER);
    }
    let answer = try_once(&TestSite::new(test), "zhang", "Nianhua-2-zhen");
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
});

#[test]
fn a_password_that_everybody_would_try_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    person(&test, "zhang", &[Role::PerformanceAdmin]);
    let site = log_in(&test, "zhang");
    for (new, words) in [
        ("P@ssw0rd-x7Kq", "最容易被猜到"),
        ("Hello-2020", "请加入至少 4 个自己的字符"),
    ] {
        let new = new.replace('@', "%40");
        let fields = format!("old={PASSWORD}&new={new}&again={new}");
        let answer = site.post("/password", &fields);
        assert!(answer.text.contains(words), "{new}: {}", answer.text);
    }
}

on_both!(
    MIGRATIONS,
    the_last_five_passwords_are_not_chosen_again,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let mut old = PASSWORD.to_owned();
        for number in 0..5 {
            let site = TestSite::new(test);
            let answer = try_once(&site, "zhang", &old);
            let site = site.with_cookie_of(&answer);
            let again = format!("old={old}&new={PASSWORD}&again={PASSWORD}");
            let answer = site.post("/password", &again);
            assert!(answer.text.contains("最近 5 次的密码不能再用"), "{number}");
            let new = format!("Nianhua-{number}-zhen");
            let fields = format!("old={old}&new={new}&again={new}");
            assert_eq!(
                site.post("/password", &fields).status,
                StatusCode::SEE_OTHER
            );
            old = new;
        }
        let site = TestSite::new(test);
        let answer = try_once(&site, "zhang", &old);
        let site = site.with_cookie_of(&answer);
        let first = format!("old={old}&new={PASSWORD}&again={PASSWORD}");
        assert_eq!(site.post("/password", &first).status, StatusCode::SEE_OTHER);
    }
);

on_both!(
    MIGRATIONS,
    an_old_password_is_warned_of_and_then_must_be_changed,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let site = log_in(test, "zhang");
        assert!(site.get("/check").text.contains("这是您第一次登录"));
        by_hand(
            test,
            "UPDATE account SET password_changed_at = '2020-01-01T00:00:00+08:00'",
        );
        let site = log_in(test, "zhang");
        assert_eq!(site.get("/check").headers[LOCATION], "/password");
    }
);
