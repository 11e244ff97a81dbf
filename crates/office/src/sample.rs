//! A realistic statement for the tests of all writers.

use crate::document::{Block, Document, Figure, Run};

/// A figure that leads to its records.
pub(crate) fn figure(id: &str, text: &str) -> Run {
    Run::Figure(Figure {
        text: text.to_owned(),
        id: id.to_owned(),
        href: Some(format!(
            "http://127.0.0.1:8080/metrics/{id}?year=2020&kind=a"
        )),
        hint: "事前绩效评估项目数 = 计数(事前评估)".to_owned(),
        missing: false,
    })
}

/// One document with every kind of block, and text that other formats read as markup.
pub(crate) fn hostile() -> Document {
    let words = |text: &str| Run::Text(text.to_owned());
    let missing = Figure {
        text: "无".to_owned(),
        id: "P9.9\"><script>".to_owned(),
        href: Some("javascript:alert(1)".to_owned()),
        hint: "a\" onmouseover=\"b".to_owned(),
        missing: true,
    };
    Document {
        title: "关于<2020>年&工作".to_owned(),
        subtitle: "（未定稿）".to_owned(),
        blocks: vec![
            Block::Heading {
                level: 1,
                text: "一、总体#情况".to_owned(),
            },
            Block::Heading {
                level: 3,
                text: "1.事前*绩效*评估".to_owned(),
            },
            Block::Paragraph(vec![
                words("=1+1 </w:t><w:cantSplit /> #eval(\"1\") $x$ \\n @a *b* _c_ `d` [e](f) "),
                figure("P1.1", "24"),
                Run::Figure(missing),
                words("\u{0}\u{202E}个\n次。"),
            ]),
            Block::Table {
                anchor: String::new(),
                caption: "附表".to_owned(),
                columns: vec!["单位".to_owned(), "金额".to_owned()],
                rows: vec![vec!["教育局|<b>".to_owned(), "1,234.50".to_owned()], vec![]],
            },
        ],
        signed_by: "绵竹市财政局".to_owned(),
        dated: "2021年3月5日".to_owned(),
        annex: vec![Block::Table {
            anchor: "P1.1\" onclick=\"x".to_owned(),
            caption: "数字<来源>".to_owned(),
            columns: vec!["指标".to_owned(), "数值".to_owned()],
            rows: vec![vec!["P1.1".to_owned(), "24".to_owned()]],
        }],
    }
}
