use bonafide_domain::id::{DataKeyId, ExecutionId, TenantId};
use bonafide_domain::known_face::KnownFace;
use bonafide_domain::run::SealedRecord;
use bonafide_vault::WrappedKey;
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{id, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

/// What happened to a tenant's known faces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaceChange {
    /// Counts the changes of the tenant, in the order of commits.
    pub sequence: i64,
    /// The execution that saw the face.
    pub execution_id: ExecutionId,
    /// The face with the key that opens it, or nothing: it was forgotten.
    pub learnt: Option<(KnownFace, WrappedKey)>,
}

#[derive(FromRow)]
struct Row {
    tenant_id: Uuid,
    account_id: Uuid,
    execution_id: Uuid,
    sequence: i64,
    data_key_id: Option<Uuid>,
    bytes: Option<Vec<u8>>,
    ring_key_id: Option<String>,
    wrapped: Option<Vec<u8>>,
}

impl From<Row> for FaceChange {
    fn from(row: Row) -> Self {
        let record = row.data_key_id.zip(row.bytes);
        let key = row.ring_key_id.zip(row.wrapped);
        let learnt = record.zip(key).map(|((data_key_id, bytes), (ring_key_id, wrapped))| {
            let record = SealedRecord { data_key_id: id(data_key_id), bytes };
            let face = KnownFace {
                tenant_id: id(row.tenant_id),
                account_id: id(row.account_id),
                execution_id: id(row.execution_id),
                record,
            };
            (face, WrappedKey { ring_key_id, bytes: wrapped })
        });
        Self { sequence: row.sequence, execution_id: id(row.execution_id), learnt }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT faces.tenant_id, faces.account_id, faces.execution_id, faces.sequence, ",
            "faces.data_key_id, faces.bytes, keys.ring_key_id, keys.wrapped FROM known_faces faces ",
            "LEFT JOIN data_keys keys ON keys.tenant_id = faces.tenant_id ",
            "AND keys.id = faces.data_key_id WHERE faces.tenant_id = $1 AND ",
            $rest
        )
    };
}

impl Transaction {
    /// Learns the face of an execution's document. One that is known already stays as it is.
    pub async fn learn_face(&mut self, face: &KnownFace) -> Result<bool, Error> {
        let sequence = self.next_face_sequence(face.tenant_id).await?;
        let rows = execute!(
            self,
            "INSERT INTO known_faces (execution_id, tenant_id, account_id, sequence, data_key_id, \
             bytes) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (execution_id) DO NOTHING",
            raw(face.execution_id),
            raw(face.tenant_id),
            raw(face.account_id),
            sequence,
            raw(face.record.data_key_id),
            face.record.bytes.as_slice(),
        )?;
        Ok(rows == 1)
    }

    /// Forgets the face of an execution's document; gives the key that seals it, if it was known.
    pub async fn forget_face(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Option<DataKeyId>, Error> {
        let known: Option<(Uuid,)> = fetch_optional!(
            self,
            "SELECT data_key_id FROM known_faces WHERE tenant_id = $1 AND execution_id = $2 \
             AND data_key_id IS NOT NULL",
            raw(tenant_id),
            raw(execution_id),
        )?;
        let Some((data_key_id,)) = known else { return Ok(None) };
        let sequence = self.next_face_sequence(tenant_id).await?;
        execute!(
            self,
            "UPDATE known_faces SET sequence = $3, data_key_id = NULL, bytes = NULL \
             WHERE tenant_id = $1 AND execution_id = $2",
            raw(tenant_id),
            raw(execution_id),
            sequence,
        )?;
        Ok(Some(id(data_key_id)))
    }

    /// What was learnt and forgotten after a change, in order. A face that changed again is told of
    /// once, as it is now.
    pub async fn list_face_changes(
        &mut self,
        tenant_id: TenantId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<FaceChange>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!("faces.sequence > $2 ORDER BY faces.sequence LIMIT $3"),
            raw(tenant_id),
            after,
            i64::from(limit),
        )?;
        Ok(rows.into_iter().map(FaceChange::from).collect())
    }

    /// The face of an execution's document as it is now; none when it was never known.
    pub async fn find_face_change(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Option<FaceChange>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            select!("faces.execution_id = $2"),
            raw(tenant_id),
            raw(execution_id),
        )?;
        Ok(row.map(FaceChange::from))
    }

    /// The row stays locked until the commit, so that numbers are seen in their order.
    async fn next_face_sequence(&mut self, tenant_id: TenantId) -> Result<i64, Error> {
        let row: Option<(i64,)> = fetch_optional!(
            self,
            "INSERT INTO known_face_sequences (tenant_id, last) VALUES ($1, 1) \
             ON CONFLICT (tenant_id) DO UPDATE SET last = known_face_sequences.last + 1 \
             RETURNING last",
            raw(tenant_id),
        )?;
        row.map(|(last,)| last).ok_or_else(|| Error::Database {
            message: "an upsert that returns its row returned none".to_owned(),
        })
    }
}
