//! What must be mended before a target is sent, and what is worth a second look.

use super::{Row, Target};
use crate::check;
use crate::finding::{Finding, Severity};
use crate::form::{Field, Form, FormKind, IndicatorRow, Money};
use crate::form_reader::number_in;
use crate::number::{Centi, Decimal};
use crate::rulepack::RulePack;

/// Everything that is wrong or odd about a target, worst first. Each finding's place is a path of
/// the content, so that it stands at its field.
pub fn findings(pack: &RulePack, object_name: &str, year: i32, target: &Target) -> Vec<Finding> {
    let own = missing(pack, target);
    let is_told = |finding: &Finding| {
        own.iter()
            .any(|told| told.rule == finding.rule && told.r#where == finding.r#where)
    };
    let form = form(object_name, year, target);
    let mut found: Vec<Finding> = check::check(pack, &form)
        .into_iter()
        // The sum is told below, against what the pack leaves for indicators.
        .filter(|finding| finding.rule != "V01" && !is_told(finding))
        .collect();
    found.extend(own);
    found.sort_by_key(|finding| finding.severity);
    found
}

/// What a filed form must have. Source: 财预〔2015〕88号, 完整性: 绩效目标 and 绩效指标 are filled in;
/// V01: weights make what execution leaves of 100.
fn missing(pack: &RulePack, target: &Target) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |rule, path: String, message: String| {
        found.push(Finding {
            rule,
            severity: Severity::E,
            r#where: path,
            message,
            printed: None,
            computed: None,
        });
    };
    if target.goal.trim().is_empty() {
        let message = "还没有填写年度目标；请写明今年用这笔钱做什么、达到什么效果";
        add("V15", "goal".to_owned(), message.to_owned());
    }
    if target.rows.is_empty() {
        let message = "还没有绩效指标；请至少填写产出指标和效益指标";
        add("V03", "indicators".to_owned(), message.to_owned());
        return found;
    }
    for (place, row) in (1..).zip(&target.rows) {
        for (cell, rule, label) in [
            ("level1", "V03", "一级指标"),
            ("name", "C40", "三级指标名称"),
            ("value", "V04", "指标值"),
        ] {
            let is_empty =
                |(name, _, text): &(&str, &str, &str)| *name == cell && text.trim().is_empty();
            if row.cells().iter().any(is_empty) {
                let message = format!("第 {place} 行没有填写{label}，请补填，或删除这一行");
                add(rule, format!("indicators/{}/{cell}", row.key), message);
            }
        }
    }
    let full =
        Centi::from_decimal(Decimal::ONE_HUNDRED - pack.weights.exec.0).unwrap_or(Centi::HUNDRED);
    let sum = target.sum();
    if sum != full {
        let (word, gap) = if sum > full {
            ("多", sum - full)
        } else {
            ("少", full - sum)
        };
        let message = format!(
            "权重合计是 {sum} 分，应为 {full} 分（另 {} 分留给预算执行率），{word}了 {gap} 分；请调整\
             各行权重",
            pack.weights.exec.0.normalize()
        );
        add("V01", "indicators".to_owned(), message);
    }
    found
}

/// The target as a filed form.
fn form(object_name: &str, year: i32, target: &Target) -> Form {
    Form {
        kind: FormKind::ProjectTarget,
        title: None,
        fiscal_year: Some(Field {
            printed: year.to_string(),
            value: Some(year),
            place: "goal".to_owned(),
        }),
        region: None,
        department: None,
        unit: None,
        project_name: field(object_name, "goal"),
        money: Money::default(),
        objectives: field(&target.goal, "goal"),
        actual_summary: None,
        indicators: target.rows.iter().map(indicator).collect(),
        total_weight: None,
        total_score: None,
        grade: None,
        texts: Vec::new(),
    }
}

fn indicator(row: &Row) -> IndicatorRow {
    let place = |cell: &str| format!("indicators/{}/{cell}", row.key);
    IndicatorRow {
        place: place("name"),
        level1: field(&row.level1, &place("level1")),
        level2: field(&row.level2, &place("level2")),
        level3: field(&row.name, &place("name")),
        operator: field(&row.operator, &place("operator")),
        target: field(&row.value, &place("value")),
        unit: field(&row.unit, &place("unit")),
        weight: Some(Field {
            printed: row.weight.clone(),
            value: number_in(&row.weight),
            place: place("weight"),
        }),
        ..IndicatorRow::default()
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the fields of a form are optional"
)]
fn field(text: &str, place: &str) -> Option<Field> {
    let text = text.trim();
    Some(Field {
        printed: text.to_owned(),
        value: (!text.is_empty()).then(|| text.to_owned()),
        place: place.to_owned(),
    })
}
