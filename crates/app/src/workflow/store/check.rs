//! What the checks of a record look at beside its own row.

use db::{Error, Row, Tx};

db::statements! {
    MONITORED = "SELECT i.name, COALESCE(l.actual_text, '') AS actual_text, \
                 COALESCE(l.light, 'green') AS light FROM monitoring m \
                 JOIN indicator i ON i.target_id = m.target_id \
                 LEFT JOIN monitoring_line l ON l.indicator_id = i.id \
                 AND l.monitoring_id = m.id WHERE m.id = $1 ORDER BY i.position, i.id";
    EXECUTED_BEFORE = "SELECT MAX(p.executed_fen) AS executed_fen FROM monitoring m \
                       JOIN monitoring p ON p.object_id = m.object_id \
                       AND p.work_year = m.work_year AND p.cut_off_month < m.cut_off_month \
                       WHERE m.id = $1";
    ISSUED = "SELECT issued_on FROM rectification WHERE id = $1";
}

/// Every indicator of a monitoring's target: name, what was reached, light.
pub(crate) fn monitored(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Row>, Error> {
    tx.query(MONITORED, &[&id])
}

/// What the object's earlier monitorings of the year say was spent.
pub(crate) fn executed_before(tx: &mut Tx<'_>, id: &str) -> Result<Option<i64>, Error> {
    tx.one(EXECUTED_BEFORE, &[&id])?.opt_int("executed_fen")
}

/// When a rectification was issued.
pub(crate) fn issued_on(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>, Error> {
    match tx.find(ISSUED, &[&id])? {
        Some(row) => row.opt_text("issued_on"),
        None => Ok(None),
    }
}
