//! Finding texts by parts of them, without words: Chinese does not mark where one ends.
//!
//! A text is cut into pieces of two neighbouring letters; an index of pieces is an ordinary table,
//! so that one statement searches alike on every database. What stands between letters (blanks,
//! signs) parts them, and full width and capitals make no difference.

use std::collections::BTreeSet;

use crate::form_reader::label::half_width;

/// Most pieces that a query asks for; what is typed beyond them no longer narrows anything.
///
/// House rule: twelve pieces are thirteen letters in a row, longer than nearly every indicator.
pub const MOST_ASKED: usize = 12;

/// Marks of a sketch.
///
/// House rule: at six pairs a mark, twelve find 98 of a hundred near copies.
pub const SKETCH_MARKS: usize = 12;

/// Pairs that one mark of a sketch stands for. House rule: two texts that are alike to nine tenths
/// (Dice; 0.82 of all their pairs are common) have a mark in common with 1 − (1 − 0.82⁶)¹², 98 in a
/// hundred; two that share a third of their pairs with less than 2 in a hundred. So a near copy is
/// found, and few others are looked at.
const MARK_PAIRS: u64 = 6;

/// The letter as it is compared; none where it parts two words.
fn letter(letter: char) -> Option<char> {
    let mut wide = [0; 4];
    let half = half_width(letter.encode_utf8(&mut wide)).chars().next()?;
    half.is_alphanumeric()
        .then(|| half.to_lowercase().next().unwrap_or(half))
}

/// The runs of letters of a text, as they are compared.
fn runs(text: &str) -> Vec<Vec<char>> {
    let mut runs = vec![Vec::new()];
    for next in text.chars().map(letter) {
        match (next, runs.last_mut()) {
            (Some(letter), Some(run)) => run.push(letter),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn pairs(run: &[char]) -> impl Iterator<Item = String> {
    let next = run.iter().skip(1);
    run.iter()
        .zip(next)
        .map(|(one, other)| [*one, *other].iter().collect())
}

/// The text as it is compared: letters and digits alone, in half width, without capitals.
pub fn plain(text: &str) -> String {
    text.chars().filter_map(letter).collect()
}

/// The pieces under which an index keeps a text: each two neighbouring letters, and each letter, so
/// that a single letter finds something too.
pub fn pieces(text: &str) -> BTreeSet<String> {
    let mut pieces = BTreeSet::new();
    for run in runs(text) {
        pieces.extend(pairs(&run));
        pieces.extend(run.iter().map(char::to_string));
    }
    pieces
}

/// Each two neighbouring letters of a text.
pub fn pairs_of(text: &str) -> BTreeSet<String> {
    runs(text).iter().flat_map(|run| pairs(run)).collect()
}

/// The pieces that a query asks for, in the order in which they are typed: pairs, and letters that
/// stand alone. At most [`MOST_ASKED`].
pub fn asked(query: &str) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    for run in runs(query) {
        let single = (run.len() == 1).then(|| run.iter().collect::<String>());
        for piece in pairs(&run).chain(single) {
            if asked.len() < MOST_ASKED && !asked.contains(&piece) {
                asked.push(piece);
            }
        }
    }
    asked
}

/// The text in parts, each with whether the query asks for it.
pub fn marked(text: &str, query: &str) -> Vec<(String, bool)> {
    let asked = asked(query);
    let letters: Vec<(char, Option<char>)> = text.chars().map(|it| (it, letter(it))).collect();
    let mut is_asked = vec![false; letters.len()];
    for (place, (_, one)) in letters.iter().enumerate() {
        let Some(one) = one else { continue };
        let next = letters.get(place.saturating_add(1));
        let pair = next.and_then(|(_, other)| other.map(|other| [*one, other]));
        let mut mark = |place: usize| {
            if let Some(is_asked) = is_asked.get_mut(place) {
                *is_asked = true;
            }
        };
        if asked.contains(&one.to_string()) {
            mark(place);
        }
        if pair.is_some_and(|pair| asked.contains(&pair.iter().collect())) {
            mark(place);
            mark(place.saturating_add(1));
        }
    }
    let mut parts: Vec<(String, bool)> = Vec::new();
    for ((letter, _), is_asked) in letters.into_iter().zip(is_asked) {
        match parts.last_mut() {
            Some((part, same)) if *same == is_asked => part.push(letter),
            _ => parts.push((letter.to_string(), is_asked)),
        }
    }
    parts
}

/// A sketch of a text: few marks, of which near copies have some in common and other texts hardly
/// ever any, so that near copies are found without comparing with every text. Empty where the text
/// has no pair.
///
/// Source: A. Broder, "On the resemblance and containment of documents" (1997), minima of digests;
/// bands of them as in J. Leskovec, A. Rajaraman and J. Ullman, "Mining of Massive Datasets", 3.4.
pub fn sketch(text: &str) -> Vec<String> {
    let digests: Vec<u64> = pairs_of(text).iter().map(|pair| digest(pair)).collect();
    if digests.is_empty() {
        return Vec::new();
    }
    let least = |seed: u64| {
        let seed = mixed(seed);
        let scattered = digests.iter().map(|digest| mixed(digest ^ seed));
        scattered.min().unwrap_or_default()
    };
    (0..)
        .take(SKETCH_MARKS)
        .map(|mark: u64| {
            let seeds = (0..MARK_PAIRS).map(|at| mark.wrapping_mul(MARK_PAIRS).wrapping_add(at));
            let key = seeds.fold(0, |key, seed| mixed(key ^ least(seed)));
            format!("{key:016x}")
        })
        .collect()
}

/// SplitMix64's last step: every bit of the number decides on every bit of the result.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// FNV-1a: it only has to scatter, the same everywhere and for ever.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |digest, byte| {
        (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_under_its_pairs_and_letters() {
        let pieces: Vec<String> = pieces("培训 ＡＢ次").into_iter().collect();
        assert_eq!(
            pieces,
            ["a", "ab", "b", "b次", "培", "培训", "次", "训"].map(str::to_owned)
        );
    }

    #[test]
    fn a_query_asks_for_pairs_and_for_letters_that_stand_alone() {
        for (query, expected) in [
            ("满意度", vec!["满意", "意度"]),
            ("率", vec!["率"]),
            ("Ａ 级 公路", vec!["a", "级", "公路"]),
            ("", vec![]),
            ("，。%", vec![]),
        ] {
            assert_eq!(asked(query), expected, "{query}");
        }
        let long: String = ('一'..='三').cycle().take(4).chain('丁'..'並').collect();
        assert_eq!(asked(&long).len(), MOST_ASKED);
    }

    #[test]
    fn what_was_asked_for_is_marked_in_the_text_as_it_stands() {
        let marked = |text: &str, query: &str| {
            let parts = marked(text, query).into_iter();
            parts
                .map(|(part, is_asked)| if is_asked { format!("[{part}]") } else { part })
                .collect::<String>()
        };
        assert_eq!(marked("群众满意度（%）", "满意"), "群众[满意]度（%）");
        assert_eq!(marked("ＡＢ级公路", "ab路"), "[ＡＢ]级公路");
        assert_eq!(marked("路网", "路"), "[路]网");
        assert_eq!(marked("", "路"), "");
    }

    #[test]
    fn near_copies_have_marks_in_common_and_other_texts_have_none() {
        let one = "完成全市三百户老旧小区改造，让九百名居民用上干净水，群众满意度达到百分之九十。";
        let near =
            "完成全市三百户老旧小区改造，让八百名居民用上干净水，群众满意度达到百分之九十五。";
        let other = "举办十二期乡村教师培训班，培训骨干教师六百人次，提高农村学校教学质量。";
        let common = |one: &str, other: &str| {
            let other = sketch(other);
            sketch(one).iter().filter(|it| other.contains(it)).count()
        };
        assert_eq!(sketch(one).len(), SKETCH_MARKS);
        assert_eq!(common(one, one), SKETCH_MARKS);
        assert_eq!(common(one, near), 3);
        assert_eq!(common(one, other), 0);
        assert_eq!(sketch("，。"), Vec::<String>::new());
    }
}
