//! Who can be drawn into a review, and what people are called.

use db::{Error, Tx};
use domain::permission::{Action, PersonId, Role, grants};

db::statements! {
    REVIEWERS = "SELECT a.id, a.name, r.role, COALESCE(s.name, u.name, '') AS place \
                 FROM account a JOIN account_role r ON r.account_id = a.id \
                 LEFT JOIN business_section s ON s.id = a.section_id \
                 LEFT JOIN organisation_unit u ON u.id = a.unit_id \
                 WHERE a.region_code = $1 AND a.state = 'active' \
                 AND r.role IN ('section_reviewer', 'performance_admin', 'budget_officer', \
                 'treasury_officer', 'expert', 'department_reviewer') \
                 AND (r.role <> 'department_reviewer' OR a.unit_id = $2 OR a.unit_id = $3) \
                 ORDER BY r.role, a.section_id, a.name, a.id LIMIT 500";
    NAME = "SELECT name, login_name FROM account WHERE id = $1";
    ROLES_OF = "SELECT r.role FROM account a JOIN account_role r ON r.account_id = a.id \
                WHERE a.id = $1 AND a.region_code = $2 AND a.state = 'active' ORDER BY r.role";
    HOLDERS = "SELECT a.name FROM account a JOIN account_role r ON r.account_id = a.id \
               WHERE a.region_code = $1 AND a.state = 'active' AND r.role = $2 \
               AND ($3 = '' OR a.unit_id = $3) AND ($4 = '' OR a.section_id = $4) \
               ORDER BY a.name, a.id LIMIT 4";
    UNIT_ROLES = "SELECT DISTINCT r.role FROM account a \
                  JOIN account_role r ON r.account_id = a.id \
                  WHERE a.unit_id = $1 AND a.state = 'active' ORDER BY r.role";
    OF_UNIT = "SELECT a.id FROM account a JOIN account_role r ON r.account_id = a.id \
               WHERE a.unit_id = $1 AND r.role = $2 AND a.state = 'active' ORDER BY a.id";
    WHO_FILL = "SELECT DISTINCT a.id FROM account a JOIN account_role r ON r.account_id = a.id \
                WHERE a.region_code = $1 AND a.state = 'active' AND a.unit_id IS NOT NULL \
                AND r.role IN ('unit_clerk', 'unit_head') AND ($2 = '' OR a.unit_id = $2) \
                ORDER BY a.id";
    UNIT_NAME = "SELECT name FROM organisation_unit WHERE id = $1";
}

/// Someone who can be drawn in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reviewer {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The role's word, and where the person works.
    pub(crate) office: String,
}

/// Everyone who can be drawn into the review of a unit's record: the bureau's own people, experts,
/// and the reviewers of the unit and of the one above it.
pub(crate) fn reviewers(
    tx: &mut Tx<'_>,
    region: &str,
    unit: Option<&str>,
    above: Option<&str>,
) -> Result<Vec<Reviewer>, Error> {
    let rows = tx.query(REVIEWERS, &[&region, &unit, &above])?;
    let mut reviewers: Vec<Reviewer> = Vec::new();
    for row in &rows {
        let (id, role) = (row.text("id")?, row.text("role")?);
        let role = Role::ALL.into_iter().find(|known| known.name() == role);
        let role = role.map_or("", Role::label);
        let place = row.text("place")?;
        let office = if place.is_empty() {
            role.to_owned()
        } else {
            format!("{place} · {role}")
        };
        if !reviewers.iter().any(|known| known.id == id) {
            reviewers.push(Reviewer {
                name: row.text("name")?,
                office,
                id,
            });
        }
    }
    Ok(reviewers)
}

/// Whether the account is open and of someone who can be drawn into a review in this region.
pub(crate) fn can_be_named(
    tx: &mut Tx<'_>,
    region: &str,
    person: &PersonId,
) -> Result<bool, Error> {
    let rows = tx.query(ROLES_OF, &[&person.0, &region])?;
    let mut is_reviewer = false;
    for row in &rows {
        let name = row.text("role")?;
        let role = Role::ALL.into_iter().find(|role| role.name() == name);
        is_reviewer |= role.is_some_and(|role| {
            let reviews = grants(Action::Review)
                .iter()
                .any(|(known, _)| *known == role);
            reviews || matches!(role, Role::BudgetOfficer | Role::TreasuryOfficer)
        });
    }
    Ok(is_reviewer)
}

/// Name and login name of an account.
pub(crate) fn name(tx: &mut Tx<'_>, person: &str) -> Result<Option<(String, String)>, Error> {
    let Some(row) = tx.find(NAME, &[&person])? else {
        return Ok(None);
    };
    Ok(Some((row.text("name")?, row.text("login_name")?)))
}

/// The names of the first few who hold the role; an empty unit or section asks for all.
pub(crate) fn holders(
    tx: &mut Tx<'_>,
    region: &str,
    role: Role,
    unit: &str,
    section: &str,
) -> Result<Vec<String>, Error> {
    let rows = tx.query(HOLDERS, &[&region, &role.name(), &unit, &section])?;
    rows.iter().map(|row| row.text("name")).collect()
}

/// The roles that the unit's people hold.
pub(crate) fn unit_roles(tx: &mut Tx<'_>, unit: &str) -> Result<Vec<String>, Error> {
    let rows = tx.query(UNIT_ROLES, &[&unit])?;
    rows.iter().map(|row| row.text("role")).collect()
}

/// The unit's name.
pub(crate) fn unit_name(tx: &mut Tx<'_>, unit: &str) -> Result<String, Error> {
    let row = tx.find(UNIT_NAME, &[&unit])?;
    Ok(row
        .map(|row| row.text("name"))
        .transpose()?
        .unwrap_or_default())
}

/// Everyone of the unit who holds the role.
pub(crate) fn of_unit(tx: &mut Tx<'_>, unit: &str, role: Role) -> Result<Vec<PersonId>, Error> {
    let rows = tx.query(OF_UNIT, &[&unit, &role.name()])?;
    rows.iter()
        .map(|row| Ok(PersonId(row.text("id")?)))
        .collect()
}

/// Everyone who fills or sends for the unit, or for any unit of the region where it is empty.
pub(crate) fn who_fill(tx: &mut Tx<'_>, region: &str, unit: &str) -> Result<Vec<PersonId>, Error> {
    let rows = tx.query(WHO_FILL, &[&region, &unit])?;
    rows.iter()
        .map(|row| Ok(PersonId(row.text("id")?)))
        .collect()
}
