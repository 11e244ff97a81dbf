//! A stored record as the form that a unit would file, for the checks.

use db::{Error, Row, Tx};
use domain::check::{self, cycle};
use domain::finding::Finding;
use domain::form::{Field, Form, FormKind, IndicatorRow, Money, MoneyRow, MoneyUnit};
use domain::number::{Centi, Decimal, Fen};
use domain::rulepack::{Light, RulePack};
use domain::workflow::{Condition, RecordKind};

use super::store::check as store;
use super::store::record::Facts;

/// Everything that the checks find in the record, worst first; nothing for a kind without a form.
pub(super) fn findings(
    tx: &mut Tx<'_>,
    pack: &RulePack,
    (kind, id): (RecordKind, &str),
    facts: &Facts,
    (head, lines): (&Row, &[Row]),
) -> Result<Vec<Finding>, Error> {
    let fen = |column| head.int(column).map(Fen);
    Ok(match kind {
        RecordKind::PerformanceTarget => check::check(pack, &target(head, lines)?),
        RecordKind::SelfEvaluation => check::check(pack, &self_evaluation(head, lines)?),
        RecordKind::Monitoring => cycle::monitoring(pack, &monitoring(tx, id, facts, head)?),
        RecordKind::Rectification => {
            let form = cycle::Rectification {
                problem: head.text("problem")?,
                demand: head.text("demand")?,
                issued_on: store::issued_on(tx, id)?,
                due_on: head.text("due_on")?,
            };
            cycle::rectification(pack, &form)
        }
        RecordKind::ExAnteAssessment => {
            let form = cycle::ExAnte {
                requested: fen("requested_fen")?,
                suggested: head.opt_int("suggested_fen")?.map(Fen),
            };
            cycle::ex_ante(pack, &form)
        }
        RecordKind::PublicationItem => {
            let form = cycle::Publication {
                item: head.text("item")?,
                due_on: head.text("due_on")?,
                published_on: head.opt_text("published_on")?,
            };
            cycle::publication(pack, &form)
        }
        RecordKind::KeyEvaluation | RecordKind::ResultApplication | RecordKind::Commission => {
            Vec::new()
        }
    })
}

fn monitoring(
    tx: &mut Tx<'_>,
    id: &str,
    facts: &Facts,
    head: &Row,
) -> Result<cycle::Monitoring, Error> {
    let mut lines = Vec::new();
    for row in store::monitored(tx, id)? {
        let light = light(&row.text("light")?);
        lines.push((row.text("name")?, row.text("actual_text")?, light));
    }
    Ok(cycle::Monitoring {
        is_target_approved: facts.holds.contains(&Condition::TargetApproved),
        adjusted: Fen(head.int("adjusted_fen")?),
        executed: Fen(head.int("executed_fen")?),
        executed_before: store::executed_before(tx, id)?.map(Fen),
        month: u8::try_from(head.int("cut_off_month")?).unwrap_or(12),
        lights: [
            light(&head.text("budget_light")?),
            light(&head.text("indicator_light")?),
        ],
        lines,
        reason: head.opt_text("deviation_reason")?.unwrap_or_default(),
    })
}

/// A light by its name in the database, which keeps no other.
fn light(name: &str) -> Light {
    match name {
        "red" => Light::Red,
        "yellow" => Light::Yellow,
        "blue" => Light::Blue,
        _ => Light::Green,
    }
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
