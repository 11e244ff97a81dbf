//! A document as plain data: what docx, pdf, html and md are all written from.

/// A document: a title, lines under the title, blocks, and what stands at its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The title, centred.
    pub title: String,
    /// A line under the title, such as a mark that the document is not final. May be empty.
    pub subtitle: String,
    /// Headings, paragraphs and tables in reading order.
    pub blocks: Vec<Block>,
    /// Who signs it, at the right under the text. May be empty.
    pub signed_by: String,
    /// The date under the signature, as text. May be empty.
    pub dated: String,
    /// What follows on a page of its own: where the figures come from, lists of records.
    pub annex: Vec<Block>,
}

/// One block of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of level 1 (一、) to 4 (（1）).
    Heading {
        /// 1 to 4.
        level: u8,
        /// The whole text with its number.
        text: String,
    },
    /// A paragraph of running text.
    Paragraph(Vec<Run>),
    /// A table with a header row.
    Table {
        /// A name that a figure's `#name` leads to, where the medium has such links. May be empty.
        anchor: String,
        /// The line above the table. May be empty.
        caption: String,
        /// Column headings.
        columns: Vec<String>,
        /// Rows; each has as many cells as there are columns.
        rows: Vec<Vec<String>>,
    },
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Words.
    Text(String),
    /// A figure that can be traced.
    Figure(Figure),
}

/// A figure that can be traced to its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// As printed: `24`, `100%`, `无`.
    pub text: String,
    /// Identifier of what it counts.
    pub id: String,
    /// Where the records behind it are listed. `None` in media without links.
    pub href: Option<String>,
    /// What to show when it is pointed at: name, formula.
    pub hint: String,
    /// Whether no record stands behind it, so that the reader must be warned.
    pub missing: bool,
}

impl Figure {
    /// Where the figure leads, if that is a web address or a place on the same site.
    ///
    /// Anything else (`javascript:`, a file path with a drive) is not made a link.
    pub fn link(&self) -> Option<&str> {
        let href = self.href.as_deref()?.trim();
        let local = href.starts_with(['/', '#', '?', '.']);
        let web = href.starts_with("http://") || href.starts_with("https://");
        ((local || web) && href.len() < MAX_HREF_BYTES).then_some(href)
    }
}

impl Run {
    /// The words as printed.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Figure(figure) => &figure.text,
        }
    }
}

impl Document {
    /// Every text of the document that is printed, in reading order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let head = [self.title.as_str(), self.subtitle.as_str()];
        let foot = [self.signed_by.as_str(), self.dated.as_str()];
        head.into_iter()
            .chain(self.blocks.iter().flat_map(Block::texts))
            .chain(foot)
            .chain(self.annex.iter().flat_map(Block::texts))
    }
}

impl Document {
    /// Whether a signature or a date stands under the text.
    pub fn is_signed(&self) -> bool {
        !(self.signed_by.is_empty() && self.dated.is_empty())
    }
}

impl Block {
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Heading { text, .. } => vec![text],
            Self::Paragraph(runs) => runs.iter().map(Run::text).collect(),
            Self::Table {
                caption,
                columns,
                rows,
                ..
            } => std::iter::once(caption)
                .chain(columns)
                .chain(rows.iter().flatten())
                .map(String::as_str)
                .collect(),
        }
    }
}

/// Longest address that is made a link, in bytes; typst refuses 8,000.
const MAX_HREF_BYTES: usize = 2000;

/// Text as a document may print it: one line, without control characters.
///
/// Line breaks and tabs become a space. Other control characters and the marks that turn the
/// direction of writing go: XML forbids the former, the latter can make a figure read backwards.
pub fn clean(text: &str) -> String {
    let kept = |c: &char| {
        !c.is_control()
            && !matches!(*c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
            && !matches!(*c, '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}')
    };
    let spaced = |c: char| {
        if matches!(c, '\n' | '\t' | '\r') {
            ' '
        } else {
            c
        }
    };
    text.replace("\r\n", "\n")
        .chars()
        .map(spaced)
        .filter(kept)
        .collect()
}

/// Width of a text in half characters: a Chinese character counts two, a letter or digit one.
pub fn half_widths(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// How far a signature and its date stand from the right edge, in half characters.
///
/// The date ends four characters from the edge and the signature is centred over it.
/// Source: GB/T 9704—2012, 7.3.5.1 "成文日期一般右空四字编排，……以成文日期为准居中编排发文机关署名".
pub fn signature_gaps(signed_by: &str, dated: &str) -> (usize, usize) {
    const GAP: usize = 8;
    let (signed, date) = (half_widths(signed_by), half_widths(dated));
    if date == 0 {
        return (GAP, GAP);
    }
    if signed <= date {
        return (GAP + (date - signed) / 2, GAP);
    }
    let beyond = (signed - date) / 2;
    // A long name must not leave the page: then the date moves in instead.
    if beyond <= GAP {
        (GAP - beyond, GAP)
    } else {
        (0, beyond)
    }
}

/// Whether a cell holds a number, so that it is set at the right of its column.
pub fn is_number(cell: &str) -> bool {
    cell.chars().any(|c| c.is_ascii_digit())
        && cell
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '%' | '+'))
}

/// A table squared: as many columns as its widest row has, missing cells empty.
pub fn squared(columns: &[String], rows: &[Vec<String>]) -> (Vec<String>, Vec<Vec<String>>) {
    let width = rows
        .iter()
        .map(Vec::len)
        .chain([columns.len()])
        .max()
        .unwrap_or(0);
    let fill = |cells: &[String]| {
        let mut line: Vec<String> = cells.iter().map(|cell| clean(cell)).collect();
        line.resize(width, String::new());
        line
    };
    (fill(columns), rows.iter().map(|row| fill(row)).collect())
}

/// How many half characters a table's line holds: 156 mm of 小四, less what the borders take.
const TABLE_LINE: usize = 70;

/// How wide each column of a squared table is, in half characters; together they fill the line.
///
/// A column that needs no more than its share gets what it needs, so that a number or a short
/// word is never broken; the long ones share what is left.
pub fn column_widths(columns: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let widest = |index: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(index))
            .chain(columns.get(index));
        cells.map(|cell| half_widths(cell)).max().unwrap_or(0)
    };
    let needs: Vec<usize> = (0..columns.len())
        .map(|index| widest(index).max(2) + PADDING)
        .collect();
    let mut widths = vec![0; needs.len()];
    let mut left = TABLE_LINE;
    let mut open: Vec<usize> = (0..needs.len()).collect();
    loop {
        let share = left / open.len().max(1);
        let (fits, wide): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|index| needs[**index] <= share);
        if fits.is_empty() || wide.is_empty() {
            for index in open {
                // The line is filled; what is left over goes to all in equal parts.
                widths[index] = share.max(1);
            }
            return widths;
        }
        for index in fits {
            widths[index] = needs[index];
            left = left.saturating_sub(needs[index]);
        }
        open = wide;
    }
}

/// What a cell's left and right margins take, in half characters.
const PADDING: usize = 2;
