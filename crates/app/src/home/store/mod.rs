//! SQL of the home page: what a person has to do, did and began, and the dates of it.

pub(super) mod dates;
pub(super) mod overdue;
pub(super) mod steps;

use db::{Error, Row, Tx, Value};
use domain::permission::{Actor, role_conflict};

/// Every unit of the actor and below it, as a common table expression: $3 is the actor's unit.
macro_rules! below {
    () => {
        "WITH RECURSIVE below (id) AS (SELECT id FROM organisation_unit WHERE id = $3 \
         UNION SELECT u.id FROM organisation_unit u JOIN below b ON u.parent_id = b.id) "
    };
}

/// Whether the work `w` is the actor's: $1 account, $2 region, $3 unit, $4 section; an empty text
/// is none. It is [`domain::permission::covers`] as a condition. Nobody reviews what they filled.
macro_rules! mine {
    () => {
        "(w.person_id = $1 OR (w.person_id IS NULL AND EXISTS (SELECT 1 FROM account_role r \
         WHERE r.account_id = $1 AND r.role = w.role) AND (w.scope = 'all' \
         OR (w.region_code = $2 AND (w.scope = 'region' \
         OR (w.scope = 'own_unit' AND w.unit_id = $3) \
         OR (w.scope = 'subordinate_units' AND w.unit_id IN (SELECT id FROM below)) \
         OR (w.scope = 'own_section' AND w.section_id = $4))) \
         OR (w.scope = 'assigned_tasks' AND EXISTS (SELECT 1 FROM assignment g \
         WHERE g.account_id = $1 AND g.record_kind = w.record_kind \
         AND g.record_id = w.record_id))))) \
         AND NOT (w.verb IN ('approve', 'consult', 'add_signer', 'conclude') \
         AND EXISTS (SELECT 1 FROM record_desk k WHERE k.record_kind = w.record_kind \
         AND k.record_id = w.record_id \
         AND REPLACE(k.fillers, '\"' || $1 || '\"', '') <> k.fillers))"
    };
}

/// The place of a piece of work in the list: what is due first, then what came first.
macro_rules! place {
    () => {
        "MIN(COALESCE(w.due_on, '9999-12-31')) || ' ' || MIN(w.arrived_at) || ' ' \
         || w.record_kind || ' ' || w.record_id"
    };
}

pub(crate) use {below, mine};

db::statements! {
    // $5 kind, $6 and $7 due from and until, $8 part of the title, $9 after which place, $10 most.
    WORK = concat!(below!(), "SELECT ", place!(), " AS place, w.record_kind, w.record_id, \
           MIN(w.title) AS title, MIN(w.state) AS state, MIN(w.verb) AS verb, \
           MIN(w.arrived_at) AS arrived_at, MIN(w.due_on) AS due_on, MIN(u.name) AS unit_name, \
           MIN(f.name) AS sent_by FROM work_item w \
           LEFT JOIN organisation_unit u ON u.id = w.unit_id \
           LEFT JOIN account f ON f.id = w.sent_by WHERE ", mine!(), " \
           AND ($5 = '' OR w.record_kind = $5) AND ($6 = '' OR w.due_on >= $6) \
           AND ($7 = '' OR w.due_on <= $7) \
           AND ($8 = '' OR REPLACE(w.title, $8, '') <> w.title) \
           GROUP BY w.record_kind, w.record_id HAVING ", place!(), " > $9 \
           ORDER BY place LIMIT $10");
    AT = concat!(below!(), "SELECT ", place!(), " AS place, w.record_kind, w.record_id, \
         MIN(w.title) AS title, MIN(w.state) AS state, MIN(w.verb) AS verb, \
         MIN(w.arrived_at) AS arrived_at, MIN(w.due_on) AS due_on, MIN(u.name) AS unit_name, \
         MIN(f.name) AS sent_by FROM work_item w \
         LEFT JOIN organisation_unit u ON u.id = w.unit_id \
         LEFT JOIN account f ON f.id = w.sent_by WHERE ", mine!(), " \
         GROUP BY w.record_kind, w.record_id HAVING ", place!(), " = $5");
    COUNT = concat!(below!(), "SELECT COUNT(*) AS found FROM (SELECT w.record_kind, w.record_id \
            FROM work_item w WHERE ", mine!(), " AND ($5 = '' OR w.record_kind = $5) \
            AND ($6 = '' OR w.due_on >= $6) AND ($7 = '' OR w.due_on <= $7) \
            AND ($8 = '' OR REPLACE(w.title, $8, '') <> w.title) \
            GROUP BY w.record_kind, w.record_id) AS held");
    // One row for what of one kind is done in one way.
    GROUPS = concat!(below!(), "SELECT COUNT(*) AS works, MIN(place) AS place, record_kind, verb, \
             MIN(due_on) AS due_on, CAST(SUM(CASE WHEN due_on < $5 THEN 1 ELSE 0 END) AS BIGINT) \
             AS late FROM (SELECT ", place!(), " AS place, w.record_kind, w.record_id, \
             MIN(w.verb) AS verb, MIN(w.due_on) AS due_on FROM work_item w WHERE ", mine!(), " \
             GROUP BY w.record_kind, w.record_id) AS held GROUP BY record_kind, verb \
             ORDER BY MIN(place)");
    BADGES = concat!(below!(), "SELECT (SELECT COUNT(*) FROM notice n WHERE n.account_id = $1 \
             AND n.read_at IS NULL) AS notices, (SELECT COUNT(*) FROM (SELECT w.record_kind, \
             w.record_id FROM work_item w WHERE ", mine!(), " \
             GROUP BY w.record_kind, w.record_id) AS held) AS works");
    TARGET_LINES = "SELECT COUNT(*) AS lines FROM indicator WHERE target_id = $1";
    MONITORING_LINES = "SELECT COUNT(*) AS lines FROM indicator i \
             JOIN monitoring m ON m.target_id = i.target_id WHERE m.id = $1";
    SELF_EVALUATION_LINES = "SELECT COUNT(*) AS lines FROM indicator i \
             JOIN self_evaluation s ON s.target_id = i.target_id WHERE s.id = $1";
}

/// What the statements ask of the actor: account, region, unit, section. An actor whose roles
/// exclude each other holds nothing.
fn who(actor: &Actor) -> [Value; 4] {
    let is_nobody = role_conflict(&actor.roles).is_some();
    let account = if is_nobody { "" } else { &actor.id.0 };
    let unit = actor.unit.as_ref().map_or("", |unit| &unit.0);
    let section = actor.section.as_ref().map_or("", |section| &section.0);
    [account, &actor.region, unit, section].map(db::ToValue::to_value)
}

/// Which work is looked for; an empty text chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Filter {
    pub(crate) kind: String,
    pub(crate) from: String,
    pub(crate) until: String,
    pub(crate) text: String,
}

/// A record that waits for the actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Work {
    /// Where it stands in the list.
    pub(crate) place: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) verb: String,
    pub(crate) arrived_at: String,
    pub(crate) due_on: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) sent_by: Option<String>,
}

/// At most `most` pieces of the actor's work after the place `after`, the most urgent first.
pub(crate) fn work(
    tx: &mut Tx<'_>,
    actor: &Actor,
    filter: &Filter,
    after: &str,
    most: i64,
) -> Result<Vec<Work>, Error> {
    let [account, region, unit, section] = who(actor);
    let rows = tx.query(
        WORK,
        &[
            &account,
            &region,
            &unit,
            &section,
            &filter.kind,
            &filter.from,
            &filter.until,
            &filter.text,
            &after,
            &most,
        ],
    )?;
    rows.iter().map(work_of).collect()
}

fn work_of(row: &Row) -> Result<Work, Error> {
    Ok(Work {
        place: row.text("place")?,
        kind: row.text("record_kind")?,
        id: row.text("record_id")?,
        title: row.text("title")?,
        state: row.text("state")?,
        verb: row.text("verb")?,
        arrived_at: row.text("arrived_at")?,
        due_on: row.opt_text("due_on")?,
        unit: row.opt_text("unit_name")?,
        sent_by: row.opt_text("sent_by")?,
    })
}

/// How many pieces of work the actor has.
pub(super) fn count(tx: &mut Tx<'_>, actor: &Actor, filter: &Filter) -> Result<i64, Error> {
    let [account, region, unit, section] = who(actor);
    let values: &[&dyn db::ToValue] = &[
        &account,
        &region,
        &unit,
        &section,
        &filter.kind,
        &filter.from,
        &filter.until,
        &filter.text,
    ];
    tx.one(COUNT, values)?.int("found")
}

/// The work of one kind that is done in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) works: i64,
    /// Those past their date.
    pub(super) late: i64,
    pub(super) kind: String,
    pub(super) verb: String,
    pub(super) due_on: Option<String>,
    /// The place of its most urgent piece.
    pub(super) place: String,
}

/// The actor's work by what is done, the most urgent first.
pub(super) fn groups(tx: &mut Tx<'_>, actor: &Actor, today: &str) -> Result<Vec<Group>, Error> {
    let [account, region, unit, section] = who(actor);
    let rows = tx.query(GROUPS, &[&account, &region, &unit, &section, &today])?;
    let group = |row: &Row| {
        Ok(Group {
            works: row.int("works")?,
            late: row.int("late")?,
            kind: row.text("record_kind")?,
            verb: row.text("verb")?,
            due_on: row.opt_text("due_on")?,
            place: row.text("place")?,
        })
    };
    rows.iter().map(group).collect()
}

/// How many indicator lines the record has; none where it is of a kind without any.
pub(super) fn lines(tx: &mut Tx<'_>, kind: &str, id: &str) -> Result<i64, Error> {
    let sql = match kind {
        "performance_target" => TARGET_LINES,
        "monitoring" => MONITORING_LINES,
        "self_evaluation" => SELF_EVALUATION_LINES,
        _ => return Ok(0),
    };
    tx.one(sql, &[&id])?.int("lines")
}

/// What the navigation counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Badges {
    /// Records that wait for the actor.
    pub(crate) works: i64,
    /// Notices that the actor has not read.
    pub(crate) notices: i64,
    /// Requests of other administrators that wait for the actor's decision.
    pub(crate) decisions: i64,
}

/// What the navigation counts for the actor, in one statement; what administrators decide is
/// counted apart, because others have none.
///
/// # Errors
/// The database fails.
pub(crate) fn badges(tx: &mut Tx<'_>, actor: &Actor) -> Result<Badges, Error> {
    let [account, region, unit, section] = who(actor);
    let row = tx.one(BADGES, &[&account, &region, &unit, &section])?;
    Ok(Badges {
        works: row.int("works")?,
        notices: row.int("notices")?,
        decisions: 0,
    })
}

/// The most urgent piece of the group: the one at its place.
pub(super) fn first_of(
    tx: &mut Tx<'_>,
    actor: &Actor,
    group: &Group,
) -> Result<Option<Work>, Error> {
    let [account, region, unit, section] = who(actor);
    let found = tx.find(AT, &[&account, &region, &unit, &section, &group.place])?;
    found.as_ref().map(work_of).transpose()
}
