//! Reviewing targets, meetings and the board, on both databases.

use std::fmt::Write as _;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::testing::TestDb;
use db::{Sql, ToValue, Tx, on_both};
use domain::permission::Role;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::store;
use crate::database::MIGRATIONS;
use crate::metrics;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

const REGION: &str = "510683";

/// Targets that wait for 会审: of the bare project, of the full one, and of the department.
const WAITING: [(&str, &str); 3] = [
    ("w-1", sample::BARE),
    ("w-2", sample::FULL),
    ("w-3", sample::WHOLE),
];

const GOOD: &str = "优优优优优优良良";
const AGREED: &str = "优优优优优良良良";
const FAIR: &str = "优优优优良中中中";
const POOR: &str = "中中中中中差差差";

fn execute(tx: &mut Tx<'_>, text: &'static str, values: &[&dyn ToValue]) -> Result<(), db::Error> {
    tx.execute_one(Sql { name: "TEST", text }, values)
}

/// The sample with three targets of 2021 at 会审, and somebody of the performance section.
fn ready(test: &TestDb) -> TestSite {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            execute(tx, "INSERT INTO fiscal_year VALUES ($1, 2021)", &[&REGION])?;
            for (unit, section) in [("u-1", "s-1"), ("u-2", "s-2")] {
                execute(
                    tx,
                    "INSERT INTO unit_section VALUES ($1, $2, 2021, $3)",
                    &[&unit, &REGION, &section],
                )?;
            }
            for (id, object) in WAITING {
                execute(
                    tx,
                    "INSERT INTO performance_target (id, region_code, object_id, fiscal_year, \
                     edition, origin, state, goal, version, provenance) VALUES ($1, $2, $3, 2021, \
                     1, 'initial', 'joint_review', '建成 600 处设施', 1, 't')",
                    &[&id, &REGION, &object],
                )?;
            }
            execute(
                tx,
                "UPDATE managed_object SET needs_ex_ante = FALSE WHERE id = $1",
                &[&sample::BARE],
            )?;
            execute(
                tx,
                "INSERT INTO setting (name, value) VALUES ('rule_pack', 'mianzhu-2020')",
                &[],
            )
        })
        .unwrap();
    TestSite::logged_in(test)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// A form with these marks, as the page sends it.
fn form(order: &str, marks: &str, opinion: &str, corrections: &str) -> String {
    let mut fields = format!(
        "version=1&key=key-{order}-12345678&do={order}&opinion={}&corrections={}",
        encoded(opinion),
        encoded(corrections)
    );
    for (number, mark) in (1..).zip(marks.chars()) {
        let mark = encoded(&mark.to_string());
        write!(fields, "&m{number}={mark}").unwrap();
    }
    fields
}

fn review(site: &TestSite, target: &str, fields: &str) -> Answer {
    let fields = fields.replace("key=key-", &format!("key={target}-"));
    site.post(&format!("/targets/{target}/review?year=2021"), &fields)
}

/// One text of one row.
fn text(test: &TestDb, sql: &'static str, id: &str) -> String {
    let id = id.to_owned();
    test.db
        .read_blocking(move |tx| {
            let row = tx.one(
                Sql {
                    name: "TEST",
                    text: sql,
                },
                &[&id],
            )?;
            Ok::<_, db::Error>(row.opt_text("found")?.unwrap_or_default())
        })
        .unwrap()
}

fn state(test: &TestDb, target: &str) -> String {
    let sql = "SELECT state || ' ' || COALESCE(grade, '') AS found FROM performance_target \
               WHERE id = $1";
    text(test, sql, target)
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| store::statements().try_for_each(|sql| tx.prepare(sql)))
        .unwrap();
});

on_both!(
    MIGRATIONS,
    the_grade_of_the_form_concludes_the_step_and_leads_on,
    |test| {
        let site = ready(test);
        let open = review(&site, "w-1", &form("conclude", "优优", "", ""));
        assert_eq!(open.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(open.text.contains("还有 6 项没有评定"), "{}", open.text);
        assert_eq!(state(test, "w-1"), "joint_review ");

        let done = review(&site, "w-1", &form("conclude", GOOD, "同意", ""));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(state(test, "w-1"), "reviewed 优");

        let bare = review(&site, "w-2", &form("conclude", FAIR, "", ""));
        assert!(bare.text.contains("评定为中"), "{}", bare.text);
        let fair = review(&site, "w-2", &form("conclude", FAIR, "指标不完整", ""));
        assert_eq!(fair.status, StatusCode::SEE_OTHER, "{}", fair.text);
        assert_eq!(state(test, "w-2"), "returned 中");

        let poor = review(&site, "w-3", &form("conclude", POOR, "没有依据", ""));
        assert_eq!(poor.status, StatusCode::SEE_OTHER, "{}", poor.text);
        assert_eq!(state(test, "w-3"), "rejected 差");
        let again = review(&site, "w-3", &form("conclude", POOR, "没有依据", ""));
        assert_eq!(again.status, StatusCode::SEE_OTHER, "the same form twice");
        let history = site.get("/records/performance_target/w-3").text;
        assert!(history.contains("审核通过（差）") && history.contains("不予通过"));
    }
);

on_both!(
    MIGRATIONS,
    what_was_agreed_goes_with_the_grade_to_the_budget,
    |test| {
        let site = ready(test);
        let silent = review(&site, "w-1", &form("conclude", AGREED, "", ""));
        assert!(silent.text.contains("商定的修改意见"), "{}", silent.text);
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = review(
            &site,
            "w-1",
            &form("conclude", AGREED, "", "满意度改为 92%"),
        );
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(state(test, "w-1"), "reviewed 良");
        let officer = TestSite::logged_in_as(test, Role::BudgetOfficer, None);
        let page = officer.get("/records/performance_target/w-1").text;
        assert!(page.contains(">满意度改为 92%</textarea>"), "{page}");
        let view = officer.get("/targets/w-1").text;
        assert!(view.contains("/review/forms/v-"), "the form is found");
    }
);

on_both!(MIGRATIONS, no_other_grade_than_the_forms_is_taken, |test| {
    let site = ready(test);
    let command = |key: &str, grade: &str| {
        let fields = format!(
            "version=1&key={key}&verb=approve&outcome={}&comment=",
            encoded(grade)
        );
        site.post("/records/performance_target/w-1/commands", &fields)
    };
    let bare = command("key-000001", "优");
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text.contains("还没有填写审核表"), "{}", bare.text);
    let kept = review(&site, "w-1", &form("save", AGREED, "", ""));
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let other = command("key-000002", "优");
    assert!(other.text.contains("审核表评定为「良」"), "{}", other.text);
    // What the page of the review asks for is asked for here as well.
    let silent = command("key-000003", "良");
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("商定的修改意见"), "{}", silent.text);
    let page = site.get("/records/performance_target/w-1").text;
    assert!(page.contains("商定的修改意见"), "it says why: {page}");
    assert_eq!(state(test, "w-1"), "joint_review ");
    let kept = form("save", AGREED, "", "补一个满意度指标").replace("12345678", "87654321");
    let kept = review(&site, "w-1", &kept);
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    assert_eq!(command("key-000004", "良").status, StatusCode::SEE_OTHER);
    assert_eq!(state(test, "w-1"), "reviewed 良");
    let officer = TestSite::logged_in_as(test, Role::BudgetOfficer, None);
    let page = officer.get("/records/performance_target/w-1").text;
    assert!(page.contains(">补一个满意度指标</textarea>"), "{page}");
});

on_both!(MIGRATIONS, a_key_project_is_judged_by_points, |test| {
    let site = ready(test);
    test.db
        .write_blocking(|tx| {
            execute(
                tx,
                "INSERT INTO budget_line (id, region_code, object_id, fiscal_year, book, origin, \
                 change_kind, amount_fen, document_number, requires_npc_approval, provenance) \
                 VALUES ('b-key', $1, $2, 2021, 'general_public', 'local', 'initial', 2000000000, \
                 '', FALSE, 't')",
                &[&REGION, &sample::BARE],
            )
        })
        .unwrap();
    let points = |first: &str| {
        let rest = "&m2=10&m3=15&m4=15&m5=15&m6=15&m7=10&m8=0";
        let key = first.replace('.', "");
        format!(
            "version=1&key=key-points-{key}&do=conclude&opinion=&corrections=x&m1={first}{rest}"
        )
    };
    let page = site.get("/targets/w-1/review?year=2021").text;
    assert!(page.contains("重点项目") && page.contains("满分 100"));
    let wrong = review(&site, "w-1", &points("10.5"));
    assert!(wrong.text.contains("本项满分 10.00 分"), "{}", wrong.text);
    let done = review(&site, "w-1", &points("9.99"));
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(state(test, "w-1"), "reviewed 良", "89.99");
});

/// Plans a meeting with these sections: its id.
fn planned(site: &TestSite, sections: &str) -> String {
    let fields = format!(
        "key=key-plan-12345678&held_on=2020-11-20&topic={}&place=&chair=&attendees={}&{sections}",
        encoded("2021 年目标会审"),
        encoded("李明、张华")
    );
    let answer = site.post("/joint-reviews/new?year=2021", &fields);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let to = answer.headers[LOCATION].to_str().unwrap();
    to.split(['/', '?']).nth(2).unwrap().to_owned()
}

fn turned(site: &TestSite, id: &str, version: i64, order: &str) -> Answer {
    let fields = format!("version={version}&do={order}");
    site.post(&format!("/joint-reviews/{id}/state?year=2021"), &fields)
}

fn add_all(site: &TestSite, id: &str) {
    let fields = "do=add_all&section=&department=&text=";
    let added = site.post(&format!("/joint-reviews/{id}/agenda?year=2021"), fields);
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
}

/// Value and hits of P4.4 and of its share in 2021.
fn joint_reviews(test: &TestDb) -> (String, String) {
    let all = test
        .db
        .read_blocking(|tx| metrics::all(tx, REGION, 2021))
        .unwrap();
    let metric = all.iter().find(|metric| metric.id() == "P4.4").unwrap();
    let value = |key: &str| {
        let mut figures = metric.figures();
        let (_, figure, computed) = figures.find(|(found, ..)| found == key).unwrap();
        metrics::value_text(figure, computed)
    };
    (value("P4.4"), value("P4.4/会审覆盖率"))
}

on_both!(
    MIGRATIONS,
    a_meeting_goes_from_its_plan_to_its_minutes,
    |test| {
        let site = ready(test);
        let id = planned(&site, "section=s-1");
        let early = turned(&site, &id, 1, "open");
        assert!(early.text.contains("议程里还没有目标"), "{}", early.text);
        add_all(&site, &id);
        assert_eq!(turned(&site, &id, 1, "open").status, StatusCode::SEE_OTHER);
        let item = |target: &str| format!("/joint-reviews/{id}/targets/{target}?year=2021");
        let page = site.get(&item("w-1")).text;
        assert!(page.contains("1/3") || page.contains("2/3") || page.contains("3/3"));
        let done = site.post(&item("w-1"), &form("conclude", GOOD, "同意", ""));
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let to = done.headers[LOCATION].to_str().unwrap();
        assert!(
            to.contains("/targets/w-") && !to.contains("/targets/w-1"),
            "on: {to}"
        );
        let skipped = site.post(&item("w-2"), &form("skip", "", "", ""));
        assert_eq!(skipped.status, StatusCode::SEE_OTHER, "{}", skipped.text);
        let back = site.post(&item("w-2"), &form("return", "", "请重新测算", ""));
        assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
        assert_eq!(state(test, "w-2"), "returned ");
        assert_eq!(joint_reviews(test).0, "否", "it is not over");
        let stale = turned(&site, &id, 1, "close");
        assert!(stale.text.contains("刚刚有变动"), "{}", stale.text);
        assert_eq!(turned(&site, &id, 2, "close").status, StatusCode::SEE_OTHER);
        let sql = "SELECT joint_review_id AS found FROM performance_target WHERE id = $1";
        assert_eq!(text(test, sql, "w-1"), id);
        assert_eq!(text(test, sql, "w-2"), "", "it comes again");
        // Of the three, w-2 was returned and counts no more; w-3 still waits.
        assert_eq!(joint_reviews(test), ("是".to_owned(), "50%".to_owned()));
        let minutes = site.get(&format!("/joint-reviews/{id}/minutes")).text;
        for said in [
            "李明、张华",
            "优，通过",
            "请重新测算",
            "留待下次会审",
            "2020年11月20日",
        ] {
            assert!(minutes.contains(said), "{said}");
        }
        let docx = site.get(&format!("/joint-reviews/{id}/minutes.docx"));
        assert!(docx.bytes.starts_with(b"PK"));
        let over = site.post(&item("w-3"), &form("conclude", GOOD, "", ""));
        assert!(over.text.contains("会审没有在进行"), "{}", over.text);
    }
);

on_both!(
    MIGRATIONS,
    many_are_judged_alike_and_each_has_its_own_form,
    |test| {
        let site = ready(test);
        let id = planned(&site, "section=s-1");
        add_all(&site, &id);
        turned(&site, &id, 1, "open");
        let chosen = site.post(&format!("/joint-reviews/{id}/batch"), "id=w-1&id=w-3");
        assert!(chosen.text.contains("一起审定 2 项"), "{}", chosen.text);
        let ids = "&id=w-1&id=w-3";
        let fields = |order: &str, marks: &str, opinion: &str| {
            let form = form(order, marks, opinion, "");
            form.replace("version=1&", "") + ids
        };
        let open = site.post(
            &format!("/joint-reviews/{id}/decisions"),
            &fields("grade", "优", ""),
        );
        assert!(open.text.contains("还有 7 项没有评定"), "{}", open.text);
        let done = site.post(
            &format!("/joint-reviews/{id}/decisions"),
            &fields("grade", GOOD, "同意"),
        );
        assert!(done.text.contains("2 项已办，0 项没有办"), "{}", done.text);
        assert_eq!(state(test, "w-1"), "reviewed 优");
        assert_eq!(state(test, "w-3"), "reviewed 优");
        let sql = "SELECT CAST(COUNT(*) AS TEXT) AS found FROM target_review WHERE is_decisive \
                   AND session_id = $1";
        assert_eq!(text(test, sql, &id), "2");
    }
);

on_both!(
    MIGRATIONS,
    what_a_meeting_decided_is_taken_back_on_the_spot,
    |test| {
        let site = ready(test);
        let id = planned(&site, "section=s-1");
        add_all(&site, &id);
        turned(&site, &id, 1, "open");
        let item = |target: &str| format!("/joint-reviews/{id}/targets/{target}");
        let undo = |site: &TestSite, target: &str, version: i64| {
            site.post(
                &format!("{}/withdrawal", item(target)),
                &format!("version={version}"),
            )
        };
        let decide = |target: &str, order: &str, marks: &str, number: u8| {
            let version = text(
                test,
                "SELECT CAST(version AS TEXT) AS found FROM performance_target WHERE id = $1",
                target,
            );
            let fields = form(order, marks, "请看指标", "")
                .replace("version=1", &format!("version={version}"))
                .replace("key=key-", &format!("key={target}-{number}-"));
            let answer = site.post(&item(target), &fields);
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
            answer.headers[LOCATION].to_str().unwrap().to_owned()
        };
        let decided = "SELECT CAST(COUNT(*) AS TEXT) AS found FROM joint_review_item \
                       WHERE session_id = $1 AND done IS NOT NULL";
        for (order, marks, came, version) in [
            ("conclude", GOOD, "reviewed 优", 2),
            ("conclude", FAIR, "returned 中", 5),
            ("conclude", POOR, "rejected 差", 8),
            ("return", "", "returned ", 10),
        ] {
            let number = u8::try_from(version).unwrap();
            let next = decide("w-1", order, marks, number);
            assert_eq!(state(test, "w-1"), came);
            let page = site.get(&next).text;
            assert!(page.contains("/targets/w-1/withdrawal"), "offered: {page}");
            assert_eq!(
                undo(&site, "w-1", version + 40).status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            let back = undo(&site, "w-1", version);
            assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
            assert_eq!(state(test, "w-1"), "joint_review ", "{came}");
            assert_eq!(text(test, decided, &id), "0", "it waits again");
            let again = undo(&site, "w-1", version);
            assert_eq!(
                again.status,
                StatusCode::SEE_OTHER,
                "once, however often it is sent"
            );
        }
        let decisive = "SELECT CAST(COUNT(*) AS TEXT) AS found FROM target_review \
                        WHERE target_id = $1 AND is_decisive";
        assert_eq!(text(test, decisive, "w-1"), "0");
        let facts = "SELECT CAST(COUNT(*) AS TEXT) AS found FROM event WHERE record_id = $1 \
                     AND action = 'decision_withdrawn'";
        assert_eq!(text(test, facts, "w-1"), "4");
        let holder = "SELECT MIN(role) AS found FROM work_item WHERE record_id = $1";
        assert_eq!(
            text(test, holder, "w-1"),
            "performance_admin",
            "it has its holder again"
        );
        let view = site.get("/targets/w-1").text;
        assert!(
            !view.contains("退回时"),
            "a return that was taken back is none"
        );
        // The section that takes part decides nothing, and takes nothing back.
        decide("w-1", "conclude", GOOD, 90);
        let section = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-1"));
        assert_eq!(undo(&section, "w-1", 12).status, StatusCode::FORBIDDEN);
        // Once somebody has acted on it, it stands.
        let officer = TestSite::logged_in_as(test, Role::BudgetOfficer, None);
        let entered = officer.post(
            "/records/performance_target/w-1/commands",
            "version=12&key=key-enter-1&verb=advance&comment=",
        );
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
        let late = undo(&site, "w-1", 13);
        assert_eq!(
            late.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            late.text
        );
        // So does what a meeting that is over decided.
        decide("w-2", "conclude", POOR, 91);
        assert_eq!(turned(&site, &id, 2, "close").status, StatusCode::SEE_OTHER);
        let over = undo(&site, "w-2", 3);
        assert_eq!(
            over.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            over.text
        );
        assert_eq!(state(test, "w-2"), "rejected 差");
    }
);

on_both!(
    MIGRATIONS,
    a_section_that_takes_part_sees_the_agenda_and_gives_its_opinion,
    |test| {
        let site = ready(test);
        let id = planned(&site, "section=s-2");
        add_all(&site, &id);
        turned(&site, &id, 1, "open");
        let item = format!("/joint-reviews/{id}/targets/w-1?year=2021");
        // The unit is none of the section's: it is hidden but for the meeting.
        let other = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-2"));
        assert_eq!(other.get("/targets/w-1").status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&item).status, StatusCode::OK);
        let decided = other.post(&item, &form("conclude", GOOD, "", ""));
        assert_eq!(decided.status, StatusCode::UNPROCESSABLE_ENTITY);
        let said = other.post(&item, &form("save", FAIR, "指标偏少", ""));
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
        assert_eq!(state(test, "w-1"), "joint_review ");
        let page = site.get(&item).text;
        assert!(page.contains("指标偏少"), "the opinions stand together");
        let absent = TestSite::logged_in_as(test, Role::SectionReviewer, Some("s-1"));
        assert_eq!(absent.get(&item).status, StatusCode::NOT_FOUND);
        let back = other.post(&format!("/joint-reviews/{id}/state"), "version=2&do=close");
        assert_eq!(back.status, StatusCode::FORBIDDEN);
    }
);

on_both!(
    MIGRATIONS,
    the_board_counts_what_each_person_reaches,
    |test| {
        let site = ready(test);
        let page = site.get("/targets/progress?year=2021").text;
        assert!(
            page.contains("应报 <span class=\"num\">3</span> 项"),
            "{page}"
        );
        let page = site
            .get("/targets/progress?year=2021&section=s-1&view=-")
            .text;
        assert!(page.contains("绵竹市住房和城乡建设局"), "by department");
        // In 2020 the bare project has money and no target.
        let page = site
            .get("/targets/progress?year=2020&stage=none&view=-")
            .text;
        assert!(
            page.contains("=危险的名称") && page.contains("单位经办（还没有账号）"),
            "{page}"
        );
        let other = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
        let page = other.get("/targets/progress?year=2021").text;
        assert!(page.contains("这里没有应当编制目标的项目"), "{page}");
        let file = site.get("/targets/progress.xlsx?year=2021");
        assert!(file.bytes.starts_with(b"PK"), "{}", file.text);
    }
);

#[test]
fn the_grade_is_told_as_the_form_is_filled() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = ready(&test);
    let told = |marks: &str| {
        let fields = form("save", marks, "", "");
        site.post("/targets/w-1/review/grade", &fields).text
    };
    assert!(told("优").contains("还有 7 项没有评定"));
    let good = told(GOOD);
    assert!(good.contains("data-grade=\"优\"") && good.contains("若有 1 项由优改为良，就是良"));
    assert!(told(AGREED).contains("data-corrections"));
}

#[test]
fn a_filled_form_prints_as_the_official_sheet() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = ready(&test);
    review(&site, "w-1", &form("conclude", GOOD, "同意", ""));
    let view = site.get("/targets/w-1").text;
    let at = view.find("/targets/w-1/review/forms/").unwrap();
    let path: String = view[at..].chars().take_while(|c| *c != '?').collect();
    let sheet = site.get(&path).text;
    for said in [
        "项目支出绩效目标审核表",
        "优☑",
        "综合评定等级",
        "评定为优",
        "签字：",
    ] {
        assert!(sheet.contains(said), "{said}");
    }
    let other = TestSite::logged_in_as(&test, Role::UnitClerk, Some("u-2"));
    assert_eq!(other.get(&path).status, StatusCode::NOT_FOUND);
}
