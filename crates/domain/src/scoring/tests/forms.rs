//! Filed forms and their scores.

use super::*;
use crate::form::{Field, Form, FormKind, IndicatorRow, Money, MoneyRow, MoneyUnit};
use crate::verify::verify;

fn field(printed: &str) -> Field {
    Field {
        printed: printed.to_owned(),
        value: Some(printed.to_owned()).filter(|text| !text.is_empty()),
        place: "E9".to_owned(),
    }
}

fn number(printed: &str) -> Field<Decimal> {
    Field {
        printed: printed.to_owned(),
        value: printed.parse().ok(),
        place: "F9".to_owned(),
    }
}

/// A row: target, actual, points, printed score.
fn row(target: &str, actual: &str, weight: &str, score: &str) -> IndicatorRow {
    IndicatorRow {
        place: "A9".to_owned(),
        level1: Some(field("产出指标")),
        level2: Some(field("数量指标")),
        level3: Some(field(&format!("指标 {target}"))),
        target: Some(field(target)),
        actual: Some(field(actual)),
        weight: Some(number(weight)),
        score: Some(number(score)),
        ..IndicatorRow::default()
    }
}

fn form(execution: Option<[&str; 3]>, rows: Vec<IndicatorRow>) -> Form {
    let total = execution.map(|[adjusted, executed, weight]| MoneyRow {
        adjusted: Some(number(adjusted)),
        executed: Some(number(executed)),
        weight: Some(number(weight)),
        ..MoneyRow::default()
    });
    Form {
        kind: FormKind::ProjectSelfEvaluation,
        title: None,
        fiscal_year: Some(Field {
            printed: "2021".to_owned(),
            value: Some(2021),
            place: String::new(),
        }),
        region: None,
        department: None,
        unit: None,
        project_name: Some(field("样例项目")),
        money: Money {
            unit: Some(Field {
                printed: "万元".to_owned(),
                value: Some(MoneyUnit::WanYuan),
                place: String::new(),
            }),
            total,
            ..Money::default()
        },
        objectives: None,
        actual_summary: None,
        indicators: rows,
        total_weight: None,
        total_score: None,
        grade: None,
        texts: Vec::new(),
    }
}

/// Scores one row of 90 points beside a full execution of 10; the row's points and method.
fn scored_row(row: IndicatorRow) -> (Option<Centi>, String) {
    let form = form(Some(["100", "100", "10"]), vec![row]);
    let receipt = score_form(default_pack(), &form, "样例.xlsx")
        .unwrap()
        .unwrap();
    verify(&serde_json::to_value(&receipt).unwrap()).unwrap();
    let line = &receipt.receipt.root.children[1];
    (line.points, line.method.to_string())
}

#[test]
fn every_kind_of_value_on_a_form_is_scored_or_left_open() {
    for (target, actual, printed, points, method) in [
        ("≥500人", "487人", "", "87.66", "quantity"),
        ("≥1.2万亩", "6000亩", "", "45.00", "quantity"),
        ("≤30万元", "33万元", "", "81.82", "quantity"),
        ("=0起", "1起", "", "0.00", "quantity"),
        ("1次/月", "9次/年", "", "67.50", "quantity"),
        ("18—54周岁", "35", "", "90.00", "range"),
        ("18—54周岁", "60", "", "0.00", "range"),
        ("9月前", "7月", "", "90.00", "date"),
        ("2021年6月", "7月", "", "0.00", "date"),
        ("2021年底", "按时完成", "", "90.00", "yes_no"),
        ("是", "是", "", "90.00", "yes_no"),
        ("是", "否", "", "0.00", "yes_no"),
        ("有效", "达成预期指标", "", "90.00", "quality"),
        ("有效", "达成预期指标", "80", "80.00", "quality"),
        ("有效", "达成预期指标", "60", "90.00", "quality"),
        ("显著提升", "部分达成", "60", "60.00", "quality"),
        ("显著提升", "部分达成", "88", "", "quality"),
        ("有效", "未完成", "20", "20.00", "quality"),
        ("好坏", "好坏", "90", "", "open"),
        ("≥500人", "完成", "90", "", "open"),
        ("≥500人", "", "90", "", "open"),
        ("", "", "90", "", "open"),
        ("292%", "95%", "90", "", "open"),
        ("≥500人", "500户", "90", "", "open"),
        ("≥-5%", "-3%", "90", "", "open"),
    ] {
        let found = scored_row(row(target, actual, "90", printed));
        let expected = (!points.is_empty()).then(|| centi(points));
        assert_eq!(found, (expected, method.to_owned()), "{target} → {actual}");
    }
}

#[test]
fn an_open_line_says_why() {
    let form = form(
        Some(["100", "100", "10"]),
        vec![row("≥500人", "完成", "90", "90")],
    );
    let receipt = score_form(default_pack(), &form, "a").unwrap().unwrap();
    assert_eq!(receipt.total, None);
    assert_eq!(
        receipt.receipt.root.children[1].sentence.as_deref(),
        Some("指标值是数字，完成值「完成」不是，请填写实际完成的数字。")
    );
}

#[test]
fn forms_without_an_execution_row_with_20_points_and_with_five_times_20_are_scored() {
    let rows = |weights: &[&str]| -> Vec<IndicatorRow> {
        weights
            .iter()
            .map(|weight| row("≥10人", "9人", weight, ""))
            .collect()
    };
    for (execution, weights, total) in [
        (Some(["100", "85", "10"]), &["50", "30", "10"][..], "89.50"),
        (Some(["100", "85", "20"]), &["40", "40"][..], "89.00"),
        (Some(["100", "85", ""]), &["90"][..], "89.50"),
        (None, &["20", "20", "20", "20", "20"][..], "90.00"),
        (
            Some(["100", "85", ""]),
            &["20", "20", "20", "20", "20"][..],
            "90.00",
        ),
        (
            Some(["100", "85", "10"]),
            &["22.5", "22.5", "22.5", "22.5"][..],
            "89.50",
        ),
    ] {
        let form = form(execution, rows(weights));
        let receipt = score_form(default_pack(), &form, "a").unwrap().unwrap();
        assert_eq!(
            receipt.total,
            Some(centi(total)),
            "{execution:?} {weights:?}"
        );
    }
}

#[test]
fn a_form_that_cannot_be_scored_says_why_in_chinese() {
    let with = |execution, rows| score_form(default_pack(), &form(execution, rows), "a");
    let one = |weight| vec![row("≥10人", "9人", weight, "")];
    for (refused, words) in [
        (
            with(Some(["100", "85", "10"]), one("80")),
            "共 90.00 分，不是 100 分",
        ),
        (with(None, one("90")), "没有年度资金总额"),
        (with(Some(["100", "", "10"]), one("90")), "全年执行数没有填"),
        (
            with(Some(["x", "85", "10"]), one("90")),
            "全年预算数写的是「x」",
        ),
        (with(Some(["0", "85", "10"]), one("90")), "全年预算数为 0"),
        (
            with(Some(["100", "85", "10"]), one("九十")),
            "分值写的是「九十」",
        ),
    ] {
        let message = refused.unwrap_err().to_string();
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_form_without_points_has_no_score() {
    let mut bare = row("≥10人", "9人", "", "");
    assert_eq!(
        score_form(default_pack(), &form(None, vec![bare.clone()]), "a"),
        Ok(None)
    );
    bare.weight = Some(number("100"));
    let mut table = form(None, vec![bare]);
    table.kind = FormKind::ProjectTarget;
    assert_eq!(score_form(default_pack(), &table, "a"), Ok(None));
}

#[test]
fn rows_without_points_are_not_counted() {
    let mut part = row("≥1.5亩", "1.5亩", "", "");
    part.level3 = Some(field("其中：桃树"));
    let form = form(
        Some(["100", "100", "10"]),
        vec![row("≥3亩", "3亩", "90", "90"), part],
    );
    let receipt = score_form(default_pack(), &form, "a").unwrap().unwrap();
    assert_eq!(receipt.total, Some(centi("100")));
    assert_eq!(receipt.receipt.root.children.len(), 2);
}

#[test]
fn the_columns_of_a_target_are_put_together_again() {
    let mut split = row("266", "≥266米", "90", "90");
    split.operator = Some(field("≥"));
    split.unit = Some(field("米"));
    let form = form(Some(["100", "100", "10"]), vec![split]);
    let receipt = score_form(default_pack(), &form, "a").unwrap().unwrap();
    let line = &receipt.receipt.root.children[1];
    assert_eq!(line.operand("target_text").as_deref(), Some("≥266米"));
    assert_eq!(line.points, Some(centi("90")));
}
