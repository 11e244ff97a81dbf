//! What a record says: its own row and the rows of its parts, without where it is on its way.

use db::{Error, Row, Sql, Tx, Value};
use domain::workflow::RecordKind;
use serde_json::{Map, json};

db::statements! {
    EX_ANTE = "SELECT object_id, work_year, subject_year, organiser, score_centi, requested_fen, \
               suggested_fen FROM ex_ante_assessment WHERE id = $1";
    TARGET = "SELECT t.object_id, o.name, u.name AS unit, t.fiscal_year, t.edition, t.origin, \
              t.goal FROM performance_target t JOIN managed_object o ON o.id = t.object_id \
              JOIN organisation_unit u ON u.id = o.unit_id WHERE t.id = $1";
    INDICATORS = "SELECT position, level1, level2, name, operator, value_text, unit, \
                  weight_centi, CASE WHEN is_core THEN 1 ELSE 0 END AS is_core FROM indicator \
                  WHERE target_id = $1 ORDER BY position";
    MONITORING = "SELECT object_id, target_id, work_year, cut_off_month, adjusted_fen, \
                  executed_fen, budget_light, indicator_light, deviation_reason FROM monitoring \
                  WHERE id = $1";
    MONITORING_LINES = "SELECT i.position, i.name, l.actual_text, l.light FROM monitoring_line l \
                        JOIN indicator i ON i.id = l.indicator_id WHERE l.monitoring_id = $1 \
                        ORDER BY i.position, l.id";
    SELF_EVALUATION = "SELECT s.object_id, o.name, o.kind, u.name AS unit, t.goal, s.target_id, \
                       s.work_year, s.subject_year, s.adjusted_fen, s.executed_fen, \
                       s.score_centi, s.grade, s.light, s.rule_pack, s.receipt \
                       FROM self_evaluation s JOIN managed_object o ON o.id = s.object_id \
                       JOIN organisation_unit u ON u.id = o.unit_id \
                       JOIN performance_target t ON t.id = s.target_id WHERE s.id = $1";
    SELF_EVALUATION_LINES = "SELECT i.position, i.level1, i.level2, i.name, i.operator, \
                             i.value_text, i.unit, i.weight_centi, l.actual_text, l.score_centi, \
                             l.reason FROM self_evaluation_line l \
                             JOIN indicator i ON i.id = l.indicator_id \
                             WHERE l.self_evaluation_id = $1 ORDER BY i.position, l.id";
    KEY_EVALUATION = "SELECT object_id, work_year, subject_year, book, evaluated_fen, \
                      score_centi, grade, receipt, problem FROM key_evaluation WHERE id = $1";
    RECTIFICATION = "SELECT key_evaluation_id, work_year, number, problem, demand, due_on \
                     FROM rectification WHERE id = $1";
    RESULT_APPLICATION = "SELECT ex_ante_id, key_evaluation_id, work_year, budget_year, way, \
                          reason FROM result_application WHERE id = $1";
    COMMISSION = "SELECT agency_id, key_evaluation_id, work_year, contract_number, matter \
                  FROM commission WHERE id = $1";
    PUBLICATION = "SELECT work_year, subject_year, item, due_on, published_on, place \
                   FROM publication WHERE id = $1";
}

fn statements_of(kind: RecordKind) -> (Sql, Option<Sql>) {
    match kind {
        RecordKind::ExAnteAssessment => (EX_ANTE, None),
        RecordKind::PerformanceTarget => (TARGET, Some(INDICATORS)),
        RecordKind::Monitoring => (MONITORING, Some(MONITORING_LINES)),
        RecordKind::SelfEvaluation => (SELF_EVALUATION, Some(SELF_EVALUATION_LINES)),
        RecordKind::KeyEvaluation => (KEY_EVALUATION, None),
        RecordKind::Rectification => (RECTIFICATION, None),
        RecordKind::ResultApplication => (RESULT_APPLICATION, None),
        RecordKind::Commission => (COMMISSION, None),
        RecordKind::PublicationItem => (PUBLICATION, None),
    }
}

/// The record's row and the rows of its parts in their order; none where there is no such record.
pub(crate) fn rows(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
) -> Result<Option<(Row, Vec<Row>)>, Error> {
    let (head, lines) = statements_of(kind);
    let Some(head) = tx.find(head, &[&id])? else {
        return Ok(None);
    };
    let lines = match lines {
        Some(sql) => tx.query(sql, &[&id])?,
        None => Vec::new(),
    };
    Ok(Some((head, lines)))
}

/// What the record says, as canonical JSON: names in their order, no space, amounts in whole fen
/// and points in hundredths. The same record gives the same text.
pub(crate) fn canonical(kind: RecordKind, id: &str, head: &Row, lines: &[Row]) -> String {
    let lines: Vec<_> = lines.iter().map(fields).collect();
    json!({"kind": kind.name(), "id": id, "record": fields(head), "lines": lines}).to_string()
}

fn fields(row: &Row) -> Map<String, serde_json::Value> {
    let field = |name: &String| {
        let value = match row.value(name) {
            Ok(Value::Text(text)) => json!(text),
            Ok(Value::Int(number)) => json!(number),
            Ok(Value::Bool(truth)) => json!(i64::from(*truth)),
            _ => serde_json::Value::Null,
        };
        (name.clone(), value)
    };
    row.columns().iter().map(field).collect()
}
