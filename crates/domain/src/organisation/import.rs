//! A filed list of units beside the units that there are: new, changed, unchanged, rejected.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{good_code, good_name};
use super::{Level, is_day};

/// One row of a filed list, as printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filed {
    /// Where the row stands: `Sheet1!A5`.
    pub place: String,
    /// 单位编码
    pub code: String,
    /// 单位名称
    pub name: String,
    /// 上级单位编码; empty for none.
    pub parent_code: String,
    /// 级次; empty when the file does not say.
    pub level: String,
    /// 归口业务股室, its name; empty when the file does not say.
    pub section: String,
    /// 启用日期; empty when the file does not say.
    pub valid_from: String,
}

/// A unit that there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// 单位名称
    pub name: String,
    /// 上级单位编码; empty for none.
    pub parent_code: String,
    /// 级次
    pub level: Level,
    /// 归口业务股室 in the year, its name; empty for none.
    pub section: String,
}

/// A field that a row changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The field's label.
    pub field: &'static str,
    /// What it is.
    pub before: String,
    /// What it becomes.
    pub after: String,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// A unit that there is not yet.
    New(Found),
    /// A unit that becomes different.
    Changed(Found, Vec<Difference>),
    /// A unit as it is.
    Unchanged,
    /// The row is wrong: a Chinese sentence that says what to do.
    Rejected(String),
}

/// The fate of each row, in the rows' order. `known` are the open units by code; `sections` are
/// the names of the bureau's sections.
pub fn compare(
    rows: &[Filed],
    known: &BTreeMap<String, Found>,
    sections: &BTreeSet<String>,
) -> Vec<Fate> {
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut fates = Vec::with_capacity(rows.len());
    let filed: BTreeMap<&str, &Filed> = rows.iter().map(|row| (row.code.trim(), row)).collect();
    for row in rows {
        let code = row.code.trim();
        if let Some(place) = first.get(code).filter(|_| !code.is_empty()) {
            let message = format!("单位编码“{code}”与 {place} 重复，请保留一行。");
            fates.push(Fate::Rejected(message));
            continue;
        }
        first.insert(code, &row.place);
        fates.push(match read(row, known, &filed, sections) {
            Err(message) => Fate::Rejected(message),
            Ok(wanted) => match known.get(code) {
                None => Fate::New(wanted),
                Some(found) => {
                    let differences = differences(found, &wanted);
                    if differences.is_empty() {
                        Fate::Unchanged
                    } else {
                        Fate::Changed(wanted, differences)
                    }
                }
            },
        });
    }
    fates
}

/// What changes from one to the other.
pub fn differences(before: &Found, after: &Found) -> Vec<Difference> {
    [
        ("单位名称", &*before.name, &*after.name),
        ("上级单位编码", &*before.parent_code, &*after.parent_code),
        ("级次", before.level.label(), after.level.label()),
        ("归口股室", &*before.section, &*after.section),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(field, before, after)| Difference {
        field,
        before: before.to_owned(),
        after: after.to_owned(),
    })
    .collect()
}

fn read(
    row: &Filed,
    known: &BTreeMap<String, Found>,
    filed: &BTreeMap<&str, &Filed>,
    sections: &BTreeSet<String>,
) -> Result<Found, String> {
    let code = good_code(&row.code).map_err(|refusal| refusal.to_string())?;
    let name = good_name(&row.name).map_err(|refusal| refusal.to_string())?;
    let parent_code = row.parent_code.trim();
    if !row.valid_from.trim().is_empty() && !is_day(row.valid_from.trim()) {
        return Err(format!(
            "启用日期“{}”不是有效的日期，请写成 2020-01-31 的样子。",
            row.valid_from.trim()
        ));
    }
    let section = row.section.trim();
    if !section.is_empty() && !sections.contains(section) {
        return Err(format!("没有名为“{section}”的业务股室，请核对名称。"));
    }
    let level = level_of(&code, row, known, filed)?;
    if (level == Level::First) != parent_code.is_empty() {
        return Err("一级单位没有上级单位，二级和基层单位应有上级单位，请核对。".to_owned());
    }
    above(&code, parent_code, level, known, filed)?;
    let now = known.get(&code);
    Ok(Found {
        name,
        parent_code: parent_code.to_owned(),
        level,
        section: match (section, now) {
            // A file without the column leaves the section as it is.
            ("", Some(found)) => found.section.clone(),
            (section, _) => section.to_owned(),
        },
    })
}

/// The level that the row says; else what the unit has, else what its place in the tree says.
fn level_of(
    code: &str,
    row: &Filed,
    known: &BTreeMap<String, Found>,
    filed: &BTreeMap<&str, &Filed>,
) -> Result<Level, String> {
    let text = row.level.trim();
    if !text.is_empty() {
        return Level::read(text)
            .ok_or_else(|| format!("级次“{text}”应为一级、二级或基层，请修改。"));
    }
    let parent = row.parent_code.trim();
    if let Some(found) = known.get(code).filter(|found| found.parent_code == parent) {
        return Ok(found.level);
    }
    if parent.is_empty() {
        return Ok(Level::First);
    }
    let above = filed
        .get(parent)
        .map(|row| row.parent_code.trim().is_empty())
        .or_else(|| known.get(parent).map(|found| found.parent_code.is_empty()));
    Ok(if above == Some(false) {
        Level::Basic
    } else {
        Level::Second
    })
}

/// Whether the unit above is there, is of a higher level, and is not below this one.
fn above(
    code: &str,
    parent_code: &str,
    level: Level,
    known: &BTreeMap<String, Found>,
    filed: &BTreeMap<&str, &Filed>,
) -> Result<(), String> {
    let parent_of = |code: &str| -> Option<String> {
        filed
            .get(code)
            .map(|row| row.parent_code.trim().to_owned())
            .or_else(|| known.get(code).map(|found| found.parent_code.clone()))
    };
    if parent_code.is_empty() {
        return Ok(());
    }
    if !filed.contains_key(parent_code) && !known.contains_key(parent_code) {
        return Err(format!(
            "没有编码为“{parent_code}”的上级单位，请核对，或把该单位加入文件。"
        ));
    }
    let mut at = parent_code.to_owned();
    // A tree has three levels; more steps than that is a circle or a tree too deep.
    for _ in 0..Level::ALL.len() {
        if at == code {
            return Err(format!(
                "单位“{code}”不能在自己或自己的下级单位之下，请核对。"
            ));
        }
        match parent_of(&at) {
            Some(next) if !next.is_empty() => at = next,
            _ => {
                let parent = filed.get(parent_code).map(|row| row.level.trim());
                let parent = parent.and_then(Level::read);
                let parent = parent.or_else(|| known.get(parent_code).map(|found| found.level));
                return match parent {
                    Some(parent) if parent >= level => Err(format!(
                        "{}单位的上级应是级次更高的单位，请核对上级单位编码或级次。",
                        level.label()
                    )),
                    _ => Ok(()),
                };
            }
        }
    }
    Err(format!(
        "单位“{code}”的上级层次超过三级或首尾相连，请核对。"
    ))
}
