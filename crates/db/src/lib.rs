//! One SQL text on two databases.
//!
//! A transaction is a closure that gets a [`Tx`]; it runs the same on SQLite and on PostgreSQL.
//! Each connection lives in one thread of its own. SQLite has a single writing thread that commits
//! many transactions at once; a transaction that fails rolls back alone. Only this crate knows
//! which database runs.

mod error;
mod executor;
mod migrate;
mod postgresql;
mod recall;
mod seal;
mod sql;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
mod tx;
mod value;

pub use error::Error;
pub use executor::{Db, IsConflict};
pub use migrate::{Migration, migrate};
pub use recall::Question;
pub use seal::SealKey;
pub use sql::Sql;
pub use tx::{Row, Tx};
pub use value::{ToValue, Value};
