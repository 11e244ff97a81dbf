//! Units on both databases and as a person sees them.

use axum::http::StatusCode;
use db::testing::TestDb;
use db::{Sql, Tx, on_both};
use domain::organisation::{Fate, Filed};
use domain::permission::Role;

use super::{import, store};
use crate::audit;
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::TestSite;

const REGION: &str = "510683";
const NOW: &str = "2020-06-01T08:00:00+08:00";

fn prepared(test: &TestDb) {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)
        })
        .unwrap();
}

fn administrator(test: &TestDb) -> TestSite {
    prepared(test);
    TestSite::logged_in_as(test, Role::SystemAdmin, None)
}

fn filed(code: &str, name: &str, parent: &str) -> Filed {
    Filed {
        place: format!("A{code}"),
        code: code.to_owned(),
        name: name.to_owned(),
        parent_code: parent.to_owned(),
        ..Filed::default()
    }
}

/// Imports the rows for 2020: how many are new, changed, unchanged and rejected.
fn import_rows(tx: &mut Tx<'_>, rows: Vec<Filed>) -> Result<[usize; 4], db::Error> {
    let lines = import::look(tx, REGION, 2020, rows)?;
    import::write(tx, (REGION, "t", NOW), 2020, &lines)?;
    Ok(import::counts(&lines))
}

fn names(tx: &mut Tx<'_>, day: &str) -> Result<Vec<String>, db::Error> {
    let units = store::top_listed(tx, (REGION, day), 2020)?;
    Ok(units.into_iter().map(|one| one.unit.name).collect())
}

on_both!(
    MIGRATIONS,
    an_import_is_whole_or_nothing_and_a_second_one_changes_nothing,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                let good = vec![
                    filed("001", "住建局", ""),
                    filed("001001", "质监站", "001"),
                    filed("001001001", "检测所", "001001"),
                ];
                let mut bad = good.clone();
                bad.push(filed("003", "某局", "999"));
                assert_eq!(import_rows(tx, bad)?, [2, 1, 0, 1]);
                assert_eq!(names(tx, "2020-06-01")?[0], "绵竹市住房和城乡建设局");
                assert_eq!(import_rows(tx, good.clone())?, [2, 1, 0, 0]);
                assert_eq!(import_rows(tx, good)?, [0, 0, 3, 0]);
                // The old year keeps the old name.
                assert_eq!(names(tx, "2019-12-31")?[0], "绵竹市住房和城乡建设局");
                assert_eq!(names(tx, "2020-01-01")?[0], "住建局");
                let below = store::subtree(tx, "u-1", "2020-06-01")?;
                let below: Vec<&str> = below.iter().map(|unit| &*unit.name).collect();
                assert_eq!(below, ["质监站", "检测所"]);
                assert!(store::subtree(tx, "u-1", "2019-06-01")?.is_empty());
                let found = store::search(tx, (REGION, "2020-06-01", 2020), "检测", 10)?;
                assert_eq!(found.len(), 1);
                assert_eq!(found[0].above, ["质监站", "住建局"]);
                assert!(store::search(tx, (REGION, "2020-06-01", 2020), "%", 10)?.is_empty());
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    an_import_never_writes_over_what_a_unit_became_later,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                // Renamed in 2021 by the list of that year; then a list of 2020 comes late.
                let renamed = vec![filed("001", "住建局", "")];
                let lines = import::look(tx, REGION, 2021, renamed)?;
                import::write(tx, (REGION, "t", NOW), 2021, &lines)?;
                let late = vec![filed("001", "建设局", "")];
                assert_eq!(import_rows(tx, late)?, [0, 0, 0, 1]);
                assert_eq!(names(tx, "2021-01-01")?[0], "住建局");
                assert_eq!(names(tx, "2020-12-31")?[0], "绵竹市住房和城乡建设局");
                // The section of the old year may still be set.
                let section = Filed {
                    section: "企业股".to_owned(),
                    ..filed("001", "绵竹市住房和城乡建设局", "")
                };
                assert_eq!(import_rows(tx, vec![section])?, [0, 1, 0, 0]);
                assert_eq!(names(tx, "2021-01-01")?[0], "住建局");
                let units = store::top_listed(tx, (REGION, "2021-01-01"), 2020)?;
                assert_eq!(units[0].section, "企业股");
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    a_unit_that_begins_within_the_year_is_imported_once,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                let begun = |day: &str| Filed {
                    valid_from: day.to_owned(),
                    ..filed("003", "绵竹市数据局", "")
                };
                assert_eq!(import_rows(tx, vec![begun("2021-01-01")])?, [0, 0, 0, 1]);
                assert_eq!(import_rows(tx, vec![begun("2020-03-01")])?, [1, 0, 0, 0]);
                assert_eq!(import_rows(tx, vec![begun("2020-03-01")])?, [0, 0, 1, 0]);
                assert_eq!(names(tx, "2020-02-29")?.len(), 2);
                assert_eq!(names(tx, "2020-03-01")?.len(), 3);
                // Its code is taken for a list of the year before.
                let lines = import::look(tx, REGION, 2019, vec![begun("")])?;
                assert!(matches!(lines[0].fate, Fate::Rejected(_)));
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(
    MIGRATIONS,
    search_knows_a_unit_by_the_name_of_the_day,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                import_rows(tx, vec![filed("001", "住建局ABC", "")])?;
                for (day, text, found) in [
                    ("2019-12-31", "城乡", 1),
                    ("2020-01-01", "城乡", 0),
                    ("2019-12-31", "住建", 0),
                    ("2020-01-01", "住建", 1),
                    ("2020-01-01", "abc", 1),
                    ("2020-01-01", "00", 2),
                    ("2018-12-31", "00", 0),
                ] {
                    let units = store::search(tx, (REGION, day, 2020), text, 10)?;
                    assert_eq!(units.len(), found, "{day} {text}");
                }
                assert!(store::find_code(tx, (REGION, "2020-01-01"), "00")?.is_none());
                assert!(store::find_code(tx, (REGION, "2020-01-01"), "001")?.is_some());
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);

on_both!(MIGRATIONS, a_code_that_lost_its_zeros_is_told, |test| {
    prepared(test);
    test.db
        .read_blocking(|tx| {
            let lines = import::look(tx, REGION, 2020, vec![filed("1", "住建局", "")])?;
            assert!(
                matches!(&lines[0].fate, Fate::Rejected(message) if message.contains("前面的 0"))
            );
            Ok::<_, db::Error>(())
        })
        .unwrap();
});

on_both!(
    MIGRATIONS,
    a_rename_is_shown_confirmed_and_kept_by_year,
    |test| {
        let site = administrator(test);
        let fields = "what=rename&on=2021-03-01&name=%E4%BD%8F%E5%BB%BA%E5%B1%80";
        let answer = site.post("/units/u-1/changes", fields);
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text.contains("2021-02-28") && answer.text.contains("确认更名"));
        let day = |day: &str| site.get(&format!("/units?day={day}")).text;
        assert!(!day("2021-03-01").contains(">住建局<"));
        let answer = site.post("/units/u-1/changes", &format!("{fields}&confirmed=1"));
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(day("2021-03-01").contains(">住建局<"));
        assert!(day("2021-02-28").contains("绵竹市住房和城乡建设局"));
        assert!(
            site.get("/units/u-1")
                .text
                .contains("2019-01-01 至 2021-02-28")
        );
        let again = site.post("/units/u-1/changes", &format!("{fields}&confirmed=1"));
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let outcome = test
            .db
            .read_blocking(|tx| audit::verify(tx, REGION))
            .unwrap();
        assert_eq!(outcome.unwrap().events, 1);
    }
);

on_both!(
    MIGRATIONS,
    a_merged_unit_ends_and_its_successor_is_named,
    |test| {
        let site = administrator(test);
        let fields = "what=merge&on=2021-01-01&other=001&confirmed=1";
        assert_eq!(
            site.post("/units/u-2/changes", fields).status,
            StatusCode::SEE_OTHER
        );
        let text = site.get("/units/u-2?day=2020-12-31").text;
        assert!(text.contains("存续到 2020-12-31") && text.contains("绵竹市住房和城乡建设局"));
        assert!(site.get("/units/u-1").text.contains("承接"));
        assert!(
            !site
                .get("/units?day=2021-01-01")
                .text
                .contains("卫生健康局")
        );
        assert!(
            site.get("/units?day=2020-12-31")
                .text
                .contains("卫生健康局")
        );
    }
);

#[test]
fn only_the_system_administrator_changes_units() {
    let test = TestDb::sqlite(MIGRATIONS);
    prepared(&test);
    for role in Role::ALL {
        let site = TestSite::logged_in_as(&test, role, None);
        let expected = if role == Role::SystemAdmin {
            StatusCode::OK
        } else {
            StatusCode::FORBIDDEN
        };
        let answer = site.post("/units/u-1/changes", "what=close&on=2021-01-01");
        assert_eq!(answer.status, expected, "{role:?}");
        assert_eq!(site.get("/units").status, StatusCode::OK, "{role:?}");
    }
}

#[test]
fn an_upload_is_previewed_and_confirmed_and_a_stale_preview_is_refused() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = administrator(&test);
    let list = "单位编码,单位名称,上级单位编码,级次,归口股室\n\
                001,住建局,,一级,农业股\n001001,质监站,001,二级,\n";
    let upload = || {
        site.upload("/units/import", "", &[("单位.csv", list.as_bytes())])
            .text
    };
    let action = |html: &str| {
        let from = html.find("action=\"/units/import/").unwrap() + 8;
        html[from..].split(['"', '?']).next().unwrap().to_owned()
    };
    let first = upload();
    assert!(first.contains("新增 1，变更 1，未变 0，有误 0") && first.contains("→ 住建局"));
    let second = upload();
    assert_eq!(site.post(&action(&first), "").status, StatusCode::SEE_OTHER);
    assert_eq!(
        site.post(&action(&first), "").status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let stale = site.post(&action(&second), "");
    assert!(stale.text.contains("单位又有变动"), "{}", stale.text);
    assert!(upload().contains("与现有单位一致"));
    let exported = site.get("/units.xlsx?year=2020&day=2020-06-01");
    let again = site.upload(
        "/units/import?year=2020",
        "",
        &[("u.xlsx", &exported.bytes)],
    );
    assert!(again.text.contains("与现有单位一致"), "{}", again.text);
    let other = TestSite::logged_in_as(&test, Role::SystemAdmin, Some("u-1"));
    assert_eq!(
        other.post(&action(&second), "").status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[test]
fn a_file_without_the_columns_says_which() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = administrator(&test);
    for (file, expected) in [
        ("a,b\n1,2\n", "没有找到“单位编码”"),
        ("单位编码,单位名称\n", "没有单位"),
        ("", "文件是空的"),
    ] {
        let answer = site.upload("/units/import", "", &[("x.csv", file.as_bytes())]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}");
        assert!(answer.text.contains(expected), "{file}: {}", answer.text);
    }
}

#[test]
fn a_group_holds_units_by_year() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = administrator(&test);
    let made = site.post("/unit-groups?year=2020", "name=%E4%B9%A1%E9%95%87");
    let place = made.headers["location"].to_str().unwrap().to_owned();
    let group = place.rsplit("group=").next().unwrap().to_owned();
    let add = |code: &str| {
        site.post(
            "/unit-groups?year=2020",
            &format!("group={group}&code={code}"),
        )
        .status
    };
    assert_eq!(add("001"), StatusCode::SEE_OTHER);
    assert_eq!(add("999"), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(site.get(&place).text.contains("1 个单位"));
    assert!(
        site.get(&place.replace("2020", "2019"))
            .text
            .contains("0 个单位")
    );
    assert!(site.get("/units/u-1").text.contains("2020 年 乡镇"));
    // Taking out what is not in it, and putting in what is, changes nothing and says so.
    let events = |test: &TestDb| {
        let sql = Sql {
            name: "EVENTS",
            text: "SELECT COUNT(*) AS n FROM event WHERE action = 'unit_group_changed'",
        };
        test.db
            .read_blocking(move |tx| tx.one(sql, &[])?.int("n"))
            .unwrap()
    };
    let before = events(&test);
    let fields = format!("group={group}&remove=u-none");
    let none = site.post("/unit-groups?year=2020", &fields);
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("不在本年度的分组里"));
    assert_eq!(events(&test), before);
    let same = site.post("/unit-groups?year=2020", "name=%E4%B9%A1%E9%95%87");
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            [
                store::STATEMENTS,
                store::write::STATEMENTS,
                store::group::STATEMENTS,
                store::year::STATEMENTS,
            ]
            .concat()
            .iter()
            .try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

#[test]
fn the_units_are_saved_as_text_and_read_again_as_they_are() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = administrator(&test);
    let saved = site.get("/units.csv?year=2020&day=2020-06-01");
    assert_eq!(saved.headers["content-type"], "text/csv; charset=utf-8");
    assert!(saved.text.starts_with("\u{feff}单位编码,单位名称,"));
    let again = site.upload("/units/import?year=2020", "", &[("u.csv", &saved.bytes)]);
    assert!(again.text.contains("与现有单位一致"), "{}", again.text);
}

const YEARS: Sql = Sql {
    name: "YEARS",
    text: "SELECT year FROM fiscal_year WHERE region_code = $1 ORDER BY year DESC",
};

const SECTIONS: Sql = Sql {
    name: "SECTIONS",
    text: "SELECT unit_id, section_id FROM unit_section WHERE region_code = $1 \
           AND fiscal_year = $2 ORDER BY unit_id",
};

on_both!(
    MIGRATIONS,
    a_target_opens_the_next_year_and_none_behind_it,
    |test| {
        prepared(test);
        test.db
            .write_blocking(|tx| {
                let newest = |tx: &mut Tx<'_>| tx.query(YEARS, &[&REGION])?[0].int("year");
                let sections = |tx: &mut Tx<'_>, year: i64| {
                    let rows = tx.query(SECTIONS, &[&REGION, &year])?;
                    let pairs = rows
                        .iter()
                        .map(|row| Ok((row.text("unit_id")?, row.text("section_id")?)));
                    pairs.collect::<Result<Vec<_>, db::Error>>()
                };
                let last = newest(tx)?;
                let during = |year: i64| format!("{year}-10-08T09:00:00+08:00");
                for (year, now, expected) in [
                    (last + 2, during(last + 1), last),
                    (last + 1, during(last - 1), last),
                    (last + 1, during(last), last + 1),
                    (last + 2, during(last), last + 1),
                ] {
                    store::year::open_next(tx, REGION, year, &now)?;
                    assert_eq!(newest(tx)?, expected, "{year} in {now}");
                }
                let before = sections(tx, last)?;
                assert!(!before.is_empty());
                assert_eq!(sections(tx, last + 1)?, before);
                Ok::<_, db::Error>(())
            })
            .unwrap();
    }
);
