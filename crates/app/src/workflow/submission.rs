//! The page of a submission's receipt, which prints as one sheet, and the same as a file that is
//! checked without the program.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::permission::Actor;
use domain::workflow::RecordKind;
use serde_json::json;
use web::{Error, Shell};

use super::receipt::{Checked, check, public_key_text};
use super::store::receipt::{self as store, Receipt};
use super::view;
use super::{Error as Refused, page};
use crate::serve::{App, Frame, now_text};

struct Shown {
    receipt: Receipt,
    checked: Checked,
    public_key: String,
    /// Whether the record has changed since.
    current_version: u64,
    kind: RecordKind,
}

impl Shown {
    fn record(&self) -> String {
        page::address(self.kind, &self.receipt.record_id)
    }
}

#[derive(Template)]
#[template(path = "workflow/submission.html")]
struct SubmissionPage {
    shell: Shell,
    shown: Shown,
}

async fn find(app: &App, number: String, actor: Actor) -> Result<Shown, Error> {
    if number.chars().any(char::is_control) {
        return Err(Error::NotFound);
    }
    let now = now_text();
    let shown = app
        .db
        .read(move |tx| read(tx, &number, &actor, &now))
        .await?;
    Ok(shown)
}

fn read(tx: &mut Tx<'_>, number: &str, actor: &Actor, now: &str) -> Result<Shown, Refused> {
    let receipt = store::find(tx, number)?.ok_or(Refused::NOT_FOUND)?;
    let kind = RecordKind::find(&receipt.record_kind).ok_or(Refused::NOT_FOUND)?;
    let record = view::visible(tx, kind, &receipt.record_id, actor, now)?;
    Ok(Shown {
        checked: check(tx, &receipt)?,
        public_key: public_key_text(tx, &receipt)?,
        current_version: record.standing.version,
        receipt,
        kind,
    })
}

/// `GET /submissions/{number}`: recomputes the digest and checks the seal each time.
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let shown = find(&app, number, frame.actor.clone()).await?;
    web::page(&SubmissionPage {
        shell: frame.shell.at("/objects"),
        shown,
    })
}

/// `GET /submissions/{number}/file`
pub(super) async fn file(
    State(app): State<App>,
    frame: Frame,
    Path(number): Path<String>,
) -> Result<Response, Error> {
    let shown = find(&app, number, frame.actor.clone()).await?;
    let receipt = &shown.receipt;
    let body = json!({
        "layout": "jixiao-submission-1",
        "number": receipt.number,
        "region_code": receipt.region_code,
        "record_kind": receipt.record_kind,
        "record_id": receipt.record_id,
        "record_version": receipt.record_version,
        "title": receipt.title,
        "person_name": receipt.person_name,
        "submitted_at": receipt.submitted_at,
        "content_digest": receipt.content_digest,
        "content": receipt.content,
        "seal": receipt.seal,
        "public_key": shown.public_key,
    });
    // The number has letters, digits and dashes alone.
    let name = format!("attachment; filename=\"{}.json\"", receipt.number);
    let headers = [
        (CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, body.to_string()).into_response())
}
