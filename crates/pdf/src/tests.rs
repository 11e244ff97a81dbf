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

/// The lines of each page as a reader would copy them, without its number.
fn lines(document: &Document) -> Vec<Vec<String>> {
    let file = write(document, &FONTS).unwrap();
    let pages = pdf_extract::extract_text_from_mem_by_pages(&file).unwrap();
    let lines = |page: &String| -> Vec<String> {
        page.lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty() && !line.starts_with('—'))
            .collect()
    };
    pages.iter().map(lines).collect()
}

fn paragraphs(texts: &[String]) -> Document {
    Document {
        blocks: texts
            .iter()
            .map(|text| Block::Paragraph(vec![words(text)]))
            .collect(),
        ..Document::default()
    }
}

#[test]
fn a_page_holds_22_lines_wherever_a_paragraph_ends() {
    let pages = lines(&paragraphs(&vec![
        "预算绩效管理工作".repeat(10);
        40
    ]));
    // An empty title and subtitle take the first page's two first lines.
    assert_eq!(pages[1].len(), 22, "{pages:#?}");
    assert_eq!(pages[2].len(), 22);
}

#[test]
fn what_has_no_place_to_break_is_broken_and_not_cut_off() {
    let number = "1234567890".repeat(12);
    let text = format!("编号{number}。");
    let mut document = paragraphs(std::slice::from_ref(&text));
    assert_eq!(copied(&document).replace("—1—", ""), text);
    for line in lines(&document).concat() {
        let line = line.replace(' ', "");
        assert!(office::document::half_widths(&line) <= 56, "{line}");
    }
    document.blocks = vec![Block::Table {
        anchor: String::new(),
        caption: String::new(),
        columns: vec![String::new(); 6],
        rows: vec![vec![number.clone(); 6]],
    }];
    assert_eq!(copied(&document).matches('9').count(), 6 * 12);
    for line in lines(&document).concat() {
        assert!(line.replace(' ', "").chars().count() <= 70, "{line}");
    }
}

#[test]
fn a_character_that_no_font_has_is_printed_as_its_code() {
    let mut document = paragraphs(&["李\u{2B5B8}堃\u{FE0F}".to_owned()]);
    document
        .blocks
        .push(Block::Paragraph(vec![figure("\u{10FFFD}24", "/a", false)]));
    let copied = copied(&document);
    assert!(copied.contains("李〔U+2B5B8〕堃"), "{copied}");
    assert!(copied.contains("〔U+10FFFD〕24"), "{copied}");
}

#[test]
fn a_signature_never_stands_alone_on_its_page() {
    for filled in 15..25 {
        let mut document = paragraphs(&vec!["绩效".to_owned(); filled]);
        document.signed_by = "绵竹市财政局".to_owned();
        document.dated = "2021年3月5日".to_owned();
        let pages = lines(&document);
        let last = pages.last().expect("a page");
        assert!(last.contains(&"绩效".to_owned()), "{filled}: {pages:#?}");
        assert!(
            last.contains(&"绵竹市财政局".to_owned()),
            "{filled}: {pages:#?}"
        );
    }
}

#[test]
fn rows_stay_whole_and_one_longer_than_a_page_is_split() {
    let row = |lines: usize| vec!["甲".to_owned(), "乙丙丁戊己庚辛".repeat(4 * lines)];
    let mut document = paragraphs(&[]);
    document.blocks = vec![Block::Table {
        anchor: String::new(),
        caption: String::new(),
        columns: vec!["一".to_owned(), "二".to_owned()],
        rows: (0..30).map(|_| row(3)).chain([row(60)]).collect(),
    }];
    let pages = lines(&document);
    assert!(pages[1].iter().any(|line| line.contains('甲')));
    let whole = pages.concat().concat();
    assert_eq!(whole.matches('庚').count(), 4 * (30 * 3 + 60));
}
