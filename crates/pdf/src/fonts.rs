//! The fonts that a page can be set in.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use rust_embed::RustEmbed;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, is_default_ignorable};
use typst::utils::LazyHash;

/// Fonts, read once and used for many documents.
///
/// The sheet asks for the official families first (仿宋, 楷体, 黑体, 小标宋), which a site may own,
/// and takes the open serif that the program brings along where they are missing.
#[derive(Debug, Clone)]
pub struct Fonts {
    pub(crate) faces: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
}

/// The open fonts that come with the pages' packages: Noto Serif SC, SIL Open Font License. They
/// are embedded in a release build and read from disk in a debug build.
#[derive(RustEmbed)]
#[folder = "../../assets/dist/fonts"]
#[include = "*.ttf"]
#[allow_missing = true]
struct Bundled;

/// Largest font file that is read, in bytes; collections of CJK fonts are about 100 MB.
const MOST_BYTES: u64 = 200 << 20;

impl Fonts {
    /// The open fonts that the program brings along; none when it was built without the assets.
    pub fn bundled() -> Self {
        let mut names: Vec<_> = Bundled::iter().collect();
        names.sort();
        let files = names.iter().filter_map(|name| Bundled::get(name));
        let faces = files.flat_map(|file| match file.data {
            Cow::Borrowed(bytes) => Font::iter(Bytes::new(bytes)).collect::<Vec<_>>(),
            Cow::Owned(bytes) => Font::iter(Bytes::new(bytes)).collect(),
        });
        Self::of(faces.collect())
    }

    /// Fonts from the bytes of font files. A file that is no font is left out.
    pub fn new(files: impl IntoIterator<Item = &'static [u8]>) -> Self {
        let faces = files
            .into_iter()
            .flat_map(|file| Font::iter(Bytes::new(file)));
        Self::of(faces.collect())
    }

    /// The same with the fonts that lie in a folder (`.ttf`, `.otf`, `.ttc`, `.otc`) added. A
    /// folder or a file that cannot be read adds nothing.
    #[must_use]
    pub fn with_folder(self, folder: &Path) -> Self {
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| is_font(path))
            .collect();
        files.sort();
        let mut faces = self.faces;
        for file in files {
            let small = std::fs::metadata(&file).is_ok_and(|meta| meta.len() <= MOST_BYTES);
            if let Some(bytes) = small.then(|| std::fs::read(&file).ok()).flatten() {
                faces.extend(Font::iter(Bytes::new(bytes)));
            }
        }
        Self::of(faces)
    }

    fn of(faces: Vec<Font>) -> Self {
        let book = LazyHash::new(FontBook::from_fonts(&faces));
        Self { faces, book }
    }

    /// The characters of the texts that are printed and that none of the fonts has.
    pub(crate) fn missing<'a>(&self, texts: impl Iterator<Item = &'a str>) -> BTreeSet<char> {
        let used: BTreeSet<char> = texts.flat_map(str::chars).collect();
        let fonts = || (0..self.faces.len()).filter_map(|index| self.book.info(index));
        let printed = |c: char| !c.is_whitespace() && !c.is_control() && !is_default_ignorable(c);
        used.into_iter()
            .filter(|c| printed(*c))
            .filter(|c| !fonts().any(|font| font.coverage.contains(u32::from(*c))))
            .collect()
    }

    /// Whether there is no font at all.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// The families that there are, in order of their names.
    pub fn families(&self) -> Vec<String> {
        self.book
            .families()
            .map(|(name, _)| name.to_owned())
            .collect()
    }
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ["ttf", "otf", "ttc", "otc"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}
