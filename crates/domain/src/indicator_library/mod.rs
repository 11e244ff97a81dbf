//! 绩效指标库: common and sector indicators to choose from, each in versions.

mod common;
mod filed;
#[cfg(test)]
mod tests;

use crate::content::{Content, Node};
use crate::target::{LEVELS1, OPERATORS};

pub use common::{common, sectors};
pub use filed::{Fate, Filed, FiledCell, compare};

/// Most letters of a field. House rule: as long as a cell of a target, and three times as long for
/// what explains it.
const MOST_LETTERS: usize = 200;
const MOST_TEXT_LETTERS: usize = 600;

/// An indicator of the library. All fields are texts, as people read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// 指标编码, the same through all versions.
    pub code: String,
    /// 一级指标
    pub level1: String,
    /// 二级指标
    pub level2: String,
    /// 指标名称 (三级指标)
    pub name: String,
    /// 指标解释
    pub explanation: String,
    /// 指标性质: a sign of [`OPERATORS`].
    pub operator: String,
    /// 度量单位
    pub unit: String,
    /// 计算方法
    pub formula: String,
    /// 佐证资料
    pub evidence: String,
    /// 数据来源
    pub data_source: String,
    /// 参考值: a usual value or a band.
    pub usual_value: String,
    /// 领域
    pub sector: String,
    /// 支出功能分类的类 that the sector belongs to; empty for what is common to all.
    pub function_class: String,
    /// The code of the unit whose own indicator it is; empty for the bureau's, which all may use.
    pub owner: String,
    /// 停用日期, ISO 8601; empty while it is in use.
    pub retired_on: String,
    /// The code of the indicator that takes its place; empty for none.
    pub successor: String,
}

impl Entry {
    /// The words and texts of its fields, in the order of forms and files.
    pub fn fields(&self) -> [(&'static str, &'static str, &str); 16] {
        [
            ("code", "指标编码", &self.code),
            ("level1", "一级指标", &self.level1),
            ("level2", "二级指标", &self.level2),
            ("name", "指标名称", &self.name),
            ("operator", "指标性质", &self.operator),
            ("unit", "度量单位", &self.unit),
            ("usual_value", "参考值", &self.usual_value),
            ("explanation", "指标解释", &self.explanation),
            ("formula", "计算方法", &self.formula),
            ("evidence", "佐证资料", &self.evidence),
            ("data_source", "数据来源", &self.data_source),
            ("sector", "领域", &self.sector),
            ("function_class", "功能分类", &self.function_class),
            ("owner", "所属单位编码", &self.owner),
            ("retired_on", "停用日期", &self.retired_on),
            ("successor", "接替指标编码", &self.successor),
        ]
    }

    /// Sets the field of that name. Whether there is one.
    pub fn set(&mut self, name: &str, text: &str) -> bool {
        let field = match name {
            "code" => &mut self.code,
            "level1" => &mut self.level1,
            "level2" => &mut self.level2,
            "name" => &mut self.name,
            "operator" => &mut self.operator,
            "unit" => &mut self.unit,
            "usual_value" => &mut self.usual_value,
            "explanation" => &mut self.explanation,
            "formula" => &mut self.formula,
            "evidence" => &mut self.evidence,
            "data_source" => &mut self.data_source,
            "sector" => &mut self.sector,
            "function_class" => &mut self.function_class,
            "owner" => &mut self.owner,
            "retired_on" => &mut self.retired_on,
            "successor" => &mut self.successor,
            _ => return false,
        };
        text.clone_into(field);
        true
    }

    /// Without blanks at the ends, and with the sign that an operator is usually written with.
    #[must_use]
    pub fn tidied(&self) -> Self {
        let mut tidy = self.clone();
        for (name, _, text) in self.fields() {
            tidy.set(name, text.replace("\r\n", "\n").trim());
        }
        tidy.operator = crate::target::usual_operator(&tidy.operator);
        tidy
    }

    /// What is wrong with it, by field: Chinese sentences.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        for (name, label, text) in self.fields() {
            let is_long = ["explanation", "formula", "evidence", "data_source"].contains(&name);
            let most = if is_long {
                MOST_TEXT_LETTERS
            } else {
                MOST_LETTERS
            };
            let letters = text.chars().count();
            let has_control = text
                .chars()
                .any(|letter| letter.is_control() && letter != '\n');
            let is_needed = ["code", "level1", "level2", "name", "sector"].contains(&name);
            if letters > most {
                found.push((
                    name,
                    format!("{label}有 {letters} 个字，最多 {most} 个，请精简"),
                ));
            } else if has_control {
                found.push((
                    name,
                    format!("{label}里有看不见的控制字符，请删除后重新录入"),
                ));
            } else if is_needed && text.trim().is_empty() {
                found.push((name, format!("请填写{label}")));
            }
        }
        if !self.level1.is_empty() && !LEVELS1.contains(&&*self.level1) {
            let sentence = format!(
                "一级指标“{}”不是{}之一，请改正",
                self.level1,
                LEVELS1.join("、")
            );
            found.push(("level1", sentence));
        }
        let is_sign = OPERATORS.iter().any(|it| it.sign() == self.operator);
        if !is_sign {
            let sentence = format!(
                "指标性质“{}”无法识别，请填＞、≥、＝、＜、≤ 或定性",
                self.operator
            );
            found.push(("operator", sentence));
        }
        let class = &*self.function_class;
        let is_class = class.len() == 3 && class.bytes().all(|byte| byte.is_ascii_digit());
        if !class.is_empty() && !is_class {
            let sentence = format!("功能分类“{class}”应为 3 位类级编码，如 205；共性指标留空");
            found.push(("function_class", sentence));
        }
        if !self.retired_on.is_empty() && !is_day(&self.retired_on) {
            let sentence = format!("停用日期“{}”应写成 2026-01-31 的样子", self.retired_on);
            found.push(("retired_on", sentence));
        }
        if !self.successor.is_empty() && self.successor == self.code {
            let sentence = "接替指标不能是它自己，请填另一个指标的编码".to_owned();
            found.push(("successor", sentence));
        }
        found
    }

    /// The content, for keeping and comparing.
    pub fn content(&self) -> Content {
        let fields = self.fields();
        Content {
            nodes: fields
                .iter()
                .map(|(name, label, text)| Node::text(name, label, *text))
                .collect(),
        }
    }

    /// The entry of a content. What an entry does not have is passed over.
    pub fn of(content: &Content) -> Self {
        let mut entry = Self::default();
        for node in &content.nodes {
            entry.set(&node.name, node.printed());
        }
        entry
    }

    /// The texts under which a search finds it, each with what a piece of it weighs.
    ///
    /// House rule: whoever types a name looks for a name, so that a piece of it weighs four times
    /// one of the explanation; between them stands the field that it belongs to.
    pub fn searched(&self) -> [(&str, i64); 4] {
        [
            (&self.explanation, 1),
            (&self.level2, 2),
            (&self.sector, 2),
            (&self.name, 4),
        ]
    }
}

/// Whether it is an ISO 8601 day, such as 2026-01-31.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, letters: usize, most: u32| {
        let number: Option<u32> = part.parse().ok();
        part.len() == letters && number.is_some_and(|it| (1..=most).contains(&it))
    };
    match &*parts {
        [year, month, day] => number(year, 4, 2100) && number(month, 2, 12) && number(day, 2, 31),
        _ => false,
    }
}
