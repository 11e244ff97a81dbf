//! Where two texts differ, for readers.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A part of a text that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// In the earlier text alone.
    Old(String),
    /// In the later text alone.
    New(String),
}

/// Texts longer than this many words are shown whole, one struck and one new: nobody follows single
/// words through several pages, and the comparison grows with the square.
const MOST_WORDS: usize = 4_000;

/// Shorter common parts between two differences are not worth the reader's jump.
const SHORTEST_SAME: usize = 2;

/// Both texts in one, part by part. The same and the old parts together are `before`, the same and
/// the new ones `after`.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (earlier, later) = (words(before), words(after));
    if earlier.len() > MOST_WORDS || later.len() > MOST_WORDS {
        return whole(before, after);
    }
    let mut parts: Vec<Part> = Vec::new();
    for step in capture_diff_slices(Algorithm::Myers, &earlier, &later) {
        let text = |words: &[&str], from: usize, count: usize| -> String {
            words.iter().skip(from).take(count).copied().collect()
        };
        parts.push(match step {
            DiffOp::Equal { old_index, len, .. } => Part::Same(text(&earlier, old_index, len), len),
            DiffOp::Delete {
                old_index, old_len, ..
            } => Part::Differs(text(&earlier, old_index, old_len), String::new()),
            DiffOp::Insert {
                new_index, new_len, ..
            } => Part::Differs(String::new(), text(&later, new_index, new_len)),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => Part::Differs(
                text(&earlier, old_index, old_len),
                text(&later, new_index, new_len),
            ),
        });
    }
    let out = calmed(parts);
    let has_common = out.iter().any(|piece| matches!(piece, Piece::Same(_)));
    if has_common {
        out
    } else {
        whole(before, after)
    }
}

enum Part {
    /// The text, and how many words it has.
    Same(String, usize),
    Differs(String, String),
}

/// Joins differences that only a word or two stand between.
fn calmed(parts: Vec<Part>) -> Vec<Piece> {
    let (mut old, mut new, mut out) = (String::new(), String::new(), Vec::new());
    let last = parts.len().saturating_sub(1);
    for (place, part) in parts.into_iter().enumerate() {
        match part {
            Part::Differs(before, after) => {
                old.push_str(&before);
                new.push_str(&after);
            }
            Part::Same(text, words) => {
                let is_between = place != 0 && place != last;
                if is_between && words < SHORTEST_SAME {
                    old.push_str(&text);
                    new.push_str(&text);
                } else {
                    flush(&mut old, &mut new, &mut out);
                    out.push(Piece::Same(text));
                }
            }
        }
    }
    flush(&mut old, &mut new, &mut out);
    out
}

fn flush(old: &mut String, new: &mut String, out: &mut Vec<Piece>) {
    if !old.is_empty() {
        out.push(Piece::Old(std::mem::take(old)));
    }
    if !new.is_empty() {
        out.push(Piece::New(std::mem::take(new)));
    }
}

fn whole(before: &str, after: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let (mut old, mut new) = (before.to_owned(), after.to_owned());
    flush(&mut old, &mut new, &mut out);
    out
}

/// A text in words: a number or a Latin word is one, every other letter is one by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_run = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
        let end = if is_run(first) {
            rest.find(|letter| !is_run(letter)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, more) = rest.split_at(end);
        words.push(word);
        rest = more;
    }
    words
}
