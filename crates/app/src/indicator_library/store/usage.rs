//! Who uses an indicator: counted from targets, and from nothing else.

use db::{Error, Tx, Value};

use crate::permission::{Reach, within};

db::statements! {
    // The same targets as the count of the list, of which a person sees those within reach.
    USERS = concat!("SELECT t.id, t.fiscal_year, t.state, o.name AS object_name, \
        u.name AS unit_name, MIN(i.name) AS row_name, MIN(io.library_version) AS taken_version, \
        CASE WHEN ", within!("$2", "$3", "$4", "$5", "$6", "$7", "t.fiscal_year"),
        " THEN 1 ELSE 0 END AS is_seen \
        FROM indicator_origin io JOIN performance_target t ON t.id = io.target_id \
        JOIN managed_object o ON o.id = t.object_id JOIN organisation_unit u ON u.id = o.unit_id \
        LEFT JOIN organisation_unit above ON above.id = u.parent_id \
        LEFT JOIN organisation_unit top ON top.id = above.parent_id \
        LEFT JOIN indicator i ON i.target_id = io.target_id AND i.row_key = io.row_key \
        WHERE io.library_id = $1 AND t.state NOT IN ('cancelled', 'rejected', 'superseded') \
        GROUP BY t.id, t.fiscal_year, t.state, o.id, o.name, u.id, u.name, above.id, top.id \
        ORDER BY t.fiscal_year DESC, u.name, o.name, t.id LIMIT $8");
}

/// A target that uses an indicator.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) target: String,
    pub(crate) year: i64,
    pub(crate) state: String,
    pub(crate) object: String,
    pub(crate) unit: String,
    /// What the row is called there.
    pub(crate) row: String,
    /// The version that was taken.
    pub(crate) version: i64,
    /// Whether the person may see the target.
    pub(crate) is_seen: bool,
}

/// At most `most` targets that use the indicator, newest first.
pub(crate) fn users(
    tx: &mut Tx<'_>,
    id: &str,
    reach: &Reach,
    most: i64,
) -> Result<Vec<User>, Error> {
    let mut values = vec![Value::Text(id.to_owned())];
    values.extend(reach.values());
    values.push(Value::Int(most));
    let values: Vec<&dyn db::ToValue> = values.iter().map(|value| value as _).collect();
    let rows = tx.query(USERS, &values)?;
    rows.iter()
        .map(|row| {
            Ok(User {
                target: row.text("id")?,
                year: row.int("fiscal_year")?,
                state: row.text("state")?,
                object: row.text("object_name")?,
                unit: row.text("unit_name")?,
                row: row.opt_text("row_name")?.unwrap_or_default(),
                version: row.int("taken_version")?,
                is_seen: row.int("is_seen")? == 1,
            })
        })
        .collect()
}
