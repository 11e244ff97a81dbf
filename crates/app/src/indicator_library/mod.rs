//! 绩效指标库: common and sector indicators, kept in versions, searched, and taken into targets.

mod edit;
mod export;
pub(crate) mod import;
mod import_page;
mod list;
mod retire;
mod show;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use db::{IsConflict, Tx};
use domain::indicator_library::Entry;
use domain::permission::Action;
use web::Error;

use crate::audit::{self, Change};
use crate::serve::{Access, Person, Route};
use store::read;
use store::write;

/// The kind of record in events.
const KIND: &str = "indicator_library";

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    const VIEW: Access = Access::May(Action::View);
    const KEEP: Access = Access::May(Action::KeepIndicators);
    let (page, sample) = ("/indicator-library/{id}", "/indicator-library/l-1");
    vec![
        Route::new(
            "/indicator-library",
            "/indicator-library",
            VIEW,
            get(list::show),
        ),
        Route::new(
            "/indicator-library.xlsx",
            "/indicator-library.xlsx",
            VIEW,
            get(export::workbook),
        ),
        Route::new(
            "/indicator-library/new",
            "/indicator-library/new",
            KEEP,
            get(edit::begin).post(edit::make),
        ),
        Route::new(
            "/indicator-library/import",
            "/indicator-library/import",
            KEEP,
            // The guard around all routes limits the body, and each file has its own limit.
            get(import_page::form)
                .post(import_page::preview)
                .layer(DefaultBodyLimit::disable()),
        ),
        Route::new(
            "/indicator-library/common",
            "/indicator-library/common",
            KEEP,
            post(import_page::common),
        ),
        Route::new(
            "/indicator-library/import/{id}",
            "/indicator-library/import/x",
            KEEP,
            post(import_page::confirm),
        ),
        Route::new(page, sample, VIEW, get(show::show)),
        Route::new(
            "/indicator-library/{id}/change",
            "/indicator-library/l-1/change",
            KEEP,
            get(edit::form).post(edit::change),
        ),
        Route::new(
            "/indicator-library/{id}/retirement",
            "/indicator-library/l-1/retirement",
            KEEP,
            post(retire::retire),
        ),
    ]
}

/// Why a change of the library stops.
#[derive(Debug)]
enum Stop {
    /// What the person is told, and at which field.
    Field(&'static str, String),
    /// What the person is told.
    Told(Error),
    /// The database failed.
    Database(db::Error),
}

impl From<db::Error> for Stop {
    fn from(error: db::Error) -> Self {
        Self::Database(error)
    }
}

impl IsConflict for Stop {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_conflict())
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Field(_, sentence) => Self::Refused(sentence),
            Stop::Told(error) => error,
            Stop::Database(error) => error.into(),
        }
    }
}

/// Writes the next version of an indicator and the event that tells of it; its id.
fn put(
    tx: &mut Tx<'_>,
    (person, region, now): (&Person, &str, &str),
    (known, entry): (Option<&read::Kept>, &Entry),
    reason: &str,
) -> Result<String, Stop> {
    if let Some((field, sentence)) = entry.problems().into_iter().next() {
        return Err(Stop::Field(field, sentence));
    }
    let owner_unit = owner_unit(tx, region, &entry.owner)?;
    let successor = successor(tx, region, entry)?;
    let seen = known.map_or(0, |known| known.version);
    let id = match known {
        Some(known) => known.id.clone(),
        None if read::find_code(tx, region, &entry.code)?.is_some() => {
            let sentence = format!("编码“{}”已经有了，请换一个编码", entry.code);
            return Err(Stop::Field("code", sentence));
        }
        None => new_id(region, &entry.code),
    };
    let change = write::Change {
        id: &id,
        region,
        entry,
        owner_unit: owner_unit.as_deref(),
        successor: successor.as_deref(),
        reason,
        by: Some(&person.account),
        at: now,
    };
    let version = write::put(tx, &change, seen)?;
    let (before, after) = told(known.map(|known| &known.entry), entry, version);
    let event = Change {
        actor: &person.login,
        action: if seen == 0 {
            "indicator_made"
        } else {
            "indicator_changed"
        },
        record: (KIND, &entry.code),
        before: before.as_ref(),
        after: Some(&after),
    };
    audit::append(tx, region, now, &event)?;
    Ok(id)
}

/// Loads the common indicators as a part of a sample, whose event tells of it.
///
/// # Errors
/// The database fails.
pub(crate) fn load_common(tx: &mut Tx<'_>, region: &str, now: &str) -> Result<(), db::Error> {
    let plan = import::look(tx, region, import::common_list())?;
    import::write_rows(tx, region, (None, now), "程序自带", &plan)
}

/// An id that comes of the region and the code, so that a set that is loaded twice is the same.
pub(crate) fn new_id(region: &str, code: &str) -> String {
    let digest = web::token::digest(&format!("indicator/{region}/{code}"));
    format!("l-{}", digest.get(..20).unwrap_or_default())
}

fn owner_unit(tx: &mut Tx<'_>, region: &str, code: &str) -> Result<Option<String>, Stop> {
    if code.is_empty() {
        return Ok(None);
    }
    let units = read::units(tx, region)?;
    let found = units.into_iter().find(|(known, _)| known == code);
    let missing = || Stop::Field("owner", format!("没有编码为“{code}”的单位，请核对或留空"));
    found.map(|(_, id)| Some(id)).ok_or_else(missing)
}

fn successor(tx: &mut Tx<'_>, region: &str, entry: &Entry) -> Result<Option<String>, Stop> {
    let code = &*entry.successor;
    if code.is_empty() {
        return Ok(None);
    }
    let found = read::find_code(tx, region, code)?;
    let missing = || {
        let sentence = format!("指标库里没有“{code}”，请核对接替指标编码");
        Stop::Field("successor", sentence)
    };
    found.map(|found| Some(found.id)).ok_or_else(missing)
}

/// What an event says: the fields that differ, by their labels.
fn told(
    before: Option<&Entry>,
    after: &Entry,
    version: i64,
) -> (Option<serde_json::Value>, serde_json::Value) {
    let mut old = serde_json::Map::new();
    let mut new = serde_json::Map::new();
    let blank = Entry::default();
    let fields = before.unwrap_or(&blank).fields().into_iter();
    for ((_, label, before), (_, _, after)) in fields.zip(after.fields()) {
        if before != after {
            old.insert(label.to_owned(), before.into());
            new.insert(label.to_owned(), after.into());
        }
    }
    new.insert("version".to_owned(), version.into());
    (before.map(|_| old.into()), new.into())
}
