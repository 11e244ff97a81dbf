//! The library, the gate, projects that are entered, and what added money asks for.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use db::{Sql, on_both};
use domain::permission::Role;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::store;
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

/// The sample, in which the money of the full project is planned.
fn prepared(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
}

fn officer(test: &TestDb) -> TestSite {
    TestSite::logged_in_as(test, Role::BudgetOfficer, None)
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn found(test: &TestDb, sql: &'static str) -> Vec<String> {
    let sql = Sql {
        name: "TEST",
        text: sql,
    };
    test.db
        .read_blocking(move |tx| {
            let rows = tx.query(sql, &[])?;
            rows.iter().map(|row| row.text("found")).collect()
        })
        .unwrap()
}

fn run(test: &TestDb, sql: &'static str) {
    let sql = Sql {
        name: "TEST",
        text: sql,
    };
    test.db
        .write_blocking(move |tx| tx.execute(sql, &[]).map(drop))
        .unwrap();
}

fn location(answer: &Answer) -> &str {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[LOCATION].to_str().unwrap()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = [
        store::STATEMENTS,
        store::gate::STATEMENTS,
        store::library::STATEMENTS,
        store::package::STATEMENTS,
        store::project::STATEMENTS,
    ];
    test.db
        .read_blocking(move |tx| all.concat().iter().try_for_each(|sql| tx.prepare(*sql)))
        .unwrap();
});

on_both!(
    MIGRATIONS,
    the_library_shows_each_project_with_its_money_and_its_target,
    |test| {
        prepared(test);
        let site = officer(test);
        let page = site.get("/budget?year=2020");
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains(sample::LONG_NAME) && page.text.contains("没有目标"));
        assert!(page.text.contains("共 2 个"), "{}", page.text);
        let file = site.get("/budget.csv?year=2020&sort=-adjusted");
        let lines: Vec<&str> = file.text.lines().collect();
        assert_eq!(lines.len(), 3, "{}", file.text);
        assert!(
            lines[1].contains("130.46") && lines[1].contains("已批复"),
            "{}",
            lines[1]
        );
        // Its name is no formula.
        assert!(
            lines[2].starts_with("'=") || lines[2].starts_with("\"'="),
            "{}",
            lines[2]
        );
        for (query, count) in [
            ("target=none", 1),
            ("target=approved", 1),
            ("target=waiting", 2),
            ("target=refused", 0),
            ("book=general_public", 2),
            ("book=gov_fund", 0),
            ("department=u-1", 2),
            ("department=u-2", 0),
            ("section=s-1", 2),
            ("section=s-2", 0),
            ("text=p2", 1),
            ("text=100%25", 0),
            ("kind=personnel", 0),
        ] {
            let file = site.get(&format!("/budget.csv?year=2020&{query}"));
            assert_eq!(
                file.text.lines().count(),
                count + 1,
                "{query}: {}",
                file.text
            );
        }
        for sort in [
            "unit",
            "-unit",
            "initial",
            "-initial",
            "executed",
            "-executed",
            "rate",
            "-rate",
        ] {
            let page = site.get(&format!("/budget?year=2020&sort={sort}"));
            assert_eq!(page.status, StatusCode::OK, "{sort}");
        }
        let elsewhere = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
        assert!(
            !elsewhere
                .get("/budget?year=2020")
                .text
                .contains(sample::LONG_NAME)
        );
        let hidden = elsewhere.get("/budget/projects/o-1?year=2020");
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    }
);

on_both!(
    MIGRATIONS,
    money_is_given_out_only_with_an_approved_target,
    |test| {
        prepared(test);
        let site = officer(test);
        let page = site.get("/budget/projects/o-2?year=2020");
        assert!(
            page.text.contains("等绩效目标") && page.text.contains("C70"),
            "{}",
            page.text
        );
        assert!(!page.text.contains("下达指标"));
        let before = test.content();
        let refused = site.post("/budget/lines/b-5/release", "version=1");
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("还没有绩效目标"), "{}", refused.text);
        assert_eq!(test.content(), before);
        // The full project's target is approved, but its assessment was never accepted.
        run(test, "UPDATE managed_object SET needs_ex_ante = FALSE");
        let page = site.get("/budget/projects/o-1?year=2020");
        assert!(page.text.contains("下达指标"), "{}", page.text);
        let done = site.post("/budget/lines/b-3/release", "version=1");
        assert!(location(&done).ends_with("done=released"));
        let states = "SELECT release_state AS found FROM budget_line \
                      WHERE object_id = 'o-1' AND fiscal_year = 2020 ORDER BY id";
        assert_eq!(found(test, states), ["planned", "released", "planned"]);
        let again = site.post("/budget/lines/b-3/release", "version=2");
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.text.contains("已经下达"));
        let stale = site.post("/budget/lines/b-2/release", "version=9");
        assert!(stale.text.contains("刚刚有变动"));
        let told = "SELECT action AS found FROM event ORDER BY sequence DESC LIMIT 1";
        assert_eq!(found(test, told), ["budget_released"]);
        for role in [Role::PerformanceAdmin, Role::TreasuryOfficer] {
            let other = TestSite::logged_in_as(test, role, None);
            let answer = other.post("/budget/lines/b-2/release", "version=1");
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role:?}");
        }
        let stranger = TestSite::logged_in_as(test, Role::UnitHead, Some("u-2"));
        let answer = stranger.post("/budget/lines/b-2/release", "version=1");
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
);

on_both!(
    MIGRATIONS,
    money_without_a_target_is_withheld_by_a_decision_and_a_reduction,
    |test| {
        prepared(test);
        let site = officer(test);
        for fields in [
            encoded(&[
                ("version", "1"),
                ("reason", " "),
                ("document", "绵财预〔2020〕9号"),
            ]),
            encoded(&[("version", "1"), ("reason", "没有目标"), ("document", "")]),
        ] {
            let answer = site.post("/budget/lines/b-5/withholding", &fields);
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let fields = encoded(&[
            ("version", "1"),
            ("reason", "审核为差，不予安排"),
            ("document", "绵财预〔2020〕9号"),
        ]);
        let done = site.post("/budget/lines/b-5/withholding", &fields);
        assert!(location(&done).ends_with("done=withheld"));
        let lines = "SELECT change_kind || ' ' || CAST(amount_fen AS TEXT) || ' ' || release_state \
                     AS found FROM budget_line WHERE object_id = 'o-2' ORDER BY change_kind";
        assert_eq!(
            found(test, lines),
            ["initial 8997400 withheld", "reduction -8997400 planned"]
        );
        let page = site.get("/budget/projects/o-2?year=2020");
        assert!(page.text.contains("审核为差，不予安排"), "{}", page.text);
        run(test, "UPDATE managed_object SET needs_ex_ante = FALSE");
        let fields = encoded(&[("version", "1"), ("reason", "理由"), ("document", "文")]);
        let open = site.post("/budget/lines/b-2/withholding", &fields);
        assert!(open.text.contains("登记调减"), "{}", open.text);
    }
);

fn supplement<'a>(amount: &'a str, document: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("change", "supplement"),
        ("amount", amount),
        ("source", "general_public"),
        ("origin", "transfer_from_above"),
        ("document", document),
        ("congress", "no"),
    ]
}

on_both!(
    MIGRATIONS,
    added_money_asks_the_unit_for_a_target_and_waits_for_it,
    |test| {
        prepared(test);
        let site = officer(test);
        for (fields, said) in [
            (supplement("0", "绵财〔2020〕7号"), "不为 0"),
            (supplement("-3", "绵财〔2020〕7号"), "正数"),
            (supplement("3", " "), "文号"),
        ] {
            let answer = site.post("/budget/projects/o-2?year=2020", &encoded(&fields));
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(said), "{said}");
        }
        let fields = encoded(&supplement("12.5", "绵财〔2020〕7号"));
        let done = site.post("/budget/projects/o-2?year=2020", &fields);
        assert!(
            location(&done).ends_with("done=target"),
            "{}",
            location(&done)
        );
        let same = site.post("/budget/projects/o-2?year=2020", &fields);
        assert!(same.text.contains("已有这个项目"), "{}", same.text);
        let begun = "SELECT origin || ' ' || state AS found FROM performance_target \
                     WHERE object_id = 'o-2'";
        assert_eq!(found(test, begun), ["transfer_from_above draft"]);
        let items = "SELECT verb || ' ' || role AS found FROM work_item \
                     WHERE record_kind = 'performance_target' ORDER BY role";
        assert_eq!(found(test, items), ["fill unit_clerk"]);
        let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
        assert!(clerk.get("/").text.contains("=危险的名称"));
        // A second line begins no second target.
        let fields = encoded(&supplement("1", "绵财〔2020〕8号"));
        let done = site.post("/budget/projects/o-2?year=2020", &fields);
        assert!(location(&done).ends_with("done=added"));
        let page = site.get("/budget/projects/o-2?year=2020");
        assert!(
            page.text.contains("V14") && page.text.contains("还在填报"),
            "{}",
            page.text
        );
        // It is approved without the congress, and then the money may go.
        run(
            test,
            "UPDATE performance_target SET state = 'in_budget', grade = '优' \
             WHERE object_id = 'o-2'",
        );
        let id = found(
            test,
            "SELECT id AS found FROM performance_target WHERE object_id = 'o-2'",
        );
        let path = format!("/records/performance_target/{}/commands", id[0]);
        let advance = site.post(&path, "version=1&key=advance-it-once&verb=advance&comment=");
        assert!(advance.text.contains("不需要报人大"), "{}", advance.text);
        let approve = site.post(&path, "version=1&key=approve-it-once&verb=approve&comment=");
        assert_eq!(approve.status, StatusCode::SEE_OTHER, "{}", approve.text);
        run(test, "UPDATE managed_object SET needs_ex_ante = FALSE");
        let page = site.get("/budget/projects/o-2?year=2020");
        assert!(page.text.contains("下达指标"), "{}", page.text);
    }
);

fn project<'a>(name: &'a str, amount: &'a str) -> [(&'a str, &'a str); 7] {
    [
        ("name", name),
        ("kind", "special_purpose"),
        ("nature", "new"),
        ("level_one", "城乡建设"),
        ("period_from", "2020"),
        ("period_to", "2022"),
        ("amount", amount),
    ]
}

on_both!(MIGRATIONS, a_unit_enters_a_project_with_its_code, |test| {
    prepared(test);
    let clerk = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"));
    assert!(
        clerk
            .get("/budget/projects?year=2020")
            .text
            .contains("绵竹市住房和城乡建设局")
    );
    let wrong = clerk.post("/budget/projects?year=2020", &encoded(&project("", "x")));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("有 2 处要改"), "{}", wrong.text);
    for (name, code) in [
        ("村道维护", "51068320T000000000001"),
        ("路灯改造", "51068320T000000000002"),
    ] {
        let fields = encoded(&project(name, "12.5"));
        let done = clerk.post("/budget/projects?year=2020", &fields);
        let to = location(&done).to_owned();
        let page = clerk.get(&to);
        assert!(
            page.text.contains(code) && page.text.contains("12.50"),
            "{}",
            page.text
        );
        assert!(page.text.contains("编制绩效目标"));
    }
    let same = clerk.post(
        "/budget/projects?year=2020",
        &encoded(&project("村道维护", "1")),
    );
    assert!(same.text.contains("已有同名项目"), "{}", same.text);
    // Above every code that an import brought.
    run(
        test,
        "UPDATE managed_object SET code = '51068320T000000000041' WHERE name = '路灯改造'",
    );
    let done = clerk.post(
        "/budget/projects?year=2020",
        &encoded(&project("桥梁检测", "1")),
    );
    let page = clerk.get(location(&done));
    assert!(page.text.contains("51068320T000000000042"), "{}", page.text);
    let files = officer(test).get("/budget.csv?year=2020&text=桥梁");
    assert_eq!(files.text.lines().count(), 2, "{}", files.text);
    let bureau = officer(test).post("/budget/projects?year=2020", &encoded(&project("甲", "1")));
    assert_eq!(bureau.status, StatusCode::FORBIDDEN);
});

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|_| panic!("{}", answer.text))
}

on_both!(MIGRATIONS, programs_read_the_gate_and_release, |test| {
    prepared(test);
    let site = officer(test);
    let lines = json(&site.get("/api/v1/objects/o-2/budget-lines?year=2020"));
    assert_eq!(lines["items"][0]["stage"], "waiting", "{lines}");
    assert_eq!(lines["items"][0]["reasons"][1]["rule"], "C70", "{lines}");
    let send = |path: &str, body: &str| {
        let headers = [("content-type", "application/json")];
        site.send_raw("POST", path, &headers, body.as_bytes().to_vec())
    };
    let closed = send("/api/v1/budget-lines/b-5/release", r#"{"version": 1}"#);
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        json(&closed)["detail"]
            .as_str()
            .unwrap()
            .contains("绩效目标"),
        "{}",
        closed.text
    );
    run(test, "UPDATE managed_object SET needs_ex_ante = FALSE");
    let stale = send("/api/v1/budget-lines/b-3/release", r#"{"version": 7}"#);
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    let open = send("/api/v1/budget-lines/b-3/release", r#"{"version": 1}"#);
    assert_eq!(open.status, StatusCode::OK, "{}", open.text);
    assert_eq!(json(&open)["release_state"], "released");
    let again = send("/api/v1/budget-lines/b-3/release", r#"{"version": 2}"#);
    assert_eq!(again.status, StatusCode::CONFLICT);
    let one = json(&site.get("/api/v1/budget-lines/b-3"));
    assert_eq!(
        (&one["stage"], &one["version"]),
        (&"released".into(), &2.into())
    );
    let stranger = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
    let hidden = stranger.get("/api/v1/budget-lines/b-3");
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
});
