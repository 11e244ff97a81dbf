//! The list of requests, one request, and the second person's decision.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::identity::{Change, ChangeState, Decider, Verdict, decide_change, deciders};
use domain::permission::{Actor, PersonId};
use serde::Deserialize;
use web::{Error, Shell};

use super::apply::{self, Means};
use super::{Payload, Refused, summary, telling};
use crate::audit;
use crate::identity::moment;
use crate::identity::people::Issued;
use crate::identity::store::privileged::{self as store, Kept};
use crate::identity::store::{self as accounts};
use crate::serve::{App, Frame, Person, Signed, now_text};

/// Decided requests that are shown.
const MOST_DECIDED: i64 = 100;

/// The longest remark, in characters.
const MOST_CHARACTERS: usize = 500;

/// A request as it is printed.
struct Line {
    id: String,
    what: &'static str,
    lines: Vec<String>,
    reason: String,
    asker: String,
    asked_as: &'static str,
    asked_at: String,
    expires_at: String,
    state: ChangeState,
    decider: Option<String>,
    decided_at: String,
    decision: String,
    seconds: String,
}

impl Line {
    fn new(tx: &mut Tx<'_>, kept: &Kept) -> Result<Self, db::Error> {
        let request = &kept.request;
        let possible = deciders(
            request.change,
            request.asked_as,
            request.concerns_administrator,
        );
        let labels: Vec<&str> = possible.iter().map(|role| role.label()).collect();
        Ok(Self {
            id: kept.id.clone(),
            what: request.change.label(),
            lines: summary(tx, kept)?,
            reason: kept.reason.clone(),
            asker: kept.asker.clone(),
            asked_as: request.asked_as.label(),
            asked_at: moment(&kept.asked_at),
            expires_at: moment(&request.expires_at),
            state: request.state,
            decider: kept.decider.clone(),
            decided_at: kept.decided_at.as_deref().map(moment).unwrap_or_default(),
            decision: kept.decision.clone(),
            seconds: labels.join("或"),
        })
    }

    /// The first account and how many more.
    fn short(&self) -> String {
        match self.lines.len() {
            0 => String::new(),
            1 => self.lines[0].clone(),
            more => format!("{} 等 {more} 项", self.lines[0]),
        }
    }
}

#[derive(Template)]
#[template(path = "identity/privileged/list.html")]
struct ListPage {
    shell: Shell,
    waiting: Vec<Line>,
    decided: Vec<Line>,
}

/// `GET /privileged-changes`
pub(crate) async fn list(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let (waiting, decided) = app
        .db
        .read(|tx| {
            let waiting = store::waiting(tx)?;
            let decided = store::decided(tx, MOST_DECIDED)?;
            Ok::<_, db::Error>((printed(tx, &waiting)?, printed(tx, &decided)?))
        })
        .await?;
    web::page(&ListPage {
        shell: frame.shell.at("/privileged-changes"),
        waiting,
        decided,
    })
}

fn printed(tx: &mut Tx<'_>, all: &[Kept]) -> Result<Vec<Line>, db::Error> {
    all.iter().map(|kept| Line::new(tx, kept)).collect()
}

#[derive(Template)]
#[template(path = "identity/privileged/show.html")]
struct ShowPage {
    shell: Shell,
    line: Line,
    /// Why this person cannot decide; none where he can.
    why_not: Option<String>,
    can_withdraw: bool,
    error: Option<String>,
    remark: String,
}

/// `GET /privileged-changes/{id}`
pub(crate) async fn show(
    State(app): State<App>,
    frame: Frame,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    page(&app, frame, id, None, String::new()).await
}

async fn page(
    app: &App,
    frame: Frame,
    id: String,
    error: Option<String>,
    remark: String,
) -> Result<Response, Error> {
    let actor = frame.actor.clone();
    let found = app.db.read(move |tx| {
        let now = now_text();
        let kept = find(tx, &id)?;
        let why_not = judge(&kept, &actor, Verdict::Approve, &now).err();
        let can_withdraw = judge(&kept, &actor, Verdict::Withdraw, &now).is_ok();
        Ok::<_, Refused>((Line::new(tx, &kept)?, why_not, can_withdraw))
    });
    let (line, why_not, can_withdraw) = found.await?;
    let status = match error {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = web::page(&ShowPage {
        shell: frame.shell.at("/privileged-changes"),
        line,
        why_not,
        can_withdraw,
        error,
        remark,
    })?;
    Ok((status, page).into_response())
}

fn find(tx: &mut Tx<'_>, id: &str) -> Result<Kept, Refused> {
    store::find(tx, id)?.map(whole).ok_or(Refused::NotFound)
}

/// The request with everybody whom it concerns.
pub(super) fn whole(mut kept: Kept) -> Kept {
    let payload: Payload = serde_json::from_str(&kept.payload).unwrap_or_default();
    let mut concerns: Vec<PersonId> = Vec::new();
    concerns.extend((!kept.subject.is_empty()).then(|| PersonId(kept.subject.clone())));
    concerns.extend(payload.grants.into_iter().map(|one| PersonId(one.account)));
    concerns.extend(payload.successor.map(PersonId));
    kept.request.concerns = concerns;
    kept
}

/// Where the request stands after this verdict; or why the person cannot give it.
pub(super) fn judge(
    kept: &Kept,
    actor: &Actor,
    verdict: Verdict,
    now: &str,
) -> Result<ChangeState, String> {
    let decider = Decider {
        id: &actor.id,
        roles: &actor.roles,
    };
    decide_change(&kept.request, decider, verdict, now).map_err(|refusal| refusal.to_string())
}

#[derive(Deserialize)]
pub(crate) struct Decision {
    verdict: Verdict,
    #[serde(default)]
    remark: String,
}

#[derive(Template)]
#[template(path = "identity/issued.html")]
struct IssuedPage {
    shell: Shell,
    issued: Vec<Issued>,
    back: &'static str,
    follows: Option<String>,
}

/// The page that shows new passwords once.
pub(in crate::identity) fn shown_once(
    shell: Shell,
    issued: Vec<Issued>,
    back: &'static str,
    follows: Option<String>,
) -> Result<Response, Error> {
    web::page(&IssuedPage {
        shell,
        issued,
        back,
        follows,
    })
}

/// `POST /privileged-changes/{id}/decision`: makes the change in the transaction of the approval.
pub(crate) async fn decide(
    State(app): State<App>,
    frame: Frame,
    person: Person,
    Path(id): Path<String>,
    Signed(decision): Signed<Decision>,
) -> Result<Response, Error> {
    let remark = decision.remark.trim().to_owned();
    if decision.verdict == Verdict::Refuse && remark.is_empty() {
        let sentence = "拒绝要写明原因：申请人靠它知道怎么改。".to_owned();
        return page(&app, frame, id, Some(sentence), remark).await;
    }
    if remark.chars().count() > MOST_CHARACTERS {
        let sentence = format!("说明太长：请写在 {MOST_CHARACTERS} 个字以内。");
        return page(&app, frame, id, Some(sentence), remark).await;
    }
    // Made for every approval, because whether it is needed is known inside the transaction.
    let password = web::token::readable()?;
    let (fresh, permit) = (password.clone(), app.hashing.acquire().await?);
    let hash = tokio::task::spawn_blocking(move || web::password::hash(&fresh)).await??;
    drop(permit);
    let means = Means {
        hash,
        by: person.login.clone(),
    };
    let (key, said) = (id.clone(), remark.clone());
    let done = app
        .db
        .write(move |tx| settle(tx, &person, &key, (decision.verdict, &said), &means))
        .await;
    match done {
        Ok(Some((login, name))) => {
            let issued = vec![Issued {
                login,
                name,
                password,
            }];
            let shell = frame.shell.at("/privileged-changes");
            shown_once(shell, issued, "/privileged-changes", None)
        }
        Ok(None) => Ok(Redirect::to(&format!("/privileged-changes/{id}")).into_response()),
        Err(Refused::Because(sentence)) => page(&app, frame, id, Some(sentence), remark).await,
        Err(refused) => Err(refused.into()),
    }
}

/// Whose password was made new: login name and name.
type NewPassword = Option<(String, String)>;

fn settle(
    tx: &mut Tx<'_>,
    person: &Person,
    id: &str,
    (verdict, remark): (Verdict, &str),
    means: &Means,
) -> Result<NewPassword, Refused> {
    let now = now_text();
    let kept = find(tx, id)?;
    let state = judge(&kept, &person.actor, verdict, &now).map_err(Refused::Because)?;
    let change = kept.request.change;
    let mut issued = None;
    let told = serde_json::json!({
        "change": change.label(),
        "lines": summary(tx, &kept)?.join("；"),
        "remark": remark,
    });
    if state == ChangeState::Applied {
        let payload: Payload = serde_json::from_str(&kept.payload).unwrap_or_default();
        apply::check(tx, change, &kept.subject, &payload, &now)?;
        apply::apply(tx, change, &kept.subject, &payload, means, &now)?;
        if change == Change::ResetPassword {
            let account = accounts::find_by_id(tx, &kept.subject)?;
            issued = account.map(|account| (account.login, account.name));
        }
    }
    store::decide(tx, &kept, state, (&person.account, &now, remark))?;
    telling::decided(tx, &kept, state, (Some(&person.name), remark), &now)?;
    let action = match state {
        ChangeState::Applied => "change_approved",
        ChangeState::Refused => "change_refused",
        ChangeState::Withdrawn => "change_withdrawn",
        ChangeState::Expired | ChangeState::Waiting => "change_expired",
    };
    let event = audit::Change {
        actor: &person.login,
        action,
        record: ("privileged_change", id),
        before: None,
        after: Some(&told),
    };
    audit::record(tx, &now, &event)?;
    Ok(issued)
}
