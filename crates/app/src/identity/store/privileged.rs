//! SQL of the changes that two persons make together, and of what they change.

use db::{Error, Row, Tx};
use domain::identity::{Change, ChangeState, Request};
use domain::permission::{PersonId, Role};

/// The columns of a request with the names of the persons.
macro_rules! columns {
    () => {
        "SELECT c.id, c.kind, c.subject_id, c.payload, c.concerns_administrator, c.reason, \
         c.state, c.asked_by, c.asked_as, c.asked_at, c.expires_at, c.decided_at, c.decision, \
         c.version, asker.name AS asker, decider.name AS decider \
         FROM privileged_change c JOIN account asker ON asker.id = c.asked_by \
         LEFT JOIN account decider ON decider.id = c.decided_by"
    };
}

db::statements! {
    INSERT = "INSERT INTO privileged_change (id, region_code, kind, subject_id, payload, \
              concerns_administrator, reason, state, asked_by, asked_as, asked_at, expires_at, \
              decision, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $10, $11, \
              '', 1)";
    FIND = concat!(columns!(), " WHERE c.id = $1");
    WAITING = concat!(columns!(), " WHERE c.state = 'waiting' ORDER BY c.asked_at, c.id");
    DECIDED = concat!(columns!(), " WHERE c.state <> 'waiting' \
              ORDER BY c.decided_at DESC, c.id LIMIT $1");
    WAITING_OF = concat!(columns!(), " WHERE c.state = 'waiting' AND c.subject_id = $1 \
                 ORDER BY c.asked_at, c.id");
    DECIDE = "UPDATE privileged_change SET state = $3, decided_by = $4, decided_at = $5, \
              decision = $6, version = version + 1 \
              WHERE id = $1 AND version = $2 AND state = 'waiting'";
    EXPIRE = "UPDATE privileged_change SET state = 'expired', decided_at = expires_at, \
              version = version + 1 WHERE state = 'waiting' AND expires_at <= $1 \
              RETURNING id, subject_id, kind";
    ADMINISTRATORS = "SELECT r.account_id, r.role FROM account_role r \
                      JOIN account a ON a.id = r.account_id WHERE a.state = 'active' \
                      AND (a.valid_to IS NULL OR a.valid_to >= $1) AND r.role IN \
                      ('system_admin', 'security_admin', 'audit_admin') \
                      ORDER BY r.account_id, r.role";
    ADD_ROLE = "INSERT INTO account_role (account_id, role, region_code) \
                SELECT id, $2, region_code FROM account WHERE id = $1";
    DROP_ROLE = "DELETE FROM account_role WHERE account_id = $1 AND role = $2";
    SET_STATE = "UPDATE account SET state = $2, version = version + 1 WHERE id = $1";
    PLACE = "UPDATE account SET unit_id = $2, section_id = $3, oidc_subject = $4, \
             version = version + 1 WHERE id = $1";
    SET_SETTING = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    FIND_SETTING = "SELECT value FROM setting WHERE name = $1";
}

/// A request as it lies, with what its page shows.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) request: Request,
    /// The account that it concerns; empty where it concerns several or none.
    pub(crate) subject: String,
    /// What exactly is asked for, as JSON.
    pub(crate) payload: String,
    pub(crate) reason: String,
    pub(crate) asker: String,
    pub(crate) asked_at: String,
    pub(crate) decider: Option<String>,
    pub(crate) decided_at: Option<String>,
    pub(crate) decision: String,
    pub(crate) version: i64,
}

fn kept(row: &Row) -> Result<Kept, Error> {
    let wrong = |column: &str| Error::InconsistentRow {
        column: column.to_owned(),
        problem: "is not known",
    };
    let role = row.text("asked_as")?;
    Ok(Kept {
        id: row.text("id")?,
        request: Request {
            change: Change::find(&row.text("kind")?).ok_or_else(|| wrong("kind"))?,
            state: ChangeState::find(&row.text("state")?).ok_or_else(|| wrong("state"))?,
            asked_by: PersonId(row.text("asked_by")?),
            asked_as: Role::ALL
                .into_iter()
                .find(|known| known.name() == role)
                .ok_or_else(|| wrong("asked_as"))?,
            concerns: Vec::new(),
            concerns_administrator: row.bool("concerns_administrator")?,
            expires_at: row.text("expires_at")?,
        },
        subject: row.text("subject_id")?,
        payload: row.text("payload")?,
        reason: row.text("reason")?,
        asker: row.text("asker")?,
        asked_at: row.text("asked_at")?,
        decider: row.opt_text("decider")?,
        decided_at: row.opt_text("decided_at")?,
        decision: row.text("decision")?,
        version: row.int("version")?,
    })
}

/// A request to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewRequest<'a> {
    pub(crate) id: &'a str,
    pub(crate) region: &'a str,
    pub(crate) request: &'a Request,
    pub(crate) subject: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) asked_at: &'a str,
}

/// Writes a request.
pub(crate) fn insert(tx: &mut Tx<'_>, new: &NewRequest<'_>) -> Result<(), Error> {
    tx.execute_one(
        INSERT,
        &[
            &new.id,
            &new.region,
            &new.request.change.name(),
            &new.subject,
            &new.payload,
            &new.request.concerns_administrator,
            &new.reason,
            &new.request.asked_by.0,
            &new.request.asked_as.name(),
            &new.asked_at,
            &new.request.expires_at,
        ],
    )
}

/// The request of that id.
pub(crate) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Kept>, Error> {
    tx.find(FIND, &[&id])?.as_ref().map(kept).transpose()
}

/// Every request that waits, oldest first.
pub(crate) fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Kept>, Error> {
    tx.query(WAITING, &[])?.iter().map(kept).collect()
}

/// The requests that were decided last.
pub(crate) fn decided(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Kept>, Error> {
    tx.query(DECIDED, &[&most])?.iter().map(kept).collect()
}

/// The requests about an account that wait.
pub(crate) fn waiting_of(tx: &mut Tx<'_>, account: &str) -> Result<Vec<Kept>, Error> {
    tx.query(WAITING_OF, &[&account])?
        .iter()
        .map(kept)
        .collect()
}

/// Writes what was decided of a request that waits in this version.
pub(crate) fn decide(
    tx: &mut Tx<'_>,
    kept: &Kept,
    state: ChangeState,
    (by, at, remark): (&str, &str, &str),
) -> Result<(), Error> {
    let values: &[&dyn db::ToValue] = &[&kept.id, &kept.version, &state.name(), &by, &at, &remark];
    tx.execute_one(DECIDE, values)
}

/// Ends the requests whose time has run out: their ids, accounts and kinds.
pub(crate) fn expire(tx: &mut Tx<'_>, now: &str) -> Result<Vec<(String, String, String)>, Error> {
    tx.query(EXPIRE, &[&now])?
        .iter()
        .map(|row| Ok((row.text("id")?, row.text("subject_id")?, row.text("kind")?)))
        .collect()
}

/// The active administrators: the account's id and the role, one entry for each role.
pub(crate) fn administrators(tx: &mut Tx<'_>, today: &str) -> Result<Vec<(String, Role)>, Error> {
    let mut found = Vec::new();
    for row in tx.query(ADMINISTRATORS, &[&today])? {
        let name = row.text("role")?;
        let role = Role::ALL.into_iter().find(|role| role.name() == name);
        let account = row.text("account_id")?;
        found.extend(role.map(|role| (account, role)));
    }
    Ok(found)
}

/// Gives a role to an account.
pub(crate) fn add_role(tx: &mut Tx<'_>, account: &str, role: Role) -> Result<(), Error> {
    tx.execute_one(ADD_ROLE, &[&account, &role.name()])
}

/// Takes a role from an account.
pub(crate) fn drop_role(tx: &mut Tx<'_>, account: &str, role: Role) -> Result<(), Error> {
    tx.execute_one(DROP_ROLE, &[&account, &role.name()])
}

/// Lets an account log in, or not.
pub(crate) fn set_active(tx: &mut Tx<'_>, account: &str, is_active: bool) -> Result<(), Error> {
    let state = if is_active { "active" } else { "disabled" };
    tx.execute_one(SET_STATE, &[&account, &state])
}

/// Where an account belongs, and who it is at the common login.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Place {
    pub(crate) unit: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) subject: Option<String>,
}

/// Puts an account there.
pub(crate) fn place(tx: &mut Tx<'_>, account: &str, place: &Place) -> Result<(), Error> {
    let values: &[&dyn db::ToValue] = &[&account, &place.unit, &place.section, &place.subject];
    tx.execute_one(PLACE, values)
}

/// The setting of that name.
pub(crate) fn setting(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, Error> {
    tx.find(FIND_SETTING, &[&name])?
        .map(|row| row.text("value"))
        .transpose()
}

/// Sets a setting.
pub(crate) fn set_setting(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), Error> {
    tx.execute_one(SET_SETTING, &[&name, &value])
}
