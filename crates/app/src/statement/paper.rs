//! The statement as a document that every writer takes.

use domain::metrics::Computed;
use domain::statement::{self, Run};
use office::document::{self, Block, Document};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Composed;
use crate::metrics::{Metric, Record, find_figure, formula, value_text};

/// Where a figure leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Links {
    /// Nowhere: the file stands alone.
    None,
    /// To the list of records in the annex of the same file.
    Annex,
    /// To the list of records on the site at this address (`https://host`), empty for the same
    /// site.
    Site(String),
}

impl Links {
    /// The address of the records behind a figure, narrowed to its part.
    fn of(&self, figure: &statement::Figure, year: i32) -> Option<String> {
        match self {
            Self::None => None,
            Self::Annex => Some(format!("#{}", figure.key)),
            Self::Site(base) => {
                let key = utf8_percent_encode(&figure.key, KEPT);
                let part = figure.part.as_ref().map(|part| {
                    let part = utf8_percent_encode(part, KEPT);
                    format!("&part={part}")
                });
                let part = part.unwrap_or_default();
                Some(format!("{base}/metrics/{key}?year={year}{part}"))
            }
        }
    }
}

/// What a figure's key may keep in an address: its slash and dot.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.');

/// The statement as a document.
pub fn document(composed: &Composed, links: &Links) -> Document {
    let statement = &composed.statement;
    let mut blocks = Vec::new();
    for part in &statement.parts {
        blocks.push(Block::Heading {
            level: part.level,
            text: part.heading.clone(),
        });
        for paragraph in &part.paragraphs {
            let runs = paragraph.iter().map(|run| printed(composed, links, run));
            blocks.push(Block::Paragraph(runs.collect()));
        }
    }
    Document {
        title: statement.title.clone(),
        subtitle: subtitle(&statement.missing),
        blocks,
        signed_by: composed.bureau_name.clone(),
        dated: String::new(),
        annex: annex(composed),
    }
}

/// Where the figures come from; then, where they were read, the records of each figure.
fn annex(composed: &Composed) -> Vec<Block> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let mut rows = Vec::new();
    for (key, figure, computed) in composed.figures() {
        rows.push(vec![
            key.split('/').next().unwrap_or(&key).to_owned(),
            figure.name.to_owned(),
            value_text(figure, computed),
            formula(figure, composed.year.into()),
            computed.records.to_string(),
        ]);
    }
    let mut blocks = vec![Block::Table {
        anchor: String::new(),
        caption: "附：数字来源".to_owned(),
        columns: words(&["编号", "指标", "数值", "统计口径", "记录数"]),
        rows,
    }];
    for (key, figure, _) in composed.figures() {
        let Some((list, total)) = composed.records.get(&key) else {
            continue;
        };
        let rest = if *total > list.len() {
            format!("，以下为前 {} 条", list.len())
        } else {
            String::new()
        };
        blocks.push(Block::Table {
            anchor: key.clone(),
            caption: format!("{key} {}：{total} 条记录{rest}", figure.name),
            columns: words(&["记录", "名称", "说明", "类别", "计入"]),
            rows: list.iter().map(record_row).collect(),
        });
    }
    blocks
}

fn record_row(record: &Record) -> Vec<String> {
    let counted = if record.hit { "是" } else { "否" };
    vec![
        record.id.clone(),
        record.label.clone(),
        record.detail.clone(),
        record.part.to_owned(),
        counted.to_owned(),
    ]
}

/// Headings that the line under the title names; the outline marks all of them.
const MOST_NAMED: usize = 3;

/// Which parts are not final.
fn subtitle(missing: &[String]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let named: Vec<&str> = missing
        .iter()
        .take(MOST_NAMED)
        .map(String::as_str)
        .collect();
    let rest = if missing.len() > MOST_NAMED {
        format!("等 {} 处", missing.len())
    } else {
        String::new()
    };
    format!("（未定稿：{}{rest} 缺少数据）", named.join("、"))
}

fn printed(composed: &Composed, links: &Links, run: &Run) -> document::Run {
    match run {
        Run::Text(text) => document::Run::Text(text.clone()),
        Run::Figure(figure) => document::Run::Figure(document::Figure {
            text: figure.text.clone(),
            id: figure.key.clone(),
            href: links.of(figure, composed.year),
            hint: hint(composed, figure),
            missing: figure.missing,
        }),
    }
}

/// 财政重点绩效评价数（项目）：Y 年形成最终结论的…；31 条记录; the values of both years where last
/// year's were read.
fn hint(composed: &Composed, figure: &statement::Figure) -> String {
    let Some((_, definition)) = find_figure(&figure.key) else {
        return figure.key.clone();
    };
    let part = figure
        .part
        .as_ref()
        .map(|part| format!("（{part}）"))
        .unwrap_or_default();
    let records = computed(composed, &figure.key).map_or(0, |computed| computed.records);
    let values = if composed.last_year.is_empty() {
        String::new()
    } else {
        let value = |metrics: &[Metric]| value(metrics, figure).unwrap_or_default();
        format!(
            "；{} 年：{}；{} 年：{}",
            composed.year,
            value(&composed.metrics),
            composed.year - 1,
            value(&composed.last_year)
        )
    };
    format!(
        "{}{part}：{}；{records} 条记录{values}",
        definition.name,
        formula(definition, composed.year.into())
    )
}

/// The value of a figure or of its part among a year's metrics.
fn value(metrics: &[Metric], figure: &statement::Figure) -> Option<String> {
    let mut figures = metrics.iter().flat_map(Metric::figures);
    let (_, definition, computed) = figures.find(|(name, ..)| *name == figure.key)?;
    let Some(part) = &figure.part else {
        return Some(value_text(definition, computed));
    };
    let count = computed.parts.iter().find(|(name, _)| name == part);
    Some(count.map_or(0, |(_, count)| *count).to_string())
}

/// The computed value of a figure.
pub(super) fn computed<'a>(composed: &'a Composed, key: &str) -> Option<&'a Computed> {
    composed
        .figures()
        .find(|(name, ..)| name == key)
        .map(|(_, _, computed)| computed)
}
