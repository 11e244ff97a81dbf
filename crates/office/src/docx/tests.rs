use std::io::Read as _;

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::sample::hostile;

fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a docx is a zip");
    let mut text = String::new();
    archive
        .by_name(name)
        .expect(name)
        .read_to_string(&mut text)
        .expect("utf-8");
    text
}

/// The words of each paragraph, read back as Word would; panics on XML that is not well formed.
fn paragraphs(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut lines, mut in_text) = (vec![String::new()], false);
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) if tag.name().as_ref() == b"w:t" => in_text = true,
            Event::End(tag) if tag.name().as_ref() == b"w:t" => in_text = false,
            Event::End(tag) if tag.name().as_ref() == b"w:p" => lines.push(String::new()),
            Event::Text(text) if in_text => {
                let line = lines.last_mut().expect("never empty");
                line.push_str(&text.decode().expect("utf-8"));
            }
            Event::GeneralRef(entity) if in_text => {
                let name = entity.decode().expect("utf-8");
                let c = quick_xml::escape::resolve_predefined_entity(&name).expect("known entity");
                lines.last_mut().expect("never empty").push_str(c);
            }
            Event::Eof => return lines,
            _ => {}
        }
    }
}

fn words_of(document: &Document) -> Vec<String> {
    paragraphs(&part(
        &write(document).expect("written"),
        "word/document.xml",
    ))
}

#[test]
fn every_text_comes_back_as_it_was() {
    let words = words_of(&hostile());
    let body = "=1+1 </w:t><w:cantSplit /> #eval(\"1\") $x$ \\n @a *b* _c_ `d` [e](f) 24无个 次。";
    for expected in [
        "关于<2020>年&工作",
        "一、总体#情况",
        body,
        "教育局|<b>",
        "1,234.50",
        "绵竹市财政局",
    ] {
        assert!(
            words.iter().any(|line| line == expected),
            "{expected} in {words:?}"
        );
    }
}

#[test]
fn page_is_the_official_page() {
    let file = write(&hostile()).expect("written");
    let xml = part(&file, "word/document.xml");
    let millimetres = |twips: Twips| (twips * 254 + 7200) / 14400;
    assert_eq!(
        [TOP, BOTTOM, LEFT, RIGHT].map(millimetres),
        [37, 35, 28, 26]
    );
    for expected in [
        r#"w:w="11906" w:h="16838""#,
        r#"w:top="2098" w:right="1471" w:bottom="1984" w:left="1587""#,
        r#"w:type="lines" w:linePitch="579""#,
        r#"<w:footerReference w:type="even""#,
    ] {
        assert!(xml.contains(expected), "{expected} in {xml}");
    }
    assert!(part(&file, "word/settings.xml").contains("w:evenAndOddHeaders"));
    let styles = part(&file, "word/styles.xml");
    for face in [TITLE_FONT, BODY_FONT, HEI_FONT, KAI_FONT] {
        assert!(styles.contains(face), "{face}");
    }
    let footers = [
        part(&file, "word/footer1.xml"),
        part(&file, "word/footer2.xml"),
    ];
    assert!(
        footers
            .iter()
            .all(|footer| footer.contains("<w:instrText>PAGE</w:instrText>"))
    );
}

#[test]
fn running_text_is_set_28_characters_to_a_line() {
    let file = write(&hostile()).expect("written");
    let styles = part(&file, "word/styles.xml");
    let normal = r#"<w:name w:val="Normal" /><w:rPr><w:spacing w:val="-4" /><w:sz w:val="32" />"#;
    assert!(styles.contains(normal), "{styles}");
    // 16 pt less 4 twentieths, 28 times, just fill the line.
    let line = usize::try_from(28 * (16 * 20 + CHARACTER_SPACE)).expect("positive");
    assert!((line..line + 20).contains(&TEXT_WIDTH));
    let beside = PAGE_WIDTH.cast_signed() - LEFT - RIGHT;
    assert_eq!(usize::try_from(beside), Ok(TEXT_WIDTH));
}

#[test]
fn signature_and_date_stay_with_the_last_paragraph() {
    let mut document = hostile();
    document
        .blocks
        .retain(|block| matches!(block, Block::Paragraph(_)));
    document.annex.clear();
    let kept = |document: &Document| {
        part(&write(document).expect("written"), "word/document.xml")
            .matches("<w:keepNext />")
            .count()
    };
    // The paragraph, the empty line and the signer; not the date.
    assert_eq!(kept(&document), 3);
    document.signed_by.clear();
    document.dated.clear();
    assert_eq!(kept(&document), 0);
}

#[test]
fn rows_are_not_split_and_only_the_header_rows_repeat() {
    let xml = part(&write(&hostile()).expect("written"), "word/document.xml");
    assert_eq!(xml.matches("<w:tblHeader />").count(), 2);
    assert_eq!(xml.matches("<w:tr>").count(), 5);
    assert_eq!(xml.matches("<w:cantSplit />").count(), 5);
    for table in xml.split("<w:tbl>").skip(1) {
        let head = table.split("</w:tr>").next().expect("a row");
        assert!(head.contains("<w:tblHeader />"), "{head}");
    }
}

#[test]
fn missing_figure_is_shaded_and_never_a_script_link() {
    let file = write(&hostile()).expect("written");
    assert_eq!(
        part(&file, "word/document.xml").matches("D9D9D9").count(),
        1
    );
    let links = part(&file, "word/_rels/document.xml.rels");
    assert!(
        links.contains("http://127.0.0.1:8080/metrics/P1.1?year=2020&amp;kind=a"),
        "{links}"
    );
    assert!(!links.contains("javascript"));
}

#[test]
fn empty_document_is_still_a_page() {
    assert!(words_of(&Document::default()).iter().all(String::is_empty));
}

proptest! {
    #[test]
    fn any_text_survives(text in any::<String>()) {
        let paragraph = Block::Paragraph(vec![Run::Text(text.clone())]);
        let document = Document { blocks: vec![paragraph], ..Document::default() };
        prop_assert_eq!(words_of(&document).concat(), clean(&text));
    }
}
