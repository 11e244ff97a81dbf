//! Checks filed forms offline: reads a file and says what is wrong with it.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "read by the check command and the upload page")
)]
pub(crate) mod read;

#[cfg(test)]
mod layouts;
#[cfg(test)]
mod read_tests;
