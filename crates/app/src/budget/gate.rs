//! 指标下达: what a line waits for, giving its money out, and deciding that there is none.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::budget::{Gate, Release, gate};
use domain::number::Fen;
use domain::permission::{Action, Actor, Subject};
use serde::Deserialize;
use serde_json::json;
use web::Error;

use super::Stop;
use super::store::gate::{self as store, Line, Typed};
use crate::audit::{self, Change};
use crate::permission::{Refused, demand, is_at_work};
use crate::serve::{App, Person, Signed, now_text};
use crate::workflow;

/// The kind of record in events.
const KIND: &str = "budget_line";

/// A line and what it waits for, if the actor may know of its project.
///
/// # Errors
/// There is none for the actor, or the database fails.
pub(crate) fn standing(tx: &mut Tx<'_>, actor: &Actor, id: &str) -> Result<(Line, Gate), Stop> {
    let line = store::find(tx, id)?.ok_or(Refused::NotFound)?;
    demand_at_work(tx, actor, &line.object_id)?;
    let gate = gate_of(tx, &line)?;
    Ok((line, gate))
}

/// The project, if the actor sees it at work: who reads what was released alone learns nothing of
/// what its money waits for.
///
/// # Errors
/// There is none for the actor, or the database fails.
pub(crate) fn demand_at_work(
    tx: &mut Tx<'_>,
    actor: &Actor,
    object: &str,
) -> Result<Subject, Refused> {
    let subject = demand(tx, actor, Action::View, "managed_object", object)?;
    if is_at_work(actor, &subject) {
        Ok(subject)
    } else {
        Err(Refused::NotFound)
    }
}

/// What the line waits for.
pub(crate) fn gate_of(tx: &mut Tx<'_>, line: &Line) -> Result<Gate, db::Error> {
    let pack = workflow::place_pack(tx)?;
    let (gated, target) = line.gated();
    Ok(gate(pack, &gated, target))
}

/// Who decides, and what they saw.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decision<'a> {
    pub(crate) person: &'a Person,
    /// The version of the line that was seen.
    pub(crate) version: i64,
    pub(crate) now: &'a str,
}

/// The line as it was seen, if the person may decide on it and it is not decided yet.
fn undecided(tx: &mut Tx<'_>, id: &str, decision: Decision<'_>) -> Result<(Line, Gate), Stop> {
    let (line, gate) = standing(tx, &decision.person.actor, id)?;
    let actor = &decision.person.actor;
    demand(
        tx,
        actor,
        Action::EnterBudget,
        "managed_object",
        &line.object_id,
    )?;
    match line.release {
        Release::Released => {
            return Err(Stop::Conflict("这笔指标已经下达，不用再下达。".to_owned()));
        }
        Release::Withheld => {
            return Err(Stop::Conflict(
                "这笔资金已决定不予安排；需要恢复的，请另外追加。".to_owned(),
            ));
        }
        Release::Planned => {}
    }
    if line.version != decision.version {
        return Err(Stop::Conflict(
            "这笔预算刚刚有变动，请刷新页面，看过新的内容后再办理。".to_owned(),
        ));
    }
    Ok((line, gate))
}

/// Gives the money of the line out: 指标下达.
///
/// # Errors
/// [`Stop::Conflict`]: it is decided already or was changed. Told: the gate is closed, with what is
/// missing.
pub(crate) fn release(tx: &mut Tx<'_>, id: &str, decision: Decision<'_>) -> Result<Line, Stop> {
    let (line, gate) = undecided(tx, id, decision)?;
    if !gate.may_release() {
        let sentence = format!("不能下达：{}。", gate.sentence());
        return Err(Stop::Told(Error::Refused(sentence)));
    }
    let by = (&*decision.person.account, decision.now);
    store::decide(tx, &line, (Release::Released, ""), by)?;
    let after = json!({"project": line.object_name, "fiscal_year": line.year,
                       "amount": wan(line.amount), "document": line.document});
    tell(tx, &line, "budget_released", decision, &after)?;
    Ok(line)
}

/// Decides that the line gives no money: a reduction of the same amount stands beside it, so that
/// the adjusted budget is without it and both can be read.
///
/// # Errors
/// As [`release`].
pub(super) fn withhold(
    tx: &mut Tx<'_>,
    (id, own_id): (&str, &str),
    (reason, document): (&str, &str),
    decision: Decision<'_>,
) -> Result<Line, Stop> {
    let (line, gate) = undecided(tx, id, decision)?;
    if !gate.may_withhold() {
        let sentence = "这笔资金的绩效目标已经批复，不能决定不予安排；确需减少的，请登记调减。";
        return Err(Stop::Told(Error::Refused(sentence.to_owned())));
    }
    let by = (&*decision.person.account, decision.now);
    store::decide(tx, &line, (Release::Withheld, reason), by)?;
    let typed = Typed {
        object: &line.object_id,
        year: line.year,
        book: &line.book,
        fund_source: &line.fund_source,
        origin: &line.origin,
        change: "reduction",
        amount: -line.amount,
        document,
        requires_npc_approval: false,
    };
    let place = (own_id, &*line.region, by.0);
    if !store::insert_typed(tx, place, &typed)? {
        let sentence = format!("文号「{document}」已经有一笔调减，请填写这次决定的文号。");
        return Err(Stop::Told(Error::Refused(sentence)));
    }
    let after = json!({"project": line.object_name, "fiscal_year": line.year,
                       "amount": wan(line.amount), "document": document, "reason": reason});
    tell(tx, &line, "budget_withheld", decision, &after)?;
    Ok(line)
}

fn wan(amount: Fen) -> String {
    format!("{} 万元", amount.wan().normalize())
}

fn tell(
    tx: &mut Tx<'_>,
    line: &Line,
    action: &'static str,
    decision: Decision<'_>,
    after: &serde_json::Value,
) -> Result<(), Stop> {
    let change = Change {
        actor: &decision.person.login,
        action,
        record: (KIND, &line.id),
        before: None,
        after: Some(after),
    };
    audit::append(tx, &line.region, decision.now, &change)?;
    Ok(())
}

/// The form of a release.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    version: String,
}

/// `POST /budget/lines/{id}/release`
pub(super) async fn release_line(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(seen): Signed<Seen>,
) -> Result<Response, Error> {
    let version = seen.version.parse().map_err(|_| Error::Unreadable)?;
    let now = now_text();
    let done = app.db.write(move |tx| {
        let decision = Decision {
            person: &person,
            version,
            now: &now,
        };
        release(tx, &id, decision)
    });
    Ok(back(&done.await?, "released"))
}

/// The form of a decision that there is no money.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Withheld {
    version: String,
    reason: String,
    document: String,
}

/// Most characters of a reason and of a document's number.
const MOST_REASON: usize = 500;
const MOST_DOCUMENT: usize = 100;

/// `POST /budget/lines/{id}/withholding`
pub(super) async fn withhold_line(
    State(app): State<App>,
    person: Person,
    Path(id): Path<String>,
    Signed(form): Signed<Withheld>,
) -> Result<Response, Error> {
    let version = form.version.parse().map_err(|_| Error::Unreadable)?;
    let (reason, document) = (form.reason.trim(), form.document.trim());
    let is_said = |text: &str, most| !text.is_empty() && text.chars().count() <= most;
    if !is_said(reason, MOST_REASON) || !is_said(document, MOST_DOCUMENT) {
        let sentence = format!(
            "不予安排要写明理由（{MOST_REASON} 字以内）和文号（{MOST_DOCUMENT} 字以内），请填写后再办理。"
        );
        return Err(Error::Refused(sentence));
    }
    let (reason, document) = (reason.to_owned(), document.to_owned());
    let own_id = super::new_id("b")?;
    let now = now_text();
    let done = app.db.write(move |tx| {
        let decision = Decision {
            person: &person,
            version,
            now: &now,
        };
        withhold(tx, (&id, &own_id), (&reason, &document), decision)
    });
    Ok(back(&done.await?, "withheld"))
}

fn back(line: &Line, done: &str) -> Response {
    let address = web::query::Query::new()
        .with("year", line.year.to_string())
        .with("done", done)
        .at(&format!("/budget/projects/{}", line.object_id));
    Redirect::to(&address).into_response()
}
