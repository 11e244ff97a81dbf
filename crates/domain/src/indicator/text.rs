//! One way of writing for each sign, and numbers at the beginning of a text.

use crate::number::Decimal;

/// `text` in half-width letters, without spaces, each sign in one glyph.
pub(super) fn normal(text: &str) -> String {
    let mut plain: String = text.chars().filter_map(plain).collect();
    for (written, sign) in [
        (">=", "≥"),
        ("=>", "≥"),
        ("<=", "≤"),
        ("=<", "≤"),
        ("≥=", "≥"),
        ("≤=", "≤"),
        ("==", "="),
        ("...", "…"),
    ] {
        if plain.contains(written) {
            plain = plain.replace(written, sign);
        }
    }
    let end = plain.trim_end_matches(['。', ';', ',', '、']).len();
    plain.truncate(end);
    plain
}

fn plain(letter: char) -> Option<char> {
    match letter {
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        _ if letter.is_whitespace() => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).map(normal_sign),
        other => Some(normal_sign(other)),
    }
}

fn normal_sign(letter: char) -> char {
    match letter {
        '﹦' | '═' | '꞊' => '=',
        '≧' | '⩾' | '≽' => '≥',
        '≦' | '⩽' | '≼' => '≤',
        '﹥' | '〉' | '›' => '>',
        '﹤' | '〈' | '‹' => '<',
        '﹪' => '%',
        '—' | '–' | '―' | '‐' | '‑' | '−' | '─' | '﹣' => '-',
        '〜' | '∼' => '~',
        '•' | '・' | '∙' => '·',
        '∗' | '✱' => '*',
        '⋯' => '…',
        other => other,
    }
}

/// A number at the beginning of `text`, and what follows it. Commas must part thousands.
pub(super) fn number(text: &str) -> Option<(Decimal, &str)> {
    let text = text.trim_start_matches(['¥', '￥']);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ','))
        .unwrap_or(digits.len());
    let (run, _) = digits.split_at_checked(end)?;
    let run = run.trim_end_matches(['.', ',']);
    let (_, rest) = digits.split_at_checked(run.len())?;
    let value = Decimal::from_str_exact(&without_separators(run)?).ok()?;
    let value = value.normalize();
    Some((if negative { -value } else { value }, rest))
}

fn without_separators(run: &str) -> Option<String> {
    if !run.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let (whole, fraction) = run.split_once('.').unwrap_or((run, ""));
    if fraction.contains([',', '.']) {
        return None;
    }
    if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next()?;
        if first.len() > 3 || !groups.all(|group| group.len() == 3) {
            return None;
        }
    }
    Some(run.replace(',', ""))
}

/// A whole number in Chinese from 1 to 99 at the beginning of `text`, and what follows it.
pub(super) fn chinese_number(text: &str) -> Option<(u8, &str)> {
    let mut rest = text;
    let first = take_digit(&mut rest);
    if let Some(after) = rest.strip_prefix('十') {
        rest = after;
        let tens = first.unwrap_or(1);
        let ones = take_digit(&mut rest).unwrap_or(0);
        return Some((tens * 10 + ones, rest));
    }
    first.map(|digit| (digit, rest))
}

fn take_digit(text: &mut &str) -> Option<u8> {
    for (digit, letters) in (1_u8..).zip(["一", "二两", "三", "四", "五", "六", "七", "八", "九"])
    {
        if let Some(rest) = text.strip_prefix(|letter| letters.contains(letter)) {
            *text = rest;
            return Some(digit);
        }
    }
    None
}

/// A number in digits, or a small one in Chinese.
pub(super) fn any_number(text: &str) -> Option<(Decimal, &str)> {
    number(text).or_else(|| {
        let (number, rest) = chinese_number(text)?;
        Some((Decimal::from(number), rest))
    })
}

/// Whether a digit stands in the text.
pub(super) fn has_digit(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_digit())
}

/// Whether the cell is marked as holding nothing: `/`, `—`, `无`.
pub(super) fn is_missing(text: &str) -> bool {
    let mark = |letter: char| "-/\\_.·~".contains(letter);
    text.chars().all(mark)
        || matches!(
            text,
            "无" | "空" | "暂无" | "不适用" | "不涉及" | "无此项" | "N/A" | "n/a" | "NA" | "null"
        )
}

/// Whether the text was left from the template: `……`, `**`, `XX`, `指标2:`.
pub(super) fn is_template(text: &str) -> bool {
    let bare = text.trim_start_matches(['≥', '≤', '>', '<', '=']);
    let place = |letter: char| "*xX×_□○…".contains(letter);
    let end = bare.find(|letter| !place(letter)).unwrap_or(bare.len());
    let blanks = bare.chars().take_while(|letter| place(*letter)).count();
    let rest = bare.get(end..).unwrap_or_default();
    if blanks >= 2 || (blanks == 1 && rest.chars().count() <= 4 && !has_digit(rest)) {
        return !has_digit(rest);
    }
    let Some(rest) = text.strip_prefix("指标") else {
        return false;
    };
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let rest = rest.trim_start_matches(|letter| "一二三四五六七八九十".contains(letter));
    matches!(rest, "" | ":" | "." | "、") && text != "指标"
}
