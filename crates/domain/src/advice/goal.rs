//! What stands in the goal.

use super::like::{letters, likeness};
use super::line::{Block, Line, first_in, plain};
use super::names::unknown_abbreviation;
use super::{Found, Mend, Table};
use crate::check::text::{Mention, mentions, shared};
use crate::form_reader::label::half_width;
use crate::indicator::Operator;
use crate::number::Decimal;

pub(super) fn advise(table: &Table<'_>, found: &mut Found<'_>) {
    let goal = table.target.goal.trim();
    if goal.is_empty() {
        return;
    }
    copied(table, goal, found);
    without_figures(table, goal, found);
    against_table(table, goal, found);
    beyond_the_year(table, goal, found);
    if let Some(word) = first_in(goal, &table.rules.words.template) {
        let message = format!("年度目标里还留着模板的「{word}」");
        let mend = Mend::say("请换成本项目自己的内容，或删去");
        found.add("A32", "goal".to_owned(), message, mend);
    }
    if let Some(word) = unknown_abbreviation(goal, &table.rules.words.abbreviations) {
        let message = format!("年度目标里的「{word}」是缩写，不熟悉业务的人读不懂");
        let mend = Mend::say(format!("第一次出现时写中文全称，把 {word} 放在括号里"));
        found.add("A34", "goal".to_owned(), message, mend);
    }
}

fn copied(table: &Table<'_>, goal: &str, found: &mut Found<'_>) {
    let from = table.rules.copied_percent.0;
    let length = letters(goal).chars().count();
    let is_long = length >= usize::try_from(table.rules.copied_from_letters).unwrap_or(usize::MAX);
    let mut others = table.context.others.iter();
    let best = others.find(|other| is_long && likeness(goal, other) >= from);
    if let Some(other) = best {
        let message = format!(
            "年度目标与另一单位的有 {}% 相同",
            likeness(goal, other).round_dp(0).normalize()
        );
        let mend = Mend::say("请写本单位今年自己要做的事、数量和效果");
        found.add("A18", "goal".to_owned(), message, mend);
    }
    let name = table.context.object_name.trim();
    let bare = letters(name.split_once('-').map_or(name, |(_, rest)| rest));
    if bare.chars().count() < 4 {
        return;
    }
    let own = letters(goal);
    let rest = length.saturating_sub(bare.chars().count());
    if (own.contains(&bare) && rest <= 6) || likeness(goal, &bare) >= from {
        let message = "年度目标几乎只是重复了项目名称，看不出今年做什么、做多少".to_owned();
        let mend = proposal(table, goal);
        found.add("A19", "goal".to_owned(), message, mend);
    }
}

/// The goal with the first figures of the table.
fn proposal(table: &Table<'_>, goal: &str) -> Mend {
    let all = counted(table);
    let quantities = all.iter().filter(|line| line.level2_has("数量")).count();
    let is_first = |line: &&Line<'_>| quantities == 0 || line.level2_has("数量");
    let first = all.into_iter().filter(is_first).take(3);
    let parts: Vec<String> = first.filter_map(part).collect();
    let sentence = "请写明做什么、做多少、达到什么效果";
    if parts.is_empty() {
        return Mend::say(sentence);
    }
    let text = format!(
        "{}。其中：{}。",
        goal.trim_end_matches(['。', '；', '，', ';', ',']),
        parts.join("，")
    );
    Mend::put(
        format!(
            "{sentence}；可以先把指标里的数字写进来：{}",
            parts.join("，")
        ),
        [("goal".to_owned(), text)],
    )
}

fn part(line: &Line<'_>) -> Option<String> {
    let (value, unit) = line.quantity()?;
    let word = match line.operator()? {
        Operator::AtLeast => "不少于 ",
        Operator::Greater => "多于 ",
        Operator::AtMost => "不超过 ",
        Operator::Less => "少于 ",
        Operator::Equal => " ",
        Operator::Qualitative => return None,
    };
    Some(format!("{}{word}{} {unit}", line.name, plain(value)))
}

/// The outputs and benefits that count something.
fn counted<'t, 'a>(table: &'t Table<'a>) -> Vec<&'t Line<'a>> {
    let counts = |line: &&Line<'_>| {
        let is_number = line
            .quantity()
            .is_some_and(|(value, unit)| !unit.is_empty() && !value.is_zero());
        let is_effect = matches!(line.block, Block::Output | Block::Benefit);
        is_number && is_effect && !line.is_part && !line.is_percent() && !line.name.is_empty()
    };
    table.lines.iter().filter(counts).collect()
}

fn without_figures(table: &Table<'_>, goal: &str, found: &mut Found<'_>) {
    let has_figure = half_width(goal).contains(|letter: char| letter.is_ascii_digit())
        || ["十", "百", "千", "万"].iter().any(|word| {
            goal.split(word).next().is_some_and(|before| {
                goal.contains(word)
                    && before
                        .ends_with(['一', '二', '三', '四', '五', '六', '七', '八', '九', '两'])
            })
        });
    if has_figure {
        return;
    }
    let lines = counted(table);
    if let Some(line) = lines.first() {
        let message = format!(
            "年度目标没有一个数字，而指标里有 {} 项数量（如「{}」{}）",
            lines.len(),
            line.title(),
            line.shown()
        );
        found.add("A20", "goal".to_owned(), message, proposal(table, goal));
    } else if let Some(word) = first_in(goal, &table.rules.words.vague) {
        let message = format!("年度目标里的「{word}」没有衡量标准");
        let mend = Mend::say("请写明做到多少、达到什么程度");
        found.add("A01", "goal".to_owned(), message, mend);
    }
}

/// `培训148人` in the goal, 14 人 in the table.
fn against_table(table: &Table<'_>, goal: &str, found: &mut Found<'_>) {
    for mention in mentions(goal).iter().filter(|mention| !mention.is_rough) {
        let unit = |line: &&Line<'_>| {
            line.quantity()
                .is_some_and(|(_, unit)| is_unit(mention, unit))
                && !line.is_part
        };
        let lines: Vec<&Line<'_>> = table.lines.iter().filter(unit).collect();
        let values: Vec<Decimal> = lines
            .iter()
            .filter_map(|line| line.quantity().map(|(value, _)| value))
            .collect();
        if values.contains(&mention.value) || values.iter().sum::<Decimal>() == mention.value {
            continue;
        }
        let about = |line: &&&Line<'_>| is_about(table, mention, line);
        let Some(line) = lines.iter().find(about) else {
            continue;
        };
        let said: String = format!("{}{}", mention.printed, unit_of(mention, line));
        let message = format!(
            "年度目标写的是 {said}，指标「{}」是 {}，两处对不上",
            line.title(),
            line.shown()
        );
        let mend = Mend::say("请核对哪一个对，改成一致");
        found.add("A21", "goal".to_owned(), message, mend);
    }
}

fn unit_of<'l>(mention: &Mention, line: &'l Line<'_>) -> &'l str {
    let unit = line.quantity().map_or("", |(_, unit)| unit);
    if mention.printed.ends_with(unit) {
        ""
    } else {
        unit
    }
}

fn is_unit(mention: &Mention, unit: &str) -> bool {
    let after = mention.after.trim_start_matches(' ');
    let rest = after.strip_prefix(unit);
    // 人次 is not 人.
    !unit.is_empty() && rest.is_some_and(|rest| !rest.starts_with(['次', '/', '均']))
}

/// Whether the words before the figure speak of what the indicator counts.
fn is_about(table: &Table<'_>, mention: &Mention, line: &Line<'_>) -> bool {
    let unit = line.quantity().map_or("", |(_, unit)| unit);
    let after = mention.after.strip_prefix(unit).unwrap_or_default();
    [&*mention.before, after].iter().any(|words| {
        let part = shared(words, &line.name, 2);
        part.is_some_and(|part| {
            let common = table.rules.words.common.iter();
            let mut left = part;
            for word in common {
                left = left.replace(&**word, "");
            }
            left.chars().count() >= 2
        })
    })
}

fn beyond_the_year(table: &Table<'_>, goal: &str, found: &mut Found<'_>) {
    let word = first_in(goal, &table.rules.words.long_term).map(str::to_owned);
    let half = half_width(goal);
    let later = half
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse::<i32>().ok())
        .find(|year| {
            let next = table.context.year.saturating_add(1);
            table.context.year > 0
                && (next..2100).contains(year)
                && half.contains(&format!("{year}年"))
        });
    let Some(word) = word.or_else(|| later.map(|year| format!("{year} 年"))) else {
        return;
    };
    let message = format!("年度目标里的「{word}」超出了 {} 年度", table.context.year);
    let mend = Mend::say("请把长远打算写进实施期目标，这里只写今年要达到的");
    found.add("A31", "goal".to_owned(), message, mend);
}
