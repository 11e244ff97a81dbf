//! Dates in cells: `2021年底前`, `9月前`, `2021.1.1-12.31`.

use super::Measure;
use super::text::chinese_number;

/// A date as far as it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Date {
    pub(super) year: Option<i32>,
    pub(super) month: Option<u8>,
    pub(super) day: Option<u8>,
}

impl From<Date> for Measure {
    fn from(date: Date) -> Self {
        Self::Date {
            year: date.year,
            month: date.month,
            day: date.day,
        }
    }
}

impl Date {
    /// The first and the last day that it can mean, as (month, day).
    pub(super) fn days(self) -> ((u8, u8), (u8, u8)) {
        let (first, last) = (self.month.unwrap_or(1), self.month.unwrap_or(12));
        (
            (first, self.day.unwrap_or(1)),
            (last, self.day.unwrap_or_else(|| last_day(self.year, last))),
        )
    }
}

/// The last day of a month; of a February without its year, the 29th.
pub(super) fn last_day(year: Option<i32>, month: u8) -> u8 {
    let leap = year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Reads a date, or the end of a span of dates, that fills the whole text. `timely` says that the
/// indicator is about time, so that `2021.1` is a month and not a number.
///
/// House rule: `9月前` allows September, as those who fill forms mean it; a span is met at its end.
pub(super) fn read(text: &str, timely: bool) -> Option<Date> {
    let text = ["截止到", "截止", "截至", "于", "在", "到", "至", "按"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let (first, rest) = one(text, None, timely)?;
    let rest_of_span = rest
        .strip_prefix(['-', '~', '至', '到'])
        .map(|rest| rest.trim_start_matches(['-', '~']));
    let Some(end) = rest_of_span else {
        return is_ending(rest).then_some(first);
    };
    let (mut last, rest) = one(end, first.year, true)?;
    last.year = last.year.or(first.year);
    is_ending(rest).then_some(last)
}

/// Whether the words after a date leave it the last day.
fn is_ending(rest: &str) -> bool {
    let ends = [
        "底前", "末前", "之前", "以前", "前", "以内", "之内", "内", "底", "末", "止", "期间",
    ];
    let mut rest = ends
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    for word in ["底", "前", "按时", "按期", "全部", "全面", "如期", "已"] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let verbs = [
        "完成",
        "竣工",
        "完工",
        "到位",
        "发放",
        "支付",
        "交付",
        "验收",
        "实施",
        "建成",
        "结束",
        "拨付",
        "上报",
        "开工",
        "启动",
        "投入使用",
        "执行",
        "完成任务",
        "完毕",
        "完成支付",
        "完成发放",
        "竣工验收",
        "发放到位",
        "发放完毕",
        "支付完毕",
        "完成验收",
        "完成建设",
        "完成项目",
        "拨付到位",
    ];
    rest.is_empty() || verbs.contains(&rest)
}

fn one(text: &str, year: Option<i32>, timely: bool) -> Option<(Date, &str)> {
    chinese(text)
        .or_else(|| dotted(text, year, timely))
        .filter(|(date, _)| is_sound(*date))
}

fn is_sound(date: Date) -> bool {
    let month = date.month.is_none_or(|month| (1..=12).contains(&month));
    let last = last_day(date.year, date.month.unwrap_or(1));
    month && date.day.is_none_or(|day| (1..=last).contains(&day))
}

/// `2021年12月31日`, `9月`, `年底`, `2021年第三季度`, `上半年`.
fn chinese(text: &str) -> Option<(Date, &str)> {
    let mut date = Date {
        year: None,
        month: None,
        day: None,
    };
    let mut rest = text;
    if let Some((year, after)) = digits(rest)
        && let Some(after) = after.strip_prefix("年度").or(after.strip_prefix('年'))
        && (1900..2100).contains(&year)
    {
        date.year = i32::try_from(year).ok();
        // 2021年年底
        rest = after.strip_prefix('年').unwrap_or(after);
    } else if let Some(after) = ["当年", "本年度", "本年", "年度", "年"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
    {
        // Only 年底, 年末, 年内: the year itself says nothing.
        let after = after.strip_prefix(['底', '末', '内'])?;
        date.month = Some(12);
        return Some((date, after));
    }
    if let Some((month, after)) = part_of_year(rest) {
        date.month = Some(month);
        return Some((date, after));
    }
    let month = digits(rest).or_else(|| {
        let (number, rest) = chinese_number(rest)?;
        Some((u32::from(number), rest))
    });
    if let Some((month, after)) = month
        && let Some(after) = after.strip_prefix("月份").or(after.strip_prefix('月'))
    {
        date.month = u8::try_from(month).ok();
        date.month?;
        rest = after;
        if let Some((day, after)) = digits(rest)
            && let Some(after) = after.strip_prefix('日').or(after.strip_prefix('号'))
        {
            date.day = Some(u8::try_from(day).ok()?);
            rest = after;
        } else if let Some((day, after)) = [("上旬", 10), ("中旬", 20), ("初", 10), ("中", 20)]
            .iter()
            .find_map(|(word, day)| Some((*day, rest.strip_prefix(word)?)))
        {
            date.day = Some(day);
            rest = after;
        } else {
            rest = rest.strip_prefix("下旬").unwrap_or(rest);
        }
        return Some((date, rest));
    }
    date.year?;
    // 2021年底: the end of the year is its last month.
    if rest.starts_with(['底', '末']) {
        date.month = Some(12);
    }
    Some((date, rest))
}

/// The last month of a quarter or of half a year.
fn part_of_year(text: &str) -> Option<(u8, &str)> {
    for (word, month) in [("上半年", 6), ("下半年", 12)] {
        if let Some(rest) = text.strip_prefix(word) {
            return Some((month, rest));
        }
    }
    let numbered = text.strip_prefix('第').unwrap_or(text);
    let (quarter, rest) = chinese_number(numbered).or_else(|| {
        let (number, rest) = digits(numbered)?;
        Some((u8::try_from(number).ok()?, rest))
    })?;
    let rest = rest.strip_prefix("季度")?;
    let is_quarter = (1..=4).contains(&quarter);
    // 4季度 without 第 may be a count of quarters.
    let ordinal = text.starts_with('第') || !text.starts_with(|it: char| it.is_ascii_digit());
    (is_quarter && ordinal).then_some((quarter * 3, rest))
}

/// `2021.1.1`, `2021-01-05`, `2021/1/5`; as the end of a span also `12.31`.
fn dotted(text: &str, year: Option<i32>, timely: bool) -> Option<(Date, &str)> {
    let (first, after) = digits(text)?;
    let mark = after.chars().next().filter(|mark| "./-".contains(*mark))?;
    let (second, after) = digits(after.strip_prefix(mark)?)?;
    let third = after.strip_prefix(mark).and_then(digits);
    let narrow = |number: u32| u8::try_from(number).ok();
    if !(1900..2100).contains(&first) {
        year?;
        let date = Date {
            year: None,
            month: Some(narrow(first)?),
            day: Some(narrow(second)?),
        };
        return Some((date, after));
    }
    let mut date = Date {
        year: i32::try_from(first).ok(),
        month: Some(narrow(second)?),
        day: None,
    };
    match third {
        // 2021-1-2021-11 would be a span; 2021.1.1 is a day.
        Some((day, after)) if day <= 31 => {
            date.day = Some(narrow(day)?);
            Some((date, after))
        }
        _ if timely => Some((date, after)),
        _ => None,
    }
}

fn digits(text: &str) -> Option<(u32, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    Some((number.parse().ok()?, rest))
}
