use bonafide_domain::credential::{Classifier, Part};
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId, TenantId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT credential_id, classifier, tenant_id, account_id, execution_id, blob, ",
            "data_key_id, media_type, size_bytes, uploaded_at FROM parts WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

pub(crate) use select;

#[derive(FromRow)]
pub(crate) struct Row {
    credential_id: Uuid,
    classifier: String,
    tenant_id: Uuid,
    account_id: Uuid,
    execution_id: Uuid,
    blob: String,
    data_key_id: Uuid,
    media_type: String,
    size_bytes: i64,
    uploaded_at: i64,
}

impl TryFrom<Row> for Part {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "parts", row: row.credential_id };
        Ok(Self {
            credential_id: id(row.credential_id),
            classifier: reading.text("classifier", &row.classifier)?,
            tenant_id: id(row.tenant_id),
            account_id: id(row.account_id),
            execution_id: id(row.execution_id),
            blob: row.blob,
            data_key_id: id(row.data_key_id),
            media_type: row.media_type,
            size_bytes: row.size_bytes,
            uploaded_at: reading.instant("uploaded_at", row.uploaded_at)?,
        })
    }
}

impl Transaction {
    /// Puts a part in its place and gives the one that was there, whose blob and key have lost
    /// their use.
    pub async fn put_part(&mut self, part: &Part) -> Result<Option<Part>, Error> {
        let sql = self.dialect(
            select!("credential_id = $2 AND classifier = $3"),
            select!("credential_id = $2 AND classifier = $3 FOR UPDATE"),
        );
        let former: Option<Row> = fetch_optional!(
            self,
            sql,
            raw(part.tenant_id),
            raw(part.credential_id),
            part.classifier.as_str(),
        )?;
        execute!(
            self,
            "INSERT INTO parts (credential_id, classifier, tenant_id, account_id, execution_id, \
             blob, data_key_id, media_type, size_bytes, uploaded_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT (credential_id, classifier) DO UPDATE SET \
             execution_id = excluded.execution_id, blob = excluded.blob, \
             data_key_id = excluded.data_key_id, media_type = excluded.media_type, \
             size_bytes = excluded.size_bytes, uploaded_at = excluded.uploaded_at \
             WHERE parts.tenant_id = excluded.tenant_id \
             AND parts.account_id = excluded.account_id",
            raw(part.credential_id),
            part.classifier.as_str(),
            raw(part.tenant_id),
            raw(part.account_id),
            raw(part.execution_id),
            &part.blob,
            raw(part.data_key_id),
            &part.media_type,
            part.size_bytes,
            milliseconds(part.uploaded_at),
        )?;
        former.map(Part::try_from).transpose()
    }

    /// A part.
    pub async fn find_part(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
        credential_id: CredentialId,
        classifier: Classifier,
    ) -> Result<Option<Part>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            select!("account_id = $2 AND credential_id = $3 AND classifier = $4"),
            raw(tenant_id),
            raw(account_id),
            raw(credential_id),
            classifier.as_str(),
        )?;
        row.map(Part::try_from).transpose()
    }

    /// The parts of all credentials of an execution, whoever captured them.
    pub async fn list_parts(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<Part>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!(
                "credential_id IN (SELECT credential_id FROM members \
                 WHERE tenant_id = $1 AND execution_id = $2) ORDER BY credential_id, classifier"
            ),
            raw(tenant_id),
            raw(execution_id),
        )?;
        rows.into_iter().map(Part::try_from).collect()
    }

    /// The parts that an execution captured itself.
    pub async fn list_captured_parts(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<Part>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!("execution_id = $2 ORDER BY credential_id, classifier"),
            raw(tenant_id),
            raw(execution_id),
        )?;
        rows.into_iter().map(Part::try_from).collect()
    }

    /// Deletes the rows of parts; says how many there were.
    pub async fn delete_parts(
        &mut self,
        tenant_id: TenantId,
        parts: &[(CredentialId, Classifier)],
    ) -> Result<u64, Error> {
        let mut deleted = 0;
        for (credential_id, classifier) in parts {
            deleted += execute!(
                self,
                "DELETE FROM parts WHERE tenant_id = $1 AND credential_id = $2 AND classifier = $3",
                raw(tenant_id),
                raw(*credential_id),
                classifier.as_str(),
            )?;
        }
        Ok(deleted)
    }
    /// Whether a part of any tenant names this blob: for the sweep that deletes orphans.
    pub async fn is_blob_named(&mut self, blob: &str) -> Result<bool, Error> {
        let row: Option<(i32,)> =
            fetch_optional!(self, "SELECT 1 FROM parts WHERE blob = $1 LIMIT 1", blob)?;
        Ok(row.is_some())
    }
}
