//! The metrics and their records, as a person reads them.

use axum::http::StatusCode;
use db::on_both;
use db::testing::TestDb;
use domain::metrics::DEFINITIONS;

use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::TestSite;

fn site(test: &TestDb) -> TestSite {
    test.db.write_blocking(sample::write).unwrap();
    TestSite::logged_in(test)
}

on_both!(MIGRATIONS, every_figure_has_a_page_and_a_file, |test| {
    let site = site(test);
    let answer = site.get("/metrics?year=2020");
    assert_eq!(answer.status, StatusCode::OK);
    for definition in DEFINITIONS {
        let also = definition.also.iter();
        let names = also.map(|figure| format!("{}/{}", definition.id, figure.name));
        for key in std::iter::once(definition.id.to_owned()).chain(names) {
            let path = crate::metrics::figure::path(&key);
            let href = format!("{path}?year=2020");
            assert!(answer.text.contains(&format!("href=\"{href}\"")), "{key}");
            assert_eq!(site.get(&href).status, StatusCode::OK, "{key}");
            let file = site.get(&format!("{href}&format=csv"));
            assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        }
    }
});

#[test]
fn last_years_value_stands_beside_this_years() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    let html = site.get("/metrics.csv?year=2020").text;
    let line = html.lines().find(|line| line.contains(",P3.3,")).unwrap();
    assert!(
        line.starts_with("过程管控,P3.3,财政重点绩效评价数,1 个,项目 1,0 个,"),
        "{line}"
    );
    let answer = site.get("/metrics.xlsx?year=2020");
    assert!(answer.bytes.starts_with(b"PK"));
}

#[test]
fn what_does_not_count_comes_first_and_leads_to_its_life() {
    let test = TestDb::sqlite(MIGRATIONS);
    let html = site(&test).get("/metrics/P4.2?year=2020").text;
    // One of two projects with money has an approved target.
    assert!(html.contains(">50%<"));
    assert!(html.contains("计入 1 条 ÷ 全部 2 条"));
    let missed = html.find(&format!("/objects/{}?", sample::BARE)).unwrap();
    let counted = html.find(&format!("/objects/{}?", sample::FULL)).unwrap();
    assert!(missed < counted);
    assert!(html.contains("</svg>未计入") && html.contains("</svg>计入"));
}

#[test]
fn a_part_narrows_the_list_and_its_file() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    let project = "part=%E9%A1%B9%E7%9B%AE";
    let policy = "part=%E6%94%BF%E7%AD%96";
    let records = |part: &str| {
        let path = format!("/metrics/P3.3?year=2020&{part}&format=csv");
        site.get(&path).text.lines().count() - 1
    };
    assert_eq!((records(""), records(project), records(policy)), (1, 1, 0));
    let answer = site.get(&format!("/metrics/P3.3?year=2020&{policy}"));
    assert!(answer.text.contains("这个类别没有记录"));
    let answer = site.get("/metrics/P3.3?part=nobody");
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[test]
fn an_unknown_figure_is_not_found() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    for path in ["/metrics/P9.9", "/metrics/P3.3/x", "/metrics/x?format=csv"] {
        assert_eq!(site.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn the_side_sheet_gets_the_part_and_not_the_page() {
    let test = TestDb::sqlite(MIGRATIONS);
    let html = site(&test)
        .send_with("GET", "/metrics/P3.3", "", &[("hx-request", "true")])
        .text;
    assert!(!html.contains("<html"));
    assert!(html.contains("id=\"sheet-title\"") && html.contains("data-close"));
}

#[test]
fn a_unit_leads_to_the_list_of_its_objects() {
    let test = TestDb::sqlite(MIGRATIONS);
    let html = site(&test).get("/metrics/P4.1?year=2020").text;
    assert!(
        html.contains("href=\"/objects?year=2020&#38;department=u-1\""),
        "{html}"
    );
}
