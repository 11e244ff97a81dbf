//! What the congress gets, on both databases.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use db::{Sql, on_both};
use domain::permission::Role;
use office::workbook::{Limits, open};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

/// The sample, with the full project's target of 2020 in the budget and no other.
fn prepared(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
    run(
        test,
        "UPDATE performance_target SET state = 'in_budget', approved_on = NULL WHERE id = 't-20'",
    );
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

fn found(test: &TestDb, sql: &'static str) -> Vec<String> {
    let sql = Sql {
        name: "TEST",
        text: sql,
    };
    test.db
        .read_blocking(move |tx| {
            let rows = tx.query(sql, &[])?;
            rows.iter()
                .map(|row| Ok(row.opt_text("found")?.unwrap_or_default()))
                .collect::<Result<_, db::Error>>()
        })
        .unwrap()
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

fn officer(test: &TestDb) -> TestSite {
    TestSite::logged_in_as(test, Role::BudgetOfficer, None)
}

fn digest(page: &Answer) -> String {
    let mark = "name=\"digest\" value=\"";
    let (_, rest) = page
        .text
        .split_once(mark)
        .unwrap_or_else(|| panic!("{}", page.text));
    rest.split('"').next().unwrap().to_owned()
}

fn submission(site: &TestSite, agreed: bool) -> Answer {
    let digest = digest(&site.get("/npc-packages?year=2020"));
    let mut fields = vec![
        ("title", "绵竹市2020年部门预算（草案）绩效目标"),
        ("day", "2020-01-10"),
        ("digest", &digest),
    ];
    if agreed {
        fields.push(("agreed", "1"));
    }
    site.post("/npc-packages/submission?year=2020", &encoded(&fields))
}

/// The path of the package that was submitted.
fn submitted(site: &TestSite) -> String {
    let answer = submission(site, true);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let to = answer.headers[LOCATION].to_str().unwrap();
    to.split('?').next().unwrap().to_owned()
}

/// Version of the package.
fn version(test: &TestDb) -> String {
    let all = "SELECT CAST(version AS TEXT) AS found FROM npc_package ORDER BY submitted_on, id";
    found(test, all).pop().unwrap()
}

const STATE: &str = "SELECT state AS found FROM performance_target WHERE id = 't-20'";

on_both!(
    MIGRATIONS,
    who_is_missing_is_told_before_the_package_goes,
    |test| {
        prepared(test);
        let site = officer(test);
        let page = site.get("/npc-packages?year=2020");
        assert_eq!(page.status, StatusCode::OK);
        // 123.46 of 132.45 goes, and the project without a target is named.
        for said in [
            "1 个项目",
            "1 个有预算的项目还不能报送",
            "132.45",
            "123.46",
            "9.00",
        ] {
            assert!(page.text.contains(said), "{said}: {}", page.text);
        }
        assert!(page.text.contains("没有绩效目标") && page.text.contains("/budget/projects/o-2"));
        let before = test.content();
        let unaware = submission(&site, false);
        assert!(unaware.text.contains("我已知道"), "{}", unaware.text);
        let old = encoded(&[
            ("title", "材料"),
            ("day", "2020-01-10"),
            ("digest", "x"),
            ("agreed", "1"),
        ]);
        let stale = site.post("/npc-packages/submission?year=2020", &old);
        assert!(stale.text.contains("又有变动"), "{}", stale.text);
        let future = encoded(&[("title", "材料"), ("day", "2999-01-10"), ("digest", "x")]);
        let early = site.post("/npc-packages/submission?year=2020", &future);
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(test.content(), before);
        for role in [Role::PerformanceAdmin, Role::Observer] {
            let other = TestSite::logged_in_as(test, role, None);
            let page = other.get("/npc-packages?year=2020");
            assert!(!page.text.contains("报送前核对"), "{role:?}");
            let paper = other.get("/npc-packages/draft/paper?year=2020");
            assert_eq!(paper.status, StatusCode::FORBIDDEN, "{role:?}");
            assert_eq!(
                submission_by(&other).status,
                StatusCode::FORBIDDEN,
                "{role:?}"
            );
        }
    }
);

fn submission_by(site: &TestSite) -> Answer {
    site.post(
        "/npc-packages/submission?year=2020",
        "title=a&day=2020-01-10&digest=x",
    )
}

on_both!(
    MIGRATIONS,
    a_package_goes_whole_is_kept_and_can_be_taken_back,
    |test| {
        prepared(test);
        let site = officer(test);
        let metric = "/api/v1/metrics?year=2020";
        let has_package = |site: &TestSite| {
            let metrics: serde_json::Value =
                serde_json::from_slice(&site.get(metric).bytes).unwrap();
            let all = metrics["items"]
                .as_array()
                .or(metrics["metrics"].as_array())
                .unwrap();
            let one = all.iter().find(|metric| metric["id"] == "P4.5").unwrap();
            one["value"].clone()
        };
        assert_eq!(has_package(&site), serde_json::json!(false));
        let path = submitted(&site);
        assert_eq!(found(test, STATE), ["submitted_to_npc"]);
        assert_eq!(has_package(&site), serde_json::json!(true));
        let page = site.get(&path);
        assert!(page.text.contains(sample::LONG_NAME), "{}", page.text);
        let told = "SELECT action AS found FROM event ORDER BY sequence DESC LIMIT 1";
        assert_eq!(found(test, told), ["package_submitted"]);
        // What was submitted is kept, whatever becomes of the name.
        run(
            test,
            "UPDATE managed_object SET name = '改了名' WHERE id = 'o-1'",
        );
        let observer = TestSite::logged_in_as(test, Role::Observer, None);
        let paper = observer.get(&format!("{path}/paper?year=2020"));
        for said in [sample::LONG_NAME, "相差 9.00 万元"] {
            assert!(paper.text.contains(said), "{said}: {}", paper.text);
        }
        let fields = encoded(&[("version", &version(test)), ("reason", " ")]);
        let unsaid = site.post(&format!("{path}/withdrawal"), &fields);
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = encoded(&[("version", &version(test)), ("reason", "漏了一个项目")]);
        let done = site.post(&format!("{path}/withdrawal"), &fields);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(found(test, STATE), ["in_budget"]);
        assert_eq!(has_package(&site), serde_json::json!(false));
        assert!(site.get(&path).text.contains("漏了一个项目"));
        let again = site.post(&format!("{path}/withdrawal"), &fields);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        // It can go once more.
        let second = submitted(&site);
        assert_ne!(second, path);
        assert_eq!(found(test, STATE), ["submitted_to_npc"]);
    }
);

on_both!(
    MIGRATIONS,
    the_reply_locks_targets_and_gives_the_initial_money_out,
    |test| {
        prepared(test);
        let site = officer(test);
        let path = submitted(&site);
        let approval = |congress: &str, reply: &str, document: &str, act: &str| {
            let fields = encoded(&[
                ("version", &version(test)),
                ("congress", congress),
                ("reply", reply),
                ("document", document),
                ("act", act),
            ]);
            site.post(&format!("{path}/approval?year=2020"), &fields)
        };
        let dated = approval("2020-02-01", "", "", "date");
        assert_eq!(dated.status, StatusCode::SEE_OTHER, "{}", dated.text);
        let page = site.get(&path);
        // Twenty days after 1 February of a leap year.
        assert!(page.text.contains("2020-02-21"), "{}", page.text);
        for (reply, document, said) in [
            ("", "绵财预〔2020〕1号", "批复日期"),
            ("2020-01-31", "绵财预〔2020〕1号", "早于"),
            ("2020-02-25", " ", "文号"),
        ] {
            let answer = approval("2020-02-01", reply, document, "approve");
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(said), "{said}");
        }
        let done = approval("2020-02-01", "2020-02-25", "绵财预〔2020〕1号", "approve");
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(found(test, STATE), ["approved"]);
        let day = "SELECT approved_on AS found FROM performance_target WHERE id = 't-20'";
        assert_eq!(found(test, day), ["2020-02-25"]);
        let lines = "SELECT change_kind || ' ' || release_state AS found FROM budget_line \
                     WHERE object_id = 'o-1' AND fiscal_year = 2020 ORDER BY id";
        assert_eq!(
            found(test, lines),
            [
                "initial released",
                "supplement planned",
                "reduction planned"
            ]
        );
        let page = site.get(&path);
        assert!(page.text.contains("超过 4 日"), "{}", page.text);
        assert!(page.text.contains("2020-03-16"), "{}", page.text);
        let reply = site.get(&format!("{path}/paper?paper=reply&department=001"));
        assert!(reply.text.contains("批复") && reply.text.contains("绵财预〔2020〕1号"));
        let fields = encoded(&[("version", &version(test)), ("reason", "晚了")]);
        let late = site.post(&format!("{path}/withdrawal"), &fields);
        assert!(late.text.contains("不能再办理"), "{}", late.text);
        let secret = encoded(&[("target", "t-20"), ("reason", "涉密")]);
        let done = site.post(&format!("{path}/exclusions"), &secret);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(site.get(&path).text.contains("可公开 0 份，不公开 1 份"));
    }
);

on_both!(
    MIGRATIONS,
    one_target_that_is_refused_keeps_all_of_them,
    |test| {
        prepared(test);
        let site = officer(test);
        run(
            test,
            "INSERT INTO year_closure (region_code, year, is_closed, reason, changed_by, \
             changed_at) SELECT '510683', 2020, TRUE, '归档', id, '2021-01-01' FROM account",
        );
        let before = test.content();
        let answer = submission(&site, true);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("什么都没有变动"), "{}", answer.text);
        assert!(answer.text.contains("1 份目标不能办理"), "{}", answer.text);
        assert_eq!(test.content(), before);
    }
);

on_both!(MIGRATIONS, files_say_what_the_package_says, |test| {
    prepared(test);
    let site = officer(test);
    let path = submitted(&site);
    let file = site.get(&format!("{path}/file?format=xlsx"));
    let book = open(&file.bytes, &Limits::default()).unwrap();
    let rows = &book.sheets[0];
    let cell = |row: usize, column: usize| rows.rows[row][column].text().to_owned();
    assert_eq!(cell(1, 4), sample::LONG_NAME);
    let columns: BTreeMap<usize, String> = (0..14).map(|at| (at, cell(1, at))).collect();
    assert_eq!((&*columns[&5], &*columns[&10]), ("123.456789", "≥"));
    let word = site.get(&format!("{path}/file?format=docx&department=001"));
    assert_eq!(word.status, StatusCode::OK);
    assert!(word.bytes.starts_with(b"PK"));
    for missing in [
        "department=999&format=docx",
        "format=exe",
        "paper=reply&format=docx",
    ] {
        let answer = site.get(&format!("{path}/file?{missing}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
    }
});
