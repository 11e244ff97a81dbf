//! Money, execution, and groups of amounts.

use super::*;
use crate::finding::Severity::{E, I, W};
use crate::form::{Field, FormKind, MoneyUnit};

pub(super) const CASES: &[Case] = &[
    raises(
        "V07",
        E,
        "sources make 3 hundredths less than the total",
        |form| {
            spend(form, ["", "7165.32", "6992.95"]);
            form.money.sources = ["3144", "570.17", "433", "1426.9", "1591.22"]
                .map(|amount| money_row("资金", ["", amount, ""]))
                .to_vec();
        },
    ),
    raises("V07", E, "the total is 0, the sources are not", |form| {
        spend(form, ["", "0", "0"]);
        form.money.sources = vec![money_row("本年财政拨款", ["", "132.912", "132.912"])];
    }),
    silent("V07", "each of three lines was rounded", |form| {
        spend(form, ["", "100.00", ""]);
        form.money.sources = ["33.33", "33.33", "33.33"]
            .map(|amount| money_row("资金", ["", amount, ""]))
            .to_vec();
    }),
    silent(
        "V07",
        "central and local money are parts of the appropriation",
        |form| {
            spend(form, ["", "100", ""]);
            form.money.sources = [
                ("财政拨款", "80"),
                ("其中：中央", "50"),
                ("地方", "30"),
                ("其他", "20"),
            ]
            .map(|(name, amount)| money_row(name, ["", amount, ""]))
            .to_vec();
        },
    ),
    silent(
        "V07",
        "a source without an amount may hold the rest",
        |form| {
            spend(form, ["", "100", ""]);
            form.money.sources = ["80", "—"]
                .map(|amount| money_row("资金", ["", amount, ""]))
                .to_vec();
        },
    ),
    raises("C07", W, "元 was typed where 万元 stands", |form| {
        spend(form, ["8800000", "880", ""]);
    }),
    raises("C07", W, "the total is in 元, its source is not", |form| {
        spend(form, ["", "3970000", ""]);
        form.money.sources = vec![money_row("其中：中央补助", ["", "397", ""])];
    }),
    silent("C07", "a budget was cut to a hundredth", |form| {
        spend(form, ["880", "8.8", ""]);
    }),
    raises(
        "C01",
        E,
        "cost items make a tenth less than their total",
        |form| {
            let lines = [("保安", "191"), ("保洁", "99"), ("水电", "372.88")];
            form.money.splits = vec![split("成本明细", "662.98", &lines)];
        },
    ),
    silent("C01", "cost items make their total", |form| {
        let lines = [("保安", "191"), ("保洁", "99"), ("水电", "372.88")];
        form.money.splits = vec![split("成本明细", "662.88", &lines)];
    }),
    raises(
        "C02",
        E,
        "income and expenditure are divided differently",
        |form| {
            form.money.splits = vec![
                split("按收入性质分", "", &[("财政拨款", "90"), ("其他", "10")]),
                split(
                    "按支出性质分",
                    "",
                    &[("基本支出", "60"), ("项目支出", "30")],
                ),
            ];
        },
    ),
    silent("C02", "both divide the same money", |form| {
        form.money.splits = vec![
            split("按收入性质分", "", &[("财政拨款", "90"), ("其他", "10")]),
            split(
                "按支出性质分",
                "",
                &[("基本支出", "60"), ("项目支出", "40")],
            ),
        ];
    }),
    raises("C03", W, "more was spent than budgeted", |form| {
        spend(form, ["100", "100", "103.2"]);
    }),
    silent("C03", "exactly the budget was spent", |form| {
        spend(form, ["100", "100", "100"]);
    }),
    raises("C04", W, "a project of 100 元", |form| {
        form.money.unit = unit(MoneyUnit::Yuan);
    }),
    raises("C04", W, "the total in 元, the sources in 万元", |form| {
        spend(form, ["", "1000000", ""]);
        form.money.sources = vec![money_row("财政拨款", ["", "100", ""])];
    }),
    silent("C04", "a project of 200,000 元", |form| {
        form.money.unit = unit(MoneyUnit::Yuan);
        spend(form, ["200000", "200000", "196000"]);
    }),
    raises("C05", E, "money spent without a budget", |form| {
        spend(form, ["0", "0", "5"]);
    }),
    raises("C05", E, "a negative amount", |form| {
        spend(form, ["100", "100", "-2"]);
    }),
    silent("C05", "nothing budgeted, nothing spent", |form| {
        spend(form, ["0", "0", "0"]);
    }),
    raises("C06", E, "9 persons × 0.4163 is not 3.95", |form| {
        let lines = [("数量", "9"), ("单价", "0.4163")];
        form.money.splits = vec![split("数量×单价：制服", "3.95", &lines)];
    }),
    silent("C06", "9 persons × 0.4163 rounds to 3.75", |form| {
        let lines = [("数量", "9"), ("单价", "0.4163")];
        form.money.splits = vec![split("数量×单价：制服", "3.75", &lines)];
    }),
    raises("C10", E, "99.99 % printed as 99 %", |form| {
        spend(form, ["", "2596", "2595.6208"]);
        total(form).rate = number("99%", "G4");
    }),
    raises("C10", E, "31.08 % printed as 31.00 %", |form| {
        spend(form, ["", "148", "46"]);
        total(form).rate = number("31.00%", "G4");
    }),
    raises("C10", E, "the rate against the initial budget", |form| {
        spend(form, ["238.93", "251.89", "238.93"]);
        total(form).rate = number("100%", "G4");
    }),
    raises("C10", I, "a score without a rate", |form| {
        total(form).rate = None;
    }),
    silent("C10", "85.75 % printed in whole percent", |form| {
        spend(form, ["", "808.1", "692.98"]);
        total(form).rate = number("86%", "G4");
    }),
    silent("C10", "a rate to one place", |form| {
        spend(form, ["", "173", "61.99"]);
        total(form).rate = number("35.8", "G4");
    }),
    silent(
        "C10",
        "a key evaluation divides by the money received",
        |form| {
            form.kind = FormKind::KeyEvaluation;
            spend(form, ["", "67463.91", "19078"]);
            total(form).received = number("36950", "D5");
            total(form).rate = number("51.63%", "G4");
            form.indicators.clear();
        },
    ),
    silent("C10", "nothing of nothing printed as 0.00 %", |form| {
        form.money.sources[1] = money_row("单位资金", ["0", "0", "0"]);
        form.money.sources[1].rate = number("0.00%", "G5");
    }),
    raises("C11", E, "8.6 points for 98 %", |form| {
        total(form).score = number("8.6", "H4");
    }),
    raises(
        "C11",
        W,
        "all of 20 points for 96 %, as places with steps give",
        |form| {
            spend(form, ["100", "100", "96"]);
            total(form).rate = number("96%", "G4");
            total(form).weight = number("20", "F4");
            total(form).score = number("20", "H4");
        },
    ),
    silent("C11", "points rounded to one place", |form| {
        spend(form, ["", "120", "95.2"]);
        total(form).rate = number("79.33%", "G4");
        total(form).score = number("7.9", "H4");
    }),
    silent("C11", "points of the rate as it is printed", |form| {
        spend(form, ["", "808.1", "692.98"]);
        total(form).rate = number("86%", "G4");
        total(form).score = number("8.6", "H4");
    }),
    raises("V34", I, "little was spent", |form| {
        spend(form, ["100", "100", "58.33"]);
    }),
    raises(
        "V34",
        W,
        "the budget was cut down to what was spent",
        |form| {
            spend(form, ["202.64", "132.912", "132.912"]);
        },
    ),
    raises("V34", I, "money was added", |form| {
        spend(form, ["238.93", "251.89", "251.89"]);
    }),
    silent("V34", "nine tenths were spent", |form| {
        spend(form, ["100", "100", "90"]);
    }),
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of a form are optional"
)]
fn unit(unit: MoneyUnit) -> Option<Field<MoneyUnit>> {
    Some(Field {
        printed: "单位：元".into(),
        value: Some(unit),
        place: "A3".into(),
    })
}

#[test]
fn money_is_checked() {
    run(CASES);
}

#[test]
fn a_truncated_rate_is_told_from_a_wrong_one() {
    for (rate, truncated) in [
        ("99%", true),
        ("99.98%", true),
        ("97%", false),
        ("98.9%", false),
    ] {
        let mut form = clean();
        spend(&mut form, ["", "2596", "2595.6208"]);
        total(&mut form).rate = number(rate, "G4");
        let found = findings(&form);
        let rate_finding = found.iter().find(|finding| finding.rule == "C10").unwrap();
        assert_eq!(rate_finding.message.contains("舍去"), truncated, "{rate}");
        assert_eq!(rate_finding.computed.as_deref(), Some("99.99%"), "{rate}");
    }
}

#[test]
fn amounts_in_two_units_are_told_from_a_wrong_rate() {
    for (executed, mixed) in [("8452500", true), ("845.25", false), ("0.084525", true)] {
        let mut form = clean();
        spend(&mut form, ["", "862.5", executed]);
        total(&mut form).rate = number(if mixed { "98%" } else { "97%" }, "G4");
        let found = findings(&form);
        let rate = found.iter().find(|finding| finding.rule == "C10").unwrap();
        assert_eq!(rate.message.contains("同一单位"), mixed, "{}", rate.message);
    }
}

#[test]
fn spending_above_income_asks_for_what_was_carried_over() {
    let mut form = empty(FormKind::DepartmentSelfEvaluation);
    form.money.splits = vec![split("收入", "792.22", &[]), split("支出", "799.12", &[])];
    let rules: Vec<&str> = findings(&form).iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["C03"]);
    form.money.splits = vec![split("收入", "1699.12", &[]), split("支出", "1595.59", &[])];
    assert_eq!(findings(&form), Vec::new());
}
