//! A document as Markdown (CommonMark with tables).

use crate::document::{Block, Document, Figure, Run, clean, squared};

/// The document as Markdown; whatever a text holds, it is shown as that text.
pub fn write(document: &Document) -> String {
    let mut parts = Vec::new();
    if !document.title.trim().is_empty() {
        parts.push(format!("# {}", inline(&document.title)));
    }
    parts.push(paragraph(&inline(&document.subtitle)));
    parts.extend(document.blocks.iter().map(block));
    parts.push(paragraph(&inline(&document.signed_by)));
    parts.push(paragraph(&inline(&document.dated)));
    parts.extend(document.annex.iter().map(block));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n") + "\n"
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => {
            let marks = "#".repeat(usize::from(*level.clamp(&1, &4)) + 1);
            format!("{marks} {}", inline(text))
        }
        Block::Paragraph(runs) => paragraph(&runs.iter().map(run).collect::<String>()),
        Block::Table {
            caption,
            columns,
            rows,
            ..
        } => table(caption, columns, rows),
    }
}

fn run(run: &Run) -> String {
    match run {
        Run::Text(text) => inline(text),
        Run::Figure(figure) => linked(figure),
    }
}

fn linked(figure: &Figure) -> String {
    let text = inline(&figure.text);
    let Some(href) = figure.link() else {
        return text;
    };
    // In `<…>` only these end an address; a space would stay one.
    let href = clean(href)
        .replace('\\', "%5C")
        .replace('<', "%3C")
        .replace('>', "%3E");
    let hint = inline(&figure.hint);
    format!("[{text}](<{}> \"{hint}\")", href.replace('&', "\\&"))
}

fn table(caption: &str, columns: &[String], rows: &[Vec<String>]) -> String {
    let (columns, rows) = squared(columns, rows);
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| inline(cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines = Vec::new();
    if !caption.trim().is_empty() {
        lines.extend([paragraph(&inline(caption)), String::new()]);
    }
    if !columns.is_empty() {
        lines.push(line(&columns));
        lines.push(format!("|{}", " --- |".repeat(columns.len())));
        lines.extend(rows.iter().map(|row| line(row)));
    }
    lines.join("\n")
}

/// Text with every mark escaped that Markdown reads inside a line.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if "\\`*_[]<>#|~&$!\"'^@:".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A paragraph whose first mark is not read as a list, a rule or a heading.
fn paragraph(text: &str) -> String {
    let text = text.trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (head, rest) = text.split_at(digits);
    let numbered = digits > 0 && rest.starts_with(['.', ')']);
    let marked = digits == 0 && rest.starts_with(['-', '+', '=']);
    if numbered || marked {
        format!("{head}\\{rest}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests;
