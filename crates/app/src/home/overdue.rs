//! 逾期清单: what is overdue within what a person sees, whoever holds it.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::Response;
use db::Tx;
use domain::permission::{Action, may};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::list::{Cell, Choice, Column, Definition, Empty, Field, List, Order, Page, ROWS, Row};
use web::{Error, Shell};

use super::store::overdue::{self, Late};
use super::words;
use crate::list::{self, Asked, Format, MOST_FILE_ROWS, Opened, Source};
use crate::permission::Reach;
use crate::serve::{App, Frame, days_between, today};

/// The list of what is overdue.
pub(crate) static LIST: Definition = Definition {
    name: "overdue",
    path: "/overdue",
    title: "逾期清单",
    noun: "逾期",
    counter: "项",
    columns: &[
        Column::name("title", "对象"),
        Column::text("kind", "工作"),
        Column::number("days", "逾期天数"),
        Column::text("due_on", "期限"),
        Column::text("unit", "单位"),
        Column::text("section", "归口股室"),
        Column::text("state", "状态"),
        Column::text("holder", "在谁手里"),
    ],
    order: Order {
        column: "days",
        is_down: true,
    },
};

/// The list as a file.
pub(crate) static SOURCE: Source = Source {
    definition: &LIST,
    action: Action::Export,
    name: |_| "逾期清单".to_owned(),
    rows: |tx, asked, most| {
        let today = today();
        let late = late(tx, asked, &asked.chosen(), (&today, most))?;
        Ok(late.into_iter().map(|it| cells(it, &today)).collect())
    },
};

/// What the address chooses.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    kind: String,
    text: String,
    /// How many rows come before the page.
    after: String,
}

impl Chosen {
    fn fields(&self) -> Vec<Field> {
        let kinds = RecordKind::ALL
            .iter()
            .map(|kind| Choice::new(kind.name(), kind.label()));
        vec![
            Field::search("text", "对象或单位", &self.text),
            Field::select("kind", "工作", &self.kind, kinds.collect()),
        ]
    }

    fn includes(&self, late: &Late) -> bool {
        let text = self.text.trim();
        (self.kind.is_empty() || self.kind == late.kind)
            && (text.is_empty() || late.title.contains(text) || late.unit.contains(text))
    }
}

#[derive(Template)]
#[template(path = "home/overdue.html")]
struct OverduePage {
    shell: Shell,
    list: List,
    may_urge: bool,
}

/// `GET /overdue`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let kept = match list::open(&app, &frame, &LIST, query.as_deref()).await? {
        Opened::Here(kept) => kept,
        Opened::Elsewhere(answer) => return Ok(answer),
    };
    let (asked, today) = (Asked::new(&frame, query.as_deref()), today());
    let (wanted, day) = (chosen.clone(), today.clone());
    let late = app
        .db
        .read(move |tx| late(tx, &asked, &wanted, (&day, MOST_FILE_ROWS)))
        .await?;
    let (total, most) = (late.len(), usize::try_from(ROWS)?);
    let before: usize = chosen.after.parse().unwrap_or_default();
    let rows = late.into_iter().skip(before).take(most).map(|late| Row {
        id: late.id.clone(),
        cells: cells(late, &today),
    });
    let next = before.saturating_add(most);
    let next = (next < total).then(|| next.to_string());
    let empty = Empty {
        title: "没有逾期".to_owned(),
        sentence: "过了期限还没有办完的工作会列在这里。".to_owned(),
        step: None,
    };
    let mut list = List::new(&LIST, kept, frame.shell.year, &frame.shell.form_token)
        .fields(chosen.fields())
        .rows(rows.collect(), Page::new(&chosen.after, next))
        .total(i64::try_from(total)?)
        .note("逾期最久的在前。")
        .empty(empty);
    if may(&frame.actor, Action::Export).is_allowed() {
        list = list
            .files(&["xlsx", "csv"])
            .long_from(app.jobs.limits.export_rows);
    }
    web::page(&OverduePage {
        list,
        may_urge: may(&frame.actor, Action::Review).is_allowed(),
        shell: frame.shell.at("/"),
    })
}

/// `GET /overdue.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Csv, query.as_deref()).await
}

/// `GET /overdue.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Xlsx, query.as_deref()).await
}

fn late(
    tx: &mut Tx<'_>,
    asked: &Asked,
    chosen: &Chosen,
    (today, most): (&str, i64),
) -> Result<Vec<Late>, db::Error> {
    let reach = Reach::of(&asked.actor, Action::View);
    let mut late = overdue::overdue(tx, &asked.region_code, &reach, today, most)?;
    late.retain(|late| chosen.includes(late));
    Ok(late)
}

fn cells(late: Late, today: &str) -> Vec<Cell> {
    let days = days_between(&late.due_on, today).unwrap_or(0);
    vec![
        Cell::link(
            &*late.title,
            words::href(&late.kind, &late.id),
            &*late.title,
        ),
        Cell::word(words::kind(&late.kind)),
        Cell::Number(days.to_string()),
        Cell::Day(Some(late.due_on)),
        Cell::text(late.unit),
        Cell::word(late.section),
        Cell::word(words::state(&late.kind, &late.state)),
        Cell::word(words::holder(&late.role, &late.person)),
    ]
}
