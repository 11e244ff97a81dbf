//! A document as a web page that looks like the official paper.

use std::fmt::Write as _;

use crate::document::{Block, Document, Figure, Run, clean, is_number, squared};

/// How the sheet looks, for the page that embeds [`fragment`].
pub const STYLE: &str = include_str!("sheet.css");

/// The document as a page of its own: no script, nothing loaded from elsewhere.
///
/// After the text stands the annex, where there is one.
pub fn write(document: &Document) -> String {
    let title = escape(&document.title);
    let sheet = fragment(document);
    let annex = annex(document);
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\" />\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body class=\"paper-page\">\n{sheet}{annex}</body>\n</html>\n"
    )
}

/// The sheet alone, for a page that brings its own shell and [`STYLE`].
///
/// Each figure is an element with class `figure` and `data-figure` = its identifier.
pub fn fragment(document: &Document) -> String {
    let mut out = String::from("<article class=\"paper\">\n");
    line(&mut out, "h1", "paper-title", &document.title);
    line(&mut out, "p", "paper-subtitle", &document.subtitle);
    let mut sections = 0;
    for block in &document.blocks {
        sections += usize::from(matches!(block, Block::Heading { .. }));
        add_block(&mut out, block, sections);
    }
    if !(document.signed_by.is_empty() && document.dated.is_empty()) {
        out.push_str("<div class=\"paper-signature\">\n");
        line(&mut out, "p", "paper-signed", &document.signed_by);
        line(&mut out, "p", "paper-dated", &document.dated);
        out.push_str("</div>\n");
    }
    out.push_str("</article>\n");
    out
}

/// Adds to the text; writing to a `String` cannot fail.
macro_rules! put {
    ($out:expr, $($part:tt)*) => {
        write!($out, $($part)*).expect("a String takes every text")
    };
}

fn line(out: &mut String, tag: &str, class: &str, text: &str) {
    if !text.is_empty() {
        put!(out, "<{tag} class=\"{class}\">{}</{tag}>\n", escape(text));
    }
}

fn add_block(out: &mut String, block: &Block, section: usize) {
    match block {
        Block::Heading { level, text } => {
            let tag = level.clamp(&1, &4) + 1;
            let id = if section > 0 {
                format!(" id=\"section-{section}\"")
            } else {
                String::new()
            };
            put!(out, "<h{tag}{id}>{}</h{tag}>\n", escape(text));
        }
        Block::Paragraph(runs) => {
            out.push_str("<p>");
            for run in runs {
                add_run(out, run);
            }
            out.push_str("</p>\n");
        }
        Block::Table {
            anchor,
            caption,
            columns,
            rows,
        } => add_table(out, anchor, caption, columns, rows),
    }
}

fn add_run(out: &mut String, run: &Run) {
    match run {
        Run::Text(text) => out.push_str(&escape(text)),
        Run::Figure(figure) => add_figure(out, figure),
    }
}

fn add_figure(out: &mut String, figure: &Figure) {
    let missing = if figure.missing {
        " figure-missing"
    } else {
        ""
    };
    let (tag, href) = match figure.link() {
        Some(href) => ("a", format!(" href=\"{}\"", escape(href))),
        None => ("span", String::new()),
    };
    let hint = match (figure.hint.is_empty(), figure.missing) {
        (hint, true) => format!(
            "{}{}无记录支撑",
            escape(&figure.hint),
            if hint { "" } else { "；" }
        ),
        (_, false) => escape(&figure.hint),
    };
    let (id, text) = (escape(&figure.id), escape(&figure.text));
    put!(
        out,
        "<{tag} class=\"figure{missing}\" data-figure=\"{id}\"{href} title=\"{hint}\">"
    );
    put!(out, "{text}</{tag}>");
}

fn add_table(
    out: &mut String,
    anchor: &str,
    caption: &str,
    columns: &[String],
    rows: &[Vec<String>],
) {
    let (columns, rows) = squared(columns, rows);
    if columns.is_empty() {
        return line(out, "p", "paper-caption", caption);
    }
    let id = if anchor.is_empty() {
        String::new()
    } else {
        format!(" id=\"{}\"", escape(anchor))
    };
    put!(out, "<div class=\"paper-table\"{id}><table>\n");
    if !caption.is_empty() {
        put!(out, "<caption>{}</caption>\n", escape(caption));
    }
    out.push_str("<thead><tr>");
    for column in &columns {
        put!(out, "<th scope=\"col\">{}</th>", escape(column));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &rows {
        out.push_str("<tr>");
        for cell in row {
            let class = if is_number(cell) {
                " class=\"number\""
            } else {
                ""
            };
            put!(out, "<td{class}>{}</td>", escape(cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
}

fn annex(document: &Document) -> String {
    let mut out = String::new();
    if document.annex.is_empty() {
        return out;
    }
    out.push_str("<section class=\"paper-annex\">\n");
    for block in &document.annex {
        add_block(&mut out, block, 0);
    }
    out.push_str("</section>\n");
    out
}

/// Text as it may stand in an element or in a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
