//! The list and one object's life, as a person reads them.

use axum::http::StatusCode;
use db::on_both;
use db::testing::TestDb;

use super::store;
use crate::database::MIGRATIONS;
use crate::permission::Reach;
use crate::serve::sample;
use crate::serve::testing::TestSite;

fn site(test: &TestDb) -> TestSite {
    test.db.write_blocking(sample::write).unwrap();
    TestSite::logged_in(test)
}

/// Names of the objects in the order in which a page lists them.
fn listed(site: &TestSite, path: &str) -> Vec<&'static str> {
    let answer = site.get(path);
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let mut found: Vec<(usize, &'static str)> = [sample::FULL, sample::BARE, sample::WHOLE]
        .into_iter()
        .filter_map(|id| Some((answer.text.find(&format!("/objects/{id}?"))?, id)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, id)| id).collect()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    test.db
        .read_blocking(|tx| {
            let all = [store::list::STATEMENTS, store::life::STATEMENTS];
            all.into_iter()
                .flatten()
                .try_for_each(|sql| tx.prepare(*sql))
        })
        .unwrap();
});

on_both!(MIGRATIONS, the_list_is_narrowed_by_what_is_chosen, |test| {
    let site = site(test);
    let (full, bare, whole) = (sample::FULL, sample::BARE, sample::WHOLE);
    let cases: &[(&str, &[&str])] = &[
        ("", &[whole, full, bare]),
        ("kind=project", &[full, bare]),
        ("section=s-1&kind=project", &[full, bare]),
        ("section=other", &[]),
        ("department=u-1&kind=department", &[whole]),
        ("book=general_public", &[full, bare]),
        ("book=gov_fund", &[]),
        ("grade=%E4%BC%98", &[full]),
        ("light=red", &[full]),
        ("light=none&kind=project", &[bare]),
        ("text=%E6%B1%A1%E6%B0%B4", &[full]),
        ("text=p2", &[bare]),
        ("text=%25", &[]),
        ("open=rectification", &[full]),
        ("open=target", &[bare]),
        ("open=monitoring", &[]),
        ("open=self_evaluation", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(
            listed(&site, &format!("/objects?year=2020&{query}")),
            *expected,
            "{query}"
        );
    }
});

on_both!(MIGRATIONS, the_list_is_sorted_both_ways, |test| {
    let site = site(test);
    let (full, bare, whole) = (sample::FULL, sample::BARE, sample::WHOLE);
    for (sort, expected) in [
        ("unit", [whole, full, bare]),
        ("-unit", [bare, full, whole]),
        ("budget", [bare, full, whole]),
        ("-budget", [whole, full, bare]),
        ("-executed", [whole, full, bare]),
        ("-score", [full, whole, bare]),
        ("score", [full, bare, whole]),
        ("light", [full, bare, whole]),
    ] {
        assert_eq!(
            listed(&site, &format!("/objects?sort={sort}")),
            expected,
            "{sort}"
        );
    }
});

on_both!(
    MIGRATIONS,
    pages_follow_each_other_without_gap_or_double,
    |test| {
        test.db.write_blocking(sample::write).unwrap();
        let filter = store::list::Filter {
            region_code: "510683".into(),
            reach: Reach {
                is_region: true,
                ..Reach::default()
            },
            year: 2020,
            ..Default::default()
        };
        for key in [
            store::list::Key::Unit,
            store::list::Key::Score,
            store::list::Key::Rate,
        ] {
            for is_down in [false, true] {
                let filter = filter.clone();
                let order = store::list::Order { key, is_down };
                let (whole, pieces) = test
                    .db
                    .read_blocking(move |tx| {
                        let whole = store::list::page(tx, &filter, order, None, 100)?.0;
                        let mut pieces: Vec<store::list::Line> = Vec::new();
                        for _ in 0..whole.len() {
                            let after = pieces.last().map(|last| web::query::Cursor {
                                key: last.sort_key.clone(),
                                id: last.id.clone(),
                            });
                            let page = store::list::page(tx, &filter, order, after.as_ref(), 1)?;
                            pieces.extend(page.0);
                        }
                        Ok::<_, db::Error>((whole, pieces))
                    })
                    .unwrap();
                assert_eq!(whole.len(), 3);
                assert_eq!(whole, pieces, "{order:?}");
            }
        }
    }
);

#[test]
fn the_foot_counts_a_department_once() {
    let test = TestDb::sqlite(MIGRATIONS);
    let page = site(&test).get("/objects?year=2020").text;
    assert!(page.contains("共 3 项（部门整体 1 项不重复计入合计）"));
    // 123.456789 + 10 − 3 + 8.9974 万元, once.
    assert!(page.contains("1,394,541.89 元"), "the sum of all projects");
}

#[test]
fn the_file_has_the_grids_rows_and_no_formula() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    let answer = site.get("/objects.csv?year=2020&kind=project");
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = answer.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1].starts_with(&format!(
        "{},绵竹市住房和城乡建设局,项目,130.46,60.00,45.99%,",
        sample::LONG_NAME
    )));
    assert!(lines[2].starts_with("'=危险的名称,"));
}

on_both!(MIGRATIONS, an_object_shows_its_whole_life, |test| {
    let text = site(test).get("/objects/o-1?year=2020").text;
    for expected in [
        sample::LONG_NAME,
        "事前绩效评估（2020 年预算）",
        "绩效目标（2020 年）",
        "重点绩效监控（2020 年 1–7 月）",
        "绩效自评（2019 年支出）",
        "财政重点评价（2019 年支出）",
        "整改（绵财绩整〔2020〕1号）",
        "结果应用（2021 年预算）",
        "管网接入户数少于预期",
        "限 2020-10-31",
        "href=\"#r-se-1\"",
        "id=\"receipt-se-1\"",
        "45.99%",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    // The work of 2020 is open, that of other years is not.
    assert!(text.contains("id=\"r-se-1\" open"));
    assert!(!text.contains("id=\"r-t-19\" open"));
});

on_both!(
    MIGRATIONS,
    a_department_has_the_money_of_its_projects,
    |test| {
        let text = site(test).get("/objects/o-9").text;
        // 130.456789 + 8.9974 万元
        assert!(text.contains("1,394,541.89 元"));
        assert!(text.contains("部门整体的资金是所属各项目之和"));
    }
);

#[test]
fn an_object_without_records_shows_its_money_alone() {
    let test = TestDb::sqlite(MIGRATIONS);
    let answer = site(&test).get("/objects/o-2");
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("89,974.00 元"));
    assert!(!answer.text.contains("class=\"card record\""));
}

#[test]
fn an_unknown_object_is_not_found() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    for id in ["o-3", "O-1", "%27", "o-1%00"] {
        assert_eq!(
            site.get(&format!("/objects/{id}")).status,
            StatusCode::NOT_FOUND,
            "{id}"
        );
    }
}

#[test]
fn the_workbook_has_numbers_where_the_grid_has_them() {
    let test = TestDb::sqlite(MIGRATIONS);
    let answer = site(&test).get("/objects.xlsx?year=2020&kind=project");
    assert_eq!(answer.status, StatusCode::OK);
    let book = office::workbook::open(&answer.bytes, &office::workbook::Limits::default()).unwrap();
    let rows = &book.sheets[0].rows;
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[1][3],
        office::workbook::Cell::Number("130.46".to_owned())
    );
    assert_eq!(
        rows[2][0],
        office::workbook::Cell::Text("=危险的名称".to_owned())
    );
}
