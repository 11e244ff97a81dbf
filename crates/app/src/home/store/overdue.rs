//! SQL of what is overdue, whoever holds it.

use db::{Error, Row, ToValue as _, Tx};

use crate::notice::reminder::store::chain;
use crate::permission::Reach;

db::statements! {
    // $1 region, $2 whole region, $3 unit, $4 top unit, $5 section, $6 account, $7 today, $8 most.
    OVERDUE = concat!(chain!(), "SELECT w.record_kind, w.record_id, MIN(w.title) AS title, \
              MIN(w.state) AS state, MIN(w.due_on) AS due_on, \
              COALESCE(MIN(u.name), '') AS unit_name, COALESCE(MIN(s.name), '') AS section, \
              COALESCE(MIN(w.role), '') AS role, COALESCE(MIN(p.name), '') AS person \
              FROM work_item w LEFT JOIN organisation_unit u ON u.id = w.unit_id \
              LEFT JOIN business_section s ON s.id = w.section_id \
              LEFT JOIN account p ON p.id = w.person_id \
              WHERE w.region_code = $1 AND w.due_on < $7 AND ($2 \
              OR ($3 <> '' AND w.unit_id = $3) OR ($4 <> '' AND EXISTS (SELECT 1 FROM chain l \
              WHERE l.unit_id = w.unit_id AND l.above_id = $4)) \
              OR ($5 <> '' AND w.section_id = $5) OR ($6 <> '' AND EXISTS (SELECT 1 \
              FROM assignment g WHERE g.account_id = $6 AND g.record_kind = w.record_kind \
              AND g.record_id = w.record_id))) \
              GROUP BY w.record_kind, w.record_id \
              ORDER BY MIN(w.due_on), w.record_kind, w.record_id LIMIT $8");
}

/// A record past its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::home) struct Late {
    pub(in crate::home) kind: String,
    pub(in crate::home) id: String,
    pub(in crate::home) title: String,
    pub(in crate::home) state: String,
    pub(in crate::home) due_on: String,
    pub(in crate::home) unit: String,
    pub(in crate::home) section: String,
    /// The role that holds it; empty when a person does.
    pub(in crate::home) role: String,
    /// The person who holds it; empty when a role does.
    pub(in crate::home) person: String,
}

/// The records within the reach that were due before `today`, the latest first.
pub(in crate::home) fn overdue(
    tx: &mut Tx<'_>,
    region: &str,
    reach: &Reach,
    today: &str,
    most: i64,
) -> Result<Vec<Late>, Error> {
    let rows = tx.query(
        OVERDUE,
        &[
            &region,
            &reach.is_region.to_value(),
            &reach.unit,
            &reach.top,
            &reach.section,
            &reach.account,
            &today,
            &most,
        ],
    )?;
    let late = |row: &Row| {
        Ok(Late {
            kind: row.text("record_kind")?,
            id: row.text("record_id")?,
            title: row.text("title")?,
            state: row.text("state")?,
            due_on: row.text("due_on")?,
            unit: row.text("unit_name")?,
            section: row.text("section")?,
            role: row.text("role")?,
            person: row.text("person")?,
        })
    };
    rows.iter().map(late).collect()
}
