//! `bench`: how quickly the running program answers, beside a bare server in the same run.
//!
//! Build the program first: `cargo build --release -p app`; then
//! `cargo run --release -p bench`. Each line gives the median and the 99th percentile in
//! milliseconds, answers a second, and how many times as long as the bare one the median takes.

mod bare;
mod client;
mod executor;
mod form;
mod listing;
mod saving;
mod site;
mod units;
mod work;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Parser;

use client::{Client, Load, Times, drive, request};
use site::Site;

/// Load over HTTP against the release program.
#[derive(Parser)]
struct Options {
    /// The program.
    #[arg(long, default_value = "target/release/jixiao")]
    program: PathBuf,
    /// Connections at the same time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Seconds for each line.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Also asks for units among so many, imported into a second sample city.
    #[arg(long, default_value_t = 0)]
    units: usize,
    /// The database of the units' part, which must be empty; without it a file of its own.
    #[arg(long)]
    db: Option<String>,
    /// Leaves out all but the units.
    #[arg(long)]
    only_units: bool,
    /// Leaves out all but the saving of forms.
    #[arg(long)]
    only_saving: bool,
    /// Leaves out all but the lists of many projects.
    #[arg(long)]
    only_lists: bool,
}

/// Pages and lists, as somebody of the performance section asks for them.
const PAGES: [(&str, &str); 6] = [
    ("home", "/"),
    ("list of objects", "/objects?year=2020"),
    ("list sorted by money", "/objects?year=2020&sort=-budget"),
    (
        "list searched by text",
        "/objects?year=2020&text=%E5%AD%A6%E6%A0%A1",
    ),
    ("one object's life", "/objects/o-001-00"),
    ("metrics of the year", "/metrics?year=2020"),
];

/// How often somebody saves, sends or decides in the busiest hour before a deadline: 600 people,
/// each twice in five minutes.
const CHANGES_A_SECOND: u32 = 4;

/// The goal, in milliseconds: nobody waits for a page.
const MOST_P99_MS: f64 = 50.0;

/// The goal for saved forms and long lists, as a share of what a bare server does.
const LEAST_SHARE: f64 = 0.5;

fn main() -> Result<()> {
    let options = Options::parse();
    let load = Load {
        connections: options.connections,
        stretch: Duration::from_secs(options.seconds),
    };
    let folder = tempfile::Builder::new().prefix("jixiao-bench-").tempdir()?;
    let bare = bare::serve(folder.path())?;
    println!(
        "{} connections, {} s each",
        load.connections, options.seconds
    );
    let mut slow = Vec::new();
    if !options.only_units {
        slow.extend(sample_city(&options, bare, load)?);
    }
    if options.units > 0 {
        slow.extend(many_units(&options, bare, load)?);
    }
    if slow.is_empty() {
        println!("every goal is reached");
        return Ok(());
    }
    bail!("too slow: {}", slow.join(", "))
}

fn told(name: &str, times: &Times, bare: &Times) {
    println!(
        "{name:<24} p50 {:>8.2} ms  p95 {:>8.2} ms  p99 {:>8.2} ms  {:>7.0}/s  {:>5.1} × bare  \
         ({} answers)",
        times.percentile_ms(50),
        times.percentile_ms(95),
        times.percentile_ms(99),
        times.rate(),
        times.percentile_ms(50) / bare.percentile_ms(50),
        times.count()
    );
}

/// The sample city's pages, logging in, and commits: the names of those that are too slow.
fn sample_city(options: &Options, bare: SocketAddr, load: Load) -> Result<Vec<String>> {
    let data = tempfile::Builder::new().prefix("jixiao-bench-").tempdir()?;
    let site = Site::start(&options.program, data.path(), None, None)?;
    if options.only_saving {
        return saving(&site, data.path(), bare, load);
    }
    if options.only_lists {
        return lists(&site, data.path(), load);
    }
    let mut slow = pages(&site, bare, load, &PAGES)?;
    println!("while others change something {CHANGES_A_SECOND} times a second:");
    let others = work::begin(data.path(), CHANGES_A_SECOND)?;
    slow.extend(pages(&site, bare, load, &PAGES)?);
    others.end()?;
    println!("while nobody changes anything:");
    slow.extend(login(&site, bare, load)?);
    slow.extend(saving(&site, data.path(), bare, load)?);
    slow.extend(lists(&site, data.path(), load)?);
    commits(data.path(), load)?;
    Ok(slow)
}

/// Fifty of very many projects: the lists that are slower than half of a bare one, alone and while
/// others change something.
fn lists(site: &Site, data: &Path, load: Load) -> Result<Vec<String>> {
    listing::fill(site, data)?;
    let bare = listing::serve(data)?;
    let cookie = site.cookie("jixiao")?;
    let mut slow = Vec::new();
    for changes in [0, CHANGES_A_SECOND] {
        println!("{changes} changes a second:");
        let others = (changes > 0)
            .then(|| work::begin(data, changes))
            .transpose()?;
        for (name, path) in listing::PAGES {
            let asked = request("GET", path, &[("cookie", &cookie)], "");
            let bytes = Client::connect(site.address)?.send(&asked)?.body.len();
            let same = request("GET", &format!("/list/{bytes}"), &[], "");
            let bare_times = drive(bare, load, 200, |_, _| same.clone())?;
            let times = drive(site.address, load, 200, |_, _| asked.clone())?;
            told(
                &format!("bare list, {} KB", bytes / 1024),
                &bare_times,
                &bare_times,
            );
            told(name, &times, &bare_times);
            let share = times.rate() / bare_times.rate();
            println!("{name:<24} {share:.2} of the bare list's rate");
            if share < LEAST_SHARE {
                slow.push(format!("{name}, {changes} changes a second"));
            }
        }
        others.map(work::Others::end).transpose()?;
    }
    Ok(slow)
}

/// Clerks who save their targets: whether fewer forms are saved than half of what a bare server
/// commits.
fn saving(site: &Site, data: &Path, bare: SocketAddr, load: Load) -> Result<Vec<String>> {
    let saved = saving::saving(site, data, bare, load)?;
    told("bare server's form", &saved.bare, &saved.bare);
    told("form, all changed", &saved.all, &saved.bare);
    told("form, one changed", &saved.one, &saved.bare);
    let share = saved.all.rate() / saved.bare.rate();
    println!(
        "{:<24} {share:.2} of the bare server's rate",
        "form, all changed"
    );
    let is_slow = share < LEAST_SHARE;
    Ok(is_slow
        .then(|| "saving a form".to_owned())
        .into_iter()
        .collect())
}

/// Units below one and units by name, among many.
fn many_units(options: &Options, bare: SocketAddr, load: Load) -> Result<Vec<String>> {
    let data = tempfile::Builder::new().prefix("jixiao-bench-").tempdir()?;
    let list = data.path().join("units.csv");
    units::write(&list, options.units)?;
    let db = options.db.as_deref();
    let site = Site::start(&options.program, data.path(), db, Some(&list))?;
    let cookie = site.cookie("jixiao")?;
    let first = request("GET", units::PAGES[0].1, &[("cookie", &cookie)], "");
    let first = Client::connect(site.address)?.send(&first)?.text();
    let unit = units::department(&first)?;
    let filled = units::PAGES.map(|(name, path)| (name, path.replace("{unit}", unit)));
    let filled = filled.each_ref().map(|(name, path)| (*name, path.as_str()));
    pages(&site, bare, load, &filled)
}

/// Each page beside a bare page of its size: the names of those that are too slow.
fn pages(site: &Site, bare: SocketAddr, load: Load, pages: &[(&str, &str)]) -> Result<Vec<String>> {
    let cookie = site.cookie("jixiao")?;
    let mut slow = Vec::new();
    for &(name, path) in pages {
        let asked = request("GET", path, &[("cookie", &cookie)], "");
        let bytes = Client::connect(site.address)?.send(&asked)?.body.len();
        let same = request("GET", &format!("/page/{bytes}"), &[], "");
        let bare_times = drive(bare, load, 200, |_, _| same.clone())?;
        let times = drive(site.address, load, 200, |_, _| asked.clone())?;
        told(
            &format!("bare page, {} KB", bytes / 1024),
            &bare_times,
            &bare_times,
        );
        told(name, &times, &bare_times);
        if times.percentile_ms(99) >= MOST_P99_MS {
            slow.push(name.to_owned());
        }
    }
    Ok(slow)
}

/// Logging in beside the bare check of a password, two at a time in both: what is left is the
/// rest of the login.
fn login(site: &Site, bare: SocketAddr, load: Load) -> Result<Vec<String>> {
    let asked = site.login_request("jixiao")?;
    let check = request("POST", "/password", &[], "");
    let bare_times = drive(bare, load, 200, |_, _| check.clone())?;
    let times = drive(site.address, load, 303, |_, _| asked.clone())?;
    told("bare argon2id", &bare_times, &bare_times);
    told("login", &times, &bare_times);
    let rest = times.percentile_ms(99) - bare_times.percentile_ms(99);
    println!(
        "{:<24} p99 {rest:.2} ms beside argon2id's own time",
        "login"
    );
    let is_slow = rest >= MOST_P99_MS;
    Ok(is_slow.then(|| "login".to_owned()).into_iter().collect())
}

/// A form of ten lines through our executor beside a bare group commit of the same.
fn commits(folder: &Path, load: Load) -> Result<()> {
    let bare = bare::group_commit(folder, load)?;
    told("bare group commit", &bare, &bare);
    let ours = executor::group_commit(folder, load)?;
    told("our executor's", &ours, &bare);
    Ok(())
}
