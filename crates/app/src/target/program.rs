//! A target's content for programs: what a form says, and saving all of it at once.

use std::collections::BTreeMap;

use db::Tx;
use domain::permission::Action;
use domain::rulepack::target_form::TargetForm;
use domain::target::{Problem, Target, problems, tidied};
use domain::workflow::{RecordKind, Refusal};

use super::store::record;
use super::typed::{Order, Typed, settle_keys};
use super::{Stop, demanded, save};
use crate::serve::Person;
use crate::workflow;

/// The form of a target and what it says.
///
/// # Errors
/// The database fails.
pub(crate) fn content(
    tx: &mut Tx<'_>,
    id: &str,
) -> Result<Option<(&'static TargetForm, Target)>, db::Error> {
    let record = record::find(tx, id)?;
    Ok(record.map(|record| (record.form, record.target)))
}

/// What came of saving.
pub(crate) enum Put {
    /// It is saved, or was the same already: the version.
    Saved(i64),
    /// It cannot be done now.
    Refused(Refusal),
    /// It is of another form, which is the one named.
    OtherForm(String),
    /// It cannot be kept.
    Flawed(Vec<Problem>),
}

/// Saves the whole content, made from `version` of the target.
///
/// # Errors
/// The person may not, or the database fails.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    (version, form, target): (u64, &str, &Target),
    moment: (&str, &str),
) -> Result<Put, Stop> {
    let record = demanded(tx, &person.actor, Action::Fill, id)?;
    let current = u64::try_from(record.version).unwrap_or_default();
    let kind = RecordKind::PerformanceTarget;
    let standing = match workflow::edit_allowed(tx, kind, id, current, &person.actor, moment.0) {
        Ok(standing) => standing,
        Err(workflow::Error::Refused(refusal))
            if !matches!(refusal, Refusal::NotFound | Refusal::NotYours(_)) =>
        {
            return Ok(Put::Refused(refusal));
        }
        Err(error) => return Err(error.into()),
    };
    if version != current {
        return Ok(Put::Refused(Refusal::Stale {
            seen: version,
            current,
        }));
    }
    if form != record.form.id {
        return Ok(Put::OtherForm(record.form.id.clone()));
    }
    let mut target = target.clone().fitted(record.form);
    settle_keys(&mut target, &[&record.target]);
    // Programs are not told where rows came from: a row that stays keeps its origin.
    for row in &mut target.rows {
        let kept = record.target.rows.iter().find(|kept| kept.key == row.key);
        row.origin = kept.map_or_else(String::new, |kept| kept.origin.clone());
    }
    let target = tidied(&target).settled(record.form);
    let flaws = problems(record.form, &target);
    if !flaws.is_empty() {
        return Ok(Put::Flawed(flaws));
    }
    let typed = Typed {
        version: record.version,
        order: Order::Save,
        table: String::new(),
        target: Target::default(),
        started: None,
        taken: BTreeMap::new(),
        answers: BTreeMap::new(),
        done: Vec::new(),
    };
    save::write(tx, person, (&record, &standing), target, &typed, moment)?;
    let saved = record::find(tx, id)?;
    Ok(Put::Saved(
        saved.map_or(record.version, |saved| saved.version),
    ))
}
