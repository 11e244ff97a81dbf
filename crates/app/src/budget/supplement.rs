//! 追加的绩效目标: money that is added asks the unit for a target.

use db::Tx;
use domain::budget::{ChangeKind, Origin};

use crate::target;

/// A line that was added to a project.
#[derive(Debug, Clone, Copy)]
pub(super) struct Added<'a> {
    pub(super) object: &'a str,
    pub(super) year: i64,
    pub(super) change: ChangeKind,
    pub(super) origin: Origin,
}

impl Added<'_> {
    /// Where a target that it asks for comes from; none for a line that asks for none by itself.
    ///
    /// House rule: the initial budget is compiled from targets that the units have filed already,
    /// so only money that is added in the year begins one.
    fn asks_for(&self) -> Option<&'static str> {
        match (self.change, self.origin) {
            (ChangeKind::Supplement, Origin::TransferFromAbove) => Some("transfer_from_above"),
            (ChangeKind::Supplement, _) => Some("supplement"),
            _ => None,
        }
    }
}

/// Begins the target that the line asks for, where its project has none of the year: the unit then
/// has it among the things to do. Whether one was begun.
///
/// # Errors
/// The database fails.
pub(super) fn ask(tx: &mut Tx<'_>, added: Added<'_>, now: &str) -> Result<bool, db::Error> {
    match added.asks_for() {
        Some(origin) => target::begin_for_money(tx, (added.object, added.year), origin, now),
        None => Ok(false),
    }
}
