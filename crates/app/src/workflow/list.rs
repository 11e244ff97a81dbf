//! 批量办理: what the person holds, with check boxes, and one command for all that are chosen.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use db::Tx;
use domain::permission::Actor;
use domain::workflow::{RecordKind, Verb};
use serde::Deserialize;
use web::{Error, Shell};

use super::fields::Fields;
use super::run::run_in_batch;
use super::store::{item, record};
use super::view::minute;
use super::{Error as Refused, page, words};
use crate::serve::{App, Frame, Person, Signed, now_text};

/// Most records that are done at once. House rule: who signs more than a hundred at a time has not
/// read them.
const MOST_AT_ONCE: usize = 100;

/// What can be done to many records at once: what needs no one in particular.
const VERBS: [Verb; 6] = [
    Verb::Approve,
    Verb::Return,
    Verb::Submit,
    Verb::HandIn,
    Verb::Advance,
    Verb::Withdraw,
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    kind: String,
}

/// A held record.
struct Line {
    href: String,
    /// `kind:id:version`
    value: String,
    title: String,
    state: String,
    act: &'static str,
    unit: String,
    at: String,
    due_on: Option<String>,
    is_late: bool,
}

#[derive(Template)]
#[template(path = "workflow/list.html")]
struct ListPage {
    shell: Shell,
    kind: String,
    lines: Vec<Line>,
    outcomes: Vec<&'static str>,
    key: String,
}

/// `GET /records`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let kind = RecordKind::find(&chosen.kind);
    let (actor, now) = (frame.actor.clone(), now_text());
    let lines = app.db.read(move |tx| held(tx, &actor, kind, &now)).await?;
    let outcomes = kind
        .and_then(|kind| kind.machine().review)
        .map_or_else(Vec::new, |part| part.outcomes.to_vec());
    web::page(&ListPage {
        shell: frame.shell.at("/records"),
        kind: kind.map_or("", RecordKind::name).to_owned(),
        lines,
        outcomes,
        key: web::token::secret()?.chars().take(24).collect(),
    })
}

fn held(
    tx: &mut Tx<'_>,
    actor: &Actor,
    kind: Option<RecordKind>,
    now: &str,
) -> Result<Vec<Line>, db::Error> {
    let mut lines = Vec::new();
    for held in item::held_by(tx, actor, kind.map(RecordKind::name))? {
        let Some(kind) = RecordKind::find(&held.kind) else {
            continue;
        };
        let Some(facts) = record::facts(tx, kind, &held.id)? else {
            continue;
        };
        let is_late = held.due_on.as_deref().is_some_and(|due| due < &now[..10]);
        lines.push(Line {
            href: page::address(kind, &held.id),
            value: format!("{}:{}:{}", facts.version, kind.name(), held.id),
            title: held.title,
            state: words::state(kind, &held.state).to_owned(),
            act: Verb::find(&held.verb).map_or("", Verb::label),
            unit: held.unit,
            at: minute(&held.arrived_at),
            due_on: held.due_on,
            is_late,
        });
    }
    Ok(lines)
}

/// What came of one record.
struct Outcome {
    href: String,
    title: String,
    is_done: bool,
    text: String,
}

#[derive(Template)]
#[template(path = "workflow/batch.html")]
struct BatchPage {
    shell: Shell,
    verb: &'static str,
    outcomes: Vec<Outcome>,
    done: usize,
}

/// `POST /records/batch`: each record in a transaction and under a key of its own, so that one that
/// is refused stops no other.
pub(super) async fn batch(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    fields.only(&["key", "verb", "comment", "outcome", "to", "record"])?;
    let verb = Verb::find(fields.one("verb")).filter(|verb| VERBS.contains(verb));
    let verb = verb.ok_or(Error::Unreadable)?;
    let key = fields.key()?;
    let batch = key.clone();
    let chosen: Vec<&str> = fields.all("record").collect();
    if chosen.is_empty() {
        return Err(Error::Refused("请先勾选要办理的记录，再提交。".to_owned()));
    }
    if chosen.len() > MOST_AT_ONCE {
        return Err(Error::Refused(format!(
            "一次最多办理 {MOST_AT_ONCE} 条，请分几次办理。"
        )));
    }
    let mut outcomes = Vec::new();
    for (number, value) in (1..).zip(chosen) {
        let (version, kind, id) = parts(value).ok_or(Error::Unreadable)?;
        // Each record has a key of its own, which is the same when the form comes twice.
        let key = format!("{}-{number}", key.chars().take(80).collect::<String>());
        let command = fields.command(version, key)?;
        let (actor, now, record) = (person.actor.clone(), now_text(), id.to_owned());
        let batch = batch.clone();
        let answer = app
            .db
            .write(move |tx| run_one(tx, (kind, &record), &command, &actor, &now, &batch))
            .await;
        outcomes.push(match answer {
            Ok((title, text)) => Outcome {
                href: page::address(kind, id),
                title,
                is_done: true,
                text,
            },
            Err(Refused::Refused(refusal)) => {
                let login = &person.login;
                tracing::warn!(%login, kind = kind.name(), %id, %refusal, "refused");
                Outcome {
                    href: page::address(kind, id),
                    title: title(&app, kind, id, &person.actor).await,
                    is_done: false,
                    text: refusal.to_string(),
                }
            }
            Err(Refused::Database(error)) => return Err(error.into()),
        });
    }
    web::page(&BatchPage {
        shell: frame.shell.at("/records"),
        verb: verb.label(),
        done: outcomes.iter().filter(|outcome| outcome.is_done).count(),
        outcomes,
    })
}

/// `version:kind:id`
fn parts(value: &str) -> Option<(&str, RecordKind, &str)> {
    let (version, rest) = value.split_once(':')?;
    let (kind, id) = rest.split_once(':')?;
    Some((version, RecordKind::find(kind)?, id))
}

fn run_one(
    tx: &mut Tx<'_>,
    (kind, id): (RecordKind, &str),
    command: &domain::workflow::Command,
    actor: &Actor,
    now: &str,
    batch: &str,
) -> Result<(String, String), Refused> {
    let read = super::view::visible(tx, kind, id, actor, now)?;
    let answer = run_in_batch(tx, (kind, id), command, actor, now, Some(batch))?;
    let state = kind.machine().label(answer.moved.state);
    let text = match answer.submission {
        Some(number) => format!("现在是「{state}」，回执号 {number}"),
        None => format!("现在是「{state}」"),
    };
    Ok((super::receipt::title(kind, &read.facts), text))
}

/// The record's title, for who may know of it; its number as it was sent for who may not.
async fn title(app: &App, kind: RecordKind, id: &str, actor: &Actor) -> String {
    let (record, actor, now) = (id.to_owned(), actor.clone(), now_text());
    let read = app
        .db
        .read(move |tx| super::view::visible(tx, kind, &record, &actor, &now))
        .await;
    read.map_or_else(
        |_| id.to_owned(),
        |read| super::receipt::title(kind, &read.facts),
    )
}
