//! How a record stands, read from the database as the engine asks for it.

use db::Tx;
use domain::attachment::Type;
use domain::permission::PersonId;
use domain::rulepack::{self, RulePack};
use domain::workflow::{Case, Condition, Desk, Lock, RecordKind, Standing};

use super::store::desk::KeptDesk;
use super::store::record::Facts;
use super::store::{content, deadline, desk, record};
use super::{Error, form, round};
use crate::{attachment, permission, target};

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
    let holds = holds(tx, kind, id, &facts, pack)?;
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
                holds,
                outcome,
            },
            route: pack.review.route(kind),
            desk: own_desk,
            answered: None,
        },
        due_on: facts.due_on.clone().or(round.map(|round| round.due_on)),
        facts,
        kept,
        pack,
    })
}

/// The pack that the record keeps, else the one that it names, else the place's.
fn pack(
    tx: &mut Tx<'_>,
    facts: &Facts,
    kept: Option<&KeptDesk>,
) -> Result<&'static RulePack, Error> {
    let own = |name: &str| {
        let id = name.split('@').next().unwrap_or(name);
        rulepack::builtin(id)
    };
    if let Some(pack) = kept.and_then(|kept| own(&kept.rule_pack)) {
        return Ok(pack);
    }
    if let Some(pack) = facts.rule_pack.as_deref().and_then(own) {
        return Ok(pack);
    }
    let chosen = record::chosen_pack(tx)?;
    Ok(chosen
        .as_deref()
        .and_then(own)
        .unwrap_or_else(rulepack::default_pack))
}

/// The conditions that hold. A form is checked only where its rows are there, because that is the
/// work of a moment for each record.
fn holds(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    facts: &Facts,
    pack: &RulePack,
) -> Result<Vec<Condition>, Error> {
    let mut holds = facts.holds.clone();
    if attachment::has(tx, kind.name(), id, Type::StampedScan)? {
        holds.push(Condition::ScanAttached);
    }
    if holds.contains(&Condition::FormValid)
        && let Some((head, lines)) = content::rows(tx, kind, id)?
        && !(form::is_valid(pack, kind, &head, &lines)?
            && target::form_is_valid(tx, pack, kind, id)?)
    {
        holds.retain(|condition| *condition != Condition::FormValid);
    }
    Ok(holds)
}

/// Everyone who filled the record and `person`.
pub(super) fn with_filler(fillers: &[PersonId], person: &PersonId) -> Vec<PersonId> {
    let mut all = fillers.to_vec();
    if !all.contains(person) {
        all.push(person.clone());
    }
    all
}
