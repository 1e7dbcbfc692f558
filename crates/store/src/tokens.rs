use bonafide_domain::tenant::Permissions;
use bonafide_domain::token::Token;
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_optional};
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

impl Transaction {
    /// Adds a token.
    pub async fn insert_token(&mut self, token: &Token) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO tokens (hash, kind, tenant_id, api_client_id, may_initiate, may_retrieve, \
             execution_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            token.hash.as_slice(),
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

    /// The token of that hash, expired or not; says who the tenant is.
    pub async fn find_token(&mut self, hash: &[u8; 32]) -> Result<Option<Token>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            "SELECT hash, kind, tenant_id, api_client_id, may_initiate, may_retrieve, execution_id, \
             expires_at FROM tokens WHERE hash = $1",
            hash.as_slice(),
        )?;
        row.map(Token::try_from).transpose()
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
