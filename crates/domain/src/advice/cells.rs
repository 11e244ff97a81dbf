//! What stands in 指标性质, 指标值 and 度量单位.

use super::line::{Block, Line, first_in, plain};
use super::{Found, Mend, Table};
use crate::check::headings::is_rate_name;
use crate::check::text::is_percent_unit;
use crate::indicator::{Measure, Operator, is_template_text};
use crate::number::{Decimal, Fen};

pub(super) fn advise(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    words(table, line, found);
    unit(table, line, found);
    equal(line, found);
    binding(table, line, found);
    in_time(table, line, found);
    if line.block == Block::Satisfaction {
        satisfaction(table, line, found);
    }
}

/// A value in words: one piece of advice at most, the most telling.
fn words(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let (lists, text) = (&table.rules.words, line.words());
    if !line.is_words() || text.is_empty() || is_template_text(&text) {
        return;
    }
    let path = line.path("value");
    let hundred = || {
        [
            (line.path("operator"), "＝".to_owned()),
            (path.clone(), "100".to_owned()),
            (line.path("unit"), "%".to_owned()),
        ]
    };
    let counted = lists.counted.iter().any(|end| line.name.ends_with(&**end));
    let is_timed = line.block == Block::Output && line.level2_has("时效");
    if lists.bare.contains(&text) {
        let message = format!(
            "「{}」的指标值只写了「{text}」，怎样算「{text}」没有说",
            line.title()
        );
        let mend = if is_rate_name(&line.name) {
            Mend::put("改为 ＝ 100 %", hundred())
        } else if ["是", "有", "√"].contains(&&*text) {
            Mend::say("请写明符合什么规定、以什么为凭（如文件、公示、验收单）")
        } else {
            Mend::say("请改成数字（如完成率 ＝ 100 %），或写明达到什么标准、以什么为凭")
        };
        found.add("A23", path, message, mend);
    } else if counted && !has_digit(&text) {
        let message = format!("「{}」可以用数字，指标值却写「{text}」", line.title());
        let mend = Mend::say("请填数字和单位；没有现成统计的，按上年情况或计划数测算");
        found.add("A24", path, message, mend);
    } else if is_timed && !has_digit(&text) {
        // 及时 under 时效 is told as a missing time.
    } else if let Some(word) = vague(table, line, &text) {
        let message = format!(
            "「{}」用「{word}」作标准，达到没有达到各人说法不同",
            line.title()
        );
        let mend = Mend::say("请改成数字；实在不能量化的，写明出现什么情形算达到，以什么为凭");
        found.add("A01", path, message, mend);
    }
}

fn vague<'w>(table: &'w Table<'_>, line: &'w Line<'_>, text: &'w str) -> Option<&'w str> {
    let lists = &table.rules.words;
    if has_digit(text) {
        return None;
    }
    let length = text.chars().count();
    // 增加岗位 says no more than 增加.
    let begins = |word: &String| word.chars().count() >= 2 && text.starts_with(&**word);
    let alone = |word: &String| word == text || (length <= 5 && begins(word));
    if lists.vague_alone.iter().any(alone) {
        return Some(text);
    }
    let value = first_in(text, &lists.vague);
    // 有效 in a name is a standard of the person's own where the value says what it means.
    let is_short = length <= 4;
    value.or_else(|| first_in(&line.name, &lists.vague).filter(|_| is_short))
}

fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

fn unit(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let own = line.row.unit.trim();
    if let Some(right) = table.rules.words.units.get(own) {
        let message = format!("「{}」的单位「{own}」写法不规范", line.title());
        let mend = Mend::put(
            format!("改为「{right}」"),
            [(line.path("unit"), right.clone())],
        );
        found.add("A33", line.path("unit"), message, mend);
    }
    let Some((value, read)) = line.quantity() else {
        return;
    };
    if read.is_empty() && own.is_empty() {
        if !value.is_zero() {
            without_unit(line, found);
        }
        return;
    }
    let printed = line.row.value.trim();
    let is_bare = printed
        .chars()
        .all(|letter| letter.is_numeric() || ".,．，".contains(letter));
    if !is_bare && !printed.starts_with('-') {
        let message = format!("「{}」的指标值「{printed}」里带着符号或单位", line.title());
        let sentence = format!("指标值只填 {}，单位填「{read}」", plain(value));
        let mut mend = Mend::put(
            sentence,
            [
                (line.path("value"), plain(value)),
                (line.path("unit"), read.to_owned()),
            ],
        );
        let sign = line.operator().map_or("", Operator::sign);
        if sign != line.row.operator && !sign.is_empty() {
            mend.sentence = format!("{}，指标性质选「{sign}」", mend.sentence);
            mend.puts.push(super::Put {
                path: line.path("operator"),
                text: sign.to_owned(),
            });
        }
        found.add("A03", line.path("value"), message, mend);
    }
    let is_share = is_percent_unit(read) || read.contains(['‰', '/', '分']);
    if is_rate_name(&line.name) && !is_share && !read.is_empty() {
        let message = format!("「{}」是比率，单位却是「{read}」", line.title());
        let sentence = "单位改为 %；要考核的是数量的，把名称改成数量";
        let mend = Mend::put(sentence, [(line.path("unit"), "%".to_owned())]);
        found.add("A27", line.path("unit"), message, mend);
    }
}

/// Endings of names and the unit that each says.
const NAMED_UNITS: [(&str, &str); 11] = [
    ("满意度", "%"),
    ("人次", "人次"),
    ("人数", "人"),
    ("人口数", "人"),
    ("户数", "户"),
    ("次数", "次"),
    ("批次", "批次"),
    ("天数", "天"),
    ("条数", "条"),
    ("企业数", "家"),
    ("学时", "学时"),
];

fn without_unit(line: &Line<'_>, found: &mut Found<'_>) {
    let message = format!("「{}」的指标值 {} 没有度量单位", line.title(), line.shown());
    let path = line.path("unit");
    let named = NAMED_UNITS
        .iter()
        .find(|(ending, _)| line.name.ends_with(ending));
    let named = named
        .map(|(_, unit)| *unit)
        .or_else(|| line.is_rate().then_some("%"));
    let mend = named.map_or_else(
        || Mend::say("请补填单位（个、人、次、平方米、% 等）"),
        |unit| {
            Mend::put(
                format!("单位填「{unit}」"),
                [(path.clone(), unit.to_owned())],
            )
        },
    );
    found.add("A02", path, message, mend);
}

/// ＝ where a ceiling or a floor is meant.
fn equal(line: &Line<'_>, found: &mut Found<'_>) {
    let Some((value, unit)) = line.quantity() else {
        return;
    };
    let is_signed = matches!(
        line.target.operator,
        Some((Operator::Equal, crate::indicator::OperatorSource::Sign))
    );
    if !is_signed || value.is_zero() {
        return;
    }
    let is_money = unit.contains('元') || unit == "万";
    let is_whole = line.is_percent() && value >= Decimal::ONE_HUNDRED;
    let (sign, why) = if line.block == Block::Cost && is_money && !line.name.contains("标准") {
        ("≤", "是成本，省下来更好")
    } else if matches!(line.block, Block::Benefit | Block::Satisfaction) && !is_whole {
        ("≥", "是效果，超过更好")
    } else {
        return;
    };
    let message = format!(
        "「{}」{why}，用「＝」{} 看不出超过或不足怎么算",
        line.title(),
        plain(value)
    );
    let path = line.path("operator");
    let mend = Mend::put(
        format!("把指标性质改为 {sign}"),
        [(path.clone(), sign.to_owned())],
    );
    found.add("A25", path, message, mend);
}

/// A value that everything meets.
fn binding(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let (Some((value, unit)), Some(operator)) = (line.quantity(), line.operator()) else {
        return;
    };
    let ceiling = matches!(operator, Operator::AtMost | Operator::Less);
    let why = match operator {
        Operator::AtLeast if value <= Decimal::ZERO => "再少也能达到".to_owned(),
        _ if ceiling && is_percent_unit(unit) && value >= Decimal::ONE_HUNDRED => {
            "再多也不会超过".to_owned()
        }
        _ if ceiling => match beyond_budget(table, value, unit) {
            Some(budget) => format!("比全部预算 {budget} 万元还多，不会超过"),
            None => return,
        },
        _ => return,
    };
    let message = format!(
        "「{}」的指标值 {}，{why}，没有约束力",
        line.title(),
        line.shown()
    );
    let mend = Mend::say("请按计划、标准或上年实际定一个要努力才能达到的值");
    found.add("A26", line.path("value"), message, mend);
}

/// The budget in 万元, where the amount is more than twice as much.
///
/// House rule: up to twice may be another project's share; V12 tells of costs beyond the budget.
fn beyond_budget(table: &Table<'_>, value: Decimal, unit: &str) -> Option<String> {
    let budget = table.context.budget.filter(|budget| *budget > Fen::ZERO)?;
    let amount = match unit {
        "元" => Fen::from_yuan(value),
        "万元" => Fen::from_wan(value),
        _ => None,
    }?;
    (amount > Fen(budget.0.saturating_mul(2))).then(|| budget.wan_text())
}

/// 时效 without any time.
fn in_time(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    if !line.level2_has("时效") || line.name.is_empty() {
        return;
    }
    let text = line.words();
    let named =
        |text: &str| has_digit(text) && text.contains(['年', '月', '日', '天', '时', '周', '季']);
    let told = match &line.target.measure {
        Measure::Date { .. }
        | Measure::Frequency { .. }
        | Measure::Absent
        | Measure::Template
        | Measure::Unreadable { .. } => true,
        Measure::Quantity { .. } | Measure::Range { .. } => {
            let unit = &line.row.unit;
            // A rate says how much came in time; which time may stand in the name or the goal.
            line.is_percent()
                || unit.contains(['天', '日', '月', '年', '时', '周', '分', '季'])
                || unit.is_empty()
        }
        Measure::Words(_) | Measure::YesNo(_) => {
            named(&text) || named(&line.name) || table.rules.words.bare.contains(&text)
        }
    };
    if told {
        return;
    }
    let message = format!(
        "「{}」是时效指标，指标值「{}」没有写时间",
        line.title(),
        line.shown()
    );
    let mend = if table.context.year > 0 {
        Mend::put(
            format!(
                "写明最晚哪一天，如 {} 年 12 月 31 日前；采用后请改成实际的期限",
                table.context.year
            ),
            [
                (
                    line.path("value"),
                    format!("{}年12月31日前", table.context.year),
                ),
                (line.path("operator"), "≤".to_owned()),
                (line.path("unit"), String::new()),
            ],
        )
    } else {
        Mend::say("写明最晚哪一天，或几天以内")
    };
    found.add("A28", line.path("value"), message, mend);
}

fn satisfaction(table: &Table<'_>, line: &Line<'_>, found: &mut Found<'_>) {
    let Some((value, _)) = line.quantity().filter(|_| line.name.contains("满意")) else {
        return;
    };
    if line.name.contains("不满意") {
        return;
    }
    if value == Decimal::ONE_HUNDRED && (line.is_percent() || line.row.unit.trim().is_empty()) {
        let usual = plain(table.rules.satisfaction_percent.0);
        let message = format!("「{}」定为 100%，有一个人不满意就完不成", line.title());
        let sentence = format!("参照以往调查结果填写，如 ≥ {usual} %");
        let mend = Mend::put(
            sentence,
            [
                (line.path("value"), usual),
                (line.path("operator"), "≥".to_owned()),
                (line.path("unit"), "%".to_owned()),
            ],
        );
        found.add("A12", line.path("value"), message, mend);
    }
    let mut asked = table
        .lines
        .iter()
        .filter(|other| other.block == Block::Satisfaction);
    let is_first = asked
        .next()
        .is_some_and(|first| first.row.key == line.row.key);
    let survey = &table.rules.words.survey;
    let texts = table
        .lines
        .iter()
        .flat_map(|line| [&*line.row.name, &*line.row.value]);
    let mut texts = texts.chain([&*table.target.goal]);
    if !is_first || texts.any(|text| first_in(text, survey).is_some()) {
        return;
    }
    let message = format!("「{}」没有说怎样调查、问多少人", line.title());
    let name = line.starred(&line.name);
    let name = format!("{name}（抽样问卷，不少于{}份）", table.rules.sample);
    let sentence = format!("写明调查方式和样本，如「{name}」");
    let path = line.path("name");
    found.add(
        "A11",
        path.clone(),
        message,
        Mend::put(sentence, [(path, name)]),
    );
}
