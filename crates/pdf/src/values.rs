//! A document as the values that the sheet reads.

use office::document::{
    Block, Document, Run, clean, column_widths, is_number, signature_gaps, squared,
};
use typst::foundations::{Array, Dict, Str, Value};

/// Everything that stands on the page.
pub(crate) fn paper(document: &Document) -> Dict {
    let (signed_gap, dated_gap) = signature_gaps(&document.signed_by, &document.dated);
    dict([
        ("title", text(&document.title)),
        ("subtitle", text(&document.subtitle)),
        ("blocks", blocks(&document.blocks)),
        ("signed_by", text(&document.signed_by)),
        ("dated", text(&document.dated)),
        ("signed_gap", number(signed_gap)),
        ("dated_gap", number(dated_gap)),
        ("annex", blocks(&document.annex)),
    ])
}

fn blocks(blocks: &[Block]) -> Value {
    list(blocks.iter().map(block))
}

fn block(block: &Block) -> Value {
    Value::Dict(match block {
        Block::Heading { level, text: words } => dict([
            ("kind", text("heading")),
            ("level", number((*level).clamp(1, 4).into())),
            ("text", text(words)),
        ]),
        Block::Paragraph(runs) => dict([
            ("kind", text("paragraph")),
            ("runs", list(runs.iter().map(run))),
        ]),
        Block::Table {
            caption,
            columns,
            rows,
            ..
        } => table(caption, columns, rows),
    })
}

fn table(caption: &str, columns: &[String], rows: &[Vec<String>]) -> Dict {
    let (columns, rows) = squared(columns, rows);
    let widths = column_widths(&columns, &rows);
    let row = |row: &Vec<String>| list(row.iter().map(|words| cell(words)));
    dict([
        ("kind", text("table")),
        ("caption", text(caption)),
        ("widths", list(widths.into_iter().map(number))),
        ("columns", list(columns.iter().map(|head| text(head)))),
        ("rows", list(rows.iter().map(row))),
    ])
}

fn cell(words: &str) -> Value {
    Value::Dict(dict([
        ("text", text(words)),
        ("number", Value::Bool(is_number(words))),
    ]))
}

fn run(run: &Run) -> Value {
    let (missing, href) = match run {
        Run::Text(_) => (false, None),
        // A place on the same site means nothing in a file on a desk.
        Run::Figure(figure) => (
            figure.missing,
            figure.link().filter(|href| href.starts_with("http")),
        ),
    };
    Value::Dict(dict([
        ("text", text(run.text())),
        ("missing", Value::Bool(missing)),
        ("href", href.map_or(Value::None, text)),
    ]))
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries
        .into_iter()
        .map(|(key, value)| (Str::from(key), value))
        .collect()
}

fn list(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.collect::<Array>())
}

fn text(words: &str) -> Value {
    Value::Str(Str::from(clean(words)))
}

/// Counts on a page are small.
fn number(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}
