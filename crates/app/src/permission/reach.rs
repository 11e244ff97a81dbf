//! What of a list a person sees, as values that a statement takes.

use db::Value;
use domain::permission::{Action, Actor, Scope, grants, role_conflict};

/// Which records a list shows to a person. A record is shown when it is within any part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Reach {
    /// Everything in the region.
    pub(crate) is_region: bool,
    /// Records of this unit; empty for none.
    pub(crate) unit: String,
    /// Records of this unit and of every unit below it; empty for none.
    pub(crate) top: String,
    /// Records of the units of this section in the list's year; empty for none.
    pub(crate) section: String,
    /// Records that were assigned to this account; empty for none.
    pub(crate) account: String,
    /// What was released in the region: for who sees nothing at work.
    pub(crate) is_released: bool,
}

impl Reach {
    /// How far this action of the actor reaches.
    pub(crate) fn of(actor: &Actor, action: Action) -> Self {
        let mut reach = Self::default();
        if role_conflict(&actor.roles).is_some() {
            return reach;
        }
        let held = |action: Action| {
            grants(action)
                .iter()
                .filter(|(role, _)| actor.roles.contains(role))
        };
        for (_, scope) in held(action) {
            let unit = || actor.unit.as_ref().map_or("", |unit| &unit.0).to_owned();
            match scope {
                Scope::All | Scope::Region => reach.is_region = true,
                Scope::OwnUnit => reach.unit = unit(),
                Scope::SubordinateUnits => reach.top = unit(),
                Scope::OwnSection => {
                    let section = actor.section.as_ref().map_or("", |section| &section.0);
                    section.clone_into(&mut reach.section);
                }
                Scope::AssignedTasks => reach.account.clone_from(&actor.id.0),
            }
        }
        let released = held(Action::ReadReleased).any(|(_, scope)| *scope == Scope::Region);
        reach.is_released = action == Action::View && reach == Self::default() && released;
        reach
    }

    /// The values in the order of [`within`]'s parameters.
    pub(crate) fn values(&self) -> [Value; 6] {
        [
            Value::Bool(self.is_region),
            Value::Text(self.unit.clone()),
            Value::Text(self.top.clone()),
            Value::Text(self.section.clone()),
            Value::Text(self.account.clone()),
            Value::Bool(self.is_released),
        ]
    }
}

/// Whether an object is within the reach, as a condition over `o` (the object), `u`, `above` and
/// `top` (its unit and those over it, by the joins of the objects' statements). The parameters are
/// the six of [`Reach::values`] and the year.
macro_rules! within {
    ($region:literal, $unit:literal, $top:literal, $section:literal, $account:literal,
     $released:literal, $year:literal) => {
        concat!(
            "(",
            $region,
            " OR (",
            $unit,
            " <> '' AND u.id = ",
            $unit,
            ") OR (",
            $top,
            " <> '' AND ",
            $top,
            " IN (u.id, above.id, top.id)) OR (",
            $section,
            " <> '' AND EXISTS (SELECT 1 FROM unit_section rs WHERE rs.fiscal_year = ",
            $year,
            " AND rs.section_id = ",
            $section,
            " AND rs.unit_id IN (u.id, above.id, top.id))) OR (",
            $account,
            " <> '' AND EXISTS (SELECT 1 FROM assignment ra \
             WHERE ra.account_id = ",
            $account,
            " AND ra.record_kind = 'managed_object' AND ra.record_id = o.id)) OR (",
            $released,
            " AND EXISTS (SELECT 1 FROM performance_target rt WHERE rt.object_id = o.id \
             AND rt.state IN ('submitted_to_npc', 'approved', 'adjusting', 'superseded'))))"
        )
    };
}

pub(crate) use within;
