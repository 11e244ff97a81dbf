//! SQL of accounts and sessions.

use db::{Error, Row, Tx};
use domain::permission::{Actor, PersonId, RecordId, Role, SectionId, UnitId};

db::statements! {
    FIND_ACCOUNT = "SELECT id, region_code, login_name, name, password_hash, state \
                    FROM account WHERE login_name = $1";
    HAS_ACCOUNT = "SELECT id FROM account ORDER BY id LIMIT 1";
    INSERT_ACCOUNT = "INSERT INTO account (id, region_code, login_name, name, unit_id, \
                      section_id, email, password_hash, must_change_password, \
                      password_changed_at, totp_last_step, state, failed_logins, version, \
                      provenance) VALUES ($1, $2, $3, $4, $5, $6, '', NULL, FALSE, NULL, 0, \
                      'active', 0, 1, $7)";
    INSERT_ROLE = "INSERT INTO account_role (account_id, role, region_code) VALUES ($1, $2, $3)";
    SET_PASSWORD = "UPDATE account SET password_hash = $2, password_changed_at = $3, \
                    must_change_password = $4, version = version + 1 WHERE id = $1";
    FIND_HASH = "SELECT password_hash FROM account WHERE id = $1";
    FIND_SESSION = "SELECT a.id, a.region_code, a.login_name, a.name, a.unit_id, a.section_id \
                    FROM session s JOIN account a ON a.id = s.account_id \
                    WHERE s.token_digest = $1 AND s.expires_at > $2 AND s.stage = 'full' \
                    AND a.state = 'active'";
    ROLES = "SELECT role FROM account_role WHERE account_id = $1 ORDER BY role";
    TASKS = "SELECT record_id FROM assignment WHERE account_id = $1 \
             ORDER BY record_kind, record_id";
    BEGIN_SESSION = "INSERT INTO session (token_digest, account_id, region_code, stage, \
                     began_at, seen_at, expires_at, from_address, browser) \
                     SELECT $1, id, region_code, 'full', $3, $3, $4, $5, $6 FROM account \
                     WHERE id = $2";
    END_SESSION = "DELETE FROM session WHERE token_digest = $1";
    END_OLD_SESSIONS = "DELETE FROM session WHERE expires_at <= $1";
    SECTIONS = "SELECT id, name FROM business_section ORDER BY id";
    FIRST_LEVEL_UNITS = "SELECT id, code, name FROM organisation_unit WHERE level = 'first' \
                         AND valid_to IS NULL ORDER BY code, id";
    END_SESSIONS_OF = "DELETE FROM session WHERE account_id = $1";
}

/// An account as the login asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) login: String,
    /// The password's hash, unless the account is closed or has none.
    pub(crate) hash: Option<String>,
}

/// A new account without a password.
#[derive(Debug, Clone)]
pub(crate) struct NewAccount<'a> {
    pub(crate) id: &'a str,
    pub(crate) region_code: &'a str,
    pub(crate) login: &'a str,
    pub(crate) name: &'a str,
    pub(crate) unit: Option<&'a str>,
    pub(crate) section: Option<&'a str>,
    pub(crate) roles: &'a [Role],
    pub(crate) provenance: &'a str,
}

/// Whose session it is.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) actor: Actor,
}

/// The account of that login name.
pub(crate) fn find_account(tx: &mut Tx<'_>, login: &str) -> Result<Option<Account>, Error> {
    let Some(row) = tx.find(FIND_ACCOUNT, &[&login])? else {
        return Ok(None);
    };
    let is_open = row.text("state")? == "active";
    Ok(Some(Account {
        id: row.text("id")?,
        login: row.text("login_name")?,
        hash: row.opt_text("password_hash")?.filter(|_| is_open),
    }))
}

/// Whether there is any account.
pub(crate) fn has_account(tx: &mut Tx<'_>) -> Result<bool, Error> {
    Ok(tx.find(HAS_ACCOUNT, &[])?.is_some())
}

/// Id and name of every business section.
pub(crate) fn sections(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, Error> {
    tx.query(SECTIONS, &[])?
        .iter()
        .map(|row| Ok((row.text("id")?, row.text("name")?)))
        .collect()
}

/// Id, code and name of every open first-level unit.
pub(crate) fn first_level_units(tx: &mut Tx<'_>) -> Result<Vec<(String, String, String)>, Error> {
    tx.query(FIRST_LEVEL_UNITS, &[])?
        .iter()
        .map(|row| Ok((row.text("id")?, row.text("code")?, row.text("name")?)))
        .collect()
}

/// Writes a new account with its roles.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewAccount<'_>) -> Result<(), Error> {
    tx.execute_one(
        INSERT_ACCOUNT,
        &[
            &new.id,
            &new.region_code,
            &new.login,
            &new.name,
            &new.unit,
            &new.section,
            &new.provenance,
        ],
    )?;
    for role in new.roles {
        tx.execute_one(INSERT_ROLE, &[&new.id, &role.name(), &new.region_code])?;
    }
    Ok(())
}

/// Sets an account's password and ends its sessions.
pub(crate) fn set_password(
    tx: &mut Tx<'_>,
    account: &str,
    hash: &str,
    now: &str,
    must_change: bool,
) -> Result<(), Error> {
    tx.execute_one(SET_PASSWORD, &[&account, &hash, &now, &must_change])?;
    tx.execute(END_SESSIONS_OF, &[&account]).map(drop)
}

/// The hash of an account's password.
pub(crate) fn find_hash(tx: &mut Tx<'_>, account: &str) -> Result<Option<String>, Error> {
    match tx.find(FIND_HASH, &[&account])? {
        Some(row) => row.opt_text("password_hash"),
        None => Ok(None),
    }
}

/// Whose session it is, if it has not ended before `now`.
pub(crate) fn find_session(
    tx: &mut Tx<'_>,
    token_digest: &str,
    now: &str,
) -> Result<Option<Holder>, Error> {
    let Some(row) = tx.find(FIND_SESSION, &[&token_digest, &now])? else {
        return Ok(None);
    };
    holder(tx, &row).map(Some)
}

/// The account that a row with its id, region, names, unit and section is of.
pub(crate) fn holder(tx: &mut Tx<'_>, row: &Row) -> Result<Holder, Error> {
    Ok(Holder {
        login: row.text("login_name")?,
        name: row.text("name")?,
        actor: actor(tx, row)?,
    })
}

fn actor(tx: &mut Tx<'_>, row: &Row) -> Result<Actor, Error> {
    let id = row.text("id")?;
    let mut roles = Vec::new();
    for row in tx.query(ROLES, &[&id])? {
        let name = row.text("role")?;
        roles.extend(Role::ALL.into_iter().find(|role| role.name() == name));
    }
    let tasks = tx.query(TASKS, &[&id])?;
    let tasks: Result<_, Error> = tasks
        .iter()
        .map(|row| row.text("record_id").map(RecordId))
        .collect();
    Ok(Actor {
        roles,
        unit: row.opt_text("unit_id")?.map(UnitId),
        section: row.opt_text("section_id")?.map(SectionId),
        region: row.text("region_code")?,
        tasks: tasks?,
        id: PersonId(id),
    })
}

/// Where and when a session begins.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) now: String,
    pub(crate) expires_at: String,
    pub(crate) from_address: String,
    pub(crate) browser: String,
}

/// Begins a session of the account, and sweeps those that have ended.
pub(crate) fn begin_session(
    tx: &mut Tx<'_>,
    token_digest: &str,
    account: &str,
    start: &Start,
) -> Result<(), Error> {
    tx.execute(END_OLD_SESSIONS, &[&start.now])?;
    tx.execute_one(
        BEGIN_SESSION,
        &[
            &token_digest,
            &account,
            &start.now,
            &start.expires_at,
            &start.from_address,
            &start.browser,
        ],
    )
}

/// Ends a session.
pub(crate) fn end_session(tx: &mut Tx<'_>, token_digest: &str) -> Result<(), Error> {
    tx.execute(END_SESSION, &[&token_digest]).map(drop)
}
