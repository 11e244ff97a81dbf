//! What the buttons of the edit page do.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::advice::advise;
use domain::permission::Action;
use domain::rulepack::RulePack;
use domain::rulepack::target_form::TargetForm;
use domain::target::{Problem, Target, problems, tidied};
use domain::workflow::Refusal;
use web::Error;
use web::query::Query;

use super::coach;
use super::conflict::{self, Conflict};
use super::edit::{self, Editing, Said};
use super::store::record::{self, Edit, Record};
use super::store::{comment, draft as drafts, origin, past};
use super::typed::{self, Order, Typed, rearrange, settle_keys};
use super::{KIND, Stop, demanded, draft, event, versions};
use crate::audit::{self, Change};
use crate::serve::{App, LateFrame, Person, Signed, now_text, text_after};
use crate::workflow;

/// Most letters of an answer to a comment.
const MOST_ANSWER_LETTERS: usize = 1_000;

/// What came of it.
enum Outcome {
    /// It is kept; the page is opened anew.
    Kept {
        /// Whether it was saved, and not just put aside.
        is_saved: bool,
    },
    /// The page again, with what was typed.
    Again(Box<Editing>),
    /// Somebody saved another version meanwhile.
    Conflict(Box<Conflict>),
}

/// `POST /targets/{id}/edit`
pub(super) async fn save(
    State(app): State<App>,
    late: LateFrame,
    person: Person,
    Path(id): Path<String>,
    Signed(fields): Signed<BTreeMap<String, String>>,
) -> Result<Response, Error> {
    let typed = typed::read(&fields)?;
    let (now, since) = (now_text(), text_after(-draft::PRESENT_SECONDS));
    let (path, year) = (format!("/targets/{id}/edit"), late.year());
    let back = move |saved| {
        Query::new()
            .with("year", year)
            .with("saved", saved)
            .at(&path)
    };
    let outcome = app
        .db
        .write(move |tx| act(tx, &person, &id, &typed, (&now, &since)))
        .await?;
    // Only a page that is shown needs a frame.
    match outcome {
        Outcome::Kept { is_saved } => {
            let to = back(if is_saved { "1" } else { "" });
            Ok(Redirect::to(&to).into_response())
        }
        Outcome::Conflict(conflict) => conflict::page(late.read(&app).await?.shell, *conflict),
        Outcome::Again(editing) => {
            let status = if editing.problems.is_empty() {
                StatusCode::OK
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            edit::page(late.read(&app).await?.shell, *editing, status)
        }
    }
}

fn act(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    typed: &Typed,
    moment: (&str, &str),
) -> Result<Outcome, Stop> {
    let record = demanded(tx, &person.actor, Action::Fill, id)?;
    let standing = super::demand_standing(tx, &person.actor, &record, moment.0)?;
    let pack = standing.pack;
    let desk = draft::desk(&record, person);
    if typed.order == Order::Drop {
        drafts::forget(tx, desk)?;
        return Ok(Outcome::Kept { is_saved: false });
    }
    let started = typed.started.unwrap_or(typed.version);
    let base = versions::at(tx, &record, started)?;
    let mut target = typed.target.clone().fitted(record.form);
    let known = versions::target(base.as_ref());
    settle_keys(&mut target, &[&record.target, &known]);
    let moved = typed::moved(record.form, &target, typed);
    if rearrange(record.form, &mut target, typed) {
        draft::keep_in(tx, desk, typed.version, &target, moment.0)?;
        let mut outcome = again(tx, person, (record, pack), typed, target, moment.1)?;
        if let Outcome::Again(editing) = &mut outcome {
            editing.moved = moved;
        }
        return Ok(outcome);
    }
    if let Order::Adopt { rule, row, cell } = typed.order {
        let context = past::context(tx, &record)?;
        let advice = advise(pack, &target, &context);
        let target = coach::follow(&target, &advice, rule, (row, cell));
        draft::keep_in(tx, desk, typed.version, &target, moment.0)?;
        return again(tx, person, (record, pack), typed, target, moment.1);
    }
    let target = tidied(&target).settled(record.form);
    // Its way may have gone on without a word of it being changed.
    let is_same = base.as_ref() == Some(&record.target.content());
    if typed.order == Order::Merge || !is_same {
        // Nothing typed is lost, whatever becomes of this page.
        draft::keep_in(tx, desk, started, &target, moment.0)?;
        let is_read = typed.order == Order::Merge && typed.version == record.version;
        let conflict = Conflict::new(tx, (record, base, started), target, typed.taken.clone())?;
        return merged(tx, conflict, person, is_read, moment.0);
    }
    if !flaws(record.form, typed, &target).is_empty() {
        draft::keep_in(tx, desk, typed.version, &target, moment.0)?;
        return again(tx, person, (record, pack), typed, target, moment.1);
    }
    write(tx, person, (&record, &standing), target, typed, moment)?;
    Ok(Outcome::Kept { is_saved: true })
}

/// Puts both sides' changes where the form finds them, if this very page was read and everything
/// chosen; the page again if not.
fn merged(
    tx: &mut Tx<'_>,
    mut conflict: Conflict,
    person: &Person,
    is_read: bool,
    now: &str,
) -> Result<Outcome, Stop> {
    if !is_read || !conflict.merge.open.is_empty() {
        conflict.is_unchosen = is_read;
        return Ok(Outcome::Conflict(Box::new(conflict)));
    }
    let record = &conflict.record;
    let mut target = Target::of(&conflict.merge.content).fitted(record.form);
    settle_keys(&mut target, &[&record.target]);
    draft::keep_in(
        tx,
        draft::desk(record, person),
        record.version,
        &target,
        now,
    )?;
    Ok(Outcome::Kept { is_saved: false })
}

/// Why what was typed cannot be saved.
fn flaws(form: &TargetForm, typed: &Typed, target: &Target) -> Vec<Problem> {
    let mut flaws = problems(form, target);
    let too_long = |answer: &&String| answer.chars().count() > MOST_ANSWER_LETTERS;
    if typed.answers.values().any(|answer| too_long(&answer)) {
        flaws.push(Problem {
            path: "indicators".to_owned(),
            sentence: format!("对意见的答复最多 {MOST_ANSWER_LETTERS} 个字，请精简"),
        });
    }
    flaws
}

fn again(
    tx: &mut Tx<'_>,
    person: &Person,
    (record, pack): (Record, &'static RulePack),
    typed: &Typed,
    target: Target,
    since: &str,
) -> Result<Outcome, Stop> {
    let desk = draft::desk(&record, person);
    let problems = match typed.order {
        Order::Save => flaws(record.form, typed, &target),
        _ => Vec::new(),
    };
    let said = (!problems.is_empty()).then(|| Said {
        is_good: false,
        sentence: format!(
            "还没有保存：有 {} 处无法保存，请改正标红的地方，再按「保存」。",
            problems.len()
        ),
    });
    Ok(Outcome::Again(Box::new(Editing {
        version: typed.version,
        comments: comment::all(tx, KIND, &record.id)?,
        others: drafts::others(tx, desk, since)?,
        problems,
        said,
        moved: None,
        is_unsaved: true,
        pack,
        context: past::full_context(tx, pack, &record, &target)?,
        record,
        target,
    })))
}

/// Writes what was typed, the answers to comments, and the events that tell of it.
pub(super) fn write(
    tx: &mut Tx<'_>,
    person: &Person,
    (record, standing): (&Record, &workflow::Read),
    mut target: Target,
    typed: &Typed,
    (now, since): (&str, &str),
) -> Result<(), Stop> {
    origin::settle(tx, &record.region_code, &mut target)?;
    let last_row_key = target.number_rows(record.last_row_key);
    let (before, mut after, count) = event::difference(&record.target.content(), &target.content());
    if count > 0 {
        let edit = Edit {
            account: Some(&person.account),
            at: now,
            last_row_key,
        };
        record::save(tx, record.before(), &target, &edit)
            .map_err(|error| unsaved(error, record))?;
        let desk = draft::desk(record, person);
        versions::keep(tx, record, &target.content(), (desk, now))?;
        workflow::note_filler(tx, standing, &person.actor, now)?;
    }
    let desk = draft::desk(record, person);
    drafts::forget(tx, desk)?;
    drafts::leave(tx, desk, since)?;
    let answered = answer_comments(tx, person, &record.id, typed, now)?;
    for given in &answered {
        let change = change(person, record, "comment_answered", None, Some(given));
        audit::append(tx, &record.region_code, now, &change)?;
    }
    if count > 0 {
        if let Some(fields) = after.as_object_mut() {
            fields.insert("version".to_owned(), (record.version + 1).into());
        }
        let change = change(person, record, "target_saved", Some(&before), Some(&after));
        audit::append(tx, &record.region_code, now, &change)?;
    }
    Ok(())
}

fn change<'a>(
    person: &'a Person,
    record: &'a Record,
    action: &'a str,
    before: Option<&'a serde_json::Value>,
    after: Option<&'a serde_json::Value>,
) -> Change<'a> {
    Change {
        actor: &person.login,
        action,
        record: (KIND, &record.id),
        before,
        after,
    }
}

fn unsaved(error: db::Error, record: &Record) -> Stop {
    let version = u64::try_from(record.version).unwrap_or_default();
    match error {
        db::Error::Reference(_) => Stop::Told(Error::Refused(
            "删除的指标已有监控或自评记录，不能删除。请返回上一页，恢复这一行；不再考核的可以把权重\
             调给其他指标。"
                .to_owned(),
        )),
        // Between reading and writing somebody was quicker.
        db::Error::Touched { .. } => Stop::from(workflow::Error::Refused(Refusal::Stale {
            seen: version,
            current: version.saturating_add(1),
        })),
        other => Stop::Database(other),
    }
}

/// Writes the answers; what each event says of it.
fn answer_comments(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    typed: &Typed,
    now: &str,
) -> Result<Vec<serde_json::Value>, Stop> {
    let mut given = Vec::new();
    for open in comment::all(tx, KIND, id)? {
        let text = typed.answers.get(&open.id).map_or("", |text| text.trim());
        let is_done = typed.done.contains(&open.id);
        if open.done.is_some() || (text.is_empty() && !is_done) {
            continue;
        }
        if comment::answer(tx, (KIND, id, &open.id), text, (&person.account, now))? {
            given.push(serde_json::json!({"field": open.field, "answer": text}));
        }
    }
    Ok(given)
}
