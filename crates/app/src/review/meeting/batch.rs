//! Many targets of a meeting judged alike: chosen, looked through again, and confirmed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use db::Tx;
use web::{Error, Shell};

use super::demanded;
use crate::review::act::{self, Order};
use crate::review::grade::Live;
use crate::review::store::agenda::{self, Item};
use crate::review::store::session::Session;
use crate::review::typed::{self, FormRow, Typed};
use crate::review::{Stop, grade};
use crate::serve::{App, Frame, Person, SignedPairs, now_text};

/// Most targets that are judged at once.
///
/// House rule: as the review desk; what is more is judged in several goes.
const MOST_AT_ONCE: usize = 100;

/// A chosen target, and whether it can be judged with the others.
struct Line {
    item: Item,
    is_key: bool,
}

#[derive(Template)]
#[template(path = "review/meeting/batch.html")]
struct BatchPage {
    shell: Shell,
    session: Session,
    lines: Vec<Line>,
    rules: domain::rulepack::TargetReview,
    typed: Typed,
    live: Live,
    key: String,
    problems: Vec<String>,
}

impl BatchPage {
    fn rows(&self) -> Vec<FormRow> {
        self.typed.rows(&self.rules)
    }

    /// Where the grade of the form is asked: it is the same for all of them.
    fn grading(&self) -> String {
        let ordinary = self.lines.iter().find(|line| !line.is_key);
        let target = ordinary.map_or("", |line| &line.item.target_id);
        format!("/joint-reviews/{}/targets/{target}/grade", self.session.id)
    }

    fn keys(&self) -> usize {
        self.lines.iter().filter(|line| line.is_key).count()
    }
}

/// The chosen targets that still wait, in the agenda's order.
fn chosen(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    ids: &[String],
    now: &str,
) -> Result<(Session, Vec<Line>, &'static domain::rulepack::RulePack), Stop> {
    let session = demanded(tx, person, id)?;
    if !session.is_open() {
        return Err(Stop::unfit("会审没有在进行：请先开始会审，再批量审定。"));
    }
    let mut lines = Vec::new();
    let mut pack = domain::rulepack::of_region(&session.region);
    for item in agenda::all(tx, id)? {
        if item.waits() && ids.contains(&item.target_id) {
            let (own, is_key) = grade::rules(tx, &item.target_id, now)?;
            pack = own;
            lines.push(Line { item, is_key });
        }
    }
    match lines.len() {
        0 => Err(Stop::unfit("没有勾选待审的目标：请返回议程勾选。")),
        many if many > MOST_AT_ONCE => Err(Stop::unfit(format!(
            "一次最多批量审定 {MOST_AT_ONCE} 项，请分几次勾选。"
        ))),
        _ => Ok((session, lines, pack)),
    }
}

/// `POST /joint-reviews/{id}/batch`: the chosen targets with one form, before anything is done.
pub(super) async fn show(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&["id"])?;
    let ids: Vec<String> = form.all("id").map(str::to_owned).collect();
    let now = now_text();
    let (session, lines, pack) = app
        .db
        .read(move |tx| chosen(tx, &person, &id, &ids, &now))
        .await?;
    let typed = Typed::blank(&pack.target_review, false);
    page(frame.shell, session, lines, (pack, typed), Vec::new())
}

fn page(
    shell: Shell,
    session: Session,
    lines: Vec<Line>,
    (pack, typed): (&domain::rulepack::RulePack, Typed),
    problems: Vec<String>,
) -> Result<Response, Error> {
    web::page(&BatchPage {
        shell: shell.at("/joint-reviews"),
        session,
        lines,
        live: Live::of(pack, &typed.answers),
        rules: pack.target_review.clone(),
        typed,
        key: web::token::secret()?.chars().take(24).collect(),
        problems,
    })
}

/// What came of one target.
struct Outcome {
    target: String,
    title: String,
    is_done: bool,
    text: String,
}

#[derive(Template)]
#[template(path = "review/meeting/decided.html")]
struct DecidedPage {
    shell: Shell,
    session: Session,
    outcomes: Vec<Outcome>,
    done: usize,
}

/// `POST /joint-reviews/{id}/decisions`: each target in a transaction of its own, so that one that
/// is refused stops no other; each has its own form and history.
pub(super) async fn decide(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    form: SignedPairs,
) -> Result<Response, Error> {
    form.only(&typed::names(&["key", "do", "id"]))?;
    let is_return = match form.one("do") {
        "grade" => false,
        "return" => true,
        _ => return Err(Error::Unreadable),
    };
    let ids: Vec<String> = form.all("id").map(str::to_owned).collect();
    let (key, now) = (typed::key(&form)?, now_text());
    let (who, wanted, at) = (person.clone(), id.clone(), now.clone());
    let (session, lines, pack) = app
        .db
        .read(move |tx| chosen(tx, &who, &wanted, &ids, &at))
        .await?;
    let typed = typed::read(&form, &pack.target_review, false)?;
    let problems = problems(pack, &typed, is_return);
    if !problems.is_empty() {
        return page(frame.shell, session, lines, (pack, typed), problems);
    }
    let mut outcomes = Vec::new();
    for line in lines {
        let title = line.item.name.clone();
        let target = line.item.target_id.clone();
        let came = one(&app, &person, &id, (line, is_return), (&typed, &key, &now)).await?;
        outcomes.push(Outcome {
            target,
            title,
            is_done: came.is_ok(),
            text: came.unwrap_or_else(|why| why),
        });
    }
    web::page(&DecidedPage {
        shell: frame.shell.at("/joint-reviews"),
        session,
        done: outcomes.iter().filter(|outcome| outcome.is_done).count(),
        outcomes,
    })
}

/// What is wrong with the form for all of them.
fn problems(pack: &domain::rulepack::RulePack, typed: &Typed, is_return: bool) -> Vec<String> {
    if !typed.problems.is_empty() {
        return typed.problems.clone();
    }
    if is_return {
        let sentence = "请在「总体意见」里写明退回的原因和要求，每个单位都会收到。";
        let is_missing = typed.opinion.is_empty();
        return is_missing
            .then(|| sentence.to_owned())
            .into_iter()
            .collect();
    }
    match domain::review::graded(pack, &typed.answers) {
        Err(open) => vec![format!("{open}。")],
        Ok(_) => Vec::new(),
    }
}

/// One target of the batch: what came of it, or why nothing did.
async fn one(
    app: &App,
    person: &Person,
    session: &str,
    (line, is_return): (Line, bool),
    (typed, key, now): (&Typed, &str, &str),
) -> Result<Result<String, String>, Error> {
    if line.is_key && !is_return {
        let why = "重点项目要逐项打分，请单独审定。";
        return Ok(Err(why.to_owned()));
    }
    let (person, session, typed) = (person.clone(), session.to_owned(), typed.clone());
    let (batch, now) = (key.to_owned(), now.to_owned());
    let key = format!("{key}-{}", line.item.position);
    let version = u64::try_from(line.item.version).unwrap_or_default();
    let target = line.item.target_id;
    let done = app
        .db
        .write(move |tx| {
            let order = Order {
                target: &target,
                version,
                key: &key,
                session: Some(&session),
                batch: Some(&batch),
                typed: &typed,
            };
            if is_return {
                act::give_back(tx, &person, &order, &now)?;
                return Ok("已退回".to_owned());
            }
            let grade = act::conclude(tx, &person, &order, &now)?;
            Ok(super::agenda::decision(&grade))
        })
        .await;
    match done {
        Ok(text) => Ok(Ok(text)),
        Err(Stop::Unfit(why)) => Ok(Err(why.join("；"))),
        Err(stop) => Err(stop.into()),
    }
}
