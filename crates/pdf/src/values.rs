//! A document as the values that the sheet reads.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use office::document::{
    Block, Document, Run, clean, column_widths, half_widths, is_number, signature_gaps, squared,
};
use typst::foundations::{Array, Dict, Str, Value};

use crate::Fonts;

/// Everything that stands on the page.
pub(crate) fn paper(document: &Document, fonts: &Fonts) -> Dict {
    let values = Values {
        missing: fonts.missing(document.texts()),
    };
    let (signed_gap, dated_gap) = signature_gaps(&document.signed_by, &document.dated);
    dict([
        ("name", plain(&clean(&document.title))),
        ("title", values.text(&document.title, TITLE_LINE)),
        ("subtitle", values.text(&document.subtitle, LINE)),
        ("blocks", values.blocks(&document.blocks)),
        ("signed_by", values.text(&document.signed_by, LINE)),
        ("dated", values.text(&document.dated, LINE)),
        ("signed_gap", number(signed_gap)),
        ("dated_gap", number(dated_gap)),
        ("signed", Value::Bool(document.is_signed())),
        ("annex", values.blocks(&document.annex)),
    ])
}

/// Longest piece without a break that a line takes, in half characters: 56 fill it, but a piece
/// that begins in its middle leaves a hole.
const LINE: usize = 40;
/// The same for the title, whose characters are larger.
const TITLE_LINE: usize = 30;

/// A row of fewer lines is not split between pages; a longer one may not fit on any.
const WHOLE_LINES: usize = 15;

struct Values {
    /// Characters that no font has.
    missing: BTreeSet<char>,
}

impl Values {
    fn blocks(&self, blocks: &[Block]) -> Value {
        list(blocks.iter().map(|block| self.block(block)))
    }

    fn block(&self, block: &Block) -> Value {
        Value::Dict(match block {
            Block::Heading { level, text: words } => dict([
                ("kind", plain("heading")),
                ("level", number((*level).clamp(1, 4).into())),
                ("text", self.text(words, LINE)),
            ]),
            Block::Paragraph(runs) => dict([
                ("kind", plain("paragraph")),
                ("runs", list(runs.iter().map(|run| self.run(run)))),
            ]),
            Block::Table {
                caption,
                columns,
                rows,
                ..
            } => self.table(caption, columns, rows),
        })
    }

    fn table(&self, caption: &str, columns: &[String], rows: &[Vec<String>]) -> Dict {
        let (columns, rows) = squared(columns, rows);
        let widths = column_widths(&columns, &rows);
        let cell = |words: &String, width: usize, whole: bool| {
            Value::Dict(dict([
                ("text", self.text(words, width)),
                ("number", Value::Bool(is_number(words))),
                ("whole", Value::Bool(whole)),
            ]))
        };
        let inner = || widths.iter().map(|width| width.saturating_sub(2).max(1));
        let row = |row: &Vec<String>| {
            let whole = row
                .iter()
                .zip(inner())
                .all(|(words, width)| half_widths(words) / width < WHOLE_LINES);
            list(
                row.iter()
                    .zip(inner())
                    .map(|(words, width)| cell(words, width, whole)),
            )
        };
        dict([
            ("kind", plain("table")),
            ("caption", self.text(caption, LINE)),
            ("widths", list(widths.iter().copied().map(number))),
            ("columns", row(&columns)),
            ("rows", list(rows.iter().map(row))),
        ])
    }

    fn run(&self, run: &Run) -> Value {
        let (missing, href) = match run {
            Run::Text(_) => (false, None),
            // A place on the same site means nothing in a file on a desk.
            Run::Figure(figure) => (
                figure.missing,
                figure.link().filter(|href| href.starts_with("http")),
            ),
        };
        Value::Dict(dict([
            ("text", self.text(run.text(), LINE)),
            ("missing", Value::Bool(missing)),
            ("href", href.map_or(Value::None, plain)),
        ]))
    }

    /// The words as pieces between which a line may be broken, beside where it may be anyway.
    fn text(&self, words: &str, line: usize) -> Value {
        let pieces = pieces(&self.printable(words), line);
        list(pieces.iter().map(|piece| plain(piece)))
    }

    /// The words with what no font has written as its code.
    ///
    /// House rule: a name with a character that cannot be printed must not lose it, and an empty
    /// box is the same for all of them.
    fn printable(&self, words: &str) -> String {
        let mut out = String::with_capacity(words.len());
        for c in clean(words).chars() {
            if self.missing.contains(&c) {
                put_code(&mut out, c);
            } else {
                out.push(c);
            }
        }
        out
    }
}

fn put_code(out: &mut String, c: char) {
    write!(out, "〔U+{:04X}〕", u32::from(c)).expect("a String takes every text");
}

/// Cuts what is longer than a line and has no place to be broken into short pieces.
fn pieces(words: &str, line: usize) -> Vec<String> {
    let unbroken = |c: char| !c.is_whitespace() && u32::from(c) < CJK;
    let mut pieces = Vec::new();
    let mut rest = words;
    let mut kept = String::new();
    while let Some(first) = rest.chars().next() {
        let same = unbroken(first);
        let end = rest.find(|c| unbroken(c) != same).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        if same && token.chars().count() > line {
            pieces.push(std::mem::take(&mut kept));
            let characters: Vec<char> = token.chars().collect();
            let few = characters.chunks(line.clamp(1, PIECE));
            pieces.extend(few.map(|piece| piece.iter().collect::<String>()));
        } else {
            kept.push_str(token);
        }
    }
    pieces.push(kept);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Length of a piece: short enough to fill a line, long enough to be copied as one word.
const PIECE: usize = 8;

/// From here on, lines may be broken between characters.
const CJK: u32 = 0x2E80;

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries
        .into_iter()
        .map(|(key, value)| (Str::from(key), value))
        .collect()
}

fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.collect::<Array>())
}

fn plain(words: &str) -> Value {
    Value::Str(Str::from(words))
}

/// Counts on a page are small.
fn number(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}
