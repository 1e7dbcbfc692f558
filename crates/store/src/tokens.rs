use bonafide_domain::tenant::{Permissions, Tenant};
use bonafide_domain::token::Token;
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::connect::{Database, Store};
use crate::error::Error;
use crate::sql::{execute, insert_all};
use crate::tenants::Row as TenantRow;
use crate::transaction::Transaction;

#[derive(FromRow)]
struct Row {
    hash: Vec<u8>,
    kind: String,
    tenant_id: Uuid,
    api_client_id: Option<Uuid>,
    may_initiate: Option<bool>,
    may_retrieve: Option<bool>,
    execution_id: Option<Uuid>,
    expires_at: i64,
}

impl TryFrom<Row> for Token {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        // A token's row has no id but its hash: the error names the tenant.
        let reading = Reading { table: "tokens", row: row.tenant_id };
        Ok(Self {
            hash: reading.hash("hash", row.hash)?,
            kind: reading.text("kind", &row.kind)?,
            tenant_id: id(row.tenant_id),
            api_client_id: row.api_client_id.map(id),
            permissions: row
                .may_initiate
                .zip(row.may_retrieve)
                .map(|(initiate, retrieve)| Permissions { initiate, retrieve }),
            execution_id: row.execution_id.map(id),
            expires_at: reading.instant("expires_at", row.expires_at)?,
        })
    }
}

#[derive(FromRow)]
struct TokenOfTenant {
    #[sqlx(flatten)]
    token: Row,
    #[sqlx(flatten)]
    tenant: TenantRow,
}

impl Store {
    /// The token of that hash, expired or not, and whose it is. Nearly every call of the API begins with
    /// this: one statement, which needs no transaction to see one state.
    pub async fn find_token(&self, hash: &[u8; 32]) -> Result<Option<(Token, Tenant)>, Error> {
        const SQL: &str = "SELECT hash, kind, tenant_id, api_client_id, may_initiate, \
             may_retrieve, execution_id, expires_at, id, name, mode, region, settings, created_at \
             FROM tokens JOIN tenants ON tenants.id = tokens.tenant_id WHERE hash = $1";
        let found: Option<TokenOfTenant> = match &self.database {
            Database::Sqlite { readers, .. } => {
                sqlx::query_as(SQL).bind(hash.as_slice()).fetch_optional(readers).await?
            }
            Database::Postgres(pool) => {
                sqlx::query_as(SQL).bind(hash.as_slice()).fetch_optional(pool).await?
            }
        };
        found.map(|row| Ok((row.token.try_into()?, row.tenant.try_into()?))).transpose()
    }
}

impl Transaction {
    /// Adds tokens.
    pub async fn insert_tokens(&mut self, tokens: &[Token]) -> Result<(), Error> {
        if tokens.is_empty() {
            return Ok(());
        }
        insert_all!(
            self,
            "INSERT INTO tokens (hash, kind, tenant_id, api_client_id, may_initiate, may_retrieve, \
             execution_id, expires_at) ",
            tokens,
            token => token.hash.as_slice(),
            token.kind.as_str(),
            raw(token.tenant_id),
            token.api_client_id.map(raw),
            token.permissions.map(|permissions| permissions.initiate),
            token.permissions.map(|permissions| permissions.retrieve),
            token.execution_id.map(raw),
            milliseconds(token.expires_at),
        )?;
        Ok(())
    }

    /// Deletes what has expired, of all tenants; says how many. A token of an execution that is
    /// still open stays: the session may carry it further.
    pub async fn delete_tokens_expired_before(&mut self, at: Timestamp) -> Result<u64, Error> {
        execute!(
            self,
            "DELETE FROM tokens WHERE expires_at < $1 AND NOT EXISTS \
             (SELECT 1 FROM executions WHERE executions.id = tokens.execution_id \
             AND executions.status = 'INITIATED')",
            milliseconds(at),
        )
    }
}
