//! Many targets from files: our own workbooks, a sheet for each project in whatever layout, or one
//! long table of units, projects and indicators. A file is taken whole or not at all.

mod kept;
mod long;
mod look;
mod person;
mod read;
mod write;

#[cfg(test)]
pub(super) mod tests;

use db::IsConflict;

use crate::budget::import::Outcome;
use crate::target::Stop;

pub(super) use kept::{of_text, to_text};
pub(crate) use look::{Asked, Library, Plan, look};
pub(super) use person::{ByPerson, refuse_unfit};
pub(crate) use read::{FiledTarget, Forms, read};
pub(crate) use write::write;
pub(super) use write::write_by;

/// What becomes of a row of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The cell; with its sheet where there are several.
    pub(crate) place: String,
    /// The project's code.
    pub(crate) code: String,
    /// The project and the field or the indicator.
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    pub(crate) message: String,
}

/// Why a load or an export stops.
#[derive(Debug)]
pub(crate) struct Stopped(Stop);

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Stop::Database(db::Error::Reference(_)) => f.write_str(
                "文件里去掉的指标已有监控或自评记录，不能删除；请把这些行补回，什么都没有保存",
            ),
            Stop::Database(db::Error::Touched { .. }) => {
                f.write_str("导入期间有人保存了同一份目标，什么都没有保存；请再导入一次")
            }
            Stop::Told(error) => f.write_str(&error.words().1),
            Stop::Database(error) => write!(f, "{error}"),
        }
    }
}

impl From<db::Error> for Stopped {
    fn from(error: db::Error) -> Self {
        Self(error.into())
    }
}

impl From<Stop> for Stopped {
    fn from(stop: Stop) -> Self {
        Self(stop)
    }
}

impl IsConflict for Stopped {
    fn is_conflict(&self) -> bool {
        self.0.is_conflict()
    }
}
