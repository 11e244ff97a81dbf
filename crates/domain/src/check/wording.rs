//! Running text, titles and years against the tables.

use crate::form::Field;
use crate::indicator::Measure;
use crate::number::{Decimal, round_to};

use super::context::{Context, Found, Note, Row, plain, text};
use super::text::{Mention, mentions};

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    text_against_table(context, found);
    objectives(context, found);
    years(context, found);
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
