use bonafide_domain::event::{Event, EventStatus};
use bonafide_domain::id::{AccountId, ExecutionId, TenantId};
use bonafide_domain::workflow::WorkflowKey;
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

/// An event, with what a consumer is told of its execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEvent {
    /// The event.
    pub event: Event,
    /// The execution's workflow.
    pub key: WorkflowKey,
    /// The customer's own name for the end user.
    pub user_reference: Option<String>,
}

#[derive(FromRow)]
struct Row {
    tenant_id: Uuid,
    position: i64,
    account_id: Uuid,
    sequence: i64,
    execution_id: Uuid,
    status: String,
    at: i64,
    workflow_key: String,
    user_reference: Option<String>,
}

impl TryFrom<Row> for FeedEvent {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "events", row: row.execution_id };
        Ok(Self {
            event: Event {
                tenant_id: id(row.tenant_id),
                position: row.position,
                account_id: id(row.account_id),
                sequence: row.sequence,
                execution_id: id(row.execution_id),
                status: reading.text("status", &row.status)?,
                at: reading.instant("at", row.at)?,
            },
            key: reading.text("workflow_key", &row.workflow_key)?,
            user_reference: row.user_reference,
        })
    }
}

impl Transaction {
    /// Adds an event at the end of the tenant's feed, unless the execution's status is told already:
    /// none then. Other events of the tenant wait until this transaction ends, so that positions
    /// become visible in their order and a reader's cursor skips none.
    pub async fn append_event(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
        execution_id: ExecutionId,
        status: EventStatus,
        at: Timestamp,
    ) -> Result<Option<Event>, Error> {
        let told: Option<(i64,)> = fetch_optional!(
            self,
            "SELECT position FROM events WHERE tenant_id = $1 AND execution_id = $2 AND status = $3",
            raw(tenant_id),
            raw(execution_id),
            status.as_str(),
        )?;
        if told.is_some() {
            return Ok(None);
        }
        let position = self.next_position(tenant_id).await?;
        // Read under the feed's lock: nobody adds another event of the account meanwhile.
        let last: Option<(i64,)> = fetch_optional!(
            self,
            "SELECT COALESCE(MAX(sequence), 0) FROM events WHERE tenant_id = $1 AND account_id = $2",
            raw(tenant_id),
            raw(account_id),
        )?;
        let sequence = last.map_or(0, |(last,)| last) + 1;
        let rows = execute!(
            self,
            "INSERT INTO events (tenant_id, position, account_id, sequence, execution_id, status, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            raw(tenant_id),
            position,
            raw(account_id),
            sequence,
            raw(execution_id),
            status.as_str(),
            milliseconds(at),
        )?;
        debug_assert_eq!(rows, 1, "an INSERT without a condition");
        Ok(Some(Event { tenant_id, position, account_id, sequence, execution_id, status, at }))
    }

    async fn next_position(&mut self, tenant_id: TenantId) -> Result<i64, Error> {
        let row: Option<(i64,)> = fetch_optional!(
            self,
            "INSERT INTO feeds (tenant_id, last_position) VALUES ($1, 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET last_position = feeds.last_position + 1 \
             RETURNING last_position",
            raw(tenant_id),
        )?;
        row.map(|(position,)| position).ok_or_else(|| Error::Database {
            message: "an upsert that returns its row returned none".to_owned(),
        })
    }

    /// At most `limit` of the tenant's events after a position, oldest first.
    pub async fn list_events(
        &mut self,
        tenant_id: TenantId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<FeedEvent>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            "SELECT e.tenant_id, e.position, e.account_id, e.sequence, e.execution_id, e.status, \
             e.at, x.workflow_key, x.user_reference \
             FROM events e JOIN executions x ON x.id = e.execution_id \
             WHERE e.tenant_id = $1 AND x.tenant_id = $1 AND e.position > $2 \
             ORDER BY e.position LIMIT $3",
            raw(tenant_id),
            after,
            i64::from(limit),
        )?;
        rows.into_iter().map(FeedEvent::try_from).collect()
    }
}
