use bonafide_domain::id::TenantId;
use bonafide_domain::tenant::{ApiClient, Permissions};
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
            "SELECT id, tenant_id, client_id, secret_hash, may_initiate, may_retrieve, created_at, ",
            "revoked_at FROM api_clients ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    client_id: String,
    secret_hash: Vec<u8>,
    may_initiate: bool,
    may_retrieve: bool,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for ApiClient {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "api_clients", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            client_id: row.client_id,
            secret_hash: reading.hash("secret_hash", row.secret_hash)?,
            permissions: Permissions { initiate: row.may_initiate, retrieve: row.may_retrieve },
            created_at: reading.instant("created_at", row.created_at)?,
            revoked_at: reading.instant_or_none("revoked_at", row.revoked_at)?,
        })
    }
}

impl Transaction {
    /// Adds a client. A `client_id` that is taken is a [`Error::Conflict`].
    pub async fn insert_client(&mut self, client: &ApiClient) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO api_clients (id, tenant_id, client_id, secret_hash, may_initiate, \
             may_retrieve, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            raw(client.id),
            raw(client.tenant_id),
            &client.client_id,
            client.secret_hash.as_slice(),
            client.permissions.initiate,
            client.permissions.retrieve,
            milliseconds(client.created_at),
            client.revoked_at.map(milliseconds),
        )?;
        Ok(())
    }

    /// The client of that `client_id`, revoked or not; says who the tenant is.
    pub async fn find_client_by_client_id(
        &mut self,
        client_id: &str,
    ) -> Result<Option<ApiClient>, Error> {
        let row: Option<Row> = fetch_optional!(self, select!("WHERE client_id = $1"), client_id)?;
        row.map(ApiClient::try_from).transpose()
    }

    /// A tenant's clients, oldest first.
    pub async fn list_clients(&mut self, tenant_id: TenantId) -> Result<Vec<ApiClient>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!("WHERE tenant_id = $1 ORDER BY created_at, id"),
            raw(tenant_id)
        )?;
        rows.into_iter().map(ApiClient::try_from).collect()
    }

    /// Revokes a client and the access tokens that it was given. False when there was nothing to
    /// revoke.
    pub async fn revoke_client(
        &mut self,
        tenant_id: TenantId,
        client_id: &str,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE api_clients SET revoked_at = $3 \
             WHERE tenant_id = $1 AND client_id = $2 AND revoked_at IS NULL",
            raw(tenant_id),
            client_id,
            milliseconds(at),
        )?;
        execute!(
            self,
            "DELETE FROM tokens WHERE tenant_id = $1 AND api_client_id IN \
             (SELECT id FROM api_clients WHERE tenant_id = $1 AND client_id = $2)",
            raw(tenant_id),
            client_id,
        )?;
        Ok(rows == 1)
    }
}
