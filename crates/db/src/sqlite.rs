//! SQLite: one writer, several readers.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, params_from_iter};

use crate::error::Error;
use crate::sql::Sql;
use crate::tx::Row;
use crate::value::{ToValue, Value};

/// How long a connection waits for another process that holds the file.
const BUSY: std::time::Duration = std::time::Duration::from_secs(10);

/// How many prepared statements a connection keeps.
const CACHED_STATEMENTS: usize = 256;

/// How much of the file a reader maps into memory.
const MAPPED_BYTES: i64 = 1 << 30;

/// How many KiB of pages a connection keeps. Less than what an import touches again and again would
/// be written and read back many times before its end.
const CACHE_KIB: i64 = 16 * 1024;

/// Opens the writing connection and makes the file if it is missing.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, Error> {
    let connection = Connection::open(path)?;
    set_up(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A confirmed submission must survive a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// Opens a connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    set_up(&connection)?;
    // A page that is mapped or kept is not read from the file again for the next request.
    connection.pragma_update(None, "mmap_size", MAPPED_BYTES)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

fn set_up(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Else a statement is compiled again for every other value that it is given.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// How often the database was changed, counted by [`count_change`].
pub(crate) fn changes(connection: &Connection) -> Result<i32, Error> {
    let mut statement = connection.prepare_cached("PRAGMA user_version")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Counts one change more, in the transaction that makes it. The count stands in the file's head,
/// so that other processes see it too.
pub(crate) fn count_change(connection: &Connection) -> Result<(), Error> {
    let next = changes(connection)?.wrapping_add(1);
    Ok(connection.pragma_update(None, "user_version", next)?)
}

/// Runs `work` in a savepoint: what it did is kept only if it succeeds. A savepoint keeps every
/// page that the work changes as it was before.
pub(crate) fn in_savepoint<T>(
    connection: &Connection,
    work: impl FnOnce() -> Option<T>,
) -> Result<Option<T>, Error> {
    connection.execute_batch("SAVEPOINT job")?;
    let result = work();
    let end = if result.is_some() {
        "RELEASE job"
    } else {
        "ROLLBACK TO job; RELEASE job"
    };
    connection.execute_batch(end)?;
    Ok(result)
}

/// Runs the only `work` of a transaction: what it did is kept only if it succeeds, and a new
/// transaction is begun in place of what it did if it fails.
pub(crate) fn alone<T>(
    connection: &Connection,
    work: impl FnOnce() -> Option<T>,
) -> Result<Option<T>, Error> {
    let result = work();
    if result.is_none() {
        connection.execute_batch("ROLLBACK; BEGIN IMMEDIATE")?;
    }
    Ok(result)
}

pub(crate) fn query(
    connection: &Connection,
    sql: Sql,
    values: &[&dyn ToValue],
) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    each(connection, sql, values, |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

pub(crate) fn each(
    connection: &Connection,
    sql: Sql,
    values: &[&dyn ToValue],
    mut each: impl FnMut(Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut statement = statement(connection, sql)?;
    let columns = Known::columns(sql, &statement);
    let mut found = statement.query(parameters(values))?;
    while let Some(row) = found.next()? {
        let values = columns
            .iter()
            .enumerate()
            .map(|(place, column)| from_sqlite(column, row.get_ref(place)?));
        each(Row {
            columns: Arc::clone(&columns),
            values: values.collect::<Result<_, Error>>()?,
        })?;
    }
    Ok(())
}

pub(crate) fn execute(
    connection: &Connection,
    sql: Sql,
    values: &[&dyn ToValue],
) -> Result<u64, Error> {
    Ok(statement(connection, sql)?.execute(parameters(values))? as u64)
}

pub(crate) fn prepare(connection: &Connection, sql: Sql) -> Result<(), Error> {
    statement(connection, sql).map(drop)
}

fn statement(connection: &Connection, sql: Sql) -> Result<CachedStatement<'_>, Error> {
    connection
        .prepare_cached(&Known::text(sql))
        .map_err(|error| Error::Driver(format!("{}: {error}", sql.name)))
}

/// What need not be made again each time a statement runs.
struct Known {
    /// The statement as SQLite reads it.
    text: Arc<str>,
    /// The names of its columns, once it has run.
    columns: Option<Arc<[String]>>,
}

/// Place and length of a statement's text, which is a constant of the program.
type Place = (*const u8, usize);

thread_local! {
    static KNOWN: RefCell<HashMap<Place, Known>> = RefCell::default();
}

impl Known {
    fn of<T>(sql: Sql, work: impl FnOnce(&mut Self) -> T) -> T {
        KNOWN.with_borrow_mut(|all| {
            let place = (sql.text.as_ptr(), sql.text.len());
            work(all.entry(place).or_insert_with(|| Self {
                // SQLite reads `$1` as a name; `?1` is the numbered parameter.
                text: sql.text.replace('$', "?").into(),
                columns: None,
            }))
        })
    }

    fn text(sql: Sql) -> Arc<str> {
        Self::of(sql, |known| Arc::clone(&known.text))
    }

    fn columns(sql: Sql, statement: &CachedStatement<'_>) -> Arc<[String]> {
        Self::of(sql, |known| {
            let names = || statement.column_names().map(str::to_owned).collect();
            Arc::clone(known.columns.get_or_insert_with(names))
        })
    }
}

fn parameters(values: &[&dyn ToValue]) -> impl rusqlite::Params {
    params_from_iter(
        values
            .iter()
            .map(|value| Bound(value.to_value()))
            .collect::<Vec<_>>(),
    )
}

struct Bound(Value);

impl rusqlite::ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Value::Null => ValueRef::Null,
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bool(truth) => ValueRef::Integer(i64::from(*truth)),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn from_sqlite(column: &str, value: ValueRef<'_>) -> Result<Value, Error> {
    let wrong = |problem| Error::InconsistentRow {
        column: column.to_owned(),
        problem,
    };
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(wrong("is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(wrong("is neither text, bytes nor a whole number")),
    }
}
