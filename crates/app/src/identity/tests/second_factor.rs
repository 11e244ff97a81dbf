//! The second factor: binding, proving, replays, recovery.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use db::{Sql, on_both};

use super::{Role, by_hand, event, log_in, person};
use crate::database::MIGRATIONS;
use crate::identity::second_factor::code_at;
use crate::identity::store::second_factor as kept;
use crate::serve::testing::TestSite;
use crate::serve::{now_text, unix_seconds};

/// The secret that waits to be confirmed.
fn waiting(test: &TestDb) -> String {
    let find = |tx: &mut db::Tx<'_>| kept::find_binding(tx, "zhang", &now_text());
    test.db.read_blocking(find).unwrap().unwrap()
}

const BINDINGS: &str = "SELECT CAST(COUNT(*) AS BIGINT) AS found FROM second_factor_binding";

fn count(test: &TestDb, statement: &'static str) -> i64 {
    let sql = Sql {
        name: "COUNT",
        text: statement,
    };
    test.db
        .read_blocking(move |tx| tx.one(sql, &[])?.int("found"))
        .unwrap()
}

/// Binds an authenticator for someone who is logged in: its secret and a recovery code.
pub(super) fn bind(test: &TestDb, site: &TestSite) -> (String, String) {
    let begun = site.post("/second-factor/binding", "");
    assert_eq!(begun.headers[LOCATION], "/second-factor/binding");
    let page = site.get("/second-factor/binding");
    let secret = waiting(test);
    assert!(page.text.contains(&secret[..4]), "{}", page.text);
    let picture = site.get("/second-factor/picture");
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    // The code of a step before, so that the next one is not used up.
    let code = code_at(&secret, unix_seconds() - 30);
    let wrong = site.post("/second-factor/binding/confirmation", "code=000000");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = format!("code={code}");
    let done = site.post("/second-factor/binding/confirmation", &fields);
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let codes = done.text.split("<li><code>").nth(1).unwrap();
    let recovery = codes.split('<').next().unwrap().to_owned();
    (secret, recovery)
}

on_both!(
    MIGRATIONS,
    a_bound_authenticator_is_asked_for_and_a_code_counts_once,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let (secret, recovery) = bind(test, &log_in(test, "zhang"));
        assert!(event(test, 0).starts_with("zhang second_factor_bound"));
        let site = log_in(test, "zhang");
        assert_eq!(site.get("/check").headers[LOCATION], "/second-factor");
        assert!(site.get("/second-factor").text.contains("输入验证码"));
        let answer = site.post("/second-factor", "code=000000");
        assert!(answer.text.contains("验证码不对"));
        let code = code_at(&secret, unix_seconds());
        let fields = format!("code={code}&next=/check");
        let answer = site.post("/second-factor", &fields);
        assert_eq!(answer.headers[LOCATION], "/check", "{}", answer.text);
        // The token is another one now.
        assert_eq!(site.get("/check").status, StatusCode::SEE_OTHER);
        let site = site.with_cookie_of(&answer);
        assert_eq!(site.get("/check").status, StatusCode::OK);
        let again = log_in(test, "zhang");
        assert!(
            again
                .post("/second-factor", &fields)
                .text
                .contains("已经用过")
        );
        let fields = format!("code={recovery}");
        let answer = again.post("/second-factor", &fields);
        assert_eq!(answer.headers[LOCATION], "/");
        let again = log_in(test, "zhang");
        assert!(
            again
                .post("/second-factor", &fields)
                .text
                .contains("验证码不对")
        );
    }
);

on_both!(
    MIGRATIONS,
    who_only_knows_the_password_cannot_bind_another_one,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let whole = log_in(test, "zhang");
        let (secret, _) = bind(test, &whole);
        let site = log_in(test, "zhang");
        for path in [
            "/second-factor/binding/confirmation",
            "/second-factor/recovery-codes",
            "/second-factor/removal",
        ] {
            let code = code_at(&secret, unix_seconds());
            let answer = site.post(path, &format!("code={code}"));
            assert_ne!(answer.status, StatusCode::OK, "{path}");
            assert!(site.get("/check").status != StatusCode::OK, "{path}");
        }
        for site in [&site, &whole] {
            site.post("/second-factor/binding", "");
            let picture = site.get("/second-factor/picture");
            assert_eq!(picture.status, StatusCode::NOT_FOUND);
        }
        // Not even a whole session replaces it: it is taken away with a code first.
        let answer = whole.get("/second-factor/binding");
        assert_eq!(answer.headers[LOCATION], "/second-factor");
        assert!(whole.get("/second-factor").text.contains("已绑定"));
    }
);

on_both!(
    MIGRATIONS,
    wrong_codes_lock_the_account_and_end_the_stage,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        bind(test, &log_in(test, "zhang"));
        let site = log_in(test, "zhang");
        for _ in 0..4 {
            assert!(
                site.post("/second-factor", "code=000000")
                    .text
                    .contains("验证码不对")
            );
        }
        assert!(
            site.post("/second-factor", "code=000000")
                .text
                .contains("已锁定")
        );
        assert_eq!(
            site.get("/second-factor").headers[LOCATION],
            "/login?next=%2Fsecond-factor"
        );
    }
);

on_both!(
    MIGRATIONS,
    codes_are_renewed_and_the_authenticator_is_removed_with_a_code,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let site = log_in(test, "zhang");
        let (secret, recovery) = bind(test, &site);
        let answer = site.post("/second-factor/removal", "code=000000");
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let code = code_at(&secret, unix_seconds());
        let answer = site.post("/second-factor/recovery-codes", &format!("code={code}"));
        assert!(answer.text.contains("请保存恢复码") && !answer.text.contains(&recovery));
        let old = site.post("/second-factor/removal", &format!("code={recovery}"));
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fresh = answer.text.split("<li><code>").nth(1).unwrap();
        let fresh = fresh.split('<').next().unwrap();
        let answer = site.post("/second-factor/removal", &format!("code={fresh}"));
        assert_eq!(
            answer.headers[LOCATION], "/second-factor",
            "{}",
            answer.text
        );
        assert!(site.get("/second-factor").text.contains("未绑定"));
        assert_eq!(log_in(test, "zhang").get("/check").status, StatusCode::OK);
    }
);

on_both!(
    MIGRATIONS,
    a_secret_is_made_by_the_button_alone_and_ends_with_its_time,
    |test| {
        person(test, "zhang", &[Role::PerformanceAdmin]);
        let site = log_in(test, "zhang");
        for path in [
            "/second-factor/binding?next=/check",
            "/second-factor/picture",
        ] {
            site.get(path);
        }
        let answer = site.get("/second-factor/binding?next=/check");
        assert_eq!(answer.headers[LOCATION], "/second-factor?next=%2Fcheck");
        assert_eq!(count(test, BINDINGS), 0);
        site.post("/second-factor/binding", "");
        let first = waiting(test);
        site.post("/second-factor/binding", "");
        assert_eq!(waiting(test), first);
        by_hand(
            test,
            "UPDATE second_factor_binding SET expires_at = '2020-01-01T00:00:00+08:00'",
        );
        let code = code_at(&first, unix_seconds());
        let fields = format!("code={code}");
        let answer = site.post("/second-factor/binding/confirmation", &fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("请重新绑定"), "{}", answer.text);
        site.post("/second-factor/binding", "");
        assert_ne!(waiting(test), first);
    }
);
