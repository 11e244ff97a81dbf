//! SQL of one object's whole life.

use std::collections::BTreeMap;

use db::{Error, Row, Sql, Tx};

use super::{department, unit_joins};

db::statements! {
    FIND_OBJECT = concat!(
        "SELECT o.id, o.code, o.kind, o.name, o.nature, o.project_kind, u.name AS unit_name, ",
        department!(),
        " AS department_id, COALESCE(top.name, above.name, u.name) AS department_name \
         FROM managed_object o ",
        unit_joins!(),
        "WHERE o.id = $1 AND o.region_code = $2"
    );
    BUDGET = "SELECT fiscal_year, change_kind, CAST(SUM(amount_fen) AS BIGINT) AS fen \
              FROM budget_line WHERE object_id = $1 GROUP BY fiscal_year, change_kind \
              ORDER BY fiscal_year, change_kind";
    EXECUTED = "SELECT fiscal_year, CAST(SUM(executed_fen) AS BIGINT) AS fen \
                FROM budget_execution WHERE object_id = $1 GROUP BY fiscal_year \
                ORDER BY fiscal_year";
    BUDGET_OF_DEPARTMENT = concat!(
        "SELECT b.fiscal_year, b.change_kind, CAST(SUM(b.amount_fen) AS BIGINT) AS fen \
         FROM budget_line b JOIN managed_object o ON o.id = b.object_id \
         AND o.kind <> 'department' ",
        unit_joins!(),
        "WHERE ",
        department!(),
        " = $1 GROUP BY b.fiscal_year, b.change_kind ORDER BY b.fiscal_year, b.change_kind"
    );
    EXECUTED_OF_DEPARTMENT = concat!(
        "SELECT e.fiscal_year, CAST(SUM(e.executed_fen) AS BIGINT) AS fen \
         FROM budget_execution e JOIN managed_object o ON o.id = e.object_id \
         AND o.kind <> 'department' ",
        unit_joins!(),
        "WHERE ",
        department!(),
        " = $1 GROUP BY e.fiscal_year ORDER BY e.fiscal_year"
    );
    EX_ANTE = "SELECT id, subject_year, organiser, state, score_centi, conclusion, requested_fen, \
               suggested_fen, concluded_on FROM ex_ante_assessment WHERE object_id = $1 \
               ORDER BY subject_year DESC, id";
    TARGETS = "SELECT t.id, t.fiscal_year, t.edition, t.origin, t.state, t.grade, t.goal, \
               t.approved_on, j.held_on, n.submitted_on FROM performance_target t \
               LEFT JOIN joint_review_session j ON j.id = t.joint_review_id \
               LEFT JOIN npc_package n ON n.id = t.npc_package_id WHERE t.object_id = $1 \
               ORDER BY t.fiscal_year DESC, t.edition DESC, t.id";
    INDICATORS = "SELECT i.id, i.target_id, i.level1, i.level2, i.name, i.operator, i.value_text, \
                  i.unit, i.weight_centi, i.is_core FROM indicator i \
                  JOIN performance_target t ON t.id = i.target_id WHERE t.object_id = $1 \
                  ORDER BY i.target_id, i.position";
    MONITORINGS = "SELECT id, target_id, work_year, cut_off_month, is_key, state, adjusted_fen, \
                   executed_fen, budget_light, indicator_light, conclusion, deviation_reason, \
                   feedback_on FROM monitoring WHERE object_id = $1 \
                   ORDER BY work_year DESC, cut_off_month DESC, id";
    MONITORING_LINES = "SELECT l.monitoring_id, i.name, i.operator, i.value_text, i.unit, \
                        l.actual_text, l.light FROM monitoring_line l \
                        JOIN indicator i ON i.id = l.indicator_id \
                        JOIN monitoring m ON m.id = l.monitoring_id WHERE m.object_id = $1 \
                        ORDER BY l.monitoring_id, i.position, l.id";
    SELF_EVALUATIONS = "SELECT s.id, s.work_year, s.subject_year, s.state, s.adjusted_fen, \
                        s.executed_fen, s.score_centi, s.grade, s.light, s.rule_pack, s.receipt, \
                        s.submitted_on FROM self_evaluation s WHERE s.object_id = $1 \
                        ORDER BY s.subject_year DESC, s.id";
    REASONS = "SELECT l.self_evaluation_id, i.name, l.reason FROM self_evaluation_line l \
               JOIN indicator i ON i.id = l.indicator_id \
               JOIN self_evaluation s ON s.id = l.self_evaluation_id \
               WHERE s.object_id = $1 AND l.reason <> '' \
               ORDER BY l.self_evaluation_id, i.position, l.id";
    RE_EVALUATIONS = "SELECT r.id, r.self_evaluation_id, s.subject_year, r.work_year, \
                      'concluded' AS state, r.drawn_by, r.basis, \
                      r.score_centi, r.grade, r.reason FROM re_evaluation r \
                      JOIN self_evaluation s ON s.id = r.self_evaluation_id \
                      WHERE s.object_id = $1 ORDER BY r.self_evaluation_id, r.work_year, r.id";
    KEY_EVALUATIONS = "SELECT id, work_year, subject_year, state, book, evaluated_fen, \
                       score_centi, grade, receipt, problem, finalised_on FROM key_evaluation \
                       WHERE object_id = $1 ORDER BY subject_year DESC, id";
    AGENCIES = "SELECT c.key_evaluation_id, a.name, c.contract_number FROM commission c \
                JOIN agency a ON a.id = c.agency_id \
                JOIN key_evaluation k ON k.id = c.key_evaluation_id WHERE k.object_id = $1 \
                ORDER BY c.key_evaluation_id, c.id";
    RECTIFICATIONS = "SELECT r.id, k.subject_year, r.number, r.problem, r.demand, r.state, \
                      r.issued_on, r.due_on, r.closed_on FROM rectification r \
                      JOIN key_evaluation k ON k.id = r.key_evaluation_id WHERE k.object_id = $1 \
                      ORDER BY k.subject_year DESC, r.number, r.id";
    APPLICATIONS = "SELECT a.id, COALESCE(k.subject_year, x.subject_year) AS subject_year, \
                    a.budget_year, a.way, a.state, a.reason, a.decided_on, \
                    CASE WHEN k.id IS NULL THEN '事前绩效评估' ELSE '财政重点评价' END AS source \
                    FROM result_application a \
                    LEFT JOIN key_evaluation k ON k.id = a.key_evaluation_id \
                    LEFT JOIN ex_ante_assessment x ON x.id = a.ex_ante_id \
                    WHERE k.object_id = $1 OR x.object_id = $1 \
                    ORDER BY a.budget_year DESC, a.id";
}

/// The object itself.
pub(crate) struct Object {
    pub(crate) id: String,
    pub(crate) code: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) nature: Option<String>,
    pub(crate) project_kind: Option<String>,
    pub(crate) unit_name: String,
    pub(crate) department_id: String,
    pub(crate) department_name: String,
}

/// The money of one year, in fen.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Money {
    pub(crate) initial: i64,
    pub(crate) supplement: i64,
    pub(crate) reduction: i64,
    pub(crate) transfer: i64,
    pub(crate) executed: i64,
}

impl Money {
    /// 全年预算数
    pub(crate) fn adjusted(self) -> i64 {
        self.initial + self.supplement + self.reduction + self.transfer
    }
}

/// The rows of every record of the object. Which columns each kind has is said by its statement.
pub(crate) struct Life {
    pub(crate) object: Object,
    pub(crate) money: BTreeMap<i64, Money>,
    pub(crate) ex_ante: Vec<Row>,
    pub(crate) targets: Vec<Row>,
    pub(crate) indicators: Vec<Row>,
    pub(crate) monitorings: Vec<Row>,
    pub(crate) monitoring_lines: Vec<Row>,
    pub(crate) self_evaluations: Vec<Row>,
    pub(crate) reasons: Vec<Row>,
    pub(crate) re_evaluations: Vec<Row>,
    pub(crate) key_evaluations: Vec<Row>,
    pub(crate) agencies: Vec<Row>,
    pub(crate) rectifications: Vec<Row>,
    pub(crate) applications: Vec<Row>,
}

/// Everything about the object `id`, if there is one in the region.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str, region_code: &str) -> Result<Option<Life>, Error> {
    let Some(row) = tx.find(FIND_OBJECT, &[&id, &region_code])? else {
        return Ok(None);
    };
    let object = Object {
        id: row.text("id")?,
        code: row.text("code")?,
        kind: row.text("kind")?,
        name: row.text("name")?,
        nature: row.opt_text("nature")?,
        project_kind: row.opt_text("project_kind")?,
        unit_name: row.text("unit_name")?,
        department_id: row.text("department_id")?,
        department_name: row.text("department_name")?,
    };
    let money = money(tx, &object)?;
    let mut all = |sql: Sql| tx.query(sql, &[&id]);
    Ok(Some(Life {
        ex_ante: all(EX_ANTE)?,
        targets: all(TARGETS)?,
        indicators: all(INDICATORS)?,
        monitorings: all(MONITORINGS)?,
        monitoring_lines: all(MONITORING_LINES)?,
        self_evaluations: all(SELF_EVALUATIONS)?,
        reasons: all(REASONS)?,
        re_evaluations: all(RE_EVALUATIONS)?,
        key_evaluations: all(KEY_EVALUATIONS)?,
        agencies: all(AGENCIES)?,
        rectifications: all(RECTIFICATIONS)?,
        applications: all(APPLICATIONS)?,
        object,
        money,
    }))
}

impl Life {
    /// Leaves what was released: all that somebody sees who does not see the object at work.
    ///
    /// # Errors
    /// A row has not the columns of its statement.
    pub(crate) fn released(mut self) -> Result<Self, Error> {
        keep(&mut self.targets, RELEASED_TARGETS)?;
        keep(&mut self.self_evaluations, &["published"])?;
        keep(&mut self.key_evaluations, &["filed", "result_delivered"])?;
        self.ex_ante.clear();
        self.monitorings.clear();
        self.monitoring_lines.clear();
        self.re_evaluations.clear();
        self.rectifications.clear();
        self.applications.clear();
        Ok(self)
    }
}

/// The states of a target that was submitted to the congress.
const RELEASED_TARGETS: &[&str] = &["submitted_to_npc", "approved", "adjusting", "superseded"];

fn keep(rows: &mut Vec<Row>, states: &[&str]) -> Result<(), Error> {
    let mut kept = Vec::new();
    for row in rows.drain(..) {
        if states.contains(&&*row.text("state")?) {
            kept.push(row);
        }
    }
    *rows = kept;
    Ok(())
}

fn money(tx: &mut Tx<'_>, object: &Object) -> Result<BTreeMap<i64, Money>, Error> {
    let is_department = object.kind == "department";
    let (budget, executed, id) = if is_department {
        (
            BUDGET_OF_DEPARTMENT,
            EXECUTED_OF_DEPARTMENT,
            &object.department_id,
        )
    } else {
        (BUDGET, EXECUTED, &object.id)
    };
    let mut years: BTreeMap<i64, Money> = BTreeMap::new();
    for row in tx.query(budget, &[id])? {
        let year = years.entry(row.int("fiscal_year")?).or_default();
        let fen = row.int("fen")?;
        match row.text("change_kind")?.as_str() {
            "initial" => year.initial = fen,
            "supplement" => year.supplement = fen,
            "reduction" => year.reduction = fen,
            _ => year.transfer = fen,
        }
    }
    for row in tx.query(executed, &[id])? {
        years.entry(row.int("fiscal_year")?).or_default().executed = row.int("fen")?;
    }
    Ok(years)
}
