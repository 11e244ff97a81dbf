//! What was typed, cleaned up; and what of it cannot be kept.

use super::{
    MOST_CELL_LETTERS, MOST_GOAL_LETTERS, MOST_ROWS, OPERATORS, Part, Row, Target, declared,
};
use crate::form_reader::label::half_width;
use crate::form_reader::number_in;
use crate::number::Centi;
use crate::rulepack::target_form::TargetForm;

/// Why what was typed cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub path: String,
    /// A Chinese sentence that says what to do.
    pub sentence: String,
}

/// The target as it is kept: without blanks at the ends of its texts and without rows that hold
/// nothing, points with two decimals, where they can be read.
pub fn tidied(target: &Target) -> Target {
    let mut tidy = Target {
        goal: tidy_text(&target.goal),
        rows: Vec::new(),
        parts: target.parts.clone(),
    };
    for part in &mut tidy.parts {
        match part {
            Part::Field(filled) => filled.text = tidy_text(&filled.text),
            Part::Table { lines, .. } => {
                lines.retain(|line| !line.is_blank());
                for cell in lines.iter_mut().flat_map(|line| &mut line.cells) {
                    cell.text = tidy_text(&cell.text);
                }
            }
        }
    }
    for row in target
        .rows
        .iter()
        .filter(|row| row.is_kept() || !row.is_blank())
    {
        let mut kept = row.clone();
        for (name, _, text) in row.cells() {
            let text = text.trim();
            let points = (name == "weight").then(|| points(text)).flatten();
            match points {
                Some(points) => kept.set(name, &points.to_string()),
                None => kept.set(name, text),
            };
        }
        tidy.rows.push(kept);
    }
    tidy.name_new_rows();
    tidy
}

fn tidy_text(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// Points from 0 to 100 with at most two decimals; nothing typed is 0.
pub(super) fn points(text: &str) -> Option<Centi> {
    if text.trim().is_empty() {
        return Some(Centi::ZERO);
    }
    let number = number_in(&half_width(text))?;
    let points = Centi::from_decimal(number)?;
    (points.decimal() == number && (Centi::ZERO..=Centi::HUNDRED).contains(&points))
        .then_some(points)
}

/// Why the target cannot be kept as it is; empty when it can.
pub fn problems(form: &TargetForm, target: &Target) -> Vec<Problem> {
    let mut found = declared::problems(form, target);
    let mut add = |path: String, sentence: String| found.push(Problem { path, sentence });
    let letters = target.goal.chars().count();
    if letters > MOST_GOAL_LETTERS {
        let sentence = format!("年度目标有 {letters} 个字，最多 {MOST_GOAL_LETTERS} 个，请精简");
        add("goal".to_owned(), sentence);
    }
    if has_control(&target.goal) {
        add(
            "goal".to_owned(),
            "年度目标里有看不见的控制字符，请删除后重新录入".to_owned(),
        );
    }
    let rows = target.rows.len();
    if rows > MOST_ROWS {
        add(
            "indicators".to_owned(),
            format!("指标有 {rows} 行，最多 {MOST_ROWS} 行，请合并或删除"),
        );
    }
    for (place, row) in (1..).zip(&target.rows) {
        of_row(place, row, &mut add);
    }
    found
}

fn of_row(place: usize, row: &Row, add: &mut impl FnMut(String, String)) {
    for (name, label, text) in row.cells() {
        let path = format!("indicators/{}/{name}", row.key);
        let letters = text.chars().count();
        if letters > MOST_CELL_LETTERS {
            let sentence = format!(
                "第 {place} 行的{label}有 {letters} 个字，最多 {MOST_CELL_LETTERS} 个，请精简"
            );
            add(path, sentence);
        } else if has_control(text) {
            let sentence = format!("第 {place} 行的{label}里有看不见的控制字符，请删除后重新录入");
            add(path, sentence);
        }
    }
    if row.points().is_none() {
        let sentence = format!(
            "第 {place} 行的权重「{}」读不出来，请填 0 到 100 之间的数，最多两位小数",
            row.weight
        );
        add(format!("indicators/{}/weight", row.key), sentence);
    }
    if !OPERATORS
        .iter()
        .any(|operator| operator.sign() == row.operator)
    {
        let sentence = format!("第 {place} 行没有选择指标性质，请选择 ≥、＝、≤ 等，或「定性」");
        add(format!("indicators/{}/operator", row.key), sentence);
    }
}

/// Characters that no keyboard types and no database should keep.
pub(super) fn has_control(text: &str) -> bool {
    text.chars()
        .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
}
