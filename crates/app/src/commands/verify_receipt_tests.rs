use domain::number::{Centi, Fen};
use domain::rulepack;
use domain::scoring::{BudgetExecution, ObjectKind, ScoreInput, score};

use super::*;

/// A receipt of execution alone: 85 of 100.
fn receipt() -> String {
    let input = ScoreInput {
        kind: ObjectKind::Project,
        name: "样例项目".into(),
        budget: vec![BudgetExecution {
            adjusted_fen: Fen(10_000),
            executed_fen: Fen(8_500),
        }],
        execution_weight: Centi::HUNDRED,
        indicators: Vec::new(),
        deductions: Vec::new(),
    };
    let scored = score(rulepack::default_pack(), &input).unwrap();
    serde_json::to_string(&scored.receipt("样例.xlsx")).unwrap()
}

#[track_caller]
fn check(text: &str, code: u8, words: &str) {
    let (found, sentence) = match verified(text.as_bytes()) {
        Ok(sentence) => (0, sentence),
        Err(refused) => refused,
    };
    assert_eq!(found, code, "{sentence}");
    assert!(sentence.contains(words), "{sentence}");
}

#[test]
fn good_receipts_are_accepted_alone_or_several_on_lines() {
    let good = receipt();
    check(&good, 0, "第 1 份回执正确：总分 85.00");
    check(&format!("\u{feff}{good}\n{good}\n"), 0, "第 2 份回执正确");
}

#[test]
fn a_changed_receipt_is_refused_with_its_first_differing_node() {
    let good = receipt();
    check(&good.replace(r#""85.00""#, r#""86.00""#), 1, "预算执行率");
    check(
        &good.replace(r#""points":85.00"#, r#""points":86.00"#),
        1,
        "预算执行率",
    );
    check(
        &good.replace("样例.xlsx\",\"rules", "别的.xlsx\",\"rules"),
        1,
        "文件名",
    );
    check(
        &format!("{good}\n{}", good.replace("85.00", "95.00")),
        1,
        "第 2 份回执不正确",
    );
}

#[test]
fn what_is_no_receipt_is_unreadable() {
    check("", 2, "没有回执");
    check("你好", 2, "不是 JSON");
    let twice = receipt().replacen(r#""total":"#, r#""total":1.00,"total":"#, 1);
    check(&twice, 2, "重复的键");
}
