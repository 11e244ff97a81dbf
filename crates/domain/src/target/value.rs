//! What the texts of a form's fields mean.

use crate::form_reader::label::half_width;
use crate::form_reader::number_in;
use crate::number::Fen;
use crate::rulepack::target_form::{FieldKind, FormField};

/// An amount in 万元, exact to the fen. Nothing typed is no amount.
///
/// # Errors
/// A Chinese clause that says what to do.
pub fn money(text: &str) -> Result<Fen, String> {
    let half: String = half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let bare = half.strip_suffix("万元").unwrap_or(&half).replace(',', "");
    let is_plain = bare
        .chars()
        .all(|letter| letter.is_ascii_digit() || letter == '.' || letter == '-');
    let number = number_in(&bare).filter(|_| is_plain);
    let number = number.ok_or("不是金额，请填数字，单位是万元，例如 120.50")?;
    let fen = Fen::from_wan(number).ok_or("金额太大，请核对单位是不是万元")?;
    if fen.wan() != number {
        return Err("小数太多，万元最多六位小数（精确到分）".to_owned());
    }
    if fen < Fen::ZERO {
        return Err("金额不能是负数".to_owned());
    }
    Ok(fen)
}

/// The amount in 万元 in plain digits: at least two decimals, as many as it has.
pub fn wan_digits(fen: Fen) -> String {
    let text = fen.wan().normalize().to_string();
    match text.split_once('.') {
        None => format!("{text}.00"),
        Some((_, decimals)) if decimals.len() < 2 => format!("{text}0"),
        Some(_) => text,
    }
}

/// Why the text is none of what the field holds; nothing where it is, or where nothing was typed.
pub(super) fn flaw(field: &FormField, text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match field.kind {
        FieldKind::Text | FieldKind::Long => None,
        FieldKind::Money => money(text).err(),
        FieldKind::Date => {
            let sentence = "不是日期，请写成 2021-03-01 或 2021年3月";
            (!is_date(text)).then(|| sentence.to_owned())
        }
        FieldKind::Period => {
            let sentence = "不是起止时间，请写成 2021年1月至2023年12月";
            (!is_period(text)).then(|| sentence.to_owned())
        }
        FieldKind::Choice => {
            let is_option = field.options.iter().any(|option| option == text);
            (!is_option).then(|| format!("请从「{}」里选择", field.options.join("、")))
        }
        FieldKind::Phone => {
            let sentence = "不是电话号码，请填 7 至 20 位数字，可以有区号";
            (!is_phone(text)).then(|| sentence.to_owned())
        }
        FieldKind::Code => {
            let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            let sentence = "不是编码，只能有字母和数字";
            (!half_width(text).chars().all(fits)).then(|| sentence.to_owned())
        }
    }
}

/// `2021`, `2021年3月`, `2021-03-01` and the like; a date has at least a month.
fn date_parts(text: &str) -> Option<usize> {
    let half = half_width(text.trim());
    let half = half.trim_end_matches(['日', '月', '年', '底', '前', '初']);
    let parts: Vec<&str> = half.split(['年', '月', '-', '/', '.']).collect();
    let limits = [(1_900, 2_200), (1, 12), (1, 31)];
    let fits = |(part, (low, high)): (&&str, (u32, u32))| {
        let is_digits = part.chars().all(|letter| letter.is_ascii_digit());
        let number: Option<u32> = part.parse().ok();
        is_digits && number.is_some_and(|number| (low..=high).contains(&number))
    };
    let is_date = parts.len() <= 3 && parts.iter().zip(limits).all(fits);
    is_date.then_some(parts.len())
}

fn is_date(text: &str) -> bool {
    date_parts(text).is_some_and(|parts| parts >= 2)
}

fn is_period(text: &str) -> bool {
    if date_parts(text).is_some() {
        return true;
    }
    let is_pair = |(from, to): (&str, &str)| {
        let is_end = |end: &str| date_parts(end).is_some() || ["长期", "今"].contains(&end.trim());
        date_parts(from).is_some() && is_end(to)
    };
    ["至", "—", "－", "~", "～", "到"]
        .iter()
        .any(|sign| text.split_once(sign).is_some_and(is_pair))
        || text.matches('-').count() == 1 && text.split_once('-').is_some_and(is_pair)
}

fn is_phone(text: &str) -> bool {
    let half = half_width(text);
    let digits = half.chars().filter(char::is_ascii_digit).count();
    let fits = |letter: char| letter.is_ascii_digit() || " -()+/、,".contains(letter);
    (7..=30).contains(&digits) && half.chars().all(fits)
}
