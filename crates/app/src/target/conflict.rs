//! Two people saved: both versions beside each other, and what was typed is not lost.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use domain::content::{Change, Content, Piece, diff};
use domain::target::Target;
use web::{Error, Shell};

use super::compare::Mark;
use super::store::record::Record;
use super::words;

#[derive(Template)]
#[template(path = "target/conflict.html")]
struct ConflictPage {
    shell: Shell,
    record: Record,
    typed: Target,
    differences: Vec<Difference>,
    /// Who saved the other version, and when.
    other: (String, String),
}

/// One difference between what was saved and what was typed.
struct Difference {
    /// Its number among all changes.
    number: usize,
    /// 绩效指标 · 改造道路长度 · 指标值
    words: String,
    mark: Mark,
    saved: String,
    typed: String,
}

/// What makes of the saved target what was typed.
pub(super) fn changes(saved: &Target, typed: &Target) -> Vec<Change> {
    diff(&saved.content(), &typed.content())
}

/// The page as an answer: 409, because nothing was saved.
pub(super) fn page(shell: Shell, record: Record, typed: Target) -> Result<Response, Error> {
    let (saved, mine) = (record.target.content(), typed.content());
    let differences = changes(&record.target, &typed)
        .iter()
        .enumerate()
        .filter(|(_, change)| change.is_telling())
        .map(|(number, change)| difference(number, change, &saved, &mine))
        .collect();
    let (name, at) = record.edited.clone().unwrap_or_default();
    let template = ConflictPage {
        shell: shell.at("/objects"),
        differences,
        other: (name, words::moment(&at)),
        record,
        typed,
    };
    Ok((StatusCode::CONFLICT, web::page(&template)?).into_response())
}

fn difference(number: usize, change: &Change, saved: &Content, mine: &Content) -> Difference {
    let place = |content: &Content| {
        let mut words = content.labels(change.path());
        if let [.., title] = &mut words[..]
            && title.is_empty()
        {
            *title = "未命名指标";
        }
        words.join(" · ")
    };
    let (mark, words, before, after) = match change {
        Change::Added { node, .. } => (Mark::Added, place(mine), "没有".to_owned(), said(node)),
        Change::Removed { node, .. } => {
            (Mark::Removed, place(saved), said(node), "没有".to_owned())
        }
        Change::Moved { from, to, .. } => (
            Mark::Moved(*from),
            place(mine),
            format!("第 {from} 行"),
            format!("第 {to} 行"),
        ),
        Change::Changed { before, after, .. } => {
            (Mark::Changed, place(mine), before.clone(), after.clone())
        }
        Change::Renamed { .. } | Change::Relabelled { .. } => {
            (Mark::Same, String::new(), String::new(), String::new())
        }
    };
    Difference {
        number,
        words,
        mark,
        saved: before,
        typed: after,
    }
}

/// Everything that a row says: 改造道路长度 ≥ 5 公里 50.00.
fn said(node: &domain::content::Node) -> String {
    let cells = node.children().iter().map(domain::content::Node::printed);
    cells
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

impl Difference {
    /// Long texts word by word.
    fn pieces(&self) -> Vec<Piece> {
        domain::content::pieces(&self.saved, &self.typed)
    }

    fn is_long(&self) -> bool {
        self.mark == Mark::Changed && self.typed.chars().count() > 40
    }
}
