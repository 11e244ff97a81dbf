//! SQL of the library of indicators.

pub(crate) mod read;
pub(crate) mod usage;
pub(crate) mod waiting;
pub(crate) mod write;
