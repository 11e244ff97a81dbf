//! 审计事件.

use axum::Json;
use axum::extract::State;
use domain::audit::Event;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::query::Cursor;

use super::input::{Asked, Limit, Text};
use super::paging::{After, Page, one_more};
use super::problem::{Problem, Refusals};
use crate::audit;
use crate::audit::store::{self, Filter};
use crate::serve::App;

/// An event with its place in the chain.
#[derive(Serialize, ToSchema)]
pub(super) struct EventRecord {
    /// 行政区划代码，链以它分开
    region_code: String,
    /// 序号
    sequence: i64,
    /// 时间
    happened_at: String,
    /// 操作人
    actor: String,
    /// 事项
    action: String,
    /// 对象类型
    record_kind: String,
    /// 对象编号
    record_id: String,
    /// 改动前，JSON 文本，与摘要计算时一字不差
    #[schema(required = true)]
    before_json: Option<String>,
    /// 改动后，JSON 文本，与摘要计算时一字不差
    #[schema(required = true)]
    after_json: Option<String>,
    /// 前一条的摘要
    prev_hash: String,
    /// 这一条的摘要
    hash: String,
}

impl From<Event> for EventRecord {
    fn from(event: Event) -> Self {
        let content = event.content;
        Self {
            region_code: content.region_code,
            sequence: content.sequence,
            happened_at: content.happened_at,
            actor: content.actor,
            action: content.action,
            record_kind: content.record_kind,
            record_id: content.record_id,
            before_json: content.before_json,
            after_json: content.after_json,
            prev_hash: event.prev_hash,
            hash: event.hash,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsAsked {
    /// 操作人的登录名
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    actor: Text,
    /// 事项
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    action: Text,
    /// 对象类型
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    record_kind: Text,
    /// 对象编号
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    record_id: Text,
    /// 从这一天起，如 2020-03-01
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    from: Text,
    /// 到这一天止，如 2020-03-31
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    to: Text,
    /// 上一页的 next
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,150}~[^~\\x00]{1,49}$")]
    after: Option<After>,
    /// 一页的条数
    #[serde(default)]
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200, default = 100)]
    limit: Limit,
}

/// 审计事件
///
/// 新的在前。只有安全审计员的令牌可以读。
#[utoipa::path(get, path = "/api/v1/events", tag = "审计", params(EventsAsked),
    responses((status = 200, description = "一页事件", body = Page<EventRecord>), Refusals))]
pub(super) async fn list_events(
    State(app): State<App>,
    Asked(asked): Asked<EventsAsked>,
) -> Result<Json<Page<EventRecord>>, Problem> {
    let limit = asked.limit;
    let before = asked.after.and_then(|after| after.0.id.parse().ok());
    let before: i64 = before.unwrap_or(i64::MAX);
    let filter = Filter {
        region: String::new(),
        actor: asked.actor.0,
        action: asked.action.0,
        kind: asked.record_kind.0,
        record: asked.record_id.0,
        from: asked.from.0,
        to: asked.to.0,
    };
    let events = app
        .db
        .read(move |tx| {
            let region = audit::region(tx)?;
            let filter = Filter {
                region,
                ..filter.clone()
            };
            store::page(tx, &filter, before, one_more(limit))
        })
        .await?;
    let items = events.into_iter().map(EventRecord::from).collect();
    Ok(Json(Page::new(items, limit, |event: &EventRecord| {
        Cursor {
            key: String::new(),
            id: event.sequence.to_string(),
        }
    })))
}
