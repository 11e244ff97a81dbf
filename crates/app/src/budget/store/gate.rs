//! SQL of budget lines and what their gates ask.

use db::{Error, Row, Tx};
use domain::budget::{ChangeKind, GatedLine, ProjectKind, Release, TargetStanding};
use domain::number::Fen;
use domain::workflow::RecordKind;

use super::library::standing_target;

/// Lines with what their gates ask, `b` is the line.
macro_rules! gated {
    ($which:literal) => {
        concat!(
            "SELECT b.id, b.region_code, b.object_id, b.fiscal_year, b.book, b.fund_source, \
             b.origin, b.change_kind, b.amount_fen, b.document_number, b.requires_npc_approval, \
             b.function_code, b.release_state, b.version, b.decided_at, b.decision, \
             o.name AS object_name, o.project_kind, a.name AS decided_by, t.id AS target_id, \
             t.state AS target_state, t.grade, t.edition, \
             CASE WHEN NOT o.needs_ex_ante OR EXISTS (SELECT 1 FROM ex_ante_assessment x \
             LEFT JOIN record_desk d ON d.record_kind = 'ex_ante_assessment' \
             AND d.record_id = x.id WHERE x.object_id = o.id AND x.subject_year <= b.fiscal_year \
             AND (x.state = 'applied_to_budget' OR (x.state = 'audited' AND d.outcome = '通过'))) \
             THEN 1 ELSE 0 END AS is_settled FROM budget_line b \
             JOIN managed_object o ON o.id = b.object_id \
             LEFT JOIN account a ON a.id = b.decided_by \
             LEFT JOIN performance_target t ON t.id = ",
            standing_target!("b.object_id", "b.fiscal_year"),
            " WHERE ",
            $which,
            " ORDER BY b.fiscal_year, CASE b.change_kind WHEN 'initial' THEN 0 \
             WHEN 'supplement' THEN 1 WHEN 'reduction' THEN 2 ELSE 3 END, b.book, b.origin, b.id"
        )
    };
}

db::statements! {
    FIND_LINE = gated!("b.id = $1");
    LINES_OF = gated!("b.object_id = $1 AND b.fiscal_year = $2");
    DECIDE_LINE = "UPDATE budget_line SET release_state = $3, decision = $4, decided_by = $5, \
                   decided_at = $6, version = version + 1 WHERE id = $1 AND version = $2";
    RELEASE_INITIAL = "UPDATE budget_line SET release_state = 'released', decided_by = $3, \
                       decided_at = $4, version = version + 1 WHERE object_id = $1 \
                       AND fiscal_year = $2 AND change_kind = 'initial' \
                       AND release_state = 'planned'";
    INSERT_TYPED = "INSERT INTO budget_line (id, region_code, object_id, fiscal_year, book, \
                    origin, change_kind, amount_fen, document_number, requires_npc_approval, \
                    provenance, fund_source) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    // Two who type the same line at once do not both find that there is none.
    LOCK_PROJECT = "UPDATE managed_object SET version = version WHERE id = $1";
    SAME_LINE = "SELECT b.id FROM budget_line b WHERE b.object_id = $1 AND b.fiscal_year = $2 \
                 AND b.book = $3 AND b.fund_source = $4 AND b.origin = $5 AND b.change_kind = $6 \
                 AND b.document_number = $7 ORDER BY b.id LIMIT 1";
}

/// A line with what its gate asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) region: String,
    pub(crate) object_id: String,
    pub(crate) object_name: String,
    pub(crate) year: i64,
    pub(crate) book: String,
    /// Money outside the four books; empty otherwise.
    pub(crate) fund_source: String,
    pub(crate) origin: String,
    pub(crate) change: String,
    pub(crate) amount: Fen,
    pub(crate) document: String,
    pub(crate) requires_npc_approval: bool,
    pub(crate) function: String,
    pub(crate) release: Release,
    pub(crate) version: i64,
    /// Who decided and when, once it is released or withheld.
    pub(crate) decided: Option<(String, String)>,
    /// Why it is withheld.
    pub(crate) decision: String,
    /// The target that stands for it: id and edition.
    pub(crate) target: Option<(String, i64)>,
    kind: Option<ProjectKind>,
    is_settled: bool,
    standing: Option<TargetStanding>,
}

impl Line {
    /// The line as its gate sees it, and the target that stands for it.
    pub(crate) fn gated(&self) -> (GatedLine, Option<&TargetStanding>) {
        let line = GatedLine {
            // The column allows no other words.
            change: ChangeKind::from_name(&self.change).unwrap_or(ChangeKind::Supplement),
            amount: self.amount,
            release: self.release,
            kind: self.kind,
            is_ex_ante_settled: self.is_settled,
        };
        (line, self.standing.as_ref())
    }
}

fn line(row: &Row) -> Result<Line, Error> {
    let state = row.opt_text("target_state")?;
    let state = state.and_then(|state| RecordKind::PerformanceTarget.state(&state));
    let grade = row.opt_text("grade")?;
    let kind = row.opt_text("project_kind")?;
    let release = Release::from_name(&row.text("release_state")?);
    Ok(Line {
        id: row.text("id")?,
        region: row.text("region_code")?,
        object_id: row.text("object_id")?,
        object_name: row.text("object_name")?,
        year: row.int("fiscal_year")?,
        book: row.text("book")?,
        fund_source: row.text("fund_source")?,
        origin: row.text("origin")?,
        change: row.text("change_kind")?,
        amount: Fen(row.int("amount_fen")?),
        document: row.text("document_number")?,
        requires_npc_approval: row.bool("requires_npc_approval")?,
        function: row.text("function_code")?,
        release: release.unwrap_or(Release::Planned),
        version: row.int("version")?,
        decided: row.opt_text("decided_by")?.zip(row.opt_text("decided_at")?),
        decision: row.text("decision")?,
        target: row.opt_text("target_id")?.zip(row.opt_int("edition")?),
        kind: kind.as_deref().and_then(ProjectKind::from_name),
        is_settled: row.int("is_settled")? == 1,
        standing: state.map(|state| TargetStanding { state, grade }),
    })
}

/// The line of this id.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Line>, Error> {
    tx.find(FIND_LINE, &[&id])?.as_ref().map(line).transpose()
}

/// The lines of a project in a year.
pub(crate) fn lines_of(tx: &mut Tx<'_>, object: &str, year: i64) -> Result<Vec<Line>, Error> {
    let rows = tx.query(LINES_OF, &[&object, &year])?;
    rows.iter().map(line).collect()
}

/// Releases or withholds the line that was read in this transaction.
///
/// # Errors
/// [`Error::Touched`]: somebody decided first.
pub(in crate::budget) fn decide(
    tx: &mut Tx<'_>,
    line: &Line,
    (release, decision): (Release, &str),
    (account, now): (&str, &str),
) -> Result<(), Error> {
    let release = release.name();
    tx.execute_one(
        DECIDE_LINE,
        &[&line.id, &line.version, &release, &decision, &account, &now],
    )
}

/// Releases the initial budget of a project of the year, as its approval does; how many lines.
pub(in crate::budget) fn release_initial(
    tx: &mut Tx<'_>,
    (object, year): (&str, i64),
    (account, now): (&str, &str),
) -> Result<u64, Error> {
    tx.execute(RELEASE_INITIAL, &[&object, &year, &account, &now])
}

/// A line that is typed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Typed<'a> {
    pub(in crate::budget) object: &'a str,
    pub(in crate::budget) year: i64,
    pub(in crate::budget) book: &'a str,
    pub(in crate::budget) fund_source: &'a str,
    pub(in crate::budget) origin: &'a str,
    pub(in crate::budget) change: &'a str,
    pub(in crate::budget) amount: Fen,
    pub(in crate::budget) document: &'a str,
    pub(in crate::budget) requires_npc_approval: bool,
}

/// Writes a line under `id`, unless there is one that says the same of other money: whether it was
/// written.
pub(in crate::budget) fn insert_typed(
    tx: &mut Tx<'_>,
    (id, region, account): (&str, &str, &str),
    typed: &Typed<'_>,
) -> Result<bool, Error> {
    tx.execute_one(LOCK_PROJECT, &[&typed.object])?;
    let same = tx.find(
        SAME_LINE,
        &[
            &typed.object,
            &typed.year,
            &typed.book,
            &typed.fund_source,
            &typed.origin,
            &typed.change,
            &typed.document,
        ],
    )?;
    if same.is_some() {
        return Ok(false);
    }
    tx.execute_one(
        INSERT_TYPED,
        &[
            &id,
            &region,
            &typed.object,
            &typed.year,
            &typed.book,
            &typed.origin,
            &typed.change,
            &typed.amount.0,
            &typed.document,
            &typed.requires_npc_approval,
            &account,
            &typed.fund_source,
        ],
    )?;
    Ok(true)
}
