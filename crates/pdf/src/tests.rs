//! What a reader of the file gets. The fonts are the bundled ones: `cargo xtask assets` brings
//! them.

use std::sync::LazyLock;

use office::document::{Block, Document, Figure, Run};

use super::*;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts = Fonts::bundled();
    assert!(
        !fonts.is_empty(),
        "the fonts are not there: run `cargo xtask assets`"
    );
    fonts
});

fn words(text: &str) -> Run {
    Run::Text(text.to_owned())
}

fn figure(text: &str, href: &str, missing: bool) -> Run {
    Run::Figure(Figure {
        text: text.to_owned(),
        id: "P3.3".to_owned(),
        href: Some(href.to_owned()),
        hint: String::new(),
        missing,
    })
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: text.to_owned(),
    }
}

/// A document with everything, and text that typst would read as markup.
fn sample() -> Document {
    let long = "围绕全方位、全过程、全覆盖的要求推进预算绩效管理，".repeat(12);
    Document {
        title: "关于2020年预算绩效管理工作情况的说明".to_owned(),
        subtitle: "（未定稿）".to_owned(),
        blocks: vec![
            heading(1, "一、总体情况"),
            Block::Paragraph(vec![words(&long)]),
            heading(2, "（一）过程管控体系"),
            heading(3, "1.事前绩效评估"),
            heading(4, "（1）范围"),
            Block::Paragraph(vec![
                words("完成"),
                figure("31", "https://jx.example/metrics/P3.3", false),
                words("个，#eval(\"1\") $x$ *b* _c_ `d` <e> @f \\ [g] {h} // i /* j */ ~"),
                figure("无", "javascript:alert(1)", true),
                words("。汉字㎡堃喆"),
            ]),
        ],
        signed_by: "绵竹市财政局".to_owned(),
        dated: "2021年3月5日".to_owned(),
        annex: vec![Block::Table {
            anchor: String::new(),
            caption: "附：数字来源".to_owned(),
            columns: vec!["编号".to_owned(), "数值".to_owned()],
            rows: (0..60)
                .map(|row| vec![format!("P{row}"), "1,234.50".to_owned()])
                .collect(),
        }],
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let (one, two) = (write(&sample(), &FONTS), write(&sample(), &FONTS));
    let one = one.unwrap();
    assert!(one.starts_with(b"%PDF-"));
    assert_eq!(one, two.unwrap());
}

#[test]
fn without_a_font_nothing_is_written() {
    assert!(matches!(
        write(&sample(), &Fonts::new([])),
        Err(Error::Fonts)
    ));
    let no_font: &'static [u8] = b"not a font";
    assert!(Fonts::new([no_font]).is_empty());
}

/// The words of the file as a reader would copy them, without white space.
fn copied(document: &Document) -> String {
    let file = write(document, &FONTS).unwrap();
    let text = pdf_extract::extract_text_from_mem(&file).unwrap();
    text.split_whitespace().collect()
}

#[test]
fn every_word_can_be_copied_in_order() {
    let document = sample();
    let copied = copied(&document);
    let mut rest = copied.as_str();
    for text in document.texts() {
        let text: String = text.split_whitespace().collect();
        // A page may end inside a text, and its number stands there.
        for piece in text.chars().collect::<Vec<_>>().chunks(6) {
            let piece: String = piece.iter().collect();
            let at = rest.find(&piece);
            let at = at.unwrap_or_else(|| panic!("「{piece}」 is not in 「{rest}」"));
            rest = &rest[at + piece.len()..];
        }
    }
}

#[test]
fn a_figure_leads_to_its_records_and_never_to_a_script() {
    let file = write(&sample(), &FONTS).unwrap();
    let document = lopdf::Document::load_mem(&file).unwrap();
    let shown = format!("{:?}", document.objects);
    assert!(shown.contains("https://jx.example/metrics/P3.3"));
    assert!(!shown.contains("javascript"));
}

#[test]
fn the_annex_begins_on_a_page_of_its_own_and_repeats_its_header() {
    let file = write(&sample(), &FONTS).unwrap();
    let pages = pdf_extract::extract_text_from_mem_by_pages(&file).unwrap();
    assert_eq!(pages.len(), 4, "{pages:#?}");
    assert!(pages[0].contains("绵竹市财政局") && !pages[0].contains("编号"));
    for page in &pages[1..] {
        assert!(page.contains("编号"), "{page}");
    }
    // 225 mm hold 22 lines of 28 characters: two of indent and 26 in the first line.
    let body: Vec<&str> = pages[0]
        .lines()
        .filter(|line| line.contains("全覆盖"))
        .collect();
    assert_eq!(body[0].trim().chars().count(), 26, "{body:?}");
}
