//! A plain document as a PDF page that looks like the official paper.
//!
//! Typesetting is done by typst; the sheet (`sheet.typ`) is ours, and every word of the document
//! goes into it as a value, so that nothing in a text is read as markup.

mod fonts;
#[cfg(test)]
mod tests;
mod values;
mod world;

use office::document::Document;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

pub use fonts::Fonts;

/// Why no PDF was made. The text names no content of the document.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No font can be read, or none has Chinese characters.
    #[error("PDF 排版没有可用的字体：请先运行 cargo xtask assets 再编译，或检查字体文件夹")]
    Fonts,
    /// The sheet could not be typeset; what typst says of it.
    #[error("PDF 排版失败：{0}")]
    Typeset(String),
}

/// Writes the document as PDF. The same document and fonts give the same bytes.
///
/// Source: GB/T 9704—2012, 5.2 and 7.3: A4, 版心 156 mm × 225 mm, 22 lines of 28 characters, 3号
/// body, 2号 title, page numbers at the outer edge.
///
/// # Errors
/// No font that can be used.
pub fn write(document: &Document, fonts: &Fonts) -> Result<Vec<u8>, Error> {
    if fonts.is_empty() {
        return Err(Error::Fonts);
    }
    let world = world::Sheet::new(document, fonts);
    let pages = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|errors| failed(&errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(document.title.clone()),
        creator: Smart::Custom(Some("jixiao".to_owned())),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&pages, &options).map_err(|errors| failed(&errors))
}

fn failed(errors: &[SourceDiagnostic]) -> Error {
    let messages: Vec<String> = errors
        .iter()
        .map(|error| error.message.to_string())
        .collect();
    Error::Typeset(messages.join("；"))
}
