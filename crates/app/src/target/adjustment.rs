//! 目标调整: an approved target is followed by a new edition, with its reason and the change of the
//! budget behind it. The edition that was approved is kept and holds until the new one is approved,
//! so that whatever was opened with it goes on with what it says.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::finding::{Finding, Severity};
use domain::permission::{Action, Actor};
use domain::rulepack::AdjustmentRules;
use domain::workflow::{Command, Moved, Order, RecordKind, Verb};
use serde::Deserialize;
use serde_json::json;
use web::{Error, Shell};

use super::store::adjustment::{self as store, BudgetChange, Ground, Link, New};
use super::store::record::{self, Beginning, Edit, Record};
use super::{KIND, Stop, demanded, versions, words};
use crate::audit::{self, Change};
use crate::permission::Refused;
use crate::serve::{App, Frame, Person, Signed, now_text};
use crate::workflow;

const MOST_REASON: usize = 500;
const MOST_DOCUMENT: usize = 100;

/// An adjustment as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Typed {
    version: String,
    reason: String,
    document: String,
    /// The id of the change of the budget; empty for none.
    #[serde(default)]
    line: String,
}

#[derive(Template)]
#[template(path = "target/adjustment.html")]
struct AdjustmentPage {
    shell: Shell,
    record: Record,
    changes: Vec<BudgetChange>,
    window: AdjustmentRules,
    typed: Typed,
    findings: Vec<Finding>,
}

impl AdjustmentPage {
    fn finding(&self, place: &str) -> Option<&str> {
        let finding = self.findings.iter().find(|it| it.r#where == place);
        finding.map(|it| it.message.as_str())
    }

    fn place(finding: &Finding) -> &str {
        &finding.r#where
    }

    fn kind(change: &BudgetChange) -> &'static str {
        change.kind.map_or("", domain::budget::ChangeKind::label)
    }
}

/// What the page is made of.
struct Read {
    record: Record,
    changes: Vec<BudgetChange>,
    window: AdjustmentRules,
}

fn read(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<Read, Stop> {
    let record = demanded(tx, actor, Action::Submit, id)?;
    Ok(Read {
        changes: store::changes(tx, &record.object_id, record.year)?,
        window: workflow::place_pack(tx)?.budget.adjustment.clone(),
        record,
    })
}

fn page(shell: Shell, read: Read, typed: Typed, findings: Vec<Finding>) -> Result<Response, Error> {
    let status = if findings.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = web::page(&AdjustmentPage {
        shell: shell.at("/objects"),
        record: read.record,
        changes: read.changes,
        window: read.window,
        typed,
        findings,
    })?;
    Ok((status, page).into_response())
}

/// `GET /targets/{id}/adjustment`
pub(super) async fn form(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let actor = frame.actor;
    let read = app.db.read(move |tx| read(tx, &actor, &id)).await?;
    let typed = Typed {
        version: read.record.version.to_string(),
        ..Typed::default()
    };
    page(frame.shell, read, typed, Vec::new())
}

/// `POST /targets/{id}/adjustment`
pub(super) async fn open(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(id): Path<String>,
    Signed(typed): Signed<Typed>,
) -> Result<Response, Error> {
    let version: u64 = typed.version.parse().map_err(|_| Error::Unreadable)?;
    let secret = web::token::secret()?;
    let new = format!("t-{}", secret.get(..16).unwrap_or_default());
    let (now, form, old) = (now_text(), typed.clone(), id.clone());
    let begun = app
        .db
        .write(move |tx| open_in(tx, &person, (&old, version), (&new, &form), &now))
        .await?;
    match begun {
        Ok(new) => {
            Ok(Redirect::to(&format!("/targets/{new}?year={}", frame.shell.year)).into_response())
        }
        Err(findings) => {
            let actor = frame.actor;
            let read = app.db.read(move |tx| read(tx, &actor, &id)).await?;
            page(frame.shell, read, typed, findings)
        }
    }
}

/// The id of the edition that is to follow, or why there is none.
fn open_in(
    tx: &mut Tx<'_>,
    person: &Person,
    (id, version): (&str, u64),
    (new, typed): (&str, &Typed),
    now: &str,
) -> Result<Result<String, Vec<Finding>>, Stop> {
    let record = demanded(tx, &person.actor, Action::Submit, id)?;
    record::lock_object(tx, &record.object_id, &record.region_code)?;
    let changes = store::changes(tx, &record.object_id, record.year)?;
    let line = changes.iter().find(|change| change.id == typed.line);
    if line.is_none() && !typed.line.is_empty() {
        return Err(Refused::NotFound.into());
    }
    let pack = workflow::place_pack(tx)?;
    let (reason, document) = (typed.reason.trim(), typed.document.trim());
    let day = now.get(..10).unwrap_or(now);
    let linked = line.and_then(|line| line.kind);
    let mut found = domain::budget::adjustment(pack, (record.year, day), reason, document, linked);
    found.extend(too_long(reason, document));
    if found.iter().any(|it| it.severity == Severity::E) {
        return Ok(Err(found));
    }
    begin(tx, &record, (new, person), now)?;
    let ground = New {
        target: new,
        region: &record.region_code,
        predecessor: id,
        reason,
        document,
        line: line.map(|line| &*line.id),
    };
    store::open(tx, &ground, (&person.account, now))?;
    let command = Command {
        key: format!("{new}/adjust"),
        comment: reason.to_owned(),
        outcome: None,
        version,
        order: Order::Plain(Verb::Adjust),
    };
    let kind = RecordKind::PerformanceTarget;
    workflow::run(tx, kind, id, &command, &person.actor, now)?;
    workflow::refresh(tx, kind, new, now)?;
    let after = json!({"year": record.year, "object": record.object_id, "reason": reason,
                       "document": document});
    let change = Change {
        actor: &person.login,
        action: "target_adjustment_begun",
        record: (KIND, new),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, &record.region_code, now, &change)?;
    Ok(Ok(new.to_owned()))
}

fn too_long(reason: &str, document: &str) -> Vec<Finding> {
    let limits = [
        ("reason", reason, MOST_REASON),
        ("document", document, MOST_DOCUMENT),
    ];
    let long = limits
        .into_iter()
        .filter(|(_, text, most)| text.chars().count() > *most);
    long.map(|(place, _, most)| Finding {
        rule: "V16",
        severity: Severity::E,
        r#where: place.to_owned(),
        message: format!("最多 {most} 字，请缩短"),
        printed: None,
        computed: None,
    })
    .collect()
}

/// Begins the edition that is to follow with what the approved one says; rows keep their numbers.
fn begin(
    tx: &mut Tx<'_>,
    record: &Record,
    (new, person): (&str, &Person),
    now: &str,
) -> Result<(), Stop> {
    let editions = record::editions(tx, &record.object_id, record.year)?;
    let newest = editions.first().map_or(0, |(_, _, edition)| *edition);
    let mut target = record.target.clone();
    let last_row_key = target.number_rows(record.last_row_key);
    let origin = record::origin(tx, &record.id)?;
    let beginning = Beginning {
        id: new,
        region: &record.region_code,
        object: &record.object_id,
        year: record.year,
        edition: newest + 1,
        origin: &origin,
        target: &target,
        form: record.form,
        pack: &record.form_pack,
    };
    let edit = Edit {
        account: Some(&person.account),
        at: now,
        last_row_key,
    };
    record::begin(tx, &beginning, &edit)?;
    versions::begin(tx, &beginning, &edit)
}

/// After a move of a target: where the edition that was to follow is approved, the earlier one is
/// replaced; where it was dropped or refused, the earlier one stands as before.
///
/// # Errors
/// The engine refuses it, or the database fails.
pub(crate) fn settle_adjustment(
    tx: &mut Tx<'_>,
    id: &str,
    (moved, key): (&Moved, &str),
    actor: &Actor,
    now: &str,
) -> Result<(), workflow::Error> {
    let (state, verb) = match moved.state.name() {
        "approved" => ("approved", Verb::Replace),
        "cancelled" | "rejected" => ("dropped", Verb::Withdraw),
        _ => return Ok(()),
    };
    let Some((predecessor, version)) = store::find_open(tx, id)? else {
        return Ok(());
    };
    store::settle(tx, id, state, (&actor.id.0, now))?;
    let command = Command {
        key: format!("{key}/settle"),
        comment: String::new(),
        outcome: None,
        version: u64::try_from(version).unwrap_or_default(),
        order: Order::Plain(verb),
    };
    let kind = RecordKind::PerformanceTarget;
    workflow::run(tx, kind, &predecessor, &command, actor, now)?;
    Ok(())
}

/// What the chain of editions says of one.
pub(super) fn said(ground: &Ground) -> String {
    let mut parts = vec![ground.reason.clone()];
    if let Some((kind, amount, document)) = &ground.change {
        let amount = amount.wan().normalize();
        parts.push(format!("{} {amount} 万元 {document}", kind.label()));
    }
    if !ground.document.is_empty() {
        parts.push(ground.document.clone());
    }
    parts.push(format!(
        "{} {} 发起",
        ground.opener,
        words::full_moment(&ground.opened_at)
    ));
    parts.push(match (&*ground.state, &ground.settled) {
        ("open", _) | (_, None) => "还在办理".to_owned(),
        ("approved", Some((name, at))) => {
            format!("{name} {} 批复", words::full_moment(at))
        }
        (_, Some((name, at))) => format!("{name} {} 放弃", words::full_moment(at)),
    });
    parts.join("，")
}

/// The chain of editions of a record's object and year.
pub(super) fn chain(tx: &mut Tx<'_>, record: &Record) -> Result<Vec<Link>, db::Error> {
    store::chain(tx, &record.object_id, record.year)
}
