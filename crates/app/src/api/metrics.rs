//! 考核指标: every metric's value, and the records behind one.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use domain::metrics::{Computed, Figure};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::query::Cursor;

use super::input::{Asked, Id, Limit, Named, Text, Year};
use super::paging::{After, Page, one_more};
use super::problem::{Problem, Refusals};
use crate::metrics::{self, Metric};
use crate::serve::{App, Person};

/// A figure with its value.
#[derive(Serialize, ToSchema)]
pub(super) struct FigureValue {
    /// 编号，如 P3.3；附带的指标如 P3.8/自评抽查复评率
    id: String,
    /// 名称
    name: &'static str,
    /// 值：数（百分比为百分数）或是否；不适用时为 null
    #[schema(schema_with = value_schema, required = true)]
    value: Option<domain::metrics::Value>,
    /// 单位
    unit: &'static str,
    /// 口径
    formula: &'static str,
    /// 所统计的记录数
    records: i64,
    /// 其中各类的数量
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    parts: BTreeMap<String, i64>,
}

/// A number, a yes or no, or nothing.
fn value_schema() -> utoipa::openapi::Schema {
    use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
    let types = vec![Type::Number, Type::Boolean, Type::Null];
    let types = SchemaType::from_iter(types);
    ObjectBuilder::new()
        .schema_type(types)
        .description(Some("值：数（百分比为百分数）或是否；不适用时为 null"))
        .into()
}

/// Every metric of a year.
#[derive(Serialize, ToSchema)]
pub(super) struct Metrics {
    /// 工作年度
    year: i64,
    /// 全部指标，附带的指标紧跟所属的指标
    items: Vec<FigureValue>,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MetricsAsked {
    /// 工作年度
    #[param(value_type = i64, minimum = 1990, maximum = 2100)]
    year: Year,
}

/// 考核指标
#[utoipa::path(get, path = "/api/v1/metrics", tag = "考核指标", params(MetricsAsked),
    responses((status = 200, description = "全部考核指标的值", body = Metrics), Refusals))]
pub(super) async fn list_metrics(
    State(app): State<App>,
    person: Person,
    Asked(asked): Asked<MetricsAsked>,
) -> Result<Json<Metrics>, Problem> {
    let (region, year) = (person.actor.region, asked.year.0);
    let all = app
        .db
        .read(move |tx| metrics::all(tx, &region, narrow(year)))
        .await?;
    let items = all.iter().flat_map(figures).collect();
    Ok(Json(Metrics { year, items }))
}

/// A year that was checked fits.
fn narrow(year: i64) -> i32 {
    i32::try_from(year).unwrap_or_default()
}

fn figures(metric: &Metric) -> Vec<FigureValue> {
    let has_parts = metric.definition.has_parts;
    let value = |(id, figure, computed): (String, &Figure, &Computed)| FigureValue {
        parts: if has_parts && id == metric.id() {
            computed.parts.iter().cloned().collect()
        } else {
            BTreeMap::new()
        },
        id,
        name: figure.name,
        value: computed.value.clone(),
        unit: figure.unit,
        formula: figure.formula,
        records: computed.records,
    };
    metric.figures().map(value).collect()
}

/// A record behind a figure.
#[derive(Serialize, ToSchema)]
pub(super) struct MetricRecord {
    /// 记录种类
    kind: String,
    /// 编号
    id: String,
    /// 所属对象的编号
    #[schema(required = true)]
    object_id: Option<String>,
    /// 名称
    label: String,
    /// 单位、文号或日期
    detail: String,
    /// 类别
    part: &'static str,
    /// 是否计入
    counts: bool,
    #[serde(skip)]
    place: i64,
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecordsAsked {
    /// 工作年度
    #[param(value_type = i64, minimum = 1990, maximum = 2100)]
    year: Year,
    /// 附带指标的名称，如 自评抽查复评率；不填为指标本身
    #[serde(default)]
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,200}$")]
    figure: Text,
    /// 上一页的 next
    #[param(value_type = String, required = false, pattern = "^[^\\x00]{0,150}~[^~\\x00]{1,49}$")]
    after: Option<After>,
    /// 一页的条数
    #[serde(default)]
    #[param(value_type = i64, required = false, minimum = 1, maximum = 200, default = 100)]
    limit: Limit,
}

/// 一个指标所统计的记录
///
/// 未计入的在前；未计入的是比率的分母中其余的记录。
#[utoipa::path(get, path = "/api/v1/metrics/{id}/records", tag = "考核指标",
    params(("id" = String, Path, description = "指标编号，如 P3.3"), RecordsAsked),
    responses((status = 200, description = "一页记录", body = Page<MetricRecord>), Refusals))]
pub(super) async fn list_metric_records(
    State(app): State<App>,
    person: Person,
    Named(Id(id)): Named<Id>,
    Asked(asked): Asked<RecordsAsked>,
) -> Result<Json<Page<MetricRecord>>, Problem> {
    let key = if asked.figure.0.is_empty() {
        id
    } else {
        format!("{id}/{}", asked.figure.0)
    };
    if metrics::find_figure(&key).is_none() {
        return Err(Problem::not_found());
    }
    let (region, year, limit) = (person.actor.region, asked.year.0, asked.limit);
    // The list's order is the figure's own, so that a place in it is a number.
    let after = asked.after.map(|after| after.0.id);
    let offset: i64 = after.and_then(|id| id.parse().ok()).unwrap_or_default();
    let offset = offset.max(0);
    let records = app
        .db
        .read(move |tx| {
            let page = (one_more(limit), offset);
            metrics::records(tx, &region, narrow(year), &key, page)
        })
        .await?;
    let item = |(place, record): (i64, metrics::Record)| MetricRecord {
        kind: record.kind,
        id: record.id,
        object_id: record.object_id,
        label: record.label,
        detail: record.detail,
        part: record.part,
        counts: record.hit,
        place: offset.saturating_add(place),
    };
    let items = (1..).zip(records).map(item).collect();
    Ok(Json(Page::new(items, limit, |record: &MetricRecord| {
        Cursor {
            key: String::new(),
            id: record.place.to_string(),
        }
    })))
}
