use std::ops::{Deref, DerefMut};

use sqlx::{Postgres, Sqlite, SqliteConnection};

use crate::connect::Store;
use crate::error::Error;
use crate::writer::Turn;

/// All of the repository, in one transaction. Dropped without [`Transaction::commit`], it never
/// happened.
pub struct Transaction {
    pub(crate) connection: Connection,
    store: Store,
    /// Tasks were enqueued that are due: workers of this process are woken at the commit.
    pub(crate) enqueued: bool,
    /// Wrapped keys were destroyed: their bytes leave SQLite's files after the commit.
    pub(crate) keys_destroyed: bool,
}

pub(crate) enum Connection {
    Sqlite(SqliteTransaction),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

pub(crate) enum SqliteTransaction {
    Reading(sqlx::Transaction<'static, Sqlite>),
    Writing(Turn),
}

impl SqliteTransaction {
    async fn commit(self) -> Result<(), Error> {
        match self {
            Self::Reading(transaction) => Ok(transaction.commit().await?),
            Self::Writing(turn) => turn.commit().await,
        }
    }
}

impl Deref for SqliteTransaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Reading(transaction) => transaction,
            Self::Writing(turn) => turn,
        }
    }
}

impl DerefMut for SqliteTransaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Reading(transaction) => transaction,
            Self::Writing(turn) => turn,
        }
    }
}

impl Transaction {
    pub(crate) fn new(connection: Connection, store: Store) -> Self {
        Self { connection, store, enqueued: false, keys_destroyed: false }
    }

    /// Makes it all last.
    pub async fn commit(self) -> Result<(), Error> {
        let Self { connection, store, enqueued, keys_destroyed } = self;
        match connection {
            Connection::Sqlite(transaction) => transaction.commit().await?,
            Connection::Postgres(transaction) => transaction.commit().await?,
        }
        if enqueued {
            store.wake.all();
        }
        if keys_destroyed {
            store.empty_write_ahead_log().await;
        }
        Ok(())
    }

    /// The SQL of the database at hand, for the few statements that differ.
    pub(crate) fn dialect(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.connection {
            Connection::Sqlite(_) => sqlite,
            Connection::Postgres(_) => postgres,
        }
    }
}
