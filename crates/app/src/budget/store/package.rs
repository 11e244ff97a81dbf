//! SQL of the packages for the congress: what can be in one, and what became of it.

use std::collections::BTreeMap;

use db::{Error, Row, Tx};
use domain::number::{Centi, Fen};

use super::library::standing_target;
use crate::object::store::{department, unit_joins};

/// The objects `o` of a year with unit and department, `t` the target that stands for each.
macro_rules! object_columns {
    () => {
        concat!(
            "SELECT o.id, o.code, o.name, o.kind, u.name AS unit_name, ",
            department!(),
            " AS department_id, COALESCE(top.code, above.code, u.code) AS department_code, \
             COALESCE(top.name, above.name, u.name) AS department_name, "
        )
    };
}

db::statements! {
    REGION_NAMES = "SELECT name, bureau_name FROM region WHERE code = $1";
    // A line's money by book, in the initial budget of the year.
    INITIAL = concat!(object_columns!(), "b.book, \
        CAST(SUM(b.amount_fen) AS BIGINT) AS amount_fen FROM budget_line b \
        JOIN managed_object o ON o.id = b.object_id ", unit_joins!(),
        "WHERE b.region_code = $1 AND b.fiscal_year = $2 AND b.change_kind = 'initial' \
        GROUP BY o.id, o.code, o.name, o.kind, u.name, top.id, above.id, u.id, top.code, \
        above.code, u.code, top.name, above.name, b.book \
        HAVING SUM(b.amount_fen) > 0 \
        ORDER BY COALESCE(top.code, above.code, u.code), u.code, o.code, o.id, b.book");
    // What walks by way of the congress: initial targets, and what a line says it of.
    TARGETS_OF_YEAR = concat!(object_columns!(), "t.id AS target_id, t.edition, t.state, t.grade, \
        t.goal, t.version, t.npc_package_id, CASE WHEN EXISTS (SELECT 1 FROM target_adjustment a \
        JOIN budget_line b ON b.id = a.line_id WHERE a.target_id = t.id \
        AND b.requires_npc_approval) OR (NOT EXISTS (SELECT 1 FROM target_adjustment a \
        WHERE a.target_id = t.id) AND (t.origin = 'initial' OR EXISTS (SELECT 1 \
        FROM budget_line b WHERE b.object_id = o.id AND b.fiscal_year = t.fiscal_year \
        AND b.requires_npc_approval))) THEN 1 ELSE 0 END AS needs_congress \
        FROM managed_object o ", unit_joins!(),
        "JOIN performance_target t ON t.fiscal_year = $2 AND t.id = ",
        standing_target!("o.id", "$2"),
        " WHERE o.region_code = $1 \
        ORDER BY COALESCE(top.code, above.code, u.code), u.code, o.code, o.id");
    ROWS_OF_YEAR = "SELECT i.target_id, i.level1, i.level2, i.name, i.operator, i.value_text, \
        i.unit, i.weight_centi FROM indicator i JOIN performance_target t ON t.id = i.target_id \
        WHERE t.region_code = $1 AND t.fiscal_year = $2 AND t.state = 'in_budget' \
        ORDER BY i.target_id, i.position, i.id";
    LIST_PACKAGES = "SELECT n.id, n.region_code, n.fiscal_year, n.title, n.submitted_on, n.state, \
        n.version, n.digest, n.content, n.withdrawal_reason, n.congress_approved_on, \
        n.approved_on, n.document_number, a.name AS submitter FROM npc_package n \
        LEFT JOIN account a ON a.id = n.submitted_by WHERE n.region_code = $1 \
        AND n.fiscal_year = $2 ORDER BY n.submitted_on DESC, n.id DESC";
    FIND_PACKAGE = "SELECT n.id, n.region_code, n.fiscal_year, n.title, n.submitted_on, n.state, \
        n.version, n.digest, n.content, n.withdrawal_reason, n.congress_approved_on, \
        n.approved_on, n.document_number, a.name AS submitter FROM npc_package n \
        LEFT JOIN account a ON a.id = n.submitted_by WHERE n.id = $1 AND n.region_code = $2";
    INSERT_PACKAGE = "INSERT INTO npc_package (id, region_code, fiscal_year, title, submitted_on, \
        provenance, state, version, submitted_by, content, digest) \
        VALUES ($1, $2, $3, $4, $5, $6, 'submitted', 1, $6, $7, $8)";
    ADD_TARGET = "INSERT INTO npc_package_target (package_id, target_id, region_code, \
        is_publishable, exclusion) VALUES ($1, $2, $3, TRUE, '')";
    JOIN_PACKAGE = "UPDATE performance_target SET npc_package_id = $2 WHERE id = $1";
    LEAVE_PACKAGE = "UPDATE performance_target SET npc_package_id = NULL WHERE id = $1";
    MEMBERS = "SELECT m.target_id, m.is_publishable, m.exclusion, t.state, t.version, \
        t.object_id, t.fiscal_year FROM npc_package_target m \
        JOIN performance_target t ON t.id = m.target_id WHERE m.package_id = $1 \
        ORDER BY m.target_id";
    EXCLUDE = "UPDATE npc_package_target SET is_publishable = $3, exclusion = $4 \
        WHERE package_id = $1 AND target_id = $2";
    WITHDRAW_PACKAGE = "UPDATE npc_package SET state = 'withdrawn', withdrawal_reason = $3, \
        version = version + 1 WHERE id = $1 AND version = $2 AND state = 'submitted'";
    DATE_PACKAGE = "UPDATE npc_package SET congress_approved_on = $3, version = version + 1 \
        WHERE id = $1 AND version = $2 AND state = 'submitted'";
    APPROVE_PACKAGE = "UPDATE npc_package SET state = 'approved', congress_approved_on = $3, \
        approved_on = $4, document_number = $5, version = version + 1 \
        WHERE id = $1 AND version = $2 AND state = 'submitted'";
    DATE_TARGET = "UPDATE performance_target SET approved_on = $2 WHERE id = $1";
}

/// Names of the region and of its bureau; the code where nothing is known.
pub(in crate::budget) fn names(tx: &mut Tx<'_>, region: &str) -> Result<(String, String), Error> {
    match tx.find(REGION_NAMES, &[&region])? {
        Some(row) => Ok((row.text("name")?, row.text("bureau_name")?)),
        None => Ok((region.to_owned(), String::new())),
    }
}

/// An object with where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Object {
    pub(in crate::budget) id: String,
    pub(in crate::budget) code: String,
    pub(in crate::budget) name: String,
    pub(in crate::budget) is_department: bool,
    pub(in crate::budget) unit_name: String,
    pub(in crate::budget) department: (String, String, String),
}

fn object(row: &Row) -> Result<Object, Error> {
    Ok(Object {
        id: row.text("id")?,
        code: row.text("code")?,
        name: row.text("name")?,
        is_department: row.text("kind")? == "department",
        unit_name: row.text("unit_name")?,
        department: (
            row.text("department_id")?,
            row.text("department_code")?,
            row.text("department_name")?,
        ),
    })
}

/// The initial budget of the year: each project's money by book.
pub(in crate::budget) fn initial(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
) -> Result<Vec<(Object, String, Fen)>, Error> {
    let rows = tx.query(INITIAL, &[&region, &year])?;
    rows.iter()
        .map(|row| Ok((object(row)?, row.text("book")?, Fen(row.int("amount_fen")?))))
        .collect()
}

/// A target of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Target {
    pub(in crate::budget) id: String,
    pub(in crate::budget) edition: i64,
    pub(in crate::budget) state: String,
    pub(in crate::budget) grade: Option<String>,
    pub(in crate::budget) goal: String,
    pub(in crate::budget) version: i64,
    pub(in crate::budget) needs_congress: bool,
}

/// The target that stands for each object of the year.
pub(in crate::budget) fn targets(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
) -> Result<Vec<(Object, Target)>, Error> {
    let rows = tx.query(TARGETS_OF_YEAR, &[&region, &year])?;
    rows.iter()
        .map(|row| {
            let target = Target {
                id: row.text("target_id")?,
                edition: row.int("edition")?,
                state: row.text("state")?,
                grade: row.opt_text("grade")?,
                goal: row.text("goal")?,
                version: row.int("version")?,
                needs_congress: row.int("needs_congress")? == 1,
            };
            Ok((object(row)?, target))
        })
        .collect()
}

/// A row of a target's indicator table, as it is printed.
pub(in crate::budget) type Indicator = [String; 7];

/// The indicators of every target that entered the budget of the year.
pub(in crate::budget) fn indicators(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
) -> Result<BTreeMap<String, Vec<Indicator>>, Error> {
    let mut all: BTreeMap<String, Vec<Indicator>> = BTreeMap::new();
    for row in tx.query(ROWS_OF_YEAR, &[&region, &year])? {
        let indicator = [
            row.text("level1")?,
            row.text("level2")?,
            row.text("name")?,
            row.text("operator")?,
            row.text("value_text")?,
            row.text("unit")?,
            Centi(row.int("weight_centi")?).to_string(),
        ];
        all.entry(row.text("target_id")?)
            .or_default()
            .push(indicator);
    }
    Ok(all)
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Package {
    pub(in crate::budget) id: String,
    pub(in crate::budget) region: String,
    pub(in crate::budget) year: i64,
    pub(in crate::budget) title: String,
    pub(in crate::budget) submitted_on: String,
    /// `submitted`, `approved` or `withdrawn`.
    pub(in crate::budget) state: String,
    pub(in crate::budget) version: i64,
    pub(in crate::budget) digest: String,
    /// What was submitted, as JSON; empty for what came by an import.
    pub(in crate::budget) content: String,
    pub(in crate::budget) withdrawal_reason: String,
    pub(in crate::budget) congress_approved_on: Option<String>,
    pub(in crate::budget) approved_on: Option<String>,
    pub(in crate::budget) document: String,
    pub(in crate::budget) submitter: Option<String>,
}

fn package(row: &Row) -> Result<Package, Error> {
    Ok(Package {
        id: row.text("id")?,
        region: row.text("region_code")?,
        year: row.int("fiscal_year")?,
        title: row.text("title")?,
        submitted_on: row.text("submitted_on")?,
        state: row.text("state")?,
        version: row.int("version")?,
        digest: row.text("digest")?,
        content: row.text("content")?,
        withdrawal_reason: row.text("withdrawal_reason")?,
        congress_approved_on: row.opt_text("congress_approved_on")?,
        approved_on: row.opt_text("approved_on")?,
        document: row.text("document_number")?,
        submitter: row.opt_text("submitter")?,
    })
}

/// The packages of a year, newest first.
pub(in crate::budget) fn packages(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
) -> Result<Vec<Package>, Error> {
    let rows = tx.query(LIST_PACKAGES, &[&region, &year])?;
    rows.iter().map(package).collect()
}

/// The package of this id.
pub(in crate::budget) fn find(
    tx: &mut Tx<'_>,
    id: &str,
    region: &str,
) -> Result<Option<Package>, Error> {
    let row = tx.find(FIND_PACKAGE, &[&id, &region])?;
    row.as_ref().map(package).transpose()
}

/// A package that is submitted.
pub(in crate::budget) struct New<'a> {
    pub(in crate::budget) id: &'a str,
    pub(in crate::budget) region: &'a str,
    pub(in crate::budget) year: i64,
    pub(in crate::budget) title: &'a str,
    pub(in crate::budget) submitted_on: &'a str,
    pub(in crate::budget) account: &'a str,
    pub(in crate::budget) content: &'a str,
    pub(in crate::budget) digest: &'a str,
}

/// Keeps a package.
pub(in crate::budget) fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), Error> {
    tx.execute_one(
        INSERT_PACKAGE,
        &[
            &new.id,
            &new.region,
            &new.year,
            &new.title,
            &new.submitted_on,
            &new.account,
            &new.content,
            &new.digest,
        ],
    )
}

/// Makes a target part of a package.
pub(in crate::budget) fn add(
    tx: &mut Tx<'_>,
    (package, region): (&str, &str),
    target: &str,
) -> Result<(), Error> {
    tx.execute_one(ADD_TARGET, &[&package, &target, &region])?;
    tx.execute_one(JOIN_PACKAGE, &[&target, &package])
}

/// Takes a target out of the package that it is in; that it was in one stays known.
pub(in crate::budget) fn leave(tx: &mut Tx<'_>, target: &str) -> Result<(), Error> {
    tx.execute_one(LEAVE_PACKAGE, &[&target])
}

/// A target of a package as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::budget) struct Member {
    pub(in crate::budget) target: String,
    pub(in crate::budget) object: String,
    pub(in crate::budget) year: i64,
    pub(in crate::budget) state: String,
    pub(in crate::budget) version: i64,
    pub(in crate::budget) is_publishable: bool,
    /// Why it is not published.
    pub(in crate::budget) exclusion: String,
}

/// The targets of a package.
pub(in crate::budget) fn members(tx: &mut Tx<'_>, package: &str) -> Result<Vec<Member>, Error> {
    let rows = tx.query(MEMBERS, &[&package])?;
    rows.iter()
        .map(|row| {
            Ok(Member {
                target: row.text("target_id")?,
                object: row.text("object_id")?,
                year: row.int("fiscal_year")?,
                state: row.text("state")?,
                version: row.int("version")?,
                is_publishable: row.bool("is_publishable")?,
                exclusion: row.text("exclusion")?,
            })
        })
        .collect()
}

/// Says that a target is not published, and why; with an empty reason that it is.
pub(in crate::budget) fn exclude(
    tx: &mut Tx<'_>,
    (package, target): (&str, &str),
    reason: &str,
) -> Result<(), Error> {
    tx.execute_one(EXCLUDE, &[&package, &target, &reason.is_empty(), &reason])
}

/// Takes a package back.
pub(in crate::budget) fn withdraw(
    tx: &mut Tx<'_>,
    (id, version): (&str, i64),
    reason: &str,
) -> Result<(), Error> {
    tx.execute_one(WITHDRAW_PACKAGE, &[&id, &version, &reason])
}

/// Notes the day on which the congress approved the budget.
pub(in crate::budget) fn date(
    tx: &mut Tx<'_>,
    (id, version): (&str, i64),
    day: &str,
) -> Result<(), Error> {
    tx.execute_one(DATE_PACKAGE, &[&id, &version, &day])
}

/// Notes the bureau's reply.
pub(in crate::budget) fn approve(
    tx: &mut Tx<'_>,
    (id, version): (&str, i64),
    (congress, reply, document): (&str, &str, &str),
) -> Result<(), Error> {
    let values: &[&dyn db::ToValue] = &[&id, &version, &congress, &reply, &document];
    tx.execute_one(APPROVE_PACKAGE, values)
}

/// Sets the day of the reply as that of the target's approval.
pub(in crate::budget) fn date_target(
    tx: &mut Tx<'_>,
    target: &str,
    day: &str,
) -> Result<(), Error> {
    tx.execute_one(DATE_TARGET, &[&target, &day])
}
