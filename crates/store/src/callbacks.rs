use bonafide_domain::callback::{Callback, CallbackState};
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
            "SELECT id, tenant_id, account_id, execution_id, url, status, state, attempts, ",
            "created_at, delivered_at FROM callbacks WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    execution_id: Uuid,
    url: String,
    status: String,
    state: String,
    attempts: i32,
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
            url: row.url,
            status: reading.text("status", &row.status)?,
            state: reading.text("state", &row.state)?,
            attempts: row.attempts,
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
            "INSERT INTO callbacks (id, tenant_id, account_id, execution_id, url, status, state, \
             attempts, created_at, delivered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (execution_id, status) DO NOTHING",
            raw(callback.id),
            raw(callback.tenant_id),
            raw(callback.account_id),
            raw(callback.execution_id),
            &callback.url,
            callback.status.as_str(),
            callback.state.as_str(),
            callback.attempts,
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
}
