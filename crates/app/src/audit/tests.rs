//! The chain as it is kept: written with the change, told when somebody meddles, and shown.

use axum::http::StatusCode;
use db::testing::TestDb;
use db::{Db, Error, Sql, on_both};
use domain::audit::{Algorithm, Content, Fault, Verified};
use domain::permission::Role;

use super::{Change, append, choose_algorithm, verify};
use super::{store, words};
use crate::database::MIGRATIONS;
use crate::identity::first_administrators;
use crate::serve::sample;
use crate::serve::testing::TestSite;

const REGION: &str = "510683";
const NOW: &str = "2020-11-20T08:00:00+08:00";

fn change<'a>(actor: &'a str, after: &'a serde_json::Value) -> Change<'a> {
    Change {
        actor,
        action: "login",
        record: ("account", "admin"),
        before: None,
        after: Some(after),
    }
}

fn add(test: &TestDb, actor: &str) {
    add_to(&test.db, actor);
}

fn add_to(db: &Db, actor: &str) {
    let actor = actor.to_owned();
    db.write_blocking(move |tx| {
        let after = serde_json::json!({"from": "127.0.0.1"});
        append(tx, REGION, NOW, &change(&actor, &after))
    })
    .unwrap();
}

fn outcome(test: &TestDb) -> super::Outcome {
    test.db.read_blocking(|tx| verify(tx, REGION)).unwrap()
}

fn whole(test: &TestDb) -> Verified {
    outcome(test).unwrap_or_else(|broken| panic!("{broken}"))
}

fn by_hand(test: &TestDb, statement: &'static str) {
    let sql = Sql {
        name: "BY_HAND",
        text: statement,
    };
    test.db
        .write_blocking(move |tx| tx.execute_one(sql, &[]))
        .unwrap();
}

on_both!(MIGRATIONS, one_byte_in_any_column_names_the_event, |test| {
    for actor in ["a", "b", "c", "d"] {
        add(test, actor);
    }
    let check = |damage, mend| {
        by_hand(test, damage);
        let broken = outcome(test).unwrap_err();
        assert_eq!(broken.sequence, 2, "{damage}: {broken}");
        by_hand(test, mend);
        assert_eq!(whole(test).events, 4, "{mend}");
    };
    macro_rules! column {
        ($column:literal, $from:literal, $to:literal) => {
            check(
                concat!(
                    "UPDATE event SET ",
                    $column,
                    " = REPLACE(",
                    $column,
                    ", '",
                    $from,
                    "', '",
                    $to,
                    "') WHERE sequence = 2"
                ),
                concat!(
                    "UPDATE event SET ",
                    $column,
                    " = REPLACE(",
                    $column,
                    ", '",
                    $to,
                    "', '",
                    $from,
                    "') WHERE sequence = 2"
                ),
            );
        };
    }
    column!("happened_at", "08:00:00", "09:00:00");
    column!("actor", "b", "x");
    column!("action", "login", "logim");
    column!("record_kind", "account", "accounu");
    column!("record_id", "admin", "bdmin");
    column!("after_json", "127", "128");
    column!("prev_hash", "sha256:", "sha256;");
    column!("hash", "sha256:", "sha256;");
    check(
        "UPDATE event SET before_json = ' ' WHERE sequence = 2",
        "UPDATE event SET before_json = NULL WHERE sequence = 2",
    );
    check(
        "UPDATE event SET region_code = '510684' WHERE sequence = 2",
        "UPDATE event SET region_code = '510683' WHERE sequence = 2",
    );
    check(
        "UPDATE event SET sequence = 20 WHERE sequence = 2",
        "UPDATE event SET sequence = 2 WHERE sequence = 20",
    );
});

#[test]
fn an_event_that_cannot_be_read_is_named() {
    let test = TestDb::sqlite(MIGRATIONS);
    test.db.write_blocking(sample::write).unwrap();
    for actor in ["a", "b", "c"] {
        add(&test, actor);
    }
    for damage in [
        "UPDATE event SET actor = x'00' WHERE sequence = 3",
        "UPDATE event SET actor = CAST(x'ff' AS TEXT) WHERE sequence = 3",
    ] {
        by_hand(&test, damage);
        let broken = outcome(&test).unwrap_err();
        assert_eq!(broken.fault, Fault::Unreadable { sequence: 3 });
        let site = TestSite::logged_in_as(&test, Role::AuditAdmin, None);
        assert!(site.get("/audit").text.contains("有事件读不出来"));
        let html = site.post("/audit/verification", "").text;
        assert!(html.contains("审计链在第 3 号断开"));
    }
}

on_both!(
    MIGRATIONS,
    a_cut_off_end_is_told_also_after_new_events,
    |test| {
        for actor in ["a", "b", "c"] {
            add(test, actor);
        }
        by_hand(test, "DELETE FROM event WHERE sequence = 3");
        let broken = outcome(test).unwrap_err();
        assert_eq!(
            (broken.sequence, &*broken.to_string()),
            (3, "链头记着最后一条是第 3 号，从第 3 号起的事件不见了")
        );
        add(test, "d");
        let broken = outcome(test).unwrap_err();
        assert_eq!(
            broken.fault,
            Fault::Missing {
                sequence: 3,
                next: 4
            }
        );
    }
);

on_both!(MIGRATIONS, an_event_slipped_in_at_the_end_is_told, |test| {
    add(test, "a");
    by_hand(
        test,
        "UPDATE setting SET value = '0 ' WHERE name = 'audit_head/510683'",
    );
    let broken = outcome(test).unwrap_err();
    assert_eq!(broken.fault, Fault::AfterHead { sequence: 1 });
    by_hand(test, "DELETE FROM setting WHERE name = 'audit_head/510683'");
    let broken = outcome(test).unwrap_err();
    assert_eq!(broken.fault, Fault::NoHead { sequence: 1 });
});

on_both!(
    MIGRATIONS,
    a_chain_longer_than_a_page_is_walked_whole,
    |test| {
        test.db
            .write_blocking(|tx| {
                let after = serde_json::json!({});
                (0..1003).try_for_each(|_| append(tx, REGION, NOW, &change("a", &after)))
            })
            .unwrap();
        assert_eq!(whole(test).events, 1003);
        by_hand(test, "DELETE FROM event WHERE sequence = 501");
        let broken = outcome(test).unwrap_err();
        assert_eq!(broken.sequence, 501);
    }
);

on_both!(
    MIGRATIONS,
    a_change_that_is_rolled_back_leaves_no_event,
    |test| {
        add(test, "a");
        let before = whole(test);
        let refused: Result<(), Error> = test.db.write_blocking(|tx| {
            let after = serde_json::json!({});
            append(tx, REGION, NOW, &change("b", &after))?;
            Err(Error::NotAllowed("changed its mind".to_owned()))
        });
        assert!(refused.is_err());
        assert_eq!(whole(test), before);
        add(test, "c");
        assert_eq!(whole(test).events, 2);
    }
);

on_both!(
    MIGRATIONS,
    many_writers_make_one_chain_without_gap,
    |test| {
        // Two programs on one database, each with writers of its own.
        let other = Db::open(&test.url).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let db = if writer % 2 == 0 { &test.db } else { &other };
                scope.spawn(move || {
                    for _ in 0..50 {
                        add_to(db, &format!("writer-{writer}"));
                    }
                });
            }
        });
        assert_eq!(whole(test).events, 400);
    }
);

on_both!(
    MIGRATIONS,
    the_algorithm_may_change_within_a_chain,
    |test| {
        test.db.write_blocking(sample::write).unwrap();
        add(test, "a");
        for algorithm in [Algorithm::Sm3, Algorithm::Sha256] {
            test.db
                .write_blocking(move |tx| choose_algorithm(tx, NOW, algorithm))
                .unwrap();
            add(test, "b");
            let head = whole(test).head.unwrap();
            assert_eq!(Algorithm::of(&head.hash), Some(algorithm));
        }
        assert_eq!(whole(test).events, 5);
    }
);

/// What the events of the test's region say, oldest first.
fn told(test: &TestDb) -> Vec<String> {
    let events = test
        .db
        .read_blocking(|tx| store::events_after(tx, REGION, 0, 100))
        .unwrap();
    let told = events.iter().map(|event| {
        let content = &event.content;
        let after = content.after_json.as_deref().unwrap_or_default();
        let (actor, action) = (&content.actor, &content.action);
        format!("{actor} {action} {} {after}", content.record_id)
    });
    told.collect()
}

on_both!(MIGRATIONS, logins_are_told_and_never_a_password, |test| {
    test.db.write_blocking(sample::write).unwrap();
    let issued = first_administrators(&test.db).unwrap();
    let (login, password) = (&issued[0].login, &issued[0].password);
    let site = || TestSite::logged_in_by(test, "ac-sysadmin", &web::token::secret().unwrap());
    let first = site();
    first.post("/login", &format!("name={login}&password=wrong-secret"));
    first.post("/login", "name=typed-secret&password=x");
    // It ends the session that the browser had.
    first.post("/login", &format!("name={login}&password={password}"));
    site().post(
        "/password",
        &format!("old={password}&new=Another-secret&again=Another-secret"),
    );
    // The change ended every session.
    let left = site().post("/logout", "");
    assert_eq!(left.status, StatusCode::SEE_OTHER);
    let told = told(test);
    let from = "{\"from\":\"127.0.0.1\"}";
    let replaced = "{\"from\":\"127.0.0.1\",\"why\":\"在同一浏览器重新登录\"}";
    let refused = "{\"from\":\"127.0.0.1\",\"why\":\"用户名或密码不对\"}";
    assert_eq!(
        told,
        [
            "系统 password_issued ac-sysadmin ".to_owned(),
            "系统 password_issued ac-secadmin ".to_owned(),
            "系统 password_issued ac-auditadmin ".to_owned(),
            format!("sysadmin login_refused ac-sysadmin {refused}"),
            format!("未知账号 login_refused  {refused}"),
            format!("sysadmin logout ac-sysadmin {replaced}"),
            format!("sysadmin password_changed ac-sysadmin {from}"),
            format!("sysadmin logout ac-sysadmin {from}"),
        ]
    );
    let all = told.concat();
    assert!(!all.contains("secret") && !all.contains(password));
    assert_eq!(whole(test).events, 8);
});

on_both!(MIGRATIONS, the_page_lists_narrows_and_verifies, |test| {
    test.db.write_blocking(sample::write).unwrap();
    let site = TestSite::logged_in_as(test, Role::AuditAdmin, None);
    assert!(site.get("/audit").text.contains("还没有事件"));
    add(test, "<b>admin</b>");
    add(test, "=other");
    let html = site.get("/audit").text;
    assert!(html.contains("&#60;b&#62;admin") && html.contains("共 2 条"));
    assert!(html.contains("来自 127.0.0.1") && html.contains("账号 admin"));
    for (query, found) in [
        ("actor=%3Dother", 1),
        ("actor=nobody", 0),
        ("action=login", 2),
        ("action=logout", 0),
        ("kind=account&record=admin", 2),
        ("record=other", 0),
        ("from=2020-11-20&to=2020-11-20", 2),
        ("from=2020-11-21", 0),
        ("to=2020-11-19", 0),
        ("after=2", 1),
    ] {
        let csv = site.get(&format!("/audit.csv?{query}")).text;
        let html = site.get(&format!("/audit?{query}")).text;
        let rows = html.matches("<th scope=\"row\"").count();
        assert_eq!(rows, found, "{query}");
        // The file is the whole choice; the place in the list is no condition.
        let expected = if query == "after=2" { 2 } else { found };
        assert_eq!(csv.lines().count(), expected + 1, "{query}");
    }
    let csv = site.get("/audit.csv").text;
    assert!(csv.contains(",'=other,") && !csv.contains(",=other"));
    let reload = site.get("/audit/verification?year=2019");
    assert_eq!(reload.headers["location"], "/audit?year=2019");
    let html = site.post("/audit/verification", "").text;
    assert!(html.contains("审计链完整") && html.contains("2 个事件"));
    by_hand(test, "UPDATE event SET actor = 'other' WHERE sequence = 2");
    let html = site.post("/audit/verification", "").text;
    assert!(html.contains("审计链在第 2 号断开") && html.contains("这一条被改动过"));
});

on_both!(MIGRATIONS, a_long_list_goes_on_where_it_ended, |test| {
    test.db.write_blocking(sample::write).unwrap();
    for _ in 0..101 {
        add(test, "a");
    }
    let site = TestSite::logged_in_as(test, Role::AuditAdmin, None);
    let html = site.get("/audit?actor=a").text;
    assert!(html.contains("本页 100 条，共 101 条"));
    assert!(html.contains("actor=a&#38;after=2\""), "{html}");
    let html = site.get("/audit?actor=a&after=2").text;
    assert!(html.contains("本页 1 条，共 101 条") && html.contains("回到第一页"));
});

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    for sql in store::STATEMENTS {
        let sql = *sql;
        test.db
            .read_blocking(move |tx| tx.prepare(sql))
            .unwrap_or_else(|error| panic!("{}: {error}", sql.name));
    }
});

#[test]
fn an_event_is_told_in_words() {
    let check = |kind: &str, id: &str, sides: [Option<&str>; 2], expected: (&str, &str)| {
        let [before, after] = sides.map(|side| side.map(str::to_owned));
        let content = Content {
            region_code: REGION.to_owned(),
            sequence: 1,
            happened_at: NOW.to_owned(),
            actor: "admin".to_owned(),
            action: "login".to_owned(),
            record_kind: kind.to_owned(),
            record_id: id.to_owned(),
            before_json: before,
            after_json: after,
        };
        let told = (words::record(&content), words::details(&content));
        assert_eq!((&*told.0, &*told.1), expected);
    };
    check("account", "", [None, None], ("账号", ""));
    check(
        "region",
        REGION,
        [None, Some("{\"other\":[1],\"rows\":3,\"units\":2}")],
        ("行政区划 510683", "一级预算单位 2，记录 3，other [1]"),
    );
    check(
        "setting",
        "audit_algorithm",
        [
            Some("{\"algorithm\":\"sha256\"}"),
            Some("{\"algorithm\":\"sm3\"}"),
        ],
        ("设置 摘要算法", "摘要算法 sha256 → 摘要算法 sm3"),
    );
    check("other", "x", [Some("{"), None], ("other x", "原为 {"));
}
