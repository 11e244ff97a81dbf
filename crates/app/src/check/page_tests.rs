//! Uploading forms, as a person sees it.

use axum::http::StatusCode;
use db::testing::TestDb;
use office::workbook::{self, Limits};

use crate::database::MIGRATIONS;
use crate::serve::testing::TestSite;

/// A self-evaluation whose sources do not make its total, and that gives full points to what was
/// not reached.
const FORM: &[u8] = include_bytes!("page_test_form.csv");

/// A database that nothing is ever written to but sessions.
fn empty() -> TestDb {
    TestDb::sqlite(MIGRATIONS)
}

#[test]
fn the_empty_page_says_what_can_be_uploaded() {
    let test = empty();
    let answer = TestSite::logged_in(&test).get("/check");
    assert_eq!(answer.status, StatusCode::OK);
    for part in [
        "拖到这里",
        "每个不超过 20 MB",
        "一次最多 20 个",
        "检查后，这里列出",
        "name=\"form_token\"",
    ] {
        assert!(answer.text.contains(part), "{part}");
    }
    for pack in domain::rulepack::builtin_packs() {
        let option = format!("<option value=\"{}\"", pack.id);
        assert!(answer.text.contains(&option), "{}", pack.id);
    }
}

#[test]
fn a_form_gets_its_findings_with_cells_and_its_score_with_a_receipt() {
    let test = empty();
    let answer =
        TestSite::logged_in(&test).upload("/check", "national-2020", &[("自评表.csv", FORM)]);
    assert_eq!(answer.status, StatusCode::OK);
    for part in [
        "检查了 1 张表：错误 1 个，提醒 1 个，提示 0 个",
        "农村饮水安全巩固提升",
        "绵竹市水利局",
        "data-copy>E6<",
        "data-copy>G9<",
        "V07 资金来源合计等于总额",
        "class=\"receipt\"",
        "下载回执",
    ] {
        assert!(answer.text.contains(part), "{part}");
    }
    // 9.74 + 20 × 487 ÷ 500 + 20 + 10 + 30 + 10
    assert!(answer.text.contains(">99.22<"));
}

#[test]
fn the_chosen_rules_are_used_and_unknown_ones_are_refused() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    let answer = site.upload("/check", "linear-cap", &[("a.csv", FORM)]);
    let name = &domain::rulepack::builtin("linear-cap").unwrap().name;
    assert!(answer.text.contains(&format!("按“{name}”计分")));
    let answer = site.upload("/check", "nobody", &[("a.csv", FORM)]);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn a_bad_file_gives_a_page_that_says_what_to_do() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    let encrypted = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat();
    let cases: [(&str, &[u8], &str); 6] = [
        ("empty.xlsx", b"", "文件是空的"),
        ("broken.xlsx", b"PK\x03\x04broken", "文件已损坏"),
        ("old.xls", &encrypted, "文件"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n0000", "不是电子表格"),
        ("list.csv", "a,b\n1,2\n".as_bytes(), "找不到绩效表"),
        ("x.json", b"{\"a\":", "JSON"),
    ];
    for (name, bytes, sentence) in cases {
        let answer = site.upload("/check", "", &[(name, bytes)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.text.contains(sentence), "{name}");
        assert!(answer.text.contains(name), "{name}");
        assert!(!answer.text.contains("系统出错"), "{name}");
    }
}

#[test]
fn a_bad_file_beside_a_good_one_spoils_nothing() {
    let test = empty();
    let answer =
        TestSite::logged_in(&test).upload("/check", "", &[("bad.xlsx", b""), ("good.csv", FORM)]);
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("文件是空的"));
    assert!(answer.text.contains("检查了 1 张表"));
}

#[test]
fn nothing_chosen_and_too_many_files_are_told_on_the_page() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    let answer = site.upload("/check", "", &[("", b"")]);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("还没有选择文件"));
    let many = vec![("a.csv", b"1".as_slice()); super::upload::MOST_FILES + 1];
    let answer = site.upload("/check", "", &many);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("一次最多检查 20 个文件"));
}

#[test]
fn what_is_too_large_is_refused_with_a_page() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    let large = vec![b'a'; (20 << 20) + 1];
    let answer = site.upload("/check", "", &[("large.csv", &large)]);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("超过 20 MB 的上限"));
    let larger = vec![b'a'; 33 << 20];
    let answer = site.upload("/check", "", &[("larger.csv", &larger)]);
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("一次最多上传 32 MB"));
}

#[test]
fn an_upload_without_its_token_is_refused_before_its_files_are_read() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    let file: [(&str, &[u8]); 1] = [("a.csv", FORM)];
    for fields in [
        [("rules", "")].as_slice(),
        &[("form_token", "")],
        &[("form_token", "0000")],
    ] {
        let answer = site.upload_with("/check", fields, &file);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{fields:?}");
        assert!(!answer.text.contains("农村饮水"));
    }
    let answer = site.send("POST", "/check", "form_token=0");
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = site.send("POST", "/check/findings", "rows=[]");
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[test]
fn who_uploads_without_pause_must_wait() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    for _ in 0..30 {
        let answer = site.upload("/check", "", &[("a.csv", b"1")]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = site.upload("/check", "", &[("a.csv", b"1")]);
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.headers.contains_key("retry-after"));
}

#[test]
fn a_files_name_is_text_and_is_shortened() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    let answer = site.upload("/check", "", &[("<script>alert(1)</script>.csv", FORM)]);
    assert!(!answer.text.contains("<script>alert"));
    let long = format!("{}末尾.csv", "很长的名字".repeat(30));
    let answer = site.upload("/check", "", &[(&long, FORM)]);
    assert!(answer.text.contains("…"));
    assert!(answer.text.contains("末尾.csv</th>"));
    assert!(answer.text.contains(&format!("title=\"{long}\"")));
    let answer = site.upload("/check", "", &[("C:\\秘密\\自评.csv", FORM)]);
    assert!(!answer.text.contains("秘密"));
}

/// The URL-encoded findings that a page carries.
fn findings() -> String {
    let row = [
        "自评表.csv",
        "项目支出绩效自评表",
        "=1+1",
        "错误",
        "E6",
        "-改正",
        "487",
        "480",
        "V07",
        "资金来源合计等于总额",
    ];
    let json = serde_json::to_string(&[row]).unwrap();
    let address = web::query::Query::new().with("rows", json).at("");
    address.trim_start_matches('?').to_owned()
}

#[test]
fn the_findings_are_saved_as_csv_without_formulas() {
    let test = empty();
    let answer =
        TestSite::logged_in(&test).post("/check/findings", &format!("{}&format=csv", findings()));
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        answer
            .text
            .contains("文件,表,名称,程度,位置,说明,表上,应为,规则,规则名称")
    );
    assert!(answer.text.contains(",'=1+1,错误,E6,'-改正,"));
}

#[test]
fn the_findings_are_saved_as_a_workbook_of_texts() {
    let test = empty();
    let answer =
        TestSite::logged_in(&test).post("/check/findings", &format!("{}&format=xlsx", findings()));
    assert_eq!(answer.status, StatusCode::OK);
    let book = workbook::open(&answer.bytes, &Limits::default()).unwrap();
    let cells = &book.sheets[0].rows[1];
    assert_eq!(cells[2], workbook::Cell::Text("=1+1".to_owned()));
    assert_eq!(cells[4], workbook::Cell::Text("E6".to_owned()));
}

#[test]
fn findings_that_are_none_of_ours_are_refused() {
    let test = empty();
    let site = TestSite::logged_in(&test);
    for rows in ["", "x", "[[\"a\"]]", "{}"] {
        let answer = site.post("/check/findings", &format!("rows={rows}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{rows}");
    }
}
