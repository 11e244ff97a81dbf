//! The program under load: the sample city, served by the release build.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::client::{Client, request};

/// The server. It stops when this is dropped.
pub(crate) struct Site {
    server: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    people: String,
    program: PathBuf,
    db: String,
}

impl Site {
    /// Makes the sample city in `data`, or in the database of the address, adds the units of a
    /// list, and serves it.
    pub(crate) fn start(
        program: &Path,
        data: &Path,
        db: Option<&str>,
        units: Option<&Path>,
    ) -> Result<Self> {
        let own = format!("sqlite://{}", data.join("jixiao.db").display());
        let db = db.unwrap_or(&own);
        let mut demo = Command::new(program);
        demo.args(["demo", "--no-serve", "--db", db, "--data"])
            .arg(data);
        let made = output(&mut demo)?;
        if let Some(units) = units {
            import(program, db, ("units", "2020"), units)?;
        }
        // A port that is free now is most likely free in a moment.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut server = Command::new(program)
            .args(["serve", "--listen", &address.to_string(), "--db", db])
            .arg("--key-file")
            .arg(data.join("jixiao.key"))
            .stdout(Stdio::piped())
            .stderr(File::create(data.join("server.log"))?)
            .spawn()?;
        let told = server.stdout.take().context("the output is a pipe")?;
        let site = Self {
            server,
            address,
            people: made,
            program: program.to_owned(),
            db: db.to_owned(),
        };
        for line in BufReader::new(told).lines() {
            if line?.contains(&address.to_string()) {
                return Ok(site);
            }
        }
        bail!("the server ended before it listened");
    }

    /// Imports a list of this kind.
    pub(crate) fn import(&self, what: &str, year: &str, list: &Path) -> Result<()> {
        import(&self.program, &self.db, (what, year), list)
    }

    /// The password that was printed for `login`.
    pub(crate) fn password(&self, login: &str) -> Result<String> {
        let words =
            |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
        let person = self.people.lines().map(words);
        let person = person
            .into_iter()
            .find(|words| words.len() >= 2 && words.first().is_some_and(|first| first == login));
        let person = person.with_context(|| format!("no password was printed for {login}"))?;
        person.into_iter().nth(1).context("a password follows")
    }

    /// A request to log in.
    pub(crate) fn login_request(&self, login: &str) -> Result<Vec<u8>> {
        let body = format!("name={login}&password={}&next=%2F", self.password(login)?);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        Ok(request("POST", "/login", &kind, &body))
    }

    /// The cookie of a session of `login`.
    pub(crate) fn cookie(&self, login: &str) -> Result<String> {
        let answer = Client::connect(self.address)?.send(&self.login_request(login)?)?;
        let cookie = answer.header("set-cookie").context("a session's cookie")?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }
}

fn import(program: &Path, db: &str, (what, year): (&str, &str), list: &Path) -> Result<()> {
    let mut import = Command::new(program);
    import
        .args(["import", what, "--year", year, "--db", db])
        .arg(list);
    let begun = Instant::now();
    output(&mut import)?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{what} imported in {seconds:.1} s");
    Ok(())
}

/// What a command printed; its complaint where it failed.
fn output(command: &mut Command) -> Result<String> {
    let done = command
        .output()
        .with_context(|| format!("cannot start {}", command.get_program().display()))?;
    if !done.status.success() {
        let told = [&*done.stderr, &*done.stdout].concat();
        bail!("{}", String::from_utf8_lossy(&told));
    }
    Ok(String::from_utf8(done.stdout)?)
}

impl Drop for Site {
    fn drop(&mut self) {
        // A server that has ended already is what is wanted.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
