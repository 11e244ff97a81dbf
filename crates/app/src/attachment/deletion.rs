//! Takes an attachment away, after asking once.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::attachment::Type;
use domain::permission::Actor;
use serde::Deserialize;
use web::{Error, Shell};

use super::part::address;
use super::store::{self, Attachment};
use super::{rights, size};
use crate::audit::{self, Change};
use crate::notice::minute;
use crate::permission::Refused;
use crate::serve::{App, Frame, Person, Signed, now_text};

#[derive(Template)]
#[template(path = "attachment/deletion.html")]
struct DeletionPage {
    shell: Shell,
    id: String,
    name: String,
    type_label: &'static str,
    size: String,
    by: String,
    at: String,
    back: String,
}

/// The attachment, if the actor may take it away now.
fn changeable(tx: &mut Tx<'_>, actor: &Actor, id: &str, now: &str) -> Result<Attachment, Refused> {
    let kept = store::find(tx, id)?.ok_or(Refused::NotFound)?;
    rights::change(tx, actor, (&kept.kind, &kept.record), now)?;
    Ok(kept)
}

/// `GET /attachments/{id}/deletion`
pub(super) async fn ask(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let actor = frame.actor.clone();
    let kept = app
        .db
        .read(move |tx| changeable(tx, &actor, &id, &now_text()))
        .await?;
    web::page(&DeletionPage {
        type_label: Type::find(&kept.type_name).map_or("", Type::label),
        size: size(kept.size),
        at: minute(&kept.uploaded_at),
        back: address(&kept.kind, &kept.record),
        by: kept.uploaded_by,
        id: kept.id,
        name: kept.name,
        shell: frame.shell.at("/objects"),
    })
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /attachments/{id}/deletion`
pub(super) async fn delete(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let now = now_text();
    let kept = app
        .db
        .write(move |tx| {
            let kept = changeable(tx, &person.actor, &id, &now)?;
            store::delete(tx, &kept.id)?;
            rights::changed(tx, &person.actor, (&kept.kind, &kept.record), &now)?;
            let before = serde_json::json!({
                "name": kept.name, "type": kept.type_name, "digest": kept.digest,
            });
            let change = Change {
                actor: &person.login,
                action: "attachment_deleted",
                record: (&kept.kind, &kept.record),
                before: Some(&before),
                after: None,
            };
            audit::append(tx, &kept.region, &now, &change)?;
            Ok::<_, Refused>(kept)
        })
        .await?;
    let back = address(&kept.kind, &kept.record);
    Ok(Redirect::to(&format!("{back}?done=deleted")).into_response())
}
