//! Writing to the standard output.

use std::io::Write as _;

/// Prints a text. A reader that has seen enough closes the pipe; that is no fault of a command.
pub(crate) fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
