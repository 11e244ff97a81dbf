//! A transaction and the rows that it reads.

use std::sync::Arc;

use crate::error::Error;
use crate::postgresql;
use crate::seal::SealKey;
use crate::sql::Sql;
use crate::sqlite;
use crate::value::{ToValue, Value};

/// Which transactions a transaction of PostgreSQL sees.
const SNAPSHOT: Sql = Sql {
    name: "SNAPSHOT",
    text: "SELECT CAST(pg_current_snapshot() AS TEXT) AS snapshot",
};

/// A running transaction.
pub struct Tx<'a> {
    pub(crate) backend: Backend<'a>,
    pub(crate) key: Option<SealKey>,
}

pub(crate) enum Backend<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut postgresql::Connection),
}

impl<'a> Tx<'a> {
    pub(crate) fn new(backend: Backend<'a>) -> Self {
        Self { backend, key: None }
    }

    /// The text as it may lie in the database: sealed for its place, which names the column and
    /// the row.
    ///
    /// # Errors
    /// The database was opened without a key, or the machine gives no randomness.
    pub fn seal(&self, place: &str, text: &str) -> Result<String, Error> {
        self.key()?.seal(place, text)
    }

    /// The text that was sealed for that place.
    ///
    /// # Errors
    /// The database was opened without a key or with another one, or the value was touched.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<String, Error> {
        self.key()?.open(place, sealed)
    }

    fn key(&self) -> Result<&SealKey, Error> {
        self.key.as_ref().ok_or(Error::Sealed("needs a key"))
    }

    /// All rows of a query.
    pub fn query(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<Vec<Row>, Error> {
        match &mut self.backend {
            Backend::Sqlite(connection) => sqlite::query(connection, sql, values),
            Backend::Postgres(connection) => connection.query(sql, values),
        }
    }

    /// Gives each row of a query to `each`, without keeping them: for queries of many rows.
    ///
    /// # Errors
    /// What `each` returns, which ends the query.
    pub fn each(
        &mut self,
        sql: Sql,
        values: &[&dyn ToValue],
        each: &mut dyn FnMut(&Row) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match &mut self.backend {
            Backend::Sqlite(connection) => sqlite::each(connection, sql, values, |row| each(&row)),
            Backend::Postgres(connection) => connection.each(sql, values, |row| each(&row)),
        }
    }

    /// The only row of a query, if there is one.
    ///
    /// # Errors
    /// More than one row.
    pub fn find(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<Option<Row>, Error> {
        let mut rows = self.query(sql, values)?;
        if rows.len() > 1 {
            return Err(Error::Touched {
                statement: sql.name,
                touched: rows.len() as u64,
            });
        }
        Ok(rows.pop())
    }

    /// The one row of a query.
    ///
    /// # Errors
    /// No row, or more than one.
    pub fn one(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<Row, Error> {
        self.find(sql, values)?.ok_or(Error::Touched {
            statement: sql.name,
            touched: 0,
        })
    }

    /// Runs a statement; the number of rows that it touched.
    pub fn execute(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<u64, Error> {
        match &mut self.backend {
            Backend::Sqlite(connection) => sqlite::execute(connection, sql, values),
            Backend::Postgres(connection) => connection.execute(sql, values),
        }
    }

    /// Runs a statement that must touch exactly one row.
    ///
    /// # Errors
    /// None or several were touched: the row is gone, or somebody changed it first.
    pub fn execute_one(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<(), Error> {
        match self.execute(sql, values)? {
            1 => Ok(()),
            touched => Err(Error::Touched {
                statement: sql.name,
                touched,
            }),
        }
    }

    /// Tells the planner what the tables hold now, after many rows were written at once. PostgreSQL
    /// does so by itself, but only a minute later; SQLite plans by the tables' shape.
    ///
    /// # Errors
    /// A name that is no table.
    pub fn many_rows_written(&mut self, tables: &[&'static str]) -> Result<(), Error> {
        match &self.backend {
            Backend::Sqlite(_) => Ok(()),
            Backend::Postgres(_) => self.batch(&format!("ANALYZE {}", tables.join(", "))),
        }
    }

    /// Prepares a statement without running it: whether this database understands it.
    pub fn prepare(&mut self, sql: Sql) -> Result<(), Error> {
        match &mut self.backend {
            Backend::Sqlite(connection) => sqlite::prepare(connection, sql),
            Backend::Postgres(connection) => connection.prepare(sql).map(drop),
        }
    }

    /// Names what this transaction sees: as long as two transactions are told the same, nothing was
    /// committed between them.
    pub(crate) fn version(&mut self) -> Result<String, Error> {
        match &mut self.backend {
            Backend::Sqlite(connection) => Ok(sqlite::changes(connection)?.to_string()),
            Backend::Postgres(_) => self.one(SNAPSHOT, &[])?.text("snapshot"),
        }
    }

    /// Runs several statements without parameters, as a migration does.
    pub(crate) fn batch(&mut self, text: &str) -> Result<(), Error> {
        match &mut self.backend {
            Backend::Sqlite(connection) => Ok(connection.execute_batch(text)?),
            Backend::Postgres(connection) => connection.batch(text),
        }
    }
}

/// A row: values by column name.
#[derive(Debug, Clone)]
pub struct Row {
    pub(crate) columns: Arc<[String]>,
    pub(crate) values: Vec<Value>,
}

impl Row {
    /// The column's names in order.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// A column's value.
    pub fn value(&self, column: &str) -> Result<&Value, Error> {
        let place = self.columns.iter().position(|name| name == column);
        place
            .and_then(|place| self.values.get(place))
            .ok_or_else(|| wrong(column, "is not selected"))
    }

    /// A text.
    pub fn text(&self, column: &str) -> Result<String, Error> {
        self.opt_text(column)?
            .ok_or_else(|| wrong(column, "is NULL"))
    }

    /// A text or nothing.
    pub fn opt_text(&self, column: &str) -> Result<Option<String>, Error> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.clone())),
            _ => Err(wrong(column, "is not a text")),
        }
    }

    /// A whole number.
    pub fn int(&self, column: &str) -> Result<i64, Error> {
        self.opt_int(column)?
            .ok_or_else(|| wrong(column, "is NULL"))
    }

    /// A whole number or nothing.
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, Error> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            _ => Err(wrong(column, "is not a whole number")),
        }
    }

    /// Bytes.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, Error> {
        match self.value(column)? {
            Value::Bytes(bytes) => Ok(bytes.clone()),
            _ => Err(wrong(column, "is not bytes")),
        }
    }

    /// Yes or no.
    pub fn bool(&self, column: &str) -> Result<bool, Error> {
        match self.value(column)? {
            Value::Bool(truth) => Ok(*truth),
            // SQLite keeps yes and no as 1 and 0.
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            _ => Err(wrong(column, "is not a yes or no")),
        }
    }
}

fn wrong(column: &str, problem: &'static str) -> Error {
    Error::InconsistentRow {
        column: column.to_owned(),
        problem,
    }
}
