//! The OpenAPI document of the interface.

use axum::Json;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

use super::{
    budget_lines, commands, events, me, metrics, objects, problem, records, self_evaluations,
    target_content, targets, units, work_items,
};

/// Everything that the interface can do.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "绩效 jixiao 接口",
        description = "预算绩效管理系统的程序接口。程序凭接口令牌以一个人的身份读写，\
                       权限与这个人相同；令牌在网站的“接口令牌”页面上生成。\
                       金额以分为单位（*_fen），分数以百分之一分为单位（*_centi），都是整数。\
                       列表按游标翻页：把上一页的 next 作为 after。",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/")),
    paths(
        me::find_me,
        me::list_regions,
        units::list_units,
        objects::list_objects,
        objects::find_object,
        targets::list_targets,
        targets::find_target,
        target_content::put_target_content,
        self_evaluations::list_self_evaluations,
        self_evaluations::find_self_evaluation,
        metrics::list_metrics,
        metrics::list_metric_records,
        events::list_events,
        work_items::list_work_items,
        records::find_record,
        commands::command_record,
        budget_lines::list_budget_lines,
        budget_lines::find_budget_line,
        budget_lines::release_budget_line,
    ),
    components(schemas(problem::Problem)),
    security(("token" = [])),
    modifiers(&Token)
)]
struct Interface;

/// How a program says whom it acts for.
struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("网站“接口令牌”页面上生成的令牌，以 jx_ 开头"))
            .build();
        if let Some(components) = &mut document.components {
            components.add_security_scheme("token", SecurityScheme::Http(scheme));
        }
    }
}

/// The document.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    Interface::openapi()
}

/// `GET /api/v1/openapi.json`
pub(super) async fn show() -> Json<utoipa::openapi::OpenApi> {
    Json(document())
}
