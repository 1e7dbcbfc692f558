//! SQLite's one writer. Transactions that wait for each other share one synced commit.
//!
//! A synced commit takes milliseconds, the statements of a transaction a fraction of one. So the
//! transactions that queue for the writer become savepoints of one group, and each is told that it
//! was committed only once the group is on the disk. Whoever opens a group queues a committer behind
//! those who wait already: the queue is first come, first served, so that a group holds exactly
//! those that would have waited for its commit anyway, and one that comes alone waits for nobody.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::timeout;

use crate::connect::PATIENCE;
use crate::error::Error;

/// The writer, and the queue for it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Writer {
    /// One connection.
    pub(crate) pool: SqlitePool,
    queue: Arc<Mutex<Group>>,
}

/// What is open on the writer's connection.
#[derive(Default)]
struct Group {
    /// Holds the group's transaction; none between two groups.
    connection: Option<PoolConnection<Sqlite>>,
    /// A member may have left its savepoint behind: it gave up, or nobody knows.
    abandoned: bool,
    /// Those who wait for the commit.
    members: Vec<oneshot::Sender<Result<(), Error>>>,
}

/// A transaction's turn at the writer. Dropped without [`Turn::commit`], it never happened.
pub(crate) struct Turn {
    group: OwnedMutexGuard<Group>,
}

impl Writer {
    pub(crate) fn new(pool: SqlitePool) -> Self {
        Self { pool, queue: Arc::default() }
    }

    /// Waits for a turn and begins a transaction.
    pub(crate) async fn begin(&self) -> Result<Turn, Error> {
        let turn = timeout(PATIENCE, Arc::clone(&self.queue).lock_owned());
        let mut group = turn
            .await
            .map_err(|_| Error::Unavailable { reason: "its one writer is busy".to_owned() })?;
        if group.connection.is_none() {
            self.open(&mut group).await?;
        }
        group.tidy().await?;
        // From here on, whatever becomes of this future, the next one has something to tidy.
        group.abandoned = true;
        group.execute("SAVEPOINT member").await?;
        Ok(Turn { group })
    }

    async fn open(&self, group: &mut Group) -> Result<(), Error> {
        group.connection = Some(self.pool.acquire().await?);
        let queue = Arc::clone(&self.queue);
        tokio::spawn(async move { queue.lock_owned().await.commit().await });
        let begun = group.execute("BEGIN IMMEDIATE").await;
        if begun.is_err() {
            group.give_up();
        }
        begun
    }
}

impl Group {
    async fn execute(&mut self, sql: &'static str) -> Result<(), Error> {
        // Only a group that was given up has none, and then its members know.
        let Some(connection) = &mut self.connection else {
            return Err(Error::Unavailable { reason: "its writer was given up".to_owned() });
        };
        sqlx::query(sql).execute(&mut **connection).await?;
        Ok(())
    }

    /// Undoes what a member left behind.
    async fn tidy(&mut self) -> Result<(), Error> {
        if !self.abandoned {
            return Ok(());
        }
        match self.execute("ROLLBACK TO member").await {
            Ok(()) => self.execute("RELEASE member").await?,
            // It gave up before its savepoint was made, or after it was released.
            Err(Error::Database { message }) if message.contains("no such savepoint") => {}
            Err(error) => return Err(error),
        }
        self.abandoned = false;
        Ok(())
    }

    /// Commits for all members, and tells them.
    async fn commit(&mut self) {
        if self.connection.is_none() {
            return;
        }
        let mut outcome = self.tidy().await;
        if outcome.is_ok() {
            outcome = self.execute("COMMIT").await;
        }
        if outcome.is_err() {
            self.give_up();
        }
        self.connection = None;
        for member in self.members.drain(..) {
            // One that does not wait any more needs no answer.
            let _ = member.send(outcome.clone());
        }
    }

    /// Closes the connection: nobody knows what is open on it, and closing undoes it.
    fn give_up(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.close_on_drop();
        }
        self.abandoned = false;
    }
}

impl Turn {
    /// Makes it last: waits until the group is on the disk.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.group.execute("RELEASE member").await?;
        self.group.abandoned = false;
        let (member, told) = oneshot::channel();
        self.group.members.push(member);
        drop(self);
        told.await.unwrap_or_else(|_| {
            Err(Error::Unavailable { reason: "it stopped before the commit".to_owned() })
        })
    }
}

impl Deref for Turn {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        self.group.connection.as_ref().expect("a turn is given with its group open")
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.group.connection.as_mut().expect("a turn is given with its group open")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::future::join_all;
    use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
    use tempfile::TempDir;

    use super::*;

    const SCHEMA: &str = "CREATE TABLE parents (id INTEGER PRIMARY KEY); \
        CREATE TABLE rows (id INTEGER PRIMARY KEY, \
        parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)";

    struct Fixture {
        writer: Writer,
        reader: SqlitePool,
        _folder: TempDir,
    }

    impl Fixture {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let options = SqliteConnectOptions::new()
                .filename(folder.path().join("writer.db"))
                .create_if_missing(true)
                .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
                .foreign_keys(true);
            let one = SqlitePoolOptions::new().max_connections(1);
            let pool = one.clone().connect_with(options.clone()).await.unwrap();
            sqlx::raw_sql(SCHEMA).execute(&pool).await.unwrap();
            let reader = one.connect_with(options).await.unwrap();
            Self { writer: Writer::new(pool), reader, _folder: folder }
        }

        async fn insert(&self, id: i64, parent: Option<i64>) -> Turn {
            let mut turn = self.writer.begin().await.unwrap();
            let row = sqlx::query("INSERT INTO rows (id, parent) VALUES ($1, $2)");
            row.bind(id).bind(parent).execute(&mut *turn).await.unwrap();
            turn
        }

        async fn commit(&self, id: i64, parent: Option<i64>) -> Result<(), Error> {
            self.insert(id, parent).await.commit().await
        }

        /// What another connection sees.
        async fn rows(&self) -> Vec<i64> {
            let rows = sqlx::query_scalar("SELECT id FROM rows ORDER BY id");
            rows.fetch_all(&self.reader).await.unwrap()
        }
    }

    #[tokio::test]
    async fn what_was_committed_is_seen_by_others_and_what_was_dropped_is_not() {
        let fixture = Fixture::new().await;
        let all = (0..40).map(async |id| {
            let turn = fixture.insert(id, None).await;
            if id % 3 == 0 {
                return drop(turn);
            }
            turn.commit().await.unwrap();
            assert!(fixture.rows().await.contains(&id));
        });
        join_all(all).await;
        let kept: Vec<i64> = (0..40).filter(|id| id % 3 != 0).collect();
        assert_eq!(fixture.rows().await, kept);
    }

    /// A deferred constraint makes the group's COMMIT itself fail, as a full disk would.
    #[tokio::test]
    async fn when_the_commit_fails_every_member_is_told_and_the_next_group_works() {
        let fixture = Fixture::new().await;
        let nobody = Some(7);
        // On one thread the second is in the queue before the first one's committer.
        let told = tokio::join!(fixture.commit(1, None), fixture.commit(2, nobody));
        assert!(told.0.is_err() && told.1.is_err(), "{told:?}");
        assert_eq!(fixture.rows().await, Vec::<i64>::new());
        fixture.commit(3, None).await.unwrap();
        assert_eq!(fixture.rows().await, [3]);
    }

    /// A caller that hangs up, at any point, holds up nobody.
    #[tokio::test]
    async fn a_future_dropped_at_any_point_leaves_the_writer_usable() {
        let fixture = Fixture::new().await;
        for point in 0..60 {
            let whole = fixture.commit(2 * point, None);
            let cut = tokio::time::timeout(Duration::from_micros(10 * point as u64), whole).await;
            fixture.commit(2 * point + 1, None).await.unwrap();
            let rows = fixture.rows().await;
            assert!(rows.contains(&(2 * point + 1)));
            assert!(cut.is_err() || rows.contains(&(2 * point)));
        }
        let mut connection = fixture.writer.pool.acquire().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await.unwrap();
    }
}
