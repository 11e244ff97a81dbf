//! The sample's self-evaluations, filled into forms as a unit would file them, pass every check
//! that blocks a submission, and score the same again from what is printed.

use db::{Row, Sql, Tx, statements};

use domain::finding::Severity;
use domain::form::{Field, Form, FormKind, IndicatorRow, Money, MoneyRow, MoneyUnit};
use domain::number::{Centi, Decimal, Fen, round_to};
use domain::scoring::score_form;

use super::*;
use crate::database::MIGRATIONS;

statements! {
    HEADS = "SELECT s.id, s.adjusted_fen, s.executed_fen, s.score_centi, s.grade, o.name, o.kind,
        u.name AS unit, t.goal
        FROM self_evaluation s JOIN managed_object o ON o.id = s.object_id
        JOIN organisation_unit u ON u.id = o.unit_id
        JOIN performance_target t ON t.id = s.target_id ORDER BY s.id";
    LINES = "SELECT l.self_evaluation_id, i.level1, i.level2, i.name, i.operator, i.value_text,
        i.unit, i.weight_centi, l.actual_text, l.score_centi, l.reason
        FROM self_evaluation_line l JOIN indicator i ON i.id = l.indicator_id
        ORDER BY l.self_evaluation_id, i.position";
    TARGETS = "SELECT t.id, t.goal, t.fiscal_year, o.name, u.name AS unit
        FROM performance_target t JOIN managed_object o ON o.id = t.object_id
        JOIN organisation_unit u ON u.id = o.unit_id ORDER BY t.id";
    PROMISES = "SELECT target_id, level1, level2, name, operator, value_text, unit, weight_centi
        FROM indicator ORDER BY target_id, position";
}

fn text(place: &str, printed: &str) -> Field {
    Field {
        printed: printed.to_owned(),
        value: Some(printed.to_owned()),
        place: place.to_owned(),
    }
}

fn number(place: &str, value: Decimal) -> Field<Decimal> {
    Field {
        printed: value.to_string(),
        value: Some(value),
        place: place.to_owned(),
    }
}

fn points(place: &str, row: &Row, column: &str) -> Field<Decimal> {
    number(place, Centi(row.int(column).unwrap()).decimal())
}

fn indicator(row: &Row) -> IndicatorRow {
    let place = row.text("name").unwrap();
    let cell = |column| Some(text(&place, &row.text(column).unwrap()));
    IndicatorRow {
        level1: cell("level1"),
        level2: cell("level2"),
        level3: cell("name"),
        operator: cell("operator"),
        target: cell("value_text"),
        unit: cell("unit"),
        weight: Some(points(&place, row, "weight_centi")),
        place: place.clone(),
        ..IndicatorRow::default()
    }
}

fn evaluated(row: &Row) -> IndicatorRow {
    let place = row.text("name").unwrap();
    let cell = |column| Some(text(&place, &row.text(column).unwrap()));
    IndicatorRow {
        actual: cell("actual_text"),
        score: Some(points(&place, row, "score_centi")),
        reason: cell("reason"),
        ..indicator(row)
    }
}

fn form(head: &Row, lines: &[&Row]) -> Form {
    let total = head.int("score_centi").unwrap();
    let results: i64 = lines
        .iter()
        .map(|line| line.int("score_centi").unwrap())
        .sum();
    let wan = |column| number(column, Fen(head.int(column).unwrap()).wan().normalize());
    let yuan = |column| Fen(head.int(column).unwrap()).yuan();
    let rate = yuan("executed_fen") * Decimal::ONE_HUNDRED / yuan("adjusted_fen");
    let kind = if head.text("kind").unwrap() == "department" {
        FormKind::DepartmentSelfEvaluation
    } else {
        FormKind::ProjectSelfEvaluation
    };
    Form {
        kind,
        title: None,
        fiscal_year: Some(Field {
            printed: "2019".to_owned(),
            value: Some(2019),
            place: "year".to_owned(),
        }),
        region: None,
        department: None,
        unit: Some(text("unit", &head.text("unit").unwrap())),
        project_name: Some(text("name", &head.text("name").unwrap())),
        money: Money {
            unit: Some(Field {
                printed: "万元".to_owned(),
                value: Some(MoneyUnit::WanYuan),
                place: "money".to_owned(),
            }),
            total: Some(MoneyRow {
                label: text("total", "年度资金总额"),
                adjusted: Some(wan("adjusted_fen")),
                executed: Some(wan("executed_fen")),
                weight: Some(number("weight", Decimal::TEN)),
                rate: Some(number("rate", round_to(rate, 2))),
                score: Some(number("score", Centi(total - results).decimal())),
                ..MoneyRow::default()
            }),
            ..Money::default()
        },
        objectives: Some(text("goal", &head.text("goal").unwrap())),
        actual_summary: None,
        indicators: lines.iter().map(|line| evaluated(line)).collect(),
        total_weight: Some(number("total weight", Decimal::ONE_HUNDRED)),
        total_score: Some(points("total", head, "score_centi")),
        grade: Some(text("grade", &head.text("grade").unwrap())),
        texts: Vec::new(),
    }
}

/// What is found at `least` or worse, one text each.
fn found(form: &Form, least: Severity) -> Vec<String> {
    let pack = builtin(RULES).unwrap();
    let findings = domain::check::check(pack, form).into_iter();
    findings
        .filter(|finding| finding.severity <= least)
        .map(|finding| format!("{} {} {}", finding.rule, finding.r#where, finding.message))
        .collect()
}

/// A form in which a weight was changed is wrong: the checks do look at these forms.
fn assert_a_changed_weight_is_found(mut form: Form) {
    let weight = form.indicators[0].weight.as_mut().unwrap();
    *weight = number("weight", weight.value.unwrap() + Decimal::ONE);
    assert!(!found(&form, Severity::E).is_empty());
}

fn rows(db: &Db, sql: Sql) -> Vec<Row> {
    db.read_blocking(move |tx: &mut Tx<'_>| tx.query(sql, &[]))
        .unwrap()
}

db::on_both!(
    MIGRATIONS,
    filed_as_forms_nothing_is_wrong_and_scores_come_out_again,
    |test| {
        load(&test.db, NOW).unwrap();
        let pack = builtin(RULES).unwrap();
        let lines = rows(&test.db, LINES);
        let mut wrong = Vec::new();
        for head in rows(&test.db, HEADS) {
            let id = head.text("id").unwrap();
            let own = |line: &&Row| line.text("self_evaluation_id").unwrap() == id;
            let own: Vec<&Row> = lines.iter().filter(own).collect();
            let form = form(&head, &own);
            let findings = found(&form, Severity::E).into_iter();
            wrong.extend(findings.map(|finding| format!("{id} {finding}")));
            let scored = score_form(pack, &form, &id).unwrap().unwrap();
            let stored = Centi(head.int("score_centi").unwrap());
            if scored.total != Some(stored) {
                wrong.push(format!("{id} {stored} {:?}", scored.total));
            }
            assert_a_changed_weight_is_found(form);
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    }
);

fn target_form(head: &Row, lines: &[&Row]) -> Form {
    Form {
        kind: FormKind::ProjectTarget,
        title: None,
        fiscal_year: None,
        region: None,
        department: None,
        unit: Some(text("unit", &head.text("unit").unwrap())),
        project_name: Some(text("name", &head.text("name").unwrap())),
        money: Money::default(),
        objectives: Some(text("goal", &head.text("goal").unwrap())),
        actual_summary: None,
        indicators: lines.iter().map(|line| indicator(line)).collect(),
        total_weight: None,
        total_score: None,
        grade: None,
        texts: Vec::new(),
    }
}

db::on_both!(
    MIGRATIONS,
    targets_filed_as_forms_give_no_reason_to_ask_back,
    |test| {
        load(&test.db, NOW).unwrap();
        let lines = rows(&test.db, PROMISES);
        let mut odd = Vec::new();
        for head in rows(&test.db, TARGETS) {
            let id = head.text("id").unwrap();
            let own = |line: &&Row| line.text("target_id").unwrap() == id;
            let own: Vec<&Row> = lines.iter().filter(own).collect();
            let form = target_form(&head, &own);
            let findings = found(&form, Severity::W).into_iter();
            odd.extend(findings.map(|finding| format!("{id} {finding}")));
            assert_a_changed_weight_is_found(form);
        }
        assert!(odd.is_empty(), "{}:\n{}", odd.len(), odd.join("\n"));
    }
);
