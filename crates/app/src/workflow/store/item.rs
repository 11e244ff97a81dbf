//! Things to do: one row for each holder of a record.

use db::{Error, Sql, Tx};
use domain::permission::Actor;
use domain::workflow::RecordKind;

/// Sets the last day of what is to be done with the records of a kind in one year that are in one
/// state.
macro_rules! due {
    ($table:literal, $year:literal) => {
        concat!(
            "UPDATE work_item SET due_on = $2 WHERE record_kind = '",
            $table,
            "' AND region_code = $1 AND state = $3 AND record_id IN (SELECT r.id FROM ",
            $table,
            " r WHERE r.",
            $year,
            " = $4)"
        )
    };
}

db::statements! {
    DUE_EX_ANTE = due!("ex_ante_assessment", "work_year");
    DUE_TARGET = due!("performance_target", "fiscal_year");
    DUE_MONITORING = due!("monitoring", "work_year");
    DUE_SELF_EVALUATION = due!("self_evaluation", "work_year");
    DELETE_ITEMS = "DELETE FROM work_item WHERE record_kind = $1 AND record_id = $2";
    INSERT_ITEM = "INSERT INTO work_item (record_kind, record_id, position, region_code, unit_id, \
                   section_id, person_id, role, scope, title, state, verb, arrived_at, due_on, \
                   sent_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
                   $15)";
    PENDING = "SELECT DISTINCT record_kind, record_id FROM work_item \
               ORDER BY record_kind, record_id";
    HELD = "SELECT w.record_kind, w.record_id, MIN(w.title) AS title, MIN(w.state) AS state, \
            MIN(w.verb) AS verb, MIN(w.arrived_at) AS arrived_at, MIN(w.due_on) AS due_on, \
            MIN(COALESCE(u.name, '')) AS unit FROM work_item w \
            LEFT JOIN organisation_unit u ON u.id = w.unit_id \
            LEFT JOIN organisation_unit above ON above.id = u.parent_id \
            LEFT JOIN account_role r ON r.account_id = $1 AND r.role = w.role \
            WHERE w.region_code = $2 AND ($5 = '' OR w.record_kind = $5) \
            AND (w.person_id = $1 OR (r.role IS NOT NULL AND (w.scope IN ('region', 'all') \
            OR (w.scope = 'own_unit' AND w.unit_id = $3) \
            OR (w.scope = 'subordinate_units' AND $3 IN (u.id, above.id, above.parent_id)) \
            OR (w.scope = 'own_section' AND w.section_id = $4)))) \
            GROUP BY w.record_kind, w.record_id \
            ORDER BY MIN(COALESCE(w.due_on, '9999')), w.record_kind, w.record_id LIMIT 200";
    EX_ANTE_IDS = "SELECT id, state FROM ex_ante_assessment WHERE id > $1 ORDER BY id LIMIT $2";
    TARGET_IDS = "SELECT id, state FROM performance_target WHERE id > $1 ORDER BY id LIMIT $2";
    MONITORING_IDS = "SELECT id, state FROM monitoring WHERE id > $1 ORDER BY id LIMIT $2";
    SELF_EVALUATION_IDS = "SELECT id, state FROM self_evaluation WHERE id > $1 \
                           ORDER BY id LIMIT $2";
    KEY_EVALUATION_IDS = "SELECT id, state FROM key_evaluation WHERE id > $1 ORDER BY id LIMIT $2";
    RECTIFICATION_IDS = "SELECT id, state FROM rectification WHERE id > $1 ORDER BY id LIMIT $2";
    RESULT_APPLICATION_IDS = "SELECT id, state FROM result_application WHERE id > $1 \
                              ORDER BY id LIMIT $2";
    COMMISSION_IDS = "SELECT id, state FROM commission WHERE id > $1 ORDER BY id LIMIT $2";
    PUBLICATION_IDS = "SELECT id, state FROM publication WHERE id > $1 ORDER BY id LIMIT $2";
}

/// A thing to do, of one holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) person: Option<String>,
    /// Role and scope, where no person is named.
    pub(crate) office: Option<(&'static str, &'static str)>,
    pub(crate) verb: &'static str,
    pub(crate) due_on: Option<String>,
}

/// What all items of a record share.
#[derive(Debug, Clone)]
pub(crate) struct Place<'a> {
    pub(crate) kind: RecordKind,
    pub(crate) id: &'a str,
    pub(crate) region: &'a str,
    pub(crate) unit: Option<&'a str>,
    pub(crate) section: Option<&'a str>,
    pub(crate) title: &'a str,
    pub(crate) state: &'a str,
    pub(crate) arrived_at: &'a str,
    pub(crate) sent_by: Option<&'a str>,
}

/// Writes what is to be done with the record, in place of what was.
pub(crate) fn rewrite(tx: &mut Tx<'_>, place: &Place<'_>, items: &[Item]) -> Result<(), Error> {
    tx.execute(DELETE_ITEMS, &[&place.kind.name(), &place.id])?;
    for (position, item) in (1_i64..).zip(items) {
        tx.execute_one(
            INSERT_ITEM,
            &[
                &place.kind.name(),
                &place.id,
                &position,
                &place.region,
                &place.unit,
                &place.section,
                &item.person,
                &item.office.map(|(role, _)| role),
                &item.office.map(|(_, scope)| scope),
                &place.title,
                &place.state,
                &item.verb,
                &place.arrived_at,
                &item.due_on,
                &place.sent_by,
            ],
        )?;
    }
    Ok(())
}

/// Sets the last day of what is to be done with every record of the kind and year that is in the
/// state; how many rows. A kind whose records have days of their own keeps them.
pub(crate) fn set_due(
    tx: &mut Tx<'_>,
    (region, kind, year): (&str, RecordKind, i64),
    state: &str,
    due_on: &str,
) -> Result<u64, Error> {
    let sql: Sql = match kind {
        RecordKind::ExAnteAssessment => DUE_EX_ANTE,
        RecordKind::PerformanceTarget => DUE_TARGET,
        RecordKind::Monitoring => DUE_MONITORING,
        RecordKind::SelfEvaluation => DUE_SELF_EVALUATION,
        RecordKind::KeyEvaluation
        | RecordKind::Rectification
        | RecordKind::ResultApplication
        | RecordKind::Commission
        | RecordKind::PublicationItem => return Ok(0),
    };
    tx.execute(sql, &[&region, &due_on, &state, &year])
}

/// A record that somebody holds, as a list shows it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) verb: String,
    pub(crate) unit: String,
    pub(crate) arrived_at: String,
    pub(crate) due_on: Option<String>,
}

/// The first 200 records that the actor holds, the most urgent first; of one kind, or of all.
pub(crate) fn held_by(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Option<&str>,
) -> Result<Vec<Held>, Error> {
    let unit = actor.unit.as_ref().map_or("", |unit| &unit.0);
    let section = actor.section.as_ref().map_or("", |section| &section.0);
    let values: &[&dyn db::ToValue] = &[
        &actor.id.0,
        &actor.region,
        &unit,
        &section,
        &kind.unwrap_or_default(),
    ];
    tx.query(HELD, values)?
        .iter()
        .map(|row| {
            Ok(Held {
                kind: row.text("record_kind")?,
                id: row.text("record_id")?,
                title: row.text("title")?,
                state: row.text("state")?,
                verb: row.text("verb")?,
                unit: row.text("unit")?,
                arrived_at: row.text("arrived_at")?,
                due_on: row.opt_text("due_on")?,
            })
        })
        .collect()
}

/// Kind and id of every record that somebody holds.
pub(crate) fn pending(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>, Error> {
    let rows = tx.query(PENDING, &[])?;
    rows.iter()
        .map(|row| Ok((row.text("record_kind")?, row.text("record_id")?)))
        .collect()
}

/// Id and state of the next records of the kind after the id `after`.
pub(crate) fn next_records(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    after: &str,
    most: i64,
) -> Result<Vec<(String, String)>, Error> {
    let sql: Sql = match kind {
        RecordKind::ExAnteAssessment => EX_ANTE_IDS,
        RecordKind::PerformanceTarget => TARGET_IDS,
        RecordKind::Monitoring => MONITORING_IDS,
        RecordKind::SelfEvaluation => SELF_EVALUATION_IDS,
        RecordKind::KeyEvaluation => KEY_EVALUATION_IDS,
        RecordKind::Rectification => RECTIFICATION_IDS,
        RecordKind::ResultApplication => RESULT_APPLICATION_IDS,
        RecordKind::Commission => COMMISSION_IDS,
        RecordKind::PublicationItem => PUBLICATION_IDS,
    };
    let rows = tx.query(sql, &[&after, &most])?;
    rows.iter()
        .map(|row| Ok((row.text("id")?, row.text("state")?)))
        .collect()
}
