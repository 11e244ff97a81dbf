//! How a command ends when it cannot do its work: one Chinese sentence and exit code 2.

use std::process::ExitCode;

/// Why a command could not do its work: a sentence for the user.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl From<db::Error> for Failure {
    fn from(error: db::Error) -> Self {
        Self(format!("数据库出错：{error}"))
    }
}

/// Prints the failure, if it is one, and gives the exit code.
pub(crate) fn ended(result: Result<ExitCode, Failure>) -> ExitCode {
    result.unwrap_or_else(|Failure(sentence)| {
        eprintln!("{sentence}");
        ExitCode::from(2)
    })
}
