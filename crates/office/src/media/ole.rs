//! Documents in OLE containers: the binary formats of Office and WPS.

use std::io::{Read, Seek};

use super::{Media, MediaError};

/// Entries that are read; a container of more is none that an office program writes.
const MOST_ENTRIES: usize = 10_000;

pub(super) fn detect<R: Read + Seek>(file: &mut R) -> Result<Media, MediaError> {
    let container = cfb::CompoundFile::open(file).map_err(|_| MediaError::Corrupt)?;
    let names: Vec<String> = container
        .walk()
        .take(MOST_ENTRIES)
        .map(|entry| entry.name().to_owned())
        .collect();
    let has = |name: &str| names.iter().any(|found| found == name);
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return Err(MediaError::Encrypted);
    }
    if has("_VBA_PROJECT") || has("_VBA_PROJECT_CUR") || has("Macros") {
        return Err(MediaError::Macro);
    }
    if has("Workbook") || has("Book") {
        Ok(Media::Xls)
    } else if has("WordDocument") {
        Ok(Media::Doc)
    } else if has("PowerPoint Document") {
        Ok(Media::Ppt)
    } else {
        Err(MediaError::Unknown)
    }
}
