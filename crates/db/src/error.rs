//! What can go wrong with a database. The text is for the log, never for a user.

/// An error of the database, by what a caller can do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is none of `sqlite://…` and `postgres://…`.
    #[error("not a database address: {0}")]
    Address(String),
    /// The database cannot be reached or opened.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A row with this key exists already.
    #[error("duplicate: {0}")]
    Duplicate(String),
    /// A reference to a row that does not exist, or a deletion of one that is referred to.
    #[error("broken reference: {0}")]
    Reference(String),
    /// A value outside what the column allows.
    #[error("value not allowed: {0}")]
    NotAllowed(String),
    /// Another transaction was quicker; the same one may succeed when it is tried again.
    #[error("conflict: {0}")]
    Conflict(String),
    /// A statement touched another number of rows than it must.
    #[error("{statement}: touched {touched} rows instead of one")]
    Touched {
        /// Name of the statement.
        statement: &'static str,
        /// How many it touched.
        touched: u64,
    },
    /// A row does not have what the program expects in it.
    #[error("inconsistent row: column {column} {problem}")]
    InconsistentRow {
        /// The column.
        column: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A sealed value that cannot be opened, or a value that should be sealed and is not.
    #[error("a sealed value {0}")]
    Sealed(&'static str),
    /// The migrations do not fit the database.
    #[error("{0}")]
    Migration(String),
    /// Everything else that a driver reports.
    #[error("{0}")]
    Driver(String),
    /// The code of a transaction panicked; nothing of it was kept.
    #[error("a transaction panicked")]
    Panicked,
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let text = error.to_string();
        let Some(code) = error.sqlite_error() else {
            return Self::Driver(text);
        };
        match code.extended_code {
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                Self::Duplicate(text)
            }
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::Reference(text),
            ffi::SQLITE_CONSTRAINT_CHECK | ffi::SQLITE_CONSTRAINT_NOTNULL => Self::NotAllowed(text),
            ffi::SQLITE_CANTOPEN | ffi::SQLITE_NOTADB => Self::Unavailable(text),
            code if code & 0xff == ffi::SQLITE_BUSY => Self::Conflict(text),
            _ => Self::Driver(text),
        }
    }
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState;
        let Some(cause) = error.as_db_error() else {
            return if error.is_closed() {
                Self::Unavailable(error.to_string())
            } else {
                Self::Driver(error.to_string())
            };
        };
        let text = match cause.detail() {
            Some(detail) => format!("{} ({detail})", cause.message()),
            None => cause.message().to_owned(),
        };
        let code = cause.code();
        if *code == SqlState::UNIQUE_VIOLATION {
            Self::Duplicate(text)
        } else if *code == SqlState::FOREIGN_KEY_VIOLATION {
            Self::Reference(text)
        } else if *code == SqlState::CHECK_VIOLATION || *code == SqlState::NOT_NULL_VIOLATION {
            Self::NotAllowed(text)
        } else if *code == SqlState::T_R_SERIALIZATION_FAILURE
            || *code == SqlState::T_R_DEADLOCK_DETECTED
        {
            Self::Conflict(text)
        } else {
            Self::Driver(text)
        }
    }
}
