//! People with addresses, and work that they hold, for the tests of notices.

use db::{Error, Sql, Tx};
use domain::permission::Role;

use super::store::{self, Contact};
use crate::identity::store::{NewAccount, insert};

/// Where the sample's records are.
pub(crate) const REGION: &str = "510683";

/// Makes an account whose id and login are `login`, at the unit `place`, or for a section's
/// reviewer in the section `place`; an empty address is none.
pub(crate) fn person(
    tx: &mut Tx<'_>,
    login: &str,
    role: Role,
    place: Option<&str>,
    email: &str,
) -> Result<(), Error> {
    let is_section = role == Role::SectionReviewer;
    let new = NewAccount {
        id: login,
        region_code: REGION,
        login,
        name: login,
        unit: place.filter(|_| !is_section),
        section: place.filter(|_| is_section),
        roles: &[role],
        provenance: "test",
    };
    insert(tx, &new)?;
    let contact = Contact {
        email: email.to_owned(),
        wants_mail: true,
    };
    store::set_contact(tx, login, &contact)
}

const WORK: Sql = Sql {
    name: "WORK",
    text: "INSERT INTO work_item (record_kind, record_id, position, region_code, unit_id, \
           section_id, person_id, role, scope, title, state, verb, arrived_at, due_on, sent_by) \
           VALUES ($1, $2, $3, '510683', 'u-1', 's-1', $4, $5, $6, $7, 'draft', $8, \
           '2020-11-01T09:00:00+08:00', $9, NULL)",
};

/// A piece of work on the sample's unit that a role holds.
pub(crate) struct Work<'a> {
    pub(crate) kind: &'a str,
    pub(crate) id: &'a str,
    pub(crate) position: i64,
    pub(crate) person: Option<&'a str>,
    pub(crate) role: Role,
    pub(crate) scope: &'a str,
    pub(crate) verb: &'a str,
    pub(crate) due_on: Option<&'a str>,
}

/// Puts the work where the home page and the reminders find it.
pub(crate) fn work(tx: &mut Tx<'_>, work: &Work<'_>) -> Result<(), Error> {
    let title = format!("绩效目标 {}", work.id);
    let role = work.person.is_none().then(|| work.role.name());
    let scope = work.person.is_none().then_some(work.scope);
    tx.execute_one(
        WORK,
        &[
            &work.kind,
            &work.id,
            &work.position,
            &work.person,
            &role,
            &scope,
            &title,
            &work.verb,
            &work.due_on,
        ],
    )
}
