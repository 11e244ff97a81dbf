//! 预算: lists of budget lines and of payments, imported from what other systems and people file.

pub(crate) mod import;
pub(crate) mod labels;
pub(crate) mod layout;
mod paid;
mod store;
#[cfg(test)]
mod tests;
