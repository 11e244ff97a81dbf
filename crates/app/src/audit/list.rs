//! The list of events: query strip, pages, the same as a file, and the button that verifies.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::audit::Event;
use domain::permission::Action;
use serde::Deserialize;
use web::list::{Cell, Column, Definition, Empty, Field, Kept, List, Order, Page, ROWS, Row};
use web::query::Query as Address;
use web::{Error, Shell};

use super::store::{self, Filter};
use super::verification::{self, Outcome};
use super::words;
use crate::list::{self, Format, Opened, Source};
use crate::serve::{App, Frame, Signed};

/// The list of events.
pub(crate) static LIST: Definition = Definition {
    name: "audit",
    path: "/audit",
    title: "事件",
    noun: "事件",
    counter: "条",
    columns: &[
        Column::name("sequence", "序号"),
        Column::text("at", "时间"),
        Column::text("actor", "操作人"),
        Column::text("action", "事项"),
        Column::text("record", "对象"),
        Column::text("details", "内容"),
        Column::text("hash", "摘要"),
    ],
    order: Order {
        column: "sequence",
        is_down: true,
    },
};

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
    after: String,
}

impl Chosen {
    fn filter(&self, region: &str) -> Filter {
        Filter {
            region: region.to_owned(),
            actor: self.actor.trim().to_owned(),
            action: self.action.clone(),
            kind: self.kind.clone(),
            record: self.record.trim().to_owned(),
            from: self.from.clone(),
            to: self.to.clone(),
        }
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::exact("actor", "操作人", &self.actor),
            Field::select("action", "事项", &self.action, words::actions()),
            Field::select("kind", "对象类型", &self.kind, words::kinds()),
            Field::exact("record", "对象", &self.record),
            Field::day("from", "从", &self.from),
            Field::day("to", "到", &self.to),
        ]
    }
}

/// The values of the list's columns.
fn cells(event: &Event) -> Vec<Cell> {
    let content = &event.content;
    let at = content.happened_at.chars().take(19);
    let at: String = at.map(|c| if c == 'T' { ' ' } else { c }).collect();
    vec![
        Cell::Number(content.sequence.to_string()),
        Cell::word(at),
        Cell::word(&*content.actor),
        Cell::word(words::action(&content.action)),
        Cell::text(words::record(content)),
        Cell::text(words::details(content)),
        Cell::Digest {
            // The algorithm and enough of the hash to tell two apart.
            short: format!("{}…", event.hash.chars().take(17).collect::<String>()),
            whole: event.hash.clone(),
        },
    ]
}

#[derive(Template)]
#[template(path = "audit/list.html")]
struct ListPage {
    shell: Shell,
    list: List,
    outcome: Option<Outcome>,
}

/// `GET /audit`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    match list::open(&app, &frame, &LIST, query.as_deref()).await? {
        Opened::Here(kept) => page(&app, frame, chosen, kept, None).await,
        Opened::Elsewhere(answer) => Ok(answer),
    }
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
    let kept = list::kept(&app, &frame, &LIST).await?;
    page(&app, frame, Chosen::default(), kept, Some(outcome)).await
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
    kept: Kept,
    outcome: Option<Outcome>,
) -> Result<Response, Error> {
    let filter = chosen.filter(&frame.region_code);
    let before: Option<i64> = chosen.after.parse().ok();
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
    let has_more = events.len() > usize::try_from(ROWS)?;
    events.truncate(usize::try_from(ROWS)?);
    let next = events.last().filter(|_| has_more);
    let next = next.map(|last| last.content.sequence.to_string());
    let most = app.jobs.limits.export_rows;
    let list = grid(&frame, &chosen, kept, (&events, next), most)
        .total(total)
        .hindrance((!is_readable).then(unreadable));
    let shell = frame.shell.at("/audit");
    web::page(&ListPage {
        shell,
        list,
        outcome,
    })
}

fn grid(
    frame: &Frame,
    chosen: &Chosen,
    kept: Kept,
    (events, next): (&[Event], Option<String>),
    most: i64,
) -> List {
    let row = |event: &Event| Row {
        id: event.content.sequence.to_string(),
        cells: cells(event),
    };
    let empty = Empty {
        title: "还没有事件".to_owned(),
        sentence: "登录、修改密码等操作会自动记在这里。".to_owned(),
        step: None,
    };
    List::new(&LIST, kept, frame.shell.year, &frame.shell.form_token)
        .fields(chosen.fields())
        .rows(
            events.iter().map(row).collect(),
            Page::new(&chosen.after, next),
        )
        .note("新的在前。")
        .empty(empty)
        .files(&["xlsx", "csv"])
        .long_from(most)
}

fn unreadable() -> Empty {
    Empty {
        title: "有事件读不出来".to_owned(),
        sentence: "数据库里有一条被改动过，请点“校验”看是第几号。".to_owned(),
        step: None,
    }
}

/// The events as a file.
pub(crate) static SOURCE: Source = Source {
    definition: &LIST,
    action: Action::ReadAudit,
    name: |_| "审计".to_owned(),
    rows: |tx, asked, most| {
        let chosen: Chosen = asked.chosen();
        let filter = chosen.filter(&asked.region_code);
        let events = store::page(tx, &filter, i64::MAX, most)?;
        Ok(events.iter().map(cells).collect())
    },
};

/// `GET /audit.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Csv, query.as_deref()).await
}

/// `GET /audit.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Xlsx, query.as_deref()).await
}
