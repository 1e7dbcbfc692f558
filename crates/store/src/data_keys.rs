use bonafide_domain::id::{AccountId, DataKeyId, ExecutionId, TenantId};
use bonafide_vault::WrappedKey;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{id, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

/// A wrapped data key and what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataKeyRow {
    /// Its id.
    pub id: DataKeyId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// Its account; none for a tenant's own secrets.
    pub account_id: Option<AccountId>,
    /// The execution that what it seals came from; none for a tenant's own secrets.
    pub execution_id: Option<ExecutionId>,
    /// The key.
    pub wrapped: WrappedKey,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    ring_key_id: String,
    wrapped: Vec<u8>,
}

impl From<Row> for (DataKeyId, WrappedKey) {
    fn from(row: Row) -> Self {
        (id(row.id), WrappedKey { ring_key_id: row.ring_key_id, bytes: row.wrapped })
    }
}

impl Transaction {
    /// Adds a data key.
    pub async fn insert_data_key(&mut self, key: &DataKeyRow) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO data_keys (id, tenant_id, account_id, execution_id, ring_key_id, wrapped) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            raw(key.id),
            raw(key.tenant_id),
            key.account_id.map(raw),
            key.execution_id.map(raw),
            &key.wrapped.ring_key_id,
            key.wrapped.bytes.as_slice(),
        )?;
        Ok(())
    }

    /// A data key, wrapped. None when it was destroyed.
    pub async fn find_data_key(
        &mut self,
        tenant_id: TenantId,
        data_key_id: DataKeyId,
    ) -> Result<Option<WrappedKey>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            "SELECT id, ring_key_id, wrapped FROM data_keys WHERE tenant_id = $1 AND id = $2",
            raw(tenant_id),
            raw(data_key_id),
        )?;
        Ok(row.map(|row| <(DataKeyId, WrappedKey)>::from(row).1))
    }

    /// Destroys a data key, and with it what it sealed.
    pub async fn destroy_data_key(
        &mut self,
        tenant_id: TenantId,
        data_key_id: DataKeyId,
    ) -> Result<bool, Error> {
        self.keys_destroyed = true;
        let rows = execute!(
            self,
            "DELETE FROM data_keys WHERE tenant_id = $1 AND id = $2",
            raw(tenant_id),
            raw(data_key_id),
        )?;
        Ok(rows == 1)
    }

    /// Destroys the data keys of what an execution captured and found; says which.
    pub async fn destroy_execution_keys(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<DataKeyId>, Error> {
        self.keys_destroyed = true;
        let rows: Vec<(Uuid,)> = fetch_all!(
            self,
            "DELETE FROM data_keys WHERE tenant_id = $1 AND execution_id = $2 RETURNING id",
            raw(tenant_id),
            raw(execution_id),
        )?;
        Ok(rows.into_iter().map(|row| id(row.0)).collect())
    }

    /// Destroys all data keys of an account; says which.
    pub async fn destroy_account_keys(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Vec<DataKeyId>, Error> {
        self.keys_destroyed = true;
        let rows: Vec<(Uuid,)> = fetch_all!(
            self,
            "DELETE FROM data_keys WHERE tenant_id = $1 AND account_id = $2 RETURNING id",
            raw(tenant_id),
            raw(account_id),
        )?;
        Ok(rows.into_iter().map(|row| id(row.0)).collect())
    }

    /// At most `limit` data keys of any tenant that another ring key wraps: for the rotation.
    pub async fn list_data_keys_not_under(
        &mut self,
        ring_key_id: &str,
        limit: u32,
    ) -> Result<Vec<(DataKeyId, WrappedKey)>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            "SELECT id, ring_key_id, wrapped FROM data_keys WHERE ring_key_id <> $1 \
             ORDER BY id LIMIT $2",
            ring_key_id,
            i64::from(limit),
        )?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Replaces the wrapping of a data key. False when it was destroyed meanwhile.
    pub async fn update_wrapped_key(
        &mut self,
        data_key_id: DataKeyId,
        wrapped: &WrappedKey,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE data_keys SET ring_key_id = $2, wrapped = $3 WHERE id = $1",
            raw(data_key_id),
            &wrapped.ring_key_id,
            wrapped.bytes.as_slice(),
        )?;
        Ok(rows == 1)
    }
}
