//! SQL of the list of accounts and of what their pages choose from.

use db::{Error, Row, ToValue, Tx};
use domain::permission::Role;

use super::Account;

/// The accounts that are chosen; an empty text chooses everything.
///
/// $1 text, $2 role, $3 state, $4 now, $5 today.
macro_rules! chosen {
    () => {
        "FROM account a LEFT JOIN organisation_unit u ON u.id = a.unit_id \
         LEFT JOIN business_section s ON s.id = a.section_id \
         WHERE ($1 = '' OR a.login_name LIKE '%' || $1 || '%' OR a.name LIKE '%' || $1 || '%' \
         OR u.name LIKE '%' || $1 || '%' OR u.code = $1) \
         AND ($2 = '' OR EXISTS (SELECT 1 FROM account_role r WHERE r.account_id = a.id \
         AND r.role = $2) OR ($2 = 'none' AND NOT EXISTS (SELECT 1 FROM account_role r \
         WHERE r.account_id = a.id))) \
         AND ($3 = '' OR ($3 = 'disabled' AND a.state = 'disabled') \
         OR ($3 = 'active' AND a.state = 'active') \
         OR ($3 = 'locked' AND a.locked_until > $4) \
         OR ($3 = 'expired' AND a.valid_to < $5))"
    };
}

db::statements! {
    PAGE = concat!("SELECT a.id, a.login_name, a.name, a.state, a.valid_to, a.locked_until, \
           a.last_login_at, a.totp_secret, u.name AS unit, s.name AS section ", chosen!(),
           " AND a.login_name > $6 ORDER BY a.login_name LIMIT $7");
    COUNT = concat!("SELECT CAST(COUNT(*) AS BIGINT) AS found ", chosen!());
    ROLES_BETWEEN = "SELECT r.account_id, r.role FROM account_role r \
                     JOIN account a ON a.id = r.account_id \
                     WHERE a.login_name >= $1 AND a.login_name <= $2 \
                     ORDER BY r.account_id, r.role";
    UNITS = "SELECT id, code, name FROM organisation_unit WHERE valid_to IS NULL \
             ORDER BY code, id LIMIT $1";
    UNIT_BY_CODE = "SELECT id, name FROM organisation_unit WHERE code = $1 \
                    AND valid_to IS NULL ORDER BY id LIMIT 1";
    UNIT = "SELECT code, name FROM organisation_unit WHERE id = $1";
    SECTION = "SELECT name FROM business_section WHERE id = $1";
    SUBJECT = "SELECT id FROM account WHERE oidc_subject = $1";
    DETAILS = "UPDATE account SET name = $3, email = $4, valid_to = $5, version = version + 1 \
               WHERE id = $1 AND version = $2";
    INSERT = "INSERT INTO account (id, region_code, login_name, name, unit_id, section_id, email, \
              password_hash, must_change_password, password_changed_at, totp_last_step, \
              oidc_subject, state, valid_to, failed_logins, version, provenance) VALUES \
              ($1, $2, $3, $4, $5, $6, $7, NULL, TRUE, NULL, 0, $8, 'active', $9, 0, 1, $10)";
    ADD_IMPORT = "INSERT INTO account_import (id, region_code, uploaded_by, expires_at, \
                  file_name, rows_json) VALUES ($1, $2, $3, $4, $5, $6)";
    TAKE_IMPORT = "DELETE FROM account_import WHERE id = $1 AND uploaded_by = $2 \
                   AND expires_at > $3 RETURNING file_name, rows_json";
    PEEK_IMPORT = "SELECT rows_json FROM account_import WHERE id = $1 AND uploaded_by = $2 \
                   AND expires_at > $3";
    SWEEP_IMPORTS = "DELETE FROM account_import WHERE expires_at <= $1";
}

/// Which accounts are looked for; an empty text chooses everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) text: String,
    pub(crate) role: String,
    pub(crate) state: String,
    pub(crate) now: String,
}

impl Filter {
    fn today(&self) -> &str {
        self.now.get(..10).unwrap_or_default()
    }
}

/// An account in the list.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) is_disabled: bool,
    pub(crate) valid_to: Option<String>,
    pub(crate) locked_until: Option<String>,
    pub(crate) last_login_at: Option<String>,
    pub(crate) has_second_factor: bool,
}

fn listed(row: &Row) -> Result<Listed, Error> {
    let place = match row.opt_text("unit")? {
        Some(unit) => Some(unit),
        None => row.opt_text("section")?,
    };
    Ok(Listed {
        id: row.text("id")?,
        login: row.text("login_name")?,
        name: row.text("name")?,
        place: place.unwrap_or_default(),
        roles: Vec::new(),
        is_disabled: row.text("state")? != "active",
        valid_to: row.opt_text("valid_to")?,
        locked_until: row.opt_text("locked_until")?,
        last_login_at: row.opt_text("last_login_at")?,
        has_second_factor: row.opt_text("totp_secret")?.is_some(),
    })
}

/// The next accounts after the login name `after`, and how many there are in all.
pub(crate) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    after: &str,
    most: i64,
) -> Result<(Vec<Listed>, i64), Error> {
    let chosen: [&dyn ToValue; 5] = [
        &filter.text,
        &filter.role,
        &filter.state,
        &filter.now,
        &filter.today(),
    ];
    let found = tx.one(COUNT, &chosen)?.int("found")?;
    let mut values = chosen.to_vec();
    values.extend([&after as &dyn ToValue, &most]);
    let rows = tx.query(PAGE, &values)?;
    let mut accounts: Vec<Listed> = rows.iter().map(listed).collect::<Result<_, Error>>()?;
    let ends = accounts.first().zip(accounts.last());
    if let Some((first, last)) = ends {
        for row in tx.query(ROLES_BETWEEN, &[&first.login, &last.login])? {
            let (id, name) = (row.text("account_id")?, row.text("role")?);
            let role = Role::ALL.into_iter().find(|role| role.name() == name);
            if let Some(account) = accounts.iter_mut().find(|account| account.id == id) {
                account.roles.extend(role);
            }
        }
    }
    Ok((accounts, found))
}

/// Code and name of the first `most` open units.
pub(crate) fn units(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(String, String)>, Error> {
    tx.query(UNITS, &[&most])?
        .iter()
        .map(|row| Ok((row.text("code")?, row.text("name")?)))
        .collect()
}

/// Id and name of the open unit with that code.
pub(crate) fn unit_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<(String, String)>, Error> {
    tx.find(UNIT_BY_CODE, &[&code])?
        .map(|row| Ok((row.text("id")?, row.text("name")?)))
        .transpose()
}

/// Code and name of a unit.
pub(crate) fn unit(tx: &mut Tx<'_>, id: &str) -> Result<Option<(String, String)>, Error> {
    tx.find(UNIT, &[&id])?
        .map(|row| Ok((row.text("code")?, row.text("name")?)))
        .transpose()
}

/// The name of a business section.
pub(crate) fn section(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>, Error> {
    tx.find(SECTION, &[&id])?
        .map(|row| row.text("name"))
        .transpose()
}

/// The account that is this person at the common login.
pub(crate) fn of_subject(tx: &mut Tx<'_>, subject: &str) -> Result<Option<String>, Error> {
    tx.find(SUBJECT, &[&subject])?
        .map(|row| row.text("id"))
        .transpose()
}

/// Changes what is no right: the name, the address of mail, the last day.
pub(crate) fn set_details(
    tx: &mut Tx<'_>,
    account: &Account,
    (name, email, valid_to): (&str, &str, Option<&str>),
) -> Result<bool, Error> {
    let values: &[&dyn ToValue] = &[&account.id, &account.version, &name, &email, &valid_to];
    Ok(tx.execute(DETAILS, values)? == 1)
}

/// A new account without roles and without a password.
#[derive(Debug, Clone)]
pub(crate) struct Fresh<'a> {
    pub(crate) id: &'a str,
    pub(crate) region: &'a str,
    pub(crate) login: &'a str,
    pub(crate) name: &'a str,
    pub(crate) unit: Option<&'a str>,
    pub(crate) section: Option<&'a str>,
    pub(crate) email: &'a str,
    pub(crate) subject: Option<&'a str>,
    pub(crate) valid_to: Option<&'a str>,
    pub(crate) provenance: &'a str,
}

/// Writes a new account.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &Fresh<'_>) -> Result<(), Error> {
    tx.execute_one(
        INSERT,
        &[
            &new.id,
            &new.region,
            &new.login,
            &new.name,
            &new.unit,
            &new.section,
            &new.email,
            &new.subject,
            &new.valid_to,
            &new.provenance,
        ],
    )
}

/// Keeps the rows of a file until they are confirmed.
pub(crate) fn add_import(
    tx: &mut Tx<'_>,
    (id, region, by): (&str, &str, &str),
    (now, expires_at): (&str, &str),
    (file, rows): (&str, &str),
) -> Result<(), Error> {
    tx.execute(SWEEP_IMPORTS, &[&now])?;
    tx.execute_one(ADD_IMPORT, &[&id, &region, &by, &expires_at, &file, &rows])
}

/// The name and the rows of a kept file; it is there once.
pub(crate) fn take_import(
    tx: &mut Tx<'_>,
    id: &str,
    by: &str,
    now: &str,
) -> Result<Option<(String, String)>, Error> {
    tx.find(TAKE_IMPORT, &[&id, &by, &now])?
        .map(|row| Ok((row.text("file_name")?, row.text("rows_json")?)))
        .transpose()
}

/// The rows of a kept file.
pub(crate) fn peek_import(
    tx: &mut Tx<'_>,
    id: &str,
    by: &str,
    now: &str,
) -> Result<Option<String>, Error> {
    tx.find(PEEK_IMPORT, &[&id, &by, &now])?
        .map(|row| row.text("rows_json"))
        .transpose()
}
