//! SQL of what is due.

use db::{Error, Row, Sql, Tx};

use crate::object::store::{department, unit_joins};

/// One kind of open work: for each who must do it, how much and until when.
macro_rules! by_department {
    ($due:literal, $from:literal, $where:literal) => {
        concat!(
            "SELECT COALESCE(top.name, above.name, u.name) AS who, COUNT(*) AS matters, ",
            $due,
            " AS due_on FROM ",
            $from,
            unit_joins!(),
            "WHERE ",
            $where,
            " GROUP BY ",
            department!(),
            ", COALESCE(top.name, above.name, u.name) ORDER BY matters DESC, ",
            department!()
        )
    };
}

db::statements! {
    RECTIFICATIONS = by_department!(
        "MIN(r.due_on)",
        "rectification r JOIN key_evaluation k ON k.id = r.key_evaluation_id \
         JOIN managed_object o ON o.id = k.object_id ",
        "r.region_code = $1 AND r.work_year = $2 AND r.state <> 'closed'"
    );
    WITHOUT_RECTIFICATION = by_department!(
        "''",
        "key_evaluation k JOIN managed_object o ON o.id = k.object_id ",
        "k.region_code = $1 AND k.work_year = $2 AND k.problem <> '' \
         AND k.state IN ('final', 'filed', 'result_delivered') AND NOT EXISTS \
         (SELECT 1 FROM rectification r WHERE r.key_evaluation_id = k.id)"
    );
    WITHOUT_APPLICATION = by_department!(
        "''",
        "key_evaluation k JOIN managed_object o ON o.id = k.object_id ",
        "k.region_code = $1 AND k.work_year = $2 AND k.grade IN ('中', '差') \
         AND NOT EXISTS (SELECT 1 FROM result_application a WHERE a.key_evaluation_id = k.id)"
    );
    FEEDBACK = "SELECT s.name AS who, COUNT(*) AS matters, '' AS due_on FROM section_feedback f \
                JOIN business_section s ON s.id = f.section_id WHERE f.region_code = $1 \
                AND f.work_year = $2 AND f.written_on IS NULL GROUP BY s.id, s.name \
                ORDER BY matters DESC, s.id";
    PUBLICATIONS = "SELECT item AS who, COUNT(*) AS matters, MIN(due_on) AS due_on \
                    FROM publication WHERE region_code = $1 AND work_year = $2 \
                    AND state IN ('due', 'prepared') GROUP BY item ORDER BY MIN(due_on), item";
}

/// How much of one kind somebody must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    /// A department, a section, or a thing to publish.
    pub(crate) who: String,
    pub(crate) matters: i64,
    /// Empty where nothing sets a date.
    pub(crate) due_on: String,
}

/// What one statement finds for the work of `year`.
pub(crate) fn shares(
    tx: &mut Tx<'_>,
    sql: Sql,
    region_code: &str,
    year: i64,
) -> Result<Vec<Share>, Error> {
    tx.query(sql, &[&region_code, &year])?
        .iter()
        .map(share)
        .collect()
}

fn share(row: &Row) -> Result<Share, Error> {
    Ok(Share {
        who: row.text("who")?,
        matters: row.int("matters")?,
        due_on: row.text("due_on")?,
    })
}
