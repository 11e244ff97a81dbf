//! The rows of the sample in the order in which they are written.

use db::{Error, Sql, ToValue, Tx, Value};

use super::{PROVENANCE, REGION};

/// Statements with their values.
#[derive(Default, PartialEq)]
pub(super) struct Rows(Vec<(Sql, Vec<Value>)>);

impl Rows {
    /// Adds a record: the region goes before `values`, the provenance behind them.
    pub(super) fn record(&mut self, sql: Sql, values: &[&dyn ToValue]) {
        self.part(sql, values);
        if let Some((_, values)) = self.0.last_mut() {
            values.push(PROVENANCE.to_value());
        }
    }

    /// Adds a part of a record, which shares its provenance; the region goes before `values`.
    pub(super) fn part(&mut self, sql: Sql, values: &[&dyn ToValue]) {
        let mut all = Vec::with_capacity(values.len() + 2);
        all.push(REGION.to_value());
        all.extend(values.iter().map(ToValue::to_value));
        self.0.push((sql, all));
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Writes all of them.
    pub(super) fn write(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for (sql, values) in &self.0 {
            let values: Vec<&dyn ToValue> = values.iter().map(|value| value as _).collect();
            tx.execute_one(*sql, &values)?;
        }
        Ok(())
    }
}
