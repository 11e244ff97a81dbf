//! 转移: the open work of somebody who leaves goes to a successor.

use db::Tx;
use domain::permission::PersonId;
use domain::workflow::{Desk, RecordKind};
use serde_json::json;

use super::store::{desk, people};
use super::{Error, item, standing};
use crate::audit;

/// What was handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HandedOver {
    /// Records on whose desks the successor stands now.
    pub(crate) records: usize,
    /// Assignments that the successor has now, or had before.
    pub(crate) assignments: u64,
}

/// Moves the open work of `from` to `to`: seats that were handed to the person (转办), signatures
/// that the person was asked for (会签, 加签), and what was assigned. What was filled, sent or signed
/// stays with whoever did it. `by` is the login name of who does it, for the event.
///
/// # Errors
/// The database fails.
pub(crate) fn hand_over(
    tx: &mut Tx<'_>,
    from: &PersonId,
    to: &PersonId,
    clock: &str,
    by: &str,
) -> Result<HandedOver, Error> {
    let region = audit::region(tx)?;
    let mut done = HandedOver::default();
    for (name, id) in desk::naming(tx, &region, &from.0)? {
        let Some(kind) = RecordKind::find(&name) else {
            continue;
        };
        let mut read = standing::read(tx, kind, &id, clock)?;
        let Some(mut kept) = read.kept.clone() else {
            continue;
        };
        let moved = replaced(&kept.desk, &read.standing.fillers, from, to);
        if moved == kept.desk {
            continue;
        }
        kept.desk = moved.clone();
        desk::set(tx, &region, kind, &id, &kept)?;
        read.standing.desk = moved;
        item::write(tx, &read, &kept)?;
        done.records += 1;
    }
    done.assignments = desk::move_assignments(tx, &from.0, &to.0, clock)?;
    let login = |tx: &mut Tx<'_>, person: &PersonId| {
        let found = people::name(tx, &person.0)?;
        Ok::<_, db::Error>(found.map_or_else(|| person.0.clone(), |(_, login)| login))
    };
    let (from_login, to_login) = (login(tx, from)?, login(tx, to)?);
    let after = json!({
        "successor": to_login,
        "records": done.records,
        "assignments": done.assignments,
    });
    let change = audit::Change {
        actor: by,
        action: "work_handed_over",
        record: ("account", &from_login),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, &region, clock, &change)?;
    Ok(done)
}

/// The desk with `to` in every open place of `from`. Where `to` cannot stand, because it filled or
/// sent the record or signs there already, the place is given up: a seat goes back to its role.
fn replaced(desk: &Desk, fillers: &[PersonId], from: &PersonId, to: &PersonId) -> Desk {
    let mut moved = desk.clone();
    let is_unfit = fillers.contains(to)
        || [&desk.sent_by, &desk.handed_in_by].contains(&&Some(to.clone()))
        || desk
            .seats
            .iter()
            .any(|seat| seat.signed_by.as_ref() == Some(to));
    let is_there = desk.asked.contains(to)
        || desk.added.contains(to)
        || desk
            .seats
            .iter()
            .any(|seat| seat.delegate.as_ref() == Some(to));
    let successor = (!is_unfit && !is_there).then(|| to.clone());
    for seat in &mut moved.seats {
        if seat.signed_by.is_none() && seat.delegate.as_ref() == Some(from) {
            seat.delegate.clone_from(&successor);
        }
    }
    for people in [&mut moved.asked, &mut moved.added] {
        if let Some(at) = people.iter().position(|person| person == from) {
            match &successor {
                Some(person) => people[at] = person.clone(),
                None => drop(people.remove(at)),
            }
        }
    }
    moved
}
