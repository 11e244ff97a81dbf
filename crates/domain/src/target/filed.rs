//! A target as a filed table has it, in our own layout or in any other, and how it differs from
//! what is kept.

use std::collections::BTreeSet;

use super::{LEVELS1, LEVELS2, Line, OPERATORS, Part, Row, Target, money};
use crate::form::{Field, Form, IndicatorRow};
use crate::form_reader::label::half_width;
use crate::form_reader::number_in;
use crate::indicator::{Measure, Operator, OperatorSource, TargetCells, read_target};
use crate::number::Decimal;

/// A filed target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filed {
    /// 年度目标; none where the table has no such field.
    pub goal: Option<String>,
    /// The rows of the indicator table, in their order.
    pub rows: Vec<FiledRow>,
    /// What it holds of the form's own fields and tables; not what it does not have.
    pub parts: Vec<Part>,
}

/// A row of a filed table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FiledRow {
    /// Where it stands: a cell's address.
    pub place: String,
    /// What stands in it. Its key is the number that the table gives it, or empty.
    pub row: Row,
    /// Why it should not be taken as it is: Chinese sentences.
    pub doubts: Vec<String>,
    /// What was understood without being printed, and should be looked at.
    pub hints: Vec<String>,
}

impl Filed {
    /// The target of a form in whatever layout. What a cell means is printed as our form prints
    /// it; where that is not certain, a doubt says what stood there.
    pub fn of(form: &Form) -> Self {
        Self {
            goal: form.objectives.as_ref().map(|field| field.printed.clone()),
            rows: form.indicators.iter().map(filed_row).collect(),
            parts: Vec::new(),
        }
    }

    /// Adds what only the table as a whole shows.
    #[must_use]
    pub fn looked_through(mut self) -> Self {
        let names: Vec<String> = self.rows.iter().map(|it| bare(&it.row.name)).collect();
        for (place, filed) in self.rows.iter_mut().enumerate() {
            let name = bare(&filed.row.name);
            let earlier = names.iter().take(place).any(|other| *other == name);
            if earlier && !name.is_empty() {
                filed.doubts.push(format!(
                    "「{}」在表里出现了不止一次，可能是重复的行",
                    filed.row.name
                ));
            }
            if number_in(&half_width(&filed.row.name)).is_some() {
                filed.doubts.push(format!(
                    "三级指标是一个数「{}」，可能整行错开了一列",
                    filed.row.name
                ));
            }
        }
        self
    }
}

/// A row of whatever table, printed as our form prints it; as in [`Filed::of`].
pub fn filed_row(line: &IndicatorRow) -> FiledRow {
    let printed = |field: &Option<Field>| {
        field
            .as_ref()
            .map(|field| field.printed.clone())
            .unwrap_or_default()
    };
    let name = without_template(&printed(&line.level3)).to_owned();
    let level2 = usual_level2(&printed(&line.level2));
    let (mut doubts, mut hints) = (Vec::new(), Vec::new());
    let target = read_target(TargetCells {
        printed: &printed(&line.target),
        operator: line.operator.as_ref().map(|field| &*field.printed),
        unit: line.unit.as_ref().map(|field| &*field.printed),
        name: &name,
        level2: &level2,
    });
    let is_word = matches!(target.measure, Measure::Words(_) | Measure::YesNo(_));
    let operator = match target.operator {
        Some((operator, OperatorSource::Inferred)) if !is_word => {
            hints.push(format!(
                "表里没有写指标性质，按名称推断为「{}」，请核对",
                operator.sign()
            ));
            operator.sign()
        }
        Some((operator, _)) => operator.sign(),
        None if is_word => Operator::Qualitative.sign(),
        None => {
            doubts.push("看不出指标性质（≥、＝、≤ 或定性），请选择".to_owned());
            ""
        }
    };
    let (value, unit) = value_and_unit(&target.measure, &target.printed, &mut doubts);
    let own_unit = printed(&line.unit);
    let weight = line.weight.as_ref().map(|field| match field.value {
        Some(points) => points.normalize().to_string(),
        None => field.printed.clone(),
    });
    let row = Row {
        key: String::new(),
        level1: usual_level1(&printed(&line.level1)),
        level2,
        name,
        operator: operator.to_owned(),
        value,
        unit: if own_unit.is_empty() { unit } else { own_unit },
        weight: weight.unwrap_or_default(),
        is_core: false,
        origin: String::new(),
    };
    let place = line.level3.as_ref().map(|field| field.place.clone());
    FiledRow {
        place: place.unwrap_or_else(|| line.place.clone()),
        row,
        doubts,
        hints,
    }
}

/// What a value says in the columns 指标值 and 度量单位.
fn value_and_unit(measure: &Measure, printed: &str, doubts: &mut Vec<String>) -> (String, String) {
    match measure {
        Measure::Absent => (String::new(), String::new()),
        Measure::Quantity { value, unit } => (value.normalize().to_string(), unit.clone()),
        Measure::Range { low, high, unit } => (format!("{low}-{high}"), unit.clone()),
        Measure::Frequency { count, unit, per } => (count.to_string(), format!("{unit}/{per}")),
        Measure::Words(words) => (words.clone(), String::new()),
        Measure::Date { .. } | Measure::YesNo(_) => (measure.to_string(), String::new()),
        Measure::Template => {
            doubts.push(format!("指标值「{printed}」还是模板里的占位文字，没有读入"));
            (String::new(), String::new())
        }
        Measure::Unreadable { reason, .. } => {
            doubts.push(format!("指标值「{printed}」：{reason}"));
            (printed.to_owned(), String::new())
        }
    }
}

/// The name without the template's `指标1：` before it.
fn without_template(printed: &str) -> &str {
    let rest = printed.strip_prefix("指标").map(|rest| {
        rest.trim_start_matches(|letter: char| letter.is_ascii_digit())
            .strip_prefix(['：', ':'])
            .map(str::trim)
    });
    match rest.flatten() {
        Some(rest) if !rest.is_empty() => rest,
        _ => printed,
    }
}

/// `产出指标（50分）` and `产出` are 产出指标; other words stay as they are.
fn usual_level1(printed: &str) -> String {
    let word = without_cap(printed);
    let usual = LEVELS1
        .iter()
        .find(|usual| is_short_for(&word, usual))
        .copied();
    usual.map_or(word, str::to_owned)
}

fn usual_level2(printed: &str) -> String {
    let word = without_cap(printed);
    let usual = LEVELS2
        .iter()
        .find(|(_, usual)| is_short_for(&word, usual))
        .map(|(_, usual)| *usual);
    usual.map_or(word, str::to_owned)
}

fn is_short_for(word: &str, usual: &str) -> bool {
    !word.is_empty() && (usual == word || usual.strip_suffix("指标") == Some(word))
}

/// The words before a bracket that holds points.
fn without_cap(printed: &str) -> String {
    let one_line: String = printed.split_whitespace().collect();
    let cut = one_line.find(['（', '(']).unwrap_or(one_line.len());
    let (word, bracket) = one_line.split_at(cut);
    if bracket.contains('分') || bracket.chars().any(|letter| letter.is_ascii_digit()) {
        word.to_owned()
    } else {
        one_line
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFate {
    /// The file has it, the target does not.
    New,
    /// Both have it, with other cells: label, text kept, text filed.
    Changed(Vec<(&'static str, String, String)>),
    /// Both have it alike.
    Unchanged,
    /// The target has it, the file does not.
    Missing,
}

/// A row of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Where it stands in the file; empty for a missing one.
    pub place: String,
    /// The row as filed; of a missing one, as kept. With the key of the kept row, if there is one.
    pub row: Row,
    /// What becomes of it.
    pub fate: RowFate,
    /// Why it should not be taken as it is.
    pub doubts: Vec<String>,
    /// What should be looked at.
    pub hints: Vec<String>,
}

/// How a filed target differs from the kept one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The goal as kept and as filed, where the file has another.
    pub goal: Option<(String, String)>,
    /// The filed rows in their order, then the missing ones.
    pub lines: Vec<Compared>,
    /// The form's own fields and tables that the file has otherwise: as kept and as filed.
    pub parts: Vec<(Part, Part)>,
}

/// Compares a filed target with the kept one. Rows belong together by their number, else by the
/// name of the indicator.
pub fn difference(kept: &Target, filed: &Filed) -> Difference {
    let mut left: Vec<&Row> = kept.rows.iter().collect();
    let mut partners: Vec<Option<&Row>> = vec![None; filed.rows.len()];
    let is_named = |one: &Row, other: &Row| bare(&one.name) == bare(&other.name);
    let rules: [fn(&Row, &Row, bool) -> bool; 3] = [
        |one, other, _| one.is_kept() && one.key == other.key,
        |one, other, is_named| is_named && one.level2 == other.level2,
        |_, _, is_named| is_named,
    ];
    for is_same in rules {
        for (line, partner) in filed.rows.iter().zip(&mut partners) {
            if partner.is_some() || bare(&line.row.name).is_empty() && !line.row.is_kept() {
                continue;
            }
            if let Some(place) = left
                .iter()
                .position(|row| is_same(&line.row, row, is_named(&line.row, row)))
            {
                *partner = Some(left.remove(place));
            }
        }
    }
    let with_partner = filed.rows.iter().zip(partners);
    let mut lines: Vec<Compared> = with_partner
        .map(|(line, partner)| compared(line, partner))
        .collect();
    lines.extend(left.into_iter().map(|row| Compared {
        place: String::new(),
        row: row.clone(),
        fate: RowFate::Missing,
        doubts: Vec::new(),
        hints: Vec::new(),
    }));
    let goal = filed.goal.as_deref().map(str::trim);
    let goal = goal.filter(|goal| *goal != kept.goal.trim());
    Difference {
        goal: goal.map(|goal| (kept.goal.clone(), goal.to_owned())),
        lines,
        parts: changed_parts(kept, filed),
    }
}

/// The fields and tables that the file has otherwise. Amounts are compared as amounts; of tables
/// only the texts count.
fn changed_parts(kept: &Target, filed: &Filed) -> Vec<(Part, Part)> {
    let own = |filed: &Part| kept.parts.iter().find(|part| part.key() == filed.key());
    let pairs = filed
        .parts
        .iter()
        .filter_map(|part| own(part).zip(Some(part)));
    pairs
        .filter(|(kept, filed)| !is_same_part(kept, filed))
        .map(|(kept, filed)| (kept.clone(), filed.clone()))
        .collect()
}

fn is_same_part(kept: &Part, filed: &Part) -> bool {
    match (kept, filed) {
        (Part::Field(before), Part::Field(after)) => is_same_text(&before.text, &after.text),
        (Part::Table { lines: before, .. }, Part::Table { lines: after, .. }) => {
            let is_same = |(one, other): (&Line, &Line)| {
                let mut cells = one.cells.iter();
                cells.all(|cell| is_same_text(&cell.text, other.text(&cell.key)))
            };
            before.len() == after.len() && before.iter().zip(after).all(is_same)
        }
        _ => false,
    }
}

fn is_same_text(before: &str, after: &str) -> bool {
    let (before, after) = (before.trim(), after.trim());
    before == after || money(before).is_ok() && money(before) == money(after)
}

fn compared(line: &FiledRow, partner: Option<&Row>) -> Compared {
    let mut row = line.row.clone();
    let mut doubts = line.doubts.clone();
    let Some(partner) = partner else {
        row.key = String::new();
        return Compared {
            place: line.place.clone(),
            row,
            fate: RowFate::New,
            doubts,
            hints: line.hints.clone(),
        };
    };
    row.key.clone_from(&partner.key);
    row.origin.clone_from(&partner.origin);
    let cells = partner.cells().into_iter().zip(row.cells());
    let changes: Vec<_> = cells
        .filter(|((name, _, before), (_, _, after))| !is_alike(name, before, after))
        .map(|((_, label, before), (_, _, after))| (label, before.to_owned(), after.to_owned()))
        .collect();
    if let Some(doubt) = is_far_off(&partner.value, &row.value) {
        doubts.push(doubt);
    }
    let fate = if changes.is_empty() {
        RowFate::Unchanged
    } else {
        RowFate::Changed(changes)
    };
    Compared {
        place: line.place.clone(),
        row,
        fate,
        doubts,
        hints: line.hints.clone(),
    }
}

/// Whether two cells say the same; points are compared as numbers.
fn is_alike(name: &str, before: &str, after: &str) -> bool {
    let number = |text: &str| number_in(&half_width(text));
    before.trim() == after.trim()
        || name == "weight" && number(before).is_some() && number(before) == number(after)
}

/// A number that is some thousand times another is most likely 元 for 万元.
///
/// House rule: a thousand times and more, since no target grows so from one version to the next.
fn is_far_off(before: &str, after: &str) -> Option<String> {
    let (one, other) = (
        number_in(&half_width(before))?.abs(),
        number_in(&half_width(after))?.abs(),
    );
    let (small, large) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    let far = small.checked_mul(Decimal::ONE_THOUSAND)?;
    (small > Decimal::ZERO && large >= far).then(|| {
        format!("指标值从 {before} 变成 {after}，相差上千倍，可能把万元和元弄混了，或错了行")
    })
}

/// A name without blanks and without regard to full or half width.
fn bare(name: &str) -> String {
    half_width(name).split_whitespace().collect()
}

impl Difference {
    /// Whether the file says nothing new.
    pub fn is_empty(&self) -> bool {
        let same = |line: &Compared| line.fate == RowFate::Unchanged;
        self.goal.is_none() && self.parts.is_empty() && self.lines.iter().all(same)
    }

    /// The kept target with what was chosen of the file: its goal, its fields and tables of these
    /// names, and the rows at these places of the comparison. A missing row that is chosen is left
    /// out; others stay behind the row that they stood behind.
    pub fn taken(
        &self,
        kept: &Target,
        (with_goal, parts): (bool, &BTreeSet<String>),
        chosen: &BTreeSet<usize>,
    ) -> Target {
        let own = |key: &str| kept.rows.iter().find(|row| row.key == key);
        let mut rows: Vec<Row> = Vec::new();
        for (place, line) in self.lines.iter().enumerate() {
            let is_chosen = chosen.contains(&place);
            match line.fate {
                RowFate::New | RowFate::Changed(_) if is_chosen => rows.push(line.row.clone()),
                RowFate::Changed(_) | RowFate::Unchanged => {
                    rows.extend(own(&line.row.key).cloned());
                }
                RowFate::New | RowFate::Missing => {}
            }
        }
        let missing = self.lines.iter().enumerate();
        for (place, line) in missing.filter(|(_, line)| line.fate == RowFate::Missing) {
            if chosen.contains(&place) {
                continue;
            }
            let before = kept.rows.iter().position(|row| row.key == line.row.key);
            let before = before.and_then(|at| kept.rows.get(at.checked_sub(1)?));
            let behind =
                before.and_then(|before| rows.iter().position(|row| row.key == before.key));
            let at = behind.map_or(0, |place| place.saturating_add(1));
            rows.insert(at, line.row.clone());
        }
        let goal = match &self.goal {
            Some((_, filed)) if with_goal => filed.clone(),
            _ => kept.goal.clone(),
        };
        let filed = |part: &Part| {
            let is_chosen = parts.contains(part.key());
            let mut pairs = self.parts.iter().filter(|_| is_chosen);
            let filed = pairs.find(|(_, filed)| filed.key() == part.key());
            filed.map_or_else(|| part.clone(), |(_, filed)| filed.clone())
        };
        let parts = kept.parts.iter().map(filed).collect();
        let mut target = Target { goal, rows, parts };
        target.name_new_rows();
        target
    }
}

/// The sign of an operator that somebody typed in another way (`>=`, `大于等于`), or what was typed.
pub fn usual_operator(typed: &str) -> String {
    let typed = typed.trim();
    if OPERATORS.iter().any(|operator| operator.sign() == typed) {
        return typed.to_owned();
    }
    crate::indicator::operator_of(typed)
        .map_or_else(|| typed.to_owned(), |operator| operator.sign().to_owned())
}
