use bonafide_domain::callback::CallbackSecret;
use bonafide_domain::id::TenantId;
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all};
use crate::transaction::Transaction;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    data_key_id: Uuid,
    bytes: Vec<u8>,
    created_at: i64,
    retires_at: Option<i64>,
}

impl TryFrom<Row> for CallbackSecret {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "callback_secrets", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            data_key_id: id(row.data_key_id),
            bytes: row.bytes,
            created_at: reading.instant("created_at", row.created_at)?,
            retires_at: reading.instant_or_none("retires_at", row.retires_at)?,
        })
    }
}

impl Transaction {
    /// Adds a secret; those before it retire at `retire_others_at`, or sooner if that was said before.
    pub async fn insert_callback_secret(
        &mut self,
        secret: &CallbackSecret,
        retire_others_at: Timestamp,
    ) -> Result<(), Error> {
        execute!(
            self,
            "UPDATE callback_secrets SET retires_at = $2 \
             WHERE tenant_id = $1 AND (retires_at IS NULL OR retires_at > $2)",
            raw(secret.tenant_id),
            milliseconds(retire_others_at),
        )?;
        execute!(
            self,
            "INSERT INTO callback_secrets (id, tenant_id, data_key_id, bytes, created_at, retires_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            raw(secret.id),
            raw(secret.tenant_id),
            raw(secret.data_key_id),
            secret.bytes.as_slice(),
            milliseconds(secret.created_at),
            secret.retires_at.map(milliseconds),
        )?;
        Ok(())
    }

    /// A tenant's secrets, newest first, retired ones too until they are swept.
    pub async fn list_callback_secrets(
        &mut self,
        tenant_id: TenantId,
    ) -> Result<Vec<CallbackSecret>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            "SELECT id, tenant_id, data_key_id, bytes, created_at, retires_at \
             FROM callback_secrets WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC",
            raw(tenant_id),
        )?;
        rows.into_iter().map(CallbackSecret::try_from).collect()
    }

    /// Deletes the secrets of all tenants that have retired, with the keys that open them; says how
    /// many.
    pub async fn delete_callback_secrets_retired_before(
        &mut self,
        at: Timestamp,
    ) -> Result<u64, Error> {
        let keys = execute!(
            self,
            "DELETE FROM data_keys WHERE id IN \
             (SELECT data_key_id FROM callback_secrets WHERE retires_at <= $1)",
            milliseconds(at),
        )?;
        self.keys_destroyed |= keys > 0;
        execute!(self, "DELETE FROM callback_secrets WHERE retires_at <= $1", milliseconds(at))
    }
}
