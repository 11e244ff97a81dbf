//! The digest of a node.

use sha2::{Digest as _, Sha256};

use super::{Node, Operand};

/// Seals `node` and everything below it.
pub(super) fn seal(node: &mut Node) {
    for child in &mut node.children {
        seal(child);
    }
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        // The length stands before each text, so that no two contents give the same bytes.
        hash.update(text.len().to_string());
        hash.update(":");
        hash.update(text);
    };
    add(&node.label);
    add(&node.method);
    for (name, operand) in &node.operands {
        add(name);
        match operand {
            Operand::Number(number) => add(&number.to_string()),
            Operand::Text(text) => add(text),
        }
    }
    add(&node.rule.pack);
    add(&node.rule.version);
    add(&node.rule.clause);
    for points in [node.points, node.weight] {
        add(&points.map_or_else(|| "null".to_owned(), |points| points.to_string()));
    }
    add(node.sentence.as_deref().unwrap_or("null"));
    for child in &node.children {
        add(&child.digest);
    }
    node.digest = hex(&hash.finalize());
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}
