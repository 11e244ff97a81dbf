//! What a reviewer does with a target, each in one transaction: write the form, conclude the step
//! with the grade that it comes to, or give the target back.

use db::Tx;
use domain::permission::{Action, Actor, decide};
use domain::review::{Graded, asks_corrections, follows, graded, is_key};
use domain::rulepack::TargetReview;
use domain::workflow::{
    Command, Condition, Order as Commanded, RecordKind, Refusal, ReturnTo, Verb, offers,
};
use serde_json::json;

use super::store::agenda::{self, Finish};
use super::store::form::{self as store, Form, Item};
use super::typed::Typed;
use super::{KIND, Stop};
use crate::audit::{self, Change};
use crate::serve::Person;
use crate::workflow::store::desk;
use crate::workflow::{self, Read};

const TARGET: RecordKind = RecordKind::PerformanceTarget;

/// What the reviewer can do with the target now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// The last step: the form's grade concludes it.
    Grade,
    /// A step before the last: it goes on without a grade.
    Pass,
    /// Somebody else decides; an opinion stands beside theirs.
    Opinion(String),
    /// Nothing, and why.
    Nothing(String),
}

/// What the actor can do with the target as it stands; `takes_part` in a meeting that is open.
pub(super) fn turn(read: &Read, actor: &Actor, takes_part: bool) -> Turn {
    let standing = &read.standing;
    let offers = offers(TARGET, standing, actor);
    let approve = offers.into_iter().find(|offer| offer.verb == Verb::Approve);
    let is_step = TARGET.machine().is_review_step(standing.state);
    let Some(approve) = approve.filter(|_| is_step) else {
        let state = TARGET.machine().label(standing.state);
        return Turn::Nothing(format!("这份目标现在是「{state}」，不在审核环节。"));
    };
    let why = match approve.answer {
        Ok(asked) if asked.outcomes.is_empty() => return Turn::Pass,
        Ok(_) | Err(Refusal::NotGraded | Refusal::CorrectionsMissing) => return Turn::Grade,
        Err(refusal) => refusal,
    };
    let may_review = decide(actor, Action::Review, &standing.subject).is_allowed();
    let is_own = standing.fillers.contains(&actor.id) || why == Refusal::FilledByYou;
    if (may_review || takes_part) && !is_own && standing.lock.is_none() {
        Turn::Opinion(why.to_string())
    } else {
        Turn::Nothing(why.to_string())
    }
}

/// Whether the actor may give the target back now.
pub(super) fn may_return(read: &Read, actor: &Actor) -> bool {
    let is_step = TARGET.machine().is_review_step(read.standing.state);
    let mut offers = offers(TARGET, &read.standing, actor).into_iter();
    is_step && offers.any(|offer| offer.verb == Verb::Return && offer.answer.is_ok())
}

/// Whether the target is a key project by the rules.
pub(super) fn is_key_project(read: &Read) -> bool {
    is_key(&read.pack.target_review, read.facts.amount_fen)
}

/// What a reviewer orders.
#[derive(Clone)]
pub(super) struct Order<'a> {
    pub(super) target: &'a str,
    /// The version of the target that the reviewer saw.
    pub(super) version: u64,
    pub(super) key: &'a str,
    /// The open meeting in which it is done.
    pub(super) session: Option<&'a str>,
    /// The batch that it is part of.
    pub(super) batch: Option<&'a str>,
    pub(super) typed: &'a Typed,
}

/// Writes the form without deciding: an opinion, or what is to be decided later.
///
/// # Errors
/// A row is open, it is not the person's to review, somebody changed the target, or the database
/// fails.
pub(super) fn keep(
    tx: &mut Tx<'_>,
    person: &Person,
    order: &Order<'_>,
    now: &str,
) -> Result<Graded, Stop> {
    let read = workflow::read(tx, TARGET, order.target, now)?;
    if let Turn::Nothing(why) = turn(&read, &person.actor, order.session.is_some()) {
        return Err(Stop::unfit(why));
    }
    demand_version(&read, order.version)?;
    let graded = write(tx, &read, person, order, false, now)?;
    tell(tx, &read, person, order, &graded, now)?;
    Ok(graded)
}

/// Writes the form and concludes the step with it. 中 is given back and 差 is refused in the same
/// transaction; the grade is told.
///
/// # Errors
/// As [`keep`], or the workflow refuses it.
pub(super) fn conclude(
    tx: &mut Tx<'_>,
    person: &Person,
    order: &Order<'_>,
    now: &str,
) -> Result<String, Stop> {
    if came_before(tx, person, order)? {
        return Ok(String::new());
    }
    let read = workflow::read(tx, TARGET, order.target, now)?;
    match turn(&read, &person.actor, order.session.is_some()) {
        Turn::Grade => {}
        Turn::Pass => return pass(tx, &read, person, order, now),
        Turn::Opinion(why) | Turn::Nothing(why) => return Err(Stop::unfit(why)),
    }
    demand_version(&read, order.version)?;
    let graded = write(tx, &read, person, order, true, now)?;
    let grade = graded.grade.as_str();
    let typed = order.typed;
    if asks_corrections(grade) && typed.corrections.is_empty() {
        return Err(Stop::unfit(Refusal::CorrectionsMissing.to_string()));
    }
    if follows(grade).is_some() && typed.opinion.is_empty() {
        return Err(Stop::unfit(format!(
            "评定为{grade}：请在「总体意见」里写明原因和要求，单位会收到，再审定。"
        )));
    }
    finish(tx, person, order, Some(grade), now)?;
    tell(tx, &read, person, order, &graded, now)?;
    let approve = command(
        order,
        Commanded::Plain(Verb::Approve),
        comment(typed),
        Some(grade),
    );
    run(tx, person, order, &approve, now)?;
    let next = match follows(grade) {
        Some(Verb::Return) => Commanded::Return(ReturnTo::Filler),
        Some(verb) => Commanded::Plain(verb),
        None => return Ok(graded.grade),
    };
    let next = Command {
        version: order.version.saturating_add(1),
        key: format!("{}-next", order.key),
        ..command(order, next, typed.opinion.clone(), None)
    };
    run(tx, person, order, &next, now)?;
    Ok(graded.grade)
}

/// Whether this very form came before and was carried out.
fn came_before(tx: &mut Tx<'_>, person: &Person, order: &Order<'_>) -> Result<bool, Stop> {
    match desk::find_answer(tx, &person.actor.id, order.key)? {
        Some(found) if found.record.1 == order.target => Ok(true),
        Some(_) => Err(Stop::unfit(Refusal::KeyReused.to_string())),
        None => Ok(false),
    }
}

/// Passes a step before the last on, with the form where one is filled.
fn pass(
    tx: &mut Tx<'_>,
    read: &Read,
    person: &Person,
    order: &Order<'_>,
    now: &str,
) -> Result<String, Stop> {
    demand_version(read, order.version)?;
    if !order.typed.answers.is_empty() {
        let graded = write(tx, read, person, order, false, now)?;
        tell(tx, read, person, order, &graded, now)?;
    }
    let opinion = order.typed.opinion.clone();
    let approve = command(order, Commanded::Plain(Verb::Approve), opinion, None);
    run(tx, person, order, &approve, now)?;
    Ok(String::new())
}

/// Gives the target back to whoever filled it, with the opinion.
///
/// # Errors
/// There is no opinion, the workflow refuses it, or the database fails.
pub(super) fn give_back(
    tx: &mut Tx<'_>,
    person: &Person,
    order: &Order<'_>,
    now: &str,
) -> Result<(), Stop> {
    if came_before(tx, person, order)? {
        return Ok(());
    }
    if order.typed.opinion.is_empty() {
        return Err(Stop::unfit(
            "请在「总体意见」里写明退回的原因和要求，单位按它修改。",
        ));
    }
    finish(tx, person, order, None, now)?;
    let to = Commanded::Return(ReturnTo::Filler);
    let back = command(order, to, order.typed.opinion.clone(), None);
    run(tx, person, order, &back, now)
}

/// Whether the actor may take back what an open meeting decided of the target.
pub(super) fn may_take_back(read: &Read, actor: &Actor) -> bool {
    let is_fresh = read.standing.case.holds.contains(&Condition::DecisionFresh);
    let mut offers = offers(TARGET, &read.standing, actor).into_iter();
    is_fresh && offers.any(|offer| offer.verb == Verb::Withdraw && offer.answer.is_ok())
}

/// Takes back what an open meeting decided of the target, which has this version.
///
/// # Errors
/// The meeting is over, somebody acted on the target since, or the database fails.
pub(super) fn take_back(
    tx: &mut Tx<'_>,
    person: &Person,
    (target, version): (&str, u64),
    now: &str,
) -> Result<(), Stop> {
    let command = Command {
        order: Commanded::Plain(Verb::Withdraw),
        comment: String::new(),
        outcome: None,
        version,
        // Taken back twice at one version is taken back once.
        key: format!("undo-{target}-{version}"),
    };
    workflow::run(tx, TARGET, target, &command, &person.actor, now)?;
    Ok(())
}

fn demand_version(read: &Read, seen: u64) -> Result<(), Stop> {
    let current = read.standing.version;
    if seen == current {
        return Ok(());
    }
    Err(Stop::unfit(Refusal::Stale { seen, current }.to_string()))
}

/// The opinion, and what was agreed with the unit.
fn comment(typed: &Typed) -> String {
    match (&*typed.opinion, &*typed.corrections) {
        (opinion, "") => opinion.to_owned(),
        ("", corrections) => format!("商定的修改意见：{corrections}"),
        (opinion, corrections) => format!("{opinion}\n商定的修改意见：{corrections}"),
    }
}

fn command(
    order: &Order<'_>,
    commanded: Commanded,
    comment: String,
    outcome: Option<&str>,
) -> Command {
    Command {
        order: commanded,
        comment,
        outcome: outcome.map(str::to_owned),
        version: order.version,
        key: order.key.to_owned(),
    }
}

fn run(
    tx: &mut Tx<'_>,
    person: &Person,
    order: &Order<'_>,
    command: &Command,
    now: &str,
) -> Result<(), Stop> {
    let record = (TARGET, order.target);
    workflow::run_in_batch(tx, record, command, &person.actor, now, order.batch)?;
    Ok(())
}

/// Notes in the meeting's agenda what became of the target.
fn finish(
    tx: &mut Tx<'_>,
    person: &Person,
    order: &Order<'_>,
    grade: Option<&str>,
    now: &str,
) -> Result<(), Stop> {
    let Some(session) = order.session else {
        return Ok(());
    };
    let finish = Finish {
        session,
        target: order.target,
        grade,
        opinion: &comment(order.typed),
        by: &person.account,
        at: now,
    };
    if agenda::finish(tx, &finish)? {
        return Ok(());
    }
    Err(Stop::unfit(
        "这份目标已经办过，或已不在本次会审的议程里，请刷新页面。",
    ))
}

/// Writes the form; an open row is told.
fn write(
    tx: &mut Tx<'_>,
    read: &Read,
    person: &Person,
    order: &Order<'_>,
    is_decisive: bool,
    now: &str,
) -> Result<Graded, Stop> {
    let typed = order.typed;
    if !typed.problems.is_empty() {
        return Err(Stop::Unfit(typed.problems.clone()));
    }
    let graded =
        graded(read.pack, &typed.answers).map_err(|open| Stop::unfit(format!("{open}。")))?;
    let (round, step) = (store::round(tx, order.target)?, read.standing.state.name());
    let form = Form {
        id: store::id_of(order.target, round, step, &person.account),
        target_id: order.target.to_owned(),
        round,
        step: step.to_owned(),
        reviewer_id: person.account.clone(),
        reviewer: person.name.clone(),
        section: String::new(),
        session_id: order.session.map(str::to_owned),
        is_scored: is_key_project(read),
        grade: graded.grade.clone(),
        score: graded.score,
        reason: graded.reason.clone(),
        opinion: typed.opinion.clone(),
        corrections: typed.corrections.clone(),
        is_decisive,
        rule_pack: format!("{}@{}", read.pack.id, read.pack.version),
        written_at: now.to_owned(),
        items: items(&read.pack.target_review, typed),
    };
    store::save(tx, &read.facts.region_code, &form)?;
    Ok(graded)
}

fn items(rules: &TargetReview, typed: &Typed) -> Vec<Item> {
    use domain::review::Answers;
    let rows = rules.items.iter().enumerate();
    rows.map(|(place, item)| Item {
        aspect: item.aspect.to_string(),
        name: item.name.to_string(),
        points: item.points.to_string(),
        mark: typed.mark(place),
        scored: match &typed.answers {
            Answers::Points(points) => points.get(place).copied().flatten(),
            Answers::Marks(_) => None,
        },
        full: item.full(),
    })
    .collect()
}

/// The event of a form that was written.
fn tell(
    tx: &mut Tx<'_>,
    read: &Read,
    person: &Person,
    order: &Order<'_>,
    graded: &Graded,
    now: &str,
) -> Result<(), Stop> {
    let after = json!({
        "grade": graded.grade,
        "reason": graded.reason,
        "comment": comment(order.typed),
        "session": order.session,
    });
    let change = Change {
        actor: &person.login,
        action: "target_reviewed",
        record: (KIND, order.target),
        before: None,
        after: Some(&after),
    };
    Ok(audit::append(tx, &read.facts.region_code, now, &change)?)
}
