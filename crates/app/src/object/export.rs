//! The list as a file: every row of the conditions, or those that were chosen, in the list's order
//! and with the columns that the person has chosen.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::Action;
use web::Error;

use super::list::{Chosen, LIST};
use super::store::list::{self as store, Line};
use crate::list::{self, Format, MOST_FILE_ROWS, chosen_rows};
use crate::serve::{App, Frame, SignedPairs};

/// `GET /objects.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let lines = lines(&app, &frame, &chosen).await?;
    save(&app, &frame, Format::Csv, lines).await
}

/// `GET /objects.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let lines = lines(&app, &frame, &chosen).await?;
    save(&app, &frame, Format::Xlsx, lines).await
}

/// `POST /objects/selection`: the rows that were chosen by hand. A row that the person may not
/// take out is left out, as it is from the whole list.
pub(super) async fn selection(
    State(app): State<App>,
    frame: Frame,
    sent: SignedPairs,
) -> Result<Response, Error> {
    sent.only(&["query", "id", "act"])?;
    let chosen = chosen_rows(&sent)?;
    let mut lines = lines(&app, &frame, &Chosen::default()).await?;
    lines.retain(|line| chosen.contains(&line.id));
    save(&app, &frame, Format::Xlsx, lines).await
}

async fn save(
    app: &App,
    frame: &Frame,
    format: Format,
    lines: Vec<Line>,
) -> Result<Response, Error> {
    let kept = list::kept(app, frame, &LIST).await?;
    let year = frame.shell.year;
    let name = format!("{year}年项目与部门");
    let rows = lines.iter().map(|line| line.cells(year));
    list::file(&LIST, &kept, format, &name, rows).await
}

async fn lines(app: &App, frame: &Frame, chosen: &Chosen) -> Result<Vec<Line>, Error> {
    let (filter, order) = (chosen.filter(frame, Action::Export), chosen.order());
    let lines = app
        .db
        .read(move |tx| store::page(tx, &filter, order, None, MOST_FILE_ROWS));
    Ok(lines.await?.0)
}
