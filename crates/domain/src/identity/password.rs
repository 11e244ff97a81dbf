//! What a password must be.

use std::collections::BTreeSet;

use crate::rulepack::PasswordRules;

/// The fewest different characters: fewer are one key held down.
///
/// House rule: five of at least eight, whatever else a place asks for.
const LEAST_DIFFERENT: usize = 5;

/// Why a new password is refused, as a Chinese sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFlaw {
    /// Too few characters.
    #[error("新密码太短：现在 {found} 个字符，至少要 {least} 个。")]
    TooShort {
        /// How many it has.
        found: usize,
        /// How many it needs.
        least: usize,
    },
    /// Too many characters.
    #[error("新密码太长：现在 {found} 个字符，最多 {most} 个。")]
    TooLong {
        /// How many it has.
        found: usize,
        /// How many it may have.
        most: usize,
    },
    /// Too few kinds of characters.
    #[error(
        "新密码只有 {found} 类字符：大写字母、小写字母、数字、其他符号，至少要有其中 {least} 类。"
    )]
    TooFewClasses {
        /// How many it has.
        found: usize,
        /// How many it needs.
        least: usize,
    },
    /// The same few characters again and again.
    #[error("新密码用的字符太少：不同的字符至少要有 {LEAST_DIFFERENT} 个。")]
    TooUniform,
    /// It holds the account's own name.
    #[error("新密码里有您的用户名：请换一个别人想不到的。")]
    HoldsName,
    /// It holds what everybody tries first.
    #[error("新密码里有「{word}」，这是最容易被猜到的：请换掉这一段。")]
    HoldsWord {
        /// What it holds.
        word: String,
    },
    /// It was used before.
    #[error("新密码最近用过：最近 {depth} 次的密码不能再用，请换一个新的。")]
    UsedBefore {
        /// How many are remembered.
        depth: u16,
    },
}

/// Everything that is wrong with `password` for the account of this login name. Whether one of the
/// remembered passwords is the same, the caller has found out by their hashes.
pub fn password_flaws(
    rules: &PasswordRules,
    password: &str,
    login_name: &str,
    was_used_before: bool,
) -> Vec<PasswordFlaw> {
    let mut flaws = Vec::new();
    let characters = password.chars().count();
    let (least, most) = (
        usize::from(rules.min_characters),
        usize::from(rules.max_characters),
    );
    if characters < least {
        flaws.push(PasswordFlaw::TooShort {
            found: characters,
            least,
        });
    }
    if characters > most {
        flaws.push(PasswordFlaw::TooLong {
            found: characters,
            most,
        });
    }
    let classes: BTreeSet<u8> = password.chars().map(class).collect();
    if classes.len() < usize::from(rules.classes) {
        flaws.push(PasswordFlaw::TooFewClasses {
            found: classes.len(),
            least: usize::from(rules.classes),
        });
    }
    if password.chars().collect::<BTreeSet<char>>().len() < LEAST_DIFFERENT {
        flaws.push(PasswordFlaw::TooUniform);
    }
    let small = password.to_lowercase();
    let name = login_name.to_lowercase();
    // A name of one or two letters stands in many a good password.
    if name.chars().count() > 2 && small.contains(&name) {
        flaws.push(PasswordFlaw::HoldsName);
    }
    let word = rules
        .forbidden_words
        .iter()
        .find(|word| small.contains(&word.to_lowercase()));
    if let Some(word) = word {
        flaws.push(PasswordFlaw::HoldsWord { word: word.clone() });
    }
    if was_used_before && rules.history > 0 {
        flaws.push(PasswordFlaw::UsedBefore {
            depth: rules.history,
        });
    }
    flaws
}

/// Which of the four kinds a character is.
fn class(character: char) -> u8 {
    if character.is_uppercase() {
        0
    } else if character.is_lowercase() {
        1
    } else if character.is_numeric() {
        2
    } else {
        3
    }
}
