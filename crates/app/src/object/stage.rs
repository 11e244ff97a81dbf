//! The line of the cycle: which stage of which year has which record.

use std::collections::BTreeMap;

use domain::number::Centi;

use super::store::life::Life;

/// The stages in their order.
pub(super) const STAGES: [&str; 8] = [
    "事前", "目标", "批复", "监控", "自评", "评价", "整改", "应用",
];

/// Most years that stand below each other.
const MOST_YEARS: usize = 3;

/// One year's line.
pub(super) struct Row {
    /// The year whose money it is about.
    pub(super) year: i64,
    /// A mark for each stage.
    pub(super) marks: Vec<Mark>,
}

/// A mark on the line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// `done`, `running`, `late`, or empty where nothing is.
    pub(super) state: &'static str,
    /// The anchor of the record.
    pub(super) anchor: String,
    /// When.
    pub(super) date: String,
    /// What came of it.
    pub(super) note: String,
}

impl Mark {
    /// The state in words, for who does not see the shape.
    pub(super) fn word(&self) -> &'static str {
        match self.state {
            "done" => "已完成",
            "running" => "进行中",
            "late" => "已逾期",
            _ => "没有记录",
        }
    }
}

/// The lines of the newest years, newest first. `today` decides what is late.
pub(super) fn rows(life: &Life, today: &str) -> Result<Vec<Row>, db::Error> {
    let mut years: BTreeMap<i64, Vec<Mark>> = BTreeMap::new();
    // From the first record to the last, the newest edition of each kind wins.
    let mut put = |year: i64, stage: usize, mark: Mark| {
        let marks = years
            .entry(year)
            .or_insert_with(|| vec![Mark::default(); STAGES.len()]);
        if marks[stage].state.is_empty() || mark.state == "late" {
            marks[stage] = mark;
        }
    };
    for year in life.money.keys() {
        put(*year, 0, Mark::default());
    }
    for row in &life.ex_ante {
        let (year, mark) = ex_ante(row)?;
        put(year, 0, mark);
    }
    for row in &life.targets {
        let year = row.int("fiscal_year")?;
        let (target, approval) = target(row)?;
        put(year, 1, target);
        put(year, 2, approval);
    }
    for row in &life.monitorings {
        put(row.int("work_year")?, 3, monitoring(row)?);
    }
    for row in &life.self_evaluations {
        put(row.int("subject_year")?, 4, self_evaluation(row)?);
    }
    for row in &life.key_evaluations {
        put(row.int("subject_year")?, 5, key_evaluation(row)?);
    }
    for row in &life.rectifications {
        put(row.int("subject_year")?, 6, rectification(row, today)?);
    }
    for row in &life.applications {
        put(row.int("subject_year")?, 7, application(row)?);
    }
    let rows = years.into_iter().rev().take(MOST_YEARS);
    Ok(rows.map(|(year, marks)| Row { year, marks }).collect())
}

fn mark(
    row: &db::Row,
    is_done: bool,
    date: Option<String>,
    note: String,
) -> Result<Mark, db::Error> {
    Ok(Mark {
        state: if is_done { "done" } else { "running" },
        anchor: row.text("id")?,
        date: date.unwrap_or_default(),
        note,
    })
}

fn score(row: &db::Row) -> Result<String, db::Error> {
    let points = row
        .opt_int("score_centi")?
        .map(|score| Centi(score).to_string());
    let grade = row.opt_text("grade")?;
    Ok([points, grade]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" "))
}

fn ex_ante(row: &db::Row) -> Result<(i64, Mark), db::Error> {
    let done = !matches!(
        row.text("state")?.as_str(),
        "draft" | "submitted" | "returned"
    );
    let note = row.opt_text("conclusion")?.unwrap_or_default();
    let mark = mark(row, done, row.opt_text("concluded_on")?, note)?;
    Ok((row.int("subject_year")?, mark))
}

fn target(row: &db::Row) -> Result<(Mark, Mark), db::Error> {
    let state = row.text("state")?;
    let approved = row.opt_text("approved_on")?;
    let is_reviewed = !matches!(
        state.as_str(),
        "draft" | "department_review" | "section_review" | "joint_review" | "returned"
    );
    let held_on = row.opt_text("held_on")?;
    let note = row
        .opt_text("grade")?
        .map_or(super::words::target_state(&state).to_owned(), |grade| {
            format!("审核 {grade}")
        });
    let target = mark(row, is_reviewed, held_on, note)?;
    let approval = match approved {
        Some(date) => mark(row, true, Some(date), "已批复".to_owned())?,
        None => Mark::default(),
    };
    Ok((target, approval))
}

fn monitoring(row: &db::Row) -> Result<Mark, db::Error> {
    let done = row.text("state")? == "concluded";
    let month = row.int("cut_off_month")?;
    let worst = ["red", "yellow", "green", "blue"];
    let lights = [row.text("budget_light")?, row.text("indicator_light")?];
    let colour = worst
        .iter()
        .find(|colour| lights.iter().any(|light| light == *colour));
    let word = colour.map_or("", |colour| web::light(colour, "").word());
    mark(
        row,
        done,
        row.opt_text("feedback_on")?,
        format!("1–{month} 月 {word}灯"),
    )
}

fn self_evaluation(row: &db::Row) -> Result<Mark, db::Error> {
    let done = matches!(row.text("state")?.as_str(), "accepted" | "published");
    mark(row, done, row.opt_text("submitted_on")?, score(row)?)
}

fn key_evaluation(row: &db::Row) -> Result<Mark, db::Error> {
    let done = matches!(
        row.text("state")?.as_str(),
        "final" | "filed" | "result_delivered"
    );
    mark(row, done, row.opt_text("finalised_on")?, score(row)?)
}

fn rectification(row: &db::Row, today: &str) -> Result<Mark, db::Error> {
    let (closed, due) = (row.opt_text("closed_on")?, row.text("due_on")?);
    if closed.is_some() {
        return mark(row, true, closed, "已销号".to_owned());
    }
    let mut open = mark(row, false, None, format!("限 {due}"))?;
    if due.as_str() < today {
        open.state = "late";
    }
    Ok(open)
}

fn application(row: &db::Row) -> Result<Mark, db::Error> {
    let done = matches!(row.text("state")?.as_str(), "in_budget" | "feedback_given");
    let note = format!("{} {}", row.int("budget_year")?, row.text("way")?);
    mark(row, done, row.opt_text("decided_on")?, note)
}
