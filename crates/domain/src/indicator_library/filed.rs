//! A filed list of indicators, compared with the library.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Entry;

/// A row of a filed list: its cells by the names of [`Entry::fields`]. A field that the list has no
/// column for stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// Where the row stands: the address of its first cell.
    pub place: String,
    /// The cells.
    pub cells: BTreeMap<String, FiledCell>,
}

/// A cell of a filed list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiledCell {
    /// Its address.
    pub place: String,
    /// What stands in it.
    pub text: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The library has no such code.
    New(Entry),
    /// The entry as it will be, and its differences: label, before, after.
    Changed(Entry, Vec<(&'static str, String, String)>),
    /// The library says the same.
    Unchanged,
    /// Why not, as a Chinese sentence, and the cell.
    Rejected(String, String),
}

impl Filed {
    fn text(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", |cell| cell.text.trim())
    }

    fn place_of(&self, name: &str) -> String {
        let cell = self.cells.get(name);
        cell.map_or_else(|| self.place.clone(), |cell| cell.place.clone())
    }

    /// The entry that comes of `known`, or of nothing.
    fn entry(&self, known: Option<&Entry>) -> Entry {
        let mut entry = known.cloned().unwrap_or_default();
        for (name, cell) in &self.cells {
            entry.set(name, &cell.text);
        }
        entry.tidied()
    }
}

/// What becomes of each row, in their order. `known` is the library by code, `units` are the codes
/// of the units that an indicator can belong to.
///
/// House rule: a row that takes the name, unit and sector of another code is refused, because two
/// codes for one indicator split its figures.
pub fn compare(
    filed: &[Filed],
    known: &BTreeMap<String, Entry>,
    units: &BTreeSet<String>,
) -> Vec<Fate> {
    let key = |entry: &Entry| {
        let parts = [&entry.owner, &entry.sector, &entry.level2, &entry.name];
        parts.map(|part| crate::search::plain(part)).join("/")
    };
    let in_file: BTreeSet<&str> = filed.iter().map(|row| row.text("code")).collect();
    let mut taken: BTreeMap<String, String> = known
        .values()
        .filter(|entry| entry.retired_on.is_empty() && !in_file.contains(&*entry.code))
        .map(|entry| (key(entry), entry.code.clone()))
        .collect();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut fates = Vec::with_capacity(filed.len());
    for row in filed {
        let code = row.text("code").to_owned();
        let entry = row.entry(known.get(&code));
        let refused = |name: &str, sentence: String| Fate::Rejected(sentence, row.place_of(name));
        let is_known = |code: &str| known.contains_key(code) || in_file.contains(code);
        let problem = entry.problems().into_iter().next();
        let fate = if let Some((name, sentence)) = problem {
            refused(name, sentence)
        } else if let Some(place) = seen.get(&code) {
            refused("code", format!("编码“{code}”与 {place} 重复，请只留一行"))
        } else if !entry.owner.is_empty() && !units.contains(&entry.owner) {
            let sentence = format!("没有编码为“{}”的单位，请核对或留空", entry.owner);
            refused("owner", sentence)
        } else if !entry.successor.is_empty() && !is_known(&entry.successor) {
            let sentence = format!(
                "指标库和文件里都没有“{}”，请核对接替指标编码",
                entry.successor
            );
            refused("successor", sentence)
        } else if let Some(other) = taken
            .get(&key(&entry))
            .filter(|_| entry.retired_on.is_empty())
        {
            let sentence = format!("与“{other}”是同一个指标，请改用“{other}”或换一个名称");
            refused("name", sentence)
        } else {
            fate(known.get(&code), &entry)
        };
        if entry.retired_on.is_empty() && !code.is_empty() {
            taken.entry(key(&entry)).or_insert_with(|| code.clone());
        }
        seen.entry(code).or_insert_with(|| row.place_of("code"));
        fates.push(fate);
    }
    fates
}

fn fate(known: Option<&Entry>, entry: &Entry) -> Fate {
    let Some(known) = known else {
        return Fate::New(entry.clone());
    };
    let differences = differences(known, entry);
    if differences.is_empty() {
        Fate::Unchanged
    } else {
        Fate::Changed(entry.clone(), differences)
    }
}

/// The fields in which two versions differ: label, before, after.
pub(super) fn differences(before: &Entry, after: &Entry) -> Vec<(&'static str, String, String)> {
    let fields = before.fields().into_iter().zip(after.fields());
    fields
        .filter(|((_, _, before), (_, _, after))| before != after)
        .map(|((_, label, before), (_, _, after))| (label, before.to_owned(), after.to_owned()))
        .collect()
}
