//! A whole list as a file: at once while it is short, else as a job.

use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::permission::{Action, Actor, Decision, may};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use web::Error;
use web::list::{Cell, Definition};

use super::file::{self, Format, MOST_FILE_ROWS};
use super::store;
use crate::job::{self, Kind, New, Offer, Product, Stop, Task};
use crate::serve::{App, Frame, Person, SignedPairs};
use crate::{audit, budget, home, object, review};

/// Reads the rows of the conditions in the list's order, at most so many.
pub(crate) type ReadRows = fn(&mut Tx<'_>, &Asked, i64) -> Result<Vec<Vec<Cell>>, db::Error>;

/// A list that can be saved whole.
pub(crate) struct Source {
    /// The list.
    pub(crate) definition: &'static Definition,
    /// What whoever saves it must be allowed to.
    pub(crate) action: Action,
    /// The file's name without its ending.
    pub(crate) name: fn(&Asked) -> String,
    /// Its rows.
    pub(crate) rows: ReadRows,
}

/// The lists that can be saved whole.
pub(super) const ALL: &[&Source] = &[
    &object::SOURCE,
    &audit::SOURCE,
    &home::SOURCE,
    &review::SOURCE,
    &budget::SOURCE,
];

/// Which rows are asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// 行政区划代码
    pub(crate) region_code: String,
    /// The year that the page shows.
    pub(crate) year: i64,
    /// Who asks.
    pub(crate) actor: Actor,
    /// The conditions as the address of the list says them.
    pub(crate) query: String,
}

impl Asked {
    /// As the frame and the query string of an address say it.
    pub(crate) fn new(frame: &Frame, query: Option<&str>) -> Self {
        Self {
            region_code: frame.region_code.clone(),
            year: frame.shell.year,
            actor: frame.actor.clone(),
            query: query.unwrap_or_default().to_owned(),
        }
    }

    /// The conditions; none where the address is not one that our pages make.
    pub(crate) fn chosen<T: DeserializeOwned + Default>(&self) -> T {
        let address = format!("/?{}", self.query).parse().ok();
        let read = address.and_then(|it| axum::extract::Query::try_from_uri(&it).ok());
        read.map(|axum::extract::Query(chosen)| chosen)
            .unwrap_or_default()
    }
}

/// What a job needs to know.
#[derive(Debug, Serialize, Deserialize)]
struct Parameters {
    list: String,
    format: String,
    region_code: String,
    year: i64,
    query: String,
}

/// The list as a file; where it is long, a page that offers to make it as a job.
///
/// # Errors
/// The database fails.
pub(crate) async fn save(
    app: &App,
    frame: Frame,
    source: &'static Source,
    format: Format,
    query: Option<&str>,
) -> Result<Response, Error> {
    let asked = Asked::new(&frame, query);
    let most = app.jobs.limits.export_rows;
    let (wanted, actor) = (asked.clone(), frame.actor.clone());
    let (rows, kept) = app
        .db
        .read(move |tx| {
            Ok::<_, db::Error>((
                (source.rows)(tx, &wanted, most.saturating_add(1))?,
                store::kept(tx, &actor, source.definition.name)?,
            ))
        })
        .await?;
    if rows.len() > usize::try_from(most)? {
        return offer(frame, source.definition, format, &asked);
    }
    file::file(
        source.definition,
        &kept,
        format,
        &(source.name)(&asked),
        rows,
    )
    .await
}

fn offer(
    frame: Frame,
    definition: &Definition,
    format: Format,
    asked: &Asked,
) -> Result<Response, Error> {
    let (path, year) = (definition.path, frame.shell.year);
    let query = web::list::clean(&asked.query).unwrap_or_default();
    web::page(&Offer {
        shell: frame.shell.at(path),
        title: format!("导出{}", definition.title),
        sentence: "符合条件的行数较多，一次写不完。".to_owned(),
        action: format!("/lists/{}/files?year={year}", definition.name),
        back: format!("{path}?year={year}&view=-&{query}"),
        fields: vec![("query", query), ("format", format.ending().to_owned())],
    })
}

/// `POST /lists/{list}/files`: the list as a file, made as a job.
pub(super) async fn begin(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(name): Path<String>,
    sent: SignedPairs,
) -> Result<Response, Error> {
    let source = find(&name).ok_or(Error::NotFound)?;
    sent.only(&["query", "format"])?;
    match may(&frame.actor, source.action) {
        Decision::Allowed(_) => {}
        Decision::Denied(reason) => return Err(Error::Forbidden(reason)),
        Decision::Hidden => return Err(Error::NotFound),
    }
    let format = Format::find(sent.one("format")).ok_or(Error::Unreadable)?;
    let query = web::list::clean(sent.one("query")).ok_or(Error::Unreadable)?;
    let asked = Asked::new(&frame, Some(&query));
    let parameters = Parameters {
        list: name,
        format: format.ending().to_owned(),
        region_code: asked.region_code.clone(),
        year: asked.year,
        query,
    };
    let new = New {
        kind: Kind::ListExport,
        title: format!("{}.{}", (source.name)(&asked), format.ending()),
        parameters: serde_json::to_string(&parameters)?,
    };
    job::ask(&app, &person, new).await
}

fn find(name: &str) -> Option<&'static Source> {
    let mut sources = ALL.iter();
    sources
        .find(|source| source.definition.name == name)
        .copied()
}

/// Makes the file. The rows are read at once, so that they fit together, and nothing is held while
/// they are written.
pub(crate) async fn export(task: Task) -> Result<Product, Stop> {
    let parameters: Parameters = task.asked()?;
    let gone = || Stop::Told("没有这个清单，请从列表重新导出".to_owned());
    let source = find(&parameters.list).ok_or_else(gone)?;
    let format = Format::find(&parameters.format).ok_or_else(gone)?;
    task.owner.demand(source.action)?;
    task.progress.step("读取记录", 0)?;
    let asked = Asked {
        region_code: parameters.region_code,
        year: parameters.year,
        actor: task.owner.actor.clone(),
        query: parameters.query,
    };
    let name = format!("{}.{}", (source.name)(&asked), format.ending());
    let title = (source.name)(&asked);
    let (rows, kept) = task
        .db
        .read(move |tx| {
            Ok::<_, db::Error>((
                (source.rows)(tx, &asked, MOST_FILE_ROWS)?,
                store::kept(tx, &asked.actor, source.definition.name)?,
            ))
        })
        .await?;
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    task.progress.step("写入文件", total)?;
    let progress = task.progress;
    let written = tokio::task::spawn_blocking(move || {
        file::bytes(source.definition, &kept, format, &title, rows, |done| {
            progress.at(i64::try_from(done).unwrap_or(i64::MAX)).is_ok()
        })
    });
    let written = written.await.map_err(|cause| Stop::Inside(cause.into()))?;
    Ok(Product::File {
        name,
        media_type: format.media_type(),
        bytes: written?.ok_or(Stop::Cancelled)?,
    })
}
