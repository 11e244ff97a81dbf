//! The one screen of a target under review: what it says, what changed, its money, last year's
//! results, advice, the opinions of others, the form and the decision.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use db::Tx;
use domain::content::Piece;
use domain::finding::Finding;
use domain::permission::Actor;
use domain::review::rule;
use domain::rulepack::RulePack;
use domain::workflow::RecordKind;
use web::{Error, Shell};

use super::Stop;
use super::act::{self, Turn};
use super::grade::Live;
use super::store::form::{self, Form};
use super::store::last::{self, Evaluated, Money, Reached};
use super::typed::{FormRow, Typed};
use crate::target::compare::{Comparison, Row as Compared, Table};
use crate::target::{self, Beside};
use crate::workflow::{self, Read};

/// Everything about the target that the page shows.
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) beside: Beside,
    pub(super) money: Money,
    pub(super) last: Option<Evaluated>,
    /// Forms of the round, and of rounds before it.
    pub(super) opinions: Vec<Form>,
    pub(super) earlier: Vec<Form>,
    pub(super) turn: Turn,
    pub(super) may_return: bool,
    pub(super) may_take_back: bool,
    pub(super) version: u64,
    pub(super) state: &'static str,
    pub(super) pack: &'static RulePack,
    pub(super) is_key: bool,
    pub(super) typed: Typed,
    /// Whose form the answers were taken from, where they are not the person's own.
    pub(super) begun_by: Option<String>,
    pub(super) findings: Vec<Finding>,
}

impl Shown {
    /// The rows of the form.
    fn rows(&self) -> Vec<FormRow> {
        self.typed.rows(&self.pack.target_review)
    }

    /// How the grade follows from them.
    fn rule(&self) -> String {
        rule(self.pack, self.is_key)
    }
}

/// Where the target stands in a meeting.
pub(super) struct Place {
    pub(super) session: String,
    pub(super) topic: String,
    pub(super) is_open: bool,
    /// From 1.
    pub(super) number: usize,
    pub(super) count: usize,
    pub(super) dealt: usize,
    pub(super) skipped: usize,
    pub(super) before: Option<String>,
    pub(super) after: Option<String>,
    /// What was decided of it already.
    pub(super) decision: Option<String>,
    /// What was decided before this page, and can be taken back.
    pub(super) last: Option<Undo>,
}

/// A decision that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Undo {
    pub(super) target: String,
    pub(super) version: u64,
    /// 农村饮水：优，通过
    pub(super) said: String,
}

/// What the address chooses to see.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct View {
    /// `last` beside last year's, `return` beside the last return; the usual one where empty.
    pub(super) with: String,
    /// `1` shows only what changed.
    pub(super) only: String,
    /// What was done before this page.
    pub(super) done: String,
    /// The target that it was done to.
    pub(super) last: String,
}

#[derive(Template)]
#[template(path = "review/screen.html")]
struct Page {
    shell: Shell,
    shown: Shown,
    place: Option<Place>,
    view: View,
    live: Live,
    key: String,
    problems: Vec<String>,
}

/// Reads everything about the target; `typed` where a form came back.
///
/// # Errors
/// There is no such target, or the database fails.
pub(super) fn read(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: &str,
    (takes_part, typed): (bool, Option<Typed>),
    now: &str,
) -> Result<Shown, Stop> {
    let read = workflow::read(tx, RecordKind::PerformanceTarget, id, now)?;
    let (object, year) = (read.facts.object_id.clone(), read.facts.year);
    let object = object.unwrap_or_default();
    let last_year = last::target_of(tx, &object, year.saturating_sub(1))?;
    let beside = target::beside(tx, id, last_year.as_deref(), read.pack)?;
    let beside = beside.ok_or(Stop::Told(Error::NotFound))?;
    let forms = form::of_target(tx, id)?;
    let round = form::round(tx, id)?;
    let (opinions, earlier): (Vec<Form>, Vec<Form>) =
        forms.into_iter().partition(|form| form.round == round);
    let is_key = act::is_key_project(&read);
    let (typed, begun_by) = match typed {
        Some(typed) => (typed, None),
        None => begin(&read, actor, &opinions, is_key),
    };
    Ok(Shown {
        id: id.to_owned(),
        beside,
        money: last::money(tx, &object, year)?,
        last: last::evaluated(tx, &object, year.saturating_sub(1))?,
        turn: act::turn(&read, actor, takes_part),
        may_return: act::may_return(&read, actor),
        may_take_back: act::may_take_back(&read, actor),
        version: read.standing.version,
        state: read.kind.machine().label(read.standing.state),
        findings: target::form_findings(tx, read.pack, read.kind, id)?,
        pack: read.pack,
        opinions,
        earlier,
        is_key,
        typed,
        begun_by,
    })
}

/// The form to begin with: the person's own of this step, else the newest of the steps before.
///
/// House rule: whoever decides begins with what the section found and changes what they see
/// otherwise, because most targets are judged alike at both steps.
fn begin(read: &Read, actor: &Actor, opinions: &[Form], is_key: bool) -> (Typed, Option<String>) {
    let rules = &read.pack.target_review;
    let state = read.standing.state.name();
    let fits = |form: &&Form| form.is_scored == is_key;
    let own = |form: &&Form| form.reviewer_id == actor.id.0 && form.step == state;
    if let Some(form) = opinions.iter().filter(fits).find(own) {
        return (Typed::of(form, rules, is_key), None);
    }
    let before = |form: &&Form| form.step != state && form.reviewer_id != actor.id.0;
    match opinions.iter().filter(fits).find(before) {
        Some(form) => {
            let typed = Typed {
                opinion: String::new(),
                ..Typed::of(form, rules, is_key)
            };
            let by = if form.section.is_empty() {
                form.reviewer.clone()
            } else {
                format!("{}{}", form.section, form.reviewer)
            };
            (typed, Some(by))
        }
        None => (Typed::blank(rules, is_key), None),
    }
}

/// The page as an answer; with `problems`, as one whose form was not taken.
///
/// # Errors
/// It cannot be printed.
pub(super) fn page(
    shell: Shell,
    shown: Shown,
    place: Option<Place>,
    view: View,
    problems: Vec<String>,
) -> Result<Response, Error> {
    let status = if problems.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let active = if place.is_some() {
        "/joint-reviews"
    } else {
        "/records"
    };
    let key: String = web::token::secret()?.chars().take(24).collect();
    let live = Live::of(shown.pack, &shown.typed.answers);
    let page = web::page(&Page {
        shell: shell.at(active),
        shown,
        place,
        view,
        live,
        key,
        problems,
    })?;
    Ok((status, page).into_response())
}

impl Page {
    /// Where the form is sent.
    fn action(&self) -> String {
        let year = self.shell.year;
        match &self.place {
            Some(place) => self.item(&place.session, &self.shown.id),
            None => format!("/targets/{}/review?year={year}", self.shown.id),
        }
    }

    /// The page of a target in the meeting.
    fn item(&self, session: &str, target: &str) -> String {
        let year = self.shell.year;
        format!("/joint-reviews/{session}/targets/{target}?year={year}")
    }

    /// This page with another view.
    fn with(&self, with: &str, only: &str) -> String {
        format!("{}&with={with}&only={only}", self.action())
    }

    /// What the target is compared with, where there is anything: the words, and the differences.
    fn comparison(&self) -> Option<(String, &Comparison)> {
        let beside = &self.shown.beside;
        let last = || {
            let words = format!("{} 年目标", beside.year - 1);
            beside.since_last_year.as_ref().map(|it| (words, it))
        };
        let back = || {
            let since = beside.since_return.as_ref();
            since.map(|(at, it)| (format!("{at}退回时"), it))
        };
        match &*self.view.with {
            "last" => last().or_else(back),
            _ => back().or_else(last),
        }
    }

    fn is_beside_last(&self) -> bool {
        let beside = &self.shown.beside;
        beside.since_return.is_none()
            || (self.view.with == "last" && beside.since_last_year.is_some())
    }

    fn only_changes(&self) -> bool {
        self.view.only == "1"
    }

    /// The indicator table with its differences, as far as it is to be shown.
    fn rows<'a>(&self, table: &'a Table) -> Vec<&'a Compared> {
        let rows = table.rows.iter();
        rows.filter(|row| !self.only_changes() || !row.mark.class().is_empty())
            .collect()
    }

    /// What last year's indicator of that name reached.
    fn reached(&self, name: &str) -> Option<&Reached> {
        let last = self.shown.last.as_ref()?;
        last.lines
            .iter()
            .find(|line| line.name.trim() == name.trim())
    }

    /// Advice and findings, as sentences with the field that they are about.
    fn hints(&self) -> Vec<(String, String)> {
        let field = |path: &str| match path.split('/').nth(1) {
            None if path == "goal" => "年度目标".to_owned(),
            None => "指标表".to_owned(),
            Some(key) => {
                let rows = &self.shown.beside.rows;
                let place = rows.iter().position(|row| row.key == key);
                place.map_or_else(|| "指标".to_owned(), |place| format!("第 {} 行", place + 1))
            }
        };
        let found = self.shown.findings.iter().map(|found| {
            let sentence = format!("{}（{}）", found.message, found.rule);
            (field(&found.r#where), sentence)
        });
        let advised = self.shown.beside.advice.iter().map(|advice| {
            let sentence = format!(
                "{}。{}（{}）",
                advice.message, advice.mend.sentence, advice.rule
            );
            (field(&advice.r#where), sentence)
        });
        found.chain(advised).collect()
    }

    fn can_write(&self) -> bool {
        let is_over = self.place.as_ref().is_some_and(|place| !place.is_open);
        !matches!(self.shown.turn, Turn::Nothing(_)) && !is_over
    }

    fn decides(&self) -> bool {
        self.can_write() && matches!(self.shown.turn, Turn::Grade | Turn::Pass)
    }

    /// What follows when a step was concluded with this grade and nothing more was done.
    fn why_nothing(&self) -> String {
        match (&self.shown.turn, &self.place) {
            (Turn::Nothing(why), _) => why.clone(),
            (_, Some(place)) if !place.is_open => "会审没有在进行，不能填写。".to_owned(),
            _ => String::new(),
        }
    }

    fn step_word(step: &str) -> &'static str {
        let kind = RecordKind::PerformanceTarget;
        kind.state(step)
            .map_or("", |state| kind.machine().label(state))
    }

    fn done_words(&self) -> &'static str {
        match &*self.view.done {
            "saved" => "意见已保存，其他审核人可以看到。",
            "graded" => "上一项已审定，接着审这一项。",
            "passed" => "已通过，转到下一环节。",
            "returned" => "上一项已退回单位，接着审这一项。",
            "withdrawn" => "已撤销议决，这一项重新审议；原来的评定还在审核表里。",
            "skipped" => "上一项已跳过，排在后面再议。",
            _ => "",
        }
    }
}
