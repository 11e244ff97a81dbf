//! SQL of accounts and of logging in.

pub(crate) mod common;
pub(crate) mod directory;
pub(crate) mod privileged;
pub(crate) mod second_factor;
pub(crate) mod session;

use db::{Error, Row, Tx};
use domain::identity::Present;
use domain::permission::{Actor, PersonId, RecordId, Role, SectionId, UnitId};

/// The columns of an account.
macro_rules! columns {
    () => {
        "id, region_code, login_name, name, unit_id, section_id, email, password_hash, \
         must_change_password, password_changed_at, totp_secret, oidc_subject, \
         state, valid_to, failed_logins, locked_until, last_login_at, last_login_from, version"
    };
}

/// Most passwords that are remembered of an account; no pack asks for more.
const MOST_PASSWORDS: i64 = 24;

db::statements! {
    FIND_ACCOUNT = concat!("SELECT ", columns!(), " FROM account WHERE login_name = $1");
    FIND_BY_ID = concat!("SELECT ", columns!(), " FROM account WHERE id = $1");
    HAS_ACCOUNT = "SELECT id FROM account ORDER BY id LIMIT 1";
    INSERT_ACCOUNT = "INSERT INTO account (id, region_code, login_name, name, unit_id, \
                      section_id, email, password_hash, must_change_password, \
                      password_changed_at, totp_last_step, state, failed_logins, version, \
                      provenance) VALUES ($1, $2, $3, $4, $5, $6, '', NULL, FALSE, NULL, 0, \
                      'active', 0, 1, $7)";
    INSERT_ROLE = "INSERT INTO account_role (account_id, role, region_code) VALUES ($1, $2, $3)";
    SET_PASSWORD = "UPDATE account SET password_hash = $2, password_changed_at = $3, \
                    must_change_password = $4, version = version + 1 WHERE id = $1";
    REMEMBER_PASSWORD = "INSERT INTO password_history (account_id, position, region_code, \
                         password_hash) SELECT a.id, (SELECT CAST(COALESCE(MAX(h.position), 0) + 1 \
                         AS BIGINT) FROM password_history h WHERE h.account_id = a.id), \
                         a.region_code, $2 FROM account a WHERE a.id = $1";
    FORGET_PASSWORDS = "DELETE FROM password_history WHERE account_id = $1 AND position <= \
                        (SELECT MAX(h.position) - $2 FROM password_history h \
                        WHERE h.account_id = $1)";
    PASSWORDS = "SELECT password_hash FROM password_history WHERE account_id = $1 \
                 ORDER BY position DESC LIMIT $2";
    COUNT_FAILURE = "UPDATE account SET failed_logins = failed_logins + 1 WHERE id = $1 \
                     RETURNING failed_logins";
    LOCK = "UPDATE account SET locked_until = $2 WHERE id = $1";
    ENTERED = "UPDATE account SET failed_logins = 0, locked_until = NULL, last_login_at = $2, \
               last_login_from = $3 WHERE id = $1";
    FIND_UNKNOWN = "SELECT locked_until FROM login_failure WHERE name_digest = $1";
    COUNT_UNKNOWN = "INSERT INTO login_failure (name_digest, failures, failed_at) \
                     VALUES ($1, 1, $2) ON CONFLICT (name_digest) DO UPDATE SET \
                     failures = login_failure.failures + 1, failed_at = excluded.failed_at \
                     RETURNING failures";
    LOCK_UNKNOWN = "UPDATE login_failure SET locked_until = $2 WHERE name_digest = $1";
    SWEEP_UNKNOWN = "DELETE FROM login_failure WHERE failed_at <= $1 \
                     AND (locked_until IS NULL OR locked_until <= $2)";
    ROLES = "SELECT role FROM account_role WHERE account_id = $1 ORDER BY role";
    TASKS = "SELECT record_id FROM assignment WHERE account_id = $1 \
             ORDER BY record_kind, record_id";
    SECTIONS = "SELECT id, name FROM business_section ORDER BY id";
    FIRST_LEVEL_UNITS = "SELECT id, code, name FROM organisation_unit WHERE level = 'first' \
                         AND valid_to IS NULL ORDER BY code, id";
}

/// An account as it lies.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) region: String,
    /// The name to log in with.
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) unit: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) email: String,
    pub(crate) hash: Option<String>,
    pub(crate) must_change: bool,
    pub(crate) password_changed_at: Option<String>,
    /// Whether an authenticator is bound.
    pub(crate) has_second_factor: bool,
    /// Who it is at the common login.
    pub(crate) subject: Option<String>,
    pub(crate) is_disabled: bool,
    /// The last day on which it may be used.
    pub(crate) valid_to: Option<String>,
    /// Since the last login.
    pub(crate) failed_logins: i64,
    pub(crate) locked_until: Option<String>,
    pub(crate) last_login_at: Option<String>,
    pub(crate) last_login_from: Option<String>,
    pub(crate) version: i64,
}

impl Account {
    fn new(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.text("id")?,
            region: row.text("region_code")?,
            login: row.text("login_name")?,
            name: row.text("name")?,
            unit: row.opt_text("unit_id")?,
            section: row.opt_text("section_id")?,
            email: row.text("email")?,
            hash: row.opt_text("password_hash")?,
            must_change: row.bool("must_change_password")?,
            password_changed_at: row.opt_text("password_changed_at")?,
            has_second_factor: row.opt_text("totp_secret")?.is_some(),
            subject: row.opt_text("oidc_subject")?,
            is_disabled: row.text("state")? != "active",
            valid_to: row.opt_text("valid_to")?,
            failed_logins: row.int("failed_logins")?,
            locked_until: row.opt_text("locked_until")?,
            last_login_at: row.opt_text("last_login_at")?,
            last_login_from: row.opt_text("last_login_from")?,
            version: row.int("version")?,
        })
    }

    /// As the rules of logging in see it.
    pub(crate) fn present(&self) -> Present<'_> {
        Present {
            is_disabled: self.is_disabled,
            expires_on: self.valid_to.as_deref(),
            locked_until: self.locked_until.as_deref(),
        }
    }
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

/// The person of an account.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) actor: Actor,
}

/// The person of the account whose id a row has.
pub(crate) fn holder(tx: &mut Tx<'_>, row: &Row) -> Result<Holder, Error> {
    let row = tx.one(FIND_BY_ID, &[&row.text("id")?])?;
    let account = Account::new(&row)?;
    Ok(Holder {
        actor: actor(tx, &account)?,
        login: account.login,
        name: account.name,
    })
}

/// The account of that login name.
pub(crate) fn find_account(tx: &mut Tx<'_>, login: &str) -> Result<Option<Account>, Error> {
    let row = tx.find(FIND_ACCOUNT, &[&login])?;
    row.as_ref().map(Account::new).transpose()
}

/// The account of that id.
pub(crate) fn find_by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Account>, Error> {
    let row = tx.find(FIND_BY_ID, &[&id])?;
    row.as_ref().map(Account::new).transpose()
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

/// Sets an account's password, remembers it and ends the account's sessions.
pub(crate) fn set_password(
    tx: &mut Tx<'_>,
    account: &str,
    hash: &str,
    now: &str,
    must_change: bool,
) -> Result<(), Error> {
    tx.execute_one(SET_PASSWORD, &[&account, &hash, &now, &must_change])?;
    tx.execute_one(REMEMBER_PASSWORD, &[&account, &hash])?;
    tx.execute(FORGET_PASSWORDS, &[&account, &MOST_PASSWORDS])?;
    session::end_all(tx, account)
}

/// The hashes of the account's last `most` passwords, the present one first.
pub(crate) fn last_passwords(
    tx: &mut Tx<'_>,
    account: &str,
    most: u16,
) -> Result<Vec<String>, Error> {
    let rows = tx.query(PASSWORDS, &[&account, &i64::from(most)])?;
    rows.iter().map(|row| row.text("password_hash")).collect()
}

/// Counts a failed login of an account: how many there are since the last login.
pub(crate) fn count_failure(tx: &mut Tx<'_>, account: &str) -> Result<i64, Error> {
    tx.one(COUNT_FAILURE, &[&account])?.int("failed_logins")
}

/// Locks an account, or lifts the lock.
pub(crate) fn lock(tx: &mut Tx<'_>, account: &str, until: Option<&str>) -> Result<(), Error> {
    tx.execute_one(LOCK, &[&account, &until])
}

/// Writes that the account's person got in.
pub(crate) fn entered(tx: &mut Tx<'_>, account: &str, now: &str, from: &str) -> Result<(), Error> {
    tx.execute_one(ENTERED, &[&account, &now, &from])
}

/// Until when a name that is no account's is locked.
pub(crate) fn unknown_locked_until(tx: &mut Tx<'_>, digest: &str) -> Result<Option<String>, Error> {
    match tx.find(FIND_UNKNOWN, &[&digest])? {
        Some(row) => row.opt_text("locked_until"),
        None => Ok(None),
    }
}

/// Counts a failed login under a name that is no account's, and forgets those that failed before
/// `old` and are not locked at `now`.
pub(crate) fn count_unknown(
    tx: &mut Tx<'_>,
    digest: &str,
    now: &str,
    old: &str,
) -> Result<i64, Error> {
    tx.execute(SWEEP_UNKNOWN, &[&old, &now])?;
    tx.one(COUNT_UNKNOWN, &[&digest, &now])?.int("failures")
}

/// Locks a name that is no account's.
pub(crate) fn lock_unknown(tx: &mut Tx<'_>, digest: &str, until: &str) -> Result<(), Error> {
    tx.execute_one(LOCK_UNKNOWN, &[&digest, &until])
}

/// The roles that the account holds.
pub(crate) fn roles(tx: &mut Tx<'_>, account: &str) -> Result<Vec<Role>, Error> {
    let mut roles = Vec::new();
    for row in tx.query(ROLES, &[&account])? {
        let name = row.text("role")?;
        roles.extend(Role::ALL.into_iter().find(|role| role.name() == name));
    }
    Ok(roles)
}

/// The person of the account, as the permission table sees it.
pub(crate) fn actor(tx: &mut Tx<'_>, account: &Account) -> Result<Actor, Error> {
    let tasks = tx.query(TASKS, &[&account.id])?;
    let tasks: Result<_, Error> = tasks
        .iter()
        .map(|row| row.text("record_id").map(RecordId))
        .collect();
    Ok(Actor {
        roles: roles(tx, &account.id)?,
        unit: account.unit.clone().map(UnitId),
        section: account.section.clone().map(SectionId),
        region: account.region.clone(),
        tasks: tasks?,
        id: PersonId(account.id.clone()),
    })
}
