//! 得分回执: a tree of inputs, rule and result, with one sentence for each lost point.
//!
//! A receipt proves a score without the program that made it: every node carries its operands, the
//! clause that it follows and its result, and is sealed by a digest over its content and the
//! digests below it. `crate::verify` recomputes both with code of its own.

mod exact;
mod seal;

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::number::{Centi, Decimal};

/// The format that this program writes; a verifier refuses others.
pub const FORMAT: &str = "jixiao-receipt-1";

/// An operand: an exact number or a word, both written as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Operand {
    /// An exact number.
    Number(Decimal),
    /// A word or a printed text.
    Text(Arc<str>),
}

impl PartialEq for Operand {
    /// A receipt knows no types: two operands are the same when they are written the same.
    fn eq(&self, other: &Self) -> bool {
        String::from(self.clone()) == String::from(other.clone())
    }
}

impl Eq for Operand {}

impl From<Operand> for String {
    fn from(operand: Operand) -> Self {
        match operand {
            Operand::Number(number) => number.to_string(),
            Operand::Text(text) => text.to_string(),
        }
    }
}

impl From<String> for Operand {
    fn from(text: String) -> Self {
        // A number is taken as one only if it prints as it was written.
        match text.parse::<Decimal>() {
            Ok(number) if number.to_string() == text => Self::Number(number),
            _ => Self::Text(text.into()),
        }
    }
}

impl From<Decimal> for Operand {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl From<Centi> for Operand {
    fn from(points: Centi) -> Self {
        Self::Number(points.decimal())
    }
}

impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<Arc<str>> for Operand {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

/// The rule that a node follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The pack's id.
    pub pack: Arc<str>,
    /// The pack's version.
    pub version: Arc<str>,
    /// Document and article.
    pub clause: Arc<str>,
}

/// One line of the calculation, with what it is made from below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// What is computed: 总分, 预算执行率, an indicator's name.
    pub label: Arc<str>,
    /// How it is computed; the verifier knows each method by this word.
    pub method: Cow<'static, str>,
    /// What goes in, by name, in a fixed order.
    pub operands: Vec<(Cow<'static, str>, Operand)>,
    /// The rule.
    pub rule: Rule,
    /// The points; none when they cannot be computed from what is filled.
    #[serde(with = "exact")]
    pub points: Option<Centi>,
    /// The points that could be had; none where that has no meaning.
    #[serde(with = "exact")]
    pub weight: Option<Centi>,
    /// A Chinese sentence: why points are lost, or why there are none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// What this line is made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
    /// SHA-256 of the above in hexadecimal; empty until the receipt is sealed.
    #[serde(default)]
    pub digest: String,
}

impl Node {
    /// The points lost in this line.
    pub fn lost(&self) -> Option<Centi> {
        Some(self.weight? - self.points?)
    }

    /// An operand as text.
    pub fn operand(&self, name: &str) -> Option<String> {
        let (_, operand) = self.operands.iter().find(|(key, _)| key == name)?;
        Some(operand.clone().into())
    }
}

/// The score of one file or record, as `jixiao score --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The file or record that was scored.
    pub file: String,
    /// Pack and version: `national-2020@2020.1`.
    pub rules: String,
    /// The total; null when a line cannot be scored yet.
    #[serde(with = "exact")]
    pub total: Option<Centi>,
    /// 优 良 中 差; null as the total.
    pub grade: Option<Arc<str>>,
    /// The tree.
    pub receipt: Tree,
}

/// The tree with its format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tree {
    /// [`FORMAT`].
    pub format: Cow<'static, str>,
    /// The total and everything below it.
    pub root: Node,
}

impl Receipt {
    /// Seals `root`, whose label and operands name the file, so that no digit can be changed.
    pub fn seal(file: &str, mut root: Node) -> Self {
        root.operands
            .insert(0, (Cow::Borrowed("file"), file.into()));
        seal::seal(&mut root);
        Self {
            file: file.to_owned(),
            rules: format!("{}@{}", root.rule.pack, root.rule.version),
            total: root.points,
            grade: root
                .operand("grade")
                .filter(|grade| !grade.is_empty())
                .map(Into::into),
            receipt: Tree {
                format: Cow::Borrowed(FORMAT),
                root,
            },
        }
    }

    /// The receipt as JSON text, numbers exact.
    ///
    /// # Errors
    /// Never in practice: every part is a text, a number or a list.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}
