//! A row of the table with what its cells mean.

use crate::check::headings::is_rate_name;
use crate::check::text::{bare_name, is_percent_unit};
use crate::indicator::{self, Measure, Operator, TargetCells, read_target};
use crate::number::Decimal;
use crate::target::Row;

/// 一级指标 by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    Output,
    Benefit,
    Satisfaction,
    Cost,
    Other,
}

/// A row and what was understood of it.
pub(super) struct Line<'a> {
    pub(super) row: &'a Row,
    /// 三级指标 without stars, numbering and placeholders.
    pub(super) name: String,
    pub(super) block: Block,
    pub(super) target: indicator::Target,
    /// 其中: a part of the row above.
    pub(super) is_part: bool,
}

impl<'a> Line<'a> {
    pub(super) fn new(row: &'a Row) -> Self {
        let name = bare_name(&row.name);
        Self {
            block: block(row, &name),
            target: read_target(TargetCells {
                printed: &row.value,
                operator: Some(&row.operator)
                    .filter(|sign| !sign.is_empty())
                    .map(|it| &**it),
                unit: Some(&row.unit),
                name: &row.name,
                level2: &row.level2,
            }),
            is_part: name.starts_with("其中"),
            name,
            row,
        }
    }

    /// The path of one of its cells.
    pub(super) fn path(&self, cell: &str) -> String {
        format!("indicators/{}/{cell}", self.row.key)
    }

    /// Its name, or its heading where it has none.
    pub(super) fn title(&self) -> &str {
        let words = [&*self.name, self.row.level2.trim(), self.row.level1.trim()];
        let found = words.into_iter().find(|word| !word.is_empty());
        found.unwrap_or("未命名指标")
    }

    /// Its number and unit, where it is one number.
    pub(super) fn quantity(&self) -> Option<(Decimal, &str)> {
        let limit = Decimal::from(1_000_000_000_000_000_i64);
        match &self.target.measure {
            Measure::Quantity { value, unit } if value.abs() < limit => Some((*value, unit)),
            _ => None,
        }
    }

    pub(super) fn operator(&self) -> Option<Operator> {
        self.target.operator.map(|(operator, _)| operator)
    }

    pub(super) fn is_percent(&self) -> bool {
        self.quantity()
            .is_some_and(|(_, unit)| is_percent_unit(unit))
    }

    /// Whether it says a share: 覆盖率, 占比, 满意度.
    pub(super) fn is_rate(&self) -> bool {
        is_rate_name(&self.name) || self.name.ends_with("满意度")
    }

    /// Whether its value is words, or an answer.
    pub(super) fn is_words(&self) -> bool {
        matches!(self.target.measure, Measure::Words(_) | Measure::YesNo(_))
    }

    /// The value without spaces and the full stop at its end.
    pub(super) fn words(&self) -> String {
        let bare: String = self
            .row
            .value
            .chars()
            .filter(|it| !it.is_whitespace())
            .collect();
        bare.trim_end_matches(['。', '；', '，', ';', ','])
            .to_owned()
    }

    /// A name with the stars that stand before the row's own: they mark what is obligatory.
    pub(super) fn starred(&self, name: &str) -> String {
        let raw = self.row.name.trim();
        let stars = raw.chars().take_while(|letter| "★☆※".contains(*letter));
        stars.chain(name.chars()).collect()
    }

    /// The value as one reads it: sign, number, unit.
    pub(super) fn shown(&self) -> String {
        let sign = match &*self.row.operator {
            "定性" => "",
            sign => sign,
        };
        let (value, unit) = (self.row.value.trim(), self.row.unit.trim());
        let sign = if value.starts_with(sign) { "" } else { sign };
        let unit = if value.ends_with(unit) { "" } else { unit };
        format!("{sign}{value}{unit}")
    }

    pub(super) fn level2_has(&self, word: &str) -> bool {
        self.row.level2.contains(word)
    }
}

fn block(row: &Row, name: &str) -> Block {
    let (first, second) = (row.level1.trim(), row.level2.trim());
    if second.contains("满意") || first.contains("满意") {
        return Block::Satisfaction;
    }
    if first.contains("成本") || second.contains("成本") {
        return Block::Cost;
    }
    let words = if first.is_empty() { second } else { first };
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["产出", "完成", "数量", "质量", "时效"]) {
        Block::Output
    } else if has(&["效益", "成效", "效果", "影响"]) {
        Block::Benefit
    } else if name.contains("满意度") || name.contains("满意率") {
        Block::Satisfaction
    } else {
        Block::Other
    }
}

/// A number as one types it.
pub(super) fn plain(number: Decimal) -> String {
    number.round_dp(6).normalize().to_string()
}

/// The first of the words that stands in the text.
pub(super) fn first_in<'w>(text: &str, words: &'w [String]) -> Option<&'w str> {
    let found = words.iter().find(|word| text.contains(&***word));
    found.map(String::as_str)
}
