//! What typst may see: the sheet, its values and the fonts. No file, no clock, no network.

use std::path::PathBuf;

use office::document::Document;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::{Fonts, values};

/// The sheet with one document's values.
pub(crate) struct Sheet<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    source: Source,
}

impl<'a> Sheet<'a> {
    pub(crate) fn new(document: &Document, fonts: &'a Fonts) -> Self {
        let library = Library::builder()
            .with_inputs(values::paper(document, fonts))
            .build();
        Self {
            library: LazyHash::new(library),
            fonts,
            source: Source::detached(include_str!("sheet.typ")),
        }
    }
}

impl World for Sheet<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() {
            Ok(self.source.clone())
        } else {
            Err(FileError::NotFound(PathBuf::new()))
        }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::NotFound(PathBuf::new()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
