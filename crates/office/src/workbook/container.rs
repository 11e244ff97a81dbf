//! What kind of file it is, and whether it is safe to unpack.

use std::io::{Cursor, Read, Seek, Write};

use super::{Limits, ReadError};

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A zip container with a workbook in it (xlsx, xlsm).
    Xlsx,
    /// An OLE container with a workbook in it (xls).
    Xls,
    /// Text: CSV, or something that the caller knows (JSON).
    Text,
}

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Beginnings of files that people rename to `.xlsx`.
const OTHERS: [(&[u8], &str); 13] = [
    (b"%PDF", " PDF 文档"),
    (b"\x89PNG", "图片（PNG）"),
    (b"\xFF\xD8\xFF", "图片（JPEG）"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
    (b"II*\0", "图片（TIFF）"),
    (b"MM\0*", "图片（TIFF）"),
    (b"Rar!", "压缩包（RAR）"),
    (b"7z\xBC\xAF", "压缩包（7z）"),
    (b"\x1F\x8B", "压缩包（GZ）"),
    (b"{\\rtf", " Word 文档（RTF）"),
    (b"MZ", "程序"),
    (b"SQLite format 3", "数据库"),
];

/// Tells the kind of a file by its content.
///
/// # Errors
/// [`ReadError::Empty`], [`ReadError::Encrypted`] and [`ReadError::NotAWorkbook`] for what is
/// plainly no workbook.
pub fn sniff(bytes: &[u8]) -> Result<Container, ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if bytes.starts_with(b"PK") {
        return sniff_zip(bytes);
    }
    if bytes.starts_with(OLE) {
        return sniff_ole(bytes);
    }
    // BM and MZ are also how a text may begin; a text holds no zero byte.
    let binary = bytes.iter().take(4096).any(|byte| *byte == 0);
    for (magic, what) in OTHERS {
        if bytes.starts_with(magic) && (magic.len() > 2 || binary) {
            return Err(ReadError::NotAWorkbook(what));
        }
    }
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4096)).unwrap_or(bytes));
    let head = head
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    if ["<!doctype html", "<html", "<table", "<head", "<meta"]
        .iter()
        .any(|tag| head.starts_with(tag))
        || (head.starts_with("<?xml") && head.contains("<html"))
    {
        return Err(ReadError::NotAWorkbook("网页（HTML）"));
    }
    if head.starts_with("<?xml") || head.starts_with("<workbook") {
        return Err(ReadError::NotAWorkbook(" XML 文件"));
    }
    if head.starts_with("mime-version:") {
        return Err(ReadError::NotAWorkbook("网页（MHTML）"));
    }
    Ok(Container::Text)
}

fn sniff_zip(bytes: &[u8]) -> Result<Container, ReadError> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Corrupt)?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    if has("xl/workbook.xml") {
        return Ok(Container::Xlsx);
    }
    Err(if has("xl/workbook.bin") {
        ReadError::NotAWorkbook("二进制工作簿（XLSB）")
    } else if has("xl/") {
        ReadError::Corrupt
    } else if has("word/") {
        ReadError::NotAWorkbook(" Word 文档")
    } else if has("ppt/") {
        ReadError::NotAWorkbook("演示文稿")
    } else if has("mimetype") {
        ReadError::NotAWorkbook("开放文档（ODS 等）")
    } else {
        ReadError::NotAWorkbook("压缩包（ZIP）")
    })
}

fn sniff_ole(bytes: &[u8]) -> Result<Container, ReadError> {
    // Names of streams stand in the container's directory as UTF-16.
    let names = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if names("EncryptedPackage") || names("EncryptionInfo") {
        return Err(ReadError::Encrypted);
    }
    if names("Workbook") || names("Book") {
        return Ok(Container::Xls);
    }
    Err(if names("WordDocument") {
        ReadError::NotAWorkbook(" Word 文档")
    } else if names("PowerPoint Document") {
        ReadError::NotAWorkbook("演示文稿")
    } else {
        ReadError::Corrupt
    })
}

/// Checks the container's table of contents, then unpacks every part into nothing while counting,
/// so that a container that lies about its sizes is caught before anything is kept.
pub(super) fn check_unpacked(bytes: &[u8], limits: &Limits) -> Result<Seen, ReadError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| ReadError::Corrupt)?;
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    check_archive(&mut archive, packed, limits)
}

/// What was met while a container was checked: a sheet is read once more for each of these, and
/// most lists have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    /// Whether a part may hold a formula.
    pub(super) formulas: bool,
    /// Whether a part may hold merged cells.
    pub(super) merges: bool,
}

/// Counts nothing and keeps nothing: looks for the marks of [`Seen`] in what passes.
#[derive(Default)]
struct Looked {
    seen: Seen,
    /// The end of what passed, in which a mark may begin.
    tail: Vec<u8>,
}

/// What a part with merged cells holds.
const MERGES: &[u8] = b"mergeCells";

impl Looked {
    /// A formula stands in an element whose name, behind its prefix, is `f`.
    fn look(&mut self, bytes: &[u8]) {
        for (at, letters) in bytes.windows(3).enumerate() {
            match letters {
                [
                    b'<' | b':',
                    b'f',
                    b'>' | b'/' | b' ' | b'\t' | b'\r' | b'\n',
                ] => {
                    self.seen.formulas = true;
                }
                [b'm', b'e', b'r'] if !self.seen.merges => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    self.seen.merges = rest.starts_with(MERGES);
                }
                _ => {}
            }
        }
    }
}

impl Write for Looked {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let keep = MERGES.len() - 1;
        let (head, _) = bytes.split_at(keep.min(bytes.len()));
        let mut seam = std::mem::take(&mut self.tail);
        seam.extend_from_slice(head);
        self.look(&seam);
        self.look(bytes);
        let whole = if bytes.len() < keep { &seam } else { bytes };
        let (_, end) = whole.split_at(whole.len().saturating_sub(keep));
        self.tail = end.to_vec();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// [`check_unpacked`] of a container that is open already and has `packed` bytes.
pub(crate) fn check_archive<R: Read + Seek>(
    archive: &mut zip::ZipArchive<R>,
    packed: u64,
    limits: &Limits,
) -> Result<Seen, ReadError> {
    if archive.len() > limits.parts || archive.has_overlapping_entries().unwrap_or(true) {
        return Err(ReadError::Bomb);
    }
    // A small file may pack well; the ratio tells a bomb only when there is much of it.
    let allowed = limits
        .unpacked_bytes
        .min(packed.saturating_mul(limits.ratio).max(8 << 20));
    let declared: u64 = (0..archive.len())
        .filter_map(|part| Some(archive.by_index_raw(part).ok()?.size()))
        .fold(0, u64::saturating_add);
    if declared > allowed {
        return Err(ReadError::Bomb);
    }
    let mut left = allowed;
    let mut looked = Looked::default();
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|_| ReadError::Corrupt)?;
        if file.encrypted() {
            return Err(ReadError::Encrypted);
        }
        let mut counted = file.take(left.saturating_add(1));
        let read = std::io::copy(&mut counted, &mut looked);
        left = match read {
            Ok(count) if count > left => return Err(ReadError::Bomb),
            Ok(count) => left - count,
            Err(_) => return Err(ReadError::Corrupt),
        };
        looked.tail.clear();
    }
    Ok(looked.seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_seen_wherever_a_piece_of_the_part_ends() {
        for (text, formulas, merges) in [
            ("<c r=\"A1\"><f>B1</f></c>", true, false),
            ("<x:c><x:f t=\"shared\" si=\"0\"/></x:c>", true, false),
            ("</sheetData><mergeCells count=\"1\">", false, true),
            ("<fonts><font/></fonts><f1>f</f1> mergeCell", false, false),
        ] {
            for size in 1..=text.len() {
                let mut looked = Looked::default();
                for piece in text.as_bytes().chunks(size) {
                    looked.write_all(piece).unwrap();
                }
                assert_eq!(looked.seen, Seen { formulas, merges }, "{text} by {size}");
            }
        }
    }
}
