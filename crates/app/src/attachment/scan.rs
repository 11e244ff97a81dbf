//! The scanner that looks for viruses: a ClamAV daemon, or any program that reads a file.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use axum::body::Bytes;
use clamav_client::tokio as clamav;
use db::Db;
use futures_util::{Stream, StreamExt as _};
use office::document::clean;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::store::Scan;
use super::{blob, store};

/// How long a scanner may take for one file.
const PATIENCE: Duration = Duration::from_mins(2);

/// Characters of a scanner's answer that are kept.
const MOST_WORDS: usize = 200;

/// What scans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Scanner {
    /// Nothing: files are handed out as they came.
    #[default]
    None,
    /// The ClamAV daemon at `host:port`.
    Tcp(String),
    /// The ClamAV daemon at a socket's path.
    Socket(String),
    /// A program with its arguments; it reads the file from its standard input and ends with 0 when
    /// it finds nothing and with 1 when it finds something, whose name it prints.
    Program(Vec<String>),
}

impl Scanner {
    /// As the environment of this process says: `JIXIAO_CLAMD` (`host:port` or a socket's path),
    /// else `JIXIAO_SCAN_COMMAND`.
    pub(crate) fn of_process() -> Self {
        let value = |name: &str| {
            let value = std::env::var(name).unwrap_or_default();
            value.trim().to_owned()
        };
        Self::of(&value("JIXIAO_CLAMD"), &value("JIXIAO_SCAN_COMMAND"))
    }

    /// The scanner that the two values name.
    pub(crate) fn of(clamd: &str, command: &str) -> Self {
        if clamd.starts_with('/') {
            Self::Socket(clamd.to_owned())
        } else if !clamd.is_empty() {
            Self::Tcp(clamd.to_owned())
        } else if command.is_empty() {
            Self::None
        } else {
            Self::Program(command.split_whitespace().map(str::to_owned).collect())
        }
    }

    /// Scans a stored file. Without an answer it waits to be scanned again, and stays shut.
    pub(super) async fn scan(&self, db: &Db, blob: &str, count: i64) -> (Scan, String) {
        let pieces = blob::pieces(db.clone(), store::piece, blob.to_owned(), count);
        let answer = async {
            match self {
                Self::None => Ok((Scan::None, String::new())),
                Self::Tcp(address) => {
                    let connection = clamav::Tcp {
                        host_address: address.as_str(),
                    };
                    let said = clamav::scan_stream(pieces, connection, None).await?;
                    clamav_answer(&said)
                }
                Self::Socket(path) => socket(path, pieces).await,
                Self::Program(words) => program(words, pieces).await,
            }
        };
        let answer = tokio::time::timeout(PATIENCE, answer).await;
        match answer.unwrap_or_else(|_| Err(io::Error::other("it took more than two minutes"))) {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "the virus scanner gave no answer");
                (Scan::Waiting, String::new())
            }
        }
    }
}

#[cfg(unix)]
async fn socket(
    path: &str,
    pieces: impl Stream<Item = io::Result<Bytes>>,
) -> io::Result<(Scan, String)> {
    let connection = clamav::Socket { socket_path: path };
    let said = clamav::scan_stream(pieces, connection, None).await?;
    clamav_answer(&said)
}

#[cfg(not(unix))]
async fn socket(_: &str, _: impl Stream<Item = io::Result<Bytes>>) -> io::Result<(Scan, String)> {
    Err(io::Error::other(
        "a socket's path works on Unix alone: use host:port",
    ))
}

/// `stream: OK`, `stream: Eicar-Test-Signature FOUND`, or why there is no answer.
fn clamav_answer(said: &[u8]) -> io::Result<(Scan, String)> {
    let said = words(said);
    let answer = said.strip_prefix("stream:").unwrap_or(&said).trim();
    if answer == "OK" {
        return Ok((Scan::Clean, String::new()));
    }
    match answer.strip_suffix("FOUND") {
        Some(name) => Ok((Scan::Infected, name.trim().to_owned())),
        None => Err(io::Error::other(said)),
    }
}

async fn program(
    words_of: &[String],
    pieces: impl Stream<Item = io::Result<Bytes>>,
) -> io::Result<(Scan, String)> {
    let (name, arguments) = words_of
        .split_first()
        .ok_or_else(|| io::Error::other("no program is named"))?;
    let mut child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        let mut pieces = Box::pin(pieces);
        while let Some(piece) = pieces.next().await {
            // A program may have its answer before it has read the whole file.
            if input.write_all(&piece?).await.is_err() {
                break;
            }
        }
    }
    let ended = child.wait_with_output().await?;
    match ended.status.code() {
        Some(0) => Ok((Scan::Clean, String::new())),
        Some(1) => Ok((Scan::Infected, words(&ended.stdout))),
        code => Err(io::Error::other(format!("{name} ended with {code:?}"))),
    }
}

/// The first line, without what could mislead a reader.
fn words(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let line = said.trim_matches('\0').lines().next().unwrap_or_default();
    clean(line.trim_matches('\0'))
        .chars()
        .take(MOST_WORDS)
        .collect()
}
