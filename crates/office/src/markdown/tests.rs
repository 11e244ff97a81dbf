use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;
use crate::sample::hostile;

/// The words of the Markdown, and what it holds besides headings, paragraphs, links and tables.
fn read(markdown: &str) -> (String, Vec<String>) {
    let (mut words, mut strange) = (String::new(), Vec::new());
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    ) {
        match event {
            Event::Text(text) => words.push_str(&text),
            Event::End(_)
            | Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::Link { .. }
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            ) => {}
            other => strange.push(format!("{other:?}")),
        }
    }
    (words, strange)
}

#[test]
fn hostile_text_is_only_text() {
    let (words, strange) = read(&write(&hostile()));
    assert_eq!(strange, Vec::<String>::new());
    for expected in [
        "关于<2020>年&工作",
        "=1+1 </w:t>",
        "*b* _c_ `d` [e](f) 24无",
        "教育局|<b>",
    ] {
        assert!(words.contains(expected), "{expected} in {words}");
    }
}

#[test]
fn figure_leads_to_its_records() {
    let markdown = write(&hostile());
    assert!(markdown.contains("[24](<http://127.0.0.1:8080/metrics/P1.1?year=2020\\&kind=a> "));
    assert!(!markdown.contains("javascript"));
}

#[test]
fn table_keeps_its_columns() {
    let markdown = write(&hostile());
    assert!(
        markdown
            .contains("附表\n\n| 单位 | 金额 |\n| --- | --- |\n| 教育局\\|\\<b\\> | 1,234.50 |")
    );
}

proptest! {
    #[test]
    fn any_paragraph_is_shown_as_itself(text in "[ -~一-三、。]{0,40}") {
        let paragraph = Block::Paragraph(vec![Run::Text(text.clone())]);
        let document = Document { blocks: vec![paragraph], ..Document::default() };
        let (words, strange) = read(&write(&document));
        prop_assert_eq!(strange, Vec::<String>::new());
        prop_assert_eq!(words, text.trim());
    }

    #[test]
    fn any_heading_is_shown_as_itself(text in "[!-~一-三][ -~]{0,20}[!-~]") {
        let heading = Block::Heading { level: 2, text: text.clone() };
        let document = Document { blocks: vec![heading], ..Document::default() };
        prop_assert_eq!(read(&write(&document)).0, text);
    }
}
