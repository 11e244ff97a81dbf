//! How much of a password is somebody's own, and how much everybody would try.
//!
//! House rule: no list of other people's passwords is kept. What they have in common is a few
//! patterns (a word, a name or a place, a year, neighbouring keys, with letters turned into signs),
//! and these are looked for, so that also this year's and this place's are found.

use std::collections::BTreeSet;

/// Neighbouring keys and letters, each read in both directions.
const ROWS: [&str; 9] = [
    "1234567890",
    "!@#$%^&*()",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!qaz@wsx#edc$rfv%tgb^yhn&ujm*ik(ol)p",
    "147258369",
    "abcdefghijklmnopqrstuvwxyz",
];

/// Characters of the shortest piece that counts as neighbouring keys or as one key held down.
const RUN: usize = 3;

/// Signs and digits that stand for a letter; some stand for either of two.
const DISGUISES: [(char, char); 14] = [
    ('0', 'o'),
    ('1', 'l'),
    ('1', 'i'),
    ('!', 'i'),
    ('|', 'l'),
    ('3', 'e'),
    ('4', 'a'),
    ('@', 'a'),
    ('5', 's'),
    ('$', 's'),
    ('7', 't'),
    ('+', 't'),
    ('8', 'b'),
    ('9', 'g'),
];

/// Signs that a password gets to please a rule, one in the middle and one at the end: only more of
/// them count.
const FREE_SIGNS: usize = 2;

/// Whether `found`, a character of a password in small letters, may be read as `meant`.
fn reads_as(found: char, meant: char) -> bool {
    found == meant || DISGUISES.contains(&(found, meant))
}

/// Whether the password holds the word, also in disguise.
pub(super) fn holds(password: &str, word: &str) -> bool {
    let (password, word) = (small(password), small(word));
    !places(&password, &word).is_empty()
}

fn small(text: &str) -> Vec<char> {
    text.to_lowercase().chars().collect()
}

/// Where the word begins.
fn places(password: &[char], word: &[char]) -> Vec<usize> {
    if word.is_empty() {
        return Vec::new();
    }
    let fits = |piece: &[char]| piece.iter().zip(word).all(|(f, m)| reads_as(*f, *m));
    let pieces = password.windows(word.len()).enumerate();
    pieces
        .filter(|(_, piece)| fits(piece))
        .map(|(place, _)| place)
        .collect()
}

/// How many characters of the password are left when words, years, neighbouring keys and keys that
/// are held down are taken away.
pub(super) fn own_characters<'a>(password: &str, words: impl Iterator<Item = &'a str>) -> usize {
    let password = small(password);
    let mut common = BTreeSet::new();
    let mut take = |place: usize, length: usize| common.extend((place..).take(length));
    for word in words {
        let word = small(word);
        for place in places(&password, &word) {
            take(place, word.len());
        }
    }
    for (place, piece) in password.windows(4).enumerate() {
        if is_year(piece) {
            take(place, piece.len());
        }
    }
    for (place, piece) in password.windows(RUN).enumerate() {
        if is_run(piece) {
            take(place, RUN);
        }
    }
    let left = password.iter().enumerate();
    let left = left.filter(|(place, _)| !common.contains(place));
    let (signs, others): (Vec<_>, Vec<_>) =
        left.partition(|(_, character)| !character.is_alphanumeric());
    others
        .len()
        .saturating_add(signs.len().saturating_sub(FREE_SIGNS))
}

/// 1950 to 2099: somebody's birth, or the year of a change.
fn is_year(piece: &[char]) -> bool {
    match piece {
        ['1', '9', decade, year] => ('5'..='9').contains(decade) && year.is_ascii_digit(),
        ['2', '0', decade, year] => decade.is_ascii_digit() && year.is_ascii_digit(),
        _ => false,
    }
}

fn is_run(piece: &[char]) -> bool {
    let same = piece.iter().collect::<BTreeSet<_>>().len() == 1;
    let forth: String = piece.iter().collect();
    let back: String = piece.iter().rev().collect();
    same || ROWS
        .iter()
        .any(|row| row.contains(&forth) || row.contains(&back))
}
