//! 流程页: where a record lies, who holds it, which way it goes, and what can be done with it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::finding::{Finding, Severity};
use domain::permission::{Action, Actor, decide};
use domain::workflow::{RecordKind, edit};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use web::{Error, Shell};

use super::comment;
use super::fields::Fields;
use super::standing::Read;
use super::store;
use super::store::comment::Comment;
use super::store::people::Reviewer;
use super::store::step::Step;
use super::view::{self, Asks, CommandForm, Stop, Why, minute};
use super::{Error as Refused, item, receipt, round, run, words};
use crate::attachment::{self, Part};
use crate::review;
use crate::serve::{App, Frame, Person, Signed, now_text};

/// A step as the history prints it.
struct Line {
    at: String,
    person: String,
    what: String,
    to: String,
    comment: String,
    outcome: String,
    named: String,
    submission: Option<String>,
}

/// What a page shows of one record.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a separate thing that the page says"
)]
pub(super) struct Shown {
    kind: RecordKind,
    id: String,
    version: u64,
    title: String,
    object_id: Option<String>,
    state: &'static str,
    is_handed_in: bool,
    held_by: Vec<String>,
    arrived_at: String,
    due_on: Option<String>,
    is_overdue: bool,
    lock: Option<&'static str>,
    way: Vec<Stop>,
    forms: Vec<CommandForm>,
    reviewers: Vec<Reviewer>,
    why: Vec<Why>,
    history: Vec<Line>,
    comments: Vec<Comment>,
    fields: Vec<(String, String)>,
    may_comment: bool,
    may_answer: bool,
    /// Whether what it says may be changed now, by this person.
    may_edit: bool,
    attachments: Part,
    findings: Vec<Finding>,
    /// Whether this person reviews it on a page of its own.
    may_review: bool,
    /// What its grade brings, and what was agreed with the unit, once it is graded.
    grade: Option<(&'static str, String)>,
}

impl Shown {
    fn field_name(&self, path: &str) -> String {
        view::field_name(&self.fields, path)
    }

    /// The receipts of its submissions, newest first.
    fn submissions(&self) -> Vec<(&Line, &str)> {
        let receipts = self.history.iter();
        receipts
            .filter_map(|line| Some((line, line.submission.as_deref()?)))
            .collect()
    }

    /// The page of what it says, where its kind has one.
    fn form(&self) -> Option<String> {
        let id = utf8_percent_encode(&self.id, NON_ALPHANUMERIC);
        (self.kind == RecordKind::PerformanceTarget).then(|| format!("/targets/{id}"))
    }

    /// The page on which it is reviewed, for who reviews it now.
    fn review(&self) -> Option<String> {
        self.form()
            .filter(|_| self.may_review)
            .map(|form| format!("{form}/review"))
    }

    /// The text that a command's comment begins with.
    fn begins_with(&self, form: &CommandForm) -> &str {
        match &self.grade {
            Some((_, agreed)) if form.verb == domain::workflow::Verb::Advance => agreed,
            _ => "",
        }
    }

    /// What differs between its submissions, where they can be compared.
    fn comparison(&self) -> Option<String> {
        let is_kept = self.form().is_some() && !self.submissions().is_empty();
        is_kept.then(|| format!("{}/diff", address(self.kind, &self.id)))
    }

    fn open_comments(&self) -> usize {
        let is_open = |comment: &&Comment| comment.answered_at.is_none();
        self.comments.iter().filter(is_open).count()
    }
}

#[derive(Template)]
#[template(path = "workflow/record.html")]
struct RecordPage {
    shell: Shell,
    record: Shown,
    /// Made anew for each page; each form puts its verb behind it.
    key: String,
    done: Option<String>,
    error: Option<String>,
    typed: Fields,
}

/// What the address says beside the record.
#[derive(Default, Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    done: String,
}

/// `GET /records/{kind}/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path((kind, id)): Path<(String, String)>,
    Query(told): Query<Told>,
) -> Result<Response, Error> {
    let kind = RecordKind::find(&kind).ok_or(Error::NotFound)?;
    let token = frame.shell.form_token.clone();
    let record = read(&app, kind, id, frame.actor.clone(), token).await?;
    let done = match (told.done.is_empty(), record.history.first()) {
        (false, Some(line)) => Some(done_words(line)),
        _ => None,
    };
    page(frame.shell, record, done, None, Fields::default())
}

fn done_words(line: &Line) -> String {
    match &line.submission {
        Some(number) => format!("已{}，回执号 {number}。", line.what),
        None => format!("已办理：{}。", line.what),
    }
}

fn page(
    shell: Shell,
    record: Shown,
    done: Option<String>,
    error: Option<String>,
    typed: Fields,
) -> Result<Response, Error> {
    web::page(&RecordPage {
        shell: shell.at("/objects"),
        record,
        key: web::token::secret()?.chars().take(24).collect(),
        done,
        error,
        typed,
    })
}

async fn read(
    app: &App,
    kind: RecordKind,
    id: String,
    actor: Actor,
    form_token: String,
) -> Result<Shown, Error> {
    let now = now_text();
    app.db
        .read(move |tx| shown(tx, kind, &id, &actor, (&form_token, &now)))
        .await
        .map_err(Error::from)
}

fn shown(
    tx: &mut Tx<'_>,
    kind: RecordKind,
    id: &str,
    actor: &Actor,
    (form_token, now): (&str, &str),
) -> Result<Shown, Refused> {
    let read = view::visible(tx, kind, id, actor, now)?;
    let steps = store::step::all(tx, kind, id)?;
    let offers = view::offered(&read, actor);
    let desk = &read.standing.desk;
    let may = |action| decide(actor, action, &read.standing.subject).is_allowed();
    Ok(Shown {
        kind,
        id: id.to_owned(),
        version: read.standing.version,
        title: receipt::title(kind, &read.facts),
        object_id: read.facts.object_id.clone(),
        state: kind.machine().label(read.standing.state),
        is_handed_in: desk.handed_in_by.is_some()
            && kind.machine().is_sent_from(read.standing.state),
        held_by: view::held_by(tx, &read)?,
        arrived_at: minute(&item::kept_or_new(&read, "").arrived_at),
        due_on: read.due_on.clone(),
        is_overdue: read.is_overdue(round::day(now)),
        lock: read.standing.lock.map(domain::workflow::Lock::advice),
        way: view::way(&read, &steps),
        forms: view::forms(&read, &offers),
        reviewers: view::reviewers(tx, &read)?,
        why: view::reasons(&read, &offers, actor),
        history: history(tx, &read, &steps)?,
        comments: store::comment::all(tx, kind.name(), id)?,
        fields: view::commentable(kind, &store::row::all(tx, kind, id)?),
        may_review: kind.machine().is_review_step(read.standing.state) && may(Action::Review),
        grade: graded(tx, &read)?,
        may_comment: comment::may_comment(&offers),
        may_answer: may(Action::Fill) || may(Action::Submit),
        may_edit: edit(kind, &read.standing, read.standing.version, actor).is_ok(),
        findings: read.findings.clone(),
        attachments: attachment::part(tx, actor, (kind.name(), id), form_token, &address(kind, id))
            .map_err(unseen)?,
    })
}

/// What the grade of a record that was just graded brings, and what was agreed with the unit.
fn graded(tx: &mut Tx<'_>, read: &Read) -> Result<Option<(&'static str, String)>, db::Error> {
    let passed_to = read
        .kind
        .machine()
        .review
        .map(|part| (part.is_graded, part.passed_to));
    let outcome = read.standing.case.outcome.as_deref();
    match (passed_to, outcome) {
        (Some((true, state)), Some(grade)) if read.standing.state.name() == state => {
            let agreed = review::agreed(tx, &read.id)?;
            Ok(Some((domain::review::next_step(grade), agreed)))
        }
        _ => Ok(None),
    }
}

/// The attachments' way of saying no, in the words of this page.
fn unseen(refused: crate::permission::Refused) -> Refused {
    match refused {
        crate::permission::Refused::Database(error) => error.into(),
        _ => Refused::NOT_FOUND,
    }
}

fn history(tx: &mut Tx<'_>, read: &Read, steps: &[Step]) -> Result<Vec<Line>, db::Error> {
    let mut lines = Vec::new();
    for step in steps {
        let mut named = Vec::new();
        for person in &step.named {
            named.extend(store::people::name(tx, &person.0)?.map(|(name, _)| name));
        }
        let is_moved = step.from_state != step.state;
        lines.push(Line {
            at: minute(&step.done_at),
            person: step.person.clone(),
            what: words::fact(&step.fact).to_owned(),
            to: if is_moved {
                words::state(read.kind, &step.state).to_owned()
            } else {
                String::new()
            },
            comment: step.comment.clone(),
            outcome: step.outcome.clone().unwrap_or_default(),
            named: named.join("、"),
            submission: step.submission.clone(),
        });
    }
    Ok(lines)
}

/// The names of a command's form.
const COMMAND: [&str; 10] = [
    "version", "key", "verb", "comment", "outcome", "to", "person", "people", "field", "text",
];

/// `POST /records/{kind}/{id}/commands`
pub(super) async fn command(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path((kind, id)): Path<(String, String)>,
    Signed(fields): Signed<Fields>,
) -> Result<Response, Error> {
    let kind = RecordKind::find(&kind).ok_or(Error::NotFound)?;
    fields.only(&COMMAND)?;
    let command = fields.command(fields.one("version"), fields.key()?)?;
    let remarks = comment::remarks(&fields)?;
    let (actor, login, now) = (person.actor.clone(), person.login.clone(), now_text());
    let record = id.clone();
    let done = app
        .db
        .write(move |tx| {
            view::visible(tx, kind, &record, &actor, &now)?;
            run(tx, kind, &record, &command, &actor, &now)?;
            let whose = (kind, &*record);
            comment::add_all(tx, whose, &command, &remarks, (&actor, &login), &now)
        })
        .await;
    let refusal = match done {
        Ok(()) => return Ok(after(&app, kind, &id, person.actor, frame.shell.year).await),
        Err(Refused::Refused(domain::workflow::Refusal::NotFound)) => return Err(Error::NotFound),
        Err(Refused::Refused(refusal)) => refusal,
        Err(Refused::Database(error)) => return Err(error.into()),
    };
    let verb = fields.one("verb");
    tracing::warn!(login = %person.login, kind = kind.name(), %id, %verb, %refusal, "refused");
    let token = frame.shell.form_token.clone();
    let record = read(&app, kind, id, person.actor, token).await?;
    let answer = page(frame.shell, record, None, Some(refusal.to_string()), fields)?;
    let status = match refusal {
        domain::workflow::Refusal::NotYours(_) => StatusCode::FORBIDDEN,
        domain::workflow::Refusal::Stale { .. } => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, answer).into_response())
}

/// To the record, or home for who only had to sign and may not know of it any more.
async fn after(app: &App, kind: RecordKind, id: &str, actor: Actor, year: i64) -> Response {
    let (record, now) = (id.to_owned(), now_text());
    let seen = app
        .db
        .read(move |tx| view::visible(tx, kind, &record, &actor, &now).map(drop))
        .await;
    let to = if seen.is_ok() {
        web::query::Query::new()
            .with("year", year.to_string())
            .with("done", "1")
            .at(&address(kind, id))
    } else {
        "/".to_owned()
    };
    Redirect::to(&to).into_response()
}

/// The path of a record's page.
pub(crate) fn address(kind: RecordKind, id: &str) -> String {
    let id = percent_encoding::utf8_percent_encode(id, percent_encoding::NON_ALPHANUMERIC);
    format!("/records/{}/{id}", kind.name())
}
