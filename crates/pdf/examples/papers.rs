//! Writes one long statement as docx and pdf, to be looked at: `papers FOLDER`.
//!
//! It has what real ones have and what breaks pages: headings of all levels, long paragraphs,
//! figures, tables over pages, long numbers, rare characters.

use std::path::PathBuf;

use office::document::{Block, Document, Figure, Run};

type AnyError = Box<dyn std::error::Error>;

fn main() -> Result<(), AnyError> {
    let folder = std::env::args_os().nth(1).ok_or("usage: papers FOLDER")?;
    let (folder, document) = (PathBuf::from(folder), statement());
    std::fs::write(folder.join("paper.docx"), office::docx::write(&document)?)?;
    let fonts = pdf::Fonts::bundled();
    std::fs::write(folder.join("paper.pdf"), pdf::write(&document, &fonts)?)?;
    Ok(())
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading {
        level,
        text: text.to_owned(),
    }
}

fn words(text: &str) -> Run {
    Run::Text(text.to_owned())
}

fn figure(text: &str, missing: bool) -> Run {
    Run::Figure(Figure {
        text: text.to_owned(),
        id: "P1.1".to_owned(),
        href: Some("http://127.0.0.1:8080/metrics/P1.1?year=2020".to_owned()),
        hint: "事前绩效评估项目数".to_owned(),
        missing,
    })
}

/// A paragraph of about 150 characters with figures in it.
fn told(what: &str) -> Block {
    Block::Paragraph(vec![
        words("按照“全方位、全过程、全覆盖”的要求，我市"),
        words(what),
        words("工作稳步推进。2020年共开展"),
        figure("24", false),
        words("个项目，涉及资金"),
        figure("1,234,567,890.12", false),
        words("万元，占年初预算（含追加）的"),
        figure("98.5%", false),
        words("，比上年提高3.2个百分点；未按期报送的单位"),
        figure("无", true),
        words("。各部门（单位）应当对照《项目支出绩效评价管理办法》（财预〔2020〕10号），"),
        words("认真开展自评，做到“花钱必问效、无效必问责”，切实提高财政资金使用效益。"),
    ])
}

fn table(caption: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Block {
    Block::Table {
        anchor: String::new(),
        caption: caption.to_owned(),
        columns: columns.iter().map(|head| (*head).to_owned()).collect(),
        rows,
    }
}

fn statement() -> Document {
    let mut blocks = vec![heading(1, "一、总体情况"), told("预算绩效管理")];
    blocks.extend([
        heading(1, "二、工作具体开展情况"),
        heading(2, "（一）过程管控体系"),
    ]);
    for item in [
        "事前绩效评估",
        "事中绩效监控",
        "事后绩效评价",
        "绩效目标管理",
    ] {
        blocks.extend([heading(3, &format!("1.{item}")), told(item)]);
        for part in ["（1）部门整体绩效自评覆盖率", "（2）财政重点绩效评价"]
        {
            blocks.extend([heading(4, part), told(item)]);
        }
    }
    blocks.extend([heading(2, "（二）基础支撑体系"), told("制度建设")]);
    let rows = (1..=8).map(|row| {
        let unit = format!("绵竹市第{row}中心卫生院（含社区卫生服务中心）");
        vec![
            format!("{row}"),
            unit,
            "123,456,789.01".to_owned(),
            "98.50".to_owned(),
            "优".to_owned(),
        ]
    });
    let heads = ["序号", "单位名称", "预算数（元）", "得分", "等级"];
    blocks.push(table("表1　部门整体绩效自评情况", &heads, rows.collect()));
    let address = format!("http://example.gov.cn/{}", "a1b2c3d4".repeat(12));
    blocks.extend([
        heading(3, "2.特殊字符"),
        Block::Paragraph(vec![
            words("负责人堃喆，面积120㎡，𠮷野家，表情😀，编号"),
            words(&"1234567890".repeat(9)),
            words("，地址"),
            words(&address),
            words("。"),
        ]),
        heading(1, "三、下一步工作打算"),
        told("结果应用"),
        told("信息公开"),
    ]);
    let rows = (1..=60).map(|row| {
        vec![
            format!("P{row}.1"),
            "24".to_owned(),
            "计数（事前评估），年度为2020，状态为已通过".repeat(1 + row % 3),
        ]
    });
    let annex = table(
        "附：数字来源",
        &["指标", "数字", "统计的是什么"],
        rows.collect(),
    );
    Document {
        title: "关于2020年预算绩效管理工作情况的说明".to_owned(),
        subtitle: "（未定稿）".to_owned(),
        blocks,
        signed_by: "绵竹市财政局".to_owned(),
        dated: "2021年3月5日".to_owned(),
        annex: vec![annex],
    }
}
