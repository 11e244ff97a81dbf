//! 流程: the life of every kind of record, wired to the database and to pages.
//!
//! The rules are [`domain::workflow`]; here a record's standing is read, the engine is asked, and
//! everything that it says is written in one transaction.

mod form;
mod hand_over;
mod item;
mod kept;
mod receipt;
mod round;
mod run;
mod standing;
pub(crate) mod store;
#[cfg(test)]
mod tests;
pub(crate) mod words;

pub(crate) use hand_over::{HandedOver, hand_over};
pub(crate) use item::{refresh, refresh_items};
pub(crate) use run::{Answer, Error, edit_allowed, edited, run};
pub(crate) use standing::{Read, read};
pub(crate) use store::record::choose_pack;
