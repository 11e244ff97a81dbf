//! 新增项目 by a unit, and a single change of the budget by the budget office.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use db::Tx;
use domain::budget::{
    ChangeKind, FundSource, Nature, Origin, ProjectKind, Proposal, Proposed, project_code,
};
use domain::number::{Decimal, Fen};
use domain::permission::{Action, Actor, Decision, decide};
use serde::Deserialize;
use serde_json::json;
use web::{Error, Shell};

use super::store::gate::{self as lines, Typed};
use super::store::project as store;
use super::supplement::{self, Added};
use super::{Stop, new_id, project};
use crate::audit::{self, Change};
use crate::permission::{Refused, demand, subject};
use crate::serve::{App, Frame, Person, Signed, now_text};

/// A project as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypedProject {
    name: String,
    kind: String,
    nature: String,
    level_one: String,
    period_from: String,
    period_to: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "budget/enter.html")]
struct EnterPage {
    shell: Shell,
    unit: String,
    typed: TypedProject,
    errors: Vec<(&'static str, String)>,
}

impl EnterPage {
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|(name, _)| *name == field);
        error.map(|(_, sentence)| sentence.as_str())
    }
}

/// `GET /budget/projects`
pub(super) async fn form(State(app): State<App>, frame: Frame) -> Result<Response, Error> {
    let year = frame.shell.year;
    let typed = TypedProject {
        nature: Nature::New.name().to_owned(),
        period_from: year.to_string(),
        period_to: year.to_string(),
        ..TypedProject::default()
    };
    page(&app, frame, typed, Vec::new()).await
}

async fn page(
    app: &App,
    frame: Frame,
    typed: TypedProject,
    errors: Vec<(&'static str, String)>,
) -> Result<Response, Error> {
    let unit = frame.actor.unit.clone();
    let unit = unit.map_or_else(String::new, |unit| unit.0);
    let unit = app.db.read(move |tx| store::unit_name(tx, &unit)).await?;
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = web::page(&EnterPage {
        shell: frame.shell.at("/budget"),
        unit: unit.unwrap_or_default(),
        typed,
        errors,
    })?;
    Ok((status, page).into_response())
}

/// `POST /budget/projects`
pub(super) async fn enter(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Signed(typed): Signed<TypedProject>,
) -> Result<Response, Error> {
    let year = frame.shell.year;
    let proposal = Proposal {
        name: &typed.name,
        kind: &typed.kind,
        nature: &typed.nature,
        level_one: &typed.level_one,
        period_from: &typed.period_from,
        period_to: &typed.period_to,
        amount: &typed.amount,
    };
    let proposed = match proposal.read(year) {
        Ok(proposed) => proposed,
        Err(errors) => return page(&app, frame, typed, errors).await,
    };
    let (id, now) = (new_id("o")?, now_text());
    let done = app
        .db
        .write(move |tx| write(tx, &person, (&id, year), &proposed, &now))
        .await?;
    match done {
        Ok(id) => {
            let address = format!("/budget/projects/{id}?year={year}&done=entered");
            Ok(Redirect::to(&address).into_response())
        }
        Err(error) => page(&app, frame, typed, vec![error]).await,
    }
}

/// The project's id, or the field that cannot be taken.
type Written = Result<String, (&'static str, String)>;

/// Writes the project of the person's own unit.
fn write(
    tx: &mut Tx<'_>,
    person: &Person,
    (id, year): (&str, i64),
    proposed: &Proposed,
    now: &str,
) -> Result<Written, Stop> {
    let unit = person.actor.unit.as_ref().ok_or(Refused::NotFound)?;
    let unit = &*unit.0;
    let belongs = subject(tx, "organisation_unit", unit)?.ok_or(Refused::NotFound)?;
    match decide(&person.actor, Action::Fill, &belongs) {
        Decision::Allowed(_) => {}
        Decision::Denied(reason) => return Err(Refused::Forbidden(reason).into()),
        Decision::Hidden => return Err(Refused::NotFound.into()),
    }
    let region = &*belongs.region;
    if let Some(code) = store::same_name(tx, (region, unit), &proposed.name)? {
        let sentence = format!(
            "本单位已有同名项目（编码 {code}）；延续项目请在项目库打开它编制目标，确是另一个项目的请改名称"
        );
        return Ok(Err(("name", sentence)));
    }
    let code = project_code(region, year, proposed.kind, 0);
    let prefix = code.as_deref().and_then(|code| code.get(..9));
    let prefix = prefix.ok_or_else(|| {
        let sentence =
            format!("行政区划代码「{region}」不是 6 位数字，不能编项目编码，请联系系统管理员。");
        Stop::Told(Error::Refused(sentence))
    })?;
    let number = store::next_number(tx, region, prefix)?;
    let code = project_code(region, year, proposed.kind, number).ok_or_else(|| {
        Stop::Told(Error::Refused(
            "项目编码已用完，请联系系统管理员。".to_owned(),
        ))
    })?;
    store::enter(tx, (id, region, unit), (&code, &person.account), proposed)?;
    let asks = (id, year, region);
    store::request(tx, asks, proposed.requested, (&person.account, now))?;
    let after = json!({"name": proposed.name, "code": code, "fiscal_year": year,
                       "amount": format!("{} 万元", proposed.requested.wan().normalize())});
    let change = Change {
        actor: &person.login,
        action: "project_entered",
        record: ("managed_object", id),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, region, now, &change)?;
    Ok(Ok(id.to_owned()))
}

/// What can be typed of a single change.
pub(super) const CHANGES: [ChangeKind; 3] = [
    ChangeKind::Supplement,
    ChangeKind::Reduction,
    ChangeKind::Transfer,
];

/// A change of the budget as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TypedLine {
    pub(super) change: String,
    pub(super) amount: String,
    pub(super) source: String,
    pub(super) origin: String,
    pub(super) document: String,
    pub(super) congress: String,
}

/// Most characters of a document's number.
const MOST_DOCUMENT: usize = 100;

/// The largest change, as the database keeps it.
const MOST_AMOUNT: Fen = Fen(100_000_000_000_000);

/// What a typed change means.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Read {
    change: ChangeKind,
    amount: Fen,
    source: FundSource,
    origin: Origin,
    document: String,
    requires_npc_approval: bool,
}

impl TypedLine {
    /// What it means, or a Chinese sentence that says what to do.
    fn read(&self) -> Result<Read, String> {
        let change = ChangeKind::from_name(&self.change).filter(|it| CHANGES.contains(it));
        let change = change.ok_or("请选择追加、调减或调剂。")?;
        let source = FundSource::from_name(&self.source).ok_or("请选择资金。")?;
        let origin = Origin::from_name(&self.origin).ok_or("请选择级次。")?;
        let text = self.amount.trim().replace([',', '，'], "");
        let amount = text.parse::<Decimal>().ok().and_then(Fen::from_wan);
        let amount = amount.filter(|fen| *fen != Fen::ZERO && fen.0.abs() <= MOST_AMOUNT.0);
        let amount = amount.ok_or("金额应是不为 0 的数，单位万元，如 120.5。")?;
        if amount < Fen::ZERO && change != ChangeKind::Transfer {
            return Err(format!("{}写正数；减少预算请选“调减”。", change.label()));
        }
        let document = self.document.trim();
        if document.is_empty() || document.chars().count() > MOST_DOCUMENT {
            return Err(format!(
                "请填写文号，{MOST_DOCUMENT} 字以内，如 绵财预〔2021〕15号。"
            ));
        }
        Ok(Read {
            change,
            amount: if change == ChangeKind::Reduction {
                -amount
            } else {
                amount
            },
            source,
            origin,
            document: document.to_owned(),
            requires_npc_approval: self.congress == "yes",
        })
    }
}

/// `POST /budget/projects/{id}`: a single change of the budget.
pub(super) async fn add_line(
    State(app): State<App>,
    person: Person,
    frame: Frame,
    Path(object): Path<String>,
    Signed(typed): Signed<TypedLine>,
) -> Result<Response, Error> {
    let year = frame.shell.year;
    let (own_id, now) = (new_id("b")?, now_text());
    let (line, id) = (typed.read(), object.clone());
    let done = app
        .db
        .write(move |tx| {
            let actor: &Actor = &person.actor;
            demand(tx, actor, Action::EnterBudget, "managed_object", &id)?;
            match &line {
                Ok(line) => write_line(tx, &person, (&id, year), (&own_id, line), &now),
                Err(sentence) => Ok(Err(sentence.clone())),
            }
        })
        .await?;
    match done {
        Ok(begun) => {
            let done = if begun { "target" } else { "added" };
            let address = web::query::Query::new()
                .with("year", year.to_string())
                .with("done", done)
                .at(&format!("/budget/projects/{object}"));
            Ok(Redirect::to(&address).into_response())
        }
        Err(sentence) => {
            let told = (Some(sentence), typed);
            let page = project::page(&app, frame, object, None, told).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// Whether a target was begun for it, or why it is not written.
fn write_line(
    tx: &mut Tx<'_>,
    person: &Person,
    (object, year): (&str, i64),
    (id, line): (&str, &Read),
    now: &str,
) -> Result<Result<bool, String>, Stop> {
    let project = store::find(tx, object, year)?.ok_or(Refused::NotFound)?;
    let book = line.source.book();
    let typed = Typed {
        object,
        year,
        book,
        fund_source: if book == "outside" {
            line.source.name()
        } else {
            ""
        },
        origin: line.origin.name(),
        change: line.change.name(),
        amount: line.amount,
        document: &line.document,
        requires_npc_approval: line.requires_npc_approval,
    };
    let place = (id, &*project.region, &*person.account);
    if !lines::insert_typed(tx, place, &typed)? {
        return Ok(Err(format!(
            "文号「{}」下已有这个项目同样资金的{}，请核对文号；要改金额请用预算导入。",
            line.document,
            line.change.label()
        )));
    }
    let added = Added {
        object,
        year,
        change: line.change,
        origin: line.origin,
    };
    let begun = supplement::ask(tx, added, now)?;
    let after = json!({"project": project.name, "fiscal_year": year,
                       "change": line.change.label(), "document": line.document,
                       "amount": format!("{} 万元", line.amount.wan().normalize())});
    let change = Change {
        actor: &person.login,
        action: "budget_line_added",
        record: ("budget_line", id),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, &project.region, now, &change)?;
    Ok(Ok(begun))
}
