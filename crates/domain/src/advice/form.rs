//! A filed form as a target, to be advised on as if it were being typed.

use super::{Advice, Context, advise};
use crate::form::{Field, Form, FormKind, IndicatorRow, MoneyUnit};
use crate::indicator::{Measure, OperatorSource, TargetCells, read_target};
use crate::number::{Decimal, Fen};
use crate::rulepack::RulePack;
use crate::target::{Row, Target};

/// Advice on a filed form; each place is the place on the form. Nothing for a form that is no
/// target and no self-evaluation, or that has no indicators.
pub fn of_form(pack: &RulePack, form: &Form) -> Vec<Advice> {
    let known = matches!(
        form.kind,
        FormKind::ProjectTarget
            | FormKind::ProjectSelfEvaluation
            | FormKind::DepartmentSelfEvaluation
    );
    if !known {
        return Vec::new();
    }
    let has_units = form
        .indicators
        .iter()
        .any(|row| !text(row.unit.as_ref()).is_empty());
    let target = Target {
        goal: text(form.objectives.as_ref()).to_owned(),
        rows: (0..)
            .zip(&form.indicators)
            .map(|(place, row)| typed(place, row, has_units))
            .collect(),
        ..Target::default()
    };
    let context = Context {
        object_name: text(form.project_name.as_ref()).to_owned(),
        year: form
            .fiscal_year
            .as_ref()
            .and_then(|it| it.value)
            .unwrap_or_default(),
        budget: budget(form),
        is_excerpt: is_excerpt(pack, &target),
        ..Context::default()
    };
    let mut advice = advise(pack, &target, &context);
    for advice in &mut advice {
        advice.r#where = place(form, &advice.r#where);
        for put in &mut advice.mend.puts {
            put.path = place(form, &put.path);
        }
    }
    advice
}

/// House rule: many published tables are excerpts; one whose points make no sum that a whole table
/// has is not judged as a whole.
fn is_excerpt(pack: &RulePack, target: &Target) -> bool {
    let sum = target.sum().decimal();
    let full = Decimal::ONE_HUNDRED;
    sum != full && sum != full - pack.weights.exec.0
}

fn text(field: Option<&Field>) -> &str {
    field.map_or("", |field| field.printed.trim())
}

/// The row as the house's own form has it: sign, number and unit in three cells. A form that prints
/// them in one cell is not told to part them.
fn typed(place: usize, row: &IndicatorRow, has_units: bool) -> Row {
    let (printed, unit) = (text(row.target.as_ref()), text(row.unit.as_ref()));
    let mut typed = Row {
        key: place.to_string(),
        level1: text(row.level1.as_ref()).to_owned(),
        level2: text(row.level2.as_ref()).to_owned(),
        name: text(row.level3.as_ref()).to_owned(),
        operator: text(row.operator.as_ref()).to_owned(),
        value: printed.to_owned(),
        unit: unit.to_owned(),
        weight: row.weight.as_ref().map_or("", |it| &it.printed).to_owned(),
        is_core: false,
        origin: String::new(),
    };
    let is_one_cell = row.operator.is_none() || !has_units || unit.is_empty();
    if !is_one_cell {
        return typed;
    }
    let read = read_target(TargetCells {
        printed,
        operator: row.operator.as_ref().map(|it| &*it.printed),
        unit: row.unit.as_ref().map(|it| &*it.printed),
        name: &typed.name,
        level2: &typed.level2,
    });
    if let Some((operator, OperatorSource::Sign | OperatorSource::Words)) = read.operator {
        operator.sign().clone_into(&mut typed.operator);
    }
    if let Measure::Quantity { value, unit } = read.measure {
        typed.value = super::line::plain(value);
        typed.unit = unit;
    }
    typed
}

fn budget(form: &Form) -> Option<Fen> {
    let row = form.money.total.as_ref()?;
    let field = row.adjusted.as_ref().or(row.initial.as_ref())?;
    let amount = field.value?;
    match form.money.unit.as_ref().and_then(|unit| unit.value)? {
        MoneyUnit::Yuan => Fen::from_yuan(amount),
        MoneyUnit::WanYuan => Fen::from_wan(amount),
        MoneyUnit::YiYuan => Fen::from_wan(amount.checked_mul(Decimal::from(10_000))?),
    }
}

/// The place on the form of a path of the target.
fn place(form: &Form, path: &str) -> String {
    let goal = || form.objectives.as_ref().map(|field| field.place.clone());
    if path == "goal" {
        return goal().unwrap_or_default();
    }
    let rows = path.strip_prefix("indicators").unwrap_or_default();
    let Some((key, cell)) = rows.trim_start_matches('/').split_once('/') else {
        let first = form.indicators.first();
        return first.map_or_else(String::new, |row| row.place.clone());
    };
    let row = key
        .parse()
        .ok()
        .and_then(|place: usize| form.indicators.get(place));
    let Some(row) = row else { return String::new() };
    let field = match cell {
        "level1" => row.level1.as_ref(),
        "level2" => row.level2.as_ref(),
        "name" => row.level3.as_ref(),
        "operator" => row.operator.as_ref().or(row.target.as_ref()),
        "value" => row.target.as_ref(),
        "unit" => row.unit.as_ref().or(row.target.as_ref()),
        _ => None,
    };
    let weight = row.weight.as_ref().filter(|_| cell == "weight");
    let place = field.map(|it| &it.place).or(weight.map(|it| &it.place));
    place.unwrap_or(&row.place).clone()
}
