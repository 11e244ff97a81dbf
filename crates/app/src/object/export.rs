//! The list as a file: every row of the choice, in its order, with the grid's columns.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::number::{Centi, Fen};
use domain::permission::Action;
use office::workbook::{Table, TableCell};
use web::Error;

use super::list::{COLUMNS, Chosen};
use super::store::list::{self as store, Line};
use super::words;
use crate::serve::{App, Frame, workbook_file};

/// Most rows of a file, which is one sheet of Excel without its head.
const MOST_ROWS: i64 = 1_048_575;

/// `GET /objects.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let mut rows = vec![head()];
    rows.extend(lines(&app, &frame, &chosen).await?.iter().map(cells));
    web::csv_file(&name(&frame), &rows)
}

/// `GET /objects.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let lines = lines(&app, &frame, &chosen).await?;
    let row = |line: &Line| {
        let cells = cells(line).into_iter().zip(&COLUMNS);
        let cell = |(text, column): (String, &super::list::Column)| {
            if column.is_number() {
                TableCell::Number(text)
            } else {
                TableCell::Text(text)
            }
        };
        cells.map(cell).collect()
    };
    let table = Table {
        sheet: name(&frame),
        columns: head(),
        rows: lines.iter().map(row).collect(),
    };
    workbook_file(&name(&frame), table).await
}

async fn lines(app: &App, frame: &Frame, chosen: &Chosen) -> Result<Vec<Line>, Error> {
    let (filter, order) = (chosen.filter(frame, Action::Export), chosen.order());
    let lines = app
        .db
        .read(move |tx| store::page(tx, &filter, order, None, MOST_ROWS));
    Ok(lines.await?)
}

fn name(frame: &Frame) -> String {
    format!("{}年项目与部门", frame.shell.year)
}

fn head() -> Vec<String> {
    let labels = COLUMNS.iter().map(|column| column.label.to_owned());
    labels.collect()
}

/// A line as the file has it; empty where the grid shows a dash.
fn cells(line: &Line) -> Vec<String> {
    let plain = |fen: Option<i64>| {
        fen.map(|fen| Fen(fen).wan_text().replace(',', ""))
            .unwrap_or_default()
    };
    vec![
        line.name.clone(),
        line.unit_name.clone(),
        words::kind(&line.kind).to_owned(),
        plain(line.budget_fen),
        plain(line.executed_fen),
        line.rate().unwrap_or_default(),
        line.target_word().unwrap_or_default().to_owned(),
        web::light(words::light(line.light_rank), "")
            .word()
            .to_owned(),
        line.score_centi
            .map(|score| Centi(score).to_string())
            .unwrap_or_default(),
        line.grade.clone().unwrap_or_default(),
    ]
}
