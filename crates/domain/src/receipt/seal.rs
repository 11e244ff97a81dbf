//! The digest of a node.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Node, Operand};
use crate::number::{Decimal, push_decimal};

/// Seals `node` and everything below it.
pub(super) fn seal(node: &mut Node) {
    seal_with(node, &mut Content::default());
}

fn seal_with(node: &mut Node, content: &mut Content) {
    for child in &mut node.children {
        seal_with(child, content);
    }
    content.bytes.clear();
    content.add(&node.label);
    content.add(&node.method);
    for (name, operand) in &node.operands {
        content.add(name);
        match operand {
            Operand::Number(number) => content.add_number(*number),
            Operand::Text(text) => content.add(text),
        }
    }
    content.add(&node.rule.pack);
    content.add(&node.rule.version);
    content.add(&node.rule.clause);
    for points in [node.points, node.weight] {
        match points {
            Some(points) => content.add_number(points.decimal()),
            None => content.add("null"),
        }
    }
    content.add(node.sentence.as_deref().unwrap_or("null"));
    for child in &node.children {
        content.add(&child.digest);
    }
    node.digest = hex(&Sha256::digest(content.bytes.as_bytes()));
}

/// What a digest is taken over; one buffer serves a whole tree.
#[derive(Default)]
struct Content {
    bytes: String,
    shown: String,
}

impl Content {
    /// Adds a text with its length before it, so that no two contents give the same bytes.
    fn add(&mut self, text: &str) {
        // Nearly all lengths have one or two digits; formatting them costs more than the digest.
        match (text.len() / 10, text.len() % 10) {
            (0, ones) => self.bytes.extend(digit(ones)),
            (tens @ 1..=9, ones) => {
                self.bytes.extend(digit(tens));
                self.bytes.extend(digit(ones));
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(self.bytes, "{}", text.len());
            }
        }
        self.bytes.push(':');
        self.bytes.push_str(text);
    }

    /// Adds a number as it is written in JSON.
    fn add_number(&mut self, number: Decimal) {
        let mut shown = std::mem::take(&mut self.shown);
        shown.clear();
        push_decimal(&mut shown, number);
        self.add(&shown);
        self.shown = shown;
    }
}

fn digit(number: usize) -> Option<char> {
    char::from_digit(u32::try_from(number).ok()?, 10)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(half.into(), 16));
        }
    }
    text
}
