//! The real program, started and killed.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_jixiao");

/// The server's life, as the people see it.
#[derive(Default)]
struct Life {
    /// How many servers have been started; those after the first follow a kill.
    number: u32,
    process: Option<Child>,
    /// Nobody begins another command.
    is_over: bool,
    /// No server will come any more.
    is_lost: bool,
}

/// The server over its lives, always at the same address.
pub(crate) struct Server {
    database: String,
    address: SocketAddr,
    /// Where its key is.
    folder: TempDir,
    life: Mutex<Life>,
    changed: Condvar,
}

impl Server {
    /// A server that is not started yet.
    pub(crate) fn new(database: &str) -> Self {
        // A port that is free now is most likely free in a moment.
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            database: database.to_owned(),
            folder: tempfile::tempdir().unwrap(),
            address: free.local_addr().unwrap(),
            life: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Starts the server and waits until it listens.
    pub(crate) fn start(&self) {
        let mut process = Command::new(PROGRAM)
            .args(["serve", "--db", &self.database])
            .arg("--key-file")
            .arg(self.folder.path().join("jixiao.key"))
            .args(["--listen", &self.address.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let told = BufReader::new(process.stdout.take().unwrap());
        let address = self.address.to_string();
        let listens = told
            .lines()
            .map_while(Result::ok)
            .any(|line| line.contains(&address));
        assert!(listens, "the server ended before it listened");
        let mut life = self.life.lock().unwrap();
        life.number += 1;
        life.process = Some(process);
        self.changed.notify_all();
    }

    /// Kills the server as `kill -9` does.
    pub(crate) fn kill(&self) {
        let process = self.life.lock().unwrap().process.take();
        if let Some(mut process) = process {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Where the server listens and its number, once one with at least this number lives; none when
    /// no server will come any more.
    pub(crate) fn wait_for(&self, number: u32) -> Option<(SocketAddr, u32)> {
        let waits =
            |life: &mut Life| !life.is_lost && (life.number < number || life.process.is_none());
        let life = self.life.lock().unwrap();
        let life = self.changed.wait_while(life, waits).unwrap();
        (!life.is_lost).then_some((self.address, life.number))
    }

    /// Whether nobody is to begin another command.
    pub(crate) fn is_over(&self) -> bool {
        self.life.lock().unwrap().is_over
    }

    /// Lets nobody begin another command; those under way are answered.
    pub(crate) fn end(&self) {
        self.life.lock().unwrap().is_over = true;
    }

    /// Ends the waiting when it is dropped, also when a test fails.
    pub(crate) fn closing(&self) -> Closing<'_> {
        Closing(self)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// See [`Server::closing`].
pub(crate) struct Closing<'a>(&'a Server);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        // A worker that panicked while it held the lock has told already what is wrong.
        if let Ok(mut life) = self.0.life.lock() {
            life.is_over = true;
            life.is_lost = std::thread::panicking();
        }
        self.0.changed.notify_all();
    }
}

/// Brings a database up to date, as every command does.
pub(crate) fn migrate(database: &str) {
    if let Some(file) = database.strip_prefix("sqlite://") {
        assert!(std::path::Path::new(file).is_file());
    }
    // An empty database has no chain to verify, which is not what is asked here.
    let _ = verify(database);
}

/// The chain of events is whole.
pub(crate) fn verify_chain(database: &str) {
    let output = verify(database);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
}

fn verify(database: &str) -> std::process::Output {
    let mut command = Command::new(PROGRAM);
    command.args(["audit", "verify", "--db", database]);
    command.output().unwrap()
}
