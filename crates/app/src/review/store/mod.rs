//! SQL of the reviews of targets, of the meetings, and of the board.

pub(crate) mod agenda;
pub(crate) mod form;
pub(super) mod last;
pub(super) mod progress;
pub(super) mod session;

/// Every statement, for the test that has both databases read them.
#[cfg(test)]
pub(super) fn statements() -> impl Iterator<Item = db::Sql> {
    [
        agenda::STATEMENTS,
        form::STATEMENTS,
        last::STATEMENTS,
        progress::STATEMENTS,
        session::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
