//! What a browser sends: the target as it was typed, and which button was pressed.

use std::collections::BTreeMap;

use domain::content::Side;
use domain::rulepack::target_form::TargetForm;
use domain::target::{Filled, Line, MOST_ROWS, Part, Row, Target, blank_line};
use web::Error;

/// A few more rows than can be saved are read, so that whoever pasted too many is told and loses
/// none.
const MOST_ROWS_READ: usize = MOST_ROWS * 4;

/// Which button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// 保存草稿
    Save,
    /// 新增一行
    Add,
    /// 删除 the row at this place, from 0.
    Remove(usize),
    /// 上移
    Up(usize),
    /// 下移
    Down(usize),
    /// The row at the first place goes to the second.
    Move(usize, usize),
    /// 采用 the advice of this rule in this cell, of the row at this place or of none.
    Adopt {
        rule: &'static str,
        row: Option<usize>,
        cell: &'static str,
    },
    /// 合并 what was typed with what somebody else saved.
    Merge,
    /// 放弃 what was typed.
    Drop,
    /// What a button does to a table of the form's own, which [`Typed::table`] names.
    Line(Step),
}

/// What a button does to a row of a table of the form's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// 新增一行
    Add,
    /// 删除 the row at this place, from 0.
    Remove(usize),
    /// 上移
    Up(usize),
    /// 下移
    Down(usize),
    /// The row at the first place goes to the second.
    Move(usize, usize),
}

/// What is said of a row that has just changed its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    /// 第 3 行移到第 2 行
    pub(super) sentence: String,
    /// What the button sends that moves it back.
    pub(super) undo: String,
}

/// A form as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// The version of the record that the page showed.
    pub(super) version: i64,
    pub(super) order: Order,
    /// The table of the form's own that the button is about; empty for any other button.
    pub(super) table: String,
    /// With the form's own fields and tables as they came, to be fitted to the form.
    pub(super) target: Target,
    /// The version that was being changed when somebody else saved; none but on that page.
    pub(super) started: Option<i64>,
    /// Which side is taken into a merge, by the key of each choice.
    pub(super) taken: BTreeMap<String, Side>,
    /// Answers to comments, by the comment's id.
    pub(super) answers: BTreeMap<String, String>,
    /// Comments that are marked as done.
    pub(super) done: Vec<String>,
}

/// Reads the fields of a form. A field that the page does not have is refused.
pub(super) fn read(fields: &BTreeMap<String, String>) -> Result<Typed, Error> {
    let mut typed = Typed {
        version: 0,
        order: Order::Save,
        table: String::new(),
        target: Target::default(),
        started: None,
        taken: BTreeMap::new(),
        answers: BTreeMap::new(),
        done: Vec::new(),
    };
    let mut rows: BTreeMap<usize, Row> = BTreeMap::new();
    let mut tables: BTreeMap<&str, BTreeMap<usize, Line>> = BTreeMap::new();
    for (name, value) in fields {
        match (&**name, name.split_once('.')) {
            ("version", _) => typed.version = value.parse().map_err(|_| Error::Unreadable)?,
            ("started", _) => {
                typed.started = Some(value.parse().map_err(|_| Error::Unreadable)?);
            }
            ("do", _) => {
                let (order, table) = order(value).ok_or(Error::Unreadable)?;
                (typed.order, typed.table) = (order, table.to_owned());
            }
            ("goal", _) => typed.target.goal.clone_from(value),
            (_, Some(("take", key))) => {
                typed.taken.insert(key.to_owned(), side(value)?);
            }
            (_, Some(("answer", id))) => {
                typed.answers.insert(id.to_owned(), value.clone());
            }
            (_, Some(("done", id))) => typed.done.push(id.to_owned()),
            (_, Some(("v", key))) => typed.target.parts.push(Part::Field(filled(key, value))),
            (_, Some(("t", cell))) => {
                let parts: Vec<&str> = cell.split('.').collect();
                let [table, row, cell] = parts[..] else {
                    return Err(Error::Unreadable);
                };
                let line = tables.entry(table).or_default();
                let line = line.entry(place(row)?).or_default();
                if cell == "key" {
                    line.key.clone_from(value);
                } else {
                    line.cells.push(filled(cell, value));
                }
            }
            (_, Some((row, cell))) => {
                let number = place(row.strip_prefix('r').ok_or(Error::Unreadable)?)?;
                let row = rows.entry(number).or_default();
                if cell == "key" {
                    row.key.clone_from(value);
                } else if !row.set(cell, value) {
                    return Err(Error::Unreadable);
                }
            }
            _ => return Err(Error::Unreadable),
        }
    }
    typed.target.rows = rows.into_values().collect();
    let tables = tables.into_iter().map(|(table, lines)| Part::Table {
        key: table.to_owned(),
        label: String::new(),
        lines: lines.into_values().collect(),
    });
    typed.target.parts.extend(tables);
    Ok(typed)
}

fn filled(key: &str, text: &str) -> Filled {
    Filled {
        key: key.to_owned(),
        label: String::new(),
        text: text.to_owned(),
    }
}

fn place(text: &str) -> Result<usize, Error> {
    let place: Option<usize> = text.parse().ok();
    place
        .filter(|place| *place < MOST_ROWS_READ)
        .ok_or(Error::Unreadable)
}

fn side(text: &str) -> Result<Side, Error> {
    match text {
        "mine" => Ok(Side::Mine),
        "theirs" => Ok(Side::Theirs),
        _ => Err(Error::Unreadable),
    }
}

/// What a button does, and the table of the form's own that it is about.
fn order(text: &str) -> Option<(Order, &str)> {
    let (verb, place) = text.split_once(':').unwrap_or((text, ""));
    if let Some(verb) = verb.strip_suffix("-line") {
        let (table, row) = place.split_once(':').unwrap_or((place, ""));
        let at = || row.parse().ok();
        let step = match verb {
            "add" => Step::Add,
            "remove" => Step::Remove(at()?),
            "up" => Step::Up(at()?),
            "down" => Step::Down(at()?),
            "move" => {
                let (from, to) = way(row)?;
                Step::Move(from, to)
            }
            _ => return None,
        };
        return Some((Order::Line(step), table));
    }
    let at = || place.parse().ok();
    let order = match verb {
        "save" => Order::Save,
        "add" => Order::Add,
        "remove" => Order::Remove(at()?),
        "up" => Order::Up(at()?),
        "down" => Order::Down(at()?),
        "move" => {
            let (from, to) = way(place)?;
            Order::Move(from, to)
        }
        "adopt" => adoption(text)?,
        "merge" => Order::Merge,
        "drop" => Order::Drop,
        _ => return None,
    };
    Some((order, ""))
}

/// `3:1`: from the place 3 to the place 1.
fn way(text: &str) -> Option<(usize, usize)> {
    let (from, to) = text.split_once(':')?;
    Some((from.parse().ok()?, to.parse().ok()?))
}

/// `adopt:A03:r2.value`, `adopt:A20:goal`.
fn adoption(text: &str) -> Option<Order> {
    let mut parts = text.split(':').skip(1);
    let rule = domain::advice::find_rule(parts.next()?)?.id;
    let place = parts.next()?;
    let Some((row, cell)) = place.split_once('.') else {
        return (place == "goal").then_some(Order::Adopt {
            rule,
            row: None,
            cell: "goal",
        });
    };
    let blank = Row::default();
    let mut cells = blank.cells().into_iter().map(|(name, ..)| name);
    Some(Order::Adopt {
        rule,
        row: Some(row.strip_prefix('r')?.parse().ok()?),
        cell: cells.find(|name| *name == cell)?,
    })
}

/// Makes the keys of the rows trustworthy: a number that no row of the record has, or had when the
/// form was opened, becomes a new row.
pub(super) fn settle_keys(target: &mut Target, known: &[&Target]) {
    let mut seen: Vec<String> = Vec::new();
    for row in &mut target.rows {
        let mut rows = known.iter().flat_map(|target| &target.rows);
        let is_known = rows.any(|other| other.key == row.key);
        if !is_known || seen.contains(&row.key) {
            row.key.clear();
        }
        seen.push(row.key.clone());
    }
    for part in &mut target.parts {
        let Part::Table { key, lines, .. } = part else {
            continue;
        };
        let mut seen: Vec<String> = Vec::new();
        for line in lines {
            let mut lines = known.iter().flat_map(|target| target.lines(key));
            let is_known = lines.any(|other| other.key == line.key);
            if !is_known || seen.contains(&line.key) {
                line.key.clear();
            }
            seen.push(line.key.clone());
        }
    }
    target.name_new_rows();
}

/// Carries out what a button does to a table; whether it was such a button.
pub(super) fn rearrange(form: &TargetForm, target: &mut Target, typed: &Typed) -> bool {
    let rows = &mut target.rows;
    match typed.order {
        Order::Add => rows.push(next_row(rows.last())),
        Order::Remove(place) if place < rows.len() => {
            rows.remove(place);
        }
        Order::Remove(_) => {}
        Order::Up(_) | Order::Down(_) | Order::Move(..) => {
            if let Some(way) = typed.order.way(rows.len()) {
                shift(rows, way);
            }
        }
        Order::Line(step) => step_in(form, target, &typed.table, step),
        Order::Save | Order::Adopt { .. } | Order::Merge | Order::Drop => return false,
    }
    target.name_new_rows();
    true
}

fn step_in(form: &TargetForm, target: &mut Target, table: &str, step: Step) {
    let Some((block, lines)) = form.table(table).zip(target.lines_mut(table)) else {
        return;
    };
    match step {
        Step::Add => lines.push(blank_line(block)),
        Step::Remove(place) if place < lines.len() => {
            lines.remove(place);
        }
        Step::Remove(_) => {}
        Step::Up(_) | Step::Down(_) | Step::Move(..) => {
            if let Some(way) = step.way(lines.len()) {
                shift(lines, way);
            }
        }
    }
}

/// Puts the row at the first place at the second; those between make room.
fn shift<T>(rows: &mut [T], (from, to): (usize, usize)) {
    let (first, last) = (from.min(to), from.max(to));
    if let Some(between) = rows.get_mut(first..=last) {
        if from < to {
            between.rotate_left(1);
        } else {
            between.rotate_right(1);
        }
    }
}

impl Order {
    /// From which place to which a row goes among `count`; none where none does.
    fn way(self, count: usize) -> Option<(usize, usize)> {
        match self {
            Self::Up(place) => Step::Up(place).way(count),
            Self::Down(place) => Step::Down(place).way(count),
            Self::Move(from, to) => Step::Move(from, to).way(count),
            _ => None,
        }
    }
}

impl Step {
    /// From which place to which a row goes among `count`; none where none does.
    fn way(self, count: usize) -> Option<(usize, usize)> {
        let (from, to) = match self {
            Self::Up(place) => (place, place.checked_sub(1)?),
            Self::Down(place) => (place, place.checked_add(1)?),
            Self::Move(from, to) => (from, to),
            Self::Add | Self::Remove(_) => return None,
        };
        (from != to && from < count && to < count).then_some((from, to))
    }
}

/// What is said of the row that the button moves; none where it moves none.
pub(super) fn moved(form: &TargetForm, target: &Target, typed: &Typed) -> Option<Moved> {
    let (title, verb, (from, to)) = match typed.order {
        Order::Line(step) => {
            let block = form.table(&typed.table)?;
            let way = step.way(target.lines(&block.key).len())?;
            (&*block.title, format!("move-line:{}", block.key), way)
        }
        order => ("", "move".to_owned(), order.way(target.rows.len())?),
    };
    Some(Moved {
        sentence: format!("{title}第 {} 行移到第 {} 行", from + 1, to + 1),
        undo: format!("{verb}:{to}:{from}"),
    })
}

/// An empty row under the same headings as the last one.
pub(super) fn next_row(last: Option<&Row>) -> Row {
    Row {
        level1: last.map_or_else(|| "产出指标".to_owned(), |row| row.level1.clone()),
        level2: last.map_or_else(|| "数量指标".to_owned(), |row| row.level2.clone()),
        operator: "≥".to_owned(),
        ..Row::default()
    }
}
