//! Challenges to end users, and the secrets behind tenants' facemaps.

use bonafide_domain::challenge::{ChallengeState, IssuedChallenge};
use bonafide_domain::id::{ChallengeId, CredentialId, DataKeyId, ExecutionId, TenantId};
use bonafide_domain::run::SealedRecord;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant_id, execution_id, credential_id, attempt, state, data_key_id, bytes ",
            "FROM challenges WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    execution_id: Uuid,
    credential_id: Uuid,
    attempt: i32,
    state: String,
    data_key_id: Uuid,
    bytes: Vec<u8>,
}

impl TryFrom<Row> for IssuedChallenge {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "challenges", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            execution_id: id(row.execution_id),
            credential_id: id(row.credential_id),
            attempt: row.attempt,
            state: reading.text("state", &row.state)?,
            record: SealedRecord { data_key_id: id(row.data_key_id), bytes: row.bytes },
        })
    }
}

impl Transaction {
    /// Puts a challenge in the place of the credential's former one.
    pub async fn put_challenge(&mut self, challenge: &IssuedChallenge) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO challenges (credential_id, id, tenant_id, execution_id, attempt, state, \
             data_key_id, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (credential_id) DO UPDATE SET id = excluded.id, \
             execution_id = excluded.execution_id, attempt = excluded.attempt, \
             state = excluded.state, data_key_id = excluded.data_key_id, bytes = excluded.bytes \
             WHERE challenges.tenant_id = excluded.tenant_id",
            raw(challenge.credential_id),
            raw(challenge.id),
            raw(challenge.tenant_id),
            raw(challenge.execution_id),
            challenge.attempt,
            challenge.state.as_str(),
            raw(challenge.record.data_key_id),
            challenge.record.bytes.as_slice(),
        )?;
        Ok(())
    }

    /// A challenge of an execution.
    pub async fn find_challenge(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        challenge_id: ChallengeId,
    ) -> Result<Option<IssuedChallenge>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            select!("execution_id = $2 AND id = $3"),
            raw(tenant_id),
            raw(execution_id),
            raw(challenge_id),
        )?;
        row.map(IssuedChallenge::try_from).transpose()
    }

    /// The challenge of a credential.
    pub async fn find_challenge_of(
        &mut self,
        tenant_id: TenantId,
        credential_id: CredentialId,
    ) -> Result<Option<IssuedChallenge>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            select!("credential_id = $2"),
            raw(tenant_id),
            raw(credential_id),
        )?;
        row.map(IssuedChallenge::try_from).transpose()
    }

    /// Spends an open challenge. False when it is spent, or another took its place.
    pub async fn spend_challenge(
        &mut self,
        tenant_id: TenantId,
        challenge_id: ChallengeId,
        record: &SealedRecord,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE challenges SET state = $3, data_key_id = $4, bytes = $5 \
             WHERE tenant_id = $1 AND id = $2 AND state = 'OPEN'",
            raw(tenant_id),
            raw(challenge_id),
            ChallengeState::Spent.as_str(),
            raw(record.data_key_id),
            record.bytes.as_slice(),
        )?;
        Ok(rows == 1)
    }

    /// Deletes the challenges of an execution; gives the keys that seal them.
    pub async fn delete_challenges(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<DataKeyId>, Error> {
        let rows: Vec<(Uuid,)> = fetch_all!(
            self,
            "DELETE FROM challenges WHERE tenant_id = $1 AND execution_id = $2 \
             RETURNING data_key_id",
            raw(tenant_id),
            raw(execution_id),
        )?;
        Ok(rows.into_iter().map(|row| id(row.0)).collect())
    }

    /// Adds a tenant's secret for facemaps. False when it has one.
    pub async fn insert_facemap_secret(
        &mut self,
        tenant_id: TenantId,
        secret: &SealedRecord,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "INSERT INTO facemap_secrets (tenant_id, data_key_id, bytes) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant_id) DO NOTHING",
            raw(tenant_id),
            raw(secret.data_key_id),
            secret.bytes.as_slice(),
        )?;
        Ok(rows == 1)
    }

    /// A tenant's secret for facemaps.
    pub async fn find_facemap_secret(
        &mut self,
        tenant_id: TenantId,
    ) -> Result<Option<SealedRecord>, Error> {
        let row: Option<(Uuid, Vec<u8>)> = fetch_optional!(
            self,
            "SELECT data_key_id, bytes FROM facemap_secrets WHERE tenant_id = $1",
            raw(tenant_id),
        )?;
        Ok(row.map(|(key, bytes)| SealedRecord { data_key_id: id(key), bytes }))
    }
}
