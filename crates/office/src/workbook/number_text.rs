//! Numbers, percentages and dates of a workbook in the digits that people see.

/// A finite number with at most 15 significant digits, as Excel keeps it, without an exponent:
/// the noise of 0.1 + 0.2 is gone.
pub(super) fn plain(value: f64) -> String {
    if !value.is_finite() {
        return String::from("#NUM!");
    }
    let scientific = format!("{value:.14e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    shifted(mantissa, exponent.parse().unwrap_or(0))
}

/// `mantissa` (`-1.2300`) with its decimal point moved `shift` places to the right.
fn shifted(mantissa: &str, shift: i32) -> String {
    let (sign, digits) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let length = i32::try_from(whole.len()).unwrap_or(0);
    let point = length + shift;
    let padded = if point <= 0 {
        let zeros = usize::try_from(1 - point).unwrap_or(0);
        (1, format!("{}{all}", "0".repeat(zeros)))
    } else {
        let point = usize::try_from(point).unwrap_or(0);
        (
            point,
            format!("{all}{}", "0".repeat(point.saturating_sub(all.len()))),
        )
    };
    let (whole, fraction) = padded.1.split_at(padded.0);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    if whole == "0" && fraction.is_empty() {
        return String::from("0");
    }
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{dot}{fraction}")
}

/// A number in its format: percentages as seen, everything else as [`plain`].
pub(super) fn formatted(value: f64, format: &str) -> String {
    match percent_places(format) {
        Some(places) => {
            let moved = shifted(&plain(value), 2);
            format!("{}%", rounded(&moved, places))
        }
        None => plain(value),
    }
}

/// Decimals of a percent format (`0.00%` → 2); `None` when it is none.
fn percent_places(format: &str) -> Option<usize> {
    let bare = unquoted(format.split(';').next().unwrap_or(""));
    let number = bare
        .strip_suffix('%')
        .or_else(|| bare.split_once('%').map(|(head, _)| head))?;
    let fraction = number.split_once('.').map_or("", |(_, fraction)| fraction);
    Some(
        fraction
            .chars()
            .filter(|digit| matches!(digit, '0' | '#' | '?'))
            .count(),
    )
}

/// A format without its quoted and escaped text.
fn unquoted(format: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut chars = format.chars();
    while let Some(next) = chars.next() {
        match next {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' if !quoted => {
                chars.next();
            }
            _ if quoted => {}
            _ => out.push(next),
        }
    }
    out
}

/// Decimal digits rounded half away from zero to `places`, with all its places.
fn rounded(digits: &str, places: usize) -> String {
    let (sign, bare) = digits
        .strip_prefix('-')
        .map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let up = fraction
        .as_bytes()
        .get(places)
        .is_some_and(|digit| *digit >= b'5');
    let kept: String = fraction
        .chars()
        .chain(std::iter::repeat('0'))
        .take(places)
        .collect();
    let mut number: Vec<u8> = format!("0{whole}{kept}").into_bytes();
    if up {
        for digit in number.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                break;
            }
        }
    }
    let text: String = number.iter().map(|byte| char::from(*byte)).collect();
    let (whole, fraction) = text.split_at(text.len() - places);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if places == 0 { "" } else { "." };
    let sign = if text.bytes().all(|byte| byte == b'0') {
        ""
    } else {
        sign
    };
    format!("{sign}{whole}{dot}{fraction}")
}

/// A date in the parts that its format shows: `2021年12月31日`, `2021年12月`, `2021年`; a time of
/// day alone as `8:30`.
pub(super) fn date(moment: &calamine::ExcelDateTime, format: &str) -> String {
    if moment.is_duration() {
        return plain(moment.as_f64());
    }
    let (year, month, day, hour, minute, _, _) = moment.to_ymd_hms_milli();
    let bare = unquoted(format).to_ascii_lowercase();
    let shows = |part: char| bare.contains(part);
    if !bare.is_empty() && shows('h') && !shows('y') && !shows('d') {
        return format!("{hour}:{minute:02}");
    }
    match (shows('y'), shows('m'), shows('d')) {
        (true, true, false) => format!("{year}年{month}月"),
        (true, false, false) => format!("{year}年"),
        (false, true, true) => format!("{month}月{day}日"),
        _ => format!("{year}年{month}月{day}日"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_digits_that_people_see() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (10606.7522, "10606.7522"),
            (1e20, "100000000000000000000"),
            (0.000_012, "0.000012"),
            (-4.35, "-4.35"),
            (0.0, "0"),
            (-0.0, "0"),
            (1_234_567.891, "1234567.891"),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    #[test]
    fn a_percentage_is_rounded_to_the_places_of_its_format() {
        for (value, format, text) in [
            (0.95, "0%", "95%"),
            (0.999_85, "0.00%", "99.99%"),
            (1.0, "0.00%", "100.00%"),
            (0.995, "0%", "100%"),
            (-0.000_01, "0%", "0%"),
            (0.95, "0.00_ ", "0.95"),
            (12.5, "0\"%\"", "12.5"),
        ] {
            assert_eq!(formatted(value, format), text, "{value} {format}");
        }
    }
}
