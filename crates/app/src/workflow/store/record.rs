//! The records themselves: what the engine asks of each kind, and what a move writes to it.

use db::{Error, Row, Sql, Tx};
use domain::workflow::{Condition, Moved, ObjectKind, RecordKind};

/// What the engine asks of a record, one column for each question; what a kind does not know is
/// answered by the default.
macro_rules! facts {
    (from: $from:literal, year: $year:literal, title: $title:literal
     $(, amount: $amount:literal)? $(, outcome: $outcome:literal)? $(, due: $due:literal)?
     $(, pack: $pack:literal)? $(, valid: $valid:literal)? $(, scored: $scored:literal)?
     $(, target: $target:literal)? $(, fresh: $fresh:literal)? $(, settled: $settled:literal)?
     $(, congress: $congress:literal)? $(, key: $key:literal)? $(, place: $place:literal)?
     $(, approved: $approved:literal)? $(, adjusted: $adjusted:literal)?) => {
        concat!(
            "SELECT r.region_code, r.state, r.version, ", $year, " AS year, ",
            $title, " AS title, o.id AS object_id, o.kind AS object_kind, o.unit_id, ",
            facts!(@ $($amount)?; "0"), " AS amount_fen, ",
            facts!(@ $($outcome)?; "NULL"), " AS outcome, ",
            facts!(@ $($due)?; "NULL"), " AS due_on, ",
            facts!(@ $($pack)?; "NULL"), " AS rule_pack, ",
            facts!(? $($valid)?), " AS is_valid, ",
            facts!(? $($scored)?), " AS is_scored, ",
            facts!(? $($target)?), " AS is_target_approved, ",
            facts!(? $($fresh)?), " AS is_decision_fresh, ",
            facts!(? $($settled)?), " AS is_ex_ante_settled, ",
            facts!(? $($congress)?), " AS is_congress_required, ",
            facts!(? $($key)?), " AS is_key, ",
            facts!(? $($place)?), " AS has_place, ",
            facts!(? $($approved)?), " AS was_approved, ",
            facts!(? $($adjusted)?), " AS is_adjusted FROM ", $from, " WHERE r.id = $1"
        )
    };
    (@ $value:literal; $default:literal) => { $value };
    (@ ; $default:literal) => { $default };
    (? $value:literal) => { concat!("CASE WHEN ", $value, " THEN 1 ELSE 0 END") };
    (?) => { "0" };
}

db::statements! {
    EX_ANTE = facts!(
        from: "ex_ante_assessment r JOIN managed_object o ON o.id = r.object_id",
        year: "r.work_year", title: "o.name", amount: "r.requested_fen",
        valid: "r.requested_fen > 0", scored: "r.score_centi IS NOT NULL");
    TARGET = facts!(
        from: "performance_target r JOIN managed_object o ON o.id = r.object_id",
        year: "r.fiscal_year", title: "o.name",
        amount: "(SELECT CAST(COALESCE(SUM(b.amount_fen), 0) AS BIGINT) FROM budget_line b \
                 JOIN managed_object m ON m.id = b.object_id \
                 WHERE b.fiscal_year = r.fiscal_year AND (m.id = o.id OR (o.kind = 'department' \
                 AND m.kind <> 'department' AND m.unit_id = o.unit_id)))",
        outcome: "r.grade",
        valid: "r.goal <> '' AND EXISTS (SELECT 1 FROM indicator i WHERE i.target_id = r.id)",
        fresh: "EXISTS (SELECT 1 FROM joint_review_item i \
                 JOIN joint_review_session m ON m.id = i.session_id \
                 JOIN record_step s ON s.record_kind = 'performance_target' \
                 AND s.record_id = r.id AND s.version = r.version \
                 WHERE i.target_id = r.id AND m.state = 'open' AND i.done IS NOT NULL \
                 AND i.done_at = s.done_at AND s.fact IN ('approved', 'returned', 'rejected')) \
                 AND NOT EXISTS (SELECT 1 FROM performance_target n \
                 WHERE n.object_id = r.object_id AND n.fiscal_year = r.fiscal_year \
                 AND n.edition > r.edition) AND NOT EXISTS (SELECT 1 FROM target_adjustment a \
                 WHERE a.target_id = r.id AND a.state <> 'open')",
        settled: "NOT o.needs_ex_ante OR EXISTS (SELECT 1 FROM ex_ante_assessment x \
                 LEFT JOIN record_desk d ON d.record_kind = 'ex_ante_assessment' \
                 AND d.record_id = x.id WHERE x.object_id = o.id \
                 AND x.subject_year <= r.fiscal_year AND (x.state = 'applied_to_budget' \
                 OR (x.state = 'audited' AND d.outcome = '通过')))",
        // An adjustment goes to the congress only with a change of the budget that does.
        congress: "EXISTS (SELECT 1 FROM target_adjustment a JOIN budget_line b \
                 ON b.id = a.line_id WHERE a.target_id = r.id AND b.requires_npc_approval) \
                 OR (NOT EXISTS (SELECT 1 FROM target_adjustment a WHERE a.target_id = r.id) \
                 AND (r.origin = 'initial' OR EXISTS (SELECT 1 FROM budget_line b \
                 WHERE b.object_id = o.id AND b.fiscal_year = r.fiscal_year \
                 AND b.requires_npc_approval)))",
        approved: "r.approved_on IS NOT NULL",
        adjusted: "EXISTS (SELECT 1 FROM target_adjustment a WHERE a.predecessor_id = r.id \
                 AND a.state = 'open')");
    MONITORING = facts!(
        from: "monitoring r JOIN managed_object o ON o.id = r.object_id",
        year: "r.work_year", title: "o.name", amount: "r.adjusted_fen", outcome: "r.conclusion",
        valid: "NOT EXISTS (SELECT 1 FROM indicator i LEFT JOIN monitoring_line l \
               ON l.indicator_id = i.id AND l.monitoring_id = r.id \
               WHERE i.target_id = r.target_id AND COALESCE(l.actual_text, '') = '')",
        target: "EXISTS (SELECT 1 FROM performance_target t WHERE t.id = r.target_id \
                AND t.state IN ('approved', 'adjusting', 'superseded'))",
        key: "r.is_key");
    SELF_EVALUATION = facts!(
        from: "self_evaluation r JOIN managed_object o ON o.id = r.object_id",
        year: "r.work_year", title: "o.name", amount: "r.adjusted_fen", pack: "r.rule_pack",
        valid: "EXISTS (SELECT 1 FROM self_evaluation_line l WHERE l.self_evaluation_id = r.id)",
        scored: "r.score_centi IS NOT NULL AND r.receipt <> ''",
        place: "EXISTS (SELECT 1 FROM publication p WHERE p.region_code = r.region_code \
               AND p.subject_year = r.subject_year AND p.state = 'published' \
               AND p.item LIKE '%自评%' AND p.place <> '' AND p.published_on IS NOT NULL)");
    KEY_EVALUATION = facts!(
        from: "key_evaluation r JOIN managed_object o ON o.id = r.object_id",
        year: "r.work_year", title: "o.name", amount: "r.evaluated_fen",
        scored: "r.score_centi IS NOT NULL");
    RECTIFICATION = facts!(
        from: "rectification r JOIN key_evaluation k ON k.id = r.key_evaluation_id \
              JOIN managed_object o ON o.id = k.object_id",
        year: "r.work_year", title: "o.name", amount: "k.evaluated_fen", due: "r.due_on",
        valid: "r.problem <> '' AND r.demand <> ''");
    RESULT_APPLICATION = facts!(
        from: "result_application r LEFT JOIN key_evaluation k ON k.id = r.key_evaluation_id \
              LEFT JOIN ex_ante_assessment x ON x.id = r.ex_ante_id \
              LEFT JOIN managed_object o ON o.id = COALESCE(k.object_id, x.object_id)",
        year: "r.work_year", title: "o.name",
        amount: "COALESCE(k.evaluated_fen, x.requested_fen, 0)");
    COMMISSION = facts!(
        from: "commission r LEFT JOIN key_evaluation k ON k.id = r.key_evaluation_id \
              LEFT JOIN managed_object o ON o.id = k.object_id",
        year: "r.work_year", title: "r.matter", amount: "COALESCE(k.evaluated_fen, 0)");
    PUBLICATION = facts!(
        from: "publication r LEFT JOIN managed_object o ON o.id = ''",
        year: "r.work_year", title: "r.item", due: "r.due_on", valid: "r.item <> ''",
        place: "r.place <> '' AND r.published_on IS NOT NULL");

    MOVE_EX_ANTE = "UPDATE ex_ante_assessment SET state = $3, version = $4 \
                    WHERE id = $1 AND version = $2";
    MOVE_TARGET = "UPDATE performance_target SET state = $3, version = $4 \
                   WHERE id = $1 AND version = $2";
    MOVE_MONITORING = "UPDATE monitoring SET state = $3, version = $4 \
                       WHERE id = $1 AND version = $2";
    MOVE_SELF_EVALUATION = "UPDATE self_evaluation SET state = $3, version = $4 \
                            WHERE id = $1 AND version = $2";
    MOVE_KEY_EVALUATION = "UPDATE key_evaluation SET state = $3, version = $4 \
                           WHERE id = $1 AND version = $2";
    MOVE_RECTIFICATION = "UPDATE rectification SET state = $3, version = $4 \
                          WHERE id = $1 AND version = $2";
    MOVE_RESULT_APPLICATION = "UPDATE result_application SET state = $3, version = $4 \
                               WHERE id = $1 AND version = $2";
    MOVE_COMMISSION = "UPDATE commission SET state = $3, version = $4 \
                       WHERE id = $1 AND version = $2";
    MOVE_PUBLICATION = "UPDATE publication SET state = $3, version = $4 \
                        WHERE id = $1 AND version = $2";

    // The grade of the round before, if that was graded and not taken back.
    UNGRADE_TARGET = "UPDATE performance_target SET grade = (SELECT s.outcome FROM record_step s \
                      WHERE s.record_kind = 'performance_target' AND s.record_id = $1 \
                      AND s.state = 'reviewed' AND s.fact = 'approved' AND s.version < \
                      COALESCE((SELECT MAX(r.version) FROM record_step r \
                      WHERE r.record_kind = 'performance_target' AND r.record_id = $1 \
                      AND r.verb = 'submit'), 0) AND NOT EXISTS (SELECT 1 FROM record_step w \
                      WHERE w.record_kind = 'performance_target' AND w.record_id = $1 \
                      AND w.fact = 'decision_withdrawn' AND w.version > s.version \
                      AND NOT EXISTS (SELECT 1 FROM record_step n \
                      WHERE n.record_kind = 'performance_target' AND n.record_id = $1 \
                      AND n.state = 'reviewed' AND n.version > s.version \
                      AND n.version < w.version)) ORDER BY s.version DESC LIMIT 1) WHERE id = $1";
    GRADE_TARGET = "UPDATE performance_target SET grade = $2 WHERE id = $1";
    APPROVE_TARGET = "UPDATE performance_target SET approved_on = $2 WHERE id = $1";
    CONCLUDE_MONITORING = "UPDATE monitoring SET conclusion = $2 WHERE id = $1";
    CONCLUDE_EX_ANTE = "UPDATE ex_ante_assessment SET conclusion = $2 WHERE id = $1";
    DATE_EX_ANTE = "UPDATE ex_ante_assessment SET concluded_on = $2 WHERE id = $1";
    DATE_SELF_EVALUATION = "UPDATE self_evaluation SET submitted_on = $2 WHERE id = $1";
    DATE_KEY_EVALUATION = "UPDATE key_evaluation SET finalised_on = $2 WHERE id = $1";
    ISSUE_RECTIFICATION = "UPDATE rectification SET issued_on = $2 WHERE id = $1";
    CLOSE_RECTIFICATION = "UPDATE rectification SET closed_on = $2 WHERE id = $1";
    DATE_RESULT_APPLICATION = "UPDATE result_application SET decided_on = $2 WHERE id = $1";
    FIND_PACK = "SELECT value FROM setting WHERE name = 'rule_pack'";
    SET_PACK = "INSERT INTO setting (name, value) VALUES ('rule_pack', $1) \
                ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// What a record says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) region_code: String,
    pub(crate) state: String,
    pub(crate) version: u64,
    pub(crate) year: i64,
    /// The object's name, or what the record is about.
    pub(crate) title: String,
    pub(crate) object_id: Option<String>,
    pub(crate) object_kind: ObjectKind,
    pub(crate) unit_id: Option<String>,
    pub(crate) amount_fen: i64,
    /// The outcome as the record's own column has it.
    pub(crate) outcome: Option<String>,
    /// The record's own due day.
    pub(crate) due_on: Option<String>,
    /// The rule pack that the record names itself: `mianzhu-2020@2020.1`.
    pub(crate) rule_pack: Option<String>,
    /// The conditions that its rows tell of.
    pub(crate) holds: Vec<Condition>,
}

fn facts_of(kind: RecordKind) -> Sql {
    match kind {
        RecordKind::ExAnteAssessment => EX_ANTE,
        RecordKind::PerformanceTarget => TARGET,
        RecordKind::Monitoring => MONITORING,
        RecordKind::SelfEvaluation => SELF_EVALUATION,
        RecordKind::KeyEvaluation => KEY_EVALUATION,
        RecordKind::Rectification => RECTIFICATION,
        RecordKind::ResultApplication => RESULT_APPLICATION,
        RecordKind::Commission => COMMISSION,
        RecordKind::PublicationItem => PUBLICATION,
    }
}

/// What the record says of itself; none where there is no such record.
pub(crate) fn facts(tx: &mut Tx<'_>, kind: RecordKind, id: &str) -> Result<Option<Facts>, Error> {
    let Some(row) = tx.find(facts_of(kind), &[&id])? else {
        return Ok(None);
    };
    Ok(Some(Facts {
        region_code: row.text("region_code")?,
        state: row.text("state")?,
        version: u64::try_from(row.int("version")?).unwrap_or_default(),
        year: row.int("year")?,
        title: row.opt_text("title")?.unwrap_or_default(),
        object_id: row.opt_text("object_id")?,
        object_kind: match row.opt_text("object_kind")?.as_deref() {
            Some("department") => ObjectKind::Department,
            Some("policy") => ObjectKind::Policy,
            _ => ObjectKind::Project,
        },
        unit_id: row.opt_text("unit_id")?,
        amount_fen: row.int("amount_fen")?,
        outcome: row.opt_text("outcome")?,
        due_on: row.opt_text("due_on")?,
        rule_pack: row.opt_text("rule_pack")?,
        holds: holds(&row)?,
    }))
}

fn holds(row: &Row) -> Result<Vec<Condition>, Error> {
    let mut holds = Vec::new();
    for (column, yes, no) in [
        ("is_valid", Some(Condition::FormValid), None),
        ("is_scored", Some(Condition::Scored), None),
        ("is_target_approved", Some(Condition::TargetApproved), None),
        ("is_decision_fresh", Some(Condition::DecisionFresh), None),
        ("is_ex_ante_settled", Some(Condition::ExAnteSettled), None),
        (
            "is_congress_required",
            Some(Condition::CongressRequired),
            Some(Condition::CongressNotRequired),
        ),
        ("is_key", Some(Condition::KeyMonitoring), None),
        ("has_place", Some(Condition::PlaceRecorded), None),
        ("was_approved", None, Some(Condition::NeverApproved)),
        (
            "is_adjusted",
            Some(Condition::AdjustmentOpen),
            Some(Condition::AdjustmentSettled),
        ),
    ] {
        holds.extend(if row.int(column)? == 1 { yes } else { no });
    }
    Ok(holds)
}

/// Writes state and version of a move, if the record still has the version that it came from.
///
/// # Errors
/// Another transaction was quicker, which is tried again; or the database fails.
pub(crate) fn set_state(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    moved: &Moved,
) -> Result<(), Error> {
    let sql = match kind {
        RecordKind::ExAnteAssessment => MOVE_EX_ANTE,
        RecordKind::PerformanceTarget => MOVE_TARGET,
        RecordKind::Monitoring => MOVE_MONITORING,
        RecordKind::SelfEvaluation => MOVE_SELF_EVALUATION,
        RecordKind::KeyEvaluation => MOVE_KEY_EVALUATION,
        RecordKind::Rectification => MOVE_RECTIFICATION,
        RecordKind::ResultApplication => MOVE_RESULT_APPLICATION,
        RecordKind::Commission => MOVE_COMMISSION,
        RecordKind::PublicationItem => MOVE_PUBLICATION,
    };
    let version = count(moved.version);
    let touched = tx.execute(
        sql,
        &[
            &id,
            &version.saturating_sub(1),
            &moved.state.name(),
            &version,
        ],
    )?;
    match touched {
        1 => Ok(()),
        _ => Err(Error::Conflict(format!("{} {id}", kind.name()))),
    }
}

/// A version as the database counts it.
pub(crate) fn count(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

/// Writes to the record's own columns what a move means there: its grade or conclusion, and its
/// day.
pub(crate) fn note_outcome(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    moved: &Moved,
    day: &str,
) -> Result<(), Error> {
    let dated = match (kind, moved.state.name(), moved.fact) {
        (RecordKind::PerformanceTarget, "approved", _) => Some(APPROVE_TARGET),
        (RecordKind::ExAnteAssessment, "concluded", _) => Some(DATE_EX_ANTE),
        (RecordKind::SelfEvaluation, _, "submitted") => Some(DATE_SELF_EVALUATION),
        (RecordKind::KeyEvaluation, "final", _) => Some(DATE_KEY_EVALUATION),
        (RecordKind::Rectification, "issued", _) => Some(ISSUE_RECTIFICATION),
        (RecordKind::Rectification, "closed", _) => Some(CLOSE_RECTIFICATION),
        (RecordKind::ResultApplication, "decided_by_section", _) => Some(DATE_RESULT_APPLICATION),
        _ => None,
    };
    if let Some(sql) = dated {
        tx.execute_one(sql, &[&id, &day])?;
    }
    if moved.fact == "decision_withdrawn" {
        tx.execute_one(UNGRADE_TARGET, &[&id])?;
    }
    let graded = match (kind, moved.state.name()) {
        (RecordKind::PerformanceTarget, "reviewed") => Some(GRADE_TARGET),
        (RecordKind::Monitoring, "concluded") => Some(CONCLUDE_MONITORING),
        (RecordKind::ExAnteAssessment, "concluded") => Some(CONCLUDE_EX_ANTE),
        _ => None,
    };
    if let (Some(sql), Some(outcome)) = (graded, &moved.outcome) {
        tx.execute_one(sql, &[&id, outcome])?;
    }
    Ok(())
}

/// The rule pack of the place; none where none was chosen.
pub(crate) fn chosen_pack(tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
    let row = tx.find(FIND_PACK, &[])?;
    row.map(|row| row.text("value")).transpose()
}

/// Chooses the rule pack of the place for the records to come.
pub(crate) fn choose_pack(tx: &mut Tx<'_>, pack: &str) -> Result<(), Error> {
    tx.execute_one(SET_PACK, &[&pack])
}
