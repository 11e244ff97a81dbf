//! 报送, 批复, 撤回, and what is not published: each moves every target of the package or none.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::workflow::{Command, Order, RecordKind, Verb};
use serde::Deserialize;
use serde_json::json;
use web::Error;

use super::compose::compose;
use crate::audit::{self, Change};
use crate::budget::store::gate;
use crate::budget::store::package::{self as store, Member, New, Package};
use crate::budget::{Stop, new_id};
use crate::permission::Refused;
use crate::serve::{App, Frame, Person, Signed, days_between, now_text};
use crate::workflow;

/// The kind of record in events.
const KIND: &str = "npc_package";

/// Targets that a refusal names before the rest is counted.
const MOST_NAMED: usize = 10;

const MOST_TITLE: usize = 120;
const MOST_REASON: usize = 500;
const MOST_DOCUMENT: usize = 100;

/// Whether the text is a day, not after `now`.
fn is_day(text: &str, now: &str) -> bool {
    let today = now.get(..10).unwrap_or(now);
    text.len() == 10 && days_between(text, today).is_some_and(|days| days >= 0)
}

fn told(sentence: impl Into<String>) -> Stop {
    Stop::Told(Error::Refused(sentence.into()))
}

/// Who acts, and when.
#[derive(Clone, Copy)]
struct Hand<'a> {
    person: &'a Person,
    now: &'a str,
}

/// Moves every target by the same command; all are tried, and when some are refused nothing moves
/// and each is named with its reason.
fn move_all<'a>(
    tx: &mut Tx<'_>,
    (verb, comment): (Verb, &str),
    key: &str,
    targets: impl Iterator<Item = (&'a str, i64)>,
    hand: Hand<'_>,
) -> Result<usize, Stop> {
    let mut refused = Vec::new();
    let mut moved = 0;
    for (target, version) in targets {
        let command = Command {
            key: format!("{key}/{target}"),
            comment: comment.to_owned(),
            outcome: None,
            version: u64::try_from(version).unwrap_or_default(),
            order: Order::Plain(verb),
        };
        let record = (RecordKind::PerformanceTarget, target);
        let actor = &hand.person.actor;
        match workflow::run_in_batch(tx, record, &command, actor, hand.now, Some(key)) {
            Ok(_) => moved += 1,
            Err(workflow::Error::Refused(refusal)) => {
                let kind = RecordKind::PerformanceTarget;
                let read = workflow::read(tx, kind, target, hand.now);
                let name = read.map_or_else(|_| target.to_owned(), |read| read.facts.title);
                refused.push(format!("{name}：{refusal}"));
            }
            Err(workflow::Error::Database(error)) => return Err(error.into()),
        }
    }
    if refused.is_empty() {
        return Ok(moved);
    }
    let named: Vec<&str> = refused
        .iter()
        .take(MOST_NAMED)
        .map(String::as_str)
        .collect();
    Err(told(format!(
        "有 {} 份目标不能办理，什么都没有变动：{}{}",
        refused.len(),
        named.join("；"),
        if refused.len() > MOST_NAMED {
            "等。"
        } else {
            ""
        }
    )))
}

fn tell(
    tx: &mut Tx<'_>,
    (region, id): (&str, &str),
    action: &'static str,
    after: &serde_json::Value,
    hand: Hand<'_>,
) -> Result<(), Stop> {
    let change = Change {
        actor: &hand.person.login,
        action,
        record: (KIND, id),
        before: None,
        after: Some(after),
    };
    Ok(audit::append(tx, region, hand.now, &change)?)
}

fn back(id: &str, year: i64, done: &str) -> Response {
    let address = web::query::Query::new()
        .with("year", year.to_string())
        .with("done", done)
        .at(&format!("/npc-packages/{id}"));
    Redirect::to(&address).into_response()
}

/// The form of a submission.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Submission {
    title: String,
    day: String,
    /// The digest of what the page showed.
    digest: String,
    /// That the person knows what is missing.
    #[serde(default)]
    agreed: String,
}

/// `POST /npc-packages/submission`: everything that the page showed, or nothing.
pub(super) async fn submit(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Signed(form): Signed<Submission>,
) -> Result<Response, Error> {
    let (region, year, now) = (frame.region_code, frame.shell.year, now_text());
    let title = form.title.trim().to_owned();
    if title.is_empty() || title.chars().count() > MOST_TITLE {
        let sentence = format!("请填写材料名称，{MOST_TITLE} 字以内。");
        return Err(Error::Refused(sentence));
    }
    if !is_day(&form.day, &now) {
        let sentence = "报送日期应是今天或以前的一天，请核对。";
        return Err(Error::Refused(sentence.to_owned()));
    }
    let id = new_id("n")?;
    let done = app
        .db
        .write(move |tx| {
            let hand = Hand {
                person: &person,
                now: &now,
            };
            submit_in(tx, (&region, year), (&id, &title), &form, hand)?;
            Ok::<_, Stop>(id.clone())
        })
        .await?;
    Ok(back(&done, year, "submitted"))
}

fn submit_in(
    tx: &mut Tx<'_>,
    (region, year): (&str, i64),
    (id, title): (&str, &str),
    form: &Submission,
    hand: Hand<'_>,
) -> Result<(), Stop> {
    let content = compose(tx, region, year)?;
    let text = content.to_text()?;
    let digest = web::token::digest(&text);
    if digest != form.digest {
        return Err(told(
            "打开页面之后，目标或预算又有变动，请返回“报人大”，核对新的清单后再报送。",
        ));
    }
    if content.entries().next().is_none() {
        return Err(told("还没有可以报送的绩效目标，请先把审定的目标纳入预算。"));
    }
    if content.open() > 0 && form.agreed.is_empty() {
        return Err(told(format!(
            "有 {} 个有预算的项目不在这次报送里，请看过清单并勾选“我已知道”后再报送。",
            content.open()
        )));
    }
    let new = New {
        id,
        region,
        year,
        title,
        submitted_on: &form.day,
        account: &hand.person.account,
        content: &text,
        digest: &digest,
    };
    store::insert(tx, &new)?;
    let targets = content.entries().map(|it| (&*it.target, it.version));
    let moved = move_all(tx, (Verb::Advance, ""), id, targets, hand)?;
    for entry in content.entries() {
        store::add(tx, (id, region), &entry.target)?;
    }
    let after = json!({"name": title, "fiscal_year": year, "targets": moved, "digest": digest});
    tell(tx, (region, id), "package_submitted", &after, hand)
}

/// The package, if it was submitted and the person saw it as it is.
fn submitted(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    version: i64,
) -> Result<(Package, Vec<Member>), Stop> {
    let package = store::find(tx, id, region)?.ok_or(Refused::NotFound)?;
    if package.state != "submitted" {
        return Err(Stop::Conflict(format!(
            "这份材料{}，不能再办理。",
            super::list::state(&package.state)
        )));
    }
    if package.version != version {
        let sentence = "这份材料刚刚有变动，请刷新页面，看过新的内容后再办理。";
        return Err(Stop::Conflict(sentence.to_owned()));
    }
    let members = store::members(tx, id)?;
    Ok((package, members))
}

/// The form of the congress's approval and the bureau's reply.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Approval {
    version: String,
    congress: String,
    reply: String,
    document: String,
    /// `date` or `approve`
    act: String,
}

/// `POST /npc-packages/{id}/approval`: the day of the congress's approval, or the whole 批复.
pub(super) async fn approve(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(form): Signed<Approval>,
) -> Result<Response, Error> {
    let version = form.version.parse().map_err(|_| Error::Unreadable)?;
    let (region, year, now) = (frame.region_code, frame.shell.year, now_text());
    if !is_day(&form.congress, &now) {
        let sentence = "请填写人大批准日期，应是今天或以前的一天。";
        return Err(Error::Refused(sentence.to_owned()));
    }
    let is_whole = match &*form.act {
        "approve" => true,
        "date" => false,
        _ => return Err(Error::Unreadable),
    };
    if is_whole {
        check_reply(&form, &now)?;
    }
    let key = id.clone();
    let write = move |tx: &mut Tx<'_>| {
        let hand = Hand {
            person: &person,
            now: &now,
        };
        let place = (&*key, &*region);
        if is_whole {
            approve_in(tx, place, version, &form, hand)
        } else {
            date_in(tx, place, version, &form.congress, hand)
        }
    };
    app.db.write(write).await?;
    let done = if is_whole { "approved" } else { "dated" };
    Ok(back(&id, year, done))
}

fn check_reply(form: &Approval, now: &str) -> Result<(), Error> {
    let document = form.document.trim();
    let sentence = if !is_day(&form.reply, now) {
        "请填写批复日期，应是今天或以前的一天。"
    } else if form.reply < form.congress {
        "批复日期早于人大批准日期，请核对两个日期。"
    } else if document.is_empty() || document.chars().count() > MOST_DOCUMENT {
        "请填写批复文号，100 字以内。"
    } else {
        return Ok(());
    };
    Err(Error::Refused(sentence.to_owned()))
}

fn date_in(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    version: i64,
    day: &str,
    hand: Hand<'_>,
) -> Result<(), Stop> {
    submitted(tx, (id, region), version)?;
    store::date(tx, (id, version), day)?;
    let after = json!({"congress_approved_on": day});
    tell(tx, (region, id), "package_dated", &after, hand)
}

fn approve_in(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    version: i64,
    form: &Approval,
    hand: Hand<'_>,
) -> Result<(), Stop> {
    let (package, members) = submitted(tx, (id, region), version)?;
    let document = form.document.trim();
    let targets = members.iter().map(|it| (&*it.target, it.version));
    let comment = format!("随{}年部门预算批复，{document}", package.year);
    let key = format!("{id}/approve");
    let moved = move_all(tx, (Verb::Approve, &comment), &key, targets, hand)?;
    let by = (&*hand.person.account, hand.now);
    for member in &members {
        store::date_target(tx, &member.target, &form.reply)?;
        gate::release_initial(tx, (&member.object, member.year), by)?;
    }
    let days = (&*form.congress, &*form.reply, document);
    store::approve(tx, (id, version), days)?;
    let after = json!({"name": package.title, "targets": moved, "document": document,
                       "congress_approved_on": form.congress, "approved_on": form.reply});
    tell(tx, (region, id), "package_approved", &after, hand)
}

/// The form of a withdrawal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Withdrawal {
    version: String,
    reason: String,
}

/// `POST /npc-packages/{id}/withdrawal`
pub(super) async fn withdraw(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(form): Signed<Withdrawal>,
) -> Result<Response, Error> {
    let version = form.version.parse().map_err(|_| Error::Unreadable)?;
    let (region, year, now) = (frame.region_code, frame.shell.year, now_text());
    let reason = form.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        let sentence = format!("请写明撤回原因，{MOST_REASON} 字以内。");
        return Err(Error::Refused(sentence));
    }
    let key = id.clone();
    let write = move |tx: &mut Tx<'_>| {
        let hand = Hand {
            person: &person,
            now: &now,
        };
        withdraw_in(tx, (&key, &region), version, &reason, hand)
    };
    app.db.write(write).await?;
    Ok(back(&id, year, "withdrawn"))
}

fn withdraw_in(
    tx: &mut Tx<'_>,
    (id, region): (&str, &str),
    version: i64,
    reason: &str,
    hand: Hand<'_>,
) -> Result<(), Stop> {
    let (package, members) = submitted(tx, (id, region), version)?;
    let targets = members.iter().map(|it| (&*it.target, it.version));
    let key = format!("{id}/withdraw");
    let moved = move_all(tx, (Verb::Withdraw, reason), &key, targets, hand)?;
    for member in &members {
        store::leave(tx, &member.target)?;
    }
    store::withdraw(tx, (id, version), reason)?;
    let after = json!({"name": package.title, "targets": moved, "reason": reason});
    tell(tx, (region, id), "package_withdrawn", &after, hand)
}

/// The form of what is not published.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exclusion {
    target: String,
    reason: String,
}

/// `POST /npc-packages/{id}/exclusions`
pub(super) async fn exclude(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(form): Signed<Exclusion>,
) -> Result<Response, Error> {
    let (region, year, now) = (frame.region_code, frame.shell.year, now_text());
    let reason = form.reason.trim().to_owned();
    if reason.chars().count() > MOST_REASON {
        let sentence = format!("不公开的理由最多 {MOST_REASON} 字，请缩短。");
        return Err(Error::Refused(sentence));
    }
    let key = id.clone();
    let write = move |tx: &mut Tx<'_>| {
        let package = store::find(tx, &key, &region)?.ok_or(Refused::NotFound)?;
        let members = store::members(tx, &key)?;
        let member = members.iter().find(|it| it.target == form.target);
        let member = member.ok_or(Refused::NotFound)?;
        if package.state == "withdrawn" {
            let sentence = "这份材料已撤回，不再设定公开范围。";
            return Err(Stop::Conflict(sentence.to_owned()));
        }
        store::exclude(tx, (&key, &member.target), &reason)?;
        let after = json!({"target": member.target, "reason": reason});
        let hand = Hand {
            person: &person,
            now: &now,
        };
        tell(tx, (&region, &key), "package_exclusion_set", &after, hand)
    };
    app.db.write(write).await?;
    Ok(back(&id, year, "excluded"))
}
