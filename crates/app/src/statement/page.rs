//! The statement as a page: the sheet, what is missing in it, and its outline.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use domain::statement::Statement;
use web::query::Query as Address;
use web::{Error, Shell};

use super::{Composed, Format, Links};
use crate::serve::{App, Frame};

#[derive(Template)]
#[template(path = "statement/statement.html")]
struct StatementPage {
    shell: Shell,
    /// The sheet as HTML, its texts escaped; none where there is no data at all.
    sheet: Option<String>,
    headings: Vec<Heading>,
    missing: usize,
    exports: Vec<Export>,
}

/// A heading of the outline.
struct Heading {
    level: u8,
    text: String,
    /// Its number, which its anchor has.
    number: usize,
    progress: Progress,
}

/// Whether what stands under a heading is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// Only headings stand under it.
    Empty,
    Final,
    Missing,
}

/// A format that can be chosen.
struct Export {
    label: &'static str,
    href: String,
    ending: &'static str,
    /// Whether it is made as a job.
    is_long: bool,
}

/// `GET /statement`
pub(super) async fn show(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let Some(composed) = load(&app, &frame).await? else {
        return web::page(&StatementPage {
            sheet: None,
            headings: Vec::new(),
            missing: 0,
            exports: Vec::new(),
            shell: frame.shell.at("/statement"),
        });
    };
    let export = |format: Format| Export {
        label: format.label(),
        ending: format.ending(),
        is_long: format.is_long(),
        href: Address::new()
            .with("year", frame.shell.year.to_string())
            .with("format", format.ending())
            .at("/statement/export"),
    };
    let document = super::document(&composed, &Links::Site(String::new()));
    web::page(&StatementPage {
        sheet: Some(office::html::fragment(&document)),
        headings: headings(&composed.statement),
        missing: composed.statement.missing.len(),
        exports: Format::ALL.into_iter().map(export).collect(),
        shell: frame.shell.at("/statement"),
    })
}

fn headings(statement: &Statement) -> Vec<Heading> {
    (1..)
        .zip(&statement.parts)
        .map(|(number, part)| Heading {
            level: part.level,
            text: part.heading.clone(),
            number,
            progress: if part.paragraphs.is_empty() {
                Progress::Empty
            } else if statement.missing.contains(&part.heading) {
                Progress::Missing
            } else {
                Progress::Final
            },
        })
        .collect()
}

/// The statement of the frame's year with last year's metrics; none in a database without data.
async fn load(app: &App, frame: &Frame) -> Result<Option<Composed>, Error> {
    if frame.region_code.is_empty() {
        return Ok(None);
    }
    let (region, year) = (frame.region_code.clone(), i32::try_from(frame.shell.year)?);
    let composed = app.db.read(move |tx| {
        let mut composed = super::load(tx, &region, year)?;
        super::read_last_year(tx, &region, &mut composed)?;
        Ok::<_, db::Error>(composed)
    });
    Ok(Some(composed.await?))
}
