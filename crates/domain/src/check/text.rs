//! Words and numbers in running text and in names.

use crate::form_reader::label::half_width;
use crate::number::Decimal;

/// Whether people write this where there is nothing to say.
pub(super) fn is_nothing(text: &str) -> bool {
    let bare: String = half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    matches!(
        bare.as_str(),
        "无" | "N/A" | "n/a" | "不适用" | "暂无" | "没有" | "无偏差"
    ) || bare
        .chars()
        .all(|letter| "-—－–―/\\_.·…×*".contains(letter))
}

/// 三级指标 without stars, `指标1：`, template placeholders and spaces.
pub(crate) fn bare_name(raw: &str) -> String {
    let half: String = half_width(raw)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let mut rest = half.trim_start_matches(['★', '☆', '*', '※', '#', '▲', '●']);
    if let Some(numbered) = rest.strip_prefix("指标") {
        let after = numbered.trim_start_matches(|letter: char| {
            letter.is_ascii_digit() || "一二三四五六七八九十".contains(letter)
        });
        let cut = after.trim_start_matches([':', '.', '、', '．', '。']);
        if after.len() < numbered.len() {
            rest = cut;
        }
    }
    let rest = rest.trim_start_matches(['★', '☆', '*', '※']);
    without_placeholders(rest)
}

/// A name without `(≥**人)`, `≥**人`.
fn without_placeholders(name: &str) -> String {
    let mut out = name.to_owned();
    while let Some(at) = out.find("**") {
        let head = out.get(..at).unwrap_or("");
        let signs = ['≥', '≤', '>', '<', '=', '(', ' ', '≧', '≦'];
        let begin = head.trim_end_matches(signs).len();
        let tail = out.get(at..).unwrap_or("");
        let open = out.get(begin..at).is_some_and(|cut| cut.contains('('));
        let end = if open {
            tail.find(')').map_or(out.len(), |close| at + close + 1)
        } else {
            out.len()
        };
        let kept = out.get(end..).unwrap_or("").to_owned();
        out.truncate(begin);
        out.push_str(&kept);
    }
    out
}

/// Whether a unit says a share of a hundred.
pub(crate) fn is_percent_unit(unit: &str) -> bool {
    let unit = half_width(unit);
    matches!(
        unit.trim(),
        "%" | "百分比" | "百分率" | "个百分点" | "百分点" | "％"
    )
}

/// Whether any of the words stands in the text.
pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// A number in running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) value: Decimal,
    /// Digits as they stand there, with 万 or 亿.
    pub(crate) printed: String,
    /// Up to eight letters before it, within its clause.
    pub(crate) before: String,
    /// Up to six letters after it, within its clause: the unit comes first.
    pub(crate) after: String,
    /// Whether 余, 多, 近, 约, 超 or a range makes it inexact.
    pub(crate) is_rough: bool,
}

const CLAUSE: [char; 13] = [
    '，', '。', '；', '！', '？', '、', '\n', ',', ';', '(', ')', '：', ':',
];

/// The numbers of a text, with what stands around them. Years, dates and numbering are left out.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let letters: Vec<char> = half_width(text).chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        if !letter.is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = number_end(&letters, at);
        if let Some(mention) = mention(&letters, at, end) {
            found.push(mention);
        }
        at = end;
    }
    found
}

/// Where a number that begins at `at` ends; commas between thousands belong to it.
fn number_end(letters: &[char], at: usize) -> usize {
    let digit = |place: usize| letters.get(place).is_some_and(char::is_ascii_digit);
    let mut end = at;
    while digit(end) {
        end += 1;
        let three = digit(end + 1) && digit(end + 2) && digit(end + 3) && !digit(end + 4);
        match letters.get(end) {
            Some('.') if digit(end + 1) => end += 1,
            Some(',') if three => end += 1,
            _ => {}
        }
    }
    end
}

fn mention(letters: &[char], at: usize, end: usize) -> Option<Mention> {
    let digits: String = letters.get(at..end)?.iter().collect();
    let plain: Decimal = digits.replace(',', "").parse().ok()?;
    let before: String = letters
        .get(..at)?
        .iter()
        .rev()
        .take_while(|letter| !CLAUSE.contains(letter))
        .take(8)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let rest: String = letters
        .get(end..)?
        .iter()
        .take_while(|letter| !CLAUSE.contains(letter))
        .take(8)
        .collect();
    if rest.starts_with(['年', '月', '日', '号', '.', '-', '—', '~', '～', '至', '岁']) {
        return None;
    }
    let marks = ['余', '多', '几'];
    let rough = rest.starts_with(marks) || has_any(&before, &["约", "近", "超", "逾", "达到"]);
    let rest = rest.trim_start_matches(marks);
    let (factor, after) = match rest.chars().next() {
        Some('万') if !rest.starts_with("万元") => (10_000, rest.get('万'.len_utf8()..)?),
        Some('亿') if !rest.starts_with("亿元") => (100_000_000, rest.get('亿'.len_utf8()..)?),
        _ => (1, rest),
    };
    let range = before.ends_with(['-', '—', '~', '～', '至', '.', '/']);
    Some(Mention {
        value: plain
            .checked_mul(Decimal::from(factor))
            .filter(|value| *value < Decimal::from(1_000_000_000_000_000_000_i64))?,
        printed: digits,
        before,
        after: after.trim_start_matches(marks).chars().take(6).collect(),
        is_rough: rough || range,
    })
}

/// More decimals than anybody prints; a number holds at most 28.
const MOST_PLACES: u32 = 20;

/// Decimals of a number as printed: `31.00%` → 2; at most 20, so that half a digit more can still
/// be written as a number.
pub(super) fn places(printed: &str) -> u32 {
    let half = half_width(printed);
    let digits: String = half
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ','))
        .collect();
    let fraction = digits
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    u32::try_from(fraction).map_or(MOST_PLACES, |places| places.min(MOST_PLACES))
}

/// The longest text of at least `least` letters that both names share, digits left out.
pub(crate) fn shared(first: &str, second: &str, least: usize) -> Option<String> {
    let letters: Vec<char> = first.chars().collect();
    let mut best: Option<String> = None;
    for begin in 0..letters.len() {
        let longest = best.as_ref().map_or(least, |best| best.chars().count() + 1);
        for end in begin + longest..=letters.len() {
            let part: String = letters.get(begin..end).unwrap_or_default().iter().collect();
            if part.chars().any(|letter| letter.is_ascii_digit()) || !second.contains(&part) {
                break;
            }
            best = Some(part);
        }
    }
    best
}
