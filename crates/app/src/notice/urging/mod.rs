//! 催报: whoever reviews the units' work urges those who have not done theirs.

mod list;
mod preview;
mod send;
pub(crate) mod store;
#[cfg(test)]
mod tests;

use axum::routing::{get, post};
use domain::permission::{Action, Actor};

use self::store::{Area, Open};
use crate::permission::Reach;
use crate::serve::{Access, Route};

/// Most pieces of work that the list shows.
const MOST_WORK: i64 = 5_000;

/// Most units that are urged at once.
const MOST_UNITS: usize = 300;

/// Characters of what the urging person adds.
const MOST_REMARK_CHARACTERS: usize = 300;

/// Pieces of work that a notice spells out.
const MOST_LINES: usize = 20;

/// The routes of 催报.
pub(super) fn routes() -> Vec<Route> {
    const REVIEWER: Access = Access::May(Action::Review);
    vec![
        Route::new(
            "/urging",
            "/urging",
            REVIEWER,
            get(list::show).post(send::send),
        ),
        Route::new(
            "/urging/preview",
            "/urging/preview",
            REVIEWER,
            post(preview::show),
        ),
    ]
}

/// Whose work the actor may urge.
///
/// House rule: whoever reviews a unit's work may urge it; an expert reviews what was assigned and
/// urges nobody.
fn area(actor: &Actor, region: &str, year: i64) -> Area {
    Area {
        region: region.to_owned(),
        reach: Reach::of(actor, Action::Review),
        year,
    }
}

/// The open work of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unit {
    id: String,
    name: String,
    department: String,
    section: String,
    /// The first date; empty where none is set.
    due_on: String,
    /// `2020-11-30 农村生活污水治理`
    matters: Vec<String>,
    /// How many of them were not begun.
    unbegun: usize,
    late: usize,
}

/// The units with their open work, in the order of the rows.
fn units(open: &[Open], today: &str) -> Vec<Unit> {
    let of_one = open.chunk_by(|one, other| one.unit == other.unit);
    of_one.filter_map(|work| unit(work, today)).collect()
}

fn unit(work: &[Open], today: &str) -> Option<Unit> {
    let first = work.first()?;
    let dates = work.iter().map(|it| it.due_on.as_str());
    Some(Unit {
        id: first.unit.clone(),
        name: first.unit_name.clone(),
        department: first.department.clone(),
        section: first.section.clone(),
        due_on: dates
            .clone()
            .filter(|date| !date.is_empty())
            .min()
            .unwrap_or_default()
            .to_owned(),
        matters: work.iter().map(line).collect(),
        unbegun: work.iter().filter(|it| it.is_unbegun).count(),
        late: dates
            .filter(|date| !date.is_empty() && *date < today)
            .count(),
    })
}

fn line(work: &Open) -> String {
    if work.due_on.is_empty() {
        work.title.clone()
    } else {
        format!("{}（{} 到期）", work.title, work.due_on)
    }
}

/// What a unit is told.
fn title(unit: &Unit) -> String {
    let count = unit.matters.len();
    if unit.late > 0 {
        format!(
            "催报：{count} 项工作还没有办理，其中 {} 项已逾期",
            unit.late
        )
    } else {
        format!("催报：{count} 项工作还没有办理")
    }
}

/// The lines under the title: the work, and what the urging person adds.
fn body(unit: &Unit, remark: &str) -> String {
    let mut lines: Vec<&str> = unit
        .matters
        .iter()
        .take(MOST_LINES)
        .map(String::as_str)
        .collect();
    let rest = unit.matters.len().saturating_sub(MOST_LINES);
    let more = format!("另有 {rest} 项，请在待办中查看。");
    if rest > 0 {
        lines.push(&more);
    }
    if unit.unbegun > 0 {
        lines.push("没有开始编制的：在「项目与部门」里打开项目，点「编制绩效目标」。");
    }
    if !remark.is_empty() {
        lines.push(remark);
    }
    lines.join("\n")
}
