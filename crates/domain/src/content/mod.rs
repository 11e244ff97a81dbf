//! 内容: what a record says, as an ordered tree of named fields, so that every kind of record is
//! kept, compared and commented on in the same way.
//!
//! A node has a name (its identity among its siblings: `goal`, or a row's number), a label (the
//! Chinese word or the row's title) and either a text or children. A path joins names:
//! `indicators/3/value` is the value of row 3, wherever that row stands.

mod apply;
mod compare;
mod merge;
mod piece;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use apply::apply;
pub use compare::diff;
pub use merge::{Difference, Merge, Side, Verdict, merge};
pub use piece::{Piece, pieces};

/// What a record says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its fields and lists in order. Siblings have different names.
    pub nodes: Vec<Node>,
}

/// A field, a list or a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Tells it from its siblings and stays the same through all edits; no `/` in it.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it holds.
    pub body: Body,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A text, as people read it.
    Text(String),
    /// Nodes in order.
    Nodes(Vec<Node>),
}

/// One difference between two contents. Places count from 1. Paths are those of the later content,
/// but for what is only in the earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another text.
    Changed {
        /// Where.
        path: String,
        /// What it was.
        before: String,
        /// What it is.
        after: String,
    },
    /// A node that was not there.
    Added {
        /// Where.
        path: String,
        /// Its place among its siblings.
        place: usize,
        /// The node.
        node: Node,
    },
    /// A node that is no longer there.
    Removed {
        /// Where it was.
        path: String,
        /// Which place among its siblings it had.
        place: usize,
        /// The node.
        node: Node,
    },
    /// The same node at another place, which the other changes do not explain.
    Moved {
        /// Where.
        path: String,
        /// Its place before.
        from: usize,
        /// Its place now.
        to: usize,
    },
    /// A row that was made anew under the same label.
    Renamed {
        /// Where.
        path: String,
        /// Its name before.
        before: String,
    },
    /// The same node under another label.
    Relabelled {
        /// Where.
        path: String,
        /// Its label before.
        before: String,
        /// Its label now.
        after: String,
    },
}

impl Change {
    /// Where it is.
    pub fn path(&self) -> &str {
        match self {
            Self::Changed { path, .. }
            | Self::Added { path, .. }
            | Self::Removed { path, .. }
            | Self::Moved { path, .. }
            | Self::Renamed { path, .. }
            | Self::Relabelled { path, .. } => path,
        }
    }

    /// Whether a reader learns something by it. A new identity is of no interest, and a row's label
    /// repeats one of its fields.
    pub fn is_telling(&self) -> bool {
        !matches!(self, Self::Renamed { .. } | Self::Relabelled { .. })
    }
}

impl Node {
    /// A field.
    pub fn text(name: &str, label: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            body: Body::Text(text.into()),
        }
    }

    /// A list or a row.
    pub fn nodes(name: impl Into<String>, label: impl Into<String>, nodes: Vec<Self>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            body: Body::Nodes(nodes),
        }
    }

    /// Its children; none for a field.
    pub fn children(&self) -> &[Self] {
        match &self.body {
            Body::Text(_) => &[],
            Body::Nodes(nodes) => nodes,
        }
    }

    /// Its text; empty for a list or a row.
    pub fn printed(&self) -> &str {
        match &self.body {
            Body::Text(text) => text,
            Body::Nodes(_) => "",
        }
    }
}

impl Content {
    /// The node at a path.
    pub fn find(&self, path: &str) -> Option<&Node> {
        let (first, rest) = parted(path);
        let mut found = named(&self.nodes, first)?;
        let mut rest = rest;
        while let Some(path) = rest {
            let (name, further) = parted(path);
            found = named(found.children(), name)?;
            rest = further;
        }
        Some(found)
    }

    /// The labels along a path, from the outermost: 绩效指标, 改造道路长度, 指标值. Shorter than the
    /// path where it leads nowhere.
    pub fn labels(&self, path: &str) -> Vec<&str> {
        let (mut labels, mut nodes) = (Vec::new(), &*self.nodes);
        for name in path.split('/') {
            let Some(node) = named(nodes, name) else {
                break;
            };
            labels.push(&*node.label);
            nodes = node.children();
        }
        labels
    }

    /// The one text that says all of it: equal contents have equal texts, others do not.
    ///
    /// # Errors
    /// None in practice: a tree of texts can always be written.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// The content of a text that [`Content::to_text`] wrote.
    ///
    /// # Errors
    /// The text is none of ours.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// The digest of a content's text: `sha256:…`. House rule: it stands beside each snapshot and in
/// the
/// event of the submission, so that a reader can prove which text was approved.
pub fn digest(text: &str) -> String {
    let hex: String = Sha256::digest(text.as_bytes())
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect();
    format!("sha256:{hex}")
}

fn named<'a>(nodes: &'a [Node], name: &str) -> Option<&'a Node> {
    nodes.iter().find(|node| node.name == name)
}

/// The first name of a path, and what comes after it.
fn parted(path: &str) -> (&str, Option<&str>) {
    match path.split_once('/') {
        Some((first, rest)) => (first, Some(rest)),
        None => (path, None),
    }
}

/// The path of `name` below `above`.
fn joined(above: &str, name: &str) -> String {
    if above.is_empty() {
        name.to_owned()
    } else {
        format!("{above}/{name}")
    }
}
