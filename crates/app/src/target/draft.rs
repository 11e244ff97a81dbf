//! Keeps what is being typed, and tells who else has the form open.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::permission::Action;
use domain::rulepack::RulePack;
use domain::target::{Target, problems};
use web::Error;

use super::coach::{self, Coach, Pieces};
use super::notes::{Found, Notes};
use super::store::draft::{self as store, Desk, Draft};
use super::store::past;
use super::store::record::Record;
use super::{KIND, Stop, demanded, typed, versions, words};
use crate::serve::{App, Person, Signed, now_text, text_after};

/// How long after its last sign of life a form counts as open, in seconds: three signs may get
/// lost.
pub(super) const PRESENT_SECONDS: i64 = 50;

/// The person's place at this form.
pub(super) fn desk<'a>(record: &'a Record, person: &'a Person) -> Desk<'a> {
    Desk {
        kind: KIND,
        id: &record.id,
        account: &person.account,
        region: &record.region_code,
    }
}

/// Keeps what was typed.
pub(super) fn keep_in(
    tx: &mut Tx<'_>,
    desk: Desk<'_>,
    version: i64,
    target: &Target,
    now: &str,
) -> Result<(), Stop> {
    let draft = Draft {
        version,
        body: target.content().to_text()?,
        saved_at: now.to_owned(),
    };
    Ok(store::save(tx, desk, &draft)?)
}

/// The advice on what is being typed. What the saved record is told anyway stands on the page.
fn pieces(
    tx: &mut Tx<'_>,
    pack: &RulePack,
    record: &Record,
    target: &Target,
) -> Result<Pieces, Stop> {
    let context = past::full_context(tx, pack, record, target)?;
    let advice = coach::advise(pack, record, target, &context);
    let coach = Coach::new(target, &advice).reached(&record.id, target, &context);
    let pieces = coach.pieces();
    pieces.map_err(|error| Stop::Told(Error::internal(&error)))
}

/// What must be mended in what is being typed, as the page says it.
fn found_in(pack: &RulePack, record: &Record, target: &Target) -> Result<Found, Stop> {
    let typed = Record {
        target: target.clone(),
        ..record.clone()
    };
    let notes = Notes::of(pack, &typed, &problems(record.form, target));
    let found = notes.found();
    found.map_err(|error| Stop::Told(Error::internal(&error)))
}

/// `POST /targets/{id}/draft`: with the whole form it is kept; with the version alone the page only
/// says that it is open.
pub(super) async fn keep(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let mut typed = typed::read(&fields)?;
    let is_whole = fields.contains_key("goal");
    let (now, since) = (now_text(), text_after(-PRESENT_SECONDS));
    let at = words::moment(&now);
    let answer = app
        .db
        .write(move |tx| -> Result<_, Stop> {
            let record = demanded(tx, &person.actor, Action::Fill, &id)?;
            let Some(pack) = super::may_edit(tx, &person.actor, &record, &now)? else {
                return Ok(serde_json::json!({ "closed": true }));
            };
            let (mut coach, mut found) = (None, None);
            let desk = desk(&record, &person);
            store::be_present(tx, desk, &now)?;
            let is_newer = record.version != typed.version;
            if is_whole {
                let base = versions::at(tx, &record, typed.version)?;
                let base = versions::target(base.as_ref());
                typed.target = typed.target.clone().fitted(record.form);
                typed::settle_keys(&mut typed.target, &[&record.target, &base]);
                keep_in(tx, desk, typed.version, &typed.target, &now)?;
                coach = Some(pieces(tx, pack, &record, &typed.target)?);
                found = Some(found_in(pack, &record, &typed.target)?);
            }
            let editor = record.edited.as_ref().map_or("他人", |(name, _)| name);
            Ok(serde_json::json!({
                "kept": is_whole.then_some(&at),
                "others": store::others(tx, desk, &since)?,
                "newer": is_newer.then_some(editor),
                "advice": coach,
                "found": found,
            }))
        })
        .await?;
    Ok(Json(answer).into_response())
}
