//! SQL that changes units.

use db::{Error, Tx};
use domain::organisation::{Effect, Unit};

db::statements! {
    KEEP = "INSERT INTO unit_former (unit_id, valid_from, valid_to, region_code, code, name, \
            level, parent_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    SET = "UPDATE organisation_unit SET code = $2, name = $3, level = $4, parent_id = $5, \
           valid_to = $6, version = version + 1 WHERE id = $1";
    BEGIN_UNIT = "INSERT INTO organisation_unit (id, region_code, code, name, level, parent_id, \
             valid_from, valid_to, version, provenance) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 1, $8)";
    SUCCEED = "INSERT INTO unit_succession (predecessor_id, successor_id, region_code, \
               happened_on, is_main) VALUES ($1, $2, $3, $4, $5)";
    SET_SECTION = "INSERT INTO unit_section (unit_id, region_code, fiscal_year, section_id) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (unit_id, fiscal_year) \
                   DO UPDATE SET section_id = excluded.section_id";
    CODE_TAKEN = "SELECT id FROM organisation_unit WHERE region_code = $1 AND code = $2 \
                  AND (valid_to IS NULL OR valid_to >= $3) ORDER BY id LIMIT 1";
    KEEP_IMPORT = "INSERT INTO unit_import (id, region_code, account_id, fiscal_year, \
                   file_name, filed, plan_digest, made_at, preview) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    FIND_IMPORT = "SELECT fiscal_year, file_name, filed, plan_digest, preview FROM unit_import \
                   WHERE id = $1 AND account_id = $2";
    SET_PREVIEW = "UPDATE unit_import SET plan_digest = $2, preview = $3 WHERE id = $1";
    DROP_IMPORT = "DELETE FROM unit_import WHERE id = $1";
    DROP_OLD_IMPORTS = "DELETE FROM unit_import WHERE made_at < $1";
}

/// Writes the effects of a change that happens on the day.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    effects: &[Effect],
    (region, day): (&str, &str),
    provenance: &str,
) -> Result<(), Error> {
    for effect in effects {
        match effect {
            Effect::Keep(former) => {
                let state = &former.state;
                let parent = state.parent.as_ref().map(|unit| &*unit.0);
                let last = state.valid_to.as_deref().unwrap_or(day);
                tx.execute_one(
                    KEEP,
                    &[
                        &state.id.0,
                        &state.valid_from,
                        &last,
                        &region,
                        &state.code,
                        &state.name,
                        &state.level.name(),
                        &parent,
                    ],
                )?;
            }
            Effect::Set(unit) => set(tx, unit)?,
            Effect::Begin(unit) => begin(tx, unit, region, provenance)?,
            Effect::Succeed {
                predecessor,
                successor,
                is_main,
            } => {
                let values: &[&dyn db::ToValue] =
                    &[&predecessor.0, &successor.0, &region, &day, is_main];
                tx.execute_one(SUCCEED, values)?;
            }
        }
    }
    Ok(())
}

/// Sets what a unit is.
pub(crate) fn set(tx: &mut Tx<'_>, unit: &Unit) -> Result<(), Error> {
    let parent = unit.parent.as_ref().map(|unit| &*unit.0);
    tx.execute_one(
        SET,
        &[
            &unit.id.0,
            &unit.code,
            &unit.name,
            &unit.level.name(),
            &parent,
            &unit.valid_to,
        ],
    )
}

/// Writes a new unit.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    unit: &Unit,
    region: &str,
    provenance: &str,
) -> Result<(), Error> {
    let parent = unit.parent.as_ref().map(|unit| &*unit.0);
    tx.execute_one(
        BEGIN_UNIT,
        &[
            &unit.id.0,
            &region,
            &unit.code,
            &unit.name,
            &unit.level.name(),
            &parent,
            &unit.valid_from,
            &provenance,
        ],
    )
}

/// Says which section looks after the unit in the year.
pub(crate) fn set_section(
    tx: &mut Tx<'_>,
    (region, unit): (&str, &str),
    year: i64,
    section: &str,
) -> Result<(), Error> {
    tx.execute_one(SET_SECTION, &[&unit, &region, &year, &section])
}

/// Whether a unit that is open on the day or later has the code.
pub(crate) fn is_code_taken(
    tx: &mut Tx<'_>,
    region: &str,
    code: &str,
    day: &str,
) -> Result<bool, Error> {
    Ok(tx.find(CODE_TAKEN, &[&region, &code, &day])?.is_some())
}

/// A filed list that waits for its confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) year: i64,
    pub(crate) file_name: String,
    /// The rows as JSON.
    pub(crate) filed: String,
    /// What the preview showed, told apart by its digest.
    pub(crate) plan_digest: String,
    /// What the preview showed, as JSON; none while nothing was compared.
    pub(crate) preview: Option<String>,
}

/// Keeps a filed list, and forgets those from before `too_old`.
pub(crate) fn keep_import(
    tx: &mut Tx<'_>,
    (id, region, account): (&str, &str, &str),
    waiting: &Waiting,
    (now, too_old): (&str, &str),
) -> Result<(), Error> {
    tx.execute(DROP_OLD_IMPORTS, &[&too_old])?;
    tx.execute_one(
        KEEP_IMPORT,
        &[
            &id,
            &region,
            &account,
            &waiting.year,
            &waiting.file_name,
            &waiting.filed,
            &waiting.plan_digest,
            &now,
            &waiting.preview,
        ],
    )
}

/// The filed list of that id, if it is the person's.
pub(crate) fn find_import(
    tx: &mut Tx<'_>,
    id: &str,
    account: &str,
) -> Result<Option<Waiting>, Error> {
    let Some(row) = tx.find(FIND_IMPORT, &[&id, &account])? else {
        return Ok(None);
    };
    Ok(Some(Waiting {
        year: row.int("fiscal_year")?,
        file_name: row.text("file_name")?,
        filed: row.text("filed")?,
        plan_digest: row.text("plan_digest")?,
        preview: row.opt_text("preview")?,
    }))
}

/// Keeps what the preview of a filed list shows.
pub(crate) fn set_preview(
    tx: &mut Tx<'_>,
    id: &str,
    plan_digest: &str,
    preview: &str,
) -> Result<(), Error> {
    tx.execute_one(SET_PREVIEW, &[&id, &plan_digest, &preview])
}

/// Forgets a filed list.
pub(crate) fn drop_import(tx: &mut Tx<'_>, id: &str) -> Result<(), Error> {
    tx.execute(DROP_IMPORT, &[&id]).map(drop)
}
