//! 绩效自评 with its receipt.

use axum::Json;
use axum::extract::State;
use domain::permission::Action;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::query::Cursor;

use super::input::{Asked, Id, Limit, Named, Text, Year};
use super::paging::{After, Page, one_more};
use super::problem::{Problem, Refusals};
use super::store;
use crate::permission::{Reach, Refused, demand};
use crate::serve::{App, Person};

/// A self-evaluation without its lines.
#[derive(Serialize, ToSchema)]
pub(super) struct SelfEvaluation {
    /// 编号
    pub(super) id: String,
    /// 项目、部门整体或政策的编号
    pub(super) object_id: String,
    /// 所依据的绩效目标的编号
    pub(super) target_id: String,
    /// 工作年度
    pub(super) work_year: i64,
    /// 被评价的支出年度
    pub(super) subject_year: i64,
    /// 状态
    pub(super) state: String,
    /// 全年预算，分
    pub(super) adjusted_fen: i64,
    /// 全年执行，分
    pub(super) executed_fen: i64,
    /// 得分，百分之一分
    #[schema(required = true)]
    pub(super) score_centi: Option<i64>,
    /// 等级
    #[schema(required = true)]
    pub(super) grade: Option<String>,
    /// 一致性灯
    #[schema(required = true)]
    pub(super) light: Option<String>,
    /// 计算所用的规则包
    pub(super) rule_pack: String,
    /// 提交日期
    #[schema(required = true)]
    pub(super) submitted_on: Option<String>,
    /// 版本号，每改一次加一
    pub(super) version: i64,
}

/// What was reached of one indicator.
#[derive(Serialize, ToSchema)]
pub(super) struct Line {
    /// 指标编号
    pub(super) indicator_id: String,
    /// 实际完成值，照原样
    pub(super) actual_text: String,
    /// 得分，百分之一分
    #[schema(required = true)]
    pub(super) score_centi: Option<i64>,
    /// 偏差原因
    pub(super) reason: String,
}

/// A self-evaluation with its lines and its receipt.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeSelfEvaluation {
    /// 自评
    self_evaluation: SelfEvaluation,
    /// 各指标的完成情况
    lines: Vec<Line>,
    /// 得分回执，可交给 jixiao verify-receipt 复核；还没有得分时为 null
    #[schema(value_type = Option<Object>, required = true)]
    receipt: Option<serde_json::Value>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SelfEvaluationsAsked {
    /// 工作年度
    #[param(value_type = i64, minimum = 1990, maximum = 2100)]
    year: Year,
    /// 只要这个对象的
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    object: Text,
    /// 上一页的 next
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,150}~[^~\\x00]{1,49}$")]
    after: Option<After>,
    /// 一页的条数
    #[serde(default)]
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200, default = 100)]
    limit: Limit,
}

/// 绩效自评
///
/// 令牌所属的人看得到的自评，不含各指标和回执。
#[utoipa::path(get, path = "/api/v1/self-evaluations", tag = "绩效自评",
    params(SelfEvaluationsAsked),
    responses((status = 200, description = "一页自评", body = Page<SelfEvaluation>), Refusals))]
pub(super) async fn list_self_evaluations(
    State(app): State<App>,
    person: Person,
    Asked(asked): Asked<SelfEvaluationsAsked>,
) -> Result<Json<Page<SelfEvaluation>>, Problem> {
    let limit = asked.limit;
    let chosen = store::Chosen {
        region: person.actor.region.clone(),
        year: asked.year.0,
        object: asked.object.0,
        reach: Reach::of(&person.actor, Action::View),
        after: asked.after.map_or_else(String::new, |after| after.0.id),
        most: one_more(limit),
    };
    let items = app
        .db
        .read(move |tx| store::self_evaluations(tx, &chosen))
        .await?;
    Ok(Json(Page::new(items, limit, |one| Cursor {
        key: String::new(),
        id: one.id.clone(),
    })))
}

/// 一份绩效自评
#[utoipa::path(get, path = "/api/v1/self-evaluations/{id}", tag = "绩效自评",
    params(("id" = String, Path, description = "编号")),
    responses((status = 200, description = "自评、各指标和得分回执", body = WholeSelfEvaluation),
        Refusals))]
pub(super) async fn find_self_evaluation(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
) -> Result<Json<WholeSelfEvaluation>, Problem> {
    let (self_evaluation, receipt, lines) = app
        .db
        .read(move |tx| {
            demand(tx, &person.actor, Action::View, "self_evaluation", &id)?;
            let found = store::self_evaluation(tx, &id)?;
            let (self_evaluation, receipt) = found.ok_or(Refused::NotFound)?;
            Ok::<_, Refused>((self_evaluation, receipt, store::lines(tx, &id)?))
        })
        .await?;
    let receipt = if receipt.is_empty() {
        None
    } else {
        Some(serde_json::from_str(&receipt).map_err(web::Error::from)?)
    };
    Ok(Json(WholeSelfEvaluation {
        self_evaluation,
        lines,
        receipt,
    }))
}
