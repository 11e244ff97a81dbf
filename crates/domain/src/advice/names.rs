//! What an indicator is called.

use super::like::{is_one_put_in, letters, likeness};
use super::line::{Block, Line, first_in, plain};
use super::{Found, Mend, Table};
use crate::check::text::shared;
use crate::form_reader::label::half_width;
use crate::indicator::{Operator, is_template_text};
use crate::number::Decimal;

pub(super) fn advise(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    input(table, line, found);
    process(table, line, found);
    twice(table, line, found);
    repeated(table, line, found);
    two_things(line, found);
    worse(table, line, found);
    template(table, line, found);
    if let Some(word) = unknown_abbreviation(&line.name, &table.rules.words.abbreviations) {
        let message = format!(
            "「{}」里的「{word}」是缩写，不熟悉业务的人读不懂",
            line.title()
        );
        let mend = Mend::say(format!("写成中文全称，需要时把 {word} 放在括号里"));
        found.add("A34", line.path("name"), message, mend);
    }
}

fn input(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let Some(word) = first_in(&line.name, &table.rules.words.input) else {
        return;
    };
    // What else the name says: a subsidy that arrives is what a subsidy is for.
    let rest = letters(&line.name.replace(word, "")).chars().count();
    let is_paid_out = ["补助", "补贴", "救助", "奖", "待遇", "低保"]
        .iter()
        .any(|word| line.name.contains(word));
    if line.block != Block::Output || is_paid_out || rest > 8 {
        return;
    }
    let exec = table.pack.weights.exec.0.normalize();
    let message = format!(
        "「{}」说的是{word}，是投入，不是产出；预算执行率已另占 {exec} 分",
        line.title()
    );
    let mend = Mend::say("请改成钱花出去以后做成的事，如建成多少、服务多少人、合格率多少");
    found.add("A04", line.path("name"), message, mend);
}

fn process(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let known = first_in(&line.name, &table.rules.words.process);
    let held = line.name.starts_with("召开") || line.name.starts_with("开展工作");
    if line.block != Block::Output || (known.is_none() && !held) {
        return;
    }
    let message = format!("「{}」是工作过程，看不出做成了什么", line.title());
    let mend = Mend::say("请改成这项工作的结果，如办结多少件、解决多少个问题、覆盖多少人");
    found.add("A05", line.path("name"), message, mend);
}

/// Nearly the name of a row above.
fn twice(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let above = table
        .lines
        .iter()
        .take_while(|other| other.row.key != line.row.key);
    let unit = |line: &Line<'_>| line.quantity().map(|(_, unit)| unit.to_owned());
    let same = |other: &&Line<'_>| {
        other.name != line.name
            && other.row.level2.trim() == line.row.level2.trim()
            && !other.is_part
            && unit(other) == unit(line)
            && is_one_put_in(&other.name, &line.name)
            && likeness(&other.name, &line.name) >= table.rules.same_name_percent.0
    };
    let Some(other) = above.into_iter().find(same).filter(|_| !line.is_part) else {
        return;
    };
    let message = format!("「{}」与「{}」几乎相同", line.title(), other.title());
    let mend = Mend::say("请合并成一项，或把区别写进名称");
    found.add("A17", line.path("name"), message, mend);
}

/// A benefit that says an output again.
fn repeated(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    if line.block != Block::Benefit || line.name.is_empty() {
        return;
    }
    let outputs = table
        .lines
        .iter()
        .filter(|other| other.block == Block::Output);
    let same = |other: &&Line<'_>| {
        let alike = is_one_put_in(&other.name, &line.name)
            && likeness(&other.name, &line.name) >= table.rules.same_name_percent.0;
        let counted = line.quantity().is_some_and(|(value, unit)| {
            let is_small = value <= Decimal::ONE;
            let own = other.quantity() == Some((value, unit));
            own && !line.is_percent() && !unit.is_empty() && !is_small
        });
        alike || (counted && about_same(table, &other.name, &line.name))
    };
    let mut outputs = outputs;
    let Some(other) = outputs.find(same) else {
        return;
    };
    let message = format!(
        "「{}」重复了产出指标「{}」，没有说带来什么变化",
        line.title(),
        other.title()
    );
    let mend = Mend::say("请写受益的人因此得到什么：收入、时间、安全、成活、复发等的变化");
    found.add("A29", line.path("name"), message, mend);
}

fn about_same(table: &Table<'_>, first: &str, second: &str) -> bool {
    let part = shared(first, second, 2);
    part.is_some_and(|part| !table.rules.words.common.contains(&part))
}

/// `签约率和完成率`, `500吨稻谷、50吨大米储备率`.
fn two_things(line: &Line<'_>, found: &mut Found<'_>) {
    let half = half_width(&line.name);
    let bare = half.split('(').next().unwrap_or(&half);
    let parts: Vec<&str> = bare
        .split(['、', '和', '及', '与', ',', '，', ';', '；', '/'])
        .map(str::trim)
        .filter(|part| part.chars().count() >= 2)
        .collect();
    let measured: Vec<&&str> = parts.iter().filter(|part| is_measured(part)).collect();
    let ([first, second, ..], true) = (&*measured, parts.len() == measured.len()) else {
        return;
    };
    let message = format!(
        "「{}」里有两件事（「{first}」和「{second}」），只填一个值，得分说不清是哪一件的",
        line.title()
    );
    let mend = Mend::say("请拆成两行，各填各的指标值和权重");
    found.add("A22", line.path("name"), message, mend);
}

/// Whether a part of a name is a measure of its own.
fn is_measured(part: &str) -> bool {
    let ends = [
        "率", "数", "数量", "次数", "面积", "金额", "比例", "时间", "长度", "额",
    ]
    .iter()
    .any(|ending| part.ends_with(ending));
    let digit = part.find(|letter: char| letter.is_ascii_digit());
    let counted = digit == Some(0) && part.chars().any(char::is_alphabetic);
    (ends && !part.ends_with("参数")) || counted
}

/// `投诉率 ≥ 5`.
fn worse(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let words = &table.rules.words;
    let upward = matches!(line.operator(), Some(Operator::AtLeast | Operator::Greater));
    let Some((value, unit)) = line.quantity().filter(|(value, _)| !value.is_zero()) else {
        return;
    };
    let bare = without_measure(&line.name);
    let Some(word) = words.worse.iter().find(|word| bare.ends_with(&***word)) else {
        return;
    };
    if !upward || first_in(&line.name, &words.against).is_some() {
        return;
    }
    let message = format!(
        "「{}」越少越好，用「{}」等于要求{word}至少有 {}{unit}",
        line.title(),
        line.operator().map_or("", Operator::sign),
        plain(value)
    );
    let path = line.path("operator");
    let mend = Mend::put("把指标性质改为 ≤", [(path.clone(), "≤".to_owned())]);
    found.add("A30", path, message, mend);
}

/// What is counted: 投诉 of 投诉率, 安全事故 of 安全事故发生起数. 违法行为责停率 counts something else.
fn without_measure(name: &str) -> &str {
    let endings = [
        "率", "次数", "起数", "件数", "人数", "数量", "比例", "数", "量", "发生", "事件", "案件",
        "行为",
    ];
    let mut rest = name.split(['(', '（']).next().unwrap_or(name);
    while let Some(shorter) = endings.iter().find_map(|ending| rest.strip_suffix(ending)) {
        rest = shorter;
    }
    rest
}

fn template(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let raw = line.row.name.trim();
    let words = &table.rules.words.template;
    let stars = raw.trim_start_matches(['★', '☆', '*', '※']);
    let left = first_in(stars, words);
    if is_template_text(raw) || left.is_some() {
        let message = match left {
            Some(word) => format!("「{raw}」的名称里还留着模板的「{word}」"),
            None => format!("「{raw}」的名称里还留着模板的编号或空白"),
        };
        let is_clean = first_in(&line.name, words).is_none() && !is_template_text(&line.name);
        let path = line.path("name");
        let mend = if is_clean && !line.name.is_empty() && line.name != raw {
            let name = line.starred(&line.name);
            Mend::put(format!("改为「{name}」"), [(path.clone(), name)])
        } else {
            Mend::say("请换成本项目自己的名称")
        };
        found.add("A32", path, message, mend);
    }
    let value = line.row.value.trim();
    if is_template_text(value) || first_in(value, words).is_some() {
        let message = format!("「{}」的指标值「{value}」是模板文字", line.title());
        let mend = Mend::say("请填本项目自己的指标值");
        found.add("A32", line.path("value"), message, mend);
    }
}

/// An abbreviation in capitals that is neither known nor explained in brackets.
pub(super) fn unknown_abbreviation(text: &str, known: &[String]) -> Option<String> {
    let half = half_width(text);
    let mut before = ' ';
    let mut word = String::new();
    for letter in half.chars().chain([' ']) {
        if letter.is_ascii_alphabetic() || (!word.is_empty() && letter.is_ascii_digit()) {
            word.push(letter);
            continue;
        }
        let capitals = word.chars().filter(char::is_ascii_uppercase).count();
        let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
        let is_short = (2..=6).contains(&capitals) && capitals == letters.len();
        let is_told = (before == '(' && letter == ')') || letter == '(' || before == '[';
        if is_short && !is_told && !known.contains(&letters.to_uppercase()) {
            return Some(word);
        }
        word.clear();
        before = letter;
    }
    None
}
