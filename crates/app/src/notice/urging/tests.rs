//! 催报: who may urge whom, what they get, and that nobody gets it twice.

use axum::http::StatusCode;
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;

use super::store;
use crate::database::MIGRATIONS;
use crate::notice::outbox::store::counts;
use crate::notice::store::{page, unread};
use crate::notice::testing::{Work, person, work};
use crate::serve::sample;
use crate::serve::testing::TestSite;

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// The sample with one piece of work that the clerk of `u-1` holds and one that the bureau holds.
fn ready(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            for (login, role, place, email) in [
                ("clerk", Role::UnitClerk, Some("u-1"), "clerk@example.test"),
                ("other-clerk", Role::UnitClerk, Some("u-2"), ""),
                ("department", Role::DepartmentReviewer, Some("u-1"), ""),
                ("section", Role::SectionReviewer, Some("s-1"), ""),
                ("other-section", Role::SectionReviewer, Some("s-2"), ""),
                ("bureau", Role::PerformanceAdmin, None, ""),
                ("expert", Role::Expert, None, ""),
            ] {
                person(tx, login, role, place, email)?;
            }
            let held = Work {
                kind: "performance_target",
                id: "t-20",
                position: 1,
                person: None,
                role: Role::UnitClerk,
                scope: "own_unit",
                verb: "fill",
                due_on: Some("2020-11-30"),
            };
            work(tx, &held)?;
            let reviewed = Work {
                kind: "monitoring",
                id: "m-1",
                role: Role::PerformanceAdmin,
                scope: "region",
                ..held
            };
            work(tx, &reviewed)
        })
        .unwrap();
}

fn site(test: &TestDb, account: &str) -> TestSite {
    TestSite::logged_in_by(test, account, &web::token::secret().unwrap())
}

fn unread_of(test: &TestDb, account: &'static str) -> i64 {
    test.db.read_blocking(|tx| unread(tx, account)).unwrap()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let prepared = test.db.read_blocking(|tx| {
        store::STATEMENTS
            .iter()
            .try_for_each(|sql| tx.prepare(*sql))
    });
    prepared.unwrap();
});

on_both!(
    MIGRATIONS,
    the_list_shows_the_units_that_one_looks_after_and_nothing_that_the_bureau_holds,
    |test| {
        ready(test);
        for (account, expected) in [
            ("bureau", true),
            ("section", true),
            ("department", true),
            ("other-section", false),
            ("expert", false),
        ] {
            let text = site(test, account).get("/urging").text;
            assert_eq!(text.contains("绩效目标 t-20"), expected, "{account}");
            assert!(!text.contains("绩效目标 m-1"), "{account}");
            assert_eq!(text.contains("不用催"), !expected, "{account}");
        }
        let clerk = site(test, "clerk").get("/urging");
        assert_eq!(clerk.status, StatusCode::FORBIDDEN);
        let other = site(test, "bureau").get("/urging?kind=monitoring").text;
        assert!(other.contains("没有符合条件的单位"));
    }
);

on_both!(
    MIGRATIONS,
    what_was_previewed_is_sent_once_with_a_result_for_each_person,
    |test| {
        ready(test);
        let bureau = site(test, "bureau");
        let preview = bureau.post("/urging/preview", "unit=u-1&unit=u-2");
        assert_eq!(preview.status, StatusCode::OK);
        assert!(
            preview.text.contains("clerk（消息和邮件）"),
            "{}",
            preview.text
        );
        assert!(preview.text.contains("1 人会收到消息，其中 1 人"));
        assert_eq!(unread_of(test, "clerk"), 0, "a preview sends nothing");
        let all = bureau.post("/urging/preview", "all=1&kind=monitoring");
        assert_eq!(all.status, StatusCode::UNPROCESSABLE_ENTITY);
        let all = bureau
            .post("/urging/preview", "all=1&kind=performance_target")
            .text;
        assert!(all.contains("1 个单位"), "{all}");
        let fields =
            format!("unit=u-1&key={KEY}&remark=%E8%AF%B7%E5%91%A8%E4%BA%94%E5%89%8D%3Cb%3E");
        let sent = bureau.post("/urging", &fields);
        assert!(sent.text.contains("已发消息和邮件"), "{}", sent.text);
        assert_eq!(unread_of(test, "clerk"), 1);
        assert_eq!(unread_of(test, "other-clerk"), 0);
        let again = bureau.post("/urging", &fields);
        assert!(again.text.contains("没有重复发送"));
        assert_eq!(unread_of(test, "clerk"), 1);
        assert_eq!(test.db.read_blocking(counts).unwrap().waiting, 1);
        let notices = test
            .db
            .read_blocking(|tx| page(tx, "clerk", false, ("", ""), 9))
            .unwrap();
        assert!(notices[0].title.starts_with("催报：2 项工作还没有办理"));
        assert!(
            notices[0]
                .body
                .contains("=危险的名称：2020 年绩效目标还没有开始编制")
        );
        assert!(notices[0].body.contains("请周五前<b>"));
        assert_eq!(notices[0].sent_by.as_deref(), Some("bureau"));
        assert!(bureau.get("/urging").text.contains("1 次"));
    }
);

on_both!(
    MIGRATIONS,
    a_unit_that_has_begun_no_target_of_its_money_is_urged_too,
    |test| {
        ready(test);
        let next = db::Sql {
            name: "TEST",
            text: "INSERT INTO fiscal_year VALUES ('510683', 2021)",
        };
        let added = test.db.write_blocking(move |tx| tx.execute_one(next, &[]));
        added.unwrap();
        let unbegun = "=危险的名称：2020 年绩效目标还没有开始编制";
        let sees = |account: &str, query: &str| {
            let text = site(test, account).get(&format!("/urging{query}")).text;
            text.contains(unbegun)
        };
        for (account, query, expected) in [
            ("bureau", "", true),
            ("bureau", "?year=2020&kind=performance_target", true),
            ("bureau", "?year=2021", false),
            ("bureau", "?kind=monitoring", false),
            ("bureau", "?late=1", false),
            ("section", "", true),
            ("department", "", true),
            ("other-section", "", false),
            ("expert", "", false),
        ] {
            assert_eq!(sees(account, query), expected, "{account} {query}");
        }
        // Whoever would begin it is told, though nobody has it among the things to do.
        let site = site(test, "bureau");
        let preview = site.post("/urging/preview?year=2020", "unit=u-1").text;
        assert!(
            preview.contains(unbegun) && preview.contains("编制绩效目标"),
            "{preview}"
        );
        assert!(preview.contains("1 人会收到消息"), "told once: {preview}");
        // Once it is begun, it is work like any other.
        let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        let fields = format!(
            "object={}&year=2020&origin=initial&copy=empty",
            sample::BARE
        );
        let begun = clerk.post("/targets", &fields);
        assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text);
        assert!(!sees("bureau", ""));
    }
);

on_both!(
    MIGRATIONS,
    a_unit_that_one_does_not_look_after_is_not_urged_by_a_forged_form,
    |test| {
        ready(test);
        let stranger = site(test, "other-section");
        for (path, key) in [
            ("/urging", format!("&key={KEY}")),
            ("/urging/preview", String::new()),
        ] {
            let answer = stranger.post(path, &format!("unit=u-1{key}"));
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        let expert = site(test, "expert").post("/urging", &format!("unit=u-1&key={KEY}"));
        assert_eq!(expert.status, StatusCode::UNPROCESSABLE_ENTITY);
        let clerk = site(test, "clerk").post("/urging", &format!("unit=u-1&key={KEY}"));
        assert_eq!(clerk.status, StatusCode::FORBIDDEN);
        assert_eq!(unread_of(test, "clerk"), 0);
    }
);

#[test]
fn a_form_that_is_not_ours_is_refused_and_says_why() {
    let test = TestDb::sqlite(MIGRATIONS);
    ready(&test);
    let bureau = site(&test, "bureau");
    let long = "a".repeat(301);
    let many: Vec<String> = (0..301).map(|n| format!("unit=u-{n}")).collect();
    let many = many.join("&");
    for (fields, status, expected) in [
        (format!("key={KEY}"), 422, "还没有选单位"),
        (
            format!("unit=u-1&key={KEY}&remark={long}"),
            422,
            "最多 300 字",
        ),
        (format!("key={KEY}&{many}"), 422, "一次最多催"),
        ("unit=u-1&key=short".to_owned(), 403, "页面已过期"),
        ("unit=u-1".to_owned(), 403, "页面已过期"),
        (
            format!("unit=%27+OR+1%3D1&key={KEY}"),
            422,
            "没有未办的工作",
        ),
    ] {
        let answer = bureau.post("/urging", &fields);
        assert_eq!(answer.status.as_u16(), status, "{fields}");
        assert!(answer.text.contains(expected), "{fields}");
    }
    let stale = bureau.send(
        "POST",
        "/urging",
        &format!("form_token=x&unit=u-1&key={KEY}"),
    );
    assert_eq!(stale.status, StatusCode::FORBIDDEN);
    assert_eq!(unread_of(&test, "clerk"), 0);
}
