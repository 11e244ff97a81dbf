//! The money of a transcription: total, sources, and every group of amounts that has a total.

use domain::form::{Field, Money, MoneyRow, MoneyUnit, Split};
use domain::number::Decimal;
use serde_json::{Map, Value};

use super::transcription::{Node, number, pointer, printed};

/// Keys of 全年预算数, the surest first.
const ADJUSTED: [&str; 11] = [
    "adjusted",
    "adjusted_total",
    "after_integration",
    "annual_total",
    "annual_budget",
    "annual_request",
    "budget_total",
    "planned",
    "approved",
    "project_total",
    "project_total_investment",
];
const INITIAL: [&str; 3] = ["initial", "initial_total", "initial_budget"];
const RECEIVED: [&str; 2] = ["received", "received_total"];
const EXECUTED: [&str; 6] = [
    "executed_total",
    "executed",
    "used",
    "paid",
    "spent",
    "actual_total",
];
/// Keys of what is left of the money.
const LEFT: [(&str, &str); 5] = [
    ("unspent", "结余"),
    ("surplus", "结余"),
    ("balance", "结余"),
    ("carried_over", "结转"),
    ("carryover", "结转"),
];
/// Keys of a total beside its lines.
const TOTALS: [&str; 6] = ["stated_total", "total", "合计", "总计", "总额", "小计"];

/// Reads the money of a form.
pub(super) fn read(form: &Node<'_>) -> Money {
    let rate = form.number(&["execution_rate"]);
    let weight = form.number(&["execution_weight"]);
    let score = form.number(&["execution_score"]);
    let place = format!("{}/budget", form.place);
    let empty = Map::new();
    let map = match form.map.get("budget") {
        Some(Value::Object(map)) => map,
        _ => &empty,
    };
    let at = Node { map, place: &place };
    let total = MoneyRow {
        label: Field {
            printed: "年度资金总额".into(),
            value: Some("年度资金总额".into()),
            place: place.clone(),
        },
        initial: at.number(&INITIAL),
        adjusted: at.number(&ADJUSTED),
        received: at.number(&RECEIVED),
        executed: at.number(&EXECUTED),
        weight,
        rate,
        score,
    };
    let splits = splits(&at, &total);
    let filled = [
        &total.initial,
        &total.adjusted,
        &total.received,
        &total.executed,
        &total.weight,
        &total.rate,
        &total.score,
    ]
    .iter()
    .any(|field| field.is_some());
    Money {
        unit: at.text(&["unit"]).map(unit),
        total: filled.then_some(total),
        sources: sources(&at),
        splits,
    }
}

fn unit(field: Field) -> Field<MoneyUnit> {
    let first = field.printed.trim_start().to_owned();
    let value = match () {
        () if first.starts_with('万') => Some(MoneyUnit::WanYuan),
        () if first.starts_with('亿') => Some(MoneyUnit::YiYuan),
        () if first.starts_with('元') || first.starts_with("人民币元") => {
            Some(MoneyUnit::Yuan)
        }
        () => None,
    };
    Field {
        printed: field.printed,
        value,
        place: field.place,
    }
}

fn sources(budget: &Node<'_>) -> Vec<MoneyRow> {
    let Some(Value::Array(rows)) = budget.map.get("sources") else {
        return Vec::new();
    };
    let row = |(order, row): (usize, &Value)| {
        let place = format!("{}/sources/{order}", budget.place);
        let at = Node {
            map: row.as_object()?,
            place: &place,
        };
        Some(MoneyRow {
            label: at.text(&["name"]).unwrap_or_default(),
            initial: at.number(&["initial"]),
            adjusted: at.number(&["adjusted", "budget", "amount"]),
            received: at.number(&["received"]),
            executed: at.number(&["executed", "used", "paid"]),
            weight: at.number(&["weight"]),
            rate: at.number(&["rate"]),
            score: at.number(&["score"]),
        })
    };
    rows.iter().enumerate().filter_map(row).collect()
}

/// Every group of amounts with the total that it must make.
fn splits(budget: &Node<'_>, total: &MoneyRow) -> Vec<Split> {
    let mut splits = Vec::new();
    for (key, value) in budget.map {
        let place = format!("{}/{}", budget.place, pointer(key));
        match (key.as_str(), value) {
            ("by_income", Value::Object(lines)) => {
                splits.push(group("按收入性质分", lines, &place, None));
            }
            ("by_expenditure", Value::Object(lines)) => {
                splits.push(group("按支出性质分", lines, &place, None));
            }
            (_, Value::Object(lines)) => splits.extend(object(key, lines, &place, budget, total)),
            ("sources", _) => {}
            (_, Value::Array(items)) => columns(key, items, &place, budget, total, &mut splits),
            _ => {}
        }
    }
    for (key, name) in [("income", "收入"), ("expenditure", "支出")] {
        let stated = budget.number(&[key]);
        if stated.is_some() && !splits.iter().any(|split| split.label == name) {
            splits.push(Split {
                label: name.into(),
                total: stated,
                lines: Vec::new(),
            });
        }
    }
    splits.extend(remainder(budget, total));
    splits.extend(adjustment(budget, total));
    splits
}

fn group(
    label: &str,
    lines: &Map<String, Value>,
    place: &str,
    total: Option<Field<Decimal>>,
) -> Split {
    let own = TOTALS.iter().find(|key| lines.contains_key(**key));
    let field = |key: &str, value: &Value| number(value, &format!("{place}/{}", pointer(key)));
    let stated = own.and_then(|key| field(key, lines.get(*key)?));
    Split {
        label: label.to_owned(),
        total: stated.or(total),
        lines: lines
            .iter()
            .filter(|(key, _)| !TOTALS.contains(&key.as_str()))
            .filter_map(|(key, value)| Some((key.clone(), field(key, value)?)))
            .collect(),
    }
}

/// What a group's key says, in Chinese.
fn label(key: &str) -> String {
    let has = |part: &str| key.contains(part);
    let name = match () {
        () if has("request") => "申报明细",
        () if has("actual") => "实际支出明细",
        () if has("income") => "收入",
        () if has("expend") => "支出",
        () if has("cost") => "成本明细",
        () if has("task") => "任务明细",
        () if !key.is_ascii() => key,
        () => "分项明细",
    };
    if has("yuan") {
        format!("{name}（元）")
    } else {
        name.to_owned()
    }
}

/// `income_parts` beside `income`, a detail with its own total, or `parts` of the year's money.
fn object(
    key: &str,
    lines: &Map<String, Value>,
    place: &str,
    budget: &Node<'_>,
    total: &MoneyRow,
) -> Option<Split> {
    if key.starts_with("stated_total") {
        return None;
    }
    let head = ["_parts", "_items", "_detail", "_split"]
        .iter()
        .find_map(|end| key.strip_suffix(end));
    let beside = head.and_then(|head| {
        let long = format!("{head}_total");
        budget.number(&[head, &long])
    });
    let split = group(&label(key), lines, place, beside);
    if split.lines.len() < 2 {
        return None;
    }
    if split.total.is_some() {
        return Some(split);
    }
    Some(nearest(split, budget, total))
}

/// The total that lines without one of their own are meant to make: the printed amount nearest to
/// their sum, if it is near at all. A list that is far from every amount is not complete.
fn nearest(mut split: Split, budget: &Node<'_>, total: &MoneyRow) -> Split {
    let sum = split
        .lines
        .iter()
        .try_fold(Decimal::ZERO, |sum, (_, field)| {
            sum.checked_add(field.value?)
        });
    let Some(sum) = sum else { return split };
    let extra = [budget.number(&["expenditure"]), budget.number(&["income"])];
    let known = [&total.adjusted, &total.initial, &total.executed];
    let gap = |field: &Field<Decimal>| Some(field.value?.checked_sub(sum)?.abs());
    let best = known
        .into_iter()
        .chain(&extra)
        .flatten()
        .filter(|field| field.value.is_some())
        .min_by_key(|field| gap(field));
    split.total = best
        .filter(|field| {
            let limit = field.value.unwrap_or_default().abs() / Decimal::from(5);
            gap(field).is_some_and(|gap| gap <= limit)
        })
        .cloned();
    split
}

/// A list of items with amounts by column: each column makes a total.
fn columns(
    key: &str,
    items: &[Value],
    place: &str,
    budget: &Node<'_>,
    total: &MoneyRow,
    splits: &mut Vec<Split>,
) {
    let rows: Vec<(usize, &Map<String, Value>)> = items
        .iter()
        .enumerate()
        .filter_map(|(order, item)| Some((order, item.as_object()?)))
        .collect();
    let mut keys: Vec<&String> = Vec::new();
    for (_, row) in &rows {
        for (column, value) in *row {
            if value.is_number() && !keys.contains(&column) {
                keys.push(column);
            }
        }
    }
    let not_money = [
        "quantity",
        "count",
        "unit_cost",
        "unit_price",
        "price",
        "standard",
    ];
    for column in keys {
        if not_money.contains(&column.as_str()) {
            continue;
        }
        let lines: Vec<(String, Field<Decimal>)> = rows
            .iter()
            .filter_map(|(order, row)| {
                let name = row.get("name").map(printed).unwrap_or_default();
                let at = format!("{place}/{order}/{}", pointer(column));
                Some((name, number(row.get(column)?, &at)?))
            })
            .collect();
        if lines.len() < rows.len() || lines.len() < 2 {
            continue;
        }
        let split = Split {
            label: format!("{}{}", label(key), year_of(column)),
            total: stated(budget, column),
            lines,
        };
        if split.total.is_some() {
            splits.push(split);
        } else if ["amount", "budget", "total", "money"].contains(&column.as_str()) {
            splits.push(nearest(split, budget, total));
        }
    }
    products(&rows, place, splits);
}

/// `y2020_actual` → `（2020年）`
fn year_of(column: &str) -> String {
    let digits: String = column.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 4 {
        format!("{digits}年")
    } else {
        String::new()
    }
}

/// The total of a column in `stated_totals`: under the same key, or under its beginning.
fn stated(budget: &Node<'_>, column: &str) -> Option<Field<Decimal>> {
    let totals = budget.map.get("stated_totals")?.as_object()?;
    let key = totals
        .keys()
        .filter(|key| column == key.as_str() || column.starts_with(&format!("{key}_")))
        .max_by_key(|key| key.len())?;
    let place = format!("{}/stated_totals/{}", budget.place, pointer(key));
    number(totals.get(key)?, &place)
}

/// Quantity × unit cost of each item, as a group of one product.
fn products(rows: &[(usize, &Map<String, Value>)], place: &str, splits: &mut Vec<Split>) {
    for (order, row) in rows {
        let at = format!("{place}/{order}");
        let node = Node {
            map: row,
            place: &at,
        };
        let quantity = node.number(&["quantity", "count"]);
        let cost = node.number(&["unit_cost", "unit_price", "price", "standard"]);
        let amount = node.number(&["amount", "total", "budget"]);
        let (Some(quantity), Some(cost), Some(amount)) = (quantity, cost, amount) else {
            continue;
        };
        let name = row.get("name").map(printed).unwrap_or_default();
        splits.push(Split {
            label: format!("{}{name}", domain::check::PRODUCT),
            total: Some(amount),
            lines: vec![("数量".into(), quantity), ("单价".into(), cost)],
        });
    }
}

/// What was spent and what is left make what there was.
fn remainder(budget: &Node<'_>, total: &MoneyRow) -> Option<Split> {
    let (left, name) = LEFT
        .iter()
        .find_map(|(key, name)| Some((budget.number(&[key])?, *name)))?;
    let executed = total.executed.clone()?;
    let whole = [&total.received, &total.adjusted];
    let sum = left.value?.checked_add(executed.value?)?;
    let best = whole
        .into_iter()
        .flatten()
        .filter(|field| field.value.is_some())
        .min_by_key(|field| Some(field.value?.checked_sub(sum)?.abs()))?;
    Some(Split {
        label: format!("执行数与{name}"),
        total: Some(best.clone()),
        lines: vec![("执行数".into(), executed), (name.into(), left)],
    })
}

/// The initial budget and its change make the adjusted budget.
fn adjustment(budget: &Node<'_>, total: &MoneyRow) -> Option<Split> {
    let change = budget.number(&["adjustment", "adjusted_by"])?;
    Some(Split {
        label: domain::check::ADJUSTMENT.into(),
        total: total.adjusted.clone(),
        lines: vec![
            ("年初预算".into(), total.initial.clone()?),
            ("预算调整".into(), change),
        ],
    })
}
