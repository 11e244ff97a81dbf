//! A PostgreSQL server for the tests: its own folder, loopback only, thrown away afterwards.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::setup::{is_root, postgres_programs};
use crate::shell::{output, program, run};

/// A running server. It stops when this is dropped.
pub(crate) struct Server {
    folder: TempDir,
    programs: PathBuf,
    as_user: Option<&'static str>,
    /// Where it listens, for `JIXIAO_TEST_POSTGRES`.
    pub(crate) url: String,
}

impl Server {
    /// Makes a cluster in a temporary folder and starts it.
    pub(crate) fn start() -> Result<Self> {
        let programs = postgres_programs().context("PostgreSQL's initdb is not found")?;
        let folder = tempfile::Builder::new()
            .prefix("jixiao-postgres-")
            .tempdir()?;
        // PostgreSQL refuses to run as root; its package makes this user.
        let as_user = is_root()?.then_some("postgres");
        let mut server = Self {
            folder,
            programs,
            as_user,
            url: String::new(),
        };
        if let Some(user) = as_user {
            run(program("chown", &[user]).arg(server.folder.path()))?;
        }
        let data = server.data();
        let made = server
            .tool("initdb", &data)
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .output()?;
        anyhow::ensure!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        server.listen()?;
        Ok(server)
    }

    fn listen(&mut self) -> Result<()> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let sockets = self.folder.path().display();
        // A test database is worth nothing after a power cut, so nothing waits for the disk.
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={sockets} \
             -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
             -c max_connections=200 -c shared_buffers=128MB"
        );
        let data = self.data();
        let log = self.folder.path().join("log");
        let mut start = self.tool("pg_ctl", &data);
        start
            .args(["start", "--wait", "--silent", "--log"])
            .arg(log)
            .args(["--options", &options]);
        run(&mut start)?;
        self.url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn tool(&self, name: &str, data: &Path) -> Command {
        let path = self.programs.join(name);
        let mut command = match self.as_user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", user, "--regid", user, "--clear-groups"])
                    .arg(path);
                command
            }
            None => Command::new(path),
        };
        command
            .current_dir(self.folder.path())
            .arg("--pgdata")
            .arg(data);
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.data();
        if let Err(error) = output(
            self.tool("pg_ctl", &data)
                .args(["stop", "--mode=immediate"]),
        ) {
            eprintln!("PostgreSQL did not stop: {error:#}");
        }
    }
}
