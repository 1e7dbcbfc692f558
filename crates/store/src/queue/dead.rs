use bonafide_domain::task::{Lane, Task};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::columns::Reading;
use crate::connect::Store;
use crate::error::Error;
use crate::sql::{execute, fetch_all};

/// A task that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadTask {
    /// Its lane.
    pub lane: Lane,
    /// The task; none when this version cannot read it.
    pub task: Option<Task>,
    /// Attempts made.
    pub attempts: i32,
    /// The worker that had it last.
    pub worker: Option<String>,
    /// What went wrong last.
    pub failure: Option<String>,
}

/// How much waits in a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LaneDepth {
    /// The lane.
    pub lane: Lane,
    /// Tasks that wait, are carried out, or are due later.
    pub waiting: i64,
    /// Tasks that were given up.
    pub dead: i64,
}

#[derive(FromRow)]
struct Row {
    lane: String,
    body: Json<serde_json::Value>,
    attempts: i32,
    worker: Option<String>,
    failure: Option<String>,
}

#[derive(FromRow)]
struct DepthRow {
    lane: String,
    state: String,
    tasks: i64,
}

/// Tasks have numbers, not UUIDs: the error names the table and the column only.
pub(super) const READING: Reading = Reading { table: "tasks", row: Uuid::nil() };
/// More dead tasks than a person reads at once.
const MAX_LISTED: i64 = 1000;

impl Store {
    /// The oldest thousand tasks that were given up.
    pub async fn dead_tasks(&self) -> Result<Vec<DeadTask>, Error> {
        let mut transaction = self.read().await?;
        let rows: Vec<Row> = fetch_all!(
            transaction,
            "SELECT lane, body, attempts, worker, failure FROM tasks WHERE state = 'DEAD' \
             ORDER BY id LIMIT $1",
            MAX_LISTED,
        )?;
        rows.into_iter()
            .map(|row| {
                Ok(DeadTask {
                    lane: READING.text("lane", &row.lane)?,
                    task: serde_json::from_value(row.body.0).ok(),
                    attempts: row.attempts,
                    worker: row.worker,
                    failure: row.failure,
                })
            })
            .collect()
    }

    /// Enqueues all dead tasks anew, due at once; says how many. They become new tasks, so that a
    /// worker that still believes to hold an old one changes nothing.
    pub async fn requeue_dead(&self) -> Result<u64, Error> {
        let mut transaction = self.begin().await?;
        // Nothing may die between the two statements and be deleted without having been copied.
        let lock = transaction.dialect("SELECT 1", "LOCK TABLE tasks IN SHARE ROW EXCLUSIVE MODE");
        execute!(transaction, lock)?;
        execute!(
            transaction,
            "INSERT INTO tasks (lane, body, state, due_at, attempts) \
             SELECT lane, body, 'WAITING', 0, 0 FROM tasks WHERE state = 'DEAD' ORDER BY id",
        )?;
        let requeued = execute!(transaction, "DELETE FROM tasks WHERE state = 'DEAD'")?;
        transaction.enqueued = true;
        transaction.commit().await?;
        Ok(requeued)
    }

    /// How much waits in each lane: for metrics.
    pub async fn lane_depths(&self) -> Result<Vec<LaneDepth>, Error> {
        let mut transaction = self.read().await?;
        let rows: Vec<DepthRow> = fetch_all!(
            transaction,
            "SELECT lane, state, COUNT(*) AS tasks FROM tasks GROUP BY lane, state"
        )?;
        let count = |lane: Lane, state: &str| {
            rows.iter()
                .find(|row| row.lane == lane.as_str() && row.state == state)
                .map_or(0, |row| row.tasks)
        };
        Ok(Lane::ALL
            .iter()
            .map(|&lane| LaneDepth {
                lane,
                waiting: count(lane, "WAITING"),
                dead: count(lane, "DEAD"),
            })
            .collect())
    }
}
