//! Writes what a file changes, in the transaction in which it was looked at.

use db::Tx;
use domain::workflow::RecordKind;

use super::look::{Asked, Plan, Work};
use super::person::ByPerson;
use crate::audit::{self, Change};
use crate::target::store::record::{self, Before, Beginning, Edit};
use crate::target::{KIND, Stop, event, versions};
use crate::workflow;

/// An event to be written when everything else is.
struct Told {
    id: String,
    before: serde_json::Value,
    after: serde_json::Value,
}

/// Writes the plan; nothing where a row is rejected.
///
/// # Errors
/// The database fails, or the machine gives no randomness.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    who: (&str, &str),
    plan: &Plan,
) -> Result<(), Stop> {
    write_by(tx, asked, who, (plan, None))
}

/// As [`write()`], by a person, who counts as the one who filled it.
///
/// # Errors
/// As [`write()`].
pub(in crate::target) fn write_by(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    (actor, now): (&str, &str),
    (plan, person): (&Plan, Option<ByPerson<'_>>),
) -> Result<(), Stop> {
    if plan.counts()[3] > 0 {
        return Ok(());
    }
    let mut told = Vec::new();
    for work in &plan.works {
        told.push(one(tx, asked, (plan, person), work, now)?);
    }
    if !told.is_empty() {
        tx.many_rows_written(&["performance_target", "indicator", "target_field"])?;
    }
    // Things to do are read from what is written, so they come behind all of it.
    for told in &told {
        let kind = RecordKind::PerformanceTarget;
        match person {
            Some(person) => workflow::edited(tx, kind, &told.id, person.actor, now)?,
            None => workflow::refresh(tx, kind, &told.id, now)?,
        }
    }
    for told in &told {
        let change = Change {
            actor,
            action: "target_imported",
            record: (KIND, &told.id),
            before: Some(&told.before),
            after: Some(&told.after),
        };
        audit::append(tx, asked.region, now, &change)?;
    }
    Ok(())
}

fn one(
    tx: &mut Tx<'_>,
    asked: Asked<'_>,
    (plan, person): (&Plan, Option<ByPerson<'_>>),
    work: &Work,
    now: &str,
) -> Result<Told, Stop> {
    let mut target = work.target.clone();
    let last = work.open.as_ref().map_or(0, |open| open.last_row_key);
    let edit = Edit {
        account: person.map(|person| person.account),
        at: now,
        last_row_key: target.number_rows(last),
    };
    if let Some(open) = &work.open {
        let before = Before {
            id: &open.id,
            region: asked.region,
            version: open.version,
            target: &open.target,
        };
        let content = target.content();
        record::save(tx, before, &target, &edit)?;
        versions::load(tx, before, &content, now)?;
        let (before, after, _) = event::difference(&open.target.content(), &content);
        let id = open.id.clone();
        return Ok(Told { id, before, after });
    }
    let secret = web::token::secret().map_err(Stop::Told)?;
    let id = format!("t-{}", secret.get(..16).unwrap_or_default());
    let beginning = Beginning {
        id: &id,
        region: asked.region,
        object: &work.object.id,
        year: asked.year,
        edition: work.edition,
        origin: "initial",
        target: &target,
        form: work.form,
        pack: &format!("{}@{}", plan.pack.id, plan.pack.version),
    };
    record::begin(tx, &beginning, &edit)?;
    versions::begin(tx, &beginning, &edit)?;
    let after = serde_json::json!({
        "year": asked.year, "edition": work.edition, "object": work.object.id,
        "rows": target.rows.len(), "form": work.form.id,
    });
    Ok(Told {
        id,
        before: serde_json::Value::Null,
        after,
    })
}
