//! The yardstick: one row in one synced commit, on the same kind of database with the same settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::load::{Measured, repeat};

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS yardstick (id BIGINT PRIMARY KEY, body TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO yardstick (id, body) VALUES ($1, $2)";
/// About what one row of an execution holds.
const BODY: &str =
    "a row of about one hundred bytes, as an execution has: ids, times, references, a status";

/// Where databases are made.
pub(crate) enum Target {
    Sqlite { folder: PathBuf },
    Postgres { server: String },
}

impl Target {
    pub(crate) async fn prepare(folder: &Path, postgres: Option<&str>) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        Ok(match postgres {
            None => Self::Sqlite { folder: folder.to_owned() },
            Some(url) => {
                // Durable like SQLite: the server's settings are not believed unseen.
                let mut connection = sqlx::PgConnection::connect(url).await?;
                for setting in ["fsync", "synchronous_commit"] {
                    let show = AssertSqlSafe(format!("SHOW {setting}"));
                    let value: String = sqlx::query_scalar(show).fetch_one(&mut connection).await?;
                    anyhow::ensure!(value == "on", "PostgreSQL's {setting} is {value}, not on");
                }
                Self::Postgres { server: url.to_owned() }
            }
        })
    }

    /// The URL of a new database of this name.
    pub(crate) async fn url(&self, name: &str) -> Result<String> {
        match self {
            Self::Sqlite { folder } => {
                Ok(format!("sqlite://{}", folder.join(format!("{name}.db")).display()))
            }
            Self::Postgres { server } => {
                let mut connection = sqlx::PgConnection::connect(server).await?;
                for sql in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
                    connection.execute(AssertSqlSafe(format!("{sql} {name}"))).await?;
                }
                let (base, _) = server.rsplit_once('/').unwrap_or((server, ""));
                Ok(format!("{base}/{name}"))
            }
        }
    }

    /// Inserts rows, each in a commit of its own.
    pub(crate) async fn measure(&self, connections: usize, lasts: Duration) -> Result<Measured> {
        let url = self.url("bonafide_yardstick").await?;
        let next = std::sync::atomic::AtomicI64::new(0);
        let id = || next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        match self {
            // SQLite has one writer: connections wait for each other.
            Self::Sqlite { folder } => {
                let file = folder.join("bonafide_yardstick.db");
                std::fs::remove_file(&file).or_else(missing_is_fine)?;
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                let pool =
                    SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
                pool.execute(TABLE).await?;
                repeat(connections, lasts, |_| async {
                    sqlx::query(INSERT).bind(id()).bind(BODY).execute(&pool).await?;
                    Ok(())
                })
                .await
            }
            Self::Postgres { .. } => {
                let pool =
                    PgPoolOptions::new().max_connections(connections as u32).connect(&url).await?;
                pool.execute(TABLE).await?;
                let measured = repeat(connections, lasts, |_| async {
                    sqlx::query(INSERT).bind(id()).bind(BODY).execute(&pool).await?;
                    Ok(())
                })
                .await;
                pool.close().await;
                measured
            }
        }
    }
}

fn missing_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}
