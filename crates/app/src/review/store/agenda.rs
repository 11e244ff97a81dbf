//! SQL of agendas: the targets of a meeting in their order, and those that wait for one.

use db::{Error, Row, ToValue, Tx};
use domain::number::Fen;

/// A target `t` with its object `o`, its unit `u` and the units over it.
macro_rules! joins {
    () => {
        "JOIN managed_object o ON o.id = t.object_id JOIN organisation_unit u ON u.id = o.unit_id \
         LEFT JOIN organisation_unit above ON above.id = u.parent_id \
         LEFT JOIN organisation_unit top ON top.id = above.parent_id "
    };
}

/// The section that looks after the unit in the target's year: its own, else that of the nearest
/// unit above it.
macro_rules! section_id {
    () => {
        "COALESCE((SELECT us.section_id FROM unit_section us WHERE us.unit_id = u.id \
         AND us.fiscal_year = t.fiscal_year), (SELECT us.section_id FROM unit_section us \
         WHERE us.unit_id = above.id AND us.fiscal_year = t.fiscal_year), \
         (SELECT us.section_id FROM unit_section us WHERE us.unit_id = top.id \
         AND us.fiscal_year = t.fiscal_year), '')"
    };
}

macro_rules! columns {
    () => {
        concat!(
            "t.id AS target_id, t.state, t.version, t.edition, o.name, o.kind, o.code, \
             u.name AS unit, u.code AS unit_code, \
             COALESCE(top.name, above.name, u.name) AS department, \
             COALESCE(top.id, above.id, u.id) AS department_id, ",
            section_id!(),
            " AS section_id, \
             COALESCE((SELECT b.name FROM business_section b WHERE b.id = ",
            section_id!(),
            "), '') AS section, \
             (SELECT CAST(SUM(b.amount_fen) AS BIGINT) FROM budget_line b \
             WHERE b.object_id = o.id AND b.fiscal_year = t.fiscal_year) AS budget_fen "
        )
    };
}

/// Targets that wait for 会审 and stand on the agenda of no meeting that is not closed.
/// $1 region, $2 year, $3 section, $4 department, $5 part of a name.
macro_rules! waiting {
    () => {
        concat!(
            "FROM performance_target t ",
            joins!(),
            "WHERE t.region_code = $1 AND t.fiscal_year = $2 AND t.state = 'joint_review' \
             AND NOT EXISTS (SELECT 1 FROM joint_review_item n \
             JOIN joint_review_session m ON m.id = n.session_id \
             WHERE n.target_id = t.id AND m.state <> 'closed') \
             AND ($3 = '' OR ",
            section_id!(),
            " = $3) AND ($4 = '' OR COALESCE(top.id, above.id, u.id) = $4) \
             AND ($5 = '' OR LOWER(o.name) LIKE $5 ESCAPE '!') "
        )
    };
}

db::statements! {
    AGENDA = concat!("SELECT i.position, i.is_skipped, i.done, i.grade, i.opinion, i.done_at, \
             COALESCE(a.name, '') AS done_by, ", columns!(), " FROM joint_review_item i \
             JOIN performance_target t ON t.id = i.target_id ", joins!(), " \
             LEFT JOIN account a ON a.id = i.done_by \
             WHERE i.session_id = $1 ORDER BY i.position, i.target_id");
    WAITING = concat!("SELECT 0 AS position, FALSE AS is_skipped, CAST(NULL AS TEXT) AS done, \
              CAST(NULL AS TEXT) AS grade, '' AS opinion, CAST(NULL AS TEXT) AS done_at, \
              '' AS done_by, ", columns!(), waiting!(), " \
              ORDER BY section_id, u.code, o.code, t.id LIMIT $6");
    COUNT_WAITING = concat!("SELECT COUNT(*) AS waiting ", waiting!());
    LAST_PLACE = "SELECT CAST(COALESCE(MAX(position), 0) AS BIGINT) AS position \
                  FROM joint_review_item WHERE session_id = $1";
    ADD = "INSERT INTO joint_review_item (session_id, target_id, region_code, position, \
           is_skipped, opinion) VALUES ($1, $2, $3, $4, FALSE, '')";
    REMOVE = "DELETE FROM joint_review_item WHERE session_id = $1 AND target_id = $2 \
              AND done IS NULL";
    PLACE = "UPDATE joint_review_item SET position = $3 WHERE session_id = $1 AND target_id = $2";
    SKIP = "UPDATE joint_review_item SET is_skipped = TRUE WHERE session_id = $1 \
            AND target_id = $2 AND done IS NULL";
    FINISH = "UPDATE joint_review_item SET done = $3, grade = $4, opinion = $5, done_by = $6, \
              done_at = $7, is_skipped = FALSE WHERE session_id = $1 AND target_id = $2 \
              AND done IS NULL";
    // In the one meeting that is open and decided it.
    REOPEN = "UPDATE joint_review_item SET done = NULL, grade = NULL, opinion = '', \
              done_by = NULL, done_at = NULL WHERE target_id = $1 AND done IS NOT NULL \
              AND EXISTS (SELECT 1 FROM joint_review_session m \
              WHERE m.id = joint_review_item.session_id AND m.state = 'open')";
    // What a meeting gave back comes again and is linked to the meeting that passes it.
    LINK = "UPDATE performance_target SET joint_review_id = $1 WHERE id IN (SELECT i.target_id \
            FROM joint_review_item i WHERE i.session_id = $1 AND i.done = 'graded' \
            AND i.grade <> '中')";
    DEPARTMENTS = "SELECT DISTINCT u.id, u.name, u.code FROM organisation_unit u \
                   WHERE u.region_code = $1 AND u.level = 'first' AND u.valid_to IS NULL \
                   ORDER BY u.code, u.id";
}

/// A target of an agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) target_id: String,
    pub(crate) position: i64,
    pub(crate) is_skipped: bool,
    /// `graded` or `returned`; none while it waits.
    pub(crate) done: Option<String>,
    pub(crate) grade: Option<String>,
    pub(crate) opinion: String,
    pub(crate) done_by: String,
    pub(crate) done_at: String,
    /// The target's state and version now.
    pub(crate) state: String,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) unit: String,
    pub(crate) department: String,
    pub(crate) section: String,
    pub(crate) budget: Option<Fen>,
}

impl Item {
    pub(crate) fn budget(&self) -> Option<Fen> {
        self.budget
    }

    /// Whether the meeting has still to deal with it.
    pub(crate) fn waits(&self) -> bool {
        self.done.is_none() && self.state == "joint_review"
    }
}

fn item(row: &Row) -> Result<Item, Error> {
    Ok(Item {
        target_id: row.text("target_id")?,
        position: row.int("position")?,
        is_skipped: row.bool("is_skipped")?,
        done: row.opt_text("done")?,
        grade: row.opt_text("grade")?,
        opinion: row.text("opinion")?,
        done_by: row.text("done_by")?,
        done_at: row.opt_text("done_at")?.unwrap_or_default(),
        state: row.text("state")?,
        version: row.int("version")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        unit: row.text("unit")?,
        department: row.text("department")?,
        section: row.text("section")?,
        budget: row.opt_int("budget_fen")?.map(Fen),
    })
}

/// The agenda in its order.
pub(crate) fn all(tx: &mut Tx<'_>, session: &str) -> Result<Vec<Item>, Error> {
    tx.query(AGENDA, &[&session])?.iter().map(item).collect()
}

/// Which waiting targets are looked for; an empty text chooses everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) section: String,
    pub(crate) department: String,
    pub(crate) text: String,
}

impl Filter {
    fn pattern(&self) -> String {
        let text = self.text.trim().to_lowercase();
        if text.is_empty() {
            return text;
        }
        let plain = text
            .replace('!', "!!")
            .replace('%', "!%")
            .replace('_', "!_");
        format!("%{plain}%")
    }
}

/// At most `most` targets that wait for a meeting, and how many there are.
pub(crate) fn waiting(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    filter: &Filter,
    most: i64,
) -> Result<(Vec<Item>, i64), Error> {
    let pattern = filter.pattern();
    let chosen: [&dyn ToValue; 5] = [
        &region,
        &year,
        &filter.section,
        &filter.department,
        &pattern,
    ];
    let count = tx.one(COUNT_WAITING, &chosen)?.int("waiting")?;
    let [region, year, section, department, pattern] = chosen;
    let rows = tx.query(
        WAITING,
        &[region, year, section, department, pattern, &most],
    )?;
    Ok((rows.iter().map(item).collect::<Result<_, _>>()?, count))
}

/// Puts the targets at the end of the agenda, in this order.
pub(crate) fn add<'a>(
    tx: &mut Tx<'_>,
    (session, region): (&str, &str),
    targets: impl Iterator<Item = &'a str>,
) -> Result<(), Error> {
    let last = tx.one(LAST_PLACE, &[&session])?.int("position")?;
    for (position, target) in (last.saturating_add(1)..).zip(targets) {
        tx.execute_one(ADD, &[&session, &target, &region, &position])?;
    }
    Ok(())
}

/// Takes a target off the agenda, unless it was dealt with; whether it was there.
pub(crate) fn remove(tx: &mut Tx<'_>, session: &str, target: &str) -> Result<bool, Error> {
    Ok(tx.execute(REMOVE, &[&session, &target])? == 1)
}

/// Gives a target another place.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    session: &str,
    target: &str,
    position: i64,
) -> Result<(), Error> {
    tx.execute(PLACE, &[&session, &target, &position]).map(drop)
}

/// Puts a target aside, to come back to it; whether it still waited.
pub(crate) fn skip(tx: &mut Tx<'_>, session: &str, target: &str) -> Result<bool, Error> {
    Ok(tx.execute(SKIP, &[&session, &target])? == 1)
}

/// What became of a target.
pub(crate) struct Finish<'a> {
    pub(crate) session: &'a str,
    pub(crate) target: &'a str,
    /// None where it was returned.
    pub(crate) grade: Option<&'a str>,
    pub(crate) opinion: &'a str,
    pub(crate) by: &'a str,
    pub(crate) at: &'a str,
}

/// Notes what became of a target; whether it still waited.
pub(crate) fn finish(tx: &mut Tx<'_>, finish: &Finish<'_>) -> Result<bool, Error> {
    let done = if finish.grade.is_some() {
        "graded"
    } else {
        "returned"
    };
    let touched = tx.execute(
        FINISH,
        &[
            &finish.session,
            &finish.target,
            &done,
            &finish.grade,
            &finish.opinion,
            &finish.by,
            &finish.at,
        ],
    )?;
    Ok(touched == 1)
}

/// Puts a target that an open meeting decided among those that wait for it again.
pub(crate) fn reopen(tx: &mut Tx<'_>, target: &str) -> Result<(), Error> {
    tx.execute(REOPEN, &[&target]).map(drop)
}

/// Links every target that the meeting passed or refused to it.
pub(crate) fn link(tx: &mut Tx<'_>, session: &str) -> Result<u64, Error> {
    tx.execute(LINK, &[&session])
}

/// Ids and names of the departments.
pub(crate) fn departments(tx: &mut Tx<'_>, region: &str) -> Result<Vec<(String, String)>, Error> {
    tx.query(DEPARTMENTS, &[&region])?
        .iter()
        .map(|row| Ok((row.text("id")?, row.text("name")?)))
        .collect()
}
