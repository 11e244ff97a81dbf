//! What is known before a list is read: units and the project library.

use std::collections::BTreeMap;

use super::filed::{Column, FiledRow, FiledSheet, Refused, code_and_name};
use super::words::{Nature, ProjectKind};

/// A unit of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownUnit {
    /// Its id.
    pub id: String,
    /// 单位名称
    pub name: String,
    /// 上级单位编码; empty for none.
    pub parent_code: String,
}

/// A unit that had ended before the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedUnit {
    /// 单位名称
    pub name: String,
    /// Its last day.
    pub last_day: String,
    /// 承接单位 with their codes; empty for none.
    pub successors: String,
}

/// A project of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownProject {
    /// Its id.
    pub id: String,
    /// The id of its unit.
    pub unit_id: String,
    /// The code of its unit, if that unit is one of the year.
    pub unit_code: Option<String>,
    /// 项目名称
    pub name: String,
    /// 项目类别
    pub kind: Option<ProjectKind>,
    /// 项目属性
    pub nature: Option<Nature>,
    /// 一级项目
    pub level_one: String,
    /// Whether a target of the year is approved.
    pub has_approved_target: bool,
}

/// What is known before a list is read.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// The units of the year by code.
    pub units: BTreeMap<String, KnownUnit>,
    /// The units that had ended before it by code.
    pub closed: BTreeMap<String, ClosedUnit>,
    /// The projects by code.
    pub projects: BTreeMap<String, KnownProject>,
    names: BTreeMap<String, Vec<String>>,
    bare: BTreeMap<String, String>,
}

impl Library {
    /// With what is found by name, too.
    pub fn new(
        units: BTreeMap<String, KnownUnit>,
        closed: BTreeMap<String, ClosedUnit>,
        projects: BTreeMap<String, KnownProject>,
    ) -> Self {
        let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut bare = BTreeMap::new();
        for (code, unit) in &units {
            names
                .entry(unit.name.clone())
                .or_default()
                .push(code.clone());
            bare.insert(code.trim_start_matches('0').to_owned(), code.clone());
        }
        Self {
            units,
            closed,
            projects,
            names,
            bare,
        }
    }

    /// The code of the unit that a row names; none where it names none.
    ///
    /// # Errors
    /// The unit is unknown, dissolved, or its code and its name are two units'.
    pub fn unit_of(&self, sheet: &FiledSheet, row: &FiledRow) -> Result<Option<String>, Refused> {
        let (mut code, mut name) = (String::new(), String::new());
        let mut at = Column::UnitCode;
        if let Some(cell) = row.cell(Column::UnitCode) {
            (code, name) = code_and_name(&cell.text);
        }
        if let Some(cell) = row.cell(Column::UnitName) {
            let (before, after) = code_and_name(&cell.text);
            let has_code = self.units.contains_key(&before) || self.closed.contains_key(&before);
            if code.is_empty() {
                at = Column::UnitName;
            }
            if has_code && !after.is_empty() {
                name = after;
                if code.is_empty() {
                    code = before;
                }
            } else {
                cell.text.trim().clone_into(&mut name);
            }
        }
        let refused = |message: String| Refused {
            place: sheet.place_of(row, at),
            message,
        };
        if code.is_empty() && name.is_empty() {
            return Ok(None);
        }
        if code.is_empty() {
            return match self.names.get(&name).map(Vec::as_slice) {
                Some([code]) => Ok(Some(code.clone())),
                Some(_) => Err(refused(format!(
                    "有几个单位都叫“{name}”，请增加“单位编码”列。"
                ))),
                None => Err(refused(format!(
                    "没有名为“{name}”的单位，请核对名称，或填单位编码。"
                ))),
            };
        }
        if self.units.contains_key(&code) {
            let others = self.names.get(&name).filter(|codes| !codes.contains(&code));
            return match others.and_then(|codes| codes.first()) {
                Some(other) => Err(refused(format!(
                    "单位编码“{code}”与单位名称“{name}”不是同一个单位（“{name}”的编码是“{other}”），\
                     请核对。"
                ))),
                None => Ok(Some(code)),
            };
        }
        Err(refused(self.no_unit(&code)))
    }

    fn no_unit(&self, code: &str) -> String {
        if let Some(closed) = self.closed.get(code) {
            let ClosedUnit {
                name,
                last_day,
                successors,
            } = closed;
            return if successors.is_empty() {
                format!("单位“{code} {name}”已于 {last_day} 撤销，请改填现在的单位。")
            } else {
                format!("单位“{code} {name}”已于 {last_day} 撤销，请改填承接单位（{successors}）。")
            };
        }
        let is_number = code.bytes().all(|byte| byte.is_ascii_digit());
        let bare = code.trim_start_matches('0');
        match self.bare.get(bare).filter(|_| is_number) {
            Some(known) if known.len() > code.len() => format!(
                "单位编码“{code}”像是丢了前面的 0（已有“{known}”），请把该列设为文本后重填。"
            ),
            _ => format!("没有编码为“{code}”的单位，请核对，或先导入单位清单。"),
        }
    }

    /// Whether the unit is that one or stands below it.
    pub fn is_within(&self, code: &str, above: &str) -> bool {
        let mut at = code;
        // A tree has three levels.
        for _ in 0..3 {
            if at == above {
                return true;
            }
            match self.units.get(at) {
                Some(unit) if !unit.parent_code.is_empty() => at = &unit.parent_code,
                _ => return false,
            }
        }
        false
    }
}
