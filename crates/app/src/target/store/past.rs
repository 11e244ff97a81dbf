//! What is known of an object besides its target: its money, and what it reached last year.

use db::{Error, Tx};
use domain::advice::{Context, Kind, Past};
use domain::number::Fen;
use domain::rulepack::RulePack;
use domain::target::Target;

use super::record::Record;
use super::{examples, reached};

db::statements! {
    ABOUT = "SELECT o.project_kind, (SELECT CAST(COALESCE(SUM(b.amount_fen), 0) AS BIGINT) \
             FROM budget_line b WHERE b.object_id = o.id AND b.fiscal_year = $2) AS budget_fen \
             FROM managed_object o WHERE o.id = $1";
    // What is still being filled says nothing yet.
    REACHED = "SELECT i.name, i.operator, i.value_text, i.unit, l.actual_text \
               FROM self_evaluation s \
               JOIN self_evaluation_line l ON l.self_evaluation_id = s.id \
               JOIN indicator i ON i.id = l.indicator_id \
               WHERE s.object_id = $1 AND s.subject_year = $2 \
               AND s.state NOT IN ('open', 'filling') ORDER BY i.position, i.id";
}

/// What advice on `target`, as it is typed, goes by, with what other units set and reached.
pub(in crate::target) fn full_context(
    tx: &mut Tx<'_>,
    pack: &RulePack,
    record: &Record,
    target: &Target,
) -> Result<Context, Error> {
    Ok(Context {
        others: examples::alike(tx, record, &target.goal)?,
        reached: reached::bands(tx, pack, record, target)?,
        ..context(tx, record)?
    })
}

/// What advice on the record's target goes by, of the object's own.
pub(in crate::target) fn context(tx: &mut Tx<'_>, record: &Record) -> Result<Context, Error> {
    let about = tx.find(ABOUT, &[&record.object_id, &record.year])?;
    let (kind, budget) = match &about {
        Some(row) => (row.opt_text("project_kind")?, row.int("budget_fen")?),
        None => (None, 0),
    };
    let last = tx.query(REACHED, &[&record.object_id, &(record.year - 1)])?;
    let last = last.iter().map(|row| {
        Ok(Past {
            name: row.text("name")?,
            operator: row.text("operator")?,
            value: row.text("value_text")?,
            unit: row.text("unit")?,
            actual: row.text("actual_text")?,
        })
    });
    Ok(Context {
        object_name: record.object_name.clone(),
        year: i32::try_from(record.year).unwrap_or_default(),
        // A department is no works, whatever stands in its name.
        kind: (record.object_kind != "project").then_some(Kind::Other),
        budget: (budget > 0).then_some(Fen(budget)),
        last: last.collect::<Result<_, Error>>()?,
        is_given: matches!(kind.as_deref(), Some("personnel" | "operating")),
        ..Context::default()
    })
}
