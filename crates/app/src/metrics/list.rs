//! Every metric of the year, in the statement's order.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use db::{Question, Tx};
use domain::metrics::{Computed, Figure};
use office::workbook::{Table, TableCell};
use web::query::Query as Address;
use web::{Error, Shell};

use super::{Metric, figure, words};
use crate::serve::{App, Frame, workbook_file};

#[derive(Template)]
#[template(path = "metrics/list.html")]
struct ListPage {
    shell: Shell,
    systems: Vec<System>,
    csv: String,
    workbook: String,
}

/// 过程管控, 基础支撑 or 考核监督.
struct System {
    name: &'static str,
    lines: Vec<Line>,
}

/// One figure.
struct Line {
    /// The metric's number; empty for a figure that belongs to the metric above.
    id: &'static str,
    /// The subject, where a new one begins.
    subject: Option<&'static str>,
    name: &'static str,
    value: String,
    parts: String,
    before: String,
    formula: String,
    records: i64,
    is_applicable: bool,
    href: String,
}

impl Line {
    fn cells(&self, system: &str) -> Vec<String> {
        vec![
            system.to_owned(),
            self.id.to_owned(),
            self.name.to_owned(),
            self.value.clone(),
            self.parts.clone(),
            self.before.clone(),
            self.formula.clone(),
            self.records.to_string(),
        ]
    }
}

/// `GET /metrics`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let systems = load(&app, &frame).await?;
    let year = Address::new().with("year", frame.shell.year.to_string());
    web::page(&ListPage {
        systems,
        csv: year.at("/metrics.csv"),
        workbook: year.at("/metrics.xlsx"),
        shell: frame.shell.at("/metrics"),
    })
}

/// `GET /metrics.csv`
pub(super) async fn save_csv(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let mut rows = vec![head(frame.shell.year)];
    rows.extend(cells(&load(&app, &frame).await?));
    web::csv_file(&name(frame.shell.year), &rows)
}

/// `GET /metrics.xlsx`
pub(super) async fn save_workbook(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let text = |row: Vec<String>| row.into_iter().map(TableCell::Text).collect();
    let table = Table {
        sheet: name(frame.shell.year),
        columns: head(frame.shell.year),
        rows: cells(&load(&app, &frame).await?)
            .into_iter()
            .map(text)
            .collect(),
    };
    workbook_file(&name(frame.shell.year), table).await
}

fn name(year: i64) -> String {
    format!("{year}年绩效指标统计")
}

fn head(year: i64) -> Vec<String> {
    let mut head: Vec<String> = ["体系", "编号", "指标"].map(str::to_owned).to_vec();
    head.push(format!("{year}年"));
    head.push("其中".to_owned());
    head.push(format!("{}年", year - 1));
    head.extend(["统计口径", "记录数"].map(str::to_owned));
    head
}

fn cells(systems: &[System]) -> Vec<Vec<String>> {
    let of_system = |system: &System| {
        let lines = system.lines.iter().map(|line| line.cells(system.name));
        lines.collect::<Vec<_>>()
    };
    systems.iter().flat_map(of_system).collect()
}

/// The metrics of a year and of the year before.
#[derive(Clone, PartialEq, Eq, Hash)]
struct BothYears {
    region: String,
    year: i32,
}

impl Question for BothYears {
    type Answer = (Vec<Metric>, Vec<Metric>);
    type Error = db::Error;

    fn read(&self, tx: &mut Tx<'_>) -> Result<Self::Answer, db::Error> {
        let mut of = |year| super::all(tx, &self.region, year);
        Ok((of(self.year)?, of(self.year - 1)?))
    }
}

async fn load(app: &App, frame: &Frame) -> Result<Vec<System>, Error> {
    let (region, year) = (frame.region_code.clone(), i32::try_from(frame.shell.year)?);
    let years = app.db.recall(BothYears { region, year }).await?;
    let (now, before) = &*years;
    Ok(systems(now, before, frame.shell.year))
}

/// The two years' metrics have the same definitions in the same order.
fn systems(now: &[Metric], before: &[Metric], year: i64) -> Vec<System> {
    let mut systems: Vec<System> = Vec::new();
    let mut subject = "";
    for (metric, earlier) in now.iter().zip(before) {
        let name = words::system(metric.id());
        if systems.last().is_none_or(|system| system.name != name) {
            let lines = Vec::new();
            systems.push(System { name, lines });
        }
        let is_new = words::subject(metric.id()) != subject;
        subject = words::subject(metric.id());
        for (number, (one, other)) in metric.figures().zip(earlier.figures()).enumerate() {
            let is_main = number == 0;
            let mut line = line(metric, one, other.2, year);
            line.subject = (is_main && is_new).then_some(subject);
            line.id = if is_main { metric.id() } else { "" };
            if let Some(system) = systems.last_mut() {
                system.lines.push(line);
            }
        }
    }
    systems
}

fn line(
    metric: &Metric,
    (key, figure, computed): (String, &'static Figure, &Computed),
    before: &Computed,
    year: i64,
) -> Line {
    let has_parts = metric.definition.has_parts && key == metric.id();
    Line {
        id: "",
        subject: None,
        name: figure.name,
        value: words::value_text(figure, computed),
        parts: if has_parts {
            words::parts_text(computed)
        } else {
            String::new()
        },
        before: words::value_text(figure, before),
        formula: words::formula(figure, year),
        records: computed.records,
        is_applicable: computed.value.is_some(),
        href: Address::new()
            .with("year", year.to_string())
            .at(&figure::path(&key)),
    }
}
