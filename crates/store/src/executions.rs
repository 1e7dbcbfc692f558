use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{AccountId, ExecutionId, TenantId};
use bonafide_domain::run::SealedRecord;
use bonafide_domain::workflow::WorkflowKey;
use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use crate::columns::{Reading, id, milliseconds, raw};
use crate::error::Error;
use crate::sql::{execute, fetch_all, fetch_optional};
use crate::transaction::Transaction;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, tenant_id, account_id, workflow_key, original_workflow_key, status, ",
            "customer_internal_reference, user_reference, reporting_criteria, callback_url, search_profile, web, token_expires_at, ",
            "session_expires_at, created_at, started_at, completed_at, wiped_out_at, ",
            "biometrics_wiped_out_at ",
            "FROM executions WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

pub(crate) use select;

#[derive(FromRow)]
pub(crate) struct Row {
    id: Uuid,
    tenant_id: Uuid,
    account_id: Uuid,
    workflow_key: String,
    original_workflow_key: Option<String>,
    status: String,
    customer_internal_reference: String,
    user_reference: Option<String>,
    reporting_criteria: Option<String>,
    callback_url: Option<String>,
    search_profile: Option<String>,
    web: Json<serde_json::Value>,
    token_expires_at: i64,
    session_expires_at: Option<i64>,
    created_at: i64,
    started_at: Option<i64>,
    completed_at: Option<i64>,
    wiped_out_at: Option<i64>,
    biometrics_wiped_out_at: Option<i64>,
}

impl TryFrom<Row> for Execution {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "executions", row: row.id };
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            account_id: id(row.account_id),
            key: reading.text("workflow_key", &row.workflow_key)?,
            original_key: row
                .original_workflow_key
                .map(|key| reading.text("original_workflow_key", &key))
                .transpose()?,
            status: reading.text("status", &row.status)?,
            customer_internal_reference: row.customer_internal_reference,
            user_reference: row.user_reference,
            reporting_criteria: row.reporting_criteria,
            callback_url: row.callback_url,
            search_profile: row.search_profile,
            web: reading.json("web", row.web.0)?,
            token_expires_at: reading.instant("token_expires_at", row.token_expires_at)?,
            session_expires_at: reading
                .instant_or_none("session_expires_at", row.session_expires_at)?,
            created_at: reading.instant("created_at", row.created_at)?,
            started_at: reading.instant_or_none("started_at", row.started_at)?,
            completed_at: reading.instant_or_none("completed_at", row.completed_at)?,
            wiped_out_at: reading.instant_or_none("wiped_out_at", row.wiped_out_at)?,
            biometrics_wiped_out_at: reading
                .instant_or_none("biometrics_wiped_out_at", row.biometrics_wiped_out_at)?,
        })
    }
}

#[derive(FromRow)]
struct ConsentRow {
    id: Uuid,
    consent_data_key_id: Uuid,
    consent_bytes: Vec<u8>,
}

impl From<ConsentRow> for (ExecutionId, SealedRecord) {
    fn from(row: ConsentRow) -> Self {
        let ConsentRow { id: execution, consent_data_key_id, consent_bytes } = row;
        let data_key_id = id(consent_data_key_id);
        (id(execution), SealedRecord { data_key_id, bytes: consent_bytes })
    }
}

impl Transaction {
    /// Adds an execution, with the consent that was stated for it.
    pub async fn insert_execution(
        &mut self,
        execution: &Execution,
        consent: Option<&SealedRecord>,
    ) -> Result<(), Error> {
        execute!(
            self,
            "INSERT INTO executions (id, tenant_id, account_id, workflow_key, status, \
             customer_internal_reference, user_reference, reporting_criteria, callback_url, web, \
             token_expires_at, session_expires_at, created_at, started_at, completed_at, \
             wiped_out_at, biometrics_wiped_out_at, consent_data_key_id, consent_bytes, \
             original_workflow_key, search_profile) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
             $19, $20, $21)",
            raw(execution.id),
            raw(execution.tenant_id),
            raw(execution.account_id),
            execution.key.as_str(),
            execution.status.as_str(),
            &execution.customer_internal_reference,
            execution.user_reference.as_deref(),
            execution.reporting_criteria.as_deref(),
            execution.callback_url.as_deref(),
            Json(&execution.web),
            milliseconds(execution.token_expires_at),
            execution.session_expires_at.map(milliseconds),
            milliseconds(execution.created_at),
            execution.started_at.map(milliseconds),
            execution.completed_at.map(milliseconds),
            execution.wiped_out_at.map(milliseconds),
            execution.biometrics_wiped_out_at.map(milliseconds),
            consent.map(|record| raw(record.data_key_id)),
            consent.map(|record| record.bytes.as_slice()),
            execution.original_key.map(WorkflowKey::as_str),
            execution.search_profile.as_deref(),
        )?;
        Ok(())
    }

    /// An execution.
    pub async fn find_execution(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Option<Execution>, Error> {
        let row: Option<Row> =
            fetch_optional!(self, select!("id = $2"), raw(tenant_id), raw(execution_id))?;
        row.map(Execution::try_from).transpose()
    }

    /// An execution, and nobody else changes it until this transaction ends.
    pub async fn lock_execution(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Option<Execution>, Error> {
        let sql = self.dialect(select!("id = $2"), select!("id = $2 FOR UPDATE"));
        let row: Option<Row> = fetch_optional!(self, sql, raw(tenant_id), raw(execution_id))?;
        row.map(Execution::try_from).transpose()
    }

    /// An account's executions, oldest first.
    pub async fn list_executions(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Vec<Execution>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!("account_id = $2 ORDER BY created_at, id"),
            raw(tenant_id),
            raw(account_id)
        )?;
        rows.into_iter().map(Execution::try_from).collect()
    }

    /// The consent stated for an execution, sealed.
    pub async fn find_consent(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Option<SealedRecord>, Error> {
        let row: Option<ConsentRow> = fetch_optional!(
            self,
            "SELECT id, consent_data_key_id, consent_bytes FROM executions \
             WHERE tenant_id = $1 AND id = $2 AND consent_bytes IS NOT NULL",
            raw(tenant_id),
            raw(execution_id),
        )?;
        Ok(row.map(|row| <(ExecutionId, SealedRecord)>::from(row).1))
    }

    /// The consents stated for an account's executions, sealed, latest first.
    pub async fn list_consents(
        &mut self,
        tenant_id: TenantId,
        account_id: AccountId,
    ) -> Result<Vec<(ExecutionId, SealedRecord)>, Error> {
        let rows: Vec<ConsentRow> = fetch_all!(
            self,
            "SELECT id, consent_data_key_id, consent_bytes FROM executions \
             WHERE tenant_id = $1 AND account_id = $2 AND consent_bytes IS NOT NULL \
             ORDER BY created_at DESC, id DESC",
            raw(tenant_id),
            raw(account_id),
        )?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Moves an execution from one status to another, unless somebody else did: false then.
    /// `ACQUIRED` sets when it started, a terminal status when it ended.
    pub async fn change_status(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        from: ExecutionStatus,
        to: ExecutionStatus,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let started_at = (to == ExecutionStatus::Acquired).then(|| milliseconds(at));
        let completed_at = to.is_terminal().then(|| milliseconds(at));
        let rows = execute!(
            self,
            "UPDATE executions SET status = $4, started_at = COALESCE($5, started_at), \
             completed_at = COALESCE($6, completed_at) \
             WHERE tenant_id = $1 AND id = $2 AND status = $3",
            raw(tenant_id),
            raw(execution_id),
            from.as_str(),
            to.as_str(),
            started_at,
            completed_at,
        )?;
        Ok(rows == 1)
    }

    /// Lets the session of an open execution last until `until`.
    pub async fn extend_session(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE executions SET session_expires_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND status = 'INITIATED'",
            raw(tenant_id),
            raw(execution_id),
            milliseconds(until),
        )?;
        Ok(rows == 1)
    }

    /// Says that the execution's data was deleted. False when that was said before.
    pub async fn mark_execution_wiped(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE executions SET wiped_out_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND wiped_out_at IS NULL",
            raw(tenant_id),
            raw(execution_id),
            milliseconds(at),
        )?;
        Ok(rows == 1)
    }
    /// Says that the execution's biometrics were deleted. False when that was said before.
    pub async fn mark_biometrics_wiped(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE executions SET biometrics_wiped_out_at = $3 \
             WHERE tenant_id = $1 AND id = $2 AND biometrics_wiped_out_at IS NULL",
            raw(tenant_id),
            raw(execution_id),
            milliseconds(at),
        )?;
        Ok(rows == 1)
    }
}
