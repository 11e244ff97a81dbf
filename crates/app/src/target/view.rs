//! One target as it is read: what it says, what changed since it was last judged, the turns of its
//! way, and the reviewers' comments at the fields.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use domain::content::Piece;
use domain::number::Centi;
use domain::permission::{Action, Actor};
use domain::rulepack::target_form::{GOAL, INDICATORS, Source};
use domain::workflow::RecordKind;
use web::{Error, Shell};

use super::compare::{Cell, Comparison, compare};
use super::snapshot::{Why, last};
use super::store::comment::{self, Comment};
use super::store::record::Record;
use super::store::snapshot::{self as snapshots, Snapshot};
use super::{KIND, Stop, demanded, words};
use crate::permission::demand;
use crate::review;
use crate::serve::{App, Frame, now_text};

/// What the page is made of.
struct Read {
    record: Record,
    snapshots: Vec<Snapshot>,
    comments: Vec<Comment>,
    may_edit: bool,
    may_comment: bool,
    /// The forms with which it was graded, each with its day.
    forms: Vec<(String, String)>,
    /// Whether the person may begin the edition that follows it.
    may_adjust: bool,
    /// How many editions the year has.
    editions: usize,
}

#[derive(Template)]
#[template(path = "target/view.html")]
struct ViewPage {
    shell: Shell,
    read: Read,
    comparison: Comparison,
    /// What it is compared with: 批复, 退回 …; none where there is nothing to compare with.
    since: Option<Since>,
}

struct Since {
    word: &'static str,
    at: String,
    position: i64,
    is_approval: bool,
}

/// `GET /targets/{id}`
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let actor = frame.actor;
    let read = app.db.read(move |tx| read(tx, &actor, &id)).await?;
    let now = read.record.target.content();
    let judged = baseline(&read.snapshots);
    let (before, since) = match judged {
        Some(snapshot) => (
            super::parsed(&snapshot.body).map_err(Error::from)?,
            Some(Since {
                word: words::why(&snapshot.why),
                at: words::moment(&snapshot.made_at),
                position: snapshot.position,
                is_approval: snapshot.why == "approved",
            }),
        ),
        None => (now.clone(), None),
    };
    web::page(&ViewPage {
        shell: frame.shell.at("/objects"),
        comparison: compare(&before, &now),
        since,
        read,
    })
}

/// The last approval, or else the last return: what a reader compares with.
fn baseline(snapshots: &[Snapshot]) -> Option<&Snapshot> {
    last(snapshots, Why::Approved).or_else(|| last(snapshots, Why::Returned))
}

fn read(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Read, Stop> {
    let record = demanded(tx, actor, Action::View, id)?;
    Ok(Read {
        forms: review::decisive(tx, id)?,
        snapshots: snapshots::all(tx, KIND, id)?,
        comments: comment::all(tx, KIND, id)?,
        may_edit: super::may_edit(tx, actor, &record, &now_text())?.is_some(),
        may_comment: super::comment::may_comment(tx, actor, &record)?,
        may_adjust: record.state == "approved"
            && demand(tx, actor, Action::Submit, KIND, id).is_ok(),
        editions: super::adjustment::chain(tx, &record)?.len(),
        record,
    })
}

impl ViewPage {
    fn kind(&self) -> &'static str {
        words::object_kind(&self.read.record.object_kind)
    }

    fn state(&self) -> &'static str {
        words::state(RecordKind::PerformanceTarget, &self.read.record.state)
    }

    fn sum(&self) -> Centi {
        self.read.record.target.sum()
    }

    /// The form's own fields, without the goal.
    fn short_fields(&self) -> Vec<&Cell> {
        let fields = self.comparison.fields.iter();
        fields.filter(|field| field.path != GOAL).collect()
    }

    /// The fields that nobody types, where the page does not say them anyway.
    fn fixed(&self) -> Vec<(&str, String)> {
        let record = &self.read.record;
        let fields = record.form.fields();
        let told = [Source::Object, Source::Unit];
        let fixed = fields.filter_map(|field| field.from.map(|from| (field, from)));
        fixed
            .filter(|(_, from)| !told.contains(from))
            .map(|(field, from)| (&*field.label, record.known.printed(from)))
            .collect()
    }

    fn comments_at(&self, path: &str) -> Vec<&Comment> {
        let here = |comment: &&Comment| comment.field == path;
        self.read.comments.iter().filter(here).collect()
    }

    /// Comments at a row or one of its cells.
    fn comments_in(&self, row: &str) -> Vec<&Comment> {
        let here = |comment: &&Comment| {
            let rest = comment.field.strip_prefix(row);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.read.comments.iter().filter(here).collect()
    }

    /// Comments on what is no longer there.
    fn homeless(&self) -> Vec<&Comment> {
        let content = self.read.record.target.content();
        let gone = |comment: &&Comment| content.find(&comment.field).is_none();
        self.read.comments.iter().filter(gone).collect()
    }

    /// The words of the field that a comment is about: 指标值.
    fn field_word(&self, path: &str) -> String {
        let content = self.read.record.target.content();
        let words = content.labels(path);
        match path.split('/').count() {
            3 => words.last().copied().unwrap_or_default().to_owned(),
            _ => "整行".to_owned(),
        }
    }
}
