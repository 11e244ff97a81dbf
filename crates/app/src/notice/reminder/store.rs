//! SQL of reminders: who holds work that is due, and who was reminded of it.

use db::{Error, Row, Tx};
use domain::deadline::Stage;

/// Every unit with itself and each unit above it. It is a common table expression that the
/// statements of work begin with.
macro_rules! chain {
    () => {
        "WITH RECURSIVE chain (unit_id, above_id) AS (SELECT id, id FROM organisation_unit \
         UNION SELECT chain.unit_id, u.parent_id FROM chain \
         JOIN organisation_unit u ON u.id = chain.above_id WHERE u.parent_id IS NOT NULL) "
    };
}

/// Whether the account `a` holds the work `w`: by name, or by a role whose scope covers it. It is
/// [`domain::permission::covers`] as a condition, after [`chain!`].
macro_rules! holds {
    () => {
        "(w.person_id = a.id OR (w.person_id IS NULL AND EXISTS (SELECT 1 FROM account_role r \
         WHERE r.account_id = a.id AND r.role = w.role) AND (w.scope = 'all' \
         OR (w.scope = 'region' AND a.region_code = w.region_code) \
         OR (w.scope = 'own_unit' AND a.region_code = w.region_code AND a.unit_id = w.unit_id) \
         OR (w.scope = 'subordinate_units' AND a.region_code = w.region_code AND EXISTS \
         (SELECT 1 FROM chain h WHERE h.unit_id = w.unit_id AND h.above_id = a.unit_id)) \
         OR (w.scope = 'own_section' AND a.region_code = w.region_code \
         AND a.section_id = w.section_id) \
         OR (w.scope = 'assigned_tasks' AND EXISTS (SELECT 1 FROM assignment g \
         WHERE g.account_id = a.id AND g.record_kind = w.record_kind \
         AND g.record_id = w.record_id)))))"
    };
}

pub(crate) use {chain, holds};

db::statements! {
    // $1 to $2 days, $3 stage, $4 today, $5 how many. Who may no longer log in is not reminded.
    HELD = concat!(chain!(), "SELECT DISTINCT a.id AS account_id, w.region_code, w.record_kind, \
           w.record_id, w.title, w.due_on FROM work_item w JOIN account a ON ", holds!(), " \
           WHERE w.due_on BETWEEN $1 AND $2 AND a.state = 'active' \
           AND (a.valid_to IS NULL OR a.valid_to >= $4) AND NOT EXISTS (SELECT 1 \
           FROM reminder m WHERE m.account_id = a.id AND m.record_kind = w.record_kind \
           AND m.record_id = w.record_id AND m.due_on = w.due_on AND m.stage = $3) \
           ORDER BY a.id, w.due_on, w.record_kind, w.record_id LIMIT $5");
    REMEMBER = "INSERT INTO reminder (account_id, region_code, record_kind, record_id, due_on, \
                stage, reminded_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                ON CONFLICT (account_id, record_kind, record_id, due_on, stage) DO NOTHING";
    DONE_UNTIL = "SELECT value FROM setting WHERE name = 'reminded_until'";
    SET_DONE = "INSERT INTO setting (name, value) VALUES ('reminded_until', $1) \
                ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// Work that an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) account: String,
    pub(super) region: String,
    pub(super) kind: String,
    pub(super) record: String,
    pub(super) title: String,
    pub(super) due_on: String,
}

/// At most `most` pieces of work that are due from `from` to `until` and of which whoever holds
/// them was not reminded at this stage, together for each account.
pub(super) fn held(
    tx: &mut Tx<'_>,
    (from, until): (&str, &str),
    stage: Stage,
    today: &str,
    most: i64,
) -> Result<Vec<Held>, Error> {
    let rows = tx.query(HELD, &[&from, &until, &stage.name(), &today, &most])?;
    rows.iter().map(row).collect()
}

/// Remembers that the account is reminded; false when it was before.
pub(super) fn remember(
    tx: &mut Tx<'_>,
    held: &Held,
    stage: Stage,
    now: &str,
) -> Result<bool, Error> {
    let touched = tx.execute(
        REMEMBER,
        &[
            &held.account,
            &held.region,
            &held.kind,
            &held.record,
            &held.due_on,
            &stage.name(),
            &now,
        ],
    )?;
    Ok(touched == 1)
}

/// Until when everybody was reminded; empty before the first time.
pub(super) fn done_until(tx: &mut Tx<'_>) -> Result<String, Error> {
    match tx.find(DONE_UNTIL, &[])? {
        Some(row) => row.text("value"),
        None => Ok(String::new()),
    }
}

/// Says until when everybody was reminded.
pub(super) fn set_done(tx: &mut Tx<'_>, mark: &str) -> Result<(), Error> {
    tx.execute_one(SET_DONE, &[&mark])
}

fn row(row: &Row) -> Result<Held, Error> {
    Ok(Held {
        account: row.text("account_id")?,
        region: row.text("region_code")?,
        kind: row.text("record_kind")?,
        record: row.text("record_id")?,
        title: row.text("title")?,
        due_on: row.text("due_on")?,
    })
}
