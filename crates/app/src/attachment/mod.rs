//! 附件: files attached to records, kept once each in the database.

mod blob;
mod deletion;
mod download;
mod name;
mod part;
mod rights;
mod scan;
mod store;
#[cfg(test)]
mod tests;
mod upload;
pub(crate) mod worker;

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use db::{Error, Tx};
use domain::attachment::{Form, Type};
use domain::permission::Action;
use office::media::Media;

use crate::serve::{Access, Route};

pub(crate) use blob::{PIECE_BYTES, proven_pieces};
pub(crate) use part::{OfObject, Part, of_object, part};
pub(crate) use scan::Scanner;

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    const RECORD: Access = Access::Record(Action::View);
    vec![
        Route::new(
            "/records/{kind}/{id}/attachments",
            "/records/performance_target/t-20/attachments",
            RECORD,
            // The guard around all routes limits the body, and each type has its own limit.
            get(part::show)
                .post(upload::upload)
                .layer(DefaultBodyLimit::disable()),
        ),
        Route::new(
            "/attachments/{id}",
            "/attachments/none",
            RECORD,
            get(download::download),
        ),
        Route::new(
            "/attachments/{id}/deletion",
            "/attachments/none/deletion",
            RECORD,
            get(deletion::ask).post(deletion::delete),
        ),
    ]
}

/// Whether the record has an attachment of the type that may be opened: what
/// [`domain::workflow::Condition::AttachmentsComplete`] asks of each required type. A file that
/// waits for the scanner, or that was shut away, does not count.
///
/// # Errors
/// The database fails.
pub(crate) fn has(tx: &mut Tx<'_>, kind: &str, id: &str, wanted: Type) -> Result<bool, Error> {
    store::has(tx, (kind, id), wanted.name())
}

/// The sort of file, as the types know it.
fn form(media: Media) -> Form {
    match media {
        Media::Pdf | Media::Ofd => Form::Page,
        Media::Png | Media::Jpeg | Media::Tiff => Form::Picture,
        Media::Doc | Media::Docx => Form::Text,
        Media::Xls | Media::Xlsx => Form::Table,
        Media::Ppt | Media::Pptx => Form::Slides,
    }
}

/// The kinds of file that a type takes, as a sentence lists them.
fn taken(wanted: Type) -> String {
    let words: Vec<&str> = wanted
        .forms()
        .iter()
        .map(|form| match form {
            Form::Page => "PDF、OFD",
            Form::Picture => "图片",
            Form::Text => "Word 文档",
            Form::Table => "Excel 表格",
            Form::Slides => "演示文稿",
        })
        .collect();
    words.join("、")
}

/// `1.2 MB`, `340 KB`.
fn size(bytes: i64) -> String {
    let tenths = |unit: i64| {
        let tenths = bytes.saturating_mul(10).saturating_add(unit / 2) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    if bytes >= 1 << 20 {
        format!("{} MB", tenths(1 << 20))
    } else {
        format!("{} KB", (bytes.saturating_add(1023)) / 1024)
    }
}
