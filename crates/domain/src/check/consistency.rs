//! What one part of the form says against another: money, results, text, years.

use crate::form::Field;
use crate::indicator::{Comparison, Measure};
use crate::number::{Decimal, round_to, scaled};

use super::context::{
    Block, Context, Found, Note, Row, amount as amount_text, plain, present, text, value,
};
use super::text::{Mention, has_any, is_percent_unit, mentions, shared};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    cost_within_budget(context, found);
    unit_costs(context, found);
    low_spending(context, found);
    light(context, found);
    unfinished(context, found);
    text_against_table(context, found);
    objectives(context, found);
    years(context, found);
}

/// The most money that the form speaks of, in 元.
fn most_money_yuan(context: &Context<'_>) -> Option<(Decimal, String)> {
    let money = &context.form.money;
    let mut best: Option<(Decimal, String)> = None;
    let rows = money.total.iter().chain(&money.sources);
    for field in rows.flat_map(|row| [row.initial.as_ref(), row.adjusted.as_ref()]) {
        let Some(amount) = value(field) else { continue };
        if best.as_ref().is_none_or(|(known, _)| amount > *known) {
            best = field.map(|field| (amount, amount_text(field, context.unit_name())));
        }
    }
    let (amount, printed) = best.filter(|(amount, _)| *amount > Decimal::ZERO)?;
    Some((amount.checked_mul(context.unit_yuan())?, printed))
}

/// One unit of money in 元: 万元, 万, 元, 亿元.
fn money_unit_yuan(unit: &str) -> Option<Decimal> {
    Some(match unit.trim() {
        "元" => Decimal::ONE,
        "千元" => Decimal::from(1_000),
        "万元" | "万" => Decimal::from(10_000),
        "亿元" => Decimal::from(100_000_000),
        _ => return None,
    })
}

/// Whether a row is a ceiling on all that the project costs.
fn is_total_cost(row: &Row<'_>) -> bool {
    let named = has_any(
        &row.name,
        &[
            "总成本",
            "成本概算",
            "总投资",
            "成本控制",
            "建设成本",
            "项目成本",
            "总费用",
            "投资额",
        ],
    );
    let saved = has_any(&row.name, &["节约", "节省", "收入", "增收", "效益"]);
    (named || row.block == Block::Cost || row.level2().contains("成本")) && !saved
}

fn cost_within_budget(context: &Context<'_>, found: &mut Found<'_>) {
    let Some((budget, printed)) = most_money_yuan(context) else {
        return;
    };
    let months = period_months(context);
    for row in context.rows.iter().filter(|row| is_total_cost(row)) {
        let Some((target, unit)) = row.quantity() else {
            continue;
        };
        let upward = row.target_text().contains(['≥', '>', '＞']);
        let (unit, per) = unit.split_once('/').unwrap_or((unit, ""));
        let times = match per.trim() {
            "" | "年" => Some((Decimal::ONE, String::new())),
            "月" | "每月" => {
                months.map(|months| (Decimal::from(months), format!(" × {months} 个月")))
            }
            _ => None,
        };
        let (Some(factor), Some((times, shown))) = (money_unit_yuan(unit), times) else {
            continue;
        };
        let Some(cost) = target
            .checked_mul(factor)
            .and_then(|it| it.checked_mul(times))
        else {
            continue;
        };
        // Rounding of the last digit of an amount in 万元 is no overspending.
        if upward || cost <= budget + Decimal::from(100) {
            continue;
        }
        let own = context.unit_yuan();
        let in_unit = cost.checked_div(own).unwrap_or_default();
        let (amount, name) = (plain(round_to(in_unit, 4)), context.unit_name());
        let sum = if shown.is_empty() {
            String::new()
        } else {
            format!("{shown} ＝ {amount}{name}，")
        };
        let message = format!(
            "「{}」的上限 {}{sum} 超过项目预算 {printed}；请按预算核定成本指标",
            row.title(),
            row.target_text()
        );
        let place = row.place_of(row.cells.target.as_ref());
        found.add(
            Note::new("V12", &place, message)
                .printed(row.target_text())
                .computed(format!("不超过 {printed}")),
        );
    }
}

/// The months of the period that the form prints: `2020年1月--2020年11月` is 11.
fn period_months(context: &Context<'_>) -> Option<i64> {
    let own = context
        .rows
        .iter()
        .filter_map(|row| row.cells.target.as_ref());
    let texts = [&context.form.objectives, &context.form.actual_summary];
    own.chain(texts.into_iter().flatten())
        .find_map(|field| months_between(&field.printed))
}

fn months_between(text: &str) -> Option<i64> {
    let half = crate::form_reader::label::half_width(text);
    let numbers: Vec<i64> = half
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|digits| !digits.is_empty() && digits.len() <= 4)
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let range = ["-", "—", "至", "~", "～", "到"];
    if !has_any(&half, &range) || !half.contains('月') {
        return None;
    }
    let (from, to) = match numbers.as_slice() {
        [year, month, other_year, other_month, ..] if *year > 1990 && *other_year > 1990 => {
            (year * 12 + month, other_year * 12 + other_month)
        }
        [year, month, other_month] if *year > 1990 => (year * 12 + month, year * 12 + other_month),
        _ => return None,
    };
    let months = to - from + 1;
    (1..=60).contains(&months).then_some(months)
}

/// 平米 is 平方米.
fn same_unit(first: &str, second: &str) -> bool {
    let long = |unit: &str| {
        unit.trim()
            .replace("平米", "平方米")
            .replace('㎡', "平方米")
    };
    long(first) == long(second)
}

/// Quantity × unit cost, where both are indicators of the same thing.
fn unit_costs(context: &Context<'_>, found: &mut Found<'_>) {
    let Some((budget, printed)) = most_money_yuan(context) else {
        return;
    };
    let mut sum = Decimal::ZERO;
    let mut made: Vec<String> = Vec::new();
    let mut first: Option<&Row<'_>> = None;
    for row in &context.rows {
        let Some((cost, unit)) = row.quantity() else {
            continue;
        };
        let Some((money, per)) = unit.split_once('/') else {
            continue;
        };
        let per = per.trim();
        let Some(factor) = money_unit_yuan(money) else {
            continue;
        };
        let mut same = context.rows.iter().filter(|other| {
            other
                .quantity()
                .is_some_and(|(_, unit)| same_unit(unit, per))
                && shared(&row.name, &other.name, 3).is_some()
        });
        let (Some(quantity), None) = (same.next(), same.next()) else {
            continue;
        };
        let Some((count, _)) = quantity.quantity() else {
            continue;
        };
        let product = count
            .checked_mul(cost)
            .and_then(|it| it.checked_mul(factor));
        sum += product.unwrap_or_default();
        made.push(format!("{}{per} × {}{unit}", plain(count), plain(cost)));
        first = first.or(Some(row));
    }
    let Some(first) = first.filter(|_| sum > budget + budget / Decimal::from(50)) else {
        return;
    };
    let own = sum.checked_div(context.unit_yuan()).unwrap_or_default();
    let (amount, name) = (plain(round_to(own, 4)), context.unit_name());
    let message = format!(
        "数量乘单价：{} ＝ {amount}{name}，超过项目预算 {printed}；请核对数量、单价和预算",
        made.join(" ＋ ")
    );
    let place = first.place_of(first.cells.target.as_ref());
    found.add(
        Note::new("C06", &place, message)
            .printed(printed)
            .computed(amount)
            .judged(),
    );
}

/// Much achieved, little spent.
fn low_spending(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(rate) = context.rate() else { return };
    let budgeted = context
        .budget()
        .is_none_or(|budget| budget.value > Some(Decimal::ZERO));
    let Some(place) = context.total().and_then(|total| {
        present(total.executed.as_ref())
            .or_else(|| present(total.rate.as_ref()))
            .map(|field| field.place.clone())
    }) else {
        return;
    };
    let percent = round_to(rate, 2).normalize();
    let score = context
        .form
        .total_score
        .as_ref()
        .and_then(|field| field.value);
    let grade = text(context.form.grade.as_ref());
    let good = grade.starts_with('优') || grade.starts_with('良');
    let high = score.is_some_and(|score| score >= Decimal::from(90)) || grade.starts_with('优');
    let little = context.threshold("low_execution", 60);
    let half = context.threshold("full_results_execution", 50);
    if budgeted && ((high && rate < little) || (good && rate < half)) {
        let claimed = match score {
            Some(score) => format!("自评 {} 分{}", plain(score), grade_text(grade)),
            None => format!("自评等级「{grade}」"),
        };
        let message = format!(
            "预算执行率只有 {percent}%，{claimed}，评价明显偏高；请核对完成情况，说明资金没有支出的原因"
        );
        found.add(Note::new("V38", &place, message).printed(format!("{percent}%")));
    }
    let compared: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| !matches!(row.comparison, Comparison::Unclear { .. }))
        .collect();
    let met = |row: &&Row<'_>| matches!(row.comparison, Comparison::Met { .. });
    if budgeted && rate < half && compared.len() >= 3 && compared.iter().all(met) {
        let message = format!(
            "预算执行率只有 {percent}%，{} 项可比的指标却全部完成，预算或指标值可能定得不准；请说明",
            compared.len()
        );
        found.add(Note::new("V38", &place, message).printed(format!("{percent}%")));
    }
}

fn grade_text(grade: &str) -> String {
    if grade.is_empty() {
        String::new()
    } else {
        format!("（{grade}）")
    }
}

/// The consistency light is red: results claimed far above the money spent.
fn light(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(total) = context.total() else { return };
    let (Some(execution), Some(weight)) =
        (present(total.score.as_ref()), value(total.weight.as_ref()))
    else {
        return;
    };
    let weighted: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| row.weight.is_some())
        .collect();
    if weighted.is_empty() || weighted.iter().any(|row| row.score.is_none()) {
        return;
    }
    let full: Decimal = weighted.iter().filter_map(|row| row.weight).sum();
    let scored: Decimal = weighted.iter().filter_map(|row| row.score).sum();
    let share = |part: Decimal, whole: Decimal| scaled(part, Decimal::ONE, whole);
    let (Some(results), Some(money)) = (
        share(scored, full),
        share(execution.value.unwrap_or_default(), weight),
    ) else {
        return;
    };
    let Some(gap) = share(results - money, results) else {
        return;
    };
    let limit = context.pack.consistency.red_above.0;
    // A budget of nothing has no rate to compare with.
    let budgeted = context
        .budget()
        .is_none_or(|budget| budget.value > Some(Decimal::ZERO));
    if gap <= limit || scored.is_zero() || !budgeted {
        return;
    }
    let percent = |part: Decimal| round_to(part * Decimal::ONE_HUNDRED, 2).normalize();
    let message = format!(
        "绩效指标得分率 {}%，预算执行得分率 {}%，相差超过 {}%，一致性为红灯；请说明钱没花完而目标\
         完成的原因",
        percent(results),
        percent(money),
        percent(limit)
    );
    found.add(Note::new("V39", &execution.place, message).printed(&execution.printed));
}

const UNFINISHED: [&str; 9] = [
    "未完工",
    "尚未完成建设",
    "未竣工",
    "尚未建成",
    "未开工",
    "尚未开工",
    "未建成",
    "正在建设",
    "尚未投入使用",
];

/// Benefits and satisfaction of what does not exist yet.
fn unfinished(context: &Context<'_>, found: &mut Found<'_>) {
    let rows = context
        .rows
        .iter()
        .filter_map(|row| row.cells.actual.as_ref());
    let own = context.form.actual_summary.iter();
    let Some(said) = rows
        .chain(own)
        .find(|field| has_any(&field.printed, &UNFINISHED))
    else {
        return;
    };
    for row in &context.rows {
        let satisfied = row.block == Block::Satisfaction || row.name.contains("满意");
        let high = row
            .reached()
            .is_some_and(|reached| reached >= Decimal::from(90) && is_percent_unit_of(row));
        if satisfied && (high || row.has_full_score()) {
            let message = format!(
                "项目写明「{}」，「{}」却填了 {}；没有完工的项目还没有服务对象可以评价，请据实填写",
                said.printed,
                row.title(),
                row.actual_text()
            );
            let place = row.place_of(row.cells.actual.as_ref());
            found.add(Note::new("C52", &place, message).printed(row.actual_text()));
        }
    }
}

fn is_percent_unit_of(row: &Row<'_>) -> bool {
    match &row.actual {
        Measure::Quantity { unit, .. } => is_percent_unit(unit) || row.is_percent(),
        _ => false,
    }
}

/// Units that say by themselves what is counted.
fn is_telling(unit: &str) -> bool {
    [
        "批次", "场次", "册次", "台次", "班次", "期次", "件次", "车次", "架次",
    ]
    .contains(&unit)
}

fn text_against_table(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(summary) = context.form.actual_summary.as_ref() else {
        return;
    };
    let numbers = mentions(&summary.printed);
    for mention in numbers.iter().filter(|mention| !mention.is_rough) {
        rate_in_text(context, summary, mention, found);
    }
    for unit in [
        "批次", "场次", "册次", "台次", "班次", "期次", "件次", "车次", "架次",
    ] {
        counted_in_text(context, summary, &numbers, unit, found);
    }
}

/// `执行率95%` and `满意度达96%` in the text.
fn rate_in_text(context: &Context<'_>, place: &Field, mention: &Mention, found: &mut Found<'_>) {
    if !mention.after.starts_with('%') {
        return;
    }
    if mention.before.contains("执行率") {
        let Some(exact) = context.rate() else { return };
        if (exact - mention.value).abs() < Decimal::ONE {
            return;
        }
        let right = round_to(exact, 2).normalize();
        let message = format!(
            "文字里写的执行率是 {}%，表里是 {right}%；请统一",
            mention.printed
        );
        found.add(
            Note::new("C50", &place.place, message)
                .printed(format!("{}%", mention.printed))
                .computed(format!("{right}%")),
        );
    } else if mention.before.contains("满意") {
        let reached: Vec<Decimal> = context
            .rows
            .iter()
            .filter(|row| row.name.contains("满意"))
            .flat_map(|row| [row.reached(), row.quantity().map(|it| it.0)])
            .flatten()
            .collect();
        if reached.is_empty() || reached.contains(&mention.value) {
            return;
        }
        let shown: Vec<String> = reached
            .iter()
            .map(|it| format!("{}%", plain(*it)))
            .collect();
        let message = format!(
            "文字里写的满意度是 {}%，指标表里是 {}；请统一",
            mention.printed,
            shown.join("、")
        );
        found.add(Note::new("C50", &place.place, message).printed(format!("{}%", mention.printed)));
    }
}

/// `抽检148批次` in the text against all the indicators that count 批次.
fn counted_in_text(
    context: &Context<'_>,
    place: &Field,
    numbers: &[Mention],
    unit: &str,
    found: &mut Found<'_>,
) {
    let said: Vec<&Mention> = numbers
        .iter()
        .filter(|mention| {
            let after = mention.after.trim_start_matches('个');
            !mention.is_rough && after.starts_with(unit) && is_telling(unit)
        })
        .collect();
    let counts = |row: &&Row<'_>| {
        let own = row.quantity().is_some_and(|(_, own)| own == unit);
        (own || row.name.ends_with(unit)) && !row.is_percent()
    };
    let rows: Vec<&Row<'_>> = context.rows.iter().filter(counts).collect();
    let reached: Vec<Decimal> = rows.iter().filter_map(|row| row.reached()).collect();
    let [mention] = said.as_slice() else { return };
    if reached.is_empty() {
        return;
    }
    // The tables' own goods may be counted in kinds beside batches; all of them together is the
    // most that the text can mean.
    let head: String = rows
        .first()
        .map(|row| {
            row.name
                .chars()
                .rev()
                .skip(unit.chars().count())
                .take(2)
                .collect()
        })
        .unwrap_or_default();
    let head: String = head.chars().rev().collect();
    let family: Decimal = context
        .rows
        .iter()
        .filter(|row| {
            row.name.contains(&head) && !row.is_percent() && row.level2().contains("数量")
        })
        .filter_map(Row::reached)
        .sum();
    let sum: Decimal = reached.iter().copied().sum();
    let most = family.max(sum);
    let named = reached.contains(&mention.value) || mention.value == sum;
    if named || mention.value <= most {
        return;
    }
    let message = format!(
        "文字里写的是 {}{unit}，指标表里相关各项相加只有 {}；请核对，使文字和指标一致",
        mention.printed,
        plain(most)
    );
    found.add(
        Note::new("C50", &place.place, message)
            .printed(format!("{}{unit}", mention.printed))
            .computed(plain(most)),
    );
}

fn objectives(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(goal) = context.form.objectives.as_ref().filter(|it| !it.is_blank()) else {
        return;
    };
    let name = text(context.form.project_name.as_ref());
    let bare = name.split_once('-').map_or(name, |(_, rest)| rest);
    if !bare.is_empty() && (goal.printed == name || goal.printed == bare) {
        let message = "年度目标只是重复了项目名称；请写明要完成的事项、数量和效果".to_owned();
        found.add(Note::new("V15", &goal.place, message).printed(&goal.printed));
    }
}

/// Years in the title and in targets against the form's year.
fn years(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(field) = context.form.fiscal_year.as_ref() else {
        return;
    };
    let Some(year) = field.value else { return };
    if let Some(title) = &context.form.title {
        let named = years_in(&title.printed);
        if !named.is_empty() && !named.contains(&year) {
            let message = format!("标题里的年度与填报年度 {year} 年不一致；请核对是否用了往年的表");
            found.add(Note::new("C47", &title.place, message).printed(&title.printed));
        }
    }
    for row in &context.rows {
        let Measure::Date {
            year: Some(due), ..
        } = row.target.measure
        else {
            continue;
        };
        if due < year {
            let place = row.place_of(row.cells.target.as_ref());
            let message = format!(
                "「{}」的指标值 {} 早于填报年度 {year} 年；请核对年份",
                row.title(),
                row.target_text()
            );
            found.add(Note::new("C47", &place, message).printed(row.target_text()));
        }
    }
}

fn years_in(text: &str) -> Vec<i32> {
    let half = crate::form_reader::label::half_width(text);
    let digits = half.split(|letter: char| !letter.is_ascii_digit());
    digits
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .filter(|year| (1990..=2100).contains(year))
        .collect()
}
