//! What a password must be.

use std::collections::BTreeSet;

use super::guess;
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
    /// It holds the code of the account's unit.
    #[error("新密码里有您单位的编码：请换一个别人想不到的。")]
    HoldsUnit,
    /// There is little in it but what everybody tries.
    #[error(
        "新密码几乎只由常见的词、地名、年份和键盘上相邻的键拼成，容易被猜到：请加入至少 {least} 个\
         自己的字符。"
    )]
    Guessable {
        /// How many characters must be the person's own.
        least: usize,
    },
    /// It was used before.
    #[error("新密码最近用过：最近 {depth} 次的密码不能再用，请换一个新的。")]
    UsedBefore {
        /// How many are remembered.
        depth: u16,
    },
}

/// What others know of the account, and try.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The name to log in with.
    pub login_name: &'a str,
    /// The code of the unit; empty where there is none.
    pub unit_code: &'a str,
}

/// Everything that is wrong with `password` for the account of whose it is to be. Whether one of
/// the remembered passwords is the same, the caller has found out by their hashes.
pub fn password_flaws(
    rules: &PasswordRules,
    password: &str,
    whose: Whose<'_>,
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
    flaws.extend(guessable(rules, password, whose));
    if was_used_before && rules.history > 0 {
        flaws.push(PasswordFlaw::UsedBefore {
            depth: rules.history,
        });
    }
    flaws
}

/// Why others would guess it.
fn guessable(rules: &PasswordRules, password: &str, whose: Whose<'_>) -> Vec<PasswordFlaw> {
    let mut flaws = Vec::new();
    // A name or a code of one or two characters stands in many a good password.
    let holds = |text: &str| text.chars().count() > 2 && guess::holds(password, text);
    if holds(whose.login_name) {
        flaws.push(PasswordFlaw::HoldsName);
    }
    if holds(whose.unit_code) {
        flaws.push(PasswordFlaw::HoldsUnit);
    }
    let words = &rules.forbidden_words;
    let word = words.iter().find(|word| guess::holds(password, word));
    if let Some(word) = word {
        flaws.push(PasswordFlaw::HoldsWord { word: word.clone() });
    }
    let common = rules.common_words.iter().chain(&rules.place_words);
    let own = guess::own_characters(password, common.map(String::as_str));
    let least = usize::from(rules.own_characters);
    if flaws.is_empty() && own < least {
        flaws.push(PasswordFlaw::Guessable { least });
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
