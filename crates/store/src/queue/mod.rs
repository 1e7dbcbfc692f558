//! The task queue: durable work, enqueued in the transaction that makes it necessary (ADR 0003).
//!
//! At least once, and by one worker at a time as long as it keeps its lease. A lease that was lost
//! (the process was killed, or stopped for long) lets another worker take the task up; whoever
//! comes back late changes nothing, since his claim is an old one. Hence a task must be harmless
//! when it is carried out twice.

mod claim;
mod dead;
mod lane;
mod options;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bonafide_domain::task::Task;
use futures::future::join_all;
use jiff::Timestamp;
use sqlx::types::Json;
use tokio::sync::watch;

pub use dead::{DeadTask, LaneDepth};
pub use options::WorkerOptions;

use self::claim::timed;
use crate::columns::milliseconds;
use crate::connect::Store;
use crate::error::Error;
use crate::sql::{execute, fetch_optional};
use crate::transaction::Transaction;

/// Carries tasks out.
pub trait TaskHandler: Send + Sync + 'static {
    /// Carries out one task. Dropped when the lease is lost. Must not hold up the async threads: a
    /// worker that cannot renew its leases loses them.
    fn handle(&self, task: Task) -> impl Future<Output = Result<(), TaskFailure>> + Send;
}

/// Why a task was not carried out. A panic counts as [`TaskFailure::Retry`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskFailure {
    /// What went wrong, for the log, without personal data. The task is tried again, later each time,
    /// and is dead after the last attempt.
    Retry(String),
}

impl Transaction {
    /// Enqueues a task, due at `run_at`, if this transaction is committed.
    pub async fn enqueue(&mut self, task: &Task, run_at: Timestamp) -> Result<(), Error> {
        // What is due later is found when it is: every execution enqueues its end, and workers that looked
        // for nothing each time would cost PostgreSQL as much as the execution does.
        let sql = timed!(
            self,
            "INSERT INTO tasks (lane, body, state, due_at, attempts) \
             VALUES ($1, $2, 'WAITING', $3, 0) RETURNING CASE WHEN due_at <= ",
            now,
            " THEN 1 ELSE 0 END",
        );
        let (lane, due_at) = (task.lane().as_str(), milliseconds(run_at));
        let row: Option<(i32,)> = fetch_optional!(self, sql, lane, Json(task), due_at)?;
        self.enqueued |= row == Some((1,));
        Ok(())
    }

    /// Enqueues a task, due `wait` from now by the database's clock: for what recurs, which a clock of
    /// ours that stands still or differs must not let turn without end.
    pub(crate) async fn enqueue_after(&mut self, task: &Task, wait: Duration) -> Result<(), Error> {
        let sql = timed!(
            self,
            "INSERT INTO tasks (lane, body, state, due_at, attempts) \
             VALUES ($1, $2, 'WAITING', $3 + ",
            now,
            ", 0)",
        );
        let wait = wait.as_millis() as i64;
        execute!(self, sql, task.lane().as_str(), Json(task), wait)?;
        self.enqueued |= wait == 0;
        Ok(())
    }
}

impl Store {
    /// Carries out tasks until `shutdown`; then lets those that run come to their end, for at most
    /// [`WorkerOptions::drain`]. Survives a database that is away for a while.
    pub async fn work<H: TaskHandler>(
        &self,
        handler: Arc<H>,
        options: WorkerOptions,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        self.require_migrated().await?;
        let options = Arc::new(options);
        let (stop, stopped) = watch::channel(false);
        let lanes = join_all(options.lanes.iter().map(|&(lane, concurrency)| {
            lane::Worker {
                store: self.clone(),
                handler: Arc::clone(&handler),
                options: Arc::clone(&options),
                lane,
                concurrency,
            }
            .run(stopped.clone())
        }));
        let stop_at_shutdown = async {
            shutdown.await;
            stop.send_replace(true);
        };
        tokio::join!(lanes, stop_at_shutdown);
        Ok(())
    }
}

/// Wakes this process's workers when it has enqueued something, ahead of their next look.
pub(crate) struct Wake(watch::Sender<()>);

impl Default for Wake {
    fn default() -> Self {
        Self(watch::Sender::new(()))
    }
}

impl Wake {
    pub(crate) fn all(&self) {
        self.0.send_replace(());
    }

    fn subscribe(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use bonafide_domain::id::{ExecutionId, TenantId};

    use super::*;

    /// Regression: each create woke every lane for the end of its execution, half an hour later.
    #[tokio::test]
    async fn only_what_is_due_wakes_workers() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bonafide.db").display());
        let store = Store::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        let task = Task::Expire { tenant_id: TenantId::nil(), execution_id: ExecutionId::nil() };
        let year = |year: i16| jiff::civil::date(year, 1, 1).to_zoned(jiff::tz::TimeZone::UTC);
        for (due, wakes) in [(year(9000), false), (year(2000), true)] {
            let woken = store.wake.subscribe();
            let mut transaction = store.begin().await.unwrap();
            transaction.enqueue(&task, due.unwrap().timestamp()).await.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(woken.has_changed().unwrap(), wakes);
        }
    }
}
