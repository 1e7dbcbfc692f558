use bonafide_domain::id::{ApiClientId, ExecutionId, TenantId};
use bonafide_domain::run::SealedRecord;
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_optional};
use crate::transaction::Transaction;

/// Whose keys they are: each client has keys of its own, and each journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A client's.
    Client(TenantId, ApiClientId),
    /// Those of whoever holds the `api.token` of an execution.
    Journey(TenantId, ExecutionId),
}

impl Scope {
    /// The tenant.
    pub fn tenant_id(self) -> TenantId {
        match self {
            Self::Client(tenant_id, _) | Self::Journey(tenant_id, _) => tenant_id,
        }
    }

    /// The client or the execution; their ids never meet.
    pub fn id(self) -> Uuid {
        match self {
            Self::Client(_, client) => raw(client),
            Self::Journey(_, execution) => raw(execution),
        }
    }
}

/// What took effect under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptOutcome {
    /// What was asked for.
    pub fingerprint: [u8; 32],
    /// What came of it, sealed.
    pub outcome: SealedRecord,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    data_key_id: Option<Uuid>,
    outcome: Option<Vec<u8>>,
    expires_at: i64,
}

impl Transaction {
    /// Takes a key for this transaction, unless it is taken: false then. Who comes second while the
    /// first is under way waits for its end.
    pub async fn claim_idempotency_key(
        &mut self,
        scope: Scope,
        key_hash: &[u8; 32],
        fingerprint: &[u8; 32],
        expires_at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "INSERT INTO idempotency_keys (tenant_id, scope, key_hash, fingerprint, expires_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, scope, key_hash) DO NOTHING",
            raw(scope.tenant_id()),
            scope.id(),
            key_hash.as_slice(),
            fingerprint.as_slice(),
            milliseconds(expires_at),
        )?;
        Ok(rows == 1)
    }

    /// Keeps what came of the request under the key that this transaction took.
    pub async fn keep_outcome(
        &mut self,
        scope: Scope,
        key_hash: &[u8; 32],
        outcome: &SealedRecord,
    ) -> Result<(), Error> {
        execute!(
            self,
            "UPDATE idempotency_keys SET data_key_id = $4, outcome = $5 \
             WHERE tenant_id = $1 AND scope = $2 AND key_hash = $3",
            raw(scope.tenant_id()),
            scope.id(),
            key_hash.as_slice(),
            raw(outcome.data_key_id),
            outcome.bytes.as_slice(),
        )?;
        Ok(())
    }

    /// What took effect under a key, expired or not.
    pub async fn find_outcome(
        &mut self,
        scope: Scope,
        key_hash: &[u8; 32],
    ) -> Result<Option<KeptOutcome>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            "SELECT fingerprint, data_key_id, outcome, expires_at FROM idempotency_keys \
             WHERE tenant_id = $1 AND scope = $2 AND key_hash = $3",
            raw(scope.tenant_id()),
            scope.id(),
            key_hash.as_slice(),
        )?;
        let Some(row) = row else { return Ok(None) };
        let reading = Reading { table: "idempotency_keys", row: scope.id() };
        // Both are written before the row is committed.
        let (data_key_id, bytes) =
            row.data_key_id.zip(row.outcome).ok_or_else(|| reading.inconsistent("outcome"))?;
        Ok(Some(KeptOutcome {
            fingerprint: reading.hash("fingerprint", row.fingerprint)?,
            outcome: SealedRecord { data_key_id: id(data_key_id), bytes },
            expires_at: reading.instant("expires_at", row.expires_at)?,
        }))
    }

    /// Deletes what has expired, of all tenants, with the keys that open it; says how many.
    pub async fn delete_outcomes_expired_before(&mut self, at: Timestamp) -> Result<u64, Error> {
        let keys = execute!(
            self,
            "DELETE FROM data_keys WHERE id IN \
             (SELECT data_key_id FROM idempotency_keys WHERE expires_at <= $1)",
            milliseconds(at),
        )?;
        self.keys_destroyed |= keys > 0;
        execute!(self, "DELETE FROM idempotency_keys WHERE expires_at <= $1", milliseconds(at))
    }

    /// Deletes one outcome that has expired, so that its key can be taken anew.
    pub async fn delete_expired_outcome(
        &mut self,
        scope: Scope,
        key_hash: &[u8; 32],
        at: Timestamp,
    ) -> Result<(), Error> {
        execute!(
            self,
            "DELETE FROM data_keys WHERE tenant_id = $1 AND id IN (SELECT data_key_id \
             FROM idempotency_keys \
             WHERE tenant_id = $1 AND scope = $2 AND key_hash = $3 AND expires_at <= $4)",
            raw(scope.tenant_id()),
            scope.id(),
            key_hash.as_slice(),
            milliseconds(at),
        )?;
        execute!(
            self,
            "DELETE FROM idempotency_keys \
             WHERE tenant_id = $1 AND scope = $2 AND key_hash = $3 AND expires_at <= $4",
            raw(scope.tenant_id()),
            scope.id(),
            key_hash.as_slice(),
            milliseconds(at),
        )?;
        Ok(())
    }
}
