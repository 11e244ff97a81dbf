//! Things to do: who holds a record, as rows that a home page lists.

use std::collections::BTreeSet;

use db::{Error, Tx};
use domain::permission::{Role, Scope};
use domain::workflow::{Holder, RecordKind, duty, holders};

use super::round::is_being_filled;
use super::standing::{self, Read};
use super::store::desk::{self, KeptDesk};
use super::store::item::{self as store, Item, Place};
use super::store::people;
use super::{Error as Refused, receipt};

/// Records that are read at once when everything is made anew.
const MOST_AT_ONCE: i64 = 500;

/// Writes what is to be done with the record as it stands, in place of what was.
pub(super) fn write(tx: &mut Tx<'_>, read: &Read, kept: &KeptDesk) -> Result<(), Error> {
    let mut items = Vec::new();
    for holder in holders(read.kind, &read.standing) {
        let verb = duty(read.kind, &read.standing, &holder).name();
        let due_on = read
            .due_on
            .clone()
            .filter(|_| read.facts.due_on.is_some() || read.is_being_filled());
        let item = |person: Option<String>, office| Item {
            person,
            office,
            verb,
            due_on: due_on.clone(),
        };
        match holder {
            Holder::Person(person) => items.push(item(Some(person.0), None)),
            Holder::Signer(signer) => {
                let office = (signer.role.name(), signer.scope.name());
                items.push(item(None, Some(office)));
            }
            Holder::Filler => {
                let offices = fillers(tx, read)?;
                items.extend(offices.into_iter().map(|office| item(None, Some(office))));
            }
        }
    }
    let title = receipt::title(read.kind, &read.facts);
    let subject = &read.standing.subject;
    let place = Place {
        kind: read.kind,
        id: &read.id,
        region: &read.facts.region_code,
        unit: read.facts.unit_id.as_deref(),
        section: subject.section.as_ref().map(|section| &*section.0),
        title: &title,
        state: read.standing.state.name(),
        arrived_at: &kept.arrived_at,
        sent_by: kept.moved_by.as_deref(),
    };
    store::rewrite(tx, &place, &items)
}

/// Whose it is to fill the record: the unit's clerks; where the unit has none, whoever else of it
/// may fill. What the bureau fills itself (重点监控, and what belongs to no unit) is its own.
fn fillers(tx: &mut Tx<'_>, read: &Read) -> Result<Vec<(&'static str, &'static str)>, Error> {
    let office = |role: Role, scope: Scope| (role.name(), scope.name());
    let is_key = read
        .standing
        .case
        .holds
        .contains(&domain::workflow::Condition::KeyMonitoring);
    let unit = match &read.facts.unit_id {
        Some(unit) if !is_key => unit,
        _ => return Ok(vec![office(Role::PerformanceAdmin, Scope::Region)]),
    };
    let held = people::unit_roles(tx, unit)?;
    let others = [Role::UnitHead, Role::DepartmentReviewer];
    let stand_in: Vec<_> = others
        .into_iter()
        .filter(|role| held.iter().any(|name| name == role.name()))
        .map(|role| office(role, Scope::OwnUnit))
        .collect();
    let has_clerk = held.iter().any(|name| name == Role::UnitClerk.name());
    Ok(if has_clerk || stand_in.is_empty() {
        vec![office(Role::UnitClerk, Scope::OwnUnit)]
    } else {
        stand_in
    })
}

/// Makes desk and things to do of one record as it stands.
///
/// # Errors
/// The database fails; a record that is gone is passed over.
pub(crate) fn refresh(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    clock: &str,
) -> Result<(), Error> {
    let read = match standing::read_unchecked(tx, kind, id, clock) {
        Ok(read) => read,
        Err(Refused::Refused(_)) => return Ok(()),
        Err(Refused::Database(error)) => return Err(error),
    };
    let is_at_rest = holders(kind, &read.standing).is_empty();
    if is_at_rest && read.kept.is_none() {
        return store::rewrite(tx, &nowhere(&read), &[]);
    }
    let kept = kept_or_new(&read, clock);
    if read.kept.is_none() {
        desk::set(tx, &read.facts.region_code, kind, id, &kept)?;
    }
    write(tx, &read, &kept)
}

fn nowhere(read: &Read) -> Place<'_> {
    Place {
        kind: read.kind,
        id: &read.id,
        region: &read.facts.region_code,
        unit: None,
        section: None,
        title: "",
        state: "",
        arrived_at: "",
        sent_by: None,
    }
}

/// What is kept of the record's way, begun at `clock` where nothing was.
pub(super) fn kept_or_new(read: &Read, clock: &str) -> KeptDesk {
    read.kept.clone().unwrap_or_else(|| KeptDesk {
        desk: read.standing.desk.clone(),
        outcome: read.standing.case.outcome.clone(),
        fillers: read.standing.fillers.clone(),
        rule_pack: read.pack.id.to_string(),
        arrived_at: clock.to_owned(),
        moved_by: None,
        returned_at: None,
    })
}

/// Makes desks and things to do of every record that somebody holds: after a load or an import, and
/// as a chore. What is right already stays as it is.
///
/// # Errors
/// The database fails.
pub(crate) fn refresh_items(tx: &mut Tx<'_>, clock: &str) -> Result<usize, Error> {
    let mut refreshed = 0;
    let held: BTreeSet<(String, String)> = store::pending(tx)?.into_iter().collect();
    for kind in RecordKind::ALL {
        let mut after = String::new();
        loop {
            let records = store::next_records(tx, kind, &after, MOST_AT_ONCE)?;
            let Some((last, _)) = records.last() else {
                break;
            };
            after.clone_from(last);
            for (id, state) in &records {
                let state = kind.state(state);
                let is_awaited = state.is_some_and(|state| kind.machine().is_awaited(state));
                // What is at rest and was held keeps no thing to do.
                if is_awaited || held.contains(&(kind.name().to_owned(), id.clone())) {
                    refresh(tx, kind, id, clock)?;
                    refreshed += 1;
                }
            }
        }
    }
    Ok(refreshed)
}

/// Gives everything that is to be done in a round its new last day. Nothing else of a thing to do
/// depends on the round, so this is one statement for each state, however many records there are.
///
/// # Errors
/// The database fails.
pub(super) fn set_due(
    tx: &mut Tx<'_>,
    round: (&str, RecordKind, i64),
    due_on: &str,
) -> Result<u64, Error> {
    let kind = round.1;
    let mut touched = 0;
    for row in kind.machine().states {
        if kind
            .state(row.name)
            .is_some_and(|state| is_being_filled(kind, state))
        {
            touched += store::set_due(tx, round, row.name, due_on)?;
        }
    }
    Ok(touched)
}
