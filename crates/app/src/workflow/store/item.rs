//! Things to do: one row for each holder of a record.

use db::{Error, Sql, Tx};
use domain::workflow::RecordKind;

db::statements! {
    DELETE_ITEMS = "DELETE FROM work_item WHERE record_kind = $1 AND record_id = $2";
    INSERT_ITEM = "INSERT INTO work_item (record_kind, record_id, position, region_code, unit_id, \
                   section_id, person_id, role, scope, title, state, verb, arrived_at, due_on, \
                   sent_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
                   $15)";
    PENDING = "SELECT DISTINCT record_kind, record_id FROM work_item WHERE region_code = $1 \
               ORDER BY record_kind, record_id";
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

/// Kind and id of every record that somebody holds.
pub(crate) fn pending(tx: &mut Tx<'_>, region: &str) -> Result<Vec<(String, String)>, Error> {
    let rows = tx.query(PENDING, &[&region])?;
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
