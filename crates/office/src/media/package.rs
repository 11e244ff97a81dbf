//! Documents in zip containers.

use std::io::{Read, Seek};

use super::{Media, MediaError};
use crate::workbook::{Limits, ReadError, check_archive};

/// What a document may unpack to.
///
/// House rule: a report with photographs has some hundred parts and hardly shrinks; what unpacks to
/// 150 times its size or to more than 500 MB is a mistake or an attack.
const LIMITS: Limits = Limits {
    file_bytes: u64::MAX,
    unpacked_bytes: 500 << 20,
    ratio: 150,
    parts: 5_000,
    sheets: 0,
    rows: 0,
    columns: 0,
    cells: 0,
};

/// The part by which a document's kind is told.
const PARTS: [(&str, Media); 4] = [
    ("word/document.xml", Media::Docx),
    ("xl/workbook.xml", Media::Xlsx),
    ("ppt/presentation.xml", Media::Pptx),
    ("OFD.xml", Media::Ofd),
];

/// The parts that hold programs.
const PROGRAMS: [&str; 3] = ["vbaproject.bin", "vbadata.xml", "activex"];

pub(super) fn detect<R: Read + Seek>(file: &mut R, size: u64) -> Result<Media, MediaError> {
    let mut archive = zip::ZipArchive::new(file).map_err(|_| MediaError::Corrupt)?;
    let names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .collect();
    let found = PARTS
        .iter()
        .find(|(part, _)| names.iter().any(|name| name == part));
    let media = match found {
        Some((_, media)) => *media,
        None if names.iter().any(|name| name == "mimetype") => {
            return Err(MediaError::Other("开放文档（ODF）"));
        }
        None => return Err(MediaError::Other("压缩包（ZIP）")),
    };
    let is_program = |name: &String| {
        let name = name.to_ascii_lowercase();
        PROGRAMS.iter().any(|program| name.contains(program))
    };
    if names.iter().any(is_program) {
        return Err(MediaError::Macro);
    }
    check_archive(&mut archive, size, &LIMITS).map_err(|error| match error {
        ReadError::Bomb => MediaError::Bomb,
        ReadError::Encrypted => MediaError::Encrypted,
        _ => MediaError::Corrupt,
    })?;
    Ok(media)
}
