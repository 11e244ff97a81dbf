//! Requests made from the OpenAPI document against the real program: no answer may be an error of
//! the server or something that the document does not say.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::setup::python_packages;
use crate::shell::{cargo, output, program, run as run_program, step, target_folder};

/// How to check.
#[derive(Args)]
pub(crate) struct Options {
    /// The program to check; without it the program is built.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Cases for each operation.
    #[arg(long, default_value_t = 100)]
    cases: u32,
    /// Other cases than those that are always the same.
    #[arg(long)]
    seed: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            binary: None,
            cases: 100,
            seed: None,
        }
    }
}

/// Whose token is tried, and on which operations: all, or those of one path.
const CALLERS: [(&str, Option<&str>); 3] = [
    ("jixiao", None),
    ("101b", None),
    ("auditadmin", Some("/api/v1/events")),
];

/// The chore.
pub(crate) fn run(options: &Options) -> Result<()> {
    let folder = Path::new("e2e/api").canonicalize()?;
    let python = step("interface check: packages", || {
        python_packages(&folder.join("requirements.txt"))
    })?;
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize()?,
        None => built()?,
    };
    let data = tempfile::Builder::new().prefix("jixiao-api-").tempdir()?;
    let site = step("interface check: sample city", || {
        Site::start(&binary, data.path())
    })?;
    let document = data.path().join("openapi.json");
    std::fs::write(&document, output(Command::new(&binary).arg("openapi"))?)?;
    for (login, path) in CALLERS {
        let token = site.token(&python, &folder.join("make_token.py"), login)?;
        step(&format!("interface check as {login}"), || {
            let mut check = schemathesis(options, &python, &document, &site.url, &token);
            if let Some(path) = path {
                check.args(["--include-path", path]);
            }
            run_program(check.current_dir(data.path()))
        })?;
    }
    Ok(())
}

fn built() -> Result<PathBuf> {
    step("interface check: build", || {
        run_program(&mut cargo(&["build", "--package", "app"]))
    })?;
    Ok(target_folder()?.join("debug").join("jixiao"))
}

fn schemathesis(
    options: &Options,
    python: &Path,
    document: &Path,
    url: &str,
    token: &str,
) -> Command {
    let mut check = Command::new(python);
    check
        .args(["-m", "schemathesis.cli", "run"])
        .arg(document)
        .args(["--url", url])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--max-examples", &options.cases.to_string()])
        .args(["--continue-on-failure", "--warnings", "off", "--no-color"]);
    match options.seed {
        Some(seed) => check.args(["--seed", &seed.to_string()]),
        None => check.arg("--generation-deterministic"),
    };
    check
}

/// The program serving the sample city. It stops when this is dropped.
struct Site {
    server: Child,
    url: String,
    /// What the program printed of logins and passwords.
    people: String,
}

impl Site {
    fn start(binary: &Path, data: &Path) -> Result<Self> {
        let people = output(
            Command::new(binary)
                .args(["demo", "--no-serve", "--data"])
                .arg(data),
        )?;
        // A port that is free now is most likely free in a moment.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut server = Command::new(binary)
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--db"])
            .arg(format!("sqlite://{}", data.join("jixiao.db").display()))
            .stdout(Stdio::piped())
            .stderr(File::create(data.join("server.log"))?)
            .spawn()?;
        let told = server.stdout.take().context("the output is a pipe")?;
        let site = Self {
            server,
            url: format!("http://127.0.0.1:{port}"),
            people,
        };
        for line in BufReader::new(told).lines() {
            if line?.contains(&site.url) {
                return Ok(site);
            }
        }
        bail!("the server ended before it listened");
    }

    /// A token of the person `login`, made on the site's page.
    fn token(&self, python: &Path, script: &Path, login: &str) -> Result<String> {
        let words =
            |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
        let person =
            self.people.lines().map(words).find(|words| {
                words.first().is_some_and(|first| first == login) && words.len() >= 2
            });
        let person = person.with_context(|| format!("no password was printed for {login}"))?;
        let password = person.get(1).context("a password follows the login")?;
        let mut asked = program(&python.to_string_lossy(), &[])
            .arg(script)
            .args([&self.url, login])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut input = asked.stdin.take().context("the input is a pipe")?;
        writeln!(input, "{password}")?;
        drop(input);
        let answer = asked.wait_with_output()?;
        if !answer.status.success() {
            bail!("{login} got no token");
        }
        Ok(String::from_utf8(answer.stdout)?.trim().to_owned())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // A server that has ended already is what is wanted.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
