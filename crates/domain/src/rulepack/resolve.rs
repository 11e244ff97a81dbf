//! From TOML texts to one pack: the chain of parents is laid over each other, then validated.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::parameters::{ExecutionMode, OverPenalty, RulePack, SatisfactionMethod};
use super::{Bands, Exact};
use crate::number::Decimal;

/// Why a pack is refused; the text names the pack, the key and, where it can, the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("规则包 {pack}{place}：{reason}")]
pub struct PackError {
    /// The pack's id.
    pub pack: String,
    /// Key and line, as text; empty when the whole pack is meant.
    pub place: String,
    /// A Chinese sentence.
    pub reason: String,
}

/// Lays `id` over its parents, all taken from `texts` (id, TOML), and validates the result.
///
/// # Errors
/// A pack that is missing, is its own ancestor, has an unknown key or a wrong type, or whose bands
/// leave a gap or overlap.
pub fn resolve(id: &str, texts: &[(&str, &str)]) -> Result<RulePack, PackError> {
    let refuse = |place: String, reason: String| PackError {
        pack: id.to_owned(),
        place,
        reason,
    };
    let mut chain: Vec<(&str, &str, Table)> = Vec::new();
    let mut next = Some(id.to_owned());
    while let Some(wanted) = next {
        if chain.iter().any(|(seen, ..)| *seen == wanted) {
            return Err(refuse(
                String::new(),
                format!("上级规则包「{wanted}」绕成了一圈"),
            ));
        }
        let Some((name, text)) = texts.iter().find(|(name, _)| *name == wanted) else {
            return Err(refuse(String::new(), format!("找不到规则包「{wanted}」")));
        };
        let table: Table = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_of(text, span.start));
            refuse(
                format!(" 第 {line} 行"),
                format!("不是有效的 TOML：{}", error.message()),
            )
        })?;
        next = table
            .get("parent")
            .and_then(Value::as_str)
            .map(str::to_owned);
        chain.push((name, text, table));
    }
    let mut merged = Table::new();
    for (_, _, table) in chain.iter().rev() {
        lay_over(&mut merged, table);
    }
    if chain.len() > 1
        && chain
            .first()
            .is_some_and(|(_, _, own)| !own.contains_key("region"))
    {
        merged.remove("region");
    }
    let place_of = |key: &str| place_of(key, &chain);
    let pack = serde_path_to_error::deserialize::<_, RulePack>(Value::Table(merged))
        .map_err(|error| refuse(place_of(&error.path().to_string()), explain(&error)))?;
    if *pack.id != *id {
        return Err(refuse(place_of("id"), format!("id 应为「{id}」")));
    }
    match flaws(&pack).into_iter().next() {
        Some((key, reason)) => Err(refuse(place_of(key), reason)),
        None => Ok(pack),
    }
}

/// A key in which two packs differ, its value in the first and in the second, as TOML text.
pub type Difference = (String, Option<String>, Option<String>);

/// Every key in which two packs differ: key, value in the first, value in the second, as TOML
/// text; `None` where a pack has no such key. Both are looked up in `texts` with their parents.
///
/// # Errors
/// As [`resolve`].
pub fn diff(
    first: &str,
    second: &str,
    texts: &[(&str, &str)],
) -> Result<Vec<Difference>, PackError> {
    let first = flat(first, texts)?;
    let second = flat(second, texts)?;
    let mut keys: Vec<&String> = first.keys().chain(second.keys()).collect();
    keys.sort();
    keys.dedup();
    Ok(keys
        .into_iter()
        .filter(|key| first.get(*key) != second.get(*key))
        .map(|key| {
            (
                key.clone(),
                first.get(key).map(Value::to_string),
                second.get(key).map(Value::to_string),
            )
        })
        .collect())
}

/// All values of a pack by dotted key, those of its parents included, as JSON: numbers that are no
/// whole numbers are texts, as in the pack. The pack is looked up in `texts` with its parents.
///
/// # Errors
/// As [`resolve`].
pub fn values(
    id: &str,
    texts: &[(&str, &str)],
) -> Result<BTreeMap<String, serde_json::Value>, PackError> {
    flat(id, texts)?
        .into_iter()
        .map(|(key, value)| {
            let json = serde_json::to_value(value).map_err(|error| PackError {
                pack: id.to_owned(),
                place: format!("（参数 {key}）"),
                reason: format!("值不对：{error}"),
            })?;
            Ok((key, json))
        })
        .collect()
}

/// All values of a resolved pack by dotted key.
fn flat(id: &str, texts: &[(&str, &str)]) -> Result<BTreeMap<String, Value>, PackError> {
    resolve(id, texts)?;
    let mut tables = Vec::new();
    let mut next = Some(id.to_owned());
    while let Some(wanted) = next {
        let text = texts
            .iter()
            .find(|(name, _)| *name == wanted)
            .map_or("", |(_, text)| *text);
        let table: Table = toml::from_str(text).unwrap_or_default();
        next = table
            .get("parent")
            .and_then(Value::as_str)
            .map(str::to_owned);
        tables.push(table);
    }
    let mut merged = Table::new();
    for table in tables.iter().rev() {
        lay_over(&mut merged, table);
    }
    let mut out = BTreeMap::new();
    flatten("", &Value::Table(merged), &mut out);
    Ok(out)
}

fn flatten(prefix: &str, value: &Value, out: &mut BTreeMap<String, Value>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                let path = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten(&path, value, out);
            }
        }
        other => {
            out.insert(prefix.to_owned(), other.clone());
        }
    }
}

fn lay_over(below: &mut Table, above: &Table) {
    for (key, value) in above {
        match (below.get_mut(key), value) {
            // A child replaces a list of bands as a whole: half of one would leave gaps.
            (Some(Value::Table(old)), Value::Table(new)) if !new.contains_key("bands") => {
                lay_over(old, new);
            }
            _ => {
                below.insert(key.clone(), value.clone());
            }
        }
    }
}

fn explain(error: &serde_path_to_error::Error<toml::de::Error>) -> String {
    let inner = error.inner().message().to_owned();
    if let Some(rest) = inner.strip_prefix("unknown field ") {
        return format!("没有这个参数：{rest}");
    }
    if let Some(rest) = inner.strip_prefix("missing field ") {
        return format!("缺少参数 {rest}");
    }
    format!("值不对：{inner}")
}

/// ` 参数 grade.bands（第 12 行）`: the line in the youngest pack of the chain that has the key.
fn place_of(key: &str, chain: &[(&str, &str, Table)]) -> String {
    let last = key
        .rsplit(['.', '['])
        .find(|part| part.parse::<usize>().is_err());
    let table = key.split('.').next().unwrap_or_default();
    let wanted = last.unwrap_or(key).trim_end_matches(']');
    for (name, text, _) in chain {
        let mut section = "";
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if let Some(heading) = line.strip_prefix('[') {
                section = heading.trim_end_matches(']');
                if section == key {
                    return format!("（{name} 第 {number} 行 [{key}]）");
                }
            }
            let own = line.split('=').next().unwrap_or_default().trim();
            let here = section.is_empty() || section.split('.').next() == Some(table);
            if here && own == wanted && line.contains('=') {
                return format!("（{name} 第 {number} 行 {key}）");
            }
        }
    }
    format!("（参数 {key}）")
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

fn flaws(pack: &RulePack) -> Vec<(&'static str, String)> {
    let mut flaws = Vec::new();
    let mut add = |key: &'static str, flaw: Option<String>| {
        flaws.extend(flaw.map(|reason| (key, reason)));
    };
    add("grade", pack.grade.flaw().or_else(|| whole(&pack.grade)));
    let conclusions = Bands {
        closed: pack.ex_ante.closed,
        bands: pack.ex_ante.bands.clone(),
    };
    add(
        "ex_ante",
        conclusions.flaw().or_else(|| whole(&conclusions)),
    );
    add("reevaluation", pack.reevaluation.flaw());
    add("attachments.required", pack.attachments.flaw());
    add("budget", pack.budget.flaw());
    add("review", pack.review.flaw());
    if let Some((key, reason)) = pack.security.flaw() {
        add(key, Some(reason));
    }
    if let Some((key, reason)) = pack.advice.flaw() {
        add(key, Some(reason));
    }
    if let Some((key, reason)) = pack.target_review.flaw() {
        add(key, Some(reason));
    }
    add("over.tiers", pack.over.tiers.flaw());
    add("monitoring.lights", pack.monitoring.lights.flaw());
    add(
        "execution.cap",
        pack.execution.cap.as_ref().and_then(Bands::flaw),
    );
    add(
        "execution.steps",
        pack.execution.steps.as_ref().and_then(Bands::flaw),
    );
    flaws.extend(missing_companions(pack));
    let mut add = |key: &'static str, flaw: Option<String>| {
        flaws.extend(flaw.map(|reason| (key, reason)));
    };
    let weights = &pack.weights;
    let blocks = weights.exec.0 + weights.cost.0;
    let sum = blocks + weights.output.0 + weights.benefit.0 + weights.satisfaction.0;
    let alone = &weights.without_satisfaction;
    let sum_alone = blocks + alone.output.0 + alone.benefit.0;
    add("weights", not_hundred(sum));
    add("weights.without_satisfaction", not_hundred(sum_alone));
    if !(1..=12).contains(&pack.monitoring.month) {
        add("monitoring.month", Some("月份应在 1 至 12 之间".to_owned()));
    }
    for (key, percent) in [
        ("qualitative.partial_from", pack.qualitative.partial_from),
        ("qualitative.achieved_from", pack.qualitative.achieved_from),
        ("sampling.percent", pack.sampling.percent),
        ("execution.explain_below", pack.execution.explain_below),
    ] {
        let outside = percent.0 < Decimal::ZERO || percent.0 > Decimal::ONE_HUNDRED;
        add(
            key,
            outside.then(|| format!("{} 不在 0 至 100 之间", percent.0)),
        );
    }
    if pack.qualitative.partial_from.0 >= pack.qualitative.achieved_from.0 {
        add(
            "qualitative.partial_from",
            Some("应小于 achieved_from".to_owned()),
        );
    }
    flaws
}

/// Choices that need another parameter which is not there.
fn missing_companions(pack: &RulePack) -> Vec<(&'static str, String)> {
    let mut flaws = Vec::new();
    let (execution, over, satisfaction) = (&pack.execution, &pack.over, &pack.satisfaction);
    if execution.mode == ExecutionMode::Steps && execution.steps.is_none() {
        flaws.push(("execution.mode", "按档计分需要 execution.steps"));
    }
    if over.penalty == OverPenalty::Points && (over.points.is_none() || over.points_from.is_none())
    {
        let reason = "按固定分扣分需要 over.points 和 over.points_from";
        flaws.push(("over.penalty", reason));
    }
    if satisfaction.method == SatisfactionMethod::Threshold
        && (satisfaction.full_from.is_none() || satisfaction.zero_below.is_none())
    {
        flaws.push(("satisfaction.method", "需要 full_from 和 zero_below"));
    }
    let owned = flaws.into_iter();
    owned
        .map(|(key, reason)| (key, reason.to_owned()))
        .collect()
}

fn not_hundred(sum: Decimal) -> Option<String> {
    (sum != Decimal::ONE_HUNDRED).then(|| format!("各部分分值合计 {sum}，应为 100"))
}

/// Bands over points must reach from 0 to 100.
pub(super) fn whole<T>(bands: &Bands<T>) -> Option<String> {
    let low = bands
        .bands
        .first()
        .and_then(|band| band.from)
        .map_or(Decimal::ZERO, |end| end.0);
    let high = bands
        .bands
        .last()
        .and_then(|band| band.to)
        .map_or(Decimal::ONE_HUNDRED, |end: Exact| end.0);
    (low > Decimal::ZERO || high < Decimal::ONE_HUNDRED)
        .then(|| format!("区间只覆盖 {low} 至 {high}，应覆盖 0 至 100"))
}
