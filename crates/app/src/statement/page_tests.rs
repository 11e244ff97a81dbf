//! The statement's page and files.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use db::on_both;
use db::testing::TestDb;

use super::Format;
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::TestSite;

fn site(test: &TestDb) -> TestSite {
    test.db.write_blocking(sample::write).unwrap();
    TestSite::logged_in(test)
}

on_both!(
    MIGRATIONS,
    every_figure_on_the_sheet_leads_to_its_records,
    |test| {
        let site = site(test);
        let answer = site.get("/statement?year=2020");
        assert_eq!(answer.status, StatusCode::OK);
        let mut figures = 0;
        for piece in answer.text.split("<a class=\"figure").skip(1) {
            let (_, rest) = piece.split_once("href=\"").unwrap();
            let (href, _) = rest.split_once('"').unwrap();
            let href = href.replace("&amp;", "&");
            assert_eq!(site.get(&href).status, StatusCode::OK, "{href}");
            figures += 1;
        }
        assert!(figures > 30, "{figures}");
    }
);

#[test]
fn the_margin_says_what_is_missing_and_the_figures_hint_tells_both_years() {
    let test = TestDb::sqlite(MIGRATIONS);
    let html = site(&test).get("/statement?year=2020").text;
    assert!(html.contains("未定稿") && html.contains("缺数据"));
    assert!(html.contains("href=\"#section-1\"") && html.contains("id=\"section-1\""));
    assert!(
        html.contains("；2020 年：1；2019 年：0\""),
        "the part 项目 of P3.3"
    );
    assert!(!html.contains("style="), "nothing stands inline");
}

#[test]
fn each_format_is_a_file_named_after_its_year() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    for format in Format::ALL {
        let path = format!("/statement/export?year=2020&format={}", format.ending());
        let answer = site.get(&path);
        if format == Format::Pdf && !cfg!(feature = "pdf") {
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            continue;
        }
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.headers[CONTENT_TYPE], format.media_type());
        let name = format!("statement-2020.{}", format.ending());
        let said = answer.headers[CONTENT_DISPOSITION].to_str().unwrap();
        assert!(
            said.starts_with("attachment") && said.ends_with(&name),
            "{said}"
        );
    }
    for path in ["/statement/export", "/statement/export?format=exe"] {
        assert_eq!(site.get(path).status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[test]
fn a_database_without_data_says_how_to_begin() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::logged_in(&test);
    let answer = site.get("/statement");
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("还没有年度数据"));
    assert_eq!(site.get("/metrics").status, StatusCode::OK);
}
