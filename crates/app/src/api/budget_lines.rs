//! 预算闸口: budget lines, what each waits for, and 指标下达.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::budget::Gate;
use domain::finding::Severity;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::input::{Asked, Id, Named, Sent, Version, Year};
use super::problem::{CommandRefusals, Problem, Refusals};
use crate::budget::gate::{self, Decision};
use crate::budget::{GateLine, Stop, lines_of};
use crate::serve::{App, Person, now_text};

/// What a line waits for.
#[derive(Serialize, ToSchema)]
pub(super) struct ReasonTold {
    /// 规则编号：V13 事前评估、V14 追加的绩效目标、C70 年初预算的绩效目标
    rule: &'static str,
    /// 是否阻止下达；否则只作提示
    is_blocking: bool,
    /// 缺什么、怎么办
    message: String,
}

/// A budget line with its gate.
#[derive(Serialize, ToSchema)]
pub(super) struct BudgetLineTold {
    /// 编号
    id: String,
    /// 项目的编号
    object_id: String,
    /// 预算年度
    fiscal_year: i64,
    /// 预算：四本预算之一，或 outside（专户、单位和其他资金）
    book: String,
    /// 级次：local 本级、transfer_from_above 上级、carry_over 结转
    origin: String,
    /// 变动：initial 年初、supplement 追加、reduction 调减、transfer 调剂
    change_kind: String,
    /// 金额，分；调减为负数
    amount_fen: i64,
    /// 文号
    document_number: String,
    /// 是否需要人大批准
    requires_npc_approval: bool,
    /// 指标：planned 未下达、released 已下达、withheld 不予安排
    release_state: &'static str,
    /// 进度：free 不需要目标、blocked 不能安排、waiting 等绩效目标、entering 可纳入预算、open 可下达、released 已下达、withheld 不予安排
    stage: &'static str,
    /// 现在能不能下达
    may_release: bool,
    /// 还缺什么
    reasons: Vec<ReasonTold>,
    /// 作数的绩效目标的编号
    #[schema(required = true)]
    target_id: Option<String>,
    /// 版本号，下达时要带上
    version: i64,
}

impl BudgetLineTold {
    fn new(line: GateLine, gate: Gate) -> Self {
        let may_release = gate.may_release();
        let reason = |reason: domain::finding::Finding| ReasonTold {
            rule: reason.rule,
            is_blocking: reason.severity == Severity::E,
            message: reason.message,
        };
        Self {
            id: line.id,
            object_id: line.object_id,
            fiscal_year: line.year,
            book: line.book,
            origin: line.origin,
            change_kind: line.change,
            amount_fen: line.amount.0,
            document_number: line.document,
            requires_npc_approval: line.requires_npc_approval,
            release_state: line.release.name(),
            stage: gate.stage.name(),
            may_release,
            reasons: gate.reasons.into_iter().map(reason).collect(),
            target_id: line.target.map(|(id, _)| id),
            version: line.version,
        }
    }
}

/// The budget lines of a project.
#[derive(Serialize, ToSchema)]
pub(super) struct BudgetLinesTold {
    /// 每一笔，年初在前
    items: Vec<BudgetLineTold>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LinesAsked {
    /// 预算年度
    #[param(value_type = i64, minimum = 1990, maximum = 2100)]
    year: Year,
}

/// 一个项目的预算
///
/// 每一笔的金额，以及下达指标还缺什么。
#[utoipa::path(get, path = "/api/v1/objects/{id}/budget-lines", tag = "预算",
    params(("id" = String, Path, description = "项目的编号"), LinesAsked),
    responses((status = 200, description = "预算和闸口", body = BudgetLinesTold), Refusals))]
pub(super) async fn list_budget_lines(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
    Asked(asked): Asked<LinesAsked>,
) -> Result<Json<BudgetLinesTold>, Problem> {
    let year = asked.year.0;
    let items = app
        .db
        .read(move |tx| -> Result<_, Stop> {
            gate::demand_at_work(tx, &person.actor, &id)?;
            let mut items = Vec::new();
            for line in lines_of(tx, &id, year)? {
                let gate = gate::gate_of(tx, &line)?;
                items.push(BudgetLineTold::new(line, gate));
            }
            Ok(items)
        })
        .await?;
    Ok(Json(BudgetLinesTold { items }))
}

/// 一笔预算
#[utoipa::path(get, path = "/api/v1/budget-lines/{id}", tag = "预算",
    params(("id" = String, Path, description = "编号")),
    responses((status = 200, description = "预算和闸口", body = BudgetLineTold), Refusals))]
pub(super) async fn find_budget_line(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
) -> Result<Json<BudgetLineTold>, Problem> {
    let (line, gate) = app
        .db
        .read(move |tx| gate::standing(tx, &person.actor, &id))
        .await?;
    Ok(Json(BudgetLineTold::new(line, gate)))
}

/// What a release has to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleaseSent {
    /// 看到的版本号
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000_000)]
    version: Version,
}

/// 下达一笔指标
///
/// 没有批复的绩效目标不能下达，答复 422，detail 说明缺什么；已经下达或刚有变动的答复 409。
#[utoipa::path(post, path = "/api/v1/budget-lines/{id}/release", tag = "预算",
    params(("id" = String, Path, description = "编号")),
    request_body = ReleaseSent,
    responses((status = 200, description = "下达后的预算", body = BudgetLineTold), Refusals,
        CommandRefusals))]
pub(super) async fn release_budget_line(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
    Sent(sent): Sent<ReleaseSent>,
) -> Result<Json<BudgetLineTold>, Problem> {
    let version = i64::try_from(sent.version.0).unwrap_or(i64::MAX);
    let now = now_text();
    let (line, gate) = app
        .db
        .write(move |tx| -> Result<_, Stop> {
            let decision = Decision {
                person: &person,
                version,
                now: &now,
            };
            gate::release(tx, &id, decision)?;
            gate::standing(tx, &person.actor, &id)
        })
        .await?;
    Ok(Json(BudgetLineTold::new(line, gate)))
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Conflict(sentence) => {
                Self::new(StatusCode::CONFLICT, "记录已有新的变动", sentence)
            }
            other => web::Error::from(other).into(),
        }
    }
}
