//! A list of units as people file it: columns found by their labels, compared, written whole or
//! not at all.

use std::collections::{BTreeMap, BTreeSet};

use db::{Error, Tx};
use domain::organisation::{Change, Fate, Filed, Found, Level, Unit, compare, day_before};
use domain::permission::UnitId;
use office::workbook::{Cell, Sheet, Workbook, address};
use serde::{Deserialize, Serialize};

use super::store::{self, write};
use crate::audit;

/// The field that belongs to a year and not to the tree.
const SECTION: &str = "归口股室";

/// Rows that are looked through for the head of the table.
const MOST_HEAD_ROWS: usize = 20;

/// The columns with the labels that people give them, blanks left out.
const LABELS: [(Column, &[&str]); 6] = [
    (
        Column::Code,
        &[
            "单位编码",
            "预算单位编码",
            "单位代码",
            "预算单位代码",
            "编码",
            "代码",
        ],
    ),
    (
        Column::Name,
        &["单位名称", "预算单位名称", "预算单位", "名称", "单位"],
    ),
    (
        Column::Parent,
        &[
            "上级单位编码",
            "上级编码",
            "上级单位代码",
            "主管部门编码",
            "主管部门代码",
            "上级单位",
        ],
    ),
    (
        Column::Level,
        &["级次", "预算级次", "单位级次", "单位层级", "层级"],
    ),
    (
        Column::Section,
        &[
            "归口股室",
            "归口业务股室",
            "业务股室",
            "归口处室",
            "归口科室",
            "业务科室",
        ],
    ),
    (
        Column::From,
        &["启用日期", "成立日期", "生效日期", "起始日期"],
    ),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Code,
    Name,
    Parent,
    Level,
    Section,
    From,
}

/// One row with what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The row as printed.
    pub(crate) filed: Filed,
    /// What becomes of it.
    pub(crate) fate: Fate,
}

/// The rows of a list as they are kept between preview and confirmation.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    place: String,
    code: String,
    name: String,
    parent_code: String,
    level: String,
    section: String,
    valid_from: String,
}

/// The list in a workbook.
///
/// # Errors
/// A Chinese sentence: no sheet has the two columns that a list needs.
pub(crate) fn read(book: &Workbook) -> Result<Vec<Filed>, String> {
    for sheet in book.sheets.iter().filter(|sheet| !sheet.hidden) {
        if let Some((row, columns)) = head(sheet) {
            let rows = rows(sheet, row, &columns);
            if rows.is_empty() {
                return Err("表头下面没有单位，请填入后再导入。".to_owned());
            }
            return Ok(rows);
        }
    }
    Err("没有找到“单位编码”和“单位名称”两列，请在表头写明列名（可下载模板）。".to_owned())
}

fn head(sheet: &Sheet) -> Option<(usize, BTreeMap<Column, usize>)> {
    for (place, row) in sheet.rows.iter().take(MOST_HEAD_ROWS).enumerate() {
        let mut columns = BTreeMap::new();
        for (column, names) in LABELS {
            let label = |cell: &Cell| {
                let text: String = cell.text().chars().filter(|c| !c.is_whitespace()).collect();
                let bare = text.split(['（', '(']).next().unwrap_or_default();
                names.iter().position(|name| *name == bare)
            };
            // The nearest label first: 单位编码 before 编码.
            let found = row.iter().enumerate();
            let found = found.filter_map(|(at, cell)| Some((label(cell)?, at)));
            if let Some((_, at)) = found.min() {
                columns.insert(column, at);
            }
        }
        if columns.contains_key(&Column::Code) && columns.contains_key(&Column::Name) {
            return Some((place, columns));
        }
    }
    None
}

fn rows(sheet: &Sheet, head: usize, columns: &BTreeMap<Column, usize>) -> Vec<Filed> {
    let mut filed = Vec::new();
    for (place, row) in sheet.rows.iter().enumerate().skip(head + 1) {
        let text = |column: Column| {
            let cell = columns.get(&column).and_then(|at| row.get(*at));
            cell.map(|cell| cell.text().trim().to_owned())
                .unwrap_or_default()
        };
        let (code, name) = (text(Column::Code), text(Column::Name));
        let is_sum = ["合计", "总计", "小计"].contains(&&*name) && code.is_empty();
        if is_sum || (code.is_empty() && name.is_empty()) {
            continue;
        }
        let at = columns.get(&Column::Code).copied().unwrap_or_default();
        let cell = address(place, at);
        filed.push(Filed {
            place: if sheet.name.is_empty() {
                cell
            } else {
                format!("{}!{cell}", sheet.name)
            },
            code,
            name,
            parent_code: text(Column::Parent),
            level: text(Column::Level),
            section: text(Column::Section),
            valid_from: plain_day(&text(Column::From)),
        });
    }
    filed
}

/// 2020年1月31日, 2020/1/31, 2020.1.31 → 2020-01-31; anything else as it is.
fn plain_day(text: &str) -> String {
    let bare = text.trim().trim_end_matches('日');
    let parts: Vec<&str> = bare.split(['年', '月', '/', '.', '-']).collect();
    match &*parts {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => text.to_owned(),
    }
}

/// What becomes of each row when the list is imported for the year.
///
/// # Errors
/// The database fails.
pub(crate) fn look(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
    filed: Vec<Filed>,
) -> Result<Vec<Line>, Error> {
    look_watched(tx, region, year, filed, |_| Ok(()))
}

/// Rows after which whoever watches is told.
const BATCH_ROWS: usize = 100;

/// [`look`], telling `watch` after each batch how many rows were compared.
///
/// # Errors
/// The database fails, or what `watch` says.
pub(crate) fn look_watched<E: From<Error>>(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
    filed: Vec<Filed>,
    mut watch: impl FnMut(usize) -> Result<(), E>,
) -> Result<Vec<Line>, E> {
    let units = of_year(tx, region, year)?;
    let known = known(tx, region, year, &units)?;
    let sections = store::sections(tx, region)?;
    let sections: BTreeSet<String> = sections.into_iter().map(|(_, name)| name).collect();
    let fates = compare(&filed, &known, &sections);
    let units: BTreeMap<&str, &Unit> = units.iter().map(|unit| (&*unit.code, unit)).collect();
    let bare = known
        .keys()
        .map(|code| (code.trim_start_matches('0'), code));
    let bare: BTreeMap<&str, &String> = bare.collect();
    let mut lines = Vec::with_capacity(filed.len());
    for (filed, mut fate) in filed.into_iter().zip(fates) {
        if lines.len().is_multiple_of(BATCH_ROWS) {
            watch(lines.len())?;
        }
        let against = match &fate {
            Fate::New(_) => against_new(tx, region, year, &filed, &bare)?,
            Fate::Changed(_, differences) => {
                let is_tree = differences.iter().any(|d| d.field != SECTION);
                match units.get(filed.code.trim()).filter(|_| is_tree) {
                    Some(unit) => against_change(tx, year, unit)?,
                    None => None,
                }
            }
            Fate::Unchanged | Fate::Rejected(_) => None,
        };
        if let Some(message) = against {
            fate = Fate::Rejected(message);
        }
        lines.push(Line { filed, fate });
    }
    Ok(lines)
}

/// What speaks against a new unit, if anything.
fn against_new(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
    filed: &Filed,
    bare: &BTreeMap<&str, &String>,
) -> Result<Option<String>, Error> {
    let code = filed.code.trim();
    if let Some(message) = lost_zeros(code, bare) {
        return Ok(Some(message));
    }
    let last = last_day(year);
    if filed.valid_from.trim() > &*last {
        return Ok(Some(format!(
            "启用日期“{}”晚于 {last}，请改日期，或导入启用日期所在的年度。",
            filed.valid_from.trim()
        )));
    }
    let is_taken = write::is_code_taken(tx, region, code, &first_day(year))?;
    Ok(is_taken.then(|| {
        format!("单位编码“{code}”在 {year} 年以后已由其他单位使用，请换编码或导入以后的年度。")
    }))
}

/// What speaks against changing the unit from the first day of the year on, if anything: the unit
/// changed later already, and what it became must not be written over.
fn against_change(tx: &mut Tx<'_>, year: i64, unit: &Unit) -> Result<Option<String>, Error> {
    let state_from = state_from(tx, unit)?;
    let day = first_day(year);
    let is_later = *state_from > *day && *state_from > *unit.valid_from;
    Ok(is_later.then(|| {
        format!("该单位在 {state_from} 已有变更，{year} 年的名称、上级和级次不能再改，请核对年度。")
    }))
}

/// The first day of a year.
pub(crate) fn first_day(year: i64) -> String {
    format!("{year}-01-01")
}

/// The last day of a year.
fn last_day(year: i64) -> String {
    format!("{year}-12-31")
}

/// The units of the year, each as it stood first in it.
fn of_year(tx: &mut Tx<'_>, region: &str, year: i64) -> Result<Vec<Unit>, Error> {
    store::units_of_year(tx, region, (&first_day(year), &last_day(year)))
}

/// A number cell shows 1 where the unit's code is 001.
fn lost_zeros(code: &str, bare: &BTreeMap<&str, &String>) -> Option<String> {
    let is_number = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    let found = bare.get(code.trim_start_matches('0')).filter(|_| is_number);
    let longer = found.filter(|known| known.len() > code.len());
    longer.map(|known| {
        format!("编码“{code}”像是丢了前面的 0（已有“{known}”），请把编码列设为文本后重填。")
    })
}

fn known(
    tx: &mut Tx<'_>,
    region: &str,
    year: i64,
    units: &[Unit],
) -> Result<BTreeMap<String, Found>, Error> {
    let names = store::section_names(tx, region, year)?;
    let names: BTreeMap<String, String> = names.into_iter().collect();
    let codes: BTreeMap<&UnitId, &String> =
        units.iter().map(|unit| (&unit.id, &unit.code)).collect();
    let found = |unit: &Unit| {
        let parent = unit.parent.as_ref().and_then(|id| codes.get(id));
        let found = Found {
            parent_code: parent.map(|code| (*code).clone()).unwrap_or_default(),
            level: unit.level,
            section: names.get(&unit.id.0).cloned().unwrap_or_default(),
            name: unit.name.clone(),
        };
        (unit.code.clone(), found)
    };
    Ok(units.iter().map(found).collect())
}

/// How many rows are new, changed, unchanged and rejected.
pub(crate) fn counts(lines: &[Line]) -> [usize; 4] {
    let mut counts = [0; 4];
    for line in lines {
        let place = match line.fate {
            Fate::New(_) => 0,
            Fate::Changed(..) => 1,
            Fate::Unchanged => 2,
            Fate::Rejected(_) => 3,
        };
        counts[place] += 1;
    }
    counts
}

/// A digest of what a preview showed, so that a confirmation confirms that and nothing else.
pub(crate) fn digest(lines: &[Line]) -> String {
    let told = lines
        .iter()
        .map(|line| format!("{} {:?}", line.filed.place, line.fate));
    web::token::digest(&told.collect::<Vec<_>>().join("\n"))
}

/// The rows as they are kept until the confirmation.
///
/// # Errors
/// They cannot be written as JSON.
pub(crate) fn to_json(filed: &[Filed]) -> Result<String, serde_json::Error> {
    let kept: Vec<Kept> = filed
        .iter()
        .cloned()
        .map(|filed| Kept {
            place: filed.place,
            code: filed.code,
            name: filed.name,
            parent_code: filed.parent_code,
            level: filed.level,
            section: filed.section,
            valid_from: filed.valid_from,
        })
        .collect();
    serde_json::to_string(&kept)
}

/// The rows as they were kept.
///
/// # Errors
/// The text is not what [`to_json`] wrote.
pub(crate) fn from_json(json: &str) -> Result<Vec<Filed>, serde_json::Error> {
    let kept: Vec<Kept> = serde_json::from_str(json)?;
    let filed = kept.into_iter().map(|row| Filed {
        place: row.place,
        code: row.code,
        name: row.name,
        parent_code: row.parent_code,
        level: row.level,
        section: row.section,
        valid_from: row.valid_from,
    });
    Ok(filed.collect())
}

/// Writes the new and the changed units from the first day of the year on, and the event that tells
/// of it. Nothing is written when a row is rejected.
///
/// # Errors
/// The database fails.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    who: (&str, &str, &str),
    year: i64,
    lines: &[Line],
) -> Result<(), Error> {
    write_watched(tx, who, year, lines, |_| Ok(()))
}

/// [`write()`], telling `watch` after each batch how many units were written.
///
/// # Errors
/// The database fails, or what `watch` says.
pub(crate) fn write_watched<E: From<Error>>(
    tx: &mut Tx<'_>,
    (region, actor, now): (&str, &str, &str),
    year: i64,
    lines: &[Line],
    mut watch: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let [new, changed, unchanged, rejected] = counts(lines);
    if rejected > 0 || new + changed == 0 {
        return Ok(());
    }
    let day = first_day(year);
    let units = of_year(tx, region, year)?;
    let mut by_code: BTreeMap<String, Unit> = units
        .into_iter()
        .map(|unit| (unit.code.clone(), unit))
        .collect();
    let sections: BTreeMap<String, String> = store::sections(tx, region)?
        .into_iter()
        .map(|(id, name)| (name, id))
        .collect();
    // A unit is written after the one above it.
    let mut written = 0_usize;
    for level in Level::ALL {
        for line in lines {
            let (Fate::New(wanted) | Fate::Changed(wanted, _)) = &line.fate else {
                continue;
            };
            if wanted.level == level {
                one(tx, region, &day, (line, wanted), &mut by_code)?;
                written += 1;
                if written.is_multiple_of(BATCH_ROWS) {
                    watch(written)?;
                }
            }
        }
    }
    for line in lines {
        let (Fate::New(wanted) | Fate::Changed(wanted, _)) = &line.fate else {
            continue;
        };
        let unit = by_code.get(line.filed.code.trim());
        if let (Some(section), Some(unit)) = (sections.get(&wanted.section), unit) {
            write::set_section(tx, (region, &unit.id.0), year, section)?;
        }
    }
    if written >= BATCH_ROWS {
        tx.many_rows_written(&["organisation_unit", "unit_section"])?;
    }
    let after = serde_json::json!({"fiscal_year": year, "new_rows": new, "changed_rows": changed,
                                   "unchanged_rows": unchanged});
    let event = audit::Change {
        actor,
        action: "units_imported",
        record: ("organisation", region),
        before: None,
        after: Some(&after),
    };
    audit::append(tx, region, now, &event)?;
    Ok(())
}

fn one(
    tx: &mut Tx<'_>,
    region: &str,
    day: &str,
    (line, wanted): (&Line, &Found),
    by_code: &mut BTreeMap<String, Unit>,
) -> Result<(), Error> {
    let code = line.filed.code.trim();
    let parent = by_code.get(&wanted.parent_code).map(|unit| unit.id.clone());
    let Some(unit) = by_code.get(code).cloned() else {
        let from = line.filed.valid_from.trim();
        let unit = Unit {
            id: UnitId(format!(
                "u-{}",
                web::token::digest(&format!("{region}/{code}/{day}"))
            )),
            code: code.to_owned(),
            name: wanted.name.clone(),
            level: wanted.level,
            parent,
            valid_from: if from.is_empty() { day } else { from }.to_owned(),
            valid_to: None,
        };
        write::begin(tx, &unit, region, "imported")?;
        by_code.insert(code.to_owned(), unit);
        return Ok(());
    };
    let new = Unit {
        name: wanted.name.clone(),
        level: wanted.level,
        parent,
        ..unit.clone()
    };
    if new == unit {
        return Ok(());
    }
    let state_from = state_from(tx, &unit)?;
    // A list for the year in which the state began corrects it; a later one changes it.
    if *state_from < *day {
        let former = Unit {
            valid_from: state_from,
            valid_to: Some(day_before(day)),
            ..unit
        };
        let effect =
            domain::organisation::Effect::Keep(domain::organisation::Former { state: former });
        write::apply(tx, &[effect], (region, day), "imported")?;
    }
    write::set(tx, &new)?;
    by_code.insert(code.to_owned(), new);
    Ok(())
}

/// The first day of the unit's present state.
///
/// # Errors
/// The database fails.
pub(crate) fn state_from(tx: &mut Tx<'_>, unit: &Unit) -> Result<String, Error> {
    let former = store::former(tx, &unit.id.0)?;
    let last = former.first().and_then(|state| state.valid_to.clone());
    Ok(last.map_or_else(
        || unit.valid_from.clone(),
        |last| domain::organisation::day_after(&last),
    ))
}

/// What a change is called in events and on pages.
pub(super) fn word(change: &Change) -> (&'static str, &'static str) {
    match change {
        Change::Rename { .. } => ("unit_renamed", "更名"),
        Change::Move { .. } => ("unit_moved", "划转"),
        Change::Merge { .. } => ("unit_merged", "合并"),
        Change::Split { .. } => ("unit_split", "分设"),
        Change::Close => ("unit_closed", "撤销"),
    }
}
