use bonafide_domain::credential::{Channel, Classifier, Credential, Member};
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId, TenantId};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

#[derive(FromRow)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    category: String,
    label: Option<String>,
    country: Option<Json<serde_json::Value>>,
    document_type: Option<Json<serde_json::Value>>,
    created_at: i64,
}

impl TryFrom<Row> for Credential {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "credentials", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            account_id: id(row.account_id),
            category: reading.text("category", &row.category)?,
            label: row.label,
            country: row.country.map(|json| reading.json("country", json.0)).transpose()?,
            document_type: row
                .document_type
                .map(|json| reading.json("document_type", json.0))
                .transpose()?,
            created_at: reading.instant("created_at", row.created_at)?,
        })
    }
}

#[derive(FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    credential: Row,
    execution_id: Uuid,
    channels: Json<serde_json::Value>,
    classifiers: Json<serde_json::Value>,
}

impl TryFrom<MemberRow> for Member {
    type Error = Error;

    fn try_from(row: MemberRow) -> Result<Self, Error> {
        let reading = Reading { table: "members", row: row.execution_id };
        let channels: Vec<Channel> = reading.json("channels", row.channels.0)?;
        let classifiers: Vec<Classifier> = reading.json("classifiers", row.classifiers.0)?;
        Ok(Self { credential: row.credential.try_into()?, channels, classifiers })
    }
}

impl Transaction {
    /// Adds a credential.
    pub async fn insert_credential(&mut self, credential: &Credential) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO credentials (id, tenant_id, account_id, category, label, country, \
             document_type, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            raw(credential.id),
            raw(credential.tenant_id),
            raw(credential.account_id),
            credential.category.as_str(),
            credential.label.as_deref(),
            credential.country.as_ref().map(Json),
            credential.document_type.as_ref().map(Json),
            milliseconds(credential.created_at),
        )?;
        Ok(())
    }

    /// A credential of an account.
    pub async fn find_credential(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
        credential_id: CredentialId,
    ) -> Result<Option<Credential>, Error> {
        let row: Option<Row> = fetch_optional!(
            self,
            "SELECT id, tenant_id, account_id, category, label, country, document_type, created_at \
             FROM credentials WHERE tenant_id = $1 AND account_id = $2 AND id = $3",
            raw(tenant_id),
            raw(account_id),
            raw(credential_id),
        )?;
        row.map(Credential::try_from).transpose()
    }

    /// Makes a credential, which has a row already, the execution's member at `position`.
    pub async fn insert_member(
        &mut self,
        execution_id: ExecutionId,
        tenant_id: TenantId,
        position: usize,
        member: &Member,
    ) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO members (execution_id, position, tenant_id, credential_id, channels, \
             classifiers) VALUES ($1, $2, $3, $4, $5, $6)",
            raw(execution_id),
            position as i32,
            raw(tenant_id),
            raw(member.credential.id),
            Json(&member.channels),
            Json(&member.classifiers),
        )?;
        Ok(())
    }

    /// An execution's members, by position.
    pub async fn list_members(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<Member>, Error> {
        let rows: Vec<MemberRow> = fetch_all!(
            self,
            "SELECT c.id, c.tenant_id, c.account_id, c.category, c.label, c.country, \
             c.document_type, c.created_at, m.execution_id, m.channels, m.classifiers \
             FROM members m JOIN credentials c ON c.id = m.credential_id \
             WHERE m.tenant_id = $1 AND c.tenant_id = $1 AND m.execution_id = $2 \
             ORDER BY m.position",
            raw(tenant_id),
            raw(execution_id),
        )?;
        rows.into_iter().map(Member::try_from).collect()
    }
}
