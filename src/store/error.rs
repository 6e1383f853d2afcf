//! What can go wrong with a database.

use diesel::result::{DatabaseErrorKind, Error};

/// Why a store could not be opened; each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot reach the database {address}: {reason}; check DATABASE_URL and that the server runs")]
    Unreachable { address: String, reason: String },
    #[error("the database {address} is in use by another process ({holder}); stop that one first")]
    Locked { address: String, holder: String },
    #[error(
        "the database {address} was written by a newer jianyi (migration {version} is unknown here); install that version"
    )]
    Newer { address: String, version: String },
    #[error("the database {address} lacks migrations; run `jianyi migrate`")]
    Older { address: String },
    #[error("migrating {address} failed: {reason}; nothing of the failed migration was kept")]
    Migration { address: String, reason: String },
    #[error("SQLite {0} is too old: 3.51.3 is the first without the WAL-reset bug")]
    OldSqlite(String),
}

/// Why a read or a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else wrote the same row first; the whole transaction may be tried again.
    #[error("a concurrent transaction won")]
    Conflict,
    #[error("the database is busy")]
    Busy,
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Stored data that this program would never have written.
    #[error("table {table}, row {row}: {reason}")]
    Corrupt { table: &'static str, row: String, reason: String },
}

impl StoreError {
    pub fn corrupt(table: &'static str, row: impl ToString, reason: impl ToString) -> StoreError {
        StoreError::Corrupt { table, row: row.to_string(), reason: reason.to_string() }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> StoreError {
        match error {
            Error::DatabaseError(
                DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::SerializationFailure,
                _,
            ) => StoreError::Conflict,
            Error::DatabaseError(_, info) if info.message().contains("deadlock detected") => {
                StoreError::Conflict
            }
            other => StoreError::Unavailable(other.to_string()),
        }
    }
}
