//! The library on both databases.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;
use office::workbook::{self, Limits};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::store::{read, usage, waiting, write};
use super::{import, load_common, new_id};
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::TestSite;

const REGION: &str = "510683";
const NOW: &str = "2020-12-01T09:30:00+08:00";

fn encoded(pairs: &[(&str, &str)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    pairs.join("&")
}

/// The sample with the common indicators.
fn stocked(test: &TestDb) -> TestSite {
    test.db
        .write_blocking(|tx| {
            sample::write(tx)?;
            sample::elsewhere(tx)?;
            load_common(tx, REGION, NOW)
        })
        .unwrap();
    TestSite::logged_in(test)
}

fn search(test: &TestDb, query: &str) -> Vec<String> {
    let query = query.to_owned();
    let asked = read::Asked {
        region: REGION.to_owned(),
        whose: read::Whose::every(),
        ..read::Asked::default()
    };
    let found = test
        .db
        .read_blocking(move |tx| read::search(tx, &asked, &query, 100))
        .unwrap();
    found.into_iter().map(|kept| kept.entry.name).collect()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = [
        read::STATEMENTS,
        usage::STATEMENTS,
        waiting::STATEMENTS,
        write::STATEMENTS,
    ];
    test.db
        .read_blocking(move |tx| {
            let mut all = all.iter().copied().flatten();
            all.try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

on_both!(MIGRATIONS, what_is_typed_finds_the_nearest_first, |test| {
    stocked(test);
    assert_eq!(search(test, "培训 人次")[0], "培训人次");
    assert_eq!(search(test, "农村公路里程")[0], "新建（改建）农村公路里程");
    // Full width, capitals and blanks make no difference.
    assert_eq!(search(test, "６５岁　以上")[0], "65岁以上老年人健康管理率");
    // A single letter finds something too.
    assert!(search(test, "桥").contains(&"危桥改造座数".to_owned()));
    assert_eq!(search(test, "外星人"), Vec::<String>::new());
    assert_eq!(search(test, "，。"), Vec::<String>::new());
    // What stands in the explanation alone comes behind what stands in the name.
    let found = search(test, "满意度");
    assert!(found[0].contains("满意度"), "{found:?}");
});

on_both!(
    MIGRATIONS,
    a_change_is_a_new_version_and_the_old_one_stays,
    |test| {
        let site = stocked(test);
        let id = new_id(REGION, "205-06");
        let page = site.get(&format!("/indicator-library/{id}/change"));
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let mut fields = vec![
            ("version", "1"),
            ("name", "培训教师人数"),
            ("level1", "产出指标"),
            ("level2", "数量指标"),
            ("operator", "≥"),
            ("unit", "人"),
            ("sector", "教育"),
            ("function_class", "205"),
            ("reason", "按人数考核"),
        ];
        let path = format!("/indicator-library/{id}/change");
        let answer = site.post(&path, &encoded(&fields));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let page = site.get(&format!("/indicator-library/{id}"));
        assert!(page.text.contains("第 2 版"), "{}", page.text);
        assert!(page.text.contains("按人数考核"));
        assert!(page.text.contains("培训教师人<del>"), "{}", page.text);
        // It is found by what it says now, and no longer by what it said.
        assert_eq!(search(test, "培训教师人数")[0], "培训教师人数");
        // Whoever opened the old version does not write over the new one.
        fields[1].1 = "教师培训人数";
        let answer = site.post(&path, &encoded(&fields));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("别人保存了新版"), "{}", answer.text);
        let versions = test
            .db
            .read_blocking(move |tx| read::versions(tx, &id))
            .unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[1].by, "");
        assert_eq!(versions[0].by, "绩效股");
    }
);

on_both!(
    MIGRATIONS,
    a_retired_indicator_is_not_found_but_stays,
    |test| {
        let site = stocked(test);
        let id = new_id(REGION, "001-03");
        let path = format!("/indicator-library/{id}/retirement");
        let wish = |version: &str, act: &str, successor: &str| {
            encoded(&[
                ("version", version),
                ("act", act),
                ("successor", successor),
                ("reason", "不再考核"),
            ])
        };
        let answer = site.post(&path, &wish("1", "retire", "999-99"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.text.contains("指标库里没有“999-99”"),
            "{}",
            answer.text
        );
        let answer = site.post(&path, &wish("1", "retire", "001-07"));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(!search(test, "会议次数").contains(&"会议次数".to_owned()));
        let page = site.get(&format!("/indicator-library/{id}"));
        assert!(page.text.contains("请改用"), "{}", page.text);
        assert!(
            site.get("/indicator-library?q=会议次数&retired=1")
                .text
                .contains("已停用")
        );
        let answer = site.post(&path, &wish("2", "restore", ""));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(search(test, "会议次数")[0], "会议次数");
    }
);

on_both!(
    MIGRATIONS,
    what_was_exported_is_imported_unchanged,
    |test| {
        let site = stocked(test);
        let file = site.get("/indicator-library.xlsx");
        assert_eq!(file.status, StatusCode::OK);
        let answer = site.upload_with(
            "/indicator-library/import",
            &[("form_token", &site.form_token())],
            &[("指标库.xlsx", &file.bytes)],
        );
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let all = domain::indicator_library::common().len();
        let told = format!("新增 0，变更 0，未变 {all}，有误 0。");
        assert!(answer.text.contains(&told), "{}", answer.text);
    }
);

const FILED: &str = "指标编码,三级指标,一级指标,二级指标,绩效指标性质,度量单位,领域\n\
    205-06,培训教师人次,产出指标,数量指标,>=,人次（线下）,教育\n\
    Z-01,=HYPERLINK(1),产出指标,数量指标,≥,个,本地\n";

fn upload(site: &TestSite, text: &str) -> String {
    let answer = site.upload_with(
        "/indicator-library/import",
        &[("form_token", &site.form_token())],
        &[("本地.csv", text.as_bytes())],
    );
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.text
}

fn confirm_path(page: &str) -> String {
    let at = page.find("/indicator-library/import/").unwrap();
    let rest = &page[at..];
    rest[..rest.find(['?', '"']).unwrap()].to_owned()
}

on_both!(
    MIGRATIONS,
    a_list_is_written_whole_after_its_preview,
    |test| {
        let site = stocked(test);
        let page = upload(&site, FILED);
        assert!(page.contains("新增 1，变更 1，未变 0，有误 0。"), "{page}");
        assert!(page.contains("度量单位：人次 → 人次（线下）"), "{page}");
        assert!(
            search(test, "HYPERLINK").is_empty(),
            "a preview writes nothing"
        );
        let path = confirm_path(&page);
        let answer = site.post(&path, "");
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let to = answer.headers[LOCATION].to_str().unwrap().to_owned();
        assert!(site.get(&to).text.contains("已导入"));
        assert_eq!(search(test, "hyperlink"), ["=HYPERLINK(1)"]);
        // Twice is once.
        assert_eq!(
            site.post(&path, "").status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        // What somebody typed is text in the file, and no formula.
        let file = site.get("/indicator-library.xlsx?q=hyperlink").bytes;
        let book = workbook::open(&file, &Limits::default()).unwrap();
        let cell = &book.sheets[0].rows[1][3];
        assert_eq!(*cell, workbook::Cell::Text("=HYPERLINK(1)".to_owned()));
    }
);

on_both!(
    MIGRATIONS,
    a_list_with_a_mistake_is_told_its_cell_and_writes_nothing,
    |test| {
        let site = stocked(test);
        let before = test.content();
        let page = upload(&site, &FILED.replace("≥,个", "大概,个"));
        assert!(page.contains("E3"), "{page}");
        assert!(page.contains("指标性质“大概”无法识别"), "{page}");
        assert!(!page.contains("确认导入"));
        let after = test.content();
        assert_eq!(before["indicator_library"], after["indicator_library"]);
        assert_eq!(
            before["indicator_library_import"],
            after["indicator_library_import"]
        );
        // Two new ones that take each other's place can be written in no order.
        let circle = "编码,名称,一级指标,二级指标,指标性质,领域,接替指标编码\n\
        Z-1,甲,产出指标,数量指标,≥,本地,Z-2\nZ-2,乙,产出指标,数量指标,≥,本地,Z-1\n";
        assert!(upload(&site, circle).contains("互相接替"));
    }
);

on_both!(
    MIGRATIONS,
    what_changed_after_the_preview_is_not_written_over,
    |test| {
        let site = stocked(test);
        let path = confirm_path(&upload(&site, FILED));
        let plan = import::common_list();
        assert!(!plan.is_empty());
        let id = new_id(REGION, "205-06");
        let wish = [
            ("version", "1"),
            ("act", "retire"),
            ("successor", ""),
            ("reason", "停"),
        ];
        let answer = site.post(
            &format!("/indicator-library/{id}/retirement"),
            &encoded(&wish),
        );
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let answer = site.post(&path, "");
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("又有变动"), "{}", answer.text);
    }
);

on_both!(MIGRATIONS, a_units_own_indicator_is_its_own, |test| {
    let site = stocked(test);
    let list = "编码,名称,一级指标,二级指标,指标性质,领域,所属单位编码\n\
        Z-1,住建局自编指标,产出指标,数量指标,≥,本地,001\n";
    let path = confirm_path(&upload(&site, list));
    assert_eq!(site.post(&path, "").status, StatusCode::SEE_OTHER);
    let (own, other) = (
        TestSite::logged_in_as(test, Role::UnitClerk, Some("u-1")),
        TestSite::logged_in_as(test, Role::UnitClerk, Some("u-2")),
    );
    let query = "/indicator-library?q=自编指标";
    assert!(own.get(query).text.contains("Z-1"));
    assert!(!other.get(query).text.contains("Z-1"));
    let page = format!("/indicator-library/{}", new_id(REGION, "Z-1"));
    assert_eq!(own.get(&page).status, StatusCode::OK);
    assert_eq!(other.get(&page).status, StatusCode::NOT_FOUND);
    // Whoever only fills keeps nothing.
    assert_eq!(
        own.get("/indicator-library/new").status,
        StatusCode::FORBIDDEN
    );
    assert!(!own.get("/indicator-library").text.contains("新增指标"));
});

on_both!(MIGRATIONS, an_empty_library_says_how_to_begin, |test| {
    test.db.write_blocking(sample::write).unwrap();
    let site = TestSite::logged_in(test);
    let page = site.get("/indicator-library");
    assert!(page.text.contains("指标库还是空的"), "{}", page.text);
    let page = site.post("/indicator-library/common", "");
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let answer = site.post(&confirm_path(&page.text), "");
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(search(test, "培训人次")[0], "培训人次");
    let page = site.get("/indicator-library?sector=教育");
    assert!(page.text.contains("205-01") && !page.text.contains("210-01"));
});
