//! 字段批注: comments on single fields, and their answers.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::permission::{Action, Actor, decide};
use domain::workflow::{Command, Offer, RecordKind, Refusal, Verb};
use serde_json::json;
use web::Error;

use super::fields::Fields;
use super::store::comment::{self as store, NewComment};
use super::store::row;
use super::{Error as Refused, page, view};
use crate::audit;
use crate::serve::{App, Frame, Person, Signed, now_text};

/// Most comments that go with one return.
const MOST_AT_ONCE: usize = 50;

/// Whether somebody with these offers may comment on fields: whoever could return the record.
pub(super) fn may_comment(offers: &[Offer]) -> bool {
    let judges = |offer: &&Offer| matches!(offer.verb, Verb::Return | Verb::Approve);
    offers
        .iter()
        .filter(judges)
        .any(|offer| offer.answer.is_ok())
}

/// What is said of one field: its path and the text.
pub(super) type Remark = (String, String);

/// The comments that a form brings: each field with its text.
///
/// # Errors
/// There are too many, or one is too long.
pub(super) fn remarks(fields: &Fields) -> Result<Vec<Remark>, Error> {
    let pairs = fields.column("field").zip(fields.column("text"));
    let mut remarks = Vec::new();
    for (field, text) in pairs {
        let text = text.trim();
        if text.chars().count() > 500 {
            let sentence = "一条批注最多 500 字，请分成几条写。";
            return Err(Error::Refused(sentence.to_owned()));
        }
        if !text.is_empty() {
            remarks.push((field.to_owned(), text.to_owned()));
        }
    }
    if remarks.len() > MOST_AT_ONCE {
        return Err(Error::Unreadable);
    }
    Ok(remarks)
}

/// Writes the comments that go with a return.
///
/// # Errors
/// A field is not one of the record's, or the database fails.
pub(super) fn add_all(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    command: &Command,
    remarks: &[Remark],
    (actor, login): (&Actor, &str),
    now: &str,
) -> Result<(), Refused> {
    if command.order.verb() != Verb::Return {
        return Ok(());
    }
    for (number, remark) in (1..).zip(remarks) {
        let key = format!("{}-{number}", command.key);
        let new = NewComment {
            id: &key,
            round: i64::try_from(command.version).unwrap_or(i64::MAX),
            field: &remark.0,
            text: &remark.1,
        };
        write(tx, (kind, id), &new, (actor, login), now)?;
    }
    Ok(())
}

fn write(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    new: &NewComment<'_>,
    (actor, login): (&Actor, &str),
    now: &str,
) -> Result<(), Refused> {
    let fields = view::commentable(kind, &row::all(tx, kind, id)?);
    let known = fields.iter().find(|(path, _)| path == new.field);
    let (_, name) = known.ok_or(Refused::NOT_FOUND)?;
    let place = (&*actor.region, kind.name(), id);
    // The same form sent twice writes its comments once.
    if !store::add(tx, place, new, (&actor.id.0, now))? {
        return Ok(());
    }
    let after = json!({"field": name, "text": new.text});
    let change = audit::Change {
        actor: login,
        action: "field_commented",
        record: (kind.name(), id),
        before: None,
        after: Some(&after),
    };
    Ok(audit::append(tx, &actor.region, now, &change)?)
}

fn back(kind: RecordKind, id: &str, year: i64) -> Response {
    let to = web::query::Query::new()
        .with("year", year.to_string())
        .at(&page::address(kind, id));
    Redirect::to(&format!("{to}#comments")).into_response()
}

/// `POST /records/{kind}/{id}/comments`
pub(super) async fn add(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((kind, id)): Path<(String, String)>,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    let kind = RecordKind::find(&kind).ok_or(Error::NotFound)?;
    fields.only(&["key", "field", "text"])?;
    let (key, now, record) = (fields.key()?, now_text(), id.clone());
    let remarks = remarks(&fields)?;
    if remarks.is_empty() {
        return Err(Error::Refused("请写批注的内容，再提交。".to_owned()));
    }
    app.db
        .write(move |tx| {
            let read = view::visible(tx, kind, &record, &person.actor, &now)?;
            if !may_comment(&view::offered(&read, &person.actor)) {
                let reason = "批注由正在审核这份表的人写，现在不由您审核。";
                return Err(Refusal::NotYours(reason.to_owned()).into());
            }
            for (number, (field, text)) in (1..).zip(&remarks) {
                let id = format!("{key}-{number}");
                let new = NewComment {
                    id: &id,
                    round: i64::try_from(read.standing.version).unwrap_or(i64::MAX),
                    field,
                    text,
                };
                write(
                    tx,
                    (kind, &record),
                    &new,
                    (&person.actor, &person.login),
                    &now,
                )?;
            }
            Ok::<_, Refused>(())
        })
        .await?;
    Ok(back(kind, &id, frame.shell.year))
}

/// `POST /records/{kind}/{id}/comments/{comment}/answer`
pub(super) async fn answer(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((kind, id, comment)): Path<(String, String, String)>,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    let kind = RecordKind::find(&kind).ok_or(Error::NotFound)?;
    fields.only(&["answer"])?;
    let text = fields.text("answer")?;
    if text.is_empty() {
        return Err(Error::Refused("请写答复，再提交。".to_owned()));
    }
    if comment.chars().any(char::is_control) {
        return Err(Error::NotFound);
    }
    let (now, record) = (now_text(), id.clone());
    app.db
        .write(move |tx| answered(tx, (kind, &record, &comment), &text, &person, &now))
        .await?;
    Ok(back(kind, &id, frame.shell.year))
}

fn answered(
    tx: &mut Tx<'_>,
    (kind, id, comment): (RecordKind, &str, &str),
    text: &str,
    person: &Person,
    now: &str,
) -> Result<(), Refused> {
    let actor = &person.actor;
    let read = view::visible(tx, kind, id, actor, now)?;
    let may = |action| decide(actor, action, &read.standing.subject);
    let decision = may(Action::Fill);
    if !decision.is_allowed() && !may(Action::Submit).is_allowed() {
        return Err(Refusal::NotYours(decision.reason().to_owned()).into());
    }
    let place = (kind.name(), id, comment);
    if !store::answer(tx, place, text, (&actor.id.0, now))? {
        return Err(Refused::NOT_FOUND);
    }
    let after = json!({"text": text});
    let change = audit::Change {
        actor: &person.login,
        action: "field_comment_answered",
        record: (kind.name(), id),
        before: None,
        after: Some(&after),
    };
    Ok(audit::append(tx, &actor.region, now, &change)?)
}
