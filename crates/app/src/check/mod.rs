//! Checks filed forms offline: reads a file and says what is wrong with it.

pub(crate) mod read;
pub(crate) mod report;
mod transcribed_money;
mod transcription;

#[cfg(test)]
mod layout_tests;
#[cfg(test)]
mod layouts;
#[cfg(test)]
mod read_tests;
#[cfg(test)]
mod report_tests;
