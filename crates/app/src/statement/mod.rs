//! 年度情况说明: the annual statement, each figure from a metric, in five formats.

mod export;
mod facts;
mod json;
mod page;
#[cfg(test)]
mod page_tests;
mod paper;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use axum::routing::{get, post};
use db::{Error, Tx};
use domain::metrics::{Computed, Figure};
use domain::permission::Action;
use domain::statement::{Run, Statement, compose};

use crate::metrics::{self, Metric, Record};
use crate::serve::{Access, Route};
use facts::Gathered;

pub(crate) use export::job;
pub use json::statement_json;
pub use paper::{Links, document};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/statement",
            "/statement",
            Access::May(Action::ReadStatistics),
            get(page::show),
        ),
        Route::new(
            "/statement/export",
            "/statement/export?format=md",
            Access::May(Action::ReadStatistics),
            get(export::save),
        ),
        Route::new(
            "/statement/files",
            "/statement/files",
            Access::May(Action::ReadStatistics),
            post(export::begin),
        ),
    ]
}

/// A composed statement with the metrics that it was composed from.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The work year.
    pub year: i32,
    /// Who signs it.
    pub bureau_name: String,
    /// The text with its figures.
    pub statement: Statement,
    /// Every metric of the year.
    pub metrics: Vec<Metric>,
    /// The records behind each figure, as far as they were read, and how many there are. Empty
    /// until [`read_records`] is called.
    pub records: BTreeMap<String, (Vec<Record>, usize)>,
    /// Every metric of the year before, to set beside; empty until [`read_last_year`] is called.
    pub last_year: Vec<Metric>,
}

impl Composed {
    /// Every figure of every metric, with its key and value.
    pub fn figures(&self) -> impl Iterator<Item = (String, &'static Figure, &Computed)> {
        self.metrics.iter().flat_map(Metric::figures)
    }
}

/// Most records of one figure that a file carries.
const MOST_RECORDS: i64 = 1000;

/// Reads the records behind each figure that the statement prints, for a file that stands alone.
///
/// # Errors
/// A query that fails.
pub fn read_records(tx: &mut Tx<'_>, region: &str, composed: &mut Composed) -> Result<(), Error> {
    let mut records = BTreeMap::new();
    for part in &composed.statement.parts {
        for run in part.paragraphs.iter().flatten() {
            let Run::Figure(figure) = run else { continue };
            if records.contains_key(&figure.key) {
                continue;
            }
            let page = (MOST_RECORDS, 0);
            let list = metrics::records(tx, region, composed.year, &figure.key, page)?;
            let total = metrics::count(tx, region, composed.year, &figure.key)?;
            records.insert(figure.key.clone(), (list, total));
        }
    }
    composed.records = records;
    Ok(())
}

/// Reads the metrics of the year before, for a page that sets them beside.
///
/// # Errors
/// A query that fails.
pub fn read_last_year(tx: &mut Tx<'_>, region: &str, composed: &mut Composed) -> Result<(), Error> {
    composed.last_year = metrics::all(tx, region, composed.year - 1)?;
    Ok(())
}

/// Composes the statement of a region's work year from what is recorded.
///
/// # Errors
/// A query that fails.
pub fn load(tx: &mut Tx<'_>, region: &str, year: i32) -> Result<Composed, Error> {
    let metrics = metrics::all(tx, region, year)?;
    let titles = facts::titles(tx, region, year)?;
    // Data may come before the region's own names do: then its code stands for it.
    let row = tx.find(store::REGION, &[&region])?;
    let (name, bureau_name) = match row {
        Some(row) => (row.text("name")?, row.text("bureau_name")?),
        None => (region.to_owned(), String::new()),
    };
    let next_steps = tx
        .find(store::PLAN, &[&region, &year])?
        .map(|row| row.text("next_steps"))
        .transpose()?
        .unwrap_or_default();
    let gathered = Gathered {
        metrics: &metrics,
        titles,
    };
    let statement = compose(year, &name, &gathered, &next_steps);
    Ok(Composed {
        year,
        bureau_name,
        statement,
        metrics,
        records: BTreeMap::new(),
        last_year: Vec::new(),
    })
}

/// How a statement can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Word
    Docx,
    /// PDF
    Pdf,
    /// A web page of its own.
    Html,
    /// Markdown
    Md,
    /// Figures with their metrics and positions.
    Json,
}

impl Format {
    /// Every format, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Docx, Self::Pdf, Self::Html, Self::Md, Self::Json];

    /// The ending of a file's name.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Html => "html",
            Self::Md => "md",
            Self::Json => "json",
        }
    }

    /// Whether writing it takes longer than a moment: pages are set line by line.
    pub(crate) fn is_long(self) -> bool {
        self == Self::Pdf
    }

    /// What the format is called where one chooses it.
    fn label(self) -> &'static str {
        match self {
            Self::Docx => "Word 文档（.docx）",
            Self::Pdf => "PDF（.pdf）",
            Self::Html => "网页（.html）",
            Self::Md => "Markdown（.md）",
            Self::Json => "数据（.json）",
        }
    }

    /// Where the figures of a file lead: to the site, or to the lists that a page carries itself.
    pub(crate) fn links(self, site: Option<&str>) -> Links {
        match (site, self) {
            (Some(site), _) => Links::Site(site.trim_end_matches('/').to_owned()),
            (None, Self::Html) => Links::Annex,
            (None, _) => Links::None,
        }
    }

    /// The media type, for downloads.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
            Self::Html => "text/html; charset=utf-8",
            Self::Md => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// Why a statement could not be written; the text is for the user.
#[derive(Debug, thiserror::Error)]
#[error("文件没有写成：{0}")]
pub struct WriteError(String);

/// The bytes of a statement in one format.
///
/// # Errors
/// A writer that fails.
pub fn write(composed: &Composed, format: Format, links: &Links) -> Result<Vec<u8>, WriteError> {
    if format == Format::Json {
        return Ok(format!("{:#}\n", statement_json(composed)).into_bytes());
    }
    write_paper(&document(composed, links), format)
}

/// The bytes of any document in one format.
///
/// # Errors
/// A writer that fails, or a format that is no document's.
pub(crate) fn write_paper(
    paper: &office::document::Document,
    format: Format,
) -> Result<Vec<u8>, WriteError> {
    let text = match format {
        Format::Docx => {
            return office::docx::write(paper).map_err(|error| WriteError(error.to_string()));
        }
        Format::Pdf => return pdf(paper),
        Format::Html => office::html::write(paper),
        Format::Md => office::markdown::write(paper),
        Format::Json => return Err(WriteError("文档没有数据格式".to_owned())),
    };
    Ok(text.into_bytes())
}

/// A folder with the site's own fonts, such as 方正小标宋 and 仿宋, which are preferred.
#[cfg(feature = "pdf")]
const FONTS_FOLDER: &str = "JIXIAO_FONTS";

#[cfg(feature = "pdf")]
fn pdf(paper: &office::document::Document) -> Result<Vec<u8>, WriteError> {
    static FONTS: std::sync::OnceLock<pdf::Fonts> = std::sync::OnceLock::new();
    let fonts = FONTS.get_or_init(|| match std::env::var_os(FONTS_FOLDER) {
        Some(folder) => pdf::Fonts::bundled().with_folder(std::path::Path::new(&folder)),
        None => pdf::Fonts::bundled(),
    });
    pdf::write(paper, fonts).map_err(|error| WriteError(error.to_string()))
}

#[cfg(not(feature = "pdf"))]
fn pdf(_paper: &office::document::Document) -> Result<Vec<u8>, WriteError> {
    Err(WriteError("这个程序编译时没有带 PDF 功能".to_owned()))
}
