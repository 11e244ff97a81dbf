//! The page on which a target is filled.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::advice::Context;
use domain::number::Centi;
use domain::permission::Action;
use domain::rulepack::RulePack;
use domain::target::{
    LEVELS1, LEVELS2, MOST_GOAL_LETTERS, OPERATORS, Problem, Row, Target, tidied,
};
use domain::workflow::RecordKind;
use serde::Deserialize;
use web::{Error, Shell};

use super::blocks::{self, BlockView};
use super::coach::{self, Coach, Hint};
use super::columns::{Cell, Columns};
use super::conflict::{self, Conflict};
use super::notes::{Note, Notes};
use super::sheet::direction_of;
use super::store::comment::{self, Comment};
use super::store::draft::{self as drafts};
use super::store::past;
use super::store::record::Record;
use super::typed::Moved;
use super::{KIND, Stop, demanded, draft, versions, words};
use crate::serve::{App, Frame, Person, now_text, text_after};

/// What the page shows.
pub(super) struct Editing {
    pub(super) record: Record,
    /// What stands in the fields.
    pub(super) target: Target,
    /// The version that what stands in the fields came from.
    pub(super) version: i64,
    pub(super) comments: Vec<Comment>,
    /// Who else has the form open.
    pub(super) others: Vec<String>,
    /// Why what was typed could not be saved.
    pub(super) problems: Vec<Problem>,
    /// What happened, said on top.
    pub(super) said: Option<Said>,
    /// The row that a button has just moved.
    pub(super) moved: Option<Moved>,
    /// The rules that it is filled by.
    pub(super) pack: &'static RulePack,
    /// What advice goes by.
    pub(super) context: Context,
    /// Whether what stands in the fields is not saved.
    pub(super) is_unsaved: bool,
}

/// A sentence on top of the page.
pub(super) struct Said {
    pub(super) is_good: bool,
    pub(super) sentence: String,
}

#[derive(Template)]
#[template(path = "target/edit.html")]
struct EditPage {
    shell: Shell,
    editing: Editing,
    blocks: Vec<BlockView>,
    rows: Vec<RowView>,
    goal_notes: Vec<Note>,
    goal_comments: Vec<Comment>,
    table_notes: Vec<Note>,
    table_comments: Vec<Comment>,
    columns: Columns,
    notes: Notes,
    coach: Coach,
    full: Centi,
}

/// A row with what is said about it.
struct RowView {
    place: usize,
    row: Row,
    notes: Vec<Note>,
    hints: Vec<Hint>,
    comments: Vec<Comment>,
    /// Cells with errors.
    bad: Vec<String>,
}

impl RowView {
    fn is_bad(&self, cell: &str) -> bool {
        self.bad.iter().any(|bad| bad == cell)
    }

    fn levels1(&self) -> Vec<String> {
        choices(&LEVELS1, &self.row.level1)
    }

    /// 正向指标 or 反向指标
    fn direction(&self) -> &'static str {
        direction_of(&self.row)
    }

    fn operators(&self) -> Vec<String> {
        let signs = OPERATORS.map(domain::indicator::Operator::sign);
        choices(&signs, &self.row.operator)
    }
}

/// The usual choices, and what stands there already.
fn choices(usual: &[&str], own: &str) -> Vec<String> {
    let mut all: Vec<String> = usual.iter().map(|&word| word.to_owned()).collect();
    if !usual.contains(&own) {
        all.insert(0, own.to_owned());
    }
    all
}

impl EditPage {
    fn kind(&self) -> &'static str {
        words::object_kind(&self.editing.record.object_kind)
    }

    fn state(&self) -> &'static str {
        words::state(RecordKind::PerformanceTarget, &self.editing.record.state)
    }

    /// Where the form is sent.
    fn action(&self) -> String {
        let (id, year) = (&self.editing.record.id, self.shell.year);
        format!("/targets/{id}/edit?year={year}")
    }

    fn sum(&self) -> Centi {
        self.editing.target.sum()
    }

    fn open_comments(&self) -> usize {
        let open = |comment: &&Comment| comment.done.is_none();
        self.editing.comments.iter().filter(open).count()
    }

    fn levels2() -> Vec<&'static str> {
        let mut words: Vec<&str> = LEVELS2.iter().map(|(_, word)| *word).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    fn goal_letters(&self) -> usize {
        self.editing.target.goal.chars().count()
    }
}

/// The id of a field on the page.
pub(super) fn anchor(path: &str) -> String {
    format!("f-{}", path.replace('/', "-"))
}

/// The page as an answer.
pub(super) fn page(shell: Shell, editing: Editing, status: StatusCode) -> Result<Response, Error> {
    let notes = Notes::of(editing.pack, &shown(&editing), &editing.problems);
    let (of_goal, of_table) = (at(&notes.all, "goal"), at(&notes.all, "indicators"));
    let coach = coach_of(&editing);
    let mut of_rows = coach.of_rows.iter();
    let rows = editing
        .target
        .rows
        .iter()
        .enumerate()
        .map(|(place, row)| RowView {
            hints: of_rows.next().cloned().unwrap_or_default(),
            ..row_view(place, row, &notes.all, &editing.comments)
        });
    let here = |path: &str| comments_at(&editing.comments, path);
    let said = blocks::Said {
        notes: &notes.all,
        comments: &editing.comments,
    };
    let template = EditPage {
        blocks: blocks::views(&editing.record, &editing.target, &said),
        shell: shell.at("/objects"),
        rows: rows.collect(),
        goal_notes: of_goal,
        goal_comments: here("goal"),
        table_notes: of_table,
        table_comments: orphans(&editing),
        columns: Columns::of(editing.record.form),
        notes,
        coach,
        full: Centi::from_decimal(
            domain::number::Decimal::ONE_HUNDRED - editing.pack.weights.exec.0,
        )
        .unwrap_or(Centi::HUNDRED),
        editing,
    };
    Ok((status, web::page(&template)?).into_response())
}

/// The advice on what stands in the fields; none while it cannot even be saved.
fn coach_of(editing: &Editing) -> Coach {
    if !editing.problems.is_empty() {
        return Coach::default();
    }
    let advice = coach::advise(
        editing.pack,
        &shown(editing),
        &editing.target,
        &editing.context,
    );
    Coach::new(&editing.target, &advice).reached(
        &editing.record.id,
        &editing.target,
        &editing.context,
    )
}

/// The record with what stands in the fields.
fn shown(editing: &Editing) -> Record {
    Record {
        target: editing.target.clone(),
        ..editing.record.clone()
    }
}

fn at(notes: &[Note], path: &str) -> Vec<Note> {
    notes
        .iter()
        .filter(|note| note.path == path)
        .cloned()
        .collect()
}

fn comments_at(comments: &[Comment], path: &str) -> Vec<Comment> {
    let here = |comment: &&Comment| comment.field == path;
    comments.iter().filter(here).cloned().collect()
}

/// Comments on the table as a whole, or on rows that are gone.
fn orphans(editing: &Editing) -> Vec<Comment> {
    let content = editing.target.content();
    let homeless = |comment: &&Comment| {
        comment.field == "indicators" || content.find(&comment.field).is_none()
    };
    editing.comments.iter().filter(homeless).cloned().collect()
}

fn row_view(place: usize, row: &Row, notes: &[Note], comments: &[Comment]) -> RowView {
    let path = format!("indicators/{}", row.key);
    let is_own = |field: &str| {
        field == path
            || field
                .strip_prefix(&path)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let notes: Vec<Note> = notes
        .iter()
        .filter(|note| is_own(&note.path))
        .cloned()
        .collect();
    let bad = notes.iter().filter(|note| note.class == "error");
    RowView {
        place,
        row: row.clone(),
        bad: bad
            .filter_map(|note| note.path.rsplit('/').next())
            .map(str::to_owned)
            .collect(),
        comments: comments
            .iter()
            .filter(|comment| is_own(&comment.field))
            .cloned()
            .collect(),
        notes,
        hints: Vec::new(),
    }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    saved: Option<String>,
}

/// What opening the form finds.
enum Opened {
    Form(Box<Editing>),
    /// What this person typed earlier meets a newer version.
    Conflict(Box<Conflict>),
}

/// `GET /targets/{id}/edit`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Error> {
    let (now, since) = (now_text(), text_after(-draft::PRESENT_SECONDS));
    let opened = app
        .db
        .write(move |tx| open(tx, &person, &id, (&now, &since)))
        .await?;
    match opened {
        Opened::Conflict(conflict) => conflict::page(frame.shell, *conflict),
        Opened::Form(mut editing) => {
            if editing.said.is_none() && chosen.saved.is_some() {
                editing.said = Some(Said {
                    is_good: true,
                    sentence: "已保存。送审前可以继续修改。".to_owned(),
                });
            }
            page(frame.shell, *editing, StatusCode::OK)
        }
    }
}

fn open(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    (now, since): (&str, &str),
) -> Result<Opened, Stop> {
    let record = demanded(tx, &person.actor, Action::Fill, id)?;
    let pack = super::demand_edit(tx, &person.actor, &record, now)?;
    let desk = draft::desk(&record, person);
    drafts::be_present(tx, desk, now)?;
    let (mut target, mut said) = (record.target.clone(), None);
    if let Some(draft) = drafts::find(tx, desk)? {
        let typed = Target::of(&super::parsed(&draft.body)?).fitted(record.form);
        let base = versions::at(tx, &record, draft.version)?;
        if base.as_ref() != Some(&record.target.content()) {
            let form = record.form;
            let conflict = (record, base, draft.version);
            let conflict =
                Conflict::new(tx, conflict, tidied(&typed).settled(form), BTreeMap::new())?;
            return Ok(Opened::Conflict(Box::new(conflict)));
        }
        if typed != target {
            target = typed;
            said = Some(Said {
                is_good: false,
                sentence: format!(
                    "这里是您 {} 录入、还没有保存的内容。核对后请保存。",
                    words::moment(&draft.saved_at)
                ),
            });
        }
    }
    Ok(Opened::Form(Box::new(Editing {
        version: record.version,
        comments: comment::all(tx, KIND, id)?,
        others: drafts::others(tx, desk, since)?,
        problems: Vec::new(),
        is_unsaved: said.is_some(),
        pack,
        context: past::full_context(tx, pack, &record, &target)?,
        said,
        moved: None,
        record,
        target,
    })))
}
