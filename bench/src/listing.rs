//! A year with very many projects, and a bare server that lists fifty of them with its own
//! statements.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::extract::Path as Part;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Extension, Router};
use rusqlite::{Connection, OpenFlags};

use crate::bare;
use crate::site::Site;

/// Projects of the year.
const PROJECTS: usize = 20_000;

/// The year, for which the sample has none.
const YEAR: &str = "2023";

/// The lists, as the performance section asks for them.
pub(crate) const PAGES: [(&str, &str); 2] = [
    ("project library", "/budget?year=2023"),
    ("projects' objects", "/objects?year=2023"),
];

const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY;

/// The departments that projects are given to.
const DEPARTMENTS: &str = "SELECT code FROM organisation_unit WHERE parent_id IS NULL \
                           AND valid_to IS NULL ORDER BY code LIMIT 50";

/// Fifty projects in order with their units.
const LINES: &str = "SELECT o.id, o.code, o.name, u.name FROM managed_object o \
                     JOIN organisation_unit u ON u.id = o.unit_id WHERE o.kind = 'project' \
                     ORDER BY o.code LIMIT 50";

/// The money of one.
const MONEY: &str = "SELECT COALESCE(SUM(amount_fen), 0) FROM budget_line \
                     WHERE object_id = ?1 AND fiscal_year = 2023";

/// How many there are.
const COUNT: &str = "SELECT COUNT(*) FROM managed_object WHERE kind = 'project'";

/// Imports the year's projects, spread over the departments.
pub(crate) fn fill(site: &Site, data: &Path) -> Result<()> {
    let mut list =
        "单位编码,项目编码,项目名称,项目类别,资金性质,资金级次,变动类型,金额（万元）\n".to_owned();
    let db = Connection::open_with_flags(data.join("jixiao.db"), READ_ONLY)?;
    let mut found = db.prepare(DEPARTMENTS)?;
    let found = found.query_map([], |row| row.get(0))?;
    let units = found.collect::<Result<Vec<String>, _>>()?;
    for (project, unit) in (0..PROJECTS).zip(units.iter().cycle()) {
        writeln!(
            list,
            "{unit},51068323T{:012},专项工作{project},特定目标类,一般公共预算资金,本级,年初,{}",
            800_000 + project,
            10 + project % 90
        )?;
    }
    let file = data.join("projects.csv");
    std::fs::write(&file, list)?;
    site.import("budget", YEAR, &file)
}

/// Connections that nobody uses at the moment.
#[derive(Clone)]
struct Pool(PathBuf, Arc<Mutex<Vec<Connection>>>);

impl Pool {
    fn with<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = || self.1.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = idle().pop();
        let connection = match kept {
            Some(connection) => connection,
            None => Connection::open_with_flags(&self.0, READ_ONLY)?,
        };
        let answer = work(&connection);
        idle().push(connection);
        answer
    }
}

/// Lists the database of a site.
pub(crate) fn serve(data: &Path) -> Result<SocketAddr> {
    let pool = Pool(data.join("jixiao.db"), Arc::default());
    let router = Router::new().route("/list/{bytes}", get(list));
    bare::start(router.layer(Extension(pool)))
}

async fn list(
    Extension(pool): Extension<Pool>,
    Part(bytes): Part<usize>,
) -> Result<String, StatusCode> {
    let page = move || pool.with(|connection| page(connection, bytes));
    let page = tokio::task::spawn_blocking(page).await;
    page.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

/// A table of so many bytes.
fn page(connection: &Connection, bytes: usize) -> Result<String> {
    let count: i64 = connection
        .prepare_cached(COUNT)?
        .query_row([], |row| row.get(0))?;
    let mut page = format!("<p>{count}</p><table>");
    let mut lines = connection.prepare_cached(LINES)?;
    let mut money = connection.prepare_cached(MONEY)?;
    let mut found = lines.query([])?;
    while let Some(row) = found.next()? {
        let id: String = row.get(0)?;
        let (code, name, unit): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let fen: i64 = money.query_row([&id], |row| row.get(0))?;
        write!(page, "<tr><td>{code}<td>{name}<td>{unit}<td>{fen}</tr>")?;
    }
    let rest = bytes.saturating_sub(page.len());
    page.extend(std::iter::repeat_n('x', rest));
    Ok(page)
}
