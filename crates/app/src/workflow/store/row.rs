//! The rows of records that can be commented on.

use db::{Error, Tx};
use domain::workflow::RecordKind;

/// The rows by the number that each keeps, wherever it stands.
macro_rules! rows {
    ($from:literal) => {
        concat!(
            "SELECT i.row_key, i.position, i.name FROM ",
            $from,
            " ORDER BY i.position, i.id"
        )
    };
}

db::statements! {
    TARGET_ROWS = rows!("indicator i WHERE i.target_id = $1");
    MONITORING_ROWS = rows!("monitoring m JOIN indicator i ON i.target_id = m.target_id \
                            WHERE m.id = $1");
    SELF_EVALUATION_ROWS = rows!("self_evaluation s JOIN indicator i \
                                 ON i.target_id = s.target_id WHERE s.id = $1");
}

/// A row that can be commented on.
#[derive(Debug, Clone)]
pub(crate) struct Numbered {
    /// The number that it keeps.
    pub(crate) key: i64,
    /// Where it stands now.
    pub(crate) position: i64,
    pub(crate) name: String,
}

/// The rows of the record in their order; none where its kind has none.
pub(crate) fn all(tx: &mut Tx<'_>, kind: RecordKind, id: &str) -> Result<Vec<Numbered>, Error> {
    let sql = match kind {
        RecordKind::PerformanceTarget => TARGET_ROWS,
        RecordKind::Monitoring => MONITORING_ROWS,
        RecordKind::SelfEvaluation => SELF_EVALUATION_ROWS,
        _ => return Ok(Vec::new()),
    };
    tx.query(sql, &[&id])?
        .iter()
        .map(|row| {
            Ok(Numbered {
                key: row.int("row_key")?,
                position: row.int("position")?,
                name: row.text("name")?,
            })
        })
        .collect()
}
