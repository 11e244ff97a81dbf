//! Names of indicators: there, once, finished, and not at odds with the target.

use crate::form_reader::label::half_width;
use crate::indicator::{Operator, OperatorSource};
use crate::number::Decimal;

use super::context::{Context, Found, Note, Row, plain, text};
use super::targets::listed;

pub(super) fn check(context: &Context<'_>, found: &mut Found<'_>) {
    missing(context, found);
    duplicates(context, found);
    placeholders(context, found);
    for row in &context.rows {
        sign_in_name(row, found);
        rate_in_name(row, found);
    }
}

fn missing(context: &Context<'_>, found: &mut Found<'_>) {
    let nameless = |row: &&Row<'_>| {
        let digits = row
            .name
            .chars()
            .all(|letter| letter.is_ascii_digit() || letter == '.');
        let filled = row.has_target() || row.has_actual() || row.score.is_some();
        let points = |points: Option<Decimal>| points.is_some_and(|points| points > Decimal::ZERO);
        let scored = points(row.score) || (points(row.weight) && row.has_actual());
        let target = text(row.cells.target.as_ref()).replace(' ', "");
        filled && digits && (scored || !super::text::is_nothing(&target))
    };
    let rows: Vec<&Row<'_>> = context.rows.iter().filter(nameless).collect();
    let Some(first) = rows.first() else { return };
    let message = format!(
        "有 {} 行没有三级指标的名称（空白或只有数字）；请填写具体的指标名称",
        rows.len()
    );
    let place = first.place_of(first.cells.level3.as_ref());
    found.add(Note::new("C40", &place, message).printed(text(first.cells.level3.as_ref())));
}

fn duplicates(context: &Context<'_>, found: &mut Found<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for (order, row) in context.rows.iter().enumerate() {
        let name = row.name.as_str();
        if name.chars().count() < 2 || told.contains(&name) || super::text::is_nothing(name) {
            continue;
        }
        let again: Vec<&Row<'_>> = context
            .rows
            .iter()
            .skip(order + 1)
            .filter(|other| other.name == name && !other.is_part)
            .collect();
        let Some(other) = again.first().filter(|_| !row.is_part) else {
            continue;
        };
        told.push(name);
        let place = other.place_of(other.cells.level3.as_ref());
        let message = format!(
            "「{name}」出现了 {} 次；请合并，或改成能区分的名称",
            again.len() + 1
        );
        found.add(Note::new("V10", &place, message).printed(name));
    }
}

/// `(≥**人)` left in names.
fn placeholders(context: &Context<'_>, found: &mut Found<'_>) {
    let rows: Vec<&Row<'_>> = context
        .rows
        .iter()
        .filter(|row| {
            let raw = text(row.cells.level3.as_ref());
            raw.trim_start_matches(['★', '*']).contains("**") || raw.contains("××")
        })
        .collect();
    let Some(first) = rows.first() else { return };
    let message = format!(
        "{}的名称里还留着模板的占位符（如「≥**」）；请删去或填上数字",
        listed(&rows)
    );
    let place = first.place_of(first.cells.level3.as_ref());
    found.add(
        Note::new("C42", &place, message)
            .printed(text(first.cells.level3.as_ref()))
            .note(),
    );
}

fn sign(letter: char) -> Option<Operator> {
    Some(match letter {
        '≥' | '≧' => Operator::AtLeast,
        '≤' | '≦' => Operator::AtMost,
        '>' => Operator::Greater,
        '<' => Operator::Less,
        _ => return None,
    })
}

/// The sign in a name: `(<**元/户·年)`, `≥80人`; `>=` is one sign.
fn named_sign(raw: &str) -> Option<Operator> {
    let half: Vec<char> = half_width(raw).chars().collect();
    let at = half.iter().position(|letter| sign(*letter).is_some())?;
    let after = half.get(at + 1).copied().unwrap_or(' ');
    let found = sign(*half.get(at)?)?;
    match (found, after) {
        (Operator::Greater, '=') => Some(Operator::AtLeast),
        (Operator::Less, '=') => Some(Operator::AtMost),
        (_, '*' | '0'..='9' | ' ' | 'X' | 'x') => Some(found),
        _ => None,
    }
}

fn sign_in_name(row: &Row<'_>, found: &mut Found<'_>) {
    let Some((own, OperatorSource::Sign)) = row.target.operator else {
        return;
    };
    // The cell must have a sign of its own, or there is nothing to differ from.
    let cell = format!(
        "{}{}",
        text(row.cells.operator.as_ref()),
        text(row.cells.target.as_ref())
    );
    let signs = [
        '≥', '≤', '>', '<', '＞', '＜', '≧', '≦', '=', '＝', '﹦', '═',
    ];
    let raw = text(row.cells.level3.as_ref());
    let Some(named) = named_sign(raw).filter(|named| *named != own && cell.contains(signs)) else {
        return;
    };
    let message = format!(
        "「{}」名称里写的是「{}」，指标值用的是「{}」；请统一",
        row.title(),
        named.sign(),
        own.sign()
    );
    let place = row.place_of(row.cells.target.as_ref());
    found.add(Note::new("C41", &place, message).printed(row.target_text()));
}

/// 质量达标率100% with a target of 98 %.
fn rate_in_name(row: &Row<'_>, found: &mut Found<'_>) {
    let Some((target, _)) = row.quantity().filter(|_| row.is_percent()) else {
        return;
    };
    let half = half_width(text(row.cells.level3.as_ref()));
    let Some(head) = half.trim_end().strip_suffix('%') else {
        return;
    };
    let digits: String = head
        .chars()
        .rev()
        .take_while(|letter| letter.is_ascii_digit() || *letter == '.')
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let Some(named) = digits
        .parse::<Decimal>()
        .ok()
        .filter(|named| *named != target)
    else {
        return;
    };
    let message = format!(
        "「{}」名称里写的是 {}%，指标值是 {}；请统一",
        row.title(),
        plain(named),
        row.target_text()
    );
    let place = row.place_of(row.cells.target.as_ref());
    found.add(
        Note::new("C41", &place, message)
            .printed(row.target_text())
            .computed(format!("{}%", plain(named))),
    );
}
