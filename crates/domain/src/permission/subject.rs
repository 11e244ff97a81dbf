//! Who acts, and what is acted upon.

use serde::{Deserialize, Serialize};

use super::{Role, Scope};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    PersonId
    /// An organisation unit.
    UnitId
    /// A business section (业务股室).
    SectionId
    /// A record of any kind.
    RecordId
}

/// Who acts: the person, the roles held, and where that person works.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    /// The person.
    pub id: PersonId,
    /// The roles held.
    pub roles: Vec<Role>,
    /// The unit that the person works for; none for the bureau's own staff and for outsiders.
    pub unit: Option<UnitId>,
    /// The business section that the person works in.
    pub section: Option<SectionId>,
    /// 行政区划代码, 6 digits.
    pub region: String,
    /// The records that were assigned to the person.
    pub tasks: Vec<RecordId>,
}

/// What is acted upon: where a record, or the system itself, belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The record; none for what belongs to the region as a whole.
    pub record: Option<RecordId>,
    /// The unit that the record is about.
    pub unit: Option<UnitId>,
    /// The units above it, nearest first.
    pub superiors: Vec<UnitId>,
    /// The business section that looks after the unit in the record's year.
    pub section: Option<SectionId>,
    /// 行政区划代码, 6 digits.
    pub region: String,
    /// Whether it was submitted to the congress, filed or published.
    pub is_released: bool,
}

impl Subject {
    /// What belongs to a region as a whole: its imports, its rules, its accounts.
    pub fn of_region(region: &str) -> Self {
        Self {
            record: None,
            unit: None,
            superiors: Vec::new(),
            section: None,
            region: region.to_owned(),
            is_released: false,
        }
    }
}

/// Whether a subject lies within the scope, seen from the actor. A scope inside a region never
/// reaches into another region.
pub fn covers(scope: Scope, actor: &Actor, subject: &Subject) -> bool {
    let own_unit = || actor.unit.is_some() && actor.unit == subject.unit;
    let here = actor.region == subject.region;
    match scope {
        Scope::All => true,
        Scope::Region => here,
        Scope::OwnUnit => here && own_unit(),
        Scope::SubordinateUnits => {
            let below = |unit: &UnitId| subject.superiors.contains(unit);
            here && (own_unit() || actor.unit.as_ref().is_some_and(below))
        }
        Scope::OwnSection => here && actor.section.is_some() && actor.section == subject.section,
        // An expert may live anywhere: the assignment alone counts.
        Scope::AssignedTasks => subject
            .record
            .as_ref()
            .is_some_and(|record| actor.tasks.contains(record)),
    }
}
