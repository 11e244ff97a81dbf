//! SQL of the workflow: how a record stands, and what a move writes.

pub(crate) mod check;
pub(crate) mod comment;
pub(crate) mod content;
pub(crate) mod deadline;
pub(crate) mod desk;
pub(crate) mod item;
pub(crate) mod people;
pub(crate) mod receipt;
pub(crate) mod record;
pub(crate) mod row;
pub(crate) mod step;

/// Every statement of the feature.
#[cfg(test)]
pub(crate) fn statements() -> impl Iterator<Item = db::Sql> {
    [
        check::STATEMENTS,
        comment::STATEMENTS,
        content::STATEMENTS,
        deadline::STATEMENTS,
        desk::STATEMENTS,
        item::STATEMENTS,
        people::STATEMENTS,
        receipt::STATEMENTS,
        record::STATEMENTS,
        row::STATEMENTS,
        step::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
