//! 我的待办: what waits for the person, the most urgent first, as the home page lists it.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::query::Cursor;

use super::input::{Asked, Limit, Text};
use super::paging::{After, Page, one_more};
use super::problem::{Problem, Refusals};
use crate::home::store::{self, Filter, Work};
use crate::serve::{App, Person};

/// A record that waits for the person.
#[derive(Serialize, ToSchema)]
pub(super) struct WorkItem {
    /// 记录种类
    record_kind: String,
    /// 记录编号
    record_id: String,
    /// 名称
    title: String,
    /// 状态
    state: String,
    /// 要办的事，如 approve
    verb: String,
    /// 到达时间
    arrived_at: String,
    /// 截止日期
    #[schema(required = true)]
    due_on: Option<String>,
    /// 单位名称
    #[schema(required = true)]
    unit_name: Option<String>,
    /// 送来的人
    #[schema(required = true)]
    sent_by: Option<String>,
    #[serde(skip)]
    place: String,
}

impl From<Work> for WorkItem {
    fn from(work: Work) -> Self {
        Self {
            record_kind: work.kind,
            record_id: work.id,
            title: work.title,
            state: work.state,
            verb: work.verb,
            arrived_at: work.arrived_at,
            due_on: work.due_on,
            unit_name: work.unit,
            sent_by: work.sent_by,
            place: work.place,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WorkItemsAsked {
    /// 记录种类
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    kind: Text,
    /// 上一页的 next
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,150}~[^~\\x00]{1,49}$")]
    after: Option<After>,
    /// 一页的条数
    #[serde(default)]
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200, default = 100)]
    limit: Limit,
}

/// 我的待办
///
/// 等令牌所属的人办理的记录，最急的在前。
#[utoipa::path(get, path = "/api/v1/work-items", tag = "流程", params(WorkItemsAsked),
    responses((status = 200, description = "一页待办", body = Page<WorkItem>), Refusals))]
pub(super) async fn list_work_items(
    State(app): State<App>,
    person: Person,
    Asked(asked): Asked<WorkItemsAsked>,
) -> Result<Json<Page<WorkItem>>, Problem> {
    let limit = asked.limit;
    let after = asked.after.map_or_else(String::new, |after| after.0.key);
    let filter = Filter {
        kind: asked.kind.0,
        ..Filter::default()
    };
    let work = app
        .db
        .read(move |tx| store::work(tx, &person.actor, &filter, &after, one_more(limit)))
        .await?;
    let items = work.into_iter().map(WorkItem::from).collect();
    Ok(Json(Page::new(items, limit, |item: &WorkItem| Cursor {
        key: item.place.clone(),
        id: "1".to_owned(),
    })))
}
