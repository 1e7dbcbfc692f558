use bonafide_domain::id::{AccountId, DataKeyId, TenantId};
use bonafide_domain::receipt::Receipt;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all};
use crate::transaction::Transaction;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    execution_id: Option<Uuid>,
    extent: String,
    reason: String,
    wiped_out_at: i64,
    destroyed_keys: Json<serde_json::Value>,
}

impl TryFrom<Row> for Receipt {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "receipts", row: row.id };
        let destroyed_keys: Vec<DataKeyId> =
            reading.json("destroyed_keys", row.destroyed_keys.0)?;
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            account_id: id(row.account_id),
            execution_id: row.execution_id.map(id),
            extent: reading.text("extent", &row.extent)?,
            reason: reading.text("reason", &row.reason)?,
            wiped_out_at: reading.instant("wiped_out_at", row.wiped_out_at)?,
            destroyed_keys,
        })
    }
}

impl Transaction {
    /// Adds a receipt.
    pub async fn insert_receipt(&mut self, receipt: &Receipt) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO receipts (id, tenant_id, account_id, execution_id, extent, reason, \
             wiped_out_at, destroyed_keys) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            raw(receipt.id),
            raw(receipt.tenant_id),
            raw(receipt.account_id),
            receipt.execution_id.map(raw),
            receipt.extent.as_str(),
            receipt.reason.as_str(),
            milliseconds(receipt.wiped_out_at),
            Json(&receipt.destroyed_keys),
        )?;
        Ok(())
    }

    /// The receipts of an account and its executions, oldest first.
    pub async fn list_receipts(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Vec<Receipt>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            "SELECT id, tenant_id, account_id, execution_id, extent, reason, wiped_out_at, \
             destroyed_keys FROM receipts WHERE tenant_id = $1 AND account_id = $2 \
             ORDER BY wiped_out_at, id",
            raw(tenant_id),
            raw(account_id),
        )?;
        rows.into_iter().map(Receipt::try_from).collect()
    }
}
