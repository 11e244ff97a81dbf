//! The common indicators that the program brings along.

use std::sync::OnceLock;

use serde::Deserialize;

use super::Entry;
use crate::target::LEVELS2;

const TEXT: &str = include_str!("common.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    sector: Vec<Sector>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sector {
    name: String,
    function_class: String,
    rows: Vec<[String; 10]>,
}

/// The common indicators, in the order of their codes.
///
/// # Panics
/// Never: a test reads the set.
pub fn common() -> &'static [Entry] {
    static SET: OnceLock<Vec<Entry>> = OnceLock::new();
    SET.get_or_init(|| {
        let set: Set = toml::from_str(TEXT).expect("the set is read in a test");
        let rows = set.sector.into_iter().flat_map(|sector| {
            let of = move |row: [String; 10]| entry(&sector.name, &sector.function_class, row);
            sector.rows.into_iter().map(of)
        });
        rows.collect()
    })
}

/// The sectors of the common indicators, in their order.
pub fn sectors() -> Vec<&'static str> {
    let mut sectors: Vec<&str> = Vec::new();
    for entry in common() {
        if sectors.last() != Some(&&*entry.sector) {
            sectors.push(&entry.sector);
        }
    }
    sectors
}

fn entry(sector: &str, function_class: &str, row: [String; 10]) -> Entry {
    let [
        code,
        level2,
        name,
        operator,
        unit,
        usual_value,
        explanation,
        formula,
        evidence,
        data_source,
    ] = row;
    let level1 = LEVELS2.iter().find(|(_, word)| *word == level2);
    Entry {
        code,
        level1: level1.map_or("", |(level1, _)| level1).to_owned(),
        level2,
        name,
        explanation,
        operator,
        unit,
        formula,
        evidence,
        data_source,
        usual_value,
        sector: sector.to_owned(),
        function_class: function_class.to_owned(),
        ..Entry::default()
    }
}
