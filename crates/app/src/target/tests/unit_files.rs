//! All targets of a unit taken away as a file and brought back on the page.

use std::fmt::Write as _;

use db::on_both;
use office::workbook::{Limits, open};

use super::*;

const UPLOAD: &str = "/targets/files/import?year=2021";

/// A long table of projects and their indicators, as a unit may have it.
fn table(rows: &[[&str; 3]]) -> String {
    let mut text =
        "项目名称,年度目标,一级指标,二级指标,三级指标,指标性质,指标值,度量单位,权重\n".to_owned();
    for [project, name, value] in rows {
        let row = ["产出指标", "数量指标", name, "≥", value, "户", "45"].join(",");
        writeln!(text, "{project},改造三百户，群众满意。,{row}").unwrap();
    }
    text
}

const OWN: [[&str; 3]; 2] = [
    ["=危险的名称", "改造户数", "300"],
    ["=危险的名称", "管网", "12"],
];

/// The address that confirms the preview.
fn confirmation(page: &str) -> String {
    let at = page
        .find("/targets/files/import/")
        .unwrap_or_else(|| panic!("{page}"));
    page[at..]
        .chars()
        .take_while(|letter| *letter != '?')
        .collect()
}

fn upload(site: &TestSite, text: &str) -> Answer {
    site.upload(UPLOAD, "", &[("表.csv", text.as_bytes())])
}

/// The sample without a target of the bare project.
fn ready(test: &TestDb) -> TestSite {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            workflow::choose_pack(tx, "sichuan")?;
            sample::elsewhere(tx)?;
            for text in [
                "INSERT INTO fiscal_year VALUES ('510683', 2021)",
                "INSERT INTO unit_section VALUES ('u-1', '510683', 2021, 's-1')",
            ] {
                tx.execute_one(db::Sql { name: "TEST", text }, &[])?;
            }
            Ok::<_, Error>(())
        })
        .unwrap();
    TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1"))
}

/// How many targets there are.
fn count(test: &TestDb) -> i64 {
    let sql = db::Sql {
        name: "COUNT",
        text: "SELECT COUNT(*) AS found FROM performance_target",
    };
    test.db
        .read_blocking(move |tx| tx.one(sql, &[])?.int("found"))
        .unwrap()
}

on_both!(
    MIGRATIONS,
    a_units_file_is_looked_at_confirmed_taken_away_and_comes_back,
    |test| {
        let clerk = ready(test);
        let before = count(test);
        let empty = clerk.get("/targets/files?year=2021").text;
        assert!(empty.contains("2021 年还没有绩效目标"), "{empty}");
        let shown = upload(&clerk, &table(&OWN));
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(shown.text.contains("确认保存 1 份目标"), "{}", shown.text);
        assert_eq!(count(test), before, "looking keeps nothing");
        let path = confirmation(&shown.text);
        let stranger = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
        assert_eq!(
            stranger.post(&path, "").status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "nobody confirms another's file"
        );
        let done = clerk.post(&path, "");
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(count(test), before + 1);
        let again = clerk.post(&path, "");
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "once");

        // Whoever brought it counts as its filler.
        let sql = db::Sql {
            name: "FILLERS",
            text: "SELECT d.fillers, t.id FROM performance_target t JOIN record_desk d \
                   ON d.record_id = t.id WHERE t.fiscal_year = 2021 ORDER BY t.id",
        };
        let (fillers, id) = test
            .db
            .read_blocking(move |tx| {
                let row = tx.one(sql, &[])?;
                Ok::<_, Error>((row.text("fillers")?, row.text("id")?))
            })
            .unwrap();
        assert!(fillers.contains("unit_clerk"), "{fillers}");
        let told = events(test, &id);
        assert_eq!(told[0].0, "target_imported");

        let file = clerk.get("/targets/files/workbook?unit=001&year=2021");
        assert_eq!(file.status, StatusCode::OK, "{}", file.text);
        assert_eq!(
            open(&file.bytes, &Limits::default())
                .unwrap()
                .sheets
                .iter()
                .filter(|sheet| !sheet.hidden)
                .count(),
            1
        );
        let same = clerk.upload(UPLOAD, "", &[("单位.xlsx", &file.bytes)]);
        assert!(same.text.contains("没有要保存的"), "{}", same.text);
        assert!(!same.text.contains("确认保存"));
        let page = clerk.get("/targets/files?year=2021").text;
        assert!(page.contains("2021 年的 1 份目标"), "{page}");
    }
);

on_both!(
    MIGRATIONS,
    a_file_brings_only_what_the_person_may_fill,
    |test| {
        let clerk = ready(test);
        let before = count(test);
        let refused = |site: &TestSite, text: &str, said: &str| {
            let answer = upload(site, text);
            assert!(answer.text.contains(said), "{said}: {}", answer.text);
            assert!(!answer.text.contains("确认保存"), "{said}");
        };
        // Another unit's project is as if there were none.
        let stranger = TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2"));
        refused(&stranger, &table(&OWN), "项目库里没有「=危险的名称」");
        refused(&clerk, &table(&[["没有的项目", "户数", "1"]]), "没有的项目");
        refused(&clerk, "一,二\n三,四\n", "找不到绩效目标");
        refused(&clerk, &table(&[OWN[0], OWN[0]]), "没有保存");
        // What was handed in to the head of the unit is not changed behind the head's back.
        let id = begin(&clerk, sample::BARE, "empty");
        let answer = save(&clerk, &id, &typed(1, "save", GOAL, &LINES));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        command(
            test,
            Role::UnitClerk,
            "u-1",
            Order::Plain(Verb::HandIn),
            None,
            &id,
        );
        refused(&clerk, &table(&OWN), "已提交负责人");
        let version = stored(test, &id).version;
        assert_eq!(count(test), before + 1);

        // What changed between the preview and the confirmation is looked at again.
        let head = TestSite::logged_in_as(test, Role::UnitHead, Some("u-1"));
        let shown = upload(&head, &table(&OWN));
        let path = confirmation(&shown.text);
        let answer = save(
            &head,
            &id,
            &typed(version, "save", "完成一千户改造。", &LINES),
        );
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let late = head.post(&path, "");
        assert!(late.text.contains("又有变动"), "{}", late.text);
        assert_eq!(stored(test, &id).target.goal, "完成一千户改造。");

        for (role, place, code, status) in [
            (Role::SectionReviewer, Some("s-1"), "001", StatusCode::OK),
            (
                Role::SectionReviewer,
                Some("s-2"),
                "001",
                StatusCode::NOT_FOUND,
            ),
            (Role::UnitClerk, Some("u-2"), "001", StatusCode::NOT_FOUND),
            (Role::PerformanceAdmin, None, "001", StatusCode::OK),
            (Role::PerformanceAdmin, None, "999", StatusCode::NOT_FOUND),
            (Role::Expert, None, "001", StatusCode::FORBIDDEN),
        ] {
            let site = TestSite::logged_in_as(test, role, place);
            let path = format!("/targets/files/workbook?unit={code}&year=2021");
            assert_eq!(site.get(&path).status, status, "{role:?} {place:?} {code}");
            let text = table(&OWN);
            let fills = upload(&site, &text).status;
            let expected = if role == Role::UnitClerk {
                StatusCode::OK
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(fills, expected, "{role:?}");
        }
    }
);
