use uuid::Uuid;

/// What can go wrong with what is kept. Carries no stored value.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached or is too busy: try again.
    #[error("the database is unavailable: {reason}")]
    Unavailable {
        /// What happened.
        reason: String,
    },
    /// A rule of the database stands against it: the row is there already, or one that it needs is not.
    #[error("the database refuses: {rule}")]
    Conflict {
        /// The rule, in the database's words.
        rule: String,
    },
    /// A stored value that this version does not understand.
    #[error(
        "inconsistent database: table {table}, column {column}, row {row}; \
         was it written by a newer version, or by hand?"
    )]
    Inconsistency {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        row: Uuid,
    },
    /// The database is older than this program.
    #[error("{count} database migrations are pending; run `bonafide migrate`")]
    PendingMigrations {
        /// How many.
        count: usize,
    },
    /// A migration failed.
    #[error("the database cannot be migrated: {reason}")]
    Migration {
        /// What happened, and what to do.
        reason: String,
    },
    /// The database's address is none that we can use.
    #[error("database address: {reason}")]
    Address {
        /// What is wrong, without repeating the address, which may hold a password.
        reason: String,
    },
    /// The database answered with an error that we did not expect.
    #[error("unexpected answer of the database: {message}")]
    Database {
        /// Its message; sqlx leaves out the details, which hold values.
        message: String,
    },
    /// A blob is not there.
    #[error("blob {name} is missing from the blob store")]
    BlobMissing {
        /// Its name.
        name: String,
    },
    /// A blob is longer than its row says.
    #[error("blob {name} has more than {max_bytes} bytes")]
    BlobTooLarge {
        /// Its name.
        name: String,
        /// The limit.
        max_bytes: u64,
    },
    /// The blob store failed.
    #[error("blob store: {reason}")]
    Blobs {
        /// What happened.
        reason: String,
    },
}

/// PostgreSQL's classes of errors that pass by themselves: connection, resources, intervention,
/// and transactions that another one got in the way of (PostgreSQL manual, appendix A).
const PASSING: [&str; 4] = ["08", "53", "57", "40"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(database) => {
                let message = database.message().to_owned();
                let code = database.code().unwrap_or_default();
                if database.is_unique_violation()
                    || database.is_foreign_key_violation()
                    || database.is_check_violation()
                {
                    Self::Conflict { rule: message }
                } else if PASSING.iter().any(|class| code.len() == 5 && code.starts_with(class))
                    || is_sqlite_busy(&code)
                {
                    Self::Unavailable { reason: message }
                } else {
                    Self::Database { message }
                }
            }
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable { reason: error.to_string() }
            }
            E::ColumnDecode { index, .. } => {
                Self::Database { message: format!("column {index} is not of the expected type") }
            }
            other => Self::Database { message: other.to_string() },
        }
    }
}

/// `SQLITE_BUSY` and `SQLITE_LOCKED` in the low byte, extended codes above it.
fn is_sqlite_busy(code: &str) -> bool {
    code.len() < 5 && code.parse::<i32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}
