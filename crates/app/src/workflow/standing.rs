//! How a record stands, read from the database as the engine asks for it.

use db::Tx;
use domain::finding::{Finding, Severity};
use domain::permission::PersonId;
use domain::rulepack::{self, RulePack};
use domain::workflow::{Case, Condition, Desk, Lock, RecordKind, Standing, State};

use super::store::desk::KeptDesk;
use super::store::record::Facts;
use super::store::{content, deadline, desk, record};
use super::{Error, form, round};
use crate::{attachment, permission, review, target};

/// A record as it stands, with what its pages and its moves need beside.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) kind: RecordKind,
    pub(crate) id: String,
    /// What the engine asks for; without an earlier answer.
    pub(crate) standing: Standing,
    pub(crate) facts: Facts,
    /// What was kept of its way; none before its first move.
    pub(crate) kept: Option<KeptDesk>,
    pub(crate) pack: &'static RulePack,
    /// The last day of filling it, where one is set.
    pub(crate) due_on: Option<String>,
    /// What the checks found, worst first, while it is filled.
    pub(crate) findings: Vec<Finding>,
}

impl Read {
    /// Whether its content is a unit's to fill or to send.
    pub(crate) fn is_being_filled(&self) -> bool {
        round::is_being_filled(self.kind, self.standing.state)
    }

    /// Whether its last day has passed while it was being filled.
    pub(crate) fn is_overdue(&self, today: &str) -> bool {
        let is_its_own = self.facts.due_on.is_some();
        let waits = is_its_own || self.is_being_filled();
        let is_at_rest = domain::workflow::holders(self.kind, &self.standing).is_empty();
        waits && !is_at_rest && self.due_on.as_deref().is_some_and(|due| due < today)
    }
}

/// How the record stands at `clock`.
///
/// # Errors
/// There is no such record, or the database fails.
pub(crate) fn read(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    clock: &str,
) -> Result<Read, Error> {
    read_as(tx, (kind, id), clock, true)
}

/// [`read`] without checking its form, for whoever asks only who holds it: no holder and no duty
/// depends on what the checks find.
///
/// # Errors
/// As [`read`].
pub(super) fn read_unchecked(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    clock: &str,
) -> Result<Read, Error> {
    read_as(tx, (kind, id), clock, false)
}

fn read_as(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    clock: &str,
    is_checked: bool,
) -> Result<Read, Error> {
    let facts = record::facts(tx, kind, id)?.ok_or(Error::NOT_FOUND)?;
    let subject = permission::subject(tx, kind.name(), id)?.ok_or(Error::NOT_FOUND)?;
    let state = kind.state(&facts.state).ok_or(Error::NOT_FOUND)?;
    let kept = desk::find(tx, kind, id)?;
    let pack = pack(tx, &facts, kept.as_ref())?;
    let (own_desk, outcome, fillers) = match &kept {
        Some(kept) => (
            kept.desk.clone(),
            kept.outcome.clone(),
            kept.fillers.clone(),
        ),
        None => (Desk::default(), facts.outcome.clone(), Vec::new()),
    };
    let round = round::of(tx, kind, &facts)?;
    let is_returned = kept.as_ref().is_some_and(|kept| kept.returned_at.is_some());
    let lock = if deadline::is_closed(tx, &facts.region_code, facts.year)? {
        Some(Lock::YearClosed)
    } else if round::is_shut(round.as_ref(), kind, state, clock) && !is_returned {
        Some(Lock::RoundClosed)
    } else {
        None
    };
    let mut held = held(tx, (kind, id), &facts, pack)?;
    let is_prepared = round::is_being_filled(kind, state) || kind == RecordKind::PublicationItem;
    if is_checked && is_prepared {
        check(tx, (kind, id), &facts, pack, &mut held)?;
    }
    Ok(Read {
        kind,
        id: id.to_owned(),
        standing: Standing {
            state,
            version: facts.version,
            subject,
            fillers,
            lock,
            case: Case {
                amount_fen: facts.amount_fen,
                object: facts.object_kind,
                holds: held.holds,
                missing: held.missing,
                errors: errors(&held.findings),
                outcome,
                grades: grades(tx, kind, id, state)?,
            },
            route: pack.review.route(kind),
            desk: own_desk,
            answered: None,
        },
        due_on: facts.due_on.clone().or(round.map(|round| round.due_on)),
        findings: held.findings,
        facts,
        kept,
        pack,
    })
}

/// What each reviewer's form of the step comes to, where the kind has such forms.
fn grades(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    state: State,
) -> Result<Vec<(PersonId, String)>, Error> {
    let is_graded = kind.machine().review.is_some_and(|part| part.is_graded);
    if is_graded && kind.machine().is_review_step(state) {
        Ok(review::grades(tx, id, state.name())?)
    } else {
        Ok(Vec::new())
    }
}

/// The pack that the record keeps, else the one that it names, else the place's.
fn pack(
    tx: &mut Tx<'_>,
    facts: &Facts,
    kept: Option<&KeptDesk>,
) -> Result<&'static RulePack, Error> {
    if let Some(pack) = kept.and_then(|kept| own(&kept.rule_pack)) {
        return Ok(pack);
    }
    if let Some(pack) = facts.rule_pack.as_deref().and_then(own) {
        return Ok(pack);
    }
    Ok(place_pack(tx)?)
}

/// The pack that a record names: id@version.
fn own(name: &str) -> Option<&'static RulePack> {
    let id = name.split('@').next().unwrap_or(name);
    rulepack::builtin(id)
}

/// The rule pack of the place, for the records to come.
///
/// # Errors
/// The database fails.
pub(crate) fn place_pack(tx: &mut Tx<'_>) -> Result<&'static RulePack, db::Error> {
    let chosen = record::chosen_pack(tx)?;
    let chosen = chosen.as_deref().and_then(own);
    Ok(chosen.unwrap_or_else(rulepack::default_pack))
}

/// What the conditions of a record look at.
struct Held {
    holds: Vec<Condition>,
    missing: Vec<String>,
    findings: Vec<Finding>,
}

/// The conditions that hold, but for those of its form.
fn held(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    facts: &Facts,
    pack: &RulePack,
) -> Result<Held, Error> {
    let mut held = Held {
        holds: facts.holds.clone(),
        missing: Vec::new(),
        findings: Vec::new(),
    };
    for wanted in pack.attachments.required(kind) {
        if !attachment::has(tx, kind.name(), id, wanted)? {
            held.missing.push(wanted.label().to_owned());
        }
    }
    if held.missing.is_empty() {
        held.holds.push(Condition::AttachmentsComplete);
    }
    Ok(held)
}

/// Checks the form. It is checked only while it is filled or prepared, because that is the work of
/// a moment for each record and no other state asks for it.
fn check(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    facts: &Facts,
    pack: &RulePack,
    held: &mut Held,
) -> Result<(), Error> {
    if let Some((head, lines)) = content::rows(tx, kind, id)? {
        held.findings = target::form_findings(tx, pack, kind, id)?;
        let found = form::findings(tx, pack, (kind, id), facts, (&head, &lines))?;
        for finding in found {
            // A target is checked as it is filled and as it is stored: each is told once.
            let same = |other: &Finding| {
                other.message == finding.message
                    || (kind == RecordKind::PerformanceTarget && other.rule == finding.rule)
            };
            if !held.findings.iter().any(same) {
                held.findings.push(finding);
            }
        }
        held.findings.sort_by_key(|finding| finding.severity);
        if !errors(&held.findings).is_empty() {
            held.holds
                .retain(|condition| *condition != Condition::FormValid);
        }
    }
    Ok(())
}

/// What must be mended, as sentences.
fn errors(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.severity == Severity::E)
        .map(|finding| format!("{}（{}）", finding.message, finding.rule))
        .collect()
}

/// Everyone who filled the record and `person`.
pub(super) fn with_filler(fillers: &[PersonId], person: &PersonId) -> Vec<PersonId> {
    let mut all = fillers.to_vec();
    if !all.contains(person) {
        all.push(person.clone());
    }
    all
}
