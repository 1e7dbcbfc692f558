use bonafide_domain::callback::{Attempt, Callback, CallbackState};
use bonafide_domain::id::{CallbackId, ExecutionId, TenantId};
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant_id, account_id, execution_id, sequence, url, status, state, ",
            "attempts, replayed_after, created_at, delivered_at ",
            "FROM callbacks WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

/// Which callbacks a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallbackFilter {
    /// Only those that stand so.
    pub state: Option<CallbackState>,
    /// Only those of this execution.
    pub execution_id: Option<ExecutionId>,
    /// Only those older than this one.
    pub before: Option<CallbackId>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    execution_id: Uuid,
    sequence: i64,
    url: String,
    status: String,
    state: String,
    attempts: i32,
    replayed_after: i32,
    created_at: i64,
    delivered_at: Option<i64>,
}

impl TryFrom<Row> for Callback {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "callbacks", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            account_id: id(row.account_id),
            execution_id: id(row.execution_id),
            sequence: row.sequence,
            url: row.url,
            status: reading.text("status", &row.status)?,
            state: reading.text("state", &row.state)?,
            attempts: row.attempts,
            replayed_after: row.replayed_after,
            created_at: reading.instant("created_at", row.created_at)?,
            delivered_at: reading.instant_or_none("delivered_at", row.delivered_at)?,
        })
    }
}

impl Transaction {
    /// Adds a callback, unless the execution's status is called back already: false then.
    pub async fn insert_callback(&mut self, callback: &Callback) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "INSERT INTO callbacks (id, tenant_id, account_id, execution_id, sequence, url, status, \
             state, attempts, replayed_after, created_at, delivered_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
             ON CONFLICT (execution_id, status) DO NOTHING",
            raw(callback.id),
            raw(callback.tenant_id),
            raw(callback.account_id),
            raw(callback.execution_id),
            callback.sequence,
            &callback.url,
            callback.status.as_str(),
            callback.state.as_str(),
            callback.attempts,
            callback.replayed_after,
            milliseconds(callback.created_at),
            callback.delivered_at.map(milliseconds),
        )?;
        Ok(rows == 1)
    }

    /// A callback.
    pub async fn find_callback(
        &mut self,
        tenant_id: TenantId,
        callback_id: CallbackId,
    ) -> Result<Option<Callback>, Error> {
        let row: Option<Row> =
            fetch_optional!(self, select!("id = $2"), raw(tenant_id), raw(callback_id))?;
        row.map(Callback::try_from).transpose()
    }

    /// An execution's callbacks, oldest first.
    pub async fn list_callbacks(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<Callback>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!("execution_id = $2 ORDER BY created_at, id"),
            raw(tenant_id),
            raw(execution_id)
        )?;
        rows.into_iter().map(Callback::try_from).collect()
    }

    /// Writes down the outcome (a status code or a short reason) of the `attempt`th attempt, counted
    /// from 1. False when that attempt was written down before or the callback is closed.
    pub async fn record_attempt(
        &mut self,
        tenant_id: TenantId,
        callback_id: CallbackId,
        attempt: i32,
        at: Timestamp,
        outcome: &str,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE callbacks SET attempts = $3 \
             WHERE tenant_id = $1 AND id = $2 AND attempts = $3 - 1 AND state = 'PENDING'",
            raw(tenant_id),
            raw(callback_id),
            attempt,
        )?;
        if rows == 0 {
            return Ok(false);
        }
        execute!(
            self,
            "INSERT INTO callback_attempts (callback_id, attempt, tenant_id, at, outcome) \
             VALUES ($1, $2, $3, $4, $5)",
            raw(callback_id),
            attempt,
            raw(tenant_id),
            milliseconds(at),
            outcome,
        )?;
        Ok(true)
    }

    /// Ends a pending callback as delivered or dead.
    pub async fn close_callback(
        &mut self,
        tenant_id: TenantId,
        callback_id: CallbackId,
        state: CallbackState,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let delivered_at = (state == CallbackState::Delivered).then(|| milliseconds(at));
        let rows = execute!(
            self,
            "UPDATE callbacks SET state = $3, delivered_at = $4 \
             WHERE tenant_id = $1 AND id = $2 AND state = 'PENDING'",
            raw(tenant_id),
            raw(callback_id),
            state.as_str(),
            delivered_at,
        )?;
        Ok(rows == 1)
    }
    /// At most `limit` of a tenant's callbacks, newest first.
    pub async fn find_callbacks(
        &mut self,
        tenant_id: TenantId,
        filter: CallbackFilter,
        limit: u32,
    ) -> Result<Vec<Callback>, Error> {
        // PostgreSQL wants to know the types of values that may be absent.
        let sql = self.dialect(
            select!(
                "($2 IS NULL OR state = $2) AND ($3 IS NULL OR execution_id = $3) \
                 AND ($4 IS NULL OR id < $4) ORDER BY id DESC LIMIT $5"
            ),
            select!(
                "($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR execution_id = $3) \
                 AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5"
            ),
        );
        let rows: Vec<Row> = fetch_all!(
            self,
            sql,
            raw(tenant_id),
            filter.state.map(CallbackState::as_str),
            filter.execution_id.map(raw),
            filter.before.map(raw),
            i64::from(limit),
        )?;
        rows.into_iter().map(Callback::try_from).collect()
    }

    /// The attempts to deliver a callback, first to last.
    pub async fn list_attempts(
        &mut self,
        tenant_id: TenantId,
        callback_id: CallbackId,
    ) -> Result<Vec<Attempt>, Error> {
        let rows: Vec<(i32, i64, String)> = fetch_all!(
            self,
            "SELECT attempt, at, outcome FROM callback_attempts \
             WHERE tenant_id = $1 AND callback_id = $2 ORDER BY attempt",
            raw(tenant_id),
            raw(callback_id),
        )?;
        let reading = Reading { table: "callback_attempts", row: raw(callback_id) };
        rows.into_iter()
            .map(|(attempt, at, outcome)| {
                Ok(Attempt { attempt, at: reading.instant("at", at)?, outcome })
            })
            .collect()
    }

    /// Opens a closed callback again, with the whole schedule before it. False when it is not closed.
    pub async fn reopen_callback(
        &mut self,
        tenant_id: TenantId,
        callback_id: CallbackId,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE callbacks SET state = 'PENDING', replayed_after = attempts, \
             delivered_at = NULL WHERE tenant_id = $1 AND id = $2 AND state <> 'PENDING'",
            raw(tenant_id),
            raw(callback_id),
        )?;
        Ok(rows == 1)
    }
}
