//! One value in one cell, by its shape.

use super::text::{any_number, has_digit, is_missing, is_template, number};
use super::{Measure, Operator, OperatorSource};
use super::{date, operator, unit};
use crate::number::Decimal;

/// What is known about the cell besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Context<'a> {
    /// 度量单位 in a column of its own, in normal letters.
    pub(super) unit_cell: &'a str,
    /// Whether the indicator is about time.
    pub(super) timely: bool,
    /// Whether the cell says what was reached.
    pub(super) is_actual: bool,
    /// Whether the operator stands in a column of its own.
    pub(super) has_operator: bool,
}

/// A value and the operator in its cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) operator: Option<(Operator, OperatorSource)>,
    pub(super) measure: Measure,
}

impl From<Measure> for Read {
    fn from(measure: Measure) -> Self {
        Self {
            operator: None,
            measure,
        }
    }
}

fn unreadable(reason: impl Into<String>, likely: Option<String>) -> Measure {
    Measure::Unreadable {
        reason: reason.into(),
        likely,
    }
}

/// Reads a text in normal letters.
pub(super) fn value(text: &str, context: &Context<'_>) -> Read {
    if text.is_empty() || is_missing(text) {
        return Measure::Absent.into();
    }
    if is_template(text) {
        return Measure::Template.into();
    }
    // 定性 before the words, where the sign shares the cell with the value.
    if let Some(words) = text.strip_prefix("定性").filter(|it| !it.is_empty()) {
        return Read {
            operator: Some((Operator::Qualitative, OperatorSource::Sign)),
            measure: yes_no(words).map_or_else(|| Measure::Words(words.to_owned()), Measure::YesNo),
        };
    }
    if let Some(damaged) = damaged(text, context) {
        return damaged;
    }
    let (sign, bare) = operator::sign(text);
    if let Some(answer) = yes_no(bare) {
        return Read {
            operator: sign.map(|sign| (sign, OperatorSource::Sign)),
            measure: Measure::YesNo(answer),
        };
    }
    let before = operator::before(without_label(bare));
    if let Some(date) =
        date::read(bare, context.timely).or_else(|| date::read(before.rest, context.timely))
    {
        return with_operators(text, [sign, before.operator, None], date.into());
    }
    let (core, after) = operator::after(before.rest);
    let reached = (before.reaches && !context.is_actual).then_some(Operator::AtLeast);
    let words = before.operator.or(reached);
    let (core, approximate) = without_approximation(core);
    let (core, inside) = operator::inside(core);
    let words = words.or(inside);
    let Some(measure) = shape(&core, context) else {
        return other(text, sign.is_some() || words.is_some()).into();
    };
    if approximate {
        let likely = measure.to_string();
        let reason = format!("「{text}」是约数，无法精确比较，请填写准确的数字");
        return unreadable(reason, Some(likely)).into();
    }
    let bare_number = sign.is_none() && words.is_none() && after.is_none();
    if bare_number
        && !context.is_actual
        && !context.has_operator
        && let Some(doubt) = scanned(text, &measure)
    {
        return doubt.into();
    }
    with_operators(text, [sign, words, after], measure)
}

/// Takes the operators together that stand in one cell; they must not contradict each other.
fn with_operators(text: &str, found: [Option<Operator>; 3], measure: Measure) -> Read {
    let [sign, before, after] = found;
    let mut directions = found.iter().flatten().map(|operator| operator.direction());
    let first = directions.next();
    if first.is_some_and(|first| directions.any(|other| other != first)) {
        let reason = format!("「{text}」前后的符号和文字方向相反，请改为一种写法");
        return unreadable(reason, None).into();
    }
    let words = before.or(after);
    Read {
        operator: sign
            .map(|sign| (sign, OperatorSource::Sign))
            .or_else(|| words.map(|operator| (operator, OperatorSource::Words))),
        measure,
    }
}

/// Text that carries a remark on a bad scan, or was cut off.
fn damaged(text: &str, context: &Context<'_>) -> Option<Read> {
    if let Some((shown, remark)) = text.split_once("(OCRof") {
        let likely = remark.trim_end_matches(')');
        if operator::sign(likely).1.is_empty() {
            // The remark names the sign alone: 二100 is read as =100 anyway.
            return Some(value(shown, context));
        }
        let reason = format!("「{shown}」是识别错误的文字，请对照原件核对");
        return Some(unreadable(reason, Some(likely.to_owned())).into());
    }
    (has_digit(text) && text.contains('…'))
        .then(|| unreadable(format!("「{text}」没有写完整，请补全"), None).into())
}

fn yes_no(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "√" | "✓" | "☑" | "Y" | "是的" => Some(true),
        "否" | "没有" | "不是" | "N" => Some(false),
        _ => None,
    }
}

/// `满意度95%`: the number behind a short name of what is measured.
fn without_label(text: &str) -> &str {
    let Some(start) = text.find(|letter: char| letter.is_ascii_digit()) else {
        return text;
    };
    let Some((label, rest)) = text.split_at_checked(start) else {
        return text;
    };
    let label = label.trim_end_matches([':', '为']);
    let label = label.trim_end_matches("达到").trim_end_matches('达');
    let denies = label.contains(['未', '不', '没', '无', '约', '近']);
    let names = label.ends_with(['率', '度']) && label.chars().count() <= 8;
    if names && !denies { rest } else { text }
}

/// Takes away 约, 左右, 余, 多 and tells whether they stood there.
fn without_approximation(text: &str) -> (&str, bool) {
    let mut rest = text;
    let mut found = false;
    for word in ["大约", "大概", "将近", "接近", "约", "近", "逾"] {
        if let Some(after) = rest.strip_prefix(word) {
            (rest, found) = (after, true);
        }
    }
    for word in ["左右", "上下"] {
        if let Some(before) = rest.strip_suffix(word) {
            (rest, found) = (before, true);
        }
    }
    (rest, found || more_than_said(rest).is_some())
}

/// `20多万`, `300余人`: the number and what follows 多 or 余.
fn more_than_said(text: &str) -> Option<(Decimal, &str)> {
    let (value, rest) = number(text)?;
    let rest = rest.strip_prefix(['多', '余', '几', '来'])?;
    Some((value, rest))
}

/// A range, a frequency, or a number with its unit, that fills the whole text.
fn shape(text: &str, context: &Context<'_>) -> Option<Measure> {
    range(text, context)
        .or_else(|| frequency(text, context))
        .or_else(|| per_unit_first(text, context))
        .or_else(|| percent_in_words(text))
        .or_else(|| quantity(text, context))
}

/// `18—54周岁`, `80%-100%`, `(0-20)分`.
fn range(text: &str, context: &Context<'_>) -> Option<Measure> {
    let opened;
    let text = match text.strip_prefix(['(', '[']) {
        Some(inner) => {
            let (inside, after) = inner.split_once([')', ']'])?;
            opened = format!("{inside}{after}");
            opened.as_str()
        }
        None => text,
    };
    let (first, rest) = number(text)?;
    let place = rest.find(['-', '~', '至', '到'])?;
    let (unit_of_first, rest) = rest.split_at_checked(place)?;
    let rest = rest.trim_start_matches(['-', '~', '至', '到']);
    let (second, unit) = number(rest)?;
    let unit = completed(unit);
    if !is_unit(unit) || !(unit_of_first.is_empty() || is_unit(unit_of_first)) {
        return None;
    }
    let unit = with_cell(unit, context)?;
    let low = if unit_of_first.is_empty() {
        first
    } else {
        unit::convert(first, unit_of_first, &unit)?
    };
    (low <= second).then_some(Measure::Range {
        low,
        high: second,
        unit,
    })
}

const PERIODS: [&str; 11] = [
    "季度", "半年", "年度", "学期", "星期", "年", "季", "月", "周", "天", "日",
];

const TIMES: [&str; 9] = ["批次", "次", "期", "场", "遍", "轮", "回", "趟", "频次"];

/// `1次/月`, `每季度2次`, `2次每年`.
fn frequency(text: &str, context: &Context<'_>) -> Option<Measure> {
    let (per, rest) = if let Some(rest) = text.strip_prefix('每') {
        let per = PERIODS.iter().find(|per| rest.starts_with(**per))?;
        (*per, rest.strip_prefix(*per)?)
    } else {
        let (head, per) = text.split_once('/').or_else(|| text.split_once('每'))?;
        let per = PERIODS.iter().find(|period| **period == per)?;
        (*per, head)
    };
    let (count, unit) = any_number(rest)?;
    let unit = if unit.is_empty() {
        context.unit_cell
    } else {
        unit
    };
    TIMES.contains(&unit).then(|| Measure::Frequency {
        count,
        unit: unit.to_owned(),
        per: per.to_owned(),
    })
}

/// `每亩300`, `每人每月530元`.
fn per_unit_first(text: &str, context: &Context<'_>) -> Option<Measure> {
    let mut per: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix('每') {
        let end = after.find(|letter: char| letter == '每' || letter.is_ascii_digit())?;
        let (what, next) = after.split_at_checked(end)?;
        let what = ["补助标准", "补助", "补贴", "标准"]
            .iter()
            .find_map(|word| what.strip_suffix(word))
            .unwrap_or(what);
        if what.is_empty() || what.chars().count() > 3 {
            return None;
        }
        per.push(what);
        rest = next;
    }
    if per.is_empty() {
        return None;
    }
    let (value, unit) = number(rest)?;
    if !is_unit(unit) {
        return None;
    }
    let unit = if unit.is_empty() {
        context.unit_cell
    } else {
        unit
    };
    let unit = if unit.contains('/') {
        unit.to_owned()
    } else {
        format!("{unit}/{}", per.join("·"))
    };
    Some(Measure::Quantity { value, unit })
}

/// `百分之95`.
fn percent_in_words(text: &str) -> Option<Measure> {
    let rest = text.strip_prefix("百分之")?;
    let whole = (rest == "百").then_some(Decimal::ONE_HUNDRED);
    let value = whole.or_else(|| any_number(rest).filter(|it| it.1.is_empty()).map(|it| it.0))?;
    Some(Measure::Quantity {
        value,
        unit: "%".to_owned(),
    })
}

fn quantity(text: &str, context: &Context<'_>) -> Option<Measure> {
    let (value, rest) = more_than_said(text).or_else(|| number(text))?;
    let unit = completed(rest);
    let unit = match unit.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        Some(inner) => inner,
        None => unit,
    };
    if !is_unit(unit) {
        return None;
    }
    let unit = with_cell(unit, context)?;
    Some(Measure::Quantity { value, unit })
}

/// The unit without words that only say that it is done: `100%覆盖`.
fn completed(unit: &str) -> &str {
    let done = [
        "全覆盖",
        "覆盖",
        "完成",
        "到位",
        "达标",
        "合格",
        "发放",
        "支付",
        "执行",
        "及时",
    ];
    let kept = done.iter().find_map(|word| unit.strip_suffix(word));
    kept.filter(|kept| !kept.is_empty()).unwrap_or(unit)
}

/// The printed unit together with the one in the unit's own column; `None` when they contradict.
fn with_cell(unit: &str, context: &Context<'_>) -> Option<String> {
    let cell = context.unit_cell;
    if unit.is_empty() {
        return Some(cell.to_owned());
    }
    // 30万 beside 元.
    if matches!(unit, "万" | "亿" | "万亿") && !cell.is_empty() && !unit::multiplies(cell) {
        return Some(format!("{unit}{cell}"));
    }
    let clash = !cell.is_empty() && !context.is_actual && !unit::agree(unit, cell);
    let scaled = unit::multiplies(unit) || unit::multiplies(cell);
    let percent = unit::is_percent(unit) != unit::is_percent(cell);
    (!clash || !(scaled || percent)).then(|| unit.to_owned())
}

/// `台(套)`, `人(次)`, `元/(人·月)` without the brackets.
fn without_bracket(unit: &str) -> String {
    let Some((head, rest)) = unit.split_once('(') else {
        return unit.to_owned();
    };
    match rest.split_once(')') {
        Some((inner, tail)) if !head.is_empty() && !inner.is_empty() => {
            format!("{head}{inner}{tail}")
        }
        _ => unit.to_owned(),
    }
}

/// Whether the rest of a cell can be a unit, and not a sentence.
fn is_unit(unit: &str) -> bool {
    let unit = &without_bracket(unit);
    let words = [
        "以", "完成", "实现", "已", "未", "不", "的", "和", "约", "左右", "了", "是", "提", "增",
        "降", "减", "每", "达", "较",
    ];
    let mut before = ' ';
    for letter in unit.chars() {
        let power = matches!(letter, '2' | '3') && before == 'm';
        let sign = "%‰°℃²³㎡/*·、µ.×".contains(letter);
        if !(letter.is_alphabetic() || sign || power) {
            return false;
        }
        before = letter;
    }
    !words.iter().any(|word| unit.contains(word))
        && unit.chars().count() <= 16
        && unit
            .split(['/', '*', '·', '、'])
            .all(|part| part.chars().count() <= 6)
        && !unit.starts_with(['、', '*', '·', '.', '×'])
}

/// A percentage above 200 whose rest after the leading 2 is at most 100 is probably ≥ as scanned.
///
/// House rule: 2280次 may be right, so a plain number is never doubted.
fn scanned(text: &str, measure: &Measure) -> Option<Measure> {
    let Measure::Quantity { value, unit } = measure else {
        return None;
    };
    if !unit::is_percent(unit) {
        return None;
    }
    let rest = after_leading_two(*value)?;
    Some(unreadable(
        format!("「{text}」可能是「≥」被识别成了 2，请对照原件核对"),
        Some(format!("≥{rest}%")),
    ))
}

/// 92 for 292; `None` when the number does not begin with 2 or the rest is no percentage.
pub(super) fn after_leading_two(value: Decimal) -> Option<Decimal> {
    let text = value.to_string();
    let rest = text.strip_prefix('2')?;
    let whole = rest.split('.').next().unwrap_or(rest);
    if rest.starts_with('0') || whole.len() < 2 {
        return None;
    }
    let rest: Decimal = rest.parse().ok()?;
    (rest <= Decimal::ONE_HUNDRED).then_some(rest)
}

/// A text of no known shape: words, or digits that cannot be understood.
fn other(text: &str, has_sign: bool) -> Measure {
    let starts = text.starts_with(|letter: char| letter.is_ascii_digit());
    if !has_digit(text) || !(starts || has_sign) {
        return Measure::Words(text.to_owned());
    }
    let numbers = text
        .split(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | ','))
        .filter(|part| !part.is_empty())
        .count();
    let reason = if numbers > 1 {
        format!("「{text}」里有几个数字，看不出指标值是哪一个，请一行只写一个")
    } else {
        format!("「{text}」看不懂，请写成「符号＋数字＋单位」，例如 ≥95%")
    };
    unreadable(reason, None)
}
