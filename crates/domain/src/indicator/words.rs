//! What words claim about a target: reached, partly reached, missed.

use super::text::normal;

/// What words claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// 达成, 完成, 达标, or the target's own words.
    Reached,
    /// 部分达成, 基本完成.
    Partly,
    /// 未完成, 暂未完工, 效果较差.
    Missed,
}

const PARTLY: [&str; 15] = [
    "部分",
    "基本",
    "大部",
    "大多",
    "未完全",
    "未全部",
    "没有完全",
    "没有全部",
    "不完全",
    "尚未全部",
    "尚未完全",
    "初步",
    "有待",
    "正在",
    "进行中",
];

const MISSED: [&str; 25] = [
    "未达成",
    "未达到",
    "未达标",
    "未完成",
    "未完工",
    "未实现",
    "未开展",
    "未启动",
    "未实施",
    "未开工",
    "未建立",
    "未落实",
    "未执行",
    "没有完成",
    "没有达到",
    "没有开展",
    "不合格",
    "不达标",
    "不符合",
    "不及时",
    "无效果",
    "效果较差",
    "效果差",
    "未按时",
    "未及时",
];

const REACHED: [&str; 16] = [
    "完成",
    "达成",
    "达到",
    "实现",
    "达标",
    "合格",
    "符合",
    "落实到位",
    "执行到位",
    "已建立",
    "已发放",
    "已支付",
    "已竣工",
    "已验收",
    "已实施",
    "已落实",
];

/// Whole texts that say no more than that it is so.
const PLAIN: [&str; 9] = ["是", "有", "已", "√", "对", "好", "达", "已达", "优"];

const NEGATIONS: [&str; 6] = ["未", "没", "不", "无", "否", "非"];

/// Words that are better the more of it they say, from the least on.
const DEGREES: [&[&str]; 3] = [
    &["有所", "逐步", "一定", "一般"],
    &["较好", "较大", "较高", "良好", "有效", "明显", "好", "较为"],
    &["显著", "大幅", "很好", "优秀", "极大", "非常"],
];

/// Reads what `actual` claims about a target in words. `None` when it cannot be told.
pub fn claim(target: &str, actual: &str) -> Option<Claim> {
    let (target, actual) = (normal(target), normal(actual));
    if actual.is_empty() || is_question(&actual) {
        return None;
    }
    if is_question(&target) {
        return answer(&target, &actual);
    }
    if actual == target {
        return Some(Claim::Reached);
    }
    let has = |words: &[&str]| words.iter().any(|word| actual.contains(word));
    if has(&PARTLY) {
        return Some(Claim::Partly);
    }
    if has(&MISSED) || matches!(actual.as_str(), "差" | "较差" | "否" | "很差") {
        return Some(Claim::Missed);
    }
    if has(&NEGATIONS) && !target.is_empty() && !NEGATIONS.iter().any(|it| target.contains(it)) {
        return None;
    }
    if has(&REACHED) || on_time(&actual) == Some(Claim::Reached) {
        return Some(Claim::Reached);
    }
    by_degree(&target, &actual)
}

/// 显著提升 against 有所提升: the same thing to another degree.
fn by_degree(target: &str, actual: &str) -> Option<Claim> {
    let (wanted, of) = degree(target)?;
    let (shown, what) = degree(actual)?;
    let same = of == what || what.is_empty() || of.is_empty();
    if !same {
        return None;
    }
    Some(if shown >= wanted {
        Claim::Reached
    } else {
        Claim::Partly
    })
}

/// How much, and of what: (2, 提升) for 显著提升.
fn degree(text: &str) -> Option<(usize, String)> {
    let (place, word) = DEGREES
        .iter()
        .enumerate()
        .rev()
        .find_map(|(place, words)| {
            let word = words.iter().find(|word| text.contains(**word))?;
            Some((place, *word))
        })?;
    let rest = text.replacen(word, "", 1);
    let rest = rest.trim_start_matches("效果").trim_end_matches("效果");
    let synonym = match rest {
        "提高" | "改善" | "增强" | "加强" | "增加" => "提升",
        other => other,
    };
    Some((place, synonym.to_owned()))
}

/// Whether a text asks instead of saying: 好坏, 是否, 与否, 优良中差.
pub(super) fn is_question(text: &str) -> bool {
    let opposites = [
        "好坏",
        "是/否",
        "是否",
        "有无",
        "有/无",
        "优良中差",
        "高低",
        "大小",
        "多少",
        "快慢",
        "优/良/中/差",
        "健全/不健全",
    ];
    opposites
        .iter()
        .any(|word| text == *word || (text.starts_with(word) && word.contains('否')))
        || text.ends_with("与否")
}

/// The answer to a question such as 建立与否.
fn answer(question: &str, actual: &str) -> Option<Claim> {
    let bad = [
        "事故", "违规", "违法", "违纪", "投诉", "超", "浪费", "污染", "拖欠", "纠纷",
    ];
    if bad.iter().any(|word| question.contains(word)) {
        return None;
    }
    let asks_yes = question.contains('否') || question.contains("有");
    if !asks_yes {
        return None;
    }
    if PLAIN.contains(&actual) {
        return Some(Claim::Reached);
    }
    let done = question.strip_suffix("与否").map(|verb| {
        actual == verb
            || actual.strip_prefix('已') == Some(verb)
            || actual.strip_prefix("已经") == Some(verb)
    });
    if done == Some(true) {
        return Some(Claim::Reached);
    }
    let denies =
        matches!(actual, "否" | "无" | "没有") || MISSED.iter().any(|it| actual.contains(it));
    denies.then_some(Claim::Missed)
}

/// What words say about a date.
pub(super) fn on_time(actual: &str) -> Option<Claim> {
    if MISSED.iter().any(|word| actual.contains(word))
        || ["延期", "逾期", "推迟", "滞后", "超期"]
            .iter()
            .any(|word| actual.contains(word))
    {
        return Some(Claim::Missed);
    }
    let punctual = [
        "按时", "按期", "及时", "如期", "提前", "准时", "达成", "达到",
    ];
    let denied = NEGATIONS.iter().any(|word| actual.contains(word))
        || PARTLY.iter().any(|word| actual.contains(word));
    (!denied && punctual.iter().any(|word| actual.contains(word))).then_some(Claim::Reached)
}
