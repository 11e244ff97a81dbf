//! What a person keeps of a list, and what is refused.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use db::on_both;
use db::testing::TestDb;
use domain::permission::Role;

use super::store;
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::{Answer, TestSite};

fn site(test: &TestDb) -> TestSite {
    test.db.write_blocking(sample::write).unwrap();
    TestSite::logged_in(test)
}

fn location(answer: &Answer) -> &str {
    answer.headers[LOCATION].to_str().unwrap()
}

on_both!(MIGRATIONS, every_statement_is_understood, |test| {
    let all = store::STATEMENTS;
    test.db
        .read_blocking(|tx| all.iter().try_for_each(|sql| tx.prepare(*sql)))
        .unwrap();
});

on_both!(MIGRATIONS, each_person_keeps_own_columns, |test| {
    let site = site(test);
    let query = "query=year%3D2020%26kind%3Dproject";
    let fields = format!("{query}&act=keep&column=kind&column=score&column=gone&density=dense");
    let answer = site.post("/lists/objects/layout", &fields);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(location(&answer), "/objects?year=2020&view=-&kind=project");
    let page = site.get("/objects?year=2020").text;
    assert!(page.contains("grid dense"));
    let has_head = |page: &str, label: &str| page.contains(&format!(">{label}</th>"));
    assert!(has_head(&page, "类型") && !has_head(&page, "绩效目标"));
    let file = site.get("/objects.csv?year=2020").text;
    assert!(file.starts_with("\u{feff}名称,类型,自评得分\r\n"), "{file}");
    // Somebody else sees the usual columns.
    let other = TestSite::logged_in_as(test, Role::BudgetOfficer, None);
    assert!(has_head(&other.get("/objects").text, "绩效目标"));
    site.post("/lists/objects/layout", &format!("{query}&act=reset"));
    assert!(has_head(&site.get("/objects").text, "绩效目标"));
});

on_both!(MIGRATIONS, a_list_opens_with_the_usual_view, |test| {
    let site = site(test);
    let keep = |name: &str, query: &str, usual: &str| {
        let fields = format!("name={name}&query={query}{usual}");
        site.post("/lists/objects/views", &fields)
    };
    assert_eq!(
        keep("a", "year%3D2020%26kind%3Dproject", "&is_usual=1").status,
        StatusCode::SEE_OTHER
    );
    let opened = site.get("/objects?year=2019");
    assert_eq!(location(&opened), "/objects?year=2019&view=-&kind=project");
    assert_eq!(site.get("/objects?year=2020&view=-").status, StatusCode::OK);
    // Another usual view takes its place; the first stays as one to choose.
    keep("b", "kind%3Dpolicy", "&is_usual=1");
    assert_eq!(
        location(&site.get("/objects")),
        "/objects?year=2020&view=-&kind=policy"
    );
    let page = site.get("/objects?view=-").text;
    assert!(
        page.contains("year=2020&#38;view=-&#38;kind=project"),
        "{page}"
    );
    site.post("/lists/objects/views/deletion", "name=b&query=");
    assert_eq!(site.get("/objects").status, StatusCode::OK);
});

#[test]
fn what_no_page_of_ours_sends_is_refused_and_nothing_is_kept() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    let long = "x".repeat(21);
    for (path, fields, status) in [
        (
            "/lists/nothing/views",
            "name=a&query=kind%3Dproject",
            StatusCode::NOT_FOUND,
        ),
        (
            "/lists/objects/views",
            "name=&query=kind%3Dproject",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/lists/objects/views",
            "name=a&query=",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "/lists/objects/views",
            "name=a&query=a%0D%0Ab",
            StatusCode::BAD_REQUEST,
        ),
        (
            "/lists/objects/layout",
            "query=%2F%2Fevil.example",
            StatusCode::BAD_REQUEST,
        ),
        (
            "/lists/objects/views",
            &format!("name={long}&query=kind%3Dproject"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        assert_eq!(site.post(path, fields).status, status, "{path} {fields}");
    }
    let forged = site.send(
        "POST",
        "/lists/objects/views",
        "form_token=x&name=a&query=b%3Dc",
    );
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let count = |table: &'static str| {
        let text = match table {
            "view" => "SELECT COUNT(*) AS n FROM list_view",
            _ => "SELECT COUNT(*) AS n FROM list_layout",
        };
        let sql = db::Sql { name: "TEST", text };
        let read = test.db.read_blocking(move |tx| tx.one(sql, &[])?.int("n"));
        read.unwrap()
    };
    assert_eq!((count("view"), count("layout")), (0, 0));
}

#[test]
fn a_person_keeps_at_most_twenty_views() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    let keep = |number: u8| {
        let fields = format!("name=v{number}&query=kind%3Dproject");
        site.post("/lists/objects/views", &fields).status
    };
    for number in 0..20 {
        assert_eq!(keep(number), StatusCode::SEE_OTHER, "{number}");
    }
    assert_eq!(keep(20), StatusCode::UNPROCESSABLE_ENTITY);
    // One that is there already can still be changed.
    assert_eq!(keep(3), StatusCode::SEE_OTHER);
}

#[test]
fn chosen_rows_are_saved_and_those_out_of_reach_are_not() {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = site(&test);
    let rows = |answer: &Answer| {
        let limits = office::workbook::Limits::default();
        let book = office::workbook::open(&answer.bytes, &limits).unwrap();
        book.sheets[0].rows.len() - 1
    };
    let answer = site.post(
        "/objects/selection?year=2020",
        "act=xlsx&id=o-1&id=o-9&id=gone",
    );
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(rows(&answer), 2);
    let none = site.post("/objects/selection?year=2020", "act=xlsx");
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("还没有勾选"));
    let stranger = TestSite::logged_in_as(&test, Role::SectionReviewer, None);
    assert_eq!(
        rows(&stranger.post("/objects/selection?year=2020", "id=o-1")),
        0
    );
    let observer = TestSite::logged_in_as(&test, Role::Observer, None);
    let answer = observer.post("/objects/selection?year=2020", "id=o-1");
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
