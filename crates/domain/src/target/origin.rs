//! Where a row of the indicator table came from.

use crate::content::{Body, Content, Node};

/// The name of a row's field that says where it came from. It goes wherever the row goes (drafts,
/// merges, editions), and no reader is shown it.
pub const ORIGIN: &str = "origin";

/// Where a row of the indicator table came from.
///
/// House rule: it is kept beside the row, so that how often an indicator is used is counted from
/// targets and from nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// An indicator of the library.
    Library {
        /// Its id.
        id: String,
        /// The version that was taken.
        version: i64,
    },
    /// A row of another target.
    Target {
        /// The target's id.
        id: String,
        /// The row's number in it.
        row: i64,
    },
}

impl Origin {
    /// The origin that a row's text tells: `library:l-1:2`, `target:t-1:3`; none where it tells
    /// none.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':')?;
        let (id, number) = rest.rsplit_once(':')?;
        let number: i64 = number.parse().ok()?;
        let id = (!id.is_empty()).then(|| id.to_owned())?;
        match kind {
            "library" if (1..=1_000_000_000).contains(&number) => Some(Self::Library {
                id,
                version: number,
            }),
            "target" if (1..=1_000_000).contains(&number) => Some(Self::Target { id, row: number }),
            _ => None,
        }
    }

    /// The text that [`Origin::parse`] reads.
    pub fn to_text(&self) -> String {
        match self {
            Self::Library { id, version } => format!("library:{id}:{version}"),
            Self::Target { id, row } => format!("target:{id}:{row}"),
        }
    }
}

/// The content without what no reader is shown.
#[must_use]
pub fn readable(content: &Content) -> Content {
    Content {
        nodes: content.nodes.iter().map(shown).collect(),
    }
}

fn shown(node: &Node) -> Node {
    let body = match &node.body {
        Body::Text(text) => Body::Text(text.clone()),
        Body::Nodes(nodes) => {
            let nodes = nodes.iter().filter(|node| node.name != ORIGIN);
            Body::Nodes(nodes.map(shown).collect())
        }
    };
    Node {
        name: node.name.clone(),
        label: node.label.clone(),
        body,
    }
}
