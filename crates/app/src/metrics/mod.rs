//! 考核指标: every metric is computed from the tally of the records that it lists.

mod figure;
mod json;
mod list;
#[cfg(test)]
mod page_tests;
mod store;
#[cfg(test)]
mod tests;
mod words;

use axum::routing::get;
use db::{Error, Row, Tx};
use domain::metrics::{Computed, DEFINITIONS, Definition, Figure, Tally, compute};
use domain::permission::Action;

use crate::serve::{Access, Route};

pub use json::{metrics_json, records_json};
pub(crate) use store::LISTS;
#[cfg(test)]
pub(crate) use store::STATEMENTS;
pub(crate) use words::{formula, value_text};

/// The feature's routes.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            "/metrics",
            "/metrics",
            Access::May(Action::ReadStatistics),
            get(list::show),
        ),
        Route::new(
            "/metrics.csv",
            "/metrics.csv",
            Access::May(Action::ReadStatistics),
            get(list::save_csv),
        ),
        Route::new(
            "/metrics.xlsx",
            "/metrics.xlsx",
            Access::May(Action::ReadStatistics),
            get(list::save_workbook),
        ),
        Route::new(
            "/metrics/{id}",
            "/metrics/P3.3",
            Access::May(Action::ReadStatistics),
            get(figure::show),
        ),
        Route::new(
            "/metrics/{id}/{figure}",
            "/metrics/P5.5/%E6%95%B4%E6%94%B9%E6%8C%89%E6%9C%9F%E7%8E%87",
            Access::May(Action::ReadStatistics),
            get(figure::show_other),
        ),
    ]
}

/// A metric with its values.
#[derive(Debug, Clone)]
pub struct Metric {
    /// What it is.
    pub definition: &'static Definition,
    /// Its main figure.
    pub main: Computed,
    /// The figures that belong to it, with their values, in the definition's order.
    pub also: Vec<(&'static Figure, Computed)>,
}

impl Metric {
    /// `P3.3`.
    pub fn id(&self) -> &'static str {
        self.definition.id
    }

    /// Every figure with its key (`P3.8`, `P3.8/自评抽查复评率`) and value.
    pub fn figures(&self) -> impl Iterator<Item = (String, &'static Figure, &Computed)> {
        let main = (self.id().to_owned(), &self.definition.figure, &self.main);
        let also = self
            .also
            .iter()
            .map(|(figure, computed)| (key(self.id(), figure), *figure, computed));
        std::iter::once(main).chain(also)
    }
}

/// One record behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What kind of record: `self_evaluation`, `unit` …
    pub kind: String,
    /// Its identifier.
    pub id: String,
    /// The object that it belongs to, if it does.
    pub object_id: Option<String>,
    /// What a reader knows it by.
    pub label: String,
    /// The unit, number or date beside it.
    pub detail: String,
    /// The part that it is counted under, as a word; empty where there are none.
    pub part: &'static str,
    /// Whether it counts. Records that don't are the rest of a share's denominator.
    pub hit: bool,
    /// What it adds to a sum or a mean: fen, hundredths of a point, people; none where records
    /// are counted alone.
    pub amount: Option<i64>,
}

/// The key of a figure that belongs to a metric.
fn key(id: &str, figure: &Figure) -> String {
    format!("{id}/{}", figure.name)
}

/// Computes every metric of a work year.
///
/// # Errors
/// A query that fails.
pub fn all(tx: &mut Tx<'_>, region: &str, year: i32) -> Result<Vec<Metric>, Error> {
    DEFINITIONS
        .iter()
        .map(|definition| metric(tx, region, year, definition))
        .collect()
}

/// Computes one metric.
fn metric(
    tx: &mut Tx<'_>,
    region: &str,
    year: i32,
    definition: &'static Definition,
) -> Result<Metric, Error> {
    let main = figure(tx, region, year, definition.id, &definition.figure)?;
    let mut also = Vec::with_capacity(definition.also.len());
    for one in definition.also {
        let key = key(definition.id, one);
        also.push((one, figure(tx, region, year, &key, one)?));
    }
    Ok(Metric {
        definition,
        main,
        also,
    })
}

fn figure(
    tx: &mut Tx<'_>,
    region: &str,
    year: i32,
    key: &str,
    figure: &Figure,
) -> Result<Computed, Error> {
    Ok(computed(figure, &tallies(tx, region, year, key)?))
}

fn computed(figure: &Figure, tallies: &[Tally]) -> Computed {
    let mut computed = compute(figure.shape, tallies);
    for (part, _) in &mut computed.parts {
        *part = part_word(part).to_owned();
    }
    computed
}

/// What the list behind a figure gives for each part, in the order in which they are told.
fn tallies(tx: &mut Tx<'_>, region: &str, year: i32, key: &str) -> Result<Vec<Tally>, Error> {
    let rows = tx.query(list(key).tally, &[&region, &year])?;
    let mut tallies = rows.iter().map(tally).collect::<Result<Vec<_>, _>>()?;
    tallies.sort_by_key(|tally| part_order(&tally.part));
    Ok(tallies)
}

/// One page of the records behind a figure: those that don't count first.
///
/// # Errors
/// A query that fails.
pub fn records(
    tx: &mut Tx<'_>,
    region: &str,
    year: i32,
    key: &str,
    page: (i64, i64),
) -> Result<Vec<Record>, Error> {
    records_of_part(tx, (region, year), key, "", page)
}

/// One page of the records of one part (its code), or of all when it is empty.
fn records_of_part(
    tx: &mut Tx<'_>,
    (region, year): (&str, i32),
    key: &str,
    part: &str,
    (limit, offset): (i64, i64),
) -> Result<Vec<Record>, Error> {
    let values: [&dyn db::ToValue; 5] = [&region, &year, &limit, &offset, &part];
    tx.query(list(key).records, &values)?
        .iter()
        .map(record)
        .collect()
}

/// How many records the list behind a figure has.
///
/// # Errors
/// A query that fails.
pub fn count(tx: &mut Tx<'_>, region: &str, year: i32, key: &str) -> Result<usize, Error> {
    let tallies = tallies(tx, region, year, key)?;
    let records: i64 = tallies.iter().map(|tally| tally.records).sum();
    Ok(usize::try_from(records).unwrap_or(usize::MAX))
}

/// The figure that a key names, if there is one.
pub fn find_figure(key: &str) -> Option<(&'static Definition, &'static Figure)> {
    let (id, name) = key
        .split_once('/')
        .map_or((key, None), |(id, name)| (id, Some(name)));
    let definition = domain::metrics::find(id)?;
    match name {
        None => Some((definition, &definition.figure)),
        Some(name) => definition
            .also
            .iter()
            .find(|figure| figure.name == name)
            .map(|figure| (definition, figure)),
    }
}

/// The region whose year it is: the only one in the database.
///
/// # Errors
/// No region has that year, or more than one has.
pub fn region_of(tx: &mut Tx<'_>, year: i32) -> Result<Option<String>, Error> {
    let row = tx.find(store::REGION, &[&year])?;
    row.map(|row| row.text("region_code")).transpose()
}

fn list(key: &str) -> &'static store::List {
    LISTS
        .iter()
        .find(|list| list.key == key)
        .expect("a test compares the lists with the definitions")
}

fn tally(row: &Row) -> Result<Tally, Error> {
    Ok(Tally {
        part: row.text("part")?,
        records: row.int("records")?,
        hits: row.int("hits")?,
        hit_amount: row.opt_int("hit_amount")?,
        amount: row.opt_int("amount")?,
    })
}

fn record(row: &Row) -> Result<Record, Error> {
    Ok(Record {
        kind: row.text("record_kind")?,
        id: row.text("record_id")?,
        object_id: row.opt_text("object_id")?,
        label: row.text("label")?,
        detail: row.text("detail")?,
        part: part_word(&row.text("part")?),
        hit: row.int("hit")? == 1,
        amount: row.opt_int("amount")?,
    })
}

/// The words for the parts, in the order in which a sentence names them.
const PARTS: [(&str, &str); 18] = [
    ("department", "部门整体"),
    ("project", "项目"),
    ("policy", "政策"),
    ("general_public", "一般公共预算"),
    ("gov_fund", "政府性基金预算"),
    ("state_capital", "国有资本经营预算"),
    ("social_insurance", "社会保险基金预算"),
    ("bureau", "财政部门组织"),
    ("regulation", "自行出台"),
    ("forwarded", "转发上级"),
    ("优", "优"),
    ("良", "良"),
    ("中", "中"),
    ("差", "差"),
    ("national", "国家级"),
    ("provincial", "省级"),
    ("city", "市级"),
    ("county", "县级"),
];

fn part_order(code: &str) -> usize {
    PARTS
        .iter()
        .position(|(part, _)| *part == code)
        .unwrap_or(PARTS.len())
}

/// The word for a part; a part without a word of its own is told by its records alone.
fn part_word(code: &str) -> &'static str {
    PARTS
        .iter()
        .find(|(part, _)| *part == code)
        .map_or("", |(_, word)| word)
}

/// The code of the part that a word names.
fn part_code(word: &str) -> Option<&'static str> {
    PARTS
        .iter()
        .find(|(_, name)| *name == word)
        .map(|(code, _)| *code)
}
