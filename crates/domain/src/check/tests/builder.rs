//! A clean self-evaluation and small changes to it.

use crate::form::{Field, Form, FormKind, IndicatorRow, Money, MoneyRow, MoneyUnit, Split};
use crate::number::Decimal;

pub(in crate::check) const KINDS: [FormKind; 5] = [
    FormKind::ProjectTarget,
    FormKind::ProjectSelfEvaluation,
    FormKind::DepartmentSelfEvaluation,
    FormKind::KeyEvaluation,
    FormKind::AnnualStatement,
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of a form are optional"
)]
pub(in crate::check) fn words(text: &str, place: &str) -> Option<Field> {
    Some(Field {
        printed: text.to_owned(),
        value: (!text.is_empty()).then(|| text.to_owned()),
        place: place.to_owned(),
    })
}

/// A number as printed; a blank text is a blank cell.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of a form are optional"
)]
pub(in crate::check) fn number(text: &str, place: &str) -> Option<Field<Decimal>> {
    Some(Field {
        printed: text.to_owned(),
        value: crate::form_reader::number_in(text),
        place: place.to_owned(),
    })
}

pub(in crate::check) fn money_row(label: &str, amounts: [&str; 3]) -> MoneyRow {
    let [initial, adjusted, executed] = amounts;
    MoneyRow {
        label: words(label, "B4").unwrap(),
        initial: number(initial, "C4"),
        adjusted: number(adjusted, "D4"),
        executed: number(executed, "E4"),
        ..MoneyRow::default()
    }
}

/// Levels, target, actual, weight and score.
pub(in crate::check) fn row(levels: [&str; 3], cells: [&str; 4]) -> IndicatorRow {
    let [first, second, third] = levels;
    let [target, actual, weight, score] = cells;
    IndicatorRow {
        place: "A12".into(),
        level1: words(first, "A12"),
        level2: words(second, "B12"),
        level3: words(third, "C12"),
        target: words(target, "D12"),
        actual: words(actual, "E12"),
        weight: number(weight, "F12"),
        score: number(score, "G12"),
        reason: words("", "H12"),
        ..IndicatorRow::default()
    }
}

pub(in crate::check) fn split(label: &str, total: &str, lines: &[(&str, &str)]) -> Split {
    Split {
        label: label.to_owned(),
        total: number(total, "C8").filter(|field| !field.is_blank()),
        lines: lines
            .iter()
            .map(|(name, amount)| ((*name).to_owned(), number(amount, "C9").unwrap()))
            .collect(),
    }
}

pub(in crate::check) fn empty(kind: FormKind) -> Form {
    Form {
        kind,
        title: None,
        fiscal_year: None,
        region: None,
        department: None,
        unit: None,
        project_name: None,
        money: Money::default(),
        objectives: None,
        actual_summary: None,
        indicators: Vec::new(),
        total_weight: None,
        total_score: None,
        grade: None,
        texts: Vec::new(),
    }
}

pub(in crate::check) fn clean() -> Form {
    let total = MoneyRow {
        weight: number("10", "F4"),
        rate: number("98%", "G4"),
        score: number("9.8", "H4"),
        ..money_row("年度资金总额", ["100", "100", "98"])
    };
    Form {
        title: words("项目支出绩效自评表（2021年度）", "A1"),
        fiscal_year: Some(Field {
            printed: "2021年".into(),
            value: Some(2021),
            place: "A1".into(),
        }),
        project_name: words("村道改造", "B2"),
        money: Money {
            unit: Some(Field {
                printed: "项目资金（万元）".into(),
                value: Some(MoneyUnit::WanYuan),
                place: "A3".into(),
            }),
            total: Some(total),
            sources: vec![
                money_row("其中：财政拨款", ["60", "60", "60"]),
                money_row("其他资金", ["40", "40", "38"]),
            ],
            splits: Vec::new(),
        },
        objectives: words("改造村道5公里，方便群众出行", "C6"),
        actual_summary: words("改造村道5.5公里，群众满意度95%", "G6"),
        indicators: vec![
            row(
                ["产出指标", "数量指标", "改造道路长度"],
                ["≥5公里", "5.5公里", "20", "20"],
            ),
            row(
                ["产出指标", "质量指标", "验收合格率"],
                ["＝100%", "100%", "20", "20"],
            ),
            row(
                ["产出指标", "时效指标", "完成及时率"],
                ["≥95%", "96%", "10", "10"],
            ),
            row(
                ["效益指标", "社会效益指标", "受益人口数"],
                ["≥1000人", "1100人", "30", "30"],
            ),
            row(
                ["满意度指标", "服务对象满意度指标", "群众满意度"],
                ["≥90%", "95%", "10", "10"],
            ),
        ],
        total_weight: number("100", "F17"),
        total_score: number("99.8", "G17"),
        grade: words("优", "B18"),
        ..empty(FormKind::ProjectSelfEvaluation)
    }
}

pub(in crate::check) fn total(form: &mut Form) -> &mut MoneyRow {
    form.money.total.as_mut().unwrap()
}

/// 年初预算数, 全年预算数 and 全年执行数 of a form that lists no sources.
pub(in crate::check) fn spend(form: &mut Form, amounts: [&str; 3]) {
    form.money.sources.clear();
    let old = total(form).clone();
    *total(form) = MoneyRow {
        weight: old.weight,
        rate: old.rate,
        score: old.score,
        ..money_row("年度资金总额", amounts)
    };
}

/// Target, actual and score of a row.
pub(in crate::check) fn reach(form: &mut Form, order: usize, cells: [&str; 3]) {
    let row = &mut form.indicators[order];
    let [target, actual, score] = cells;
    row.target = words(target, "D12");
    row.actual = words(actual, "E12");
    row.score = number(score, "G12");
}

pub(in crate::check) fn rename(form: &mut Form, order: usize, name: &str) {
    form.indicators[order].level3 = words(name, "C12");
}

pub(in crate::check) fn explain(form: &mut Form, order: usize) {
    form.indicators[order].reason = words("雨季延误，已加快进度", "H12");
}

pub(in crate::check) fn figure(form: &mut Form, text: &str) {
    form.texts.extend(words(text, "B20"));
}
