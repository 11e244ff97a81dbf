//! Metrics and records as the command line prints them.

use domain::metrics::{Computed, Figure};
use serde_json::{Map, Value, json};

use super::{Metric, Record};

/// `{"year","metrics":[{"id","name","value","unit","formula","records", …}]}`: `parts` where a
/// count has kinds, `also` where other figures belong to the metric.
pub fn metrics_json(year: i32, metrics: &[Metric]) -> Value {
    let list: Vec<Value> = metrics.iter().map(metric).collect();
    json!({ "year": year, "metrics": list })
}

fn metric(metric: &Metric) -> Value {
    let mut object = figure(metric.id(), &metric.definition.figure, &metric.main);
    if metric.definition.has_parts {
        object.insert("parts".to_owned(), parts(&metric.main));
    }
    if !metric.also.is_empty() {
        let also: Vec<Value> = metric
            .figures()
            .skip(1)
            .map(|(key, one, computed)| Value::Object(figure(&key, one, computed)))
            .collect();
        object.insert("also".to_owned(), Value::Array(also));
    }
    Value::Object(object)
}

fn figure(id: &str, figure: &Figure, computed: &Computed) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(id));
    object.insert("name".to_owned(), json!(figure.name));
    object.insert("value".to_owned(), json!(computed.value));
    object.insert("unit".to_owned(), json!(figure.unit));
    object.insert("formula".to_owned(), json!(figure.formula));
    object.insert("records".to_owned(), json!(computed.records));
    object
}

fn parts(computed: &Computed) -> Value {
    let parts = computed
        .parts
        .iter()
        .map(|(part, count)| (part.clone(), json!(count)));
    Value::Object(parts.collect())
}

/// `{"year","id","records":[{"kind","id","object","label","detail","part","counts"}]}`.
pub fn records_json(year: i32, key: &str, records: &[Record]) -> Value {
    let list: Vec<Value> = records
        .iter()
        .map(|record| {
            json!({
                "kind": record.kind,
                "id": record.id,
                "object": record.object_id,
                "label": record.label,
                "detail": record.detail,
                "part": record.part,
                "counts": record.hit,
            })
        })
        .collect();
    json!({ "year": year, "id": key, "records": list })
}
