//! PostgreSQL: one connection with its prepared statements.

use std::collections::HashMap;
use std::sync::Arc;

use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, NoTls, Statement};

use crate::error::Error;
use crate::sql::Sql;
use crate::tx::Row;
use crate::value::{ToValue, Value};

/// A connection with the statements that it has prepared.
pub(crate) struct Connection {
    client: Client,
    prepared: HashMap<&'static str, Statement>,
}

impl Connection {
    pub(crate) fn open(url: &str) -> Result<Self, Error> {
        let client =
            Client::connect(url, NoTls).map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self {
            client,
            prepared: HashMap::new(),
        })
    }

    /// Whether the server has gone away.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    pub(crate) fn prepare(&mut self, sql: Sql) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql.text) {
            return Ok(statement.clone());
        }
        let statement = self
            .client
            .prepare(sql.text)
            .map_err(|error| named(sql, error))?;
        self.prepared.insert(sql.text, statement.clone());
        Ok(statement)
    }

    pub(crate) fn query(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        self.each(sql, values, |row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Gives each row as it comes from the server.
    pub(crate) fn each(
        &mut self,
        sql: Sql,
        values: &[&dyn ToValue],
        mut each: impl FnMut(Row) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let statement = self.prepare(sql)?;
        let values = bound(values);
        let found = self.client.query_raw(&statement, references(&values));
        let mut found = found.map_err(|error| named(sql, error))?;
        let columns: Arc<[String]> = statement
            .columns()
            .iter()
            .map(|column| column.name().to_owned())
            .collect();
        while let Some(row) = found.next().map_err(|error| named(sql, error))? {
            let values = (0..columns.len()).map(|place| from_postgres(&row, place));
            each(Row {
                columns: Arc::clone(&columns),
                values: values.collect::<Result<_, Error>>()?,
            })?;
        }
        Ok(())
    }

    pub(crate) fn execute(&mut self, sql: Sql, values: &[&dyn ToValue]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        let values = bound(values);
        let touched = self.client.execute(&statement, &references(&values));
        touched.map_err(|error| named(sql, error))
    }

    pub(crate) fn batch(&mut self, text: &str) -> Result<(), Error> {
        Ok(self.client.batch_execute(text)?)
    }
}

fn named(sql: Sql, error: postgres::Error) -> Error {
    match Error::from(error) {
        Error::Driver(text) => Error::Driver(format!("{}: {text}", sql.name)),
        other => other,
    }
}

fn bound(values: &[&dyn ToValue]) -> Vec<Bound> {
    values.iter().map(|value| Bound(value.to_value())).collect()
}

fn references(values: &[Bound]) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}

#[derive(Debug)]
struct Bound(Value);

impl ToSql for Bound {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match &self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Text(text) if *kind != Type::BYTEA => text.to_sql(kind, out),
            Value::Int(number) if *kind == Type::INT8 => number.to_sql(kind, out),
            Value::Bool(truth) if *kind == Type::BOOL => truth.to_sql(kind, out),
            Value::Bytes(bytes) if *kind == Type::BYTEA => bytes.to_sql(kind, out),
            other => Err(format!("{other:?} does not fit a parameter of type {kind}").into()),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [
            Type::INT8,
            Type::BOOL,
            Type::TEXT,
            Type::VARCHAR,
            Type::BYTEA,
        ]
        .contains(kind)
    }

    to_sql_checked!();
}

fn from_postgres(row: &postgres::Row, place: usize) -> Result<Value, Error> {
    let kind = row.columns()[place].type_();
    let value = if *kind == Type::INT8 {
        row.try_get::<_, Option<i64>>(place)?.map(Value::Int)
    } else if *kind == Type::INT4 {
        row.try_get::<_, Option<i32>>(place)?
            .map(|number| Value::Int(number.into()))
    } else if *kind == Type::BOOL {
        row.try_get::<_, Option<bool>>(place)?.map(Value::Bool)
    } else if [Type::TEXT, Type::VARCHAR, Type::NAME].contains(kind) {
        row.try_get::<_, Option<String>>(place)?.map(Value::Text)
    } else if *kind == Type::BYTEA {
        row.try_get::<_, Option<Vec<u8>>>(place)?.map(Value::Bytes)
    } else {
        return Err(Error::Driver(format!(
            "a column of type {kind}: cast it in the statement"
        )));
    };
    Ok(value.unwrap_or(Value::Null))
}
