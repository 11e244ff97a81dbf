//! Fields outside the tables: names, year, objectives, grade, notes.

use crate::form::{Field, MoneyUnit};
use crate::number::Decimal;

use super::amount;
use super::grid::{At, View};
use super::label::{self, HeadLabel};

/// What stands around the tables.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) title: Option<Field>,
    pub(super) fiscal_year: Option<Field<i32>>,
    pub(super) region: Option<Field>,
    pub(super) department: Option<Field>,
    pub(super) unit: Option<Field>,
    pub(super) project_name: Option<Field>,
    pub(super) objectives: Option<Field>,
    pub(super) actual_summary: Option<Field>,
    pub(super) grade: Option<Field>,
    pub(super) total_score: Option<Field<Decimal>>,
    pub(super) texts: Vec<Field>,
    pub(super) money_unit: Option<Field<MoneyUnit>>,
    /// Whether the form names a department instead of a project.
    pub(super) names_department: bool,
}

/// Whether a row names a project or a unit, as only the beginning of a form does.
pub(super) fn begins_form(view: &View<'_>, row: usize) -> bool {
    view.row_areas(row).any(|at| {
        let text = view.text(at);
        let label =
            inline(text).map_or_else(|| label::head_label(&label::key(text)), |it| Some(it.0));
        matches!(
            label,
            Some(
                HeadLabel::Project
                    | HeadLabel::Department
                    | HeadLabel::DepartmentName
                    | HeadLabel::Unit
            )
        )
    })
}

/// Whether a row holds a title, a year or a unit of money, and no note under a table.
pub(super) fn is_title_row(view: &View<'_>, row: usize) -> bool {
    view.row_areas(row).all(|at| {
        let text = view.text(at);
        let key = label::key(text);
        text.is_empty()
            || (text.chars().count() <= 80
                && !["注", "备注", "说明", "填报人", "填表", "联系"]
                    .iter()
                    .any(|start| key.starts_with(start)))
    })
}

/// Whether a sheet without an indicator table is a form all the same: a project or department
/// with its name beside it, and money columns in another row.
pub(super) fn stands_alone(view: &View<'_>) -> bool {
    let money = |row: usize| super::money::is_header(view, row);
    let named = (0..view.height()).any(|row| begins_form(view, row) && !money(row));
    named && (0..view.height()).any(|row| money(row) && !begins_form(view, row))
}

/// Reads the fields of the given rows; `table_at` is the first row of the indicator table.
pub(super) fn read(view: &View<'_>, rows: &[usize], table_at: usize) -> Head {
    let mut head = Head::default();
    let mut block = None;
    for row in rows.iter().copied() {
        for at in view.row_areas(row).filter(|at| view.is_first(*at)) {
            let text = view.text(at);
            if text.is_empty() {
                continue;
            }
            note_unit(view, at, &mut head);
            if let Some((label, value)) = inline(text) {
                let field = Field {
                    printed: value.clone(),
                    value: Some(value),
                    place: view.place(at),
                };
                put(&mut head, label, field);
                continue;
            }
            match label::head_label(&label::key(text)) {
                Some(HeadLabel::Block) if row < table_at => block = Some(at),
                Some(HeadLabel::Other | HeadLabel::Block) | None => {}
                Some(HeadLabel::Objectives | HeadLabel::Actual) if row > table_at => {}
                Some(HeadLabel::TotalScore) if row < table_at && money_score(view, at) => {}
                Some(label) => {
                    if let Some(value) = value_of(view, at) {
                        put(&mut head, label, view.field(value));
                    }
                }
            }
        }
    }
    if head.objectives.is_none()
        && let Some(value) = block.and_then(|at| value_of(view, at))
    {
        head.objectives = Some(view.field(value));
    }
    title_and_year(view, rows, table_at, &mut head);
    head
}

/// Whether 自评得分 here is a column of the money block.
fn money_score(view: &View<'_>, at: At) -> bool {
    super::money::is_header(view, at.0)
}

fn put(head: &mut Head, label: HeadLabel, mut field: Field) {
    let place = match label {
        HeadLabel::Project => &mut head.project_name,
        HeadLabel::Department => &mut head.department,
        HeadLabel::DepartmentName => {
            head.names_department = true;
            if head.department.is_none() {
                &mut head.department
            } else {
                &mut head.unit
            }
        }
        HeadLabel::Unit => &mut head.unit,
        HeadLabel::Region => &mut head.region,
        HeadLabel::Grade => {
            field = ticked(field);
            &mut head.grade
        }
        HeadLabel::Objectives => &mut head.objectives,
        HeadLabel::Actual => &mut head.actual_summary,
        HeadLabel::Note => {
            if !field.is_blank() {
                head.texts.push(field);
            }
            return;
        }
        HeadLabel::Year => {
            let value = year_in(&format!("{}年", field.printed)).map(|it| it.0);
            if value.is_some() {
                head.fiscal_year = Some(Field {
                    value,
                    printed: field.printed,
                    place: field.place,
                });
            }
            return;
        }
        HeadLabel::TotalScore => {
            let value = amount::parse(&field.printed).map(|it| it.value);
            if head.total_score.is_none() && !field.is_blank() {
                head.total_score = Some(Field {
                    value,
                    printed: field.printed,
                    place: field.place,
                });
            }
            return;
        }
        HeadLabel::Block | HeadLabel::Other => return,
    };
    // A filled field is not replaced by one that stands further down, a blank one is.
    if place.as_ref().is_none_or(Field::is_blank) {
        *place = Some(field);
    }
}

/// The ticked one of `优□ 良☑ 中□ 差□`, wherever the boxes stand; blank when none is ticked.
fn ticked(mut field: Field) -> Field {
    const TICKS: [char; 6] = ['☑', '√', '✓', '✔', '■', '☒'];
    const BOXES: [char; 3] = ['□', '☐', '○'];
    let marks: Vec<char> = field.printed.chars().collect();
    let is_box = |mark: &char| TICKS.contains(mark) || BOXES.contains(mark);
    if marks.iter().filter(|mark| is_box(mark)).count() < 2 {
        return field;
    }
    let before = marks
        .iter()
        .find(|mark| !mark.is_whitespace())
        .is_some_and(is_box);
    // Pieces of a box and the word that belongs to it.
    let mut pieces: Vec<(char, String)> = Vec::new();
    let mut word = String::new();
    for mark in marks {
        if is_box(&mark) {
            pieces.push((
                mark,
                if before {
                    String::new()
                } else {
                    std::mem::take(&mut word)
                },
            ));
        } else if let (true, Some(piece)) = (before, pieces.last_mut()) {
            piece.1.push(mark);
        } else {
            word.push(mark);
        }
    }
    let mut chosen = pieces.into_iter().filter(|(mark, _)| TICKS.contains(mark));
    let only = match (chosen.next(), chosen.next()) {
        (Some((_, word)), None) => word,
        _ => String::new(),
    };
    only.trim()
        .trim_matches(['(', ')', '（', '）', '、', ' '])
        .clone_into(&mut field.printed);
    field.value = Some(field.printed.clone()).filter(|it| !it.is_empty());
    field
}

/// `项目名称：临时救助` in one cell.
fn inline(text: &str) -> Option<(HeadLabel, String)> {
    let (label, value) = text.split_once([':', '：'])?;
    let label = label::head_label(&label::key(label))?;
    // Two fields may share a line, parted by wide gaps.
    let value = value.trim().split("   ").next().unwrap_or("").trim();
    let tidy = !value.is_empty() && !matches!(label, HeadLabel::Other | HeadLabel::Block);
    tidy.then(|| (label, value.to_owned()))
}

/// Where a label's value stands: at its right, or below when labels stand side by side.
fn value_of(view: &View<'_>, at: At) -> Option<At> {
    let right = view.right_of(at);
    let below = view.below_blank_rows(at).filter(|below| {
        let text = view.text(*below);
        !text.is_empty() && !label::is_label(text) && inline(text).is_none()
    });
    match right {
        Some(right) if label::is_label(view.text(right)) => below,
        Some(right) if view.text(right).is_empty() => {
            below.or_else(|| view.beyond_blanks(at)).or(Some(right))
        }
        Some(right) => Some(right),
        None => below,
    }
}

fn note_unit(view: &View<'_>, at: At, head: &mut Head) {
    let text = view.text(at);
    let half = label::half_width(text);
    if head.money_unit.is_none()
        && let Some((_, unit)) = half.split_once("单位:")
        && let Some(value) =
            label::money_unit(unit).filter(|_| unit.trim().starts_with(['万', '元', '亿', '人']))
    {
        let printed = text.to_owned();
        head.money_unit = Some(Field {
            printed,
            value: Some(value),
            place: view.place(at),
        });
    }
}

fn title_and_year(view: &View<'_>, rows: &[usize], table_at: usize, head: &mut Head) {
    let mut best: Option<(usize, Field)> = None;
    for row in rows.iter().copied().filter(|row| *row < table_at) {
        if super::money::is_header(view, row) {
            break;
        }
        for at in view.row_areas(row).filter(|at| view.is_first(*at)) {
            let text = view.text(at);
            if text.is_empty() {
                continue;
            }
            if head.fiscal_year.is_none()
                && let Some((year, printed)) = year_in(text)
                && !text.contains("编号")
            {
                let place = view.place(at);
                head.fiscal_year = Some(Field {
                    value: Some(year),
                    printed,
                    place,
                });
            }
            let rank = title_rank(text);
            if rank > 0 && best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, view.field(at)));
            }
        }
        if begins_form(view, row) {
            break;
        }
    }
    head.title = best.map(|it| it.1);
}

/// How much a text looks like a form's title; 0 is not at all.
fn title_rank(text: &str) -> usize {
    let length = text.chars().count();
    if label::is_label(text) || inline(text).is_some() || !(4..=80).contains(&length) {
        return 0;
    }
    let words = ["绩效", "自评", "目标", "评价", "申报", "表", "报告"];
    1 + words.iter().filter(|word| text.contains(**word)).count()
}

/// A year such as `2021年`, with the text that it was taken from.
fn year_in(text: &str) -> Option<(i32, String)> {
    let half: Vec<char> = label::half_width(text)
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    half.windows(5).enumerate().find_map(|(at, window)| {
        let (sign, digits) = window.split_last()?;
        let before = at.checked_sub(1).and_then(|at| half.get(at));
        if *sign != '年' || before.is_some_and(char::is_ascii_digit) {
            return None;
        }
        let digits: String = digits.iter().collect();
        let year: i32 = digits.parse().ok()?;
        (1990..=2100)
            .contains(&year)
            .then(|| (year, format!("{year}年")))
    })
}
