//! The facts that a statement is composed from: metrics and titles of records.

use std::collections::BTreeMap;

use db::{Error, Tx};
use domain::metrics::{Computed, Figure, Value};
use domain::statement::{Facts, OUTLINE};

use crate::metrics::{self, Metric};

/// What was read of a year.
pub(super) struct Gathered<'a> {
    pub(super) metrics: &'a [Metric],
    pub(super) titles: BTreeMap<String, Vec<String>>,
}

impl Gathered<'_> {
    fn find(&self, key: &str) -> Option<(&Figure, &Computed)> {
        let id = key.split('/').next().unwrap_or(key);
        let metric = self.metrics.iter().find(|metric| metric.id() == id)?;
        metric
            .figures()
            .find(|(name, ..)| name == key)
            .map(|(_, figure, computed)| (figure, computed))
    }
}

impl Facts for Gathered<'_> {
    fn value(&self, key: &str) -> Option<(Option<Value>, &'static str)> {
        let (figure, computed) = self.find(key)?;
        Some((computed.value.clone(), figure.unit))
    }

    fn parts(&self, key: &str) -> Vec<(String, i64)> {
        self.find(key)
            .map(|(_, computed)| computed.parts.clone())
            .unwrap_or_default()
    }

    fn titles(&self, key: &str) -> Vec<String> {
        self.titles.get(key).cloned().unwrap_or_default()
    }
}

/// Most titles that one sentence names.
const MOST_TITLES: i64 = 30;

/// The titles of the records that the outline wants to name: those that count.
pub(super) fn titles(
    tx: &mut Tx<'_>,
    region: &str,
    year: i32,
) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut titles = BTreeMap::new();
    for key in named() {
        let records = metrics::records(tx, region, year, key, (MOST_TITLES, 0))?;
        let labels = records
            .into_iter()
            .filter(|record| record.hit)
            .map(|record| record.label)
            .collect();
        titles.insert(key.to_owned(), labels);
    }
    Ok(titles)
}

/// The figures whose records the outline names: `[B1.2]`.
fn named() -> impl Iterator<Item = &'static str> {
    OUTLINE
        .iter()
        .flat_map(|section| section.sentences)
        .flat_map(|sentence| [Some(sentence.text), sentence.otherwise])
        .flatten()
        .flat_map(|text| text.split('[').skip(1))
        .filter_map(|rest| rest.split_once(']'))
        .map(|(key, _)| key.trim_start_matches('='))
}
