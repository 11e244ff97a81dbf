//! The list as a file: every row of the conditions, or those that were chosen, in the list's order
//! and with the columns that the person has chosen.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use db::Tx;
use domain::permission::Action;
use web::Error;

use super::list::{Chosen, LIST};
use super::store::list::{self as store, Line};
use crate::list::{self, Asked, Format, MOST_FILE_ROWS, Source, chosen_rows};
use crate::serve::{App, Frame, SignedPairs};

/// The list of objects as a file.
pub(crate) static SOURCE: Source = Source {
    definition: &LIST,
    action: Action::Export,
    name: |asked| name(asked.year),
    rows: |tx, asked, most| {
        let lines = lines(tx, asked, &asked.chosen(), most)?;
        Ok(lines.iter().map(|line| line.cells(asked.year)).collect())
    },
};

fn name(year: i64) -> String {
    format!("{year}年项目与部门")
}

/// `GET /objects.csv`
pub(super) async fn csv(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Csv, query.as_deref()).await
}

/// `GET /objects.xlsx`
pub(super) async fn workbook(
    State(app): State<App>,
    frame: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    list::save(&app, frame, &SOURCE, Format::Xlsx, query.as_deref()).await
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
    let asked = Asked::new(&frame, None);
    let read = app
        .db
        .read(move |tx| lines(tx, &asked, &Chosen::default(), MOST_FILE_ROWS));
    let mut lines = read.await?;
    lines.retain(|line| chosen.contains(&line.id));
    let kept = list::kept(&app, &frame, &LIST).await?;
    let year = frame.shell.year;
    let rows = lines.iter().map(|line| line.cells(year)).collect();
    list::file(&LIST, &kept, Format::Xlsx, &name(year), rows).await
}

fn lines(
    tx: &mut Tx<'_>,
    asked: &Asked,
    chosen: &Chosen,
    most: i64,
) -> Result<Vec<Line>, db::Error> {
    let filter = chosen.filter(asked, Action::Export);
    Ok(store::page(tx, &filter, chosen.order(), None, most)?.0)
}
