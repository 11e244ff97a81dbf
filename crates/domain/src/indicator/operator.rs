//! Operators: as signs, as words, in the indicator's name, and inferred from what is measured.

use std::borrow::Cow;

use super::text::{has_digit, normal};
use super::{Measure, Operator};

/// A sign at the beginning of a normal text, and what follows it. `二100` is `=100` as scanned.
pub(super) fn sign(text: &str) -> (Option<Operator>, &str) {
    // `%=99百分比`: the unit stands before the sign and again after the number.
    let text = match text.strip_prefix('%') {
        Some(rest) if rest.starts_with(['=', '≥', '≤', '>', '<']) => rest,
        _ => text,
    };
    if let Some(rest) = text.strip_prefix('二')
        && rest.starts_with(|letter: char| letter.is_ascii_digit())
    {
        return (Some(Operator::Equal), rest);
    }
    let mut letters = text.chars();
    let operator = letters.next().and_then(of_sign);
    match operator {
        Some(_) => (operator, letters.as_str()),
        None => (None, text),
    }
}

fn of_sign(letter: char) -> Option<Operator> {
    Some(match letter {
        '>' => Operator::Greater,
        '≥' => Operator::AtLeast,
        '=' => Operator::Equal,
        '<' => Operator::Less,
        '≤' => Operator::AtMost,
        _ => return None,
    })
}

/// What stands in the column 指标性质.
pub(super) fn column(text: &str) -> Option<Operator> {
    let text = normal(text);
    if let (Some(operator), "") = sign(&text) {
        return Some(operator);
    }
    if text.starts_with("定性") {
        return Some(Operator::Qualitative);
    }
    let word = text.trim_end_matches("指标");
    match word {
        "正向" => return Some(Operator::AtLeast),
        "反向" | "逆向" => return Some(Operator::AtMost),
        "二" => return Some(Operator::Equal),
        _ => {}
    }
    BEFORE
        .iter()
        .find_map(|(written, operator)| (*written == word).then_some(*operator))
}

/// Words before a number; longer ones first.
const BEFORE: [(&str, Operator); 34] = [
    ("大于或等于", Operator::AtLeast),
    ("小于或等于", Operator::AtMost),
    ("大于等于", Operator::AtLeast),
    ("小于等于", Operator::AtMost),
    ("不得少于", Operator::AtLeast),
    ("不得低于", Operator::AtLeast),
    ("不得超过", Operator::AtMost),
    ("不得高于", Operator::AtMost),
    ("不得多于", Operator::AtMost),
    ("控制在", Operator::AtMost),
    ("不少于", Operator::AtLeast),
    ("不低于", Operator::AtLeast),
    ("不小于", Operator::AtLeast),
    ("不超过", Operator::AtMost),
    ("不高于", Operator::AtMost),
    ("不多于", Operator::AtMost),
    ("不大于", Operator::AtMost),
    ("不晚于", Operator::AtMost),
    ("不迟于", Operator::AtMost),
    ("至少", Operator::AtLeast),
    ("最少", Operator::AtLeast),
    ("最低", Operator::AtLeast),
    ("至多", Operator::AtMost),
    ("最多", Operator::AtMost),
    ("最高", Operator::AtMost),
    ("大于", Operator::Greater),
    ("高于", Operator::Greater),
    ("多于", Operator::Greater),
    ("超过", Operator::Greater),
    ("小于", Operator::Less),
    ("低于", Operator::Less),
    ("少于", Operator::Less),
    ("不到", Operator::Less),
    ("等于", Operator::Equal),
];

/// Words after a number; longer ones first.
const AFTER: [(&str, Operator); 20] = [
    ("(含)及以上", Operator::AtLeast),
    ("(含)以上", Operator::AtLeast),
    ("以上(含)", Operator::AtLeast),
    ("(含)以下", Operator::AtMost),
    ("以下(含)", Operator::AtMost),
    ("(含)以内", Operator::AtMost),
    ("以内(含)", Operator::AtMost),
    ("及其以上", Operator::AtLeast),
    ("及以上", Operator::AtLeast),
    ("或以上", Operator::AtLeast),
    ("及以下", Operator::AtMost),
    ("或以下", Operator::AtMost),
    ("及以内", Operator::AtMost),
    ("以上", Operator::AtLeast),
    ("以内", Operator::AtMost),
    ("之内", Operator::AtMost),
    ("以下", Operator::AtMost),
    ("天内", Operator::AtMost),
    ("日内", Operator::AtMost),
    ("时内", Operator::AtMost),
];

/// Words before a number that say nothing of the direction.
const NEUTRAL: [&str; 20] = [
    "已完成",
    "力争",
    "确保",
    "保证",
    "保持",
    "计划",
    "预计",
    "累计",
    "共计",
    "合计",
    "总计",
    "实际",
    "实现",
    "完成",
    "应当",
    "应",
    "需",
    "要",
    "共",
    "为",
];

/// Operator words before a number and what follows them; `reaches` is set by 达到.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before<'a> {
    pub(super) operator: Option<Operator>,
    pub(super) reaches: bool,
    pub(super) rest: &'a str,
}

pub(super) fn before(text: &str) -> Before<'_> {
    let mut found = Before {
        operator: None,
        reaches: false,
        rest: text,
    };
    loop {
        let word = BEFORE
            .iter()
            .find_map(|(word, operator)| Some((found.rest.strip_prefix(word)?, *operator)));
        if let Some((rest, operator)) = word.filter(|_| found.operator.is_none()) {
            found.operator = Some(operator);
            found.rest = rest;
            continue;
        }
        let reached = ["达到了", "达到", "达"]
            .iter()
            .find_map(|word| found.rest.strip_prefix(word));
        if let Some(rest) = reached {
            found.reaches = true;
            found.rest = rest;
            continue;
        }
        let neutral = NEUTRAL
            .iter()
            .find_map(|word| found.rest.strip_prefix(word));
        match neutral {
            Some(rest) => found.rest = rest,
            None => return found,
        }
    }
}

/// Takes operator words out of the middle: `每季度不少于2次`.
pub(super) fn inside(text: &str) -> (Cow<'_, str>, Option<Operator>) {
    let found = BEFORE
        .iter()
        .find(|(word, _)| text.starts_with('每') && text.contains(word));
    match found {
        Some((word, operator)) => (text.replacen(word, "", 1).into(), Some(*operator)),
        None => (text.into(), None),
    }
}

/// What stands before operator words at the end, and the operator.
pub(super) fn after(text: &str) -> (&str, Option<Operator>) {
    for (word, operator) in AFTER {
        if let Some(rest) = text.strip_suffix(word)
            && has_digit(rest)
        {
            // 天内 keeps its 天.
            let unit = word.strip_suffix('内').filter(|unit| unit.len() == 3);
            let unit = unit.filter(|unit| matches!(*unit, "天" | "日" | "时"));
            let kept = rest.len() + unit.map_or(0, str::len);
            return (text.get(..kept).unwrap_or(rest), Some(operator));
        }
    }
    (text, None)
}

/// The operator that stands in an indicator's name: `受益人口数(≥**人)`.
pub fn operator_in_name(name: &str) -> Option<Operator> {
    let name = normal(name);
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        let next = letters.clone().next();
        let holds = next.is_some_and(|next| next.is_ascii_digit() || "*×xX_".contains(next));
        if let Some(operator) = of_sign(letter).filter(|_| holds) {
            return Some(operator);
        }
    }
    None
}

/// What is better the less of it there is.
const WORSE: [&str; 28] = [
    "成本",
    "支出",
    "费用",
    "投诉",
    "事故",
    "死亡",
    "伤亡",
    "控制",
    "结余",
    "超支",
    "差错",
    "误差",
    "违规",
    "违法",
    "违纪",
    "变质",
    "损耗",
    "能耗",
    "消耗",
    "调整次数",
    "失业",
    "返贫",
    "流失",
    "事件",
    "发病",
    "舆情",
    "污染",
    "超标",
];

/// Work against something bad, which is better the more of it there is.
const AGAINST: [&str; 20] = [
    "处理", "处置", "治理", "调解", "化解", "办理", "查处", "防治", "减少", "降低", "下降", "节约",
    "节省", "整治", "排查", "监督", "检查", "压减", "防控", "修复",
];

/// The operator by what an indicator measures, where none is printed. `None` when it cannot be
/// told.
///
/// House rule: a missing sign is common, and a direction is needed to compare at all; what is
/// inferred is marked and never grounds for an error.
pub(super) fn inferred(name: &str, level2: &str, measure: &Measure) -> Option<Operator> {
    match measure {
        Measure::Date { .. } => return Some(Operator::AtMost),
        Measure::Range { .. } | Measure::YesNo(_) => return Some(Operator::Equal),
        Measure::Words(_) => return Some(Operator::Qualitative),
        Measure::Frequency { .. } => return Some(Operator::AtLeast),
        Measure::Quantity { value, .. } if value.is_zero() => return Some(Operator::AtMost),
        Measure::Quantity { .. } => {}
        Measure::Absent | Measure::Template | Measure::Unreadable { .. } => return None,
    }
    let Measure::Quantity { unit, .. } = measure else {
        return None;
    };
    let name = bare_name(name);
    // 投诉率 is better low, 投诉处理率 is better high, and of 成本控制率 nobody can tell.
    if let Some(of) = of_rate(&name) {
        let worse = WORSE.iter().any(|word| of.ends_with(word));
        return match (of.ends_with("控制"), worse) {
            (true, _) => None,
            (false, true) => Some(Operator::AtMost),
            (false, false) => Some(Operator::AtLeast),
        };
    }
    let is_cost = level2.contains("成本");
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let days = ["天", "日", "工作日", "个工作日", "小时", "分钟"];
    let lasts = ["时间", "时限", "周期", "期限", "时长", "工期"];
    let soon = level2.contains("时效") || has(&lasts);
    if soon && days.contains(&unit.as_str()) {
        return Some(Operator::AtMost);
    }
    if has(&AGAINST) {
        return Some(Operator::AtLeast);
    }
    if is_cost && has(&["完成", "发放", "支付", "执行", "到位", "拨付"]) {
        // 资金完成 173万元 under 成本: spent as planned, or not more than that?
        return None;
    }
    if is_cost || has(&WORSE) {
        return Some(Operator::AtMost);
    }
    Some(Operator::AtLeast)
}

/// What is measured, where the name is a rate's: 投诉 for 投诉率 and 事故发生率.
fn of_rate(name: &str) -> Option<&str> {
    let of = ["比率", "比例", "占比", "率"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))?;
    Some(of.strip_suffix("发生").unwrap_or(of))
}

/// The name without stars, numbering and what stands in brackets at its end.
fn bare_name(name: &str) -> String {
    let name = normal(name);
    let end = match name.rfind('(') {
        Some(start) if start > 0 && name.ends_with(')') => start,
        _ => name.len(),
    };
    let bare = name.get(..end).unwrap_or(&name);
    bare.trim_start_matches(['★', '*', '☆']).to_owned()
}
