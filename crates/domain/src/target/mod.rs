//! 绩效目标 as it is filled: the goal and the indicator table, what cannot be kept of what was
//! typed, and what must be mended before it is sent.
//!
//! Source: 财预〔2015〕88号 附件, 项目支出绩效目标申报表 and 部门（单位）整体支出绩效目标申报表.

mod declared;
#[cfg(test)]
mod declared_tests;
mod filed;
mod findings;
mod origin;
mod parts;
mod read;
#[cfg(test)]
mod tests;
mod value;

use crate::content::{Content, Node};
use crate::indicator::Operator;
use crate::number::Centi;
use crate::rulepack::target_form::{GOAL, INDICATORS};

pub use declared::{Known, declared_findings};
pub use filed::{
    Compared, Difference, Filed, FiledRow, RowFate, difference, filed_row, usual_operator,
};
pub use findings::findings;
pub use origin::{ORIGIN, Origin, readable};
pub use parts::{Filled, Line, Part, blank_line};
pub use read::{Problem, problems, tidied};
pub use value::{money, wan_digits};

/// Most rows of an indicator table. House rule: the longest published table has 25; three times as
/// many is a table that nobody can review.
pub const MOST_ROWS: usize = 80;

/// Most letters of the goal. House rule: V15 warns beyond 1,000; what is kept may be longer, so
/// that nobody loses a text that is still to be cut.
pub const MOST_GOAL_LETTERS: usize = 4_000;

/// Most letters of a cell of the table.
pub const MOST_CELL_LETTERS: usize = 200;

/// 一级指标, to choose from. Source: 财预〔2015〕88号; 成本指标 as 财预〔2021〕101号 has it.
pub const LEVELS1: [&str; 4] = ["产出指标", "效益指标", "满意度指标", "成本指标"];

/// 二级指标 with the 一级指标 that each usually stands under. Source: as [`LEVELS1`].
pub const LEVELS2: [(&str, &str); 12] = [
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "时效指标"),
    ("产出指标", "成本指标"),
    ("效益指标", "经济效益指标"),
    ("效益指标", "社会效益指标"),
    ("效益指标", "生态效益指标"),
    ("效益指标", "可持续影响指标"),
    ("满意度指标", "服务对象满意度指标"),
    ("成本指标", "经济成本指标"),
    ("成本指标", "社会成本指标"),
    ("成本指标", "生态环境成本指标"),
];

/// 绩效指标性质, to choose from, in the order of the codes in use.
pub const OPERATORS: [Operator; 6] = [
    Operator::Greater,
    Operator::AtLeast,
    Operator::Equal,
    Operator::Less,
    Operator::AtMost,
    Operator::Qualitative,
];

/// A target as somebody typed it: texts, readable or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// 年度目标
    pub goal: String,
    /// The indicator table.
    pub rows: Vec<Row>,
    /// What the form asks for besides, in its order.
    pub parts: Vec<Part>,
}

/// A row of the indicator table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number, which it keeps through all edits and editions; `n1`, `n2` … before it is saved
    /// for the first time.
    pub key: String,
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 三级指标
    pub name: String,
    /// 绩效指标性质: a sign of [`OPERATORS`].
    pub operator: String,
    /// 指标值
    pub value: String,
    /// 度量单位
    pub unit: String,
    /// 权重, in points.
    pub weight: String,
    /// 是否核心指标
    pub is_core: bool,
    /// Where it came from, as [`Origin::to_text`] tells; empty where somebody wrote it.
    pub origin: String,
}

impl Row {
    /// The words and texts of its cells, in the order of the form.
    pub fn cells(&self) -> [(&'static str, &'static str, &str); 8] {
        [
            ("level1", "一级指标", &self.level1),
            ("level2", "二级指标", &self.level2),
            ("name", "三级指标", &self.name),
            ("operator", "指标性质", &self.operator),
            ("value", "指标值", &self.value),
            ("unit", "度量单位", &self.unit),
            ("weight", "权重", &self.weight),
            ("core", "核心指标", if self.is_core { "是" } else { "否" }),
        ]
    }

    /// Sets the cell of that name. Whether there is one.
    pub fn set(&mut self, name: &str, text: &str) -> bool {
        let cell = match name {
            "level1" => &mut self.level1,
            "level2" => &mut self.level2,
            "name" => &mut self.name,
            "operator" => &mut self.operator,
            "value" => &mut self.value,
            "unit" => &mut self.unit,
            "weight" => &mut self.weight,
            "core" => {
                self.is_core = text == "是";
                return true;
            }
            ORIGIN => &mut self.origin,
            _ => return false,
        };
        text.clone_into(cell);
        true
    }

    /// Whether nothing was typed into it.
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.value, &self.unit, &self.weight]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    /// Its points, where they can be read.
    pub fn points(&self) -> Option<Centi> {
        read::points(&self.weight)
    }

    /// Whether it was saved before.
    pub fn is_kept(&self) -> bool {
        parts::is_number(&self.key)
    }
}

impl Target {
    /// The content, for keeping and comparing.
    pub fn content(&self) -> Content {
        let row = |row: &Row| {
            let cells = row.cells();
            let cells = cells
                .iter()
                .map(|(name, label, text)| Node::text(name, label, *text));
            let origin = Some(&row.origin).filter(|origin| !origin.is_empty());
            let origin = origin.map(|origin| Node::text(ORIGIN, "来源", &**origin));
            Node::nodes(&*row.key, row.name.trim(), cells.chain(origin).collect())
        };
        let mut nodes: Vec<Node> = self.parts.iter().map(Part::node).collect();
        let rows = self.rows.iter().map(row).collect();
        nodes.push(Node::text(GOAL, "年度目标", &*self.goal));
        nodes.push(Node::nodes(INDICATORS, "绩效指标", rows));
        Content { nodes }
    }

    /// The target of a content. What a target does not have is passed over.
    pub fn of(content: &Content) -> Self {
        let text = |path: &str| content.find(path).map_or("", Node::printed).to_owned();
        let rows = content.find(INDICATORS).map_or(&[][..], Node::children);
        let own = content.nodes.iter();
        let own = own.filter(|node| node.name != GOAL && node.name != INDICATORS);
        Self {
            parts: own.map(Part::of).collect(),
            goal: text(GOAL),
            rows: rows
                .iter()
                .map(|node| {
                    let mut row = Row {
                        key: node.name.clone(),
                        ..Row::default()
                    };
                    for cell in node.children() {
                        row.set(&cell.name, cell.printed());
                    }
                    row
                })
                .collect(),
        }
    }

    /// The points of all rows together, of those that can be read.
    pub fn sum(&self) -> Centi {
        self.rows.iter().filter_map(Row::points).sum()
    }

    /// Numbers the rows that were never saved, after `last`; the last number given.
    pub fn number_rows(&mut self, last: i64) -> i64 {
        let mut last = last;
        let mut next = |key: &mut String| {
            last = last.saturating_add(1);
            *key = last.to_string();
        };
        for row in self.rows.iter_mut().filter(|row| !row.is_kept()) {
            next(&mut row.key);
        }
        for line in self.all_lines_mut().filter(|line| !line.is_kept()) {
            next(&mut line.key);
        }
        last
    }

    /// Names the rows that were never saved after their places.
    pub fn name_new_rows(&mut self) {
        for (place, row) in (1..).zip(&mut self.rows) {
            if !row.is_kept() {
                row.key = format!("n{place}");
            }
        }
        for (place, line) in (1..).zip(self.all_lines_mut()) {
            if !line.is_kept() {
                line.key = format!("n{place}");
            }
        }
    }
}
