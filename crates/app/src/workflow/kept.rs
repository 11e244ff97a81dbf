//! How a desk and an answer are kept: as JSON texts that name states, roles and people.

use domain::permission::{PersonId, Role, Scope};
use domain::workflow::{Desk, Holder, Moved, RecordKind, Seat, Signer, State, fact};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptDesk {
    handed_in_by: Option<PersonId>,
    sent_by: Option<PersonId>,
    path: Vec<String>,
    seats: Vec<KeptSeat>,
    asked: Vec<PersonId>,
    added: Vec<PersonId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptSeat {
    role: String,
    scope: String,
    delegate: Option<PersonId>,
    signed_by: Option<PersonId>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptMoved {
    from: String,
    state: String,
    version: u64,
    desk: KeptDesk,
    outcome: Option<String>,
    holders: Vec<KeptHolder>,
    fact: String,
    submission: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptHolder {
    Filler,
    Signer(String, String),
    Person(PersonId),
}

fn signer(role: &str, scope: &str) -> Option<Signer> {
    Some(Signer {
        role: Role::ALL.into_iter().find(|known| known.name() == role)?,
        scope: Scope::ALL.into_iter().find(|known| known.name() == scope)?,
    })
}

impl From<&Desk> for KeptDesk {
    fn from(desk: &Desk) -> Self {
        let seat = |seat: &Seat| KeptSeat {
            role: seat.signer.role.name().to_owned(),
            scope: seat.signer.scope.name().to_owned(),
            delegate: seat.delegate.clone(),
            signed_by: seat.signed_by.clone(),
        };
        Self {
            handed_in_by: desk.handed_in_by.clone(),
            sent_by: desk.sent_by.clone(),
            path: names(&desk.path),
            seats: desk.seats.iter().map(seat).collect(),
            asked: desk.asked.clone(),
            added: desk.added.clone(),
        }
    }
}

fn names(states: &[State]) -> Vec<String> {
    states.iter().map(|state| state.name().to_owned()).collect()
}

impl KeptDesk {
    fn read(self, kind: RecordKind) -> Option<Desk> {
        let seat = |seat: KeptSeat| {
            Some(Seat {
                signer: signer(&seat.role, &seat.scope)?,
                delegate: seat.delegate,
                signed_by: seat.signed_by,
            })
        };
        Some(Desk {
            handed_in_by: self.handed_in_by,
            sent_by: self.sent_by,
            path: self
                .path
                .iter()
                .map(|name| kind.state(name))
                .collect::<Option<_>>()?,
            seats: self.seats.into_iter().map(seat).collect::<Option<_>>()?,
            asked: self.asked,
            added: self.added,
        })
    }
}

fn text(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and lists of texts are JSON")
}

/// The desk as it is kept.
pub(super) fn desk_text(desk: &Desk) -> String {
    text(&KeptDesk::from(desk))
}

/// The desk that was kept; none when the text is not one.
pub(super) fn desk(kind: RecordKind, kept: &str) -> Option<Desk> {
    serde_json::from_str::<KeptDesk>(kept).ok()?.read(kind)
}

/// People as they are kept.
pub(super) fn people_text(people: &[PersonId]) -> String {
    text(&people)
}

/// People that were kept; none when the text is no list.
pub(super) fn people(kept: &str) -> Option<Vec<PersonId>> {
    serde_json::from_str(kept).ok()
}

/// An answer as it is kept, with the number of the receipt that it gave.
pub(super) fn moved_text(moved: &Moved, submission: Option<&str>) -> String {
    let holder = |holder: &Holder| match holder {
        Holder::Filler => KeptHolder::Filler,
        Holder::Signer(signer) => KeptHolder::Signer(
            signer.role.name().to_owned(),
            signer.scope.name().to_owned(),
        ),
        Holder::Person(person) => KeptHolder::Person(person.clone()),
    };
    text(&KeptMoved {
        from: moved.from.name().to_owned(),
        state: moved.state.name().to_owned(),
        version: moved.version,
        desk: KeptDesk::from(&moved.desk),
        outcome: moved.outcome.clone(),
        holders: moved.holders.iter().map(holder).collect(),
        fact: moved.fact.to_owned(),
        submission: submission.map(str::to_owned),
    })
}

/// The answer that was kept; none when the text is not one.
pub(super) fn moved(kind: RecordKind, kept: &str) -> Option<(Moved, Option<String>)> {
    let kept: KeptMoved = serde_json::from_str(kept).ok()?;
    let holder = |holder: KeptHolder| {
        Some(match holder {
            KeptHolder::Filler => Holder::Filler,
            KeptHolder::Signer(role, scope) => Holder::Signer(signer(&role, &scope)?),
            KeptHolder::Person(person) => Holder::Person(person),
        })
    };
    let moved = Moved {
        from: kind.state(&kept.from)?,
        state: kind.state(&kept.state)?,
        version: kept.version,
        desk: kept.desk.read(kind)?,
        outcome: kept.outcome,
        holders: kept
            .holders
            .into_iter()
            .map(holder)
            .collect::<Option<_>>()?,
        fact: fact(kind, &kept.fact)?,
    };
    Some((moved, kept.submission))
}
