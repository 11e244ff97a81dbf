//! The part of a record's page that shows what is attached, and the page of it alone.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use db::Tx;
use domain::attachment::{Type, types};
use domain::permission::Actor;
use domain::workflow::RecordKind;
use office::media::Media;
use serde::Deserialize;
use web::{Error, Shell};

use super::store::{self, Attachment, Scan};
use super::{rights, size, taken};
use crate::notice::minute;
use crate::permission::Refused;
use crate::serve::{App, Frame, now_text};
use crate::workflow;

/// A file as the list prints it.
struct Line {
    id: String,
    name: String,
    type_label: &'static str,
    /// What it is attached to, where the list is of several records.
    kind_label: &'static str,
    media_label: &'static str,
    size: String,
    digest: String,
    by: String,
    at: String,
    scan: Scan,
    scan_text: String,
}

impl Line {
    fn new(kept: Attachment) -> Self {
        Self {
            type_label: Type::find(&kept.type_name).map_or("", Type::label),
            kind_label: RecordKind::find(&kept.kind).map_or("", RecordKind::label),
            media_label: Media::find(&kept.media_type).map_or("", Media::label),
            size: size(kept.size),
            at: minute(&kept.uploaded_at),
            by: kept.uploaded_by,
            id: kept.id,
            name: kept.name,
            digest: kept.digest,
            scan: kept.scan,
            scan_text: kept.scan_text,
        }
    }

    fn is_open(&self) -> bool {
        self.scan.is_open()
    }

    fn is_infected(&self) -> bool {
        self.scan == Scan::Infected
    }
}

/// A type that can be chosen.
struct Choice {
    name: &'static str,
    label: &'static str,
    is_required: bool,
    hint: String,
}

/// What is attached to a record, with the form that attaches more: `{{ attachments }}` in the
/// template of a record's page.
#[derive(Template)]
#[template(path = "attachment/part.html")]
pub(crate) struct Part {
    kind: String,
    id: String,
    form_token: String,
    /// Where the form leads back to.
    back: String,
    lines: Vec<Line>,
    choices: Vec<Choice>,
    /// The types that are required and missing.
    missing: Vec<&'static str>,
    may_change: bool,
    /// Why nothing can be changed, in words.
    why_not: String,
    refusals: Vec<String>,
    chosen: String,
    most_mb: usize,
    file_mb: u32,
}

impl HtmlSafe for Part {}

impl Part {
    fn address(&self) -> String {
        address(&self.kind, &self.id)
    }

    /// The record's page.
    fn record(&self) -> String {
        let own = self.address();
        own.trim_end_matches("/attachments").to_owned()
    }
}

/// The attachments of a record that the actor may see, as a part of a page at `back`.
///
/// # Errors
/// There is no such record or the actor may not know of it; the database fails.
pub(crate) fn part(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (kind, id): (&str, &str),
    form_token: &str,
    back: &str,
) -> Result<Part, Refused> {
    let known = rights::see(tx, actor, kind, id)?;
    let (may_change, why_not) = match rights::change(tx, actor, (kind, id), &now_text()) {
        Ok(_) => (true, String::new()),
        Err(Refused::Forbidden(reason)) => (false, reason),
        Err(other) => return Err(other),
    };
    let lines: Vec<Line> = store::of_record(tx, kind, id)?
        .into_iter()
        .map(Line::new)
        .collect();
    let required = required(tx, (known, id))?;
    let choices: Vec<Choice> = types(known)
        .iter()
        .map(|it| choice(*it, required.contains(it)))
        .collect();
    let is_missing = |it: &&Choice| {
        let is_there = |line: &Line| line.type_label == it.label && line.is_open();
        it.is_required && !lines.iter().any(is_there)
    };
    Ok(Part {
        missing: choices
            .iter()
            .filter(is_missing)
            .map(|it| it.label)
            .collect(),
        file_mb: types(known)
            .iter()
            .map(|it| it.most_mb())
            .max()
            .unwrap_or(0),
        most_mb: web::guard::MOST_BYTES >> 20,
        kind: kind.to_owned(),
        id: id.to_owned(),
        form_token: form_token.to_owned(),
        back: back.to_owned(),
        lines,
        choices,
        may_change,
        why_not,
        refusals: Vec::new(),
        chosen: String::new(),
    })
}

/// What must be attached before the record is sent, as its rule pack has it.
fn required(tx: &mut Tx<'_>, (kind, id): (RecordKind, &str)) -> Result<Vec<Type>, Refused> {
    let read = workflow::read(tx, kind, id, &now_text()).map_err(rights::refused)?;
    Ok(read.pack.attachments.required(kind))
}

fn choice(wanted: Type, is_required: bool) -> Choice {
    Choice {
        name: wanted.name(),
        label: wanted.label(),
        is_required,
        hint: format!("{}；不超过 {} MB", taken(wanted), wanted.most_mb()),
    }
}

/// What is attached to any record of an object: a list to read, for the object's page.
#[derive(Template)]
#[template(path = "attachment/of_object.html")]
pub(crate) struct OfObject {
    lines: Vec<Line>,
}

impl HtmlSafe for OfObject {}

/// The attachments of those records of the object that the actor may see.
///
/// # Errors
/// The database fails.
pub(crate) fn of_object(
    tx: &mut Tx<'_>,
    actor: &Actor,
    object: &str,
) -> Result<OfObject, db::Error> {
    let mut lines = Vec::new();
    for kept in store::of_object(tx, object)? {
        match rights::see(tx, actor, &kept.kind, &kept.record) {
            Ok(_) => lines.push(Line::new(kept)),
            Err(Refused::Database(error)) => return Err(error),
            Err(Refused::NotFound | Refused::Forbidden(_)) => {}
        }
    }
    Ok(OfObject { lines })
}

#[derive(Template)]
#[template(path = "attachment/page.html")]
struct AttachmentsPage {
    shell: Shell,
    kind_label: &'static str,
    part: Part,
    done: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    done: String,
}

/// `GET /records/{kind}/{id}/attachments`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path((kind, id)): Path<(String, String)>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    page(&app, frame, (kind, id), Refusals::default(), chosen.done).await
}

/// What was refused of an upload.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    pub(super) sentences: Vec<String>,
    /// The type that was chosen.
    pub(super) chosen: String,
}

/// The page of a record's attachments alone.
pub(super) async fn page(
    app: &App,
    frame: Frame,
    (kind, id): (String, String),
    refusals: Refusals,
    done: String,
) -> Result<Response, Error> {
    let (actor, token) = (frame.actor.clone(), frame.shell.form_token.clone());
    let kind_label = RecordKind::find(&kind).map_or("", RecordKind::label);
    let part = app
        .db
        .read(move |tx| {
            let back = address(&kind, &id);
            part(tx, &actor, (&kind, &id), &token, &back)
        })
        .await?;
    web::page(&AttachmentsPage {
        kind_label,
        part: Part {
            refusals: refusals.sentences,
            chosen: refusals.chosen,
            ..part
        },
        done,
        shell: frame.shell.at("/objects"),
    })
}

/// Where a record's attachments are shown.
pub(super) fn address(kind: &str, id: &str) -> String {
    let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
    format!("/records/{kind}/{id}/attachments")
}
