//! What a database holds, told briefly, so that a test can say that nothing was changed.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use postgres::{Client, NoTls};
use rusqlite::Connection;
use rusqlite::types::Value;

/// The number of rows and a digest of them for each table.
///
/// # Panics
/// When the database cannot be read.
pub(super) fn sqlite(path: &str) -> BTreeMap<String, String> {
    let connection = Connection::open(path).expect("the test's database opens");
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .expect("the catalogue is known");
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .expect("the catalogue answers")
        .map(|name| name.expect("a table has a name"))
        .collect();
    let told = |name: String| {
        let rows = sqlite_rows(&connection, &name);
        (name, brief(rows))
    };
    names.into_iter().map(told).collect()
}

fn sqlite_rows(connection: &Connection, table: &str) -> Vec<String> {
    let mut all = connection
        .prepare(&format!("SELECT * FROM \"{table}\""))
        .expect("the table can be read");
    let columns = all.column_count();
    all.query_map([], |row| {
        let values: Result<Vec<Value>, _> = (0..columns).map(|place| row.get(place)).collect();
        Ok(format!("{:?}", values?))
    })
    .expect("the table answers")
    .map(|row| row.expect("a row can be read"))
    .collect()
}

/// As [`sqlite`], of the PostgreSQL schema that the address's search path names.
///
/// # Panics
/// When the database cannot be read.
pub(super) fn postgres(url: &str) -> BTreeMap<String, String> {
    let mut client = Client::connect(url, NoTls).expect("the tests' PostgreSQL answers");
    let tables = client
        .query(
            "SELECT table_name::text FROM information_schema.tables \
             WHERE table_schema = current_schema() ORDER BY 1",
            &[],
        )
        .expect("the catalogue is known");
    let mut told = BTreeMap::new();
    for table in tables {
        let name: String = table.get(0);
        let rows = client
            .query(&format!("SELECT t::text FROM \"{name}\" AS t"), &[])
            .expect("the table can be read");
        let rows = rows.iter().map(|row| row.get::<_, String>(0)).collect();
        told.insert(name, brief(rows));
    }
    told
}

/// `3 rows 1f2e…`, whatever the order of the rows.
fn brief(mut rows: Vec<String>) -> String {
    rows.sort();
    let mut hasher = DefaultHasher::new();
    rows.hash(&mut hasher);
    format!("{} rows {:016x}", rows.len(), hasher.finish())
}
