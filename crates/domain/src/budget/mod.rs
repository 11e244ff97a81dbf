//! 预算: lists of budget lines and of payments as people file them, and what an import changes.
//!
//! A filed row becomes a planned line or a refusal with its cell and a sentence. A planned line is
//! compared with what there is by its [`Key`]; sums that the file prints itself are never imported
//! but compared with ours.

mod codes;
mod compare;
mod execution;
mod filed;
mod gate;
mod library;
mod line;
mod packed;
mod place;
mod proposal;
mod reconcile;
mod row;
#[cfg(test)]
mod tests;
mod words;

pub use codes::{Subject, project_kind};
pub use compare::{Fate, KnownLine, compare};
pub use execution::{Paid, PaidKey, Told, ToldMonths, plan_paid, settle, settle_file};
pub use filed::{
    AmountColumn, Column, Filed, FiledRow, FiledSheet, Printed, Refused, Time, code_and_name,
};
pub use gate::{Gate, GatedLine, Stage, TargetStanding, adjustment, gate};
pub use library::{ClosedUnit, KnownProject, KnownUnit, Library};
pub use line::{Key, Planned, plan};
pub use packed::{FiledRows, Packer, Texts};
pub use place::Place;
pub use proposal::{Proposal, Proposed, project_code};
pub use reconcile::{Compared, Counted, Scope, Total, reconcile, totals};
pub use words::{ChangeKind, FundSource, Nature, Origin, ProjectKind, Release};
