//! The receipt as a part of a page, its recomputation and its file.

use axum::http::StatusCode;
use db::testing::TestDb;
use domain::receipt::Receipt;
use web::query::Query;

use super::ReceiptPart;
use crate::database::MIGRATIONS;
use crate::serve::sample;
use crate::serve::testing::TestSite;

fn site() -> (TestDb, TestSite) {
    let test = TestDb::sqlite(MIGRATIONS);
    let site = TestSite::logged_in(&test);
    (test, site)
}

fn form(json: &str) -> String {
    let fields = Query::new().with("receipt", json).at("");
    fields.trim_start_matches('?').to_owned()
}

#[test]
fn the_part_names_the_losses_from_the_largest_on() {
    let json = sample::receipt().to_json().unwrap();
    let html = ReceiptPart::new("r", &json, "").unwrap().to_string();
    // 执行 487 of 500: 0.26; 487处 of 500处: 0.09.
    let first = html.find("title=\"预算执行率\"").unwrap();
    let second = html.find("title=\"第1类设施建设数量\"").unwrap();
    assert!(first < second);
    assert!(html.contains("99.65"));
    assert!(html.contains("财预〔2020〕10号"));
    assert_eq!(html.matches("<tbody").count(), 26);
}

#[test]
fn a_receipt_is_recomputed_and_a_changed_digit_is_found() {
    let (_test, site) = site();
    let json = sample::receipt().to_json().unwrap();
    let answer = site.post("/receipts/verification", &form(&json));
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("复核一致"));
    let forged = json.replacen("99.65", "99.95", 1);
    assert_ne!(forged, json);
    let answer = site.post("/receipts/verification", &form(&forged));
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("复核不一致"));
    let answer = site.post("/receipts/verification", &form("<b>"));
    assert!(answer.text.contains("这不是一份回执"));
    assert!(answer.text.contains("&#60;b&#62;") && !answer.text.contains("<b>\n"));
}

#[test]
fn the_file_is_the_receipt_to_the_last_digit() {
    let (_test, site) = site();
    let receipt = sample::receipt();
    let answer = site.post("/receipts/file", &form(&receipt.to_json().unwrap()));
    assert_eq!(answer.status, StatusCode::OK);
    let disposition = answer.headers["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename*=UTF-8''"));
    assert_eq!(
        serde_json::from_str::<Receipt>(&answer.text).unwrap(),
        receipt
    );
    let answer = site.post("/receipts/file", "receipt=nothing");
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn the_page_to_recompute_a_pasted_receipt_opens() {
    let (_test, site) = site();
    assert!(
        site.get("/receipts/verification")
            .text
            .contains("复核得分回执")
    );
}
