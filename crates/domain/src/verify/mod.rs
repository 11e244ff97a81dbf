//! Recomputes a receipt, trusting nothing.
//!
//! This module shares nothing with the code that scores but the number types: it reads JSON,
//! knows each method by its word in the receipt, computes every line again with formulas of its
//! own, and checks every seal. A receipt in which one digit was changed is refused with the first
//! node that differs.

mod formula;
mod seal;

use serde_json::Value;

use crate::number::Decimal;

/// Why a receipt is refused: the first node that differs, and how.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}：{reason}")]
pub struct Differs {
    /// Where: `总分 › 预算执行率`.
    pub path: String,
    /// A Chinese sentence.
    pub reason: String,
}

/// What a good receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many lines were recomputed.
    pub nodes: usize,
    /// The total, where every line has points.
    pub total: Option<Decimal>,
}

/// One line as read.
struct Line<'a> {
    value: &'a Value,
    path: String,
}

/// Recomputes the output of `jixiao score --json`.
///
/// # Errors
/// The first line whose result or seal is not what its content gives.
pub fn verify(receipt: &Value) -> Result<Verified, Differs> {
    let top = Line {
        value: receipt,
        path: "回执".to_owned(),
    };
    top.only(&["file", "rules", "total", "grade", "receipt"])?;
    let tree = Line {
        value: top.get("receipt")?,
        path: "回执".to_owned(),
    };
    tree.only(&["format", "root"])?;
    if tree.text("format")? != "jixiao-receipt-1" {
        return Err(top.differs("不认识的回执格式"));
    }
    let root = Line {
        value: tree.get("root")?,
        path: "总分".to_owned(),
    };
    let nodes = node(&root)?;
    let rule = Line {
        value: root.get("rule")?,
        path: root.path.clone(),
    };
    let rules = format!("{}@{}", rule.text("pack")?, rule.text("version")?);
    if top.text("rules")? != rules {
        return Err(top.differs("规则包与计分时所用的不一致"));
    }
    if Some(top.text("file")?) != root.operand("file") {
        return Err(top.differs("文件名与计分时的不一致"));
    }
    if number_text(top.get("total")?) != number_text(root.get("points")?) {
        return Err(top.differs("总分与回执树的总分不一致"));
    }
    let grade = root.operand("grade").filter(|grade| !grade.is_empty());
    if top.get("grade")?.as_str() != grade {
        return Err(top.differs("等级与回执树的等级不一致"));
    }
    Ok(Verified {
        nodes,
        total: root.points("points")?,
    })
}

/// Recomputes one line and everything below it; the count of lines.
fn node(line: &Line<'_>) -> Result<usize, Differs> {
    line.only(&[
        "label", "method", "operands", "rule", "points", "weight", "sentence", "children", "digest",
    ])?;
    let mut nodes = 1;
    let mut sum = Some(Decimal::ZERO);
    for (number, child) in (1..).zip(line.children()) {
        let label = child
            .get("label")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let path = format!("{} › 第 {number} 行 {label}", line.path);
        let child = Line { value: child, path };
        nodes += node(&child)?;
        sum = sum
            .zip(child.points("points")?)
            .and_then(|(sum, points)| sum.checked_add(points));
    }
    let expected = formula::points(line, sum)?;
    let stated = line.points("points")?;
    if expected != stated {
        let show = |points: Option<Decimal>| {
            points.map_or_else(|| "空".to_owned(), |points| points.to_string())
        };
        return Err(line.differs(&format!(
            "写的是 {} 分，重新计算是 {} 分",
            show(stated),
            show(expected)
        )));
    }
    if line.text("digest")? != seal::digest(line)? {
        return Err(line.differs("内容与封签不一致，有字被改动过"));
    }
    Ok(nodes)
}

/// A JSON number exactly as written, or `null`.
fn number_text(value: &Value) -> String {
    value.to_string()
}

impl<'a> Line<'a> {
    fn differs(&self, reason: &str) -> Differs {
        Differs {
            path: self.path.clone(),
            reason: reason.to_owned(),
        }
    }

    fn get(&self, key: &str) -> Result<&'a Value, Differs> {
        self.value
            .get(key)
            .ok_or_else(|| self.differs(&format!("缺少 {key}")))
    }

    fn text(&self, key: &str) -> Result<&'a str, Differs> {
        self.get(key)?
            .as_str()
            .ok_or_else(|| self.differs(&format!("{key} 应为文字")))
    }

    /// A number of points, or none where null stands.
    fn points(&self, key: &str) -> Result<Option<Decimal>, Differs> {
        match self.get(key)? {
            Value::Null => Ok(None),
            Value::Number(number) => number
                .to_string()
                .parse()
                .map(Some)
                .map_err(|_| self.differs(&format!("{key} 不是数字"))),
            _ => Err(self.differs(&format!("{key} 应为数字"))),
        }
    }

    fn children(&self) -> &'a [Value] {
        self.value
            .get("children")
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    /// The operands in order.
    fn operands(&self) -> Result<Vec<(&'a str, &'a str)>, Differs> {
        let list = self.get("operands")?.as_array();
        let list = list.ok_or_else(|| self.differs("operands 应为列表"))?;
        list.iter()
            .map(|pair| match pair.as_array().map(Vec::as_slice) {
                Some([Value::String(name), Value::String(value)]) => {
                    Ok((name.as_str(), value.as_str()))
                }
                _ => Err(self.differs("operands 的每一项应为名称和值")),
            })
            .collect()
    }

    fn operand(&self, name: &str) -> Option<&'a str> {
        let operands = self.operands().ok()?;
        operands
            .into_iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    fn word(&self, name: &str) -> Result<&'a str, Differs> {
        self.operand(name)
            .ok_or_else(|| self.differs(&format!("缺少 {name}")))
    }

    fn number(&self, name: &str) -> Result<Decimal, Differs> {
        let text = self.word(name)?;
        text.parse()
            .map_err(|_| self.differs(&format!("{name}「{text}」不是数字")))
    }

    /// Refuses keys that no receipt has: nothing unsealed may hide in one.
    fn only(&self, keys: &[&str]) -> Result<(), Differs> {
        let Some(object) = self.value.as_object() else {
            return Err(self.differs("应为一组键值"));
        };
        match object.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(key) => Err(self.differs(&format!("多出 {key}"))),
            None => Ok(()),
        }
    }
}
