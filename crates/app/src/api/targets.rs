//! 绩效目标.

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
use super::target_content::FormTold;
use crate::permission::{Reach, Refused, demand};
use crate::serve::{App, Person};
use crate::target::program;

/// A target without its indicators.
#[derive(Serialize, ToSchema)]
pub(super) struct Target {
    /// 编号
    pub(super) id: String,
    /// 项目、部门整体或政策的编号
    pub(super) object_id: String,
    /// 预算年度
    pub(super) fiscal_year: i64,
    /// 第几版
    pub(super) edition: i64,
    /// 来源：initial 年初、supplement 追加、transfer_from_above 上级资金
    pub(super) origin: String,
    /// 状态
    pub(super) state: String,
    /// 审核等级
    #[schema(required = true)]
    pub(super) grade: Option<String>,
    /// 年度目标
    pub(super) goal: String,
    /// 批复日期
    #[schema(required = true)]
    pub(super) approved_on: Option<String>,
    /// 版本号，每改一次加一
    pub(super) version: i64,
}

/// An indicator of a target.
#[derive(Serialize, ToSchema)]
pub(super) struct Indicator {
    /// 编号
    pub(super) id: String,
    /// 行号，改动后不变；保存内容时用它
    pub(super) key: String,
    /// 次序
    pub(super) position: i64,
    /// 一级指标
    pub(super) level1: String,
    /// 二级指标
    pub(super) level2: String,
    /// 三级指标
    pub(super) name: String,
    /// 指标性质：＞ ≥ ＝ ＜ ≤ 定性
    pub(super) operator: String,
    /// 指标值，照原样
    pub(super) value_text: String,
    /// 度量单位
    pub(super) unit: String,
    /// 权重，百分之一分
    pub(super) weight_centi: i64,
    /// 是否核心指标
    pub(super) is_core: bool,
}

/// A target with its indicators.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeTarget {
    /// 绩效目标
    pub(super) target: Target,
    /// 绩效指标，按次序
    pub(super) indicators: Vec<Indicator>,
    /// 申报表和其他栏目的内容
    pub(super) form: FormTold,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TargetsAsked {
    /// 预算年度
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

/// 绩效目标
///
/// 令牌所属的人看得到的绩效目标，每一版一条，不含指标。
#[utoipa::path(get, path = "/api/v1/targets", tag = "绩效目标", params(TargetsAsked),
    responses((status = 200, description = "一页绩效目标", body = Page<Target>), Refusals))]
pub(super) async fn list_targets(
    State(app): State<App>,
    person: Person,
    Asked(asked): Asked<TargetsAsked>,
) -> Result<Json<Page<Target>>, Problem> {
    let limit = asked.limit;
    let chosen = store::Chosen {
        region: person.actor.region.clone(),
        year: asked.year.0,
        object: asked.object.0,
        reach: Reach::of(&person.actor, Action::View),
        after: asked.after.map_or_else(String::new, |after| after.0.id),
        most: one_more(limit),
    };
    let items = app.db.read(move |tx| store::targets(tx, &chosen)).await?;
    Ok(Json(Page::new(items, limit, |target| Cursor {
        key: String::new(),
        id: target.id.clone(),
    })))
}

/// 一个绩效目标
#[utoipa::path(get, path = "/api/v1/targets/{id}", tag = "绩效目标",
    params(("id" = String, Path, description = "编号")),
    responses((status = 200, description = "绩效目标和指标", body = WholeTarget), Refusals))]
pub(super) async fn find_target(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
) -> Result<Json<WholeTarget>, Problem> {
    let whole = app
        .db
        .read(move |tx| {
            demand(tx, &person.actor, Action::View, "performance_target", &id)?;
            let (form, content) = program::content(tx, &id)?.ok_or(Refused::NotFound)?;
            Ok::<_, Refused>(WholeTarget {
                form: FormTold::new((&form.id, &form.title), &content.parts),
                target: store::target(tx, &id)?.ok_or(Refused::NotFound)?,
                indicators: store::indicators(tx, &id)?,
            })
        })
        .await?;
    Ok(Json(whole))
}
