//! Targets: reading, beginning and saving them.

use db::{Error, Row as DbRow, Tx};
use domain::number::Centi;
use domain::rulepack;
use domain::rulepack::target_form::{PLAIN, TargetForm};
use domain::target::{Known, Line, Part, Row, Target};

use super::returned::{self, Returned};
use super::{field, known, origin, pieces};

db::statements! {
    FIND = "SELECT t.id, t.region_code, t.object_id, t.fiscal_year, t.edition, t.state, t.grade, \
            t.goal, t.version, t.form_id, t.form_pack, o.name AS object_name, \
            o.kind AS object_kind, o.code AS object_code, o.nature, o.unit_id, \
            u.name AS unit_name, u.code AS unit_code, \
            COALESCE(top.name, above.name, u.name) AS department_name, \
            COALESCE(top.code, above.code, u.code) AS department_code, \
            COALESCE(e.last_row_key, 0) AS last_row_key, e.edited_at, \
            a.name AS editor FROM performance_target t \
            JOIN managed_object o ON o.id = t.object_id \
            JOIN organisation_unit u ON u.id = o.unit_id \
            LEFT JOIN organisation_unit above ON above.id = u.parent_id \
            LEFT JOIN organisation_unit top ON top.id = above.parent_id \
            LEFT JOIN target_edit e ON e.target_id = t.id \
            LEFT JOIN account a ON a.id = e.edited_by WHERE t.id = $1";
    ROWS = "SELECT row_key, level1, level2, name, operator, value_text, unit, weight_centi, \
            is_core FROM indicator WHERE target_id = $1 ORDER BY position";
    // Whoever saves next waits here on PostgreSQL.
    SAVE = "UPDATE performance_target SET goal = $2, version = version + 1 \
            WHERE id = $1 AND version = $3";
    // Out of the way of the new places.
    LIFT_ROWS = "UPDATE indicator SET position = position + 500 WHERE target_id = $1";
    PLACE_ROW = "UPDATE indicator SET position = $3 WHERE target_id = $1 AND row_key = $2";
    // The index of the places is left alone.
    SAVE_ROW = "UPDATE indicator SET level1 = $3, level2 = $4, name = $5, operator = $6, \
                value_text = $7, unit = $8, weight_centi = $9, is_core = $10 \
                WHERE target_id = $1 AND row_key = $2";
    INSERT_ROW = "INSERT INTO indicator (target_id, row_key, position, level1, level2, name, \
                  operator, value_text, unit, weight_centi, is_core, id, region_code) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    DELETE_ROW = "DELETE FROM indicator WHERE target_id = $1 AND row_key = $2";
    SAVE_EDIT = "INSERT INTO target_edit (target_id, region_code, last_row_key, edited_by, \
                 edited_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (target_id) DO UPDATE SET \
                 last_row_key = excluded.last_row_key, edited_by = excluded.edited_by, \
                 edited_at = excluded.edited_at";
    // A load has no account; who saved last stays.
    SET_LAST_KEY = "UPDATE target_edit SET last_row_key = $2 WHERE target_id = $1";
    EDITIONS = "SELECT id, state, edition FROM performance_target \
                WHERE object_id = $1 AND fiscal_year = $2 ORDER BY edition DESC";
    LAST = "SELECT id FROM performance_target WHERE object_id = $1 AND fiscal_year <= $2 \
            AND state <> 'draft' ORDER BY fiscal_year DESC, edition DESC LIMIT 1";
    // Two who begin at once do not both find that there is none.
    LOCK_OBJECT = "UPDATE managed_object SET version = version \
                   WHERE id = $1 AND region_code = $2";
    OBJECT = "SELECT o.id, o.name, o.kind, u.name AS unit_name FROM managed_object o \
              JOIN organisation_unit u ON u.id = o.unit_id \
              WHERE o.id = $1 AND o.region_code = $2";
    BEGIN = "INSERT INTO performance_target (id, region_code, object_id, fiscal_year, edition, \
             origin, state, goal, version, provenance, form_id, form_pack) \
             VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, 1, $8, $9, $10)";
    ORIGIN = "SELECT origin FROM performance_target WHERE id = $1";
    BEGIN_EMPTY = "INSERT INTO performance_target (id, region_code, object_id, fiscal_year, \
                   edition, origin, state, goal, version, provenance, form_id, form_pack) \
                   SELECT $1, o.region_code, o.id, $3, $4, $5, 'draft', '', 1, 'budget', $6, $7 \
                   FROM managed_object o WHERE o.id = $2";
}

/// A target with what it is about.
#[derive(Debug, Clone)]
pub(in crate::target) struct Record {
    pub(in crate::target) id: String,
    pub(in crate::target) region_code: String,
    pub(in crate::target) object_id: String,
    pub(in crate::target) object_name: String,
    pub(in crate::target) object_kind: String,
    pub(in crate::target) unit_name: String,
    pub(in crate::target) year: i64,
    pub(in crate::target) edition: i64,
    pub(in crate::target) state: String,
    /// 审核等级
    pub(in crate::target) grade: Option<String>,
    pub(in crate::target) version: i64,
    pub(in crate::target) target: Target,
    /// The last number that a row was given.
    pub(in crate::target) last_row_key: i64,
    /// Who saved it last, and when.
    pub(in crate::target) edited: Option<(String, String)>,
    /// Why it came back to whoever fills it.
    pub(in crate::target) returned: Option<Returned>,
    /// The form that it is filled by.
    pub(in crate::target) form: &'static TargetForm,
    /// The rule pack that declares the form: id@version; empty for the first packs.
    pub(in crate::target) form_pack: String,
    /// What fields of the form say that nobody types.
    pub(in crate::target) known: Known,
}

/// The form of a target as its rule pack declares it; the plain one where the pack has it no
/// longer.
pub(in crate::target) fn form_of(
    form_id: &str,
    form_pack: &str,
) -> Result<&'static TargetForm, Error> {
    let id = form_pack.split('@').next().unwrap_or(form_pack);
    let pack = rulepack::builtin(id).unwrap_or_else(rulepack::default_pack);
    let forms = &pack.target_forms;
    let form = forms.find(form_id).or_else(|| forms.find(PLAIN));
    form.ok_or_else(|| Error::InconsistentRow {
        column: "form_id".to_owned(),
        problem: "names no form of the pack",
    })
}

/// The target of this id.
pub(in crate::target) fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Record>, Error> {
    let Some(row) = tx.find(FIND, &[&id])? else {
        return Ok(None);
    };
    let rows = tx.query(ROWS, &[&id])?;
    let rows = rows.iter().map(indicator).collect::<Result<Vec<_>, _>>()?;
    let form = form_of(&row.text("form_id")?, &row.text("form_pack")?)?;
    let parts = field::all(tx, id)?;
    let lines = parts.iter().flat_map(|part| match part {
        Part::Table { lines, .. } => &lines[..],
        Part::Field(_) => &[],
    });
    let keys = lines.map(|line: &Line| &line.key);
    // Rows that came by an import have their numbers from their places.
    let keys = keys.chain(rows.iter().map(|row| &row.key));
    let highest = keys.filter_map(|key| key.parse().ok()).max();
    let known = known::of(tx, &row, row.int("fiscal_year")?)?;
    let state = row.text("state")?;
    let returned = returned::find(tx, (id, &state))?;
    let edited = row.opt_text("editor")?.zip(row.opt_text("edited_at")?);
    let mut target = Target {
        goal: row.text("goal")?,
        rows,
        parts,
    };
    origin::read(tx, id, &mut target)?;
    Ok(Some(Record {
        id: row.text("id")?,
        region_code: row.text("region_code")?,
        object_id: row.text("object_id")?,
        object_name: row.text("object_name")?,
        object_kind: row.text("object_kind")?,
        unit_name: row.text("unit_name")?,
        year: row.int("fiscal_year")?,
        edition: row.int("edition")?,
        state,
        grade: row.opt_text("grade")?,
        version: row.int("version")?,
        last_row_key: row.int("last_row_key")?.max(highest.unwrap_or(0)),
        edited,
        returned,
        known,
        target: target.fitted(form),
        form,
        form_pack: row.text("form_pack")?,
    }))
}

pub(in crate::target) fn indicator(row: &DbRow) -> Result<Row, Error> {
    Ok(Row {
        key: row.int("row_key")?.to_string(),
        level1: row.text("level1")?,
        level2: row.text("level2")?,
        name: row.text("name")?,
        operator: row.text("operator")?,
        value: row.text("value_text")?,
        unit: row.text("unit")?,
        weight: Centi(row.int("weight_centi")?).to_string(),
        is_core: row.bool("is_core")?,
        ..Row::default()
    })
}

/// Where the money of a target comes from.
pub(in crate::target) fn origin(tx: &mut Tx<'_>, id: &str) -> Result<String, Error> {
    tx.one(ORIGIN, &[&id])?.text("origin")
}

/// Writes `target`, whose rows are all numbered, over the record that was read in this transaction.
///
/// # Errors
/// [`Error::Touched`]: somebody saved it first. [`Error::Reference`]: a monitoring or an evaluation
/// speaks of a row that is gone.
pub(in crate::target) fn save(
    tx: &mut Tx<'_>,
    record: Before<'_>,
    target: &Target,
    edit: &Edit<'_>,
) -> Result<(), Error> {
    tx.execute_one(SAVE, &[&record.id, &target.goal, &record.version])?;
    write_rows(tx, record, target)?;
    let place = (record.id, record.region);
    field::save(tx, place, &record.target.parts, &target.parts)?;
    if origin::differ(record.target, target) {
        origin::write(tx, place, target)?;
    }
    if record.target.goal != target.goal {
        pieces::keep_goal(tx, place, &target.goal)?;
    }
    save_edit(tx, place, edit)
}

fn write_rows(tx: &mut Tx<'_>, record: Before<'_>, target: &Target) -> Result<(), Error> {
    let keys = |target: &Target| target.rows.iter().map(key_of).collect::<Vec<_>>();
    let (before, now) = (keys(record.target), keys(target));
    for gone in before.iter().filter(|key| !now.contains(key)) {
        tx.execute_one(DELETE_ROW, &[&record.id, gone])?;
    }
    let is_moved = now != before;
    if is_moved {
        tx.execute(LIFT_ROWS, &[&record.id])?;
    }
    for (position, row) in (1_i64..).zip(&target.rows) {
        let key = key_of(row);
        let old = record.target.rows.iter().find(|old| key_of(old) == key);
        let Some(old) = old else {
            insert_row(tx, (record.id, record.region), (position, key), row)?;
            continue;
        };
        if is_moved {
            tx.execute_one(PLACE_ROW, &[&record.id, &key, &position])?;
        }
        if !says_the_same(old, row) {
            save_row(tx, record.id, key, row)?;
        }
    }
    Ok(())
}

fn key_of(row: &Row) -> i64 {
    row.key.parse().unwrap_or(0)
}

/// Whether both rows are kept with the same texts.
fn says_the_same(one: &Row, other: &Row) -> bool {
    let is_same = |(cell, other): (&Cell<'_>, &Cell<'_>)| cell.0 == "weight" || cell.2 == other.2;
    let (cells, others) = (one.cells(), other.cells());
    one.points() == other.points() && cells.iter().zip(&others).all(is_same)
}

/// A cell's name, word and text.
type Cell<'a> = (&'static str, &'static str, &'a str);

fn save_row(tx: &mut Tx<'_>, id: &str, key: i64, row: &Row) -> Result<(), Error> {
    let points = row.points().unwrap_or(Centi::ZERO).0;
    let values: [&dyn db::ToValue; 10] = [
        &id,
        &key,
        &row.level1,
        &row.level2,
        &row.name,
        &row.operator,
        &row.value,
        &row.unit,
        &points,
        &row.is_core,
    ];
    tx.execute_one(SAVE_ROW, &values)
}

fn insert_row(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    (position, key): (i64, i64),
    row: &Row,
) -> Result<(), Error> {
    let points = row.points().unwrap_or(Centi::ZERO).0;
    let own_id = format!("i-{id}-{key}");
    let values: [&dyn db::ToValue; 13] = [
        &id,
        &key,
        &position,
        &row.level1,
        &row.level2,
        &row.name,
        &row.operator,
        &row.value,
        &row.unit,
        &points,
        &row.is_core,
        &own_id,
        &region,
    ];
    tx.execute_one(INSERT_ROW, &values)
}

/// Who saves, when, and the last number that a row was given.
pub(in crate::target) struct Edit<'a> {
    /// The account; none for a load from the command line.
    pub(in crate::target) account: Option<&'a str>,
    pub(in crate::target) at: &'a str,
    pub(in crate::target) last_row_key: i64,
}

/// A target before it is saved.
#[derive(Debug, Clone, Copy)]
pub(in crate::target) struct Before<'a> {
    pub(in crate::target) id: &'a str,
    pub(in crate::target) region: &'a str,
    pub(in crate::target) version: i64,
    pub(in crate::target) target: &'a Target,
}

impl Record {
    /// The title of its form. The plain form is also that of departments and policies whose targets
    /// were begun before forms were declared.
    pub(in crate::target) fn title(&self) -> &str {
        match (&*self.form.id, &*self.object_kind) {
            (PLAIN, "department") => "部门整体支出绩效目标表",
            (PLAIN, "policy") => "政策绩效目标表",
            _ => &self.form.title,
        }
    }

    /// What a save goes by.
    pub(in crate::target) fn before(&self) -> Before<'_> {
        Before {
            id: &self.id,
            region: &self.region_code,
            version: self.version,
            target: &self.target,
        }
    }
}

fn save_edit(tx: &mut Tx<'_>, (id, region): (&str, &str), edit: &Edit<'_>) -> Result<(), Error> {
    let Some(account) = edit.account else {
        tx.execute(SET_LAST_KEY, &[&id, &edit.last_row_key])?;
        return Ok(());
    };
    tx.execute_one(
        SAVE_EDIT,
        &[&id, &region, &edit.last_row_key, &account, &edit.at],
    )
}

/// An object to set a target for.
pub(in crate::target) struct Object {
    pub(in crate::target) id: String,
    pub(in crate::target) name: String,
    pub(in crate::target) kind: String,
    pub(in crate::target) unit_name: String,
}

/// The object of this id.
pub(in crate::target) fn object(
    tx: &mut Tx<'_>,
    id: &str,
    region: &str,
) -> Result<Option<Object>, Error> {
    let row = tx.find(OBJECT, &[&id, &region])?;
    row.map(|row| {
        Ok(Object {
            id: row.text("id")?,
            name: row.text("name")?,
            kind: row.text("kind")?,
            unit_name: row.text("unit_name")?,
        })
    })
    .transpose()
}

/// The editions of the object's target in a year, newest first: id, state and number.
pub(in crate::target) fn editions(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Vec<(String, String, i64)>, Error> {
    let rows = tx.query(EDITIONS, &[&object, &year])?;
    rows.iter()
        .map(|row| Ok((row.text("id")?, row.text("state")?, row.int("edition")?)))
        .collect()
}

/// The newest target of the object up to the year, to copy from.
pub(in crate::target) fn last(
    tx: &mut Tx<'_>,
    object: &str,
    year: i64,
) -> Result<Option<Record>, Error> {
    match tx.find(LAST, &[&object, &year])? {
        Some(row) => find(tx, &row.text("id")?),
        None => Ok(None),
    }
}

/// Keeps others from beginning a target of this object until the transaction ends.
pub(in crate::target) fn lock_object(
    tx: &mut Tx<'_>,
    object: &str,
    region: &str,
) -> Result<(), Error> {
    tx.execute_one(LOCK_OBJECT, &[&object, &region])
}

/// What a new edition begins with.
pub(in crate::target) struct Beginning<'a> {
    pub(in crate::target) id: &'a str,
    pub(in crate::target) region: &'a str,
    pub(in crate::target) object: &'a str,
    pub(in crate::target) year: i64,
    pub(in crate::target) edition: i64,
    pub(in crate::target) origin: &'a str,
    pub(in crate::target) target: &'a Target,
    pub(in crate::target) form: &'static TargetForm,
    /// The rule pack that declares the form: id@version.
    pub(in crate::target) pack: &'a str,
}

/// Writes an edition that nobody has filled yet.
pub(in crate::target) fn begin_empty(
    tx: &mut Tx<'_>,
    (id, object): (&str, &str),
    (year, edition): (i64, i64),
    (origin, form, pack): (&str, &str, &str),
) -> Result<(), Error> {
    tx.execute_one(
        BEGIN_EMPTY,
        &[&id, &object, &year, &edition, &origin, &form, &pack],
    )
}

/// Writes a new edition, whose rows are all numbered.
pub(in crate::target) fn begin(
    tx: &mut Tx<'_>,
    beginning: &Beginning<'_>,
    edit: &Edit<'_>,
) -> Result<(), Error> {
    let Beginning {
        id, region, target, ..
    } = beginning;
    tx.execute_one(
        BEGIN,
        &[
            id,
            region,
            &beginning.object,
            &beginning.year,
            &beginning.edition,
            &beginning.origin,
            &target.goal,
            &edit.account.unwrap_or("imported"),
            &beginning.form.id,
            &beginning.pack,
        ],
    )?;
    field::save(tx, (id, region), &[], &target.parts)?;
    for (position, row) in (1_i64..).zip(&target.rows) {
        let key = row.key.parse().unwrap_or(position);
        insert_row(tx, (id, region), (position, key), row)?;
    }
    origin::write(tx, (id, region), target)?;
    pieces::keep_goal(tx, (id, region), &target.goal)?;
    save_edit(tx, (id, region), edit)
}
