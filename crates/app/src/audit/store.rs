//! SQL of the audit chain.

use db::{Error, Row, Tx};
use domain::audit::{Algorithm, Content, Event, Head, NO_EVENT};

/// The columns of an event.
macro_rules! columns {
    () => {
        "region_code, sequence, happened_at, actor, action, record_kind, record_id, \
         before_json, after_json, prev_hash, hash"
    };
}

/// The newest events that are chosen; an empty text chooses everything.
///
/// $1 region, $2 actor, $3 action, $4 kind of record, $5 record, $6 first day, $7 last day,
/// $8 before which number, $9 how many.
macro_rules! chosen {
    () => {
        "FROM event WHERE region_code = $1 AND ($2 = '' OR actor = $2) \
         AND ($3 = '' OR action = $3) AND ($4 = '' OR record_kind = $4) \
         AND ($5 = '' OR record_id = $5) AND ($6 = '' OR SUBSTR(happened_at, 1, 10) >= $6) \
         AND ($7 = '' OR SUBSTR(happened_at, 1, 10) <= $7)"
    };
}

db::statements! {
    // Touching the row locks it on PostgreSQL until the transaction ends, so that the events of a
    // region are written one after the other.
    LOCK_HEAD = "INSERT INTO setting (name, value) VALUES ($1, '') \
                 ON CONFLICT (name) DO UPDATE SET value = setting.value RETURNING value";
    FIND_SETTING = "SELECT value FROM setting WHERE name = $1";
    SET_SETTING = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    LAST = "SELECT sequence, hash FROM event WHERE region_code = $1 \
            ORDER BY sequence DESC LIMIT 1";
    INSERT = concat!("INSERT INTO event (", columns!(), ") \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    AFTER = concat!("SELECT ", columns!(), " FROM event WHERE region_code = $1 AND sequence > $2 \
            ORDER BY sequence LIMIT $3");
    SPAN = "SELECT CAST(COUNT(*) AS BIGINT) AS events, MIN(happened_at) AS first, \
            CAST(COALESCE(SUM(CASE WHEN happened_at < $2 THEN 1 ELSE 0 END), 0) AS BIGINT) AS old \
            FROM event WHERE region_code = $1";
    REGIONS = "SELECT DISTINCT region_code FROM event \
               UNION SELECT SUBSTR(name, 12) AS region_code FROM setting \
               WHERE SUBSTR(name, 1, 11) = 'audit_head/' ORDER BY region_code";
    PAGE = concat!("SELECT ", columns!(), " ", chosen!(), " AND sequence < $8 \
           ORDER BY sequence DESC LIMIT $9");
    COUNT = concat!("SELECT CAST(COUNT(*) AS BIGINT) AS found ", chosen!());
}

/// Before the region's code in the name of the setting that keeps the chain's head.
const HEAD: &str = "audit_head/";

/// The setting that says how new events are hashed.
pub(super) const ALGORITHM: &str = "audit_algorithm";

/// What is said of a change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a> {
    /// Who changes: an account, or [`super::SYSTEM`].
    pub(crate) actor: &'a str,
    /// A verb's code of [`super::words`].
    pub(crate) action: &'a str,
    /// The kind of the record, and which one.
    pub(crate) record: (&'a str, &'a str),
    /// The record before.
    pub(crate) before: Option<&'a serde_json::Value>,
    /// The record after, or what else is to be known. Never a password or a token.
    pub(crate) after: Option<&'a serde_json::Value>,
}

/// Appends an event at `clock` to the region's chain, in the transaction of the change itself.
/// It comes last in the transaction, because it holds up the region's other writers.
///
/// # Errors
/// Another writer was quicker, which the database tries again; or the database fails.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    region: &str,
    clock: &str,
    change: &Change<'_>,
) -> Result<(), Error> {
    let name = format!("{HEAD}{region}");
    let head = parse_head(&tx.one(LOCK_HEAD, &[&name])?.text("value")?);
    let last = match tx.find(LAST, &[&region])? {
        Some(row) => Some(Head {
            sequence: row.int("sequence")?,
            hash: row.text("hash")?,
        }),
        None => None,
    };
    // They are the same unless somebody meddled. Then the later one is gone on from, so that what
    // was cut off leaves a gap.
    let before = [head, last].into_iter().flatten().reduce(|one, other| {
        if other.sequence > one.sequence {
            other
        } else {
            one
        }
    });
    let (sequence, prev_hash) =
        before.map_or((0, NO_EVENT.to_owned()), |head| (head.sequence, head.hash));
    let content = Content {
        region_code: region.to_owned(),
        sequence: sequence.saturating_add(1),
        happened_at: clock.to_owned(),
        actor: change.actor.to_owned(),
        action: change.action.to_owned(),
        record_kind: change.record.0.to_owned(),
        record_id: change.record.1.to_owned(),
        before_json: change.before.map(ToString::to_string),
        after_json: change.after.map(ToString::to_string),
    };
    let event = Event::sealed(content, &prev_hash, algorithm(tx)?);
    insert(tx, &event)?;
    let head = format!("{} {}", event.content.sequence, event.hash);
    tx.execute_one(SET_SETTING, &[&name, &head])
}

fn insert(tx: &mut Tx<'_>, event: &Event) -> Result<(), Error> {
    let content = &event.content;
    let inserted = tx.execute_one(
        INSERT,
        &[
            &content.region_code,
            &content.sequence,
            &content.happened_at,
            &content.actor,
            &content.action,
            &content.record_kind,
            &content.record_id,
            &content.before_json,
            &content.after_json,
            &event.prev_hash,
            &event.hash,
        ],
    );
    match inserted {
        // The number was taken by another writer in the meantime.
        Err(Error::Duplicate(text)) => Err(Error::Conflict(text)),
        other => other,
    }
}

/// How new events are hashed.
pub(super) fn algorithm(tx: &mut Tx<'_>) -> Result<Algorithm, Error> {
    let kept = tx.find(FIND_SETTING, &[&ALGORITHM])?;
    let kept = kept.map(|row| row.text("value")).transpose()?;
    Ok(kept
        .and_then(|name| Algorithm::find(&name))
        .unwrap_or_default())
}

/// Sets how new events are hashed.
pub(super) fn set_algorithm(tx: &mut Tx<'_>, algorithm: Algorithm) -> Result<(), Error> {
    tx.execute_one(SET_SETTING, &[&ALGORITHM, &algorithm.name()])
}

/// The chain's head.
pub(super) fn head(tx: &mut Tx<'_>, region: &str) -> Result<Option<Head>, Error> {
    let kept = tx.find(FIND_SETTING, &[&format!("{HEAD}{region}")])?;
    let kept = kept.map(|row| row.text("value")).transpose()?;
    Ok(kept.and_then(|text| parse_head(&text)))
}

fn parse_head(text: &str) -> Option<Head> {
    let (sequence, hash) = text.split_once(' ')?;
    Some(Head {
        sequence: sequence.parse().ok()?,
        hash: hash.to_owned(),
    })
}

/// Every region that has a chain, or had one.
pub(super) fn regions(tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
    let rows = tx.query(REGIONS, &[])?;
    rows.iter().map(|row| row.text("region_code")).collect()
}

/// The next events of the chain after the number `after`.
pub(super) fn events_after(
    tx: &mut Tx<'_>,
    region: &str,
    after: i64,
    most: i64,
) -> Result<Vec<Event>, Error> {
    let rows = tx.query(AFTER, &[&region, &after, &most])?;
    rows.iter().map(event).collect()
}

/// How many events there are, when the first happened, and how many happened before `moment`.
pub(super) fn span(
    tx: &mut Tx<'_>,
    region: &str,
    moment: &str,
) -> Result<(i64, Option<String>, i64), Error> {
    let row = tx.one(SPAN, &[&region, &moment])?;
    Ok((row.int("events")?, row.opt_text("first")?, row.int("old")?))
}

/// Which events are looked for; an empty text chooses everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) region: String,
    pub(crate) actor: String,
    pub(crate) action: String,
    pub(crate) kind: String,
    pub(crate) record: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// The newest chosen events before the number `before`.
pub(crate) fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    before: i64,
    most: i64,
) -> Result<Vec<Event>, Error> {
    let values: &[&dyn db::ToValue] = &[
        &filter.region,
        &filter.actor,
        &filter.action,
        &filter.kind,
        &filter.record,
        &filter.from,
        &filter.to,
        &before,
        &most,
    ];
    tx.query(PAGE, values)?.iter().map(event).collect()
}

/// How many events are chosen.
pub(super) fn count(tx: &mut Tx<'_>, filter: &Filter) -> Result<i64, Error> {
    let values: &[&dyn db::ToValue] = &[
        &filter.region,
        &filter.actor,
        &filter.action,
        &filter.kind,
        &filter.record,
        &filter.from,
        &filter.to,
    ];
    tx.one(COUNT, values)?.int("found")
}

fn event(row: &Row) -> Result<Event, Error> {
    Ok(Event {
        content: Content {
            region_code: row.text("region_code")?,
            sequence: row.int("sequence")?,
            happened_at: row.text("happened_at")?,
            actor: row.text("actor")?,
            action: row.text("action")?,
            record_kind: row.text("record_kind")?,
            record_id: row.text("record_id")?,
            before_json: row.opt_text("before_json")?,
            after_json: row.opt_text("after_json")?,
        },
        prev_hash: row.text("prev_hash")?,
        hash: row.text("hash")?,
    })
}
