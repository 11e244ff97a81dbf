//! 逾期清单: what is overdue within what a person sees, whoever holds it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::permission::{Action, may};
use web::{Error, Shell};

use super::store::overdue::{self, Late};
use super::words;
use crate::permission::Reach;
use crate::serve::{App, Frame, days_between, today};

/// Rows of the page and of the file.
const MOST_ROWS: i64 = 5_000;

/// A record as it is printed.
struct Line {
    days: i64,
    due_on: String,
    kind: String,
    title: String,
    href: String,
    unit: String,
    section: String,
    state: String,
    holder: String,
}

impl Line {
    fn new(late: Late, today: &str) -> Self {
        Self {
            days: days_between(&late.due_on, today).unwrap_or(0),
            kind: words::kind(&late.kind).to_owned(),
            href: words::href(&late.kind, &late.id),
            state: words::state(&late.kind, &late.state),
            holder: words::holder(&late.role, &late.person),
            title: late.title,
            due_on: late.due_on,
            unit: late.unit,
            section: late.section,
        }
    }

    fn cells(self) -> Vec<String> {
        vec![
            self.days.to_string(),
            self.due_on,
            self.kind,
            self.title,
            self.unit,
            self.section,
            self.state,
            self.holder,
        ]
    }
}

#[derive(Template)]
#[template(path = "home/overdue.html")]
struct OverduePage {
    shell: Shell,
    lines: Vec<Line>,
    is_cut: bool,
    may_urge: bool,
}

/// `GET /overdue`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let lines = lines(&app, &frame).await?;
    web::page(&OverduePage {
        is_cut: lines.len() >= usize::try_from(MOST_ROWS)?,
        may_urge: may(&frame.actor, Action::Review).is_allowed(),
        lines,
        shell: frame.shell.at("/"),
    })
}

/// `GET /overdue.csv`
pub(super) async fn csv(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let head = [
        "逾期天数",
        "期限",
        "工作",
        "对象",
        "单位",
        "归口股室",
        "状态",
        "在谁手里",
    ];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(lines(&app, &frame).await?.into_iter().map(Line::cells));
    web::csv_file("逾期清单", &rows)
}

async fn lines(app: &App, frame: &Frame) -> Result<Vec<Line>, Error> {
    let reach = Reach::of(&frame.actor, Action::View);
    let (region, today) = (frame.region_code.clone(), today());
    let day = today.clone();
    let late = app
        .db
        .read(move |tx| overdue::overdue(tx, &region, &reach, &day, MOST_ROWS))
        .await?;
    Ok(late.into_iter().map(|it| Line::new(it, &today)).collect())
}
