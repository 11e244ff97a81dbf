//! 单位.

use axum::Json;
use axum::extract::State;
use domain::permission::Action;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::query::Cursor;

use super::input::{Asked, Limit, Year};
use super::paging::{After, Page, one_more};
use super::problem::{Problem, Refusals};
use super::store;
use crate::permission::Reach;
use crate::serve::{App, Person};

/// A unit in a year.
#[derive(Serialize, ToSchema)]
pub(super) struct Unit {
    /// 编号
    pub(super) id: String,
    /// 预算单位编码
    pub(super) code: String,
    /// 名称
    pub(super) name: String,
    /// 级次
    #[schema(pattern = "^(first|second|basic)$")]
    pub(super) level: String,
    /// 上级单位编号
    #[schema(required = true)]
    pub(super) parent_id: Option<String>,
    /// 归口股室编号
    #[schema(required = true)]
    pub(super) section_id: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UnitsAsked {
    /// 年度
    #[param(value_type = i64, minimum = 1990, maximum = 2100)]
    year: Year,
    /// 上一页的 next
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,150}~[^~\\x00]{1,49}$")]
    after: Option<After>,
    /// 一页的条数
    #[serde(default)]
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200, default = 100)]
    limit: Limit,
}

/// 单位
///
/// 令牌所属的人看得到的单位，按编码排列。
#[utoipa::path(get, path = "/api/v1/units", tag = "组织", params(UnitsAsked),
    responses((status = 200, description = "一页单位", body = Page<Unit>), Refusals))]
pub(super) async fn list_units(
    State(app): State<App>,
    person: Person,
    Asked(asked): Asked<UnitsAsked>,
) -> Result<Json<Page<Unit>>, Problem> {
    let (region, limit) = (person.actor.region.clone(), asked.limit);
    let reach = Reach::of(&person.actor, Action::View);
    let after = asked.after.map(|after| after.0);
    let items = app
        .db
        .read(move |tx| {
            let place = (&*region, asked.year.0);
            store::units(tx, place, &reach, after.as_ref(), one_more(limit))
        })
        .await?;
    let cursor = |unit: &Unit| Cursor {
        key: unit.code.clone(),
        id: unit.id.clone(),
    };
    Ok(Json(Page::new(items, limit, cursor)))
}
