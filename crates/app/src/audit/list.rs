//! The list of events: query strip, pages, the same as a file, and the button that verifies.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::audit::Event;
use serde::Deserialize;
use web::query::Query as Address;
use web::{Error, Shell};

use super::store::{self, Filter};
use super::verification::{self, Outcome};
use super::words;
use crate::serve::{App, Frame, Signed};

/// Rows of a page.
const ROWS: i64 = 100;

/// Most rows of a file, which is one sheet of Excel without its head.
const MOST_ROWS: i64 = 1_048_575;

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    actor: String,
    action: String,
    kind: String,
    record: String,
    from: String,
    to: String,
    before: String,
}

impl Chosen {
    fn filter(&self, frame: &Frame) -> Filter {
        Filter {
            region: frame.region_code.clone(),
            actor: self.actor.trim().to_owned(),
            action: self.action.clone(),
            kind: self.kind.clone(),
            record: self.record.trim().to_owned(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    /// The address of the same choice, from its first page.
    fn address(&self, year: i64) -> Address {
        Address::new()
            .with("year", year.to_string())
            .with("actor", self.actor.trim())
            .with("action", &*self.action)
            .with("kind", &*self.kind)
            .with("record", self.record.trim())
            .with("from", &*self.from)
            .with("to", &*self.to)
    }

    /// The conditions that can be taken away.
    fn chips(&self, address: &Address) -> Vec<Chip> {
        let conditions = [
            ("actor", "操作人", self.actor.trim()),
            ("action", "事项", words::action(&self.action)),
            ("kind", "对象类型", words::kind(&self.kind)),
            ("record", "对象", self.record.trim()),
            ("from", "从", &*self.from),
            ("to", "到", &*self.to),
        ];
        let chosen = conditions
            .into_iter()
            .filter(|(_, _, value)| !value.is_empty());
        let chip = |(name, label, value): (&'static str, &str, &str)| Chip {
            label: format!("{label}：{value}"),
            href: address.clone().without(name).at("/audit"),
        };
        chosen.map(chip).collect()
    }
}

/// A condition that can be taken away.
struct Chip {
    label: String,
    href: String,
}

/// One event as it is printed.
struct Line {
    sequence: i64,
    /// `2020-11-20 08:00:00`
    at: String,
    actor: String,
    action: String,
    record: String,
    details: String,
    hash: String,
}

impl Line {
    fn new(event: &Event) -> Self {
        let content = &event.content;
        let at = content.happened_at.chars().take(19);
        Self {
            sequence: content.sequence,
            at: at.map(|c| if c == 'T' { ' ' } else { c }).collect(),
            actor: content.actor.clone(),
            action: words::action(&content.action).to_owned(),
            record: words::record(content),
            details: words::details(content),
            hash: event.hash.clone(),
        }
    }

    /// The algorithm and enough of the hash to tell two apart.
    fn short_hash(&self) -> String {
        self.hash.chars().take(17).collect()
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.sequence.to_string(),
            self.at.clone(),
            self.actor.clone(),
            self.action.clone(),
            self.record.clone(),
            self.details.clone(),
            self.hash.clone(),
        ]
    }
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    shell: Shell,
    chosen: Chosen,
    chips: Vec<Chip>,
    lines: Vec<Line>,
    total: i64,
    is_readable: bool,
    next: Option<String>,
    first: Option<String>,
    csv: String,
    outcome: Option<Outcome>,
}

/// `GET /audit`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    page(&app, frame, chosen, None).await
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

/// `POST /audit/verification`: the list under what the walk along the whole chain says.
pub(super) async fn verify(
    State(app): State<App>,
    frame: Frame,
    Signed(Nothing {}): Signed<Nothing>,
) -> Result<Response, Error> {
    let region = frame.region_code.clone();
    let permit = app.checking.acquire().await?;
    let outcome = app
        .db
        .read(move |tx| verification::verify(tx, &region))
        .await?;
    drop(permit);
    page(&app, frame, Chosen::default(), Some(outcome)).await
}

/// `GET /audit/verification`: where a reload or a link of the page above leads.
pub(super) async fn back(frame: Frame) -> Response {
    let year = Address::new().with("year", frame.shell.year.to_string());
    Redirect::to(&year.at("/audit")).into_response()
}

async fn page(
    app: &App,
    frame: Frame,
    chosen: Chosen,
    outcome: Option<Outcome>,
) -> Result<Response, Error> {
    let filter = chosen.filter(&frame);
    let before: Option<i64> = chosen.before.parse().ok();
    let read = app.db.read(move |tx| {
        let before = before.unwrap_or(i64::MAX);
        let events = store::page(tx, &filter, before, ROWS + 1)?;
        Ok::<_, db::Error>((events, store::count(tx, &filter)?))
    });
    let (mut events, total, is_readable) = match read.await {
        Ok((events, total)) => (events, total, true),
        // A value that somebody damaged must not hide what the walk says of it.
        Err(db::Error::InconsistentRow { .. }) => (Vec::new(), 0, false),
        Err(error) => return Err(error.into()),
    };
    let address = chosen.address(frame.shell.year);
    let has_more = events.len() > usize::try_from(ROWS)?;
    events.truncate(usize::try_from(ROWS)?);
    let next = events.last().filter(|_| has_more).map(|last| {
        let before = last.content.sequence.to_string();
        address.clone().with("before", before).at("/audit")
    });
    web::page(&ListPage {
        chips: chosen.chips(&address),
        lines: events.iter().map(Line::new).collect(),
        total,
        is_readable,
        next,
        first: before.is_some().then(|| address.at("/audit")),
        csv: address.at("/audit.csv"),
        outcome,
        chosen,
        shell: frame.shell.at("/audit"),
    })
}

/// `GET /audit.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let filter = chosen.filter(&frame);
    let events = app
        .db
        .read(move |tx| store::page(tx, &filter, i64::MAX, MOST_ROWS))
        .await?;
    let head = ["序号", "时间", "操作人", "事项", "对象", "内容", "摘要"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(events.iter().map(|event| Line::new(event).cells()));
    web::csv_file("审计", &rows)
}
