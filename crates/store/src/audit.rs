use bonafide_domain::audit::Entry;
use bonafide_domain::id::{AccountId, TenantId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{fetch_all, insert_all};
use crate::transaction::Transaction;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    at: i64,
    api_client_id: Option<Uuid>,
    action: String,
    account_id: Uuid,
    execution_id: Option<Uuid>,
}

impl TryFrom<Row> for Entry {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "audit", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            at: reading.instant("at", row.at)?,
            api_client_id: row.api_client_id.map(id),
            action: reading.text("action", &row.action)?,
            account_id: id(row.account_id),
            execution_id: row.execution_id.map(id),
        })
    }
}

impl Transaction {
    /// Adds lines to the audit log.
    pub async fn insert_audit(&mut self, entries: &[Entry]) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        insert_all!(
            self,
            "INSERT INTO audit (id, tenant_id, at, api_client_id, action, account_id, execution_id) ",
            entries,
            entry => raw(entry.id),
            raw(entry.tenant_id),
            milliseconds(entry.at),
            entry.api_client_id.map(raw),
            entry.action.as_str(),
            raw(entry.account_id),
            entry.execution_id.map(raw),
        )?;
        Ok(())
    }

    /// What was done to an account, oldest first.
    pub async fn list_audit(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Vec<Entry>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            "SELECT id, tenant_id, at, api_client_id, action, account_id, execution_id FROM audit \
             WHERE tenant_id = $1 AND account_id = $2 ORDER BY at, id",
            raw(tenant_id),
            raw(account_id),
        )?;
        rows.into_iter().map(Entry::try_from).collect()
    }
}
