//! Comments of reviewers at single fields.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::{Action, Actor};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::Error;

use super::store::comment::{self as store, New};
use super::store::record::Record;
use super::{KIND, Stop, demanded, edit::anchor};
use crate::audit::{self, Change};
use crate::permission::demand;
use crate::serve::{App, Frame, Person, Signed, now_text};

/// Most letters of a comment.
const MOST_LETTERS: usize = 1_000;

/// Whether the actor may comment on the record now: it lies with a reviewer, and the actor is one
/// of its reviewers.
pub(super) fn may_comment(tx: &mut Tx<'_>, actor: &Actor, record: &Record) -> Result<bool, Stop> {
    let kind = RecordKind::PerformanceTarget;
    let is_under_review = kind
        .state(&record.state)
        .is_some_and(|state| kind.machine().is_review_step(state));
    if !is_under_review {
        return Ok(false);
    }
    match demand(tx, actor, Action::Review, KIND, &record.id) {
        Ok(_) => Ok(true),
        Err(crate::permission::Refused::Database(error)) => Err(error.into()),
        Err(_) => Ok(false),
    }
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    field: String,
    text: String,
}

/// `POST /targets/{id}/comments`
pub(super) async fn write(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(written): Signed<Written>,
) -> Result<Response, Error> {
    let text = written.text.trim().to_owned();
    let letters = text.chars().count();
    if letters == 0 || letters > MOST_LETTERS {
        return Err(Error::Refused(format!(
            "意见要有内容，最多 {MOST_LETTERS} 个字。请返回上一页修改后再提交。"
        )));
    }
    let comment_id = format!("c-{}", web::token::secret()?.get(..16).unwrap_or_default());
    let (now, back) = (now_text(), back_to(&id, frame.shell.year, &written.field));
    app.db
        .write(move |tx| -> Result<(), Stop> {
            let record = demanded(tx, &person.actor, Action::Review, &id)?;
            if !may_comment(tx, &person.actor, &record)? {
                return Err(Stop::Told(Error::Refused(
                    "这份目标现在不在审核环节，不能再加意见。请刷新页面，看看它到了哪一步。"
                        .to_owned(),
                )));
            }
            if record.target.content().find(&written.field).is_none() {
                return Err(Stop::Told(Error::Unreadable));
            }
            let new = New {
                id: &comment_id,
                region: &record.region_code,
                kind: KIND,
                record: &id,
                version: record.version,
                field: &written.field,
                text: &text,
                author: &person.account,
                at: &now,
            };
            store::insert(tx, &new)?;
            let after = serde_json::json!({"field": written.field, "text": text});
            let change = Change {
                actor: &person.login,
                action: "comment_written",
                record: (KIND, &id),
                before: None,
                after: Some(&after),
            };
            Ok(audit::append(tx, &record.region_code, &now, &change)?)
        })
        .await?;
    Ok(Redirect::to(&back).into_response())
}

fn back_to(id: &str, year: i64, field: &str) -> String {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_-/".contains(letter);
    if !field.is_empty() && field.chars().all(fits) {
        format!("/targets/{id}?year={year}#{}", anchor(field))
    } else {
        format!("/targets/{id}?year={year}")
    }
}

/// A form with a button and nothing else.
#[derive(Deserialize)]
pub(super) struct Pressed {}

/// `POST /targets/{id}/comments/{comment}/removal`
pub(super) async fn take_back(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((id, comment)): Path<(String, String)>,
    Signed(Pressed {}): Signed<Pressed>,
) -> Result<Response, Error> {
    let (now, back) = (now_text(), back_to(&id, frame.shell.year, ""));
    app.db
        .write(move |tx| -> Result<(), Stop> {
            let record = demanded(tx, &person.actor, Action::Review, &id)?;
            let key = (KIND, &*id, &*comment);
            let is_gone = may_comment(tx, &person.actor, &record)?
                && store::take_back(tx, key, &person.account, record.version)?;
            if !is_gone {
                return Err(Stop::Told(Error::Refused(
                    "只能撤销自己在这一步写的、还没有答复的意见。".to_owned(),
                )));
            }
            let before = serde_json::json!({ "comment": comment });
            let change = Change {
                actor: &person.login,
                action: "comment_taken_back",
                record: (KIND, &id),
                before: Some(&before),
                after: None,
            };
            Ok(audit::append(tx, &record.region_code, &now, &change)?)
        })
        .await?;
    Ok(Redirect::to(&back).into_response())
}
