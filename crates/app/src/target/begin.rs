//! Begins a target for an object and a year.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::Action;
use domain::target::{Row, Target};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::copies::origin_of;
use super::store::record::{self, Beginning, Edit, Object};
use super::{KIND, Stop, versions, words};
use crate::audit::{self, Change};
use crate::organisation::store::year;
use crate::permission::{Refused, demand};
use crate::serve::{App, Frame, Person, Signed, now_text};
use crate::workflow;

/// Years for which a target can be begun, before and after the year that pages show: three years
/// are alive at once.
const YEARS_AROUND: i64 = 2;

#[derive(Deserialize)]
pub(super) struct Asked {
    object: Option<String>,
    /// Where the money comes from, as the library's link proposes it.
    #[serde(default)]
    origin: String,
    /// The year that the library's link proposes.
    #[serde(default, rename = "for")]
    year: String,
}

#[derive(Template)]
#[template(path = "target/begin.html")]
struct BeginPage {
    shell: Shell,
    object: Object,
    years: Vec<i64>,
    /// The year that is proposed.
    year: i64,
    /// Where the money comes from, as it is proposed.
    origin: String,
    /// What a copy would be made of.
    last: Option<(i64, i64)>,
}

/// `GET /targets?object=…`
pub(super) async fn form(
    State(app): State<App>,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let id = asked.object.ok_or(Error::NotFound)?;
    let (actor, region) = (frame.actor, frame.region_code);
    let year = frame.shell.year + 1;
    let proposed = asked.year.parse().unwrap_or(year);
    let (object, last) = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            demand(tx, &actor, Action::Fill, "managed_object", &id)?;
            let object = record::object(tx, &id, &region)?.ok_or(Refused::NotFound)?;
            let last = record::last(tx, &id, i64::from(i32::MAX))?;
            Ok((object, last))
        })
        .await?;
    web::page(&BeginPage {
        years: (year - YEARS_AROUND..=year + 1).rev().collect(),
        shell: frame.shell.at("/objects"),
        object,
        year: proposed,
        origin: asked.origin,
        last: last.map(|last| (last.year, last.edition)),
    })
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    object: String,
    year: String,
    origin: String,
    copy: String,
}

/// `POST /targets`
pub(super) async fn begin(
    State(app): State<App>,
    person: Person,
    Signed(wanted): Signed<Wanted>,
) -> Result<Response, Error> {
    let is_known = ["initial", "supplement", "transfer_from_above"].contains(&&*wanted.origin)
        && ["last", "empty"].contains(&&*wanted.copy);
    // The whole form arrives as texts.
    let year = wanted.year.parse().ok();
    let year = year.filter(|year| (1990..=2100).contains(year));
    let Some(year) = year.filter(|_| is_known) else {
        return Err(Error::Unreadable);
    };
    let id = format!("t-{}", web::token::secret()?.get(..16).unwrap_or_default());
    let now = now_text();
    let id = app
        .db
        .write(move |tx| begin_in(tx, &person, (&wanted, year), &id, &now))
        .await?;
    Ok(Redirect::to(&format!("/targets/{id}/edit?year={year}")).into_response())
}

/// The id of the edition: the new one, or the one that is still being filled.
fn begin_in(
    tx: &mut Tx<'_>,
    person: &Person,
    (wanted, year): (&Wanted, i64),
    id: &str,
    now: &str,
) -> Result<String, Stop> {
    let subject = demand(
        tx,
        &person.actor,
        Action::Fill,
        "managed_object",
        &wanted.object,
    )?;
    record::lock_object(tx, &wanted.object, &subject.region)?;
    let editions = record::editions(tx, &wanted.object, year)?;
    match editions.first() {
        Some((open, state, _)) if ["draft", "returned"].contains(&&**state) => {
            return Ok(open.clone());
        }
        Some((_, state, _)) if !["cancelled", "rejected"].contains(&&**state) => {
            let kind = RecordKind::PerformanceTarget;
            return Err(Stop::Told(Error::Refused(format!(
                "{} 年的绩效目标已经有一份，现在是「{}」，不能再编一份。需要修改请在原来那份上撤回、\
                 退回或发起调整。",
                year,
                words::state(kind, state)
            ))));
        }
        _ => {}
    }
    let pack = workflow::place_pack(tx)?;
    let object = record::object(tx, &wanted.object, &subject.region)?.ok_or(Refused::NotFound)?;
    let form = pack.target_forms.applying(&object.kind, &wanted.origin);
    let form = form.ok_or_else(|| Stop::Told(Error::internal(&"no form applies")))?;
    let mut target = start(tx, wanted, year)?.fitted(form);
    let last_row_key = begun_with(&mut target);
    let beginning = Beginning {
        form,
        pack: &format!("{}@{}", pack.id, pack.version),
        id,
        region: &subject.region,
        object: &wanted.object,
        year,
        edition: editions.first().map_or(1, |(_, _, edition)| edition + 1),
        origin: &wanted.origin,
        target: &target,
    };
    let edit = Edit {
        account: Some(&person.account),
        at: now,
        last_row_key,
    };
    year::open_next(tx, &subject.region, year, now)?;
    record::begin(tx, &beginning, &edit)?;
    versions::begin(tx, &beginning, &edit)?;
    workflow::edited(tx, RecordKind::PerformanceTarget, id, &person.actor, now)?;
    let after = serde_json::json!({
        "year": year, "edition": beginning.edition, "object": wanted.object,
        "rows": target.rows.len(), "form": form.id,
    });
    let change = Change {
        actor: &person.login,
        action: "target_begun",
        record: (KIND, id),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, &subject.region, now, &change)?;
    Ok(id.to_owned())
}

/// The target, each of its rows with where a copy of it comes from.
fn with_origins(mut target: Target, id: &str) -> Target {
    for row in &mut target.rows {
        row.origin = origin_of(id, row);
    }
    target
}

/// Begins an empty target for money that is added to a project, unless the project has one of the
/// year that is alive or was refused: whether it was begun. Nobody has filled it yet, so nobody is
/// kept from reviewing it.
///
/// # Errors
/// The database fails.
pub(crate) fn begin_for_money(
    tx: &mut Tx<'_>,
    (object, year): (&str, i64),
    origin: &str,
    now: &str,
) -> Result<bool, db::Error> {
    let editions = record::editions(tx, object, year)?;
    let is_gone = |state: &str| ["cancelled", "superseded"].contains(&state);
    if !editions.iter().all(|(_, state, _)| is_gone(state)) {
        return Ok(false);
    }
    let edition = editions.first().map_or(1, |(_, _, edition)| edition + 1);
    let id = format!("t-{object}-{year}-{edition}");
    let pack = workflow::place_pack(tx)?;
    // Money is added to projects alone.
    let form = pack.target_forms.applying("project", origin);
    let form = form.map_or("", |form| &form.id);
    let pack = format!("{}@{}", pack.id, pack.version);
    record::begin_empty(tx, (&id, object), (year, edition), (origin, form, &pack))?;
    workflow::refresh(tx, RecordKind::PerformanceTarget, &id, now)?;
    Ok(true)
}

/// What the new edition begins with: a copy of the last one, if that is wanted.
fn start(tx: &mut Tx<'_>, wanted: &Wanted, year: i64) -> Result<Target, Stop> {
    if wanted.copy != "last" {
        return Ok(Target::default());
    }
    let last = record::last(tx, &wanted.object, year)?;
    let copy = last.map(|last| with_origins(last.target, &last.id));
    Ok(copy.unwrap_or_default())
}

/// Rows keep the numbers that they have; the last number.
fn begun_with(target: &mut Target) -> i64 {
    let key = |key: &String| key.parse().unwrap_or(0);
    let rows = target.rows.iter().map(|row: &Row| key(&row.key)).max();
    let lines = target.all_lines_mut().map(|line| key(&line.key)).max();
    target.number_rows(rows.max(lines).unwrap_or(0))
}
