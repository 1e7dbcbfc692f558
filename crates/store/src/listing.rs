//! A tenant's executions, page by page.

use bonafide_domain::execution::{Execution, ExecutionStatus, Filter, PageStart};
use bonafide_domain::id::TenantId;
use bonafide_domain::workflow::WorkflowKey;

use crate::columns::{milliseconds, raw};
use crate::error::Error;
use crate::executions::{Row, select};
use crate::sql::fetch_all;
use crate::transaction::Transaction;

impl Transaction {
    /// At most `limit` of a tenant's executions that the filter lets through, newest first, after
    /// the one where the last page ended.
    pub async fn list_page(
        &mut self,
        tenant_id: TenantId,
        filter: &Filter,
        after: Option<PageStart>,
        limit: u16,
    ) -> Result<Vec<Execution>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!(
                "($2 IS NULL OR status = $2) \
                 AND ($3 IS NULL OR workflow_key = $3) \
                 AND ($4 IS NULL OR customer_internal_reference = $4) \
                 AND ($5 IS NULL OR user_reference = $5) \
                 AND created_at >= $6 AND created_at < $7 \
                 AND (created_at < $8 OR (created_at = $8 AND id < $9)) \
                 ORDER BY created_at DESC, id DESC LIMIT $10"
            ),
            raw(tenant_id),
            filter.status.map(ExecutionStatus::as_str),
            filter.key.map(WorkflowKey::as_str),
            filter.customer_internal_reference.as_deref(),
            filter.user_reference.as_deref(),
            filter.created_from.map_or(i64::MIN, milliseconds),
            filter.created_before.map_or(i64::MAX, milliseconds),
            after.map_or(i64::MAX, |start| milliseconds(start.created_at)),
            after.map_or(uuid::Uuid::max(), |start| raw(start.id)),
            i64::from(limit),
        )?;
        rows.into_iter().map(Execution::try_from).collect()
    }
}
