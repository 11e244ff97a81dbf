//! What is missing or out of place among cells that are filled: a row without target or points
//! between rows that have them, a value in the place of a name, amounts a thousand times apart.

use crate::form::Field;
use crate::form_reader::is_placeholder;
use crate::form_reader::label::half_width;
use crate::number::Decimal;

use super::context::{Context, Found, Note, Row, plain, present, text};
use super::targets::listed;
use super::text::is_nothing;

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    for row in &context.rows {
        value_as_name(row, found);
        strange_target(row, found);
    }
    let rows = context.rows.iter().enumerate();
    let whole: Vec<&Row<'_>> = rows
        .filter(|(order, row)| !is_cut(context, *order, row))
        .map(|(_, row)| row)
        .filter(|row| !row.is_part && !is_nothing(&row.name))
        .collect();
    without_target(context, &whole, found);
    without_points(context, &whole, found);
    magnitudes(context, found);
    sources(context, found);
}

/// Whether an excerpt may have cut the row off: it is among the last, and nothing at its right or
/// below it is filled.
fn is_cut(context: &Context<'_>, order: usize, row: &Row<'_>) -> bool {
    let later = context.rows.iter().skip(order.saturating_add(1));
    let followed = later
        .clone()
        .any(|later| later.has_target() || later.weight.is_some());
    let filled = row.weight.is_some() || row.score.is_some() || row.has_actual();
    !followed && !filled && context.form.total_weight.is_none()
}

fn is_blank(field: Option<&Field>) -> bool {
    let printed = text(field);
    printed.is_empty() || is_placeholder(printed)
}

/// Rows without a target where most have one, or other cells of the row are filled.
fn without_target(context: &Context<'_>, rows: &[&Row<'_>], found: &mut Found<'_>) {
    let with = context
        .rows
        .iter()
        .filter(|row| !is_blank(row.cells.target.as_ref()));
    let is_usual = with.count().saturating_mul(2) >= context.rows.len();
    let is_open = |row: &&Row<'_>| {
        // A score without a target is told with the score.
        let is_told = row.score.is_some_and(|score| score > Decimal::ZERO)
            && (context.has_actuals() || row.cells.actual.is_some());
        let is_meant = row.has_actual() || row.weight.is_some() || row.score.is_some();
        let target = row.cells.target.as_ref();
        target.is_some() && is_blank(target) && !is_told && (is_meant || is_usual)
    };
    let open: Vec<&Row<'_>> = rows.iter().copied().filter(is_open).collect();
    let message = |names: &str| format!("{names}没有填指标值；请补填，不适用的指标请删去这一行");
    add(
        &open,
        "C53",
        |row| row.cells.target.as_ref().map(|it| it.place.as_str()),
        message,
        found,
    );
}

/// Rows without points where nearly all have some.
fn without_points(context: &Context<'_>, rows: &[&Row<'_>], found: &mut Found<'_>) {
    let whole = context.rows.iter().filter(|row| !row.is_part);
    let with = whole.clone().filter(|row| row.weight.is_some()).count();
    if with.saturating_mul(3) < whole.count().saturating_mul(2) {
        return;
    }
    let is_open = |row: &&Row<'_>| {
        let is_meant = row.has_target() || row.has_actual() || row.score.is_some();
        is_meant && row.cells.weight.as_ref().is_some_and(Field::is_blank)
    };
    let open: Vec<&Row<'_>> = rows.iter().copied().filter(is_open).collect();
    let message = |names: &str| {
        format!("{names}没有填分值，同表其他行都有；请补填，几个指标合用一个分值的请合并单元格")
    };
    add(
        &open,
        "C54",
        |row| row.cells.weight.as_ref().map(|it| it.place.as_str()),
        message,
        found,
    );
}

/// A finding for each row, or one for all when there are many.
fn add(
    rows: &[&Row<'_>],
    rule: &'static str,
    place: for<'r> fn(&'r Row<'_>) -> Option<&'r str>,
    message: impl Fn(&str) -> String,
    found: &mut Found<'_>,
) {
    const MANY: usize = 4;
    if rows.len() < MANY {
        for row in rows {
            let at = place(row).unwrap_or(&row.cells.place);
            found.add(Note::new(
                rule,
                at,
                message(&format!("「{}」", row.title())),
            ));
        }
    } else if let Some(first) = rows.first() {
        let at = place(first).unwrap_or(&first.cells.place);
        found.add(Note::new(rule, at, message(&listed(rows))));
    }
}

/// A target where the name belongs: the row was moved by a cell.
fn value_as_name(row: &Row<'_>, found: &mut Found<'_>) {
    let Some(field) = row.cells.level3.as_ref() else {
        return;
    };
    let half = half_width(&field.printed);
    let bare = half.trim();
    let sign = bare.trim_start_matches(['≥', '≤', '≧', '≦', '>', '<', '=']);
    let has_sign = sign.len() < bare.len();
    let begins = sign
        .trim()
        .starts_with(|letter: char| letter.is_ascii_digit());
    // Names of digits in rows with more in them are told together.
    let digits = bare.chars().all(|letter| letter.is_ascii_digit());
    let is_all = !row.has_target() && !row.has_actual() && row.score.is_none();
    let lone = (sign.is_empty() && has_sign) || (digits && is_all);
    let is_percent = bare.ends_with('%') && bare.trim_end_matches('%').parse::<Decimal>().is_ok();
    if bare.is_empty() || !(lone || (has_sign && begins) || is_percent || is_counted(bare)) {
        return;
    }
    let message = format!(
        "三级指标一栏写的是「{}」，像指标值不像名称；请检查这一行是不是错了一格",
        field.printed
    );
    found.add(Note::new("C40", &field.place, message).printed(&field.printed));
}

/// `200次`: digits and a unit that things are counted in.
fn is_counted(text: &str) -> bool {
    const UNITS: [&str; 26] = [
        "次",
        "个",
        "人",
        "户",
        "件",
        "项",
        "份",
        "台",
        "套",
        "辆",
        "家",
        "处",
        "座",
        "条",
        "场",
        "亩",
        "天",
        "元",
        "米",
        "吨",
        "万元",
        "人次",
        "公里",
        "平方米",
        "个月",
        "篇",
    ];
    let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    let single = unit.trim().trim_start_matches(['万', '亿']);
    unit.len() < text.len() && (UNITS.contains(&unit.trim()) || UNITS.contains(&single))
}

/// A target that is neither words nor a number: signs alone, or `二` where `=` was.
fn strange_target(row: &Row<'_>, found: &mut Found<'_>) {
    let Some(field) = row.cells.target.as_ref() else {
        return;
    };
    let half = half_width(&field.printed);
    let bare = half.trim();
    if bare.is_empty()
        || is_placeholder(bare)
        || bare.starts_with(['#', '=']) && bare.ends_with('!')
    {
        return;
    }
    let rest = bare
        .strip_prefix('二')
        .filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    if let Some(rest) = rest {
        let likely = format!("＝{rest}");
        let message = format!(
            "「{}」的指标值「{}」看不准，疑为 {likely}：等号可能被认成了“二”；请核对后更正",
            row.title(),
            field.printed
        );
        found.add(
            Note::new("C49", &field.place, message)
                .printed(&field.printed)
                .computed(likely),
        );
    } else if !bare.chars().any(char::is_alphanumeric) {
        let message = format!(
            "「{}」的指标值「{}」没有内容；请填写要达到的数量或程度",
            row.title(),
            field.printed
        );
        found.add(Note::new("C49", &field.place, message).printed(&field.printed));
    }
}

/// Sources that together are less than a thousandth of their total.
fn sources(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(total) = context
        .total()
        .and_then(|total| present(total.adjusted.as_ref()))
    else {
        return;
    };
    let rows = &context.form.money.sources;
    // A blank source is none; one that cannot be read says nothing about the sum.
    let amount = |field: &Field<Decimal>| {
        let blank = field.is_blank().then_some(Decimal::ZERO);
        field.value.or(blank)
    };
    let fields = rows.iter().filter_map(|row| row.adjusted.as_ref());
    let amounts: Option<Vec<Decimal>> = fields.map(amount).collect();
    let sum = amounts.and_then(|amounts| {
        let mut amounts = amounts.into_iter();
        amounts.try_fold(Decimal::ZERO, Decimal::checked_add)
    });
    let (Some(sum), Some(whole)) = (sum.filter(|sum| *sum > Decimal::ZERO), total.value) else {
        return;
    };
    if sum
        .checked_mul(Decimal::ONE_THOUSAND)
        .is_none_or(|far| whole < far)
    {
        return;
    }
    let message = format!(
        "资金总额 {} 是各项来源合计 {} 的上千倍，可能把元写进了万元栏；请核对单位",
        plain(whole),
        plain(sum)
    );
    found.add(Note::new("C07", &total.place, message).printed(&total.printed));
}

/// Amounts of one row that are a thousand times apart: 元 for 万元, or a digit too many.
///
/// House rule: no budget is adjusted to a thousand times what it was; the unit was mistaken.
fn magnitudes(context: &Context<'_>, found: &mut Found<'_>) {
    let Some(total) = context.total() else { return };
    let steps = [
        ("年初预算数", total.initial.as_ref()),
        ("全年预算数", total.adjusted.as_ref()),
    ];
    let known: Vec<(&str, &Field<Decimal>, Decimal)> = steps
        .into_iter()
        .filter_map(|(name, field)| {
            let field = present(field)?;
            Some((
                name,
                field,
                field.value.filter(|value| *value > Decimal::ZERO)?,
            ))
        })
        .collect();
    let [
        (small_name, small_field, small),
        (large_name, large_field, large),
    ] = known.as_slice()
    else {
        return;
    };
    let (low, high) = if small < large {
        (small, large)
    } else {
        (large, small)
    };
    if low
        .checked_mul(Decimal::ONE_THOUSAND)
        .is_none_or(|far| *high < far)
    {
        return;
    }
    let (name, field) = if small > large {
        (small_name, small_field)
    } else {
        (large_name, large_field)
    };
    let message = format!(
        "{name} {} 是另一个数 {} 的上千倍，可能把元写进了万元栏；请核对单位",
        plain(*high),
        plain(*low)
    );
    found.add(Note::new("C07", &field.place, message).printed(&field.printed));
}
