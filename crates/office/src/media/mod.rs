//! What kind of document or picture a file is, told by its bytes, and whether it is safe to keep.
//!
//! The file is read through [`Read`] and [`Seek`], so that it need not be in memory as a whole.

mod ole;
mod package;
#[cfg(test)]
mod tests;

use std::io::{Read, Seek, SeekFrom};

/// A kind of file that can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Media {
    /// PDF.
    Pdf,
    /// OFD (GB/T 33190), the national layout format.
    Ofd,
    /// Word in the open format.
    Docx,
    /// Excel in the open format.
    Xlsx,
    /// `PowerPoint` in the open format.
    Pptx,
    /// Word or WPS text in the binary format.
    Doc,
    /// Excel or WPS tables in the binary format.
    Xls,
    /// `PowerPoint` or WPS slides in the binary format.
    Ppt,
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// TIFF.
    Tiff,
}

impl Media {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Pdf,
        Self::Ofd,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Doc,
        Self::Xls,
        Self::Ppt,
        Self::Png,
        Self::Jpeg,
        Self::Tiff,
    ];

    /// Its word on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Ofd => "OFD",
            Self::Docx | Self::Doc => "Word 文档",
            Self::Xlsx | Self::Xls => "Excel 表格",
            Self::Pptx | Self::Ppt => "演示文稿",
            Self::Png => "PNG 图片",
            Self::Jpeg => "JPEG 图片",
            Self::Tiff => "TIFF 图片",
        }
    }

    /// The media type of a web answer.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
        }
    }

    /// The kind of that media type.
    pub fn find(content_type: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|media| media.content_type() == content_type)
    }

    /// The endings that its files have, in lower case; the usual one first.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Ofd => &["ofd"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Doc => &["doc", "wps"],
            Self::Xls => &["xls", "et"],
            Self::Ppt => &["ppt", "dps"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Tiff => &["tif", "tiff"],
        }
    }
}

/// Why a file is not kept. The text is for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// Nothing is in the file.
    #[error("文件是空的（0 字节），请检查后重新选择")]
    Empty,
    /// The content is of a kind that is not kept.
    #[error("文件内容是{0}，不能作为附件，请转成 PDF 后再传")]
    Other(&'static str),
    /// The content is of no kind that is known.
    #[error("认不出这是什么文件，请用 PDF、OFD、Word、Excel、演示文稿或图片（PNG、JPEG、TIFF）")]
    Unknown,
    /// The file needs a password.
    #[error("文件有打开密码，别人打不开，请去掉密码后再传")]
    Encrypted,
    /// The file is damaged.
    #[error("文件已损坏，请打开确认后另存一份再传")]
    Corrupt,
    /// The container unpacks to far more than a document holds.
    #[error("文件解压后的内容异常庞大（疑似压缩炸弹），已拒绝，请另存一份或转成 PDF 再传")]
    Bomb,
    /// There is a program in the document.
    #[error("文件里有宏，不能作为附件，请另存为不含宏的格式或转成 PDF 再传")]
    Macro,
    /// The bytes cannot be read.
    #[error("文件读不出来，请重新上传")]
    Unreadable,
}

/// How many bytes at a file's beginning tell its kind.
const HEAD: usize = 512;

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Beginnings that tell the kind at once.
const PLAIN: [(&[u8], Media); 5] = [
    (b"%PDF-", Media::Pdf),
    (b"\x89PNG\r\n\x1a\n", Media::Png),
    (b"\xFF\xD8\xFF", Media::Jpeg),
    (b"II*\0", Media::Tiff),
    (b"MM\0*", Media::Tiff),
];

/// Beginnings of what people try nevertheless.
const OTHERS: [(&[u8], &str); 9] = [
    (b"Rar!", "压缩包（RAR）"),
    (b"7z\xBC\xAF", "压缩包（7z）"),
    (b"\x1F\x8B", "压缩包（GZ）"),
    (b"{\\rtf", " Word 文档（RTF）"),
    (b"MZ", "程序"),
    (b"\x7FELF", "程序"),
    (b"#!", "程序"),
    (b"GIF8", "图片（GIF）"),
    (b"BM", "图片（BMP）"),
];

/// Tells the kind of a file of `size` bytes.
///
/// # Errors
/// It is none that is kept, or it is not safe to keep.
pub fn detect<R: Read + Seek>(file: &mut R, size: u64) -> Result<Media, MediaError> {
    if size == 0 {
        return Err(MediaError::Empty);
    }
    let mut head = Vec::new();
    file.take(HEAD as u64)
        .read_to_end(&mut head)
        .map_err(|_| MediaError::Unreadable)?;
    file.seek(SeekFrom::Start(0))
        .map_err(|_| MediaError::Unreadable)?;
    if head.starts_with(b"PK") {
        return package::detect(file, size);
    }
    if head.starts_with(OLE) {
        return ole::detect(file);
    }
    let plain = PLAIN.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, media)) = plain {
        return Ok(*media);
    }
    let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, what)) = other {
        return Err(MediaError::Other(what));
    }
    Err(text_kind(&head).map_or(MediaError::Unknown, MediaError::Other))
}

/// What a text is, as far as it must not be taken for a document.
fn text_kind(head: &[u8]) -> Option<&'static str> {
    if head.contains(&0) {
        return None;
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let text = text.to_ascii_lowercase();
    if text.contains("<svg") {
        Some("矢量图（SVG）")
    } else if [
        "<!doctype html",
        "<html",
        "<script",
        "<head",
        "<body",
        "<meta",
    ]
    .iter()
    .any(|tag| text.contains(tag))
    {
        Some("网页（HTML）")
    } else if text.starts_with("<?xml") {
        Some(" XML 文件")
    } else {
        Some("文本")
    }
}
