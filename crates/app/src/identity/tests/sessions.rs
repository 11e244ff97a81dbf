//! How long a session lasts, and the page that lists them.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;

use super::{Role, by_hand, log_in, person};
use crate::database::MIGRATIONS;

on_both!(MIGRATIONS, a_session_ends_by_idleness_and_by_age, |test| {
    person(test, "zhang", &[Role::PerformanceAdmin]);
    for text in [
        "UPDATE session SET seen_at = '2020-01-01T00:00:00+08:00'",
        "UPDATE session SET began_at = '2020-01-01T00:00:00+08:00'",
        "UPDATE session SET expires_at = '2020-01-01T00:00:00+08:00'",
        "UPDATE session SET seen_at = 'damaged'",
    ] {
        let site = log_in(test, "zhang");
        assert_eq!(site.get("/check").status, StatusCode::OK);
        by_hand(test, text);
        assert_eq!(site.get("/check").status, StatusCode::SEE_OTHER, "{text}");
    }
});

on_both!(MIGRATIONS, the_others_are_ended_and_nobody_elses, |test| {
    person(test, "zhang", &[Role::PerformanceAdmin]);
    person(test, "li", &[Role::BudgetOfficer]);
    let (here, there) = (log_in(test, "zhang"), log_in(test, "zhang"));
    let stranger = log_in(test, "li");
    let page = here.get("/sessions");
    assert!(page.text.contains("就是这里") && page.text.contains("127.0.0.1"));
    let digest = page
        .text
        .split_once("name=\"session\" value=\"")
        .map(|(_, rest)| rest)
        .and_then(|rest| rest.split_once("name=\"session\" value=\""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(digest, _)| digest.to_owned())
        .unwrap();
    // Who knows the handle of another's session ends nothing by it.
    stranger.post("/session-endings", &format!("session={digest}"));
    assert_eq!(there.get("/check").status, StatusCode::OK);
    let answer = here.post("/session-endings", &format!("session={digest}"));
    assert_eq!(answer.headers[LOCATION], "/sessions");
    assert_eq!(there.get("/check").status, StatusCode::SEE_OTHER);
    let third = log_in(test, "zhang");
    here.post("/session-endings", "session=others");
    assert_eq!(third.get("/check").status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/check").status, StatusCode::OK);
    assert_eq!(stranger.get("/check").status, StatusCode::OK);
});
