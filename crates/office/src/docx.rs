//! A document as a Word file on the official page.
//!
//! Source: GB/T 9704—2012, 5.2: A4, 版心 156 mm × 225 mm, 天头 37 mm, 订口 28 mm, 每面22行，每行28字,
//! 正文 3号仿宋; 7.3.1: 标题 2号小标宋; 7.3.3: 层次 "一、""（一）""1.""（1）" in 黑体, 楷体, 仿宋;
//! 7.5: 页码 4号半角宋体, 单页居右空一字, 双页居左空一字, 一字线 7 mm under the 版心.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, DocGrid, DocGridType, Docx, Footer, Hyperlink, HyperlinkType, LineSpacing,
    LineSpacingType, PageMargin, PageNum, Paragraph, Run as Words, RunFonts, SectionProperty,
    Shading, SpecialIndentType, Style, StyleType, Table, TableAlignmentType, TableCell,
    TableCellMargins, TableLayoutType, TableRow, VAlignType, WidthType,
};

use crate::document::{
    Block, Document, Figure, Run, clean, column_widths, is_number, signature_gaps, squared,
};

/// Why a Word file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("Word 文件未能写出：{0}")]
pub struct Error(String);

/// Twentieths of a point.
type Twips = i32;

const PAGE_WIDTH: u32 = 11906;
const PAGE_HEIGHT: u32 = 16838;
const TOP: Twips = 2098;
const BOTTOM: Twips = 1984;
const LEFT: Twips = 1587;
const RIGHT: Twips = 1471;
const TEXT_WIDTH: usize = 8848;
/// 225 mm over 22 lines.
const LINE: Twips = 579;
const TITLE_LINE: Twips = 660;
/// 156 mm over 28 characters.
const CHARACTER: Twips = 316;
/// What makes characters of 16 pt take a 28th of the line.
const CHARACTER_SPACE: Twips = CHARACTER - 320;
/// From the edge of the paper to the foot of the page number's line.
const FOOTER: Twips = 1304;

/// 2号, 3号, 4号 and 小四 in half points.
const SIZE_2: usize = 44;
const SIZE_3: usize = 32;
const SIZE_4: usize = 28;
const SIZE_TABLE: usize = 24;

const TITLE_FONT: &str = "方正小标宋简体";
const BODY_FONT: &str = "仿宋_GB2312";
const HEI_FONT: &str = "黑体";
const KAI_FONT: &str = "楷体_GB2312";
const SONG_FONT: &str = "宋体";
const LATIN_FONT: &str = "Times New Roman";

/// Writes the document as docx.
///
/// All text is text: nothing in it is read as a field, a formula or markup.
pub fn write(document: &Document) -> Result<Vec<u8>, Error> {
    let mut docx = page().add_paragraph(
        Paragraph::new()
            .style("Title")
            .add_run(Words::new().add_text(clean(&document.title))),
    );
    if document.subtitle.is_empty() {
        docx = docx.add_paragraph(Paragraph::new());
    } else {
        docx = docx.add_paragraph(subtitle(&document.subtitle));
    }
    let last = document.blocks.len().saturating_sub(1);
    for (index, block) in document.blocks.iter().enumerate() {
        docx = match block {
            // A signature does not stand on a page without text.
            Block::Paragraph(runs) if index == last && document.is_signed() => {
                docx.add_paragraph(runs.iter().fold(body().keep_next(true), add_run))
            }
            _ => add_block(docx, block),
        };
    }
    docx = signed(docx, document);
    for (number, block) in document.annex.iter().enumerate() {
        if number == 0 {
            docx = docx.add_paragraph(thin().page_break_before(true));
        }
        docx = add_block(docx, block);
    }
    let mut parts = docx.build();
    parts.document = repeat_header_rows(parts.document)?;
    parts.styles = fill_normal_style(parts.styles)?;
    parts.font_table = FONT_TABLE.as_bytes().to_vec();
    let mut file = Cursor::new(Vec::new());
    parts
        .pack(&mut file)
        .map_err(|cause| Error(cause.to_string()))?;
    Ok(file.into_inner())
}

fn page() -> Docx {
    let margin = PageMargin::new()
        .top(TOP)
        .bottom(BOTTOM)
        .left(LEFT)
        .right(RIGHT)
        .header(851)
        .footer(FOOTER);
    let grid = DocGrid::new()
        .grid_type(DocGridType::Lines)
        .line_pitch(LINE.unsigned_abs() as usize);
    let mut docx = Docx::new();
    docx.document.section_property = SectionProperty::new().doc_grid(grid);
    docx.page_size(PAGE_WIDTH, PAGE_HEIGHT)
        .page_margin(margin)
        .default_size(SIZE_3)
        .default_fonts(font(BODY_FONT))
        .default_line_spacing(exactly(LINE))
        .footer(footer(AlignmentType::Right))
        .even_footer(footer(AlignmentType::Left))
        .add_style(title_style())
        .add_style(heading_style(1, HEI_FONT))
        .add_style(heading_style(2, KAI_FONT))
        .add_style(heading_style(3, BODY_FONT))
        .add_style(heading_style(4, BODY_FONT))
}

fn font(name: &str) -> RunFonts {
    let latin = if name == BODY_FONT { LATIN_FONT } else { name };
    RunFonts::new()
        .east_asia(name)
        .ascii(latin)
        .hi_ansi(latin)
        .cs(latin)
}

fn exactly(line: Twips) -> LineSpacing {
    LineSpacing::new()
        .line_rule(LineSpacingType::Exact)
        .line(line)
        .before(0)
        .after(0)
}

fn title_style() -> Style {
    Style::new("Title", StyleType::Paragraph)
        .name("Title")
        .based_on("Normal")
        .next("Normal")
        .align(AlignmentType::Center)
        .size(SIZE_2)
        .fonts(font(TITLE_FONT))
        .line_spacing(exactly(TITLE_LINE))
}

fn heading_style(level: usize, name: &str) -> Style {
    Style::new(format!("Heading{level}"), StyleType::Paragraph)
        .name(format!("heading {level}"))
        .based_on("Normal")
        .next("Normal")
        .outline_lvl(level - 1)
        .size(SIZE_3)
        .fonts(font(name))
        .line_spacing(exactly(LINE))
        .indent(
            None,
            Some(SpecialIndentType::FirstLine(2 * CHARACTER)),
            None,
            None,
        )
        .first_line_chars(200)
}

fn footer(side: AlignmentType) -> Footer {
    let dash = |text: &str| {
        Words::new()
            .add_text(text)
            .size(SIZE_4)
            .fonts(font(SONG_FONT))
    };
    let number = Paragraph::new()
        .align(side)
        .indent(Some(CHARACTER), None, Some(CHARACTER), None)
        .add_run(dash("— "))
        .add_page_num(PageNum::new())
        .add_run(dash(" —"))
        .size(SIZE_4)
        .fonts(font(SONG_FONT));
    Footer::new().add_paragraph(number)
}

fn subtitle(text: &str) -> Paragraph {
    let words = Words::new().add_text(clean(text)).fonts(font(KAI_FONT));
    Paragraph::new().align(AlignmentType::Center).add_run(words)
}

fn body() -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Both)
        .indent(
            None,
            Some(SpecialIndentType::FirstLine(2 * CHARACTER)),
            None,
            None,
        )
        .first_line_chars(200)
}

fn add_block(docx: Docx, block: &Block) -> Docx {
    match block {
        Block::Heading { level, text } => docx.add_paragraph(
            Paragraph::new()
                .style(&format!("Heading{}", level.clamp(&1, &4)))
                .keep_next(true)
                .add_run(Words::new().add_text(clean(text))),
        ),
        Block::Paragraph(runs) => docx.add_paragraph(runs.iter().fold(body(), add_run)),
        Block::Table {
            caption,
            columns,
            rows,
            ..
        } => {
            let (columns, rows) = squared(columns, rows);
            let docx = if caption.is_empty() {
                docx
            } else {
                docx.add_paragraph(above(caption))
            };
            if columns.is_empty() {
                return docx;
            }
            // Word joins two tables with nothing between them.
            docx.add_table(table(&columns, &rows)).add_paragraph(thin())
        }
    }
}

fn add_run(paragraph: Paragraph, run: &Run) -> Paragraph {
    let words = Words::new().add_text(clean(run.text()));
    let Run::Figure(figure) = run else {
        return paragraph.add_run(words);
    };
    let words = if figure.missing {
        words.shading(Shading::new().color("auto").fill("D9D9D9"))
    } else {
        words
    };
    match web_address(figure) {
        Some(href) => {
            paragraph.add_hyperlink(Hyperlink::new(href, HyperlinkType::External).add_run(words))
        }
        None => paragraph.add_run(words),
    }
}

/// A place on the same site means nothing in a file on a desk.
fn web_address(figure: &Figure) -> Option<&str> {
    figure.link().filter(|href| href.starts_with("http"))
}

/// A paragraph that takes no room: behind a full page it must not begin another.
fn thin() -> Paragraph {
    Paragraph::new()
        .snap_to_grid(false)
        .line_spacing(exactly(20))
}

fn above(caption: &str) -> Paragraph {
    let words = Words::new().add_text(clean(caption)).fonts(font(HEI_FONT));
    Paragraph::new()
        .align(AlignmentType::Center)
        .keep_next(true)
        .add_run(words)
}

fn table(columns: &[String], rows: &[Vec<String>]) -> Table {
    let needs = column_widths(columns, rows);
    let total: usize = needs.iter().sum();
    let widths: Vec<usize> = needs.iter().map(|need| need * TEXT_WIDTH / total).collect();
    let line = |cells: &[String], head: bool| {
        let cells = cells
            .iter()
            .zip(&widths)
            .map(|(text, width)| cell(text, *width, head));
        TableRow::new(cells.collect())
    };
    // No row is split between pages; `repeat_header_rows` finds the first by this.
    let mut lines = vec![line(columns, true).cant_split()];
    lines.extend(rows.iter().map(|row| line(row, false).cant_split()));
    Table::new(lines)
        .set_grid(widths.clone())
        .width(TEXT_WIDTH, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(40, 80, 40, 80))
}

fn cell(text: &str, width: usize, head: bool) -> TableCell {
    let side = match (head, is_number(text)) {
        (true, _) => AlignmentType::Center,
        (false, true) => AlignmentType::Right,
        (false, false) => AlignmentType::Left,
    };
    let face = if head { HEI_FONT } else { SONG_FONT };
    let words = Words::new()
        .add_text(text)
        .size(SIZE_TABLE)
        .fonts(font(face).ascii(LATIN_FONT).hi_ansi(LATIN_FONT));
    let paragraph = Paragraph::new()
        .align(side)
        .snap_to_grid(false)
        .line_spacing(exactly(360))
        .add_run(words);
    TableCell::new()
        .width(width, WidthType::Dxa)
        .vertical_align(VAlignType::Center)
        .add_paragraph(paragraph)
}

fn signed(mut docx: Docx, document: &Document) -> Docx {
    let gaps = signature_gaps(&document.signed_by, &document.dated);
    let followed = !document.dated.is_empty();
    let lines = [
        (&document.signed_by, gaps.0, followed),
        (&document.dated, gaps.1, false),
    ];
    if document.is_signed() {
        docx = docx.add_paragraph(Paragraph::new().keep_next(true));
    }
    for (text, gap, keep) in lines.into_iter().filter(|(text, ..)| !text.is_empty()) {
        let gap = i32::try_from(gap).unwrap_or(0) * CHARACTER / 2;
        docx = docx.add_paragraph(
            Paragraph::new()
                .align(AlignmentType::Right)
                .indent(None, None, Some(gap), None)
                .keep_next(keep)
                .add_run(Words::new().add_text(clean(text))),
        );
    }
    docx
}

/// Marks the header rows so that Word repeats them on each page; docx-rs cannot say it.
///
/// The first row of each table is its header. The marks cannot come from a text, where `<` is
/// written `&lt;`.
fn repeat_header_rows(xml: Vec<u8>) -> Result<Vec<u8>, Error> {
    let xml = String::from_utf8(xml).map_err(|cause| Error(cause.to_string()))?;
    let (table, mark) = ("<w:tbl>", "<w:cantSplit />");
    let tables = xml.split(table).enumerate().map(|(number, part)| {
        if number == 0 {
            part.to_owned()
        } else {
            part.replacen(mark, "<w:cantSplit /><w:tblHeader />", 1)
        }
    });
    Ok(tables.collect::<Vec<_>>().join(table).into_bytes())
}

/// Gives running text its size and spacing; docx-rs writes that style empty.
///
/// A grid of characters (`linesAndChars`) would say the same, but LibreOffice gives each character
/// wider than a cell two of them, so that a line holds 14 instead of 28.
fn fill_normal_style(xml: Vec<u8>) -> Result<Vec<u8>, Error> {
    let xml = String::from_utf8(xml).map_err(|cause| Error(cause.to_string()))?;
    let bare =
        r#"<w:style w:type="paragraph" w:styleId="Normal"><w:name w:val="Normal" /><w:rPr />"#;
    let filled = format!(
        "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">\
         <w:name w:val=\"Normal\" />\
         <w:rPr><w:spacing w:val=\"{CHARACTER_SPACE}\" />\
         <w:sz w:val=\"{SIZE_3}\" /><w:szCs w:val=\"{SIZE_3}\" /></w:rPr>"
    );
    if !xml.contains(bare) {
        return Err(Error("正文样式缺失".to_owned()));
    }
    Ok(xml.replacen(bare, &filled, 1).into_bytes())
}

/// The fonts by name, and what a machine without them should take.
const FONT_TABLE: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">"#,
    r#"<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/>"#,
    r#"<w:pitch w:val="variable"/></w:font>"#,
    r#"<w:font w:name="方正小标宋简体"><w:altName w:val="宋体"/><w:charset w:val="86"/>"#,
    r#"<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>"#,
    r#"<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/><w:charset w:val="86"/>"#,
    r#"<w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>"#,
    r#"<w:font w:name="楷体_GB2312"><w:altName w:val="楷体"/><w:charset w:val="86"/>"#,
    r#"<w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>"#,
    r#"<w:font w:name="黑体"><w:altName w:val="SimHei"/><w:charset w:val="86"/>"#,
    r#"<w:family w:val="modern"/><w:pitch w:val="fixed"/></w:font>"#,
    r#"<w:font w:name="宋体"><w:altName w:val="SimSun"/><w:charset w:val="86"/>"#,
    r#"<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>"#,
    "</w:fonts>",
);

#[cfg(test)]
mod tests;
