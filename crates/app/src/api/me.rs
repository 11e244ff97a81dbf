//! Whom the token belongs to, and where.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, Refusals};
use super::store;
use crate::serve::{App, Person};

/// The person whom the token belongs to.
#[derive(Serialize, ToSchema)]
pub(super) struct Me {
    /// 账号编号
    account: String,
    /// 登录名
    login: String,
    /// 姓名
    name: String,
    /// 岗位，如 unit_head
    roles: Vec<&'static str>,
    /// 所在单位编号
    #[schema(required = true)]
    unit_id: Option<String>,
    /// 所在股室编号
    #[schema(required = true)]
    section_id: Option<String>,
    /// 行政区划代码
    region_code: String,
}

/// 令牌属于谁
#[utoipa::path(get, path = "/api/v1/me", tag = "账号",
    responses((status = 200, description = "令牌所属的人", body = Me), Refusals))]
pub(super) async fn find_me(person: Person) -> Json<Me> {
    let actor = person.actor;
    Json(Me {
        account: person.account,
        login: person.login,
        name: person.name,
        roles: actor.roles.iter().map(|role| role.name()).collect(),
        unit_id: actor.unit.map(|unit| unit.0),
        section_id: actor.section.map(|section| section.0),
        region_code: actor.region,
    })
}

/// A region with its years.
#[derive(Serialize, ToSchema)]
pub(super) struct Region {
    /// 行政区划代码
    pub(super) code: String,
    /// 名称
    pub(super) name: String,
    /// 财政局名称
    pub(super) bureau_name: String,
    /// 有数据的年度，新的在前
    pub(super) years: Vec<i64>,
}

/// The regions that the person belongs to.
#[derive(Serialize, ToSchema)]
pub(super) struct Regions {
    items: Vec<Region>,
}

/// 行政区划和年度
#[utoipa::path(get, path = "/api/v1/regions", tag = "组织",
    responses((status = 200, description = "令牌所属的人所在的行政区划", body = Regions), Refusals))]
pub(super) async fn list_regions(
    State(app): State<App>,
    person: Person,
) -> Result<Json<Regions>, Problem> {
    let code = person.actor.region;
    let items = app.db.read(move |tx| store::regions(tx, &code)).await?;
    Ok(Json(Regions { items }))
}
