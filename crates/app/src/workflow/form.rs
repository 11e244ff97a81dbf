//! A stored record as the form that a unit would file, for the checks.

use db::{Error, Row};
use domain::finding::Severity;
use domain::form::{Field, Form, FormKind, IndicatorRow, Money, MoneyRow, MoneyUnit};
use domain::number::{Centi, Decimal, Fen};
use domain::rulepack::RulePack;
use domain::workflow::RecordKind;

/// Whether the checks find no error in the record; a kind without a form has none.
pub(super) fn is_valid(
    pack: &RulePack,
    kind: RecordKind,
    head: &Row,
    lines: &[Row],
) -> Result<bool, Error> {
    let form = match kind {
        RecordKind::PerformanceTarget => target(head, lines)?,
        RecordKind::SelfEvaluation => self_evaluation(head, lines)?,
        _ => return Ok(true),
    };
    let findings = domain::check::check(pack, &form);
    Ok(!findings
        .iter()
        .any(|finding| finding.severity == Severity::E))
}

fn field(row: &Row, column: &str) -> Result<Option<Field>, Error> {
    Ok(row.opt_text(column)?.map(|printed| Field {
        value: Some(printed.clone()),
        place: column.to_owned(),
        printed,
    }))
}

fn number(place: &str, value: Decimal) -> Field<Decimal> {
    Field {
        printed: value.to_string(),
        value: Some(value),
        place: place.to_owned(),
    }
}

fn points(row: &Row, column: &str) -> Result<Option<Field<Decimal>>, Error> {
    let points = row.opt_int(column)?;
    Ok(points.map(|points| number(column, Centi(points).decimal())))
}

fn indicator(row: &Row) -> Result<IndicatorRow, Error> {
    Ok(IndicatorRow {
        place: row.text("name")?,
        level1: field(row, "level1")?,
        level2: field(row, "level2")?,
        level3: field(row, "name")?,
        operator: field(row, "operator")?,
        target: field(row, "value_text")?,
        unit: field(row, "unit")?,
        weight: points(row, "weight_centi")?,
        ..IndicatorRow::default()
    })
}

fn form(kind: FormKind, head: &Row, indicators: Vec<IndicatorRow>) -> Result<Form, Error> {
    Ok(Form {
        kind,
        title: None,
        fiscal_year: None,
        region: None,
        department: None,
        unit: field(head, "unit")?,
        project_name: field(head, "name")?,
        money: Money::default(),
        objectives: field(head, "goal")?,
        actual_summary: None,
        indicators,
        total_weight: None,
        total_score: None,
        grade: None,
        texts: Vec::new(),
    })
}

fn target(head: &Row, lines: &[Row]) -> Result<Form, Error> {
    let indicators: Result<_, _> = lines.iter().map(indicator).collect();
    form(FormKind::ProjectTarget, head, indicators?)
}

fn self_evaluation(head: &Row, lines: &[Row]) -> Result<Form, Error> {
    let kind = match head.text("kind")?.as_str() {
        "department" => FormKind::DepartmentSelfEvaluation,
        _ => FormKind::ProjectSelfEvaluation,
    };
    let mut indicators = Vec::new();
    for row in lines {
        indicators.push(IndicatorRow {
            actual: field(row, "actual_text")?,
            score: points(row, "score_centi")?,
            reason: field(row, "reason")?,
            ..indicator(row)?
        });
    }
    let wan = |column| -> Result<_, Error> {
        let fen = Fen(head.int(column)?);
        Ok(Some(number(column, fen.wan().normalize())))
    };
    let total = MoneyRow {
        label: Field {
            printed: "年度资金总额".to_owned(),
            value: Some("年度资金总额".to_owned()),
            place: "money".to_owned(),
        },
        adjusted: wan("adjusted_fen")?,
        executed: wan("executed_fen")?,
        ..MoneyRow::default()
    };
    Ok(Form {
        money: Money {
            unit: Some(Field {
                printed: "万元".to_owned(),
                value: Some(MoneyUnit::WanYuan),
                place: "money".to_owned(),
            }),
            total: Some(total),
            ..Money::default()
        },
        grade: field(head, "grade")?,
        ..form(kind, head, indicators)?
    })
}
