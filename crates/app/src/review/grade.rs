//! The grade of the form as it is filled, told under it after each choice.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::permission::Action;
use domain::review::{Answers, asks_corrections, consequence, graded};
use domain::rulepack::RulePack;
use domain::workflow::RecordKind;
use web::Error;

use super::{KIND, Stop, act, typed};
use crate::permission::demand;
use crate::serve::{App, Person, SignedPairs, now_text};
use crate::workflow;

/// What stands under the form.
#[derive(Template)]
#[template(path = "review/grade.html")]
pub(super) struct Live {
    /// 优 良 中 差; empty while rows are open.
    pub(super) grade: String,
    pub(super) score: String,
    /// Why, or which rows are open.
    pub(super) reason: String,
    pub(super) swings: Vec<String>,
    pub(super) consequence: &'static str,
    pub(super) asks_corrections: bool,
}

impl Live {
    /// What the answers come to.
    pub(super) fn of(pack: &RulePack, answers: &Answers) -> Self {
        match graded(pack, answers) {
            Ok(graded) => Self {
                consequence: consequence(&graded.grade),
                asks_corrections: asks_corrections(&graded.grade),
                score: graded
                    .score
                    .map_or_else(String::new, |score| score.to_string()),
                grade: graded.grade,
                reason: graded.reason,
                swings: graded.swings,
            },
            Err(open) => Self {
                grade: String::new(),
                score: String::new(),
                reason: if answers.is_empty() {
                    "逐项评定后，这里算出综合评定等级。".to_owned()
                } else {
                    format!("{open}。")
                },
                swings: Vec::new(),
                consequence: "",
                asks_corrections: false,
            },
        }
    }
}

/// `POST /targets/{id}/review/grade`: nothing is kept; the answer is a piece of the page.
pub(super) async fn show(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    form: SignedPairs,
) -> Result<Response, Error> {
    let now = now_text();
    let rules = app
        .db
        .read(move |tx| {
            demand(tx, &person.actor, Action::Review, KIND, &id)?;
            rules(tx, &id, &now)
        })
        .await?;
    answer(&form, rules)
}

/// What the target's form goes by: the pack, and whether it is a key project.
///
/// # Errors
/// There is no such target, or the database fails.
pub(super) fn rules(
    tx: &mut Tx<'_>,
    id: &str,
    now: &str,
) -> Result<(&'static RulePack, bool), Stop> {
    let read = workflow::read(tx, RecordKind::PerformanceTarget, id, now)?;
    Ok((read.pack, act::is_key_project(&read)))
}

/// The piece of the page for the form as it was sent.
///
/// # Errors
/// It was not made by a page of ours.
pub(super) fn answer(
    form: &SignedPairs,
    (pack, is_key): (&RulePack, bool),
) -> Result<Response, Error> {
    form.only(&typed::names(&["version", "key", "do", "id"]))?;
    let typed = typed::read(form, &pack.target_review, is_key)?;
    let mut live = Live::of(pack, &typed.answers);
    if let Some(problem) = typed.problems.first() {
        live.reason.clone_from(problem);
    }
    web::page(&live)
}
