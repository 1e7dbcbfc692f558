use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqlitePool};

use crate::error::Error;
use crate::queue::Wake;
use crate::transaction::{Connection, SqliteTransaction, Transaction};
use crate::writer::Writer;

/// How long a request waits for a connection, or for SQLite's one writer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);
/// A connection to PostgreSQL that rested for longer is asked whether it still stands before it is
/// used; asking every time would be a round trip for each transaction.
const FRESH: Duration = Duration::from_secs(1);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// A database of accounts, executions and tasks. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) database: Database,
    pub(crate) wake: Arc<Wake>,
}

#[derive(Clone)]
pub(crate) enum Database {
    /// One writer, since SQLite has no more, and readers that never wait for it.
    Sqlite { writer: Writer, readers: SqlitePool },
    /// One pool.
    Postgres(PgPool),
}

impl Store {
    /// Opens `sqlite:path`, `sqlite:///path` (made if absent) or `postgres://…`.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let database = if url.starts_with("sqlite:") {
            open_sqlite(url).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url).await?
        } else {
            return Err(Error::Address {
                reason: "it begins with neither sqlite: nor postgres:".to_owned(),
            });
        };
        Ok(Self { database, wake: Arc::default() })
    }

    /// Begins a transaction that may write. On SQLite it is alone in that while it lasts; those that
    /// waited share one commit.
    pub async fn begin(&self) -> Result<Transaction, Error> {
        let connection = match &self.database {
            Database::Sqlite { writer, .. } => {
                Connection::Sqlite(SqliteTransaction::Writing(writer.begin().await?))
            }
            Database::Postgres(pool) => Connection::Postgres(pool.begin().await?),
        };
        Ok(Transaction::new(connection, self.clone()))
    }

    /// Begins a transaction that reads one state of the database, undisturbed by writers.
    pub async fn read(&self) -> Result<Transaction, Error> {
        let connection = match &self.database {
            Database::Sqlite { readers, .. } => {
                Connection::Sqlite(SqliteTransaction::Reading(readers.begin().await?))
            }
            Database::Postgres(pool) => Connection::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        };
        Ok(Transaction::new(connection, self.clone()))
    }

    /// `SQLite` or `PostgreSQL`.
    pub fn backend_name(&self) -> &'static str {
        match self.database {
            Database::Sqlite { .. } => "SQLite",
            Database::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        match &self.database {
            Database::Sqlite { readers, .. } => {
                sqlx::query("SELECT 1").execute(readers).await.err()
            }
            Database::Postgres(pool) => sqlx::query("SELECT 1").execute(pool).await.err(),
        }
        .map_or(Ok(()), |error| Err(error.into()))
    }

    /// Moves what was committed from SQLite's log into the database, so that what was deleted and
    /// overwritten there is in no file any more. Put off when readers are in the way for long.
    pub(crate) async fn empty_write_ahead_log(&self) {
        let Database::Sqlite { writer, .. } = &self.database else { return };
        if let Err(error) =
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&writer.pool).await
        {
            tracing::warn!(%error, "destroyed keys stay in SQLite's log until its next checkpoint");
        }
    }

    /// Closes every connection, once its transaction has ended.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite { writer, readers } => {
                readers.close().await;
                writer.pool.close().await;
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Database, Error> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(Error::Address {
            reason:
                "SQLite must be a file; in memory each connection would have a database of its own"
                    .to_owned(),
        });
    }
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|_| Error::Address { reason: "not a file that SQLite can open".to_owned() })?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that was answered survives a power cut. NORMAL would lose the last ones.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        // What is deleted is overwritten: a destroyed wrapped key must not linger in a free page.
        .pragma("secure_delete", "ON");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .connect_with(options.pragma("query_only", "ON"))
        .await?;
    Ok(Database::Sqlite { writer: Writer::new(writer), readers })
}

async fn open_postgres(url: &str) -> Result<Database, Error> {
    let options = PgConnectOptions::from_str(url).map_err(|_| Error::Address {
        reason: "not of the form postgres://user:password@host:port/database".to_owned(),
    })?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, rested| {
            Box::pin(async move {
                if rested.idle_for > FRESH {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    Ok(Database::Postgres(pool))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bonafide_domain::task::Task;

    use super::*;
    use crate::queue::{TaskFailure, TaskHandler, WorkerOptions};

    struct Idle;

    impl TaskHandler for Idle {
        async fn handle(&self, _: Task) -> Result<(), TaskFailure> {
            Ok(())
        }
    }

    async fn pragmas(pool: &SqlitePool, connections: u32) -> Vec<(i64, i64, i64, String)> {
        // All at once, so that each is another connection.
        let mut held = Vec::new();
        for _ in 0..connections {
            held.push(pool.acquire().await.unwrap());
        }
        let mut found = Vec::new();
        for connection in &mut held {
            let number = async |name: &'static str, connection: &mut sqlx::SqliteConnection| {
                sqlx::query_scalar::<_, i64>(name).fetch_one(connection).await.unwrap()
            };
            found.push((
                number("PRAGMA synchronous", connection).await,
                number("PRAGMA foreign_keys", connection).await,
                number("PRAGMA secure_delete", connection).await,
                sqlx::query_scalar("PRAGMA journal_mode")
                    .fetch_one(&mut **connection)
                    .await
                    .unwrap(),
            ));
        }
        found
    }

    /// `synchronous` 2 is FULL. A queue's library once switched it off behind its user's back.
    #[tokio::test]
    async fn every_connection_syncs_before_and_after_the_queue_ran() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bonafide.db").display());
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        let Database::Sqlite { writer, readers } = &store.database else {
            unreachable!("the address is SQLite's")
        };
        for _ in ["before", "after"] {
            let mut all = pragmas(&writer.pool, 1).await;
            all.extend(pragmas(readers, SQLITE_READERS).await);
            assert_eq!(all.len(), 5);
            for pragmas in all {
                assert_eq!(pragmas, (2, 1, 1, "wal".to_owned()));
            }
            let soon = tokio::time::sleep(Duration::from_millis(300));
            store.work(Arc::new(Idle), WorkerOptions::default(), soon).await.unwrap();
        }
    }
}
