//! A token is made by who shows again who it is.

use axum::http::StatusCode;
use db::on_both;

use super::second_factor::bind;
use super::{PASSWORD, Role, event, log_in, person};
use crate::database::MIGRATIONS;
use crate::identity::second_factor::code_at;
use crate::serve::unix_seconds;

on_both!(
    MIGRATIONS,
    a_token_is_made_with_the_password_or_with_a_code_where_there_is_one,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let site = log_in(test, "zhang");
        assert!(site.get("/api-tokens").text.contains("您的登录密码"));
        let make = |proof: &str| {
            let fields = format!("name=a&days=7&proof={proof}");
            site.post("/api-tokens", &fields)
        };
        for proof in ["", "wrong"] {
            let answer = make(proof);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(
                answer.text.contains("密码不对：请重新输入"),
                "{}",
                answer.text
            );
            assert!(!answer.text.contains("value=\"jx_"));
            assert!(event(test, 0).starts_with("zhang login_refused"));
        }
        assert!(make(PASSWORD).text.contains("value=\"jx_"));
        let (secret, _) = bind(test, &site);
        assert!(site.get("/api-tokens").text.contains("6 位数字"));
        // The password is not enough any more.
        assert!(make(PASSWORD).text.contains("验证码不对"));
        let code = code_at(&secret, unix_seconds());
        assert!(make(&code).text.contains("value=\"jx_"));
        assert!(make(&code).text.contains("已经用过"));
    }
);

on_both!(MIGRATIONS, guessing_at_a_token_locks_the_account, |test| {
    person(test, "zhang", &[Role::PerformanceAdmin]);
    let site = log_in(test, "zhang");
    for _ in 0..4 {
        site.post("/api-tokens", "name=a&days=7&proof=wrong");
    }
    for proof in ["wrong", PASSWORD] {
        let fields = format!("name=a&days=7&proof={proof}");
        let answer = site.post("/api-tokens", &fields);
        assert!(answer.text.contains("已锁定"), "{}", answer.text);
    }
});
