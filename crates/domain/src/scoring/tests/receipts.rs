use serde_json::Value;

use super::*;
use crate::receipt::Receipt;
use crate::verify::verify;

/// One receipt for every method that a receipt can name.
fn receipts() -> Vec<Receipt> {
    let mut varied = full_project();
    let with = |attainment, weight: &str| IndicatorInput {
        attainment,
        ..quantity_input("≥", "3", "2", weight)
    };
    varied.indicators = vec![
        with(
            Attainment::Range {
                low: 18.into(),
                high: 54.into(),
                actual: 60.into(),
            },
            "10",
        ),
        with(
            Attainment::Date {
                due_on: "2021-12-31".into(),
                done_on: "2022-01-05".into(),
            },
            "10",
        ),
        with(Attainment::YesNo { done: true }, "10"),
        quality_input(Quality::Partial, "7.50", "12"),
        quantity_input("≤", "0", "2", "8"),
        quantity_input("≥", "100", "500", "40"),
    ];
    varied.deductions = vec![Deduction {
        points: centi("1.5"),
        reason: "逾期报送".into(),
    }];
    let mut open = full_project();
    open.indicators[0].attainment = Attainment::Open {
        why: "完成值没有填。".to_owned(),
    };
    let mut zero = full_project();
    zero.budget = vec![money("0", "0")];
    let capped = builtin("linear-cap").unwrap();
    let items = [FrameworkItem {
        level1: "产出".into(),
        name: "实际完成率".into(),
        weight: centi("80"),
        given: Some(centi("71.3")),
        paid: None,
        reason: "少完成 2 处".into(),
    }];
    vec![
        score(default_pack(), &full_project())
            .unwrap()
            .receipt("1自评表.xlsx"),
        score(capped, &varied).unwrap().receipt("b.json"),
        score(default_pack(), &varied).unwrap().receipt("c2.json"),
        score(default_pack(), &open).unwrap().receipt("d.json"),
        score(default_pack(), &zero).unwrap().receipt("e.json"),
        framework(default_pack(), "重点评价".into(), &items)
            .unwrap()
            .receipt("f.json"),
    ]
}

#[test]
fn every_receipt_is_accepted_and_survives_json() {
    for receipt in receipts() {
        let text = receipt.to_json().unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        verify(&value).unwrap_or_else(|differs| panic!("{differs}\n{text}"));
        assert_eq!(serde_json::from_str::<Receipt>(&text).unwrap(), receipt);
    }
}

#[test]
fn a_receipt_in_which_a_single_digit_was_changed_is_refused() {
    for receipt in receipts() {
        let text = receipt.to_json().unwrap();
        for (place, digit) in text
            .char_indices()
            .filter(|(_, letter)| letter.is_ascii_digit())
        {
            let other = char::from_digit((digit.to_digit(10).unwrap() + 1) % 10, 10).unwrap();
            let mut changed = text.clone();
            changed.replace_range(place..=place, &other.to_string());
            let refused = match serde_json::from_str::<Value>(&changed) {
                Ok(value) => verify(&value).is_err(),
                Err(_) => true,
            };
            assert!(refused, "digit {digit} at {place} of {}", receipt.file);
        }
    }
}

#[test]
fn a_wrong_result_is_refused_even_when_it_was_sealed() {
    let mut root = score(default_pack(), &full_project()).unwrap().root;
    root.children[1].points = Some(centi("15.00"));
    root.points = Some(centi("93.50"));
    let forged = Receipt::seal("x", root);
    let value = serde_json::to_value(&forged).unwrap();
    let differs = verify(&value).unwrap_err();
    assert_eq!(differs.path, "总分 › 第 2 行 指标 ≥50");
    assert_eq!(differs.reason, "写的是 15.00 分，重新计算是 14.40 分");
}

#[test]
fn every_lost_point_has_a_sentence_that_names_it() {
    for receipt in receipts() {
        for line in &receipt.receipt.root.children {
            let Some(lost) = line.lost().filter(|lost| *lost > Centi::ZERO) else {
                continue;
            };
            let sentence = line.sentence.as_deref().unwrap_or_default();
            assert!(
                sentence.contains(&format!("{lost}")) || sentence.contains("扣分"),
                "{sentence}"
            );
        }
    }
}

#[test]
fn sentences_read_like_a_clerk_would_write_them() {
    let root = score(default_pack(), &full_project()).unwrap().root;
    let said: Vec<_> = root
        .children
        .iter()
        .filter_map(|line| line.sentence.as_deref())
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}
