//! A filed list of indicators: columns found by their labels, compared, written whole or not at
//! all. The common set that the program brings along comes the same way.

use std::collections::{BTreeMap, BTreeSet};

use db::{Error, Tx};
use domain::indicator_library::{Entry, Fate, Filed, FiledCell, common, compare};
use office::workbook::{Sheet, Workbook, address};

use super::store::read::{self, Asked, Kept, Whose};
use super::store::write;
use super::{KIND, new_id};
use crate::audit;

/// Rows that are looked through for the head of the table.
const MOST_HEAD_ROWS: usize = 20;

/// Most rows of a list. House rule: they are written in one transaction, for which others wait; a
/// place's own library has some hundred, and a province's comes in several files.
const MOST_ROWS: usize = 5_000;

/// Other labels that people give a column.
const OTHER_LABELS: [(&str, &str); 14] = [
    ("编码", "code"),
    ("指标代码", "code"),
    ("三级指标", "name"),
    ("三级指标名称", "name"),
    ("名称", "name"),
    ("绩效指标性质", "operator"),
    ("计量单位", "unit"),
    ("绩效度量单位", "unit"),
    ("指标值", "usual_value"),
    ("指标说明", "explanation"),
    ("计算公式", "formula"),
    ("行业", "sector"),
    ("行业领域", "sector"),
    ("指标释义", "explanation"),
];

/// What an import of a list does.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// Each row with what becomes of it.
    pub(crate) lines: Vec<(Filed, Fate)>,
    /// The versions that it was compared with, by code.
    known: BTreeMap<String, (String, i64)>,
}

impl Plan {
    /// How many rows are new, changed, unchanged and rejected.
    pub(crate) fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for (_, fate) in &self.lines {
            let place = match fate {
                Fate::New(_) => 0,
                Fate::Changed(..) => 1,
                Fate::Unchanged => 2,
                Fate::Rejected(..) => 3,
            };
            counts[place] += 1;
        }
        counts
    }

    /// A digest of what is shown, so that a confirmation confirms that and nothing else.
    pub(crate) fn digest(&self) -> String {
        let told = self.lines.iter().map(|(row, fate)| {
            let word = match fate {
                Fate::New(_) => "new".to_owned(),
                Fate::Changed(entry, _) => {
                    let known = self.known.get(&entry.code);
                    format!("changed {known:?}")
                }
                Fate::Unchanged => "unchanged".to_owned(),
                Fate::Rejected(sentence, _) => sentence.clone(),
            };
            format!("{} {word}", row.place)
        });
        web::token::digest(&told.collect::<Vec<_>>().join("\n"))
    }
}

/// The list in a workbook.
///
/// # Errors
/// A Chinese sentence: no sheet has the columns that a list needs, or it has too many rows.
pub(crate) fn read(book: &Workbook) -> Result<Vec<Filed>, String> {
    for sheet in book.sheets.iter().filter(|sheet| !sheet.hidden) {
        let Some((head, columns)) = head(sheet) else {
            continue;
        };
        let rows = rows(sheet, head, &columns);
        if rows.is_empty() {
            return Err("表头下面没有指标，请填入后再导入。".to_owned());
        }
        if rows.len() > MOST_ROWS {
            return Err(format!(
                "有 {} 条指标，一次最多 {MOST_ROWS} 条，请分几个文件导入。",
                rows.len()
            ));
        }
        return Ok(rows);
    }
    Err("没有找到“指标编码”和“指标名称”两列，请在表头写明列名（可先导出一份作模板）。".to_owned())
}

fn head(sheet: &Sheet) -> Option<(usize, BTreeMap<usize, &'static str>)> {
    let blank = Entry::default();
    for (place, row) in sheet.rows.iter().take(MOST_HEAD_ROWS).enumerate() {
        let mut columns: BTreeMap<usize, &'static str> = BTreeMap::new();
        for (at, cell) in row.iter().enumerate() {
            let text: String = cell.text().chars().filter(|c| !c.is_whitespace()).collect();
            let bare = text.split(['（', '(']).next().unwrap_or_default();
            let own = blank.fields().into_iter();
            let own = own.map(|(name, label, _)| (label, name));
            let mut labels = own.chain(OTHER_LABELS);
            let Some((_, name)) = labels.find(|(label, _)| *label == bare) else {
                continue;
            };
            // The first column of a label counts.
            if !columns.values().any(|known| *known == name) {
                columns.insert(at, name);
            }
        }
        let has = |name: &str| columns.values().any(|known| *known == name);
        if has("code") && has("name") {
            return Some((place, columns));
        }
    }
    None
}

fn rows(sheet: &Sheet, head: usize, columns: &BTreeMap<usize, &'static str>) -> Vec<Filed> {
    let at = |row: usize, column: usize| {
        let cell = address(row, column);
        if sheet.name.is_empty() {
            cell
        } else {
            format!("{}!{cell}", sheet.name)
        }
    };
    let mut filed = Vec::new();
    for (place, row) in sheet.rows.iter().enumerate().skip(head + 1) {
        let cell = |(column, name): (&usize, &&'static str)| {
            let text = row.get(*column).map_or("", |cell| cell.text().trim());
            let cell = FiledCell {
                place: at(place, *column),
                text: text.to_owned(),
            };
            ((*name).to_owned(), cell)
        };
        let cells: BTreeMap<String, FiledCell> = columns.iter().map(cell).collect();
        if cells.values().all(|cell| cell.text.is_empty()) {
            continue;
        }
        filed.push(Filed {
            place: at(place, 0),
            cells,
        });
    }
    filed
}

/// The common set as a list.
pub(crate) fn common_list() -> Vec<Filed> {
    let row = |(number, entry): (usize, &Entry)| {
        let place = format!("共性指标第 {number} 条");
        let fields = entry.fields().into_iter();
        // Whatever a site decided of these stays.
        let fields =
            fields.filter(|(name, ..)| !["owner", "retired_on", "successor"].contains(name));
        let cell = |(name, _, text): (&str, _, &str)| {
            let cell = FiledCell {
                place: place.clone(),
                text: text.to_owned(),
            };
            (name.to_owned(), cell)
        };
        Filed {
            cells: fields.map(cell).collect(),
            place: place.clone(),
        }
    };
    (1..).zip(common()).map(row).collect()
}

/// What becomes of each row.
///
/// # Errors
/// The database fails.
pub(crate) fn look(tx: &mut Tx<'_>, region: &str, filed: Vec<Filed>) -> Result<Plan, Error> {
    let kept = all(tx, region)?;
    let known: BTreeMap<String, Entry> = kept
        .iter()
        .map(|kept| (kept.entry.code.clone(), kept.entry.clone()))
        .collect();
    let units: BTreeSet<String> = read::units(tx, region)?
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let mut fates = compare(&filed, &known, &units);
    refuse_circles(&mut fates, &known);
    let version = |kept: &Kept| (kept.entry.code.clone(), (kept.id.clone(), kept.version));
    Ok(Plan {
        lines: filed.into_iter().zip(fates).collect(),
        known: kept.iter().map(version).collect(),
    })
}

/// Every indicator of the region.
pub(super) fn all(tx: &mut Tx<'_>, region: &str) -> Result<Vec<Kept>, Error> {
    let asked = Asked {
        region: region.to_owned(),
        with_retired: true,
        whose: Whose::every(),
        ..Asked::default()
    };
    read::list(tx, &asked, "", i64::from(i32::MAX))
}

/// New indicators that take each other's place can be written in no order.
fn refuse_circles(fates: &mut [Fate], known: &BTreeMap<String, Entry>) {
    let mut written: BTreeSet<String> = known.keys().cloned().collect();
    loop {
        let next: Vec<String> = fates
            .iter()
            .filter_map(|fate| match fate {
                Fate::New(entry) if !written.contains(&entry.code) => Some(entry),
                _ => None,
            })
            .filter(|it| it.successor.is_empty() || written.contains(&it.successor))
            .map(|it| it.code.clone())
            .collect();
        if next.is_empty() {
            break;
        }
        written.extend(next);
    }
    for fate in fates {
        if let Fate::New(entry) | Fate::Changed(entry, _) = fate
            && !(entry.successor.is_empty() || written.contains(&entry.successor))
        {
            let sentence = format!(
                "接替指标“{}”没有导入或互相接替，请核对接替指标编码",
                entry.successor
            );
            *fate = Fate::Rejected(sentence, entry.code.clone());
        }
    }
}

/// Writes what the plan says, and the event that tells of it. Nothing is written when a row is
/// rejected.
///
/// # Errors
/// The database fails.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    region: &str,
    (login, account, now): (&str, &str, &str),
    reason: &str,
    plan: &Plan,
) -> Result<(), Error> {
    let [new, changed, unchanged, rejected] = plan.counts();
    if rejected > 0 || new + changed == 0 {
        return Ok(());
    }
    write_rows(tx, region, (Some(account), now), reason, plan)?;
    let after = serde_json::json!({"new_rows": new, "changed_rows": changed,
                                   "unchanged_rows": unchanged});
    let event = audit::Change {
        actor: login,
        action: "indicators_imported",
        record: (KIND, region),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, region, now, &event)
}

/// Writes what the plan says without an event: for whoever tells of it himself.
///
/// # Errors
/// The database fails.
pub(super) fn write_rows(
    tx: &mut Tx<'_>,
    region: &str,
    (account, now): (Option<&str>, &str),
    reason: &str,
    plan: &Plan,
) -> Result<(), Error> {
    let units: BTreeMap<String, String> = read::units(tx, region)?.into_iter().collect();
    let mut ids: BTreeMap<String, (String, i64)> = plan.known.clone();
    let mut open: Vec<&Entry> = plan
        .lines
        .iter()
        .filter_map(|(_, fate)| match fate {
            Fate::New(entry) | Fate::Changed(entry, _) => Some(entry),
            Fate::Unchanged | Fate::Rejected(..) => None,
        })
        .collect();
    // A successor stands before what it takes the place of.
    while !open.is_empty() {
        let before = open.len();
        let mut later = Vec::new();
        for entry in open {
            let successor = ids.get(&entry.successor).map(|(id, _)| id.clone());
            if successor.is_none() && !entry.successor.is_empty() {
                later.push(entry);
                continue;
            }
            let own = ids.get(&entry.code).cloned();
            let (id, seen) = own.unwrap_or_else(|| (new_id(region, &entry.code), 0));
            let change = write::Change {
                id: &id,
                region,
                entry,
                owner_unit: units.get(&entry.owner).map(|id| &**id),
                successor: successor.as_deref(),
                reason,
                by: account,
                at: now,
            };
            let version = write::put(tx, &change, seen)?;
            ids.insert(entry.code.clone(), (id, version));
        }
        if later.len() == before {
            break;
        }
        open = later;
    }
    tx.many_rows_written(&["indicator_library", "indicator_library_piece"])
}
