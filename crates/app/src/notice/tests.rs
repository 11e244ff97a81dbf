//! Notices as a person reads them, and the system administrator's page of mail.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;

use super::mail::testing::start;
use super::testing::{REGION, person};
use super::{Kind, Notice, Told, inside, outbox, store, tell};
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::TestSite;

const NOW: &str = "2020-11-30T09:00:00+08:00";

/// Tells the account something; `key` is what it is about.
fn say(test: &TestDb, account: &'static str, key: &'static str) -> Told {
    test.db
        .write_blocking(move |tx| {
            let notice = Notice {
                account,
                region: REGION,
                kind: Kind::Urging,
                title: "请尽快<填报>",
                body: "第一行\n<script>alert(1)</script>",
                link: "/objects?year=2020",
                sent_by: Some("绩效股经办"),
                key,
            };
            tell(tx, NOW, &notice)
        })
        .unwrap()
}

/// The people of the tests, each with a session of its own.
fn people(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            person(
                tx,
                "clerk",
                Role::UnitClerk,
                Some("u-1"),
                "clerk@example.test",
            )?;
            person(tx, "head", Role::UnitHead, Some("u-1"), "")?;
            person(tx, "system", Role::SystemAdmin, None, "")
        })
        .unwrap();
}

fn site(test: &TestDb, account: &str) -> TestSite {
    TestSite::logged_in_by(test, account, &web::token::secret().unwrap())
}

fn id_of(test: &TestDb, account: &'static str) -> String {
    let page = test
        .db
        .read_blocking(|tx| store::page(tx, account, false, ("", ""), 1))
        .unwrap();
    page[0].id.clone()
}

on_both!(
    MIGRATIONS,
    the_same_is_told_once_and_by_mail_only_to_who_wants_it,
    |test| {
        people(test);
        assert_eq!(say(test, "clerk", "one"), Told::ByMail);
        assert_eq!(say(test, "clerk", "one"), Told::Before);
        assert_eq!(say(test, "head", "one"), Told::WithoutAddress);
        let answer = site(test, "clerk").post("/notices/contact", "email=clerk%40example.test");
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(say(test, "clerk", "two"), Told::WithoutMail);
        let unread = test
            .db
            .read_blocking(|tx| store::unread(tx, "clerk"))
            .unwrap();
        assert_eq!(unread, 2);
        let counts = test.db.read_blocking(outbox::store::counts).unwrap();
        assert_eq!(counts.waiting, 1);
    }
);

on_both!(
    MIGRATIONS,
    a_notice_is_read_by_its_own_person_alone_and_scripts_in_it_are_text,
    |test| {
        people(test);
        say(test, "clerk", "one");
        let id = id_of(test, "clerk");
        let page = site(test, "clerk").get("/notices").text;
        assert!(page.contains("未读 1") && page.contains("绩效股经办"));
        assert!(!page.contains("<script>alert"), "escaped");
        let reading = format!("/notices/{id}/reading");
        let stranger = site(test, "head").post(&reading, "");
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        assert!(!site(test, "head").get("/notices").text.contains("填报"));
        assert!(site(test, "clerk").get("/notices").text.contains("未读 1"));
        let opened = site(test, "clerk").post(&reading, "");
        assert_eq!(opened.headers[LOCATION], "/objects?year=2020");
        assert!(site(test, "clerk").get("/notices").text.contains("未读 0"));
        let unread = site(test, "clerk").get("/notices?show=unread").text;
        assert!(unread.contains("没有未读的消息"));
    }
);

on_both!(
    MIGRATIONS,
    marking_all_as_read_leaves_what_came_after_the_page,
    |test| {
        people(test);
        say(test, "clerk", "one");
        let clerk = site(test, "clerk");
        let before = "seen=2020-11-30T08%3A59%3A59%2B08%3A00";
        clerk.post("/notices/reading", before);
        assert!(clerk.get("/notices").text.contains("未读 1"));
        let answer = clerk.post("/notices/reading", "seen=2020-11-30T09%3A00%3A00%2B08%3A00");
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(clerk.get("/notices").text.contains("未读 0"));
        let forged = clerk.send("POST", "/notices/reading", "form_token=x&seen=9");
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
    }
);

#[test]
fn an_address_that_is_none_is_refused_and_stays_in_the_field() {
    let test = TestDb::sqlite(MIGRATIONS);
    people(&test);
    let clerk = site(&test, "clerk");
    for wrong in [
        "nonsense",
        "a%40b%0d%0aBcc%3a+c%40d",
        "%3Cscript%3E",
        "李@例",
    ] {
        let answer = clerk.post("/notices/contact", &format!("email={wrong}&wants_mail=1"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text.contains("这不是一个邮箱地址"));
    }
    let kept = clerk.get("/notices").text;
    assert!(kept.contains("clerk@example.test") || kept.contains("clerk&#64;example.test"));
}

#[test]
fn a_link_never_leads_to_another_site() {
    for (link, expected) in [
        ("/records/monitoring/m-1", "/records/monitoring/m-1"),
        ("https://elsewhere.example", ""),
        ("//elsewhere.example", ""),
        ("/\\elsewhere.example", ""),
        ("/a\r\nSet-Cookie: x", ""),
        ("", ""),
    ] {
        assert_eq!(inside(link).unwrap_or_default(), expected, "{link}");
    }
}

on_both!(
    MIGRATIONS,
    the_administrator_sets_the_server_tries_it_and_sends_again_what_failed,
    |test| {
        people(test);
        let (mailbox, port) = start(false);
        let system = site(test, "system");
        assert!(system.get("/mail").text.contains("还没有设置邮件服务器"));
        let nowhere = system.post("/mail/trial", "address=a%40example.test");
        assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = system.post(
            "/mail/settings",
            "host=127.0.0.1&tls=none&port=99999&from=a%40b",
        );
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("端口应是"));
        assert!(system.get("/mail").text.contains("还没有设置邮件服务器"));
        let good = format!("host=127.0.0.1&tls=none&port={port}&from=jixiao%40example.test");
        let saved = system.post("/mail/settings", &good);
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let tried = system.post("/mail/trial", "address=a%40example.test");
        assert!(tried.text.contains("已收下"), "{}", tried.text);
        assert_eq!(mailbox.received().len(), 1);
        let refused = system.post("/mail/trial", "address=nobody%40example.test");
        assert!(refused.text.contains("拒收"));
        test.db
            .write_blocking(|tx| tell(tx, NOW, &lost_notice()).map(drop))
            .unwrap();
        fail_all(test);
        let page = system.get("/mail").text;
        assert!(
            page.contains("发送失败") && page.contains("no such box"),
            "{page}"
        );
        let id = id_of(test, "clerk");
        let again = system.post("/mail/retries", &format!("id={id}"));
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        let counts = test.db.read_blocking(outbox::store::counts).unwrap();
        assert_eq!((counts.waiting, counts.failed), (1, 0));
    }
);

fn lost_notice() -> Notice<'static> {
    Notice {
        account: "clerk",
        region: REGION,
        kind: Kind::Reminder,
        title: "1 项工作今天到期",
        body: "",
        link: "/",
        sent_by: None,
        key: "lost",
    }
}

/// Gives up every mail that waits.
fn fail_all(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            for mail in outbox::store::take(tx, "2021-01-01", "lease", "2021-01-02", 10)? {
                let why = "no such box".to_owned();
                let ended = outbox::store::Ended::Failed { why };
                outbox::store::settle(tx, &mail.id, "lease", &ended)?;
            }
            Ok::<_, db::Error>(())
        })
        .unwrap();
}

#[test]
fn mail_is_the_system_administrators_alone() {
    let test = TestDb::sqlite(MIGRATIONS);
    people(&test);
    let clerk = site(&test, "clerk");
    assert_eq!(clerk.get("/mail").status, StatusCode::FORBIDDEN);
    for path in ["/mail/settings", "/mail/trial", "/mail/retries"] {
        let answer = clerk.post(path, "host=x");
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}
