use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::sample::hostile;

/// The text of a page, read back; panics on markup that is not well formed.
fn text_of(page: &str) -> String {
    let mut reader = Reader::from_str(page);
    let mut words = String::new();
    loop {
        match reader.read_event().expect("well-formed page") {
            Event::Text(text) => words.push_str(&text.decode().expect("utf-8")),
            Event::GeneralRef(entity) if entity.is_char_ref() => {
                words.extend(entity.resolve_char_ref().expect("a character"));
            }
            Event::GeneralRef(entity) => {
                let name = entity.decode().expect("utf-8");
                let known = quick_xml::escape::resolve_predefined_entity(&name);
                words.push_str(known.expect("known entity"));
            }
            Event::Eof => return words,
            _ => {}
        }
    }
}

#[test]
fn page_is_well_formed_and_keeps_the_words() {
    let words = text_of(&write(&hostile()));
    for expected in [
        "关于<2020>年&工作",
        "=1+1 </w:t><w:cantSplit />",
        "教育局|<b>",
        "数字<来源>",
    ] {
        assert!(words.contains(expected), "{expected} in {words}");
    }
}

#[test]
fn figure_is_a_link_that_says_what_it_counts() {
    let sheet = fragment(&hostile());
    let expected = "<a class=\"figure\" data-figure=\"P1.1\" \
        href=\"http://127.0.0.1:8080/metrics/P1.1?year=2020&amp;kind=a\" \
        title=\"事前绩效评估项目数 = 计数(事前评估)\">24</a>";
    assert!(sheet.contains(expected), "{sheet}");
}

#[test]
fn missing_figure_is_marked_and_no_script_gets_in() {
    let page = write(&hostile());
    assert!(page.contains("class=\"figure figure-missing\""));
    assert!(page.contains("无记录支撑"));
    for forbidden in ["<script", "javascript:", "\" onmouseover=\"b", "\u{202E}"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn empty_document_has_no_annex() {
    assert!(!write(&Document::default()).contains("class=\"paper-annex\""));
    assert!(write(&hostile()).contains("class=\"paper-annex\""));
}

proptest! {
    #[test]
    fn any_text_is_shown_as_itself(text in any::<String>(), id in any::<String>()) {
        let figure = Figure {
            text: text.clone(),
            id,
            href: Some(format!("/{text}")),
            hint: text.clone(),
            missing: false,
        };
        let paragraph = Block::Paragraph(vec![Run::Figure(figure)]);
        let document = Document { blocks: vec![paragraph], ..Document::default() };
        let words = text_of(&fragment(&document));
        prop_assert_eq!(words.replace('\n', ""), clean(&text).replace('\n', ""));
    }
}
