//! The statements behind a claim. Time is the database's clock, the one clock that all workers share.

use std::time::Duration;

use bonafide_domain::task::Lane;
use sqlx::FromRow;
use sqlx::types::Json;

use crate::connect::Store;
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};

/// SQL with `now`, the database's clock in milliseconds, and what else differs: a text for each.
macro_rules! timed {
    (@sqlite now) => { "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)" };
    (@postgres now) => { "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)" };
    (@sqlite skip_locked) => { "" };
    (@postgres skip_locked) => { " FOR UPDATE SKIP LOCKED" };
    (@$dialect:ident $text:literal) => { $text };
    ($transaction:expr, $($piece:tt),+ $(,)?) => {
        $transaction.dialect(
            concat!($(timed!(@sqlite $piece)),+),
            concat!($(timed!(@postgres $piece)),+),
        )
    };
}

pub(super) use timed;

/// A task in a worker's hands. `attempts` is the claim's number: it fences.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub(super) struct Claim {
    pub(super) id: i64,
    pub(super) attempts: i32,
    pub(super) body: Json<serde_json::Value>,
}

impl Store {
    /// The lanes in which a task has waited, due, for longer than `patience`: nobody works there.
    pub async fn overdue_lanes(&self, patience: Duration) -> Result<Vec<Lane>, Error> {
        #[derive(FromRow)]
        struct LaneRow {
            lane: String,
        }
        let mut transaction = self.read().await?;
        let sql = timed!(
            transaction,
            "SELECT DISTINCT lane FROM tasks WHERE state = 'WAITING' AND due_at < ",
            now,
            " - $1",
        );
        let rows: Vec<LaneRow> = fetch_all!(transaction, sql, patience.as_millis() as i64)?;
        rows.into_iter().map(|row| super::dead::READING.text("lane", &row.lane)).collect()
    }

    /// Takes up to `limit` due tasks of a lane. Looks first, as a reader, so that idle workers
    /// leave SQLite's writer alone.
    pub(super) async fn claim(
        &self,
        lane: Lane,
        limit: usize,
        worker: &str,
        lease: Duration,
    ) -> Result<Vec<Claim>, Error> {
        if !self.is_due(lane).await? {
            return Ok(Vec::new());
        }
        let mut transaction = self.begin().await?;
        let sql = timed!(
            transaction,
            "WITH due AS MATERIALIZED (SELECT id FROM tasks \
             WHERE lane = $1 AND state = 'WAITING' AND due_at <= ",
            now,
            " ORDER BY due_at, id LIMIT $2",
            skip_locked,
            ") \
             UPDATE tasks SET attempts = attempts + 1, worker = $3, due_at = $4 + ",
            now,
            " WHERE id IN (SELECT id FROM due) RETURNING id, attempts, body",
        );
        let claims = fetch_all!(
            transaction,
            sql,
            lane.as_str(),
            limit as i64,
            worker,
            lease.as_millis() as i64
        )?;
        transaction.commit().await?;
        Ok(claims)
    }

    async fn is_due(&self, lane: Lane) -> Result<bool, Error> {
        let mut transaction = self.read().await?;
        let sql = timed!(
            transaction,
            "SELECT id FROM tasks WHERE lane = $1 AND state = 'WAITING' AND due_at <= ",
            now,
            " LIMIT 1",
        );
        let due: Option<(i64,)> = fetch_optional!(transaction, sql, lane.as_str())?;
        Ok(due.is_some())
    }

    /// Keeps a claim for another lease. False when it is lost.
    pub(super) async fn renew(&self, claim: &Claim, lease: Duration) -> Result<bool, Error> {
        let mut transaction = self.begin().await?;
        let sql = timed!(
            transaction,
            "UPDATE tasks SET due_at = $3 + ",
            now,
            " WHERE id = $1 AND attempts = $2 AND state = 'WAITING'",
        );
        let lease = lease.as_millis() as i64;
        let rows = execute!(transaction, sql, claim.id, claim.attempts, lease)?;
        transaction.commit().await?;
        Ok(rows == 1)
    }

    /// Ends a task that was carried out. False when the claim was lost.
    pub(super) async fn complete(&self, claim: &Claim) -> Result<bool, Error> {
        let mut transaction = self.begin().await?;
        let rows = execute!(
            transaction,
            "DELETE FROM tasks WHERE id = $1 AND attempts = $2 AND state = 'WAITING'",
            claim.id,
            claim.attempts,
        )?;
        transaction.commit().await?;
        Ok(rows == 1)
    }

    /// Gives a task back, due again after `wait`. False when the claim was lost.
    pub(super) async fn retry(
        &self,
        claim: &Claim,
        failure: &str,
        wait: Duration,
    ) -> Result<bool, Error> {
        let mut transaction = self.begin().await?;
        let sql = timed!(
            transaction,
            "UPDATE tasks SET failure = $3, due_at = $4 + ",
            now,
            " WHERE id = $1 AND attempts = $2 AND state = 'WAITING'",
        );
        let wait = wait.as_millis() as i64;
        let rows = execute!(transaction, sql, claim.id, claim.attempts, failure, wait)?;
        transaction.commit().await?;
        Ok(rows == 1)
    }

    /// Gives a task up. False when the claim was lost.
    pub(super) async fn bury(&self, claim: &Claim, failure: &str) -> Result<bool, Error> {
        let mut transaction = self.begin().await?;
        let rows = execute!(
            transaction,
            "UPDATE tasks SET state = 'DEAD', failure = $3 \
             WHERE id = $1 AND attempts = $2 AND state = 'WAITING'",
            claim.id,
            claim.attempts,
            failure,
        )?;
        transaction.commit().await?;
        Ok(rows == 1)
    }
}
