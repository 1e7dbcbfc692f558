use bonafide_domain::decision::{Capability, Decision};
use bonafide_domain::id::{CredentialId, ExecutionId, RunId, TenantId};
use bonafide_domain::run::{Run, SealedRecord};
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
            "SELECT id, tenant_id, execution_id, capability, credentials, state, attempt, ",
            "decision_type, label, record_data_key_id, record_bytes, created_at, completed_at ",
            "FROM runs WHERE tenant_id = $1 AND ",
            $rest
        )
    };
}

pub(crate) use select;

#[derive(FromRow)]
pub(crate) struct Row {
    id: Uuid,
    tenant_id: Uuid,
    execution_id: Uuid,
    capability: String,
    credentials: Json<serde_json::Value>,
    state: String,
    attempt: i32,
    decision_type: Option<String>,
    label: Option<String>,
    record_data_key_id: Option<Uuid>,
    record_bytes: Option<Vec<u8>>,
    created_at: i64,
    completed_at: Option<i64>,
}

impl TryFrom<Row> for Run {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let reading = Reading { table: "runs", row: row.id };
        let capability: Capability = reading.text("capability", &row.capability)?;
        let credentials: Vec<CredentialId> = reading.json("credentials", row.credentials.0)?;
        let decision = row
            .decision_type
            .zip(row.label)
            .map(|(decision_type, label)| {
                Decision::new(
                    capability,
                    reading.text("decision_type", &decision_type)?,
                    reading.text("label", &label)?,
                )
                .map_err(|_| reading.inconsistent("label"))
            })
            .transpose()?;
        let record = row
            .record_data_key_id
            .zip(row.record_bytes)
            .map(|(data_key_id, bytes)| SealedRecord { data_key_id: id(data_key_id), bytes });
        Ok(Self {
            id: id(row.id),
            tenant_id: id(row.tenant_id),
            execution_id: id(row.execution_id),
            capability,
            credentials,
            state: reading.text("state", &row.state)?,
            attempt: row.attempt,
            decision,
            record,
            created_at: reading.instant("created_at", row.created_at)?,
            completed_at: reading.instant_or_none("completed_at", row.completed_at)?,
        })
    }
}

impl Transaction {
    /// Adds a run, unless the execution has one of that capability on those credentials: false then.
    pub async fn insert_run(&mut self, run: &Run) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "INSERT INTO runs (id, tenant_id, execution_id, capability, credentials, state, attempt, \
             decision_type, label, record_data_key_id, record_bytes, created_at, completed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             ON CONFLICT (execution_id, capability, credentials) DO NOTHING",
            raw(run.id),
            raw(run.tenant_id),
            raw(run.execution_id),
            run.capability.as_str(),
            Json(&run.credentials),
            run.state.as_str(),
            run.attempt,
            run.decision.map(|decision| decision.decision_type().as_str()),
            run.decision.map(|decision| decision.label().as_str()),
            run.record.as_ref().map(|record| raw(record.data_key_id)),
            run.record.as_ref().map(|record| record.bytes.as_slice()),
            milliseconds(run.created_at),
            run.completed_at.map(milliseconds),
        )?;
        Ok(rows == 1)
    }

    /// An execution's runs, oldest first.
    pub async fn list_runs(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<Vec<Run>, Error> {
        let rows: Vec<Row> = fetch_all!(
            self,
            select!("execution_id = $2 ORDER BY created_at, id"),
            raw(tenant_id),
            raw(execution_id)
        )?;
        rows.into_iter().map(Run::try_from).collect()
    }

    /// A run.
    pub async fn find_run(
        &mut self,
        tenant_id: TenantId,
        run_id: RunId,
    ) -> Result<Option<Run>, Error> {
        let row: Option<Row> =
            fetch_optional!(self, select!("id = $2"), raw(tenant_id), raw(run_id))?;
        row.map(Run::try_from).transpose()
    }

    /// Writes a run's decision, if the run still waits for the result of this attempt.
    pub async fn complete_run(
        &mut self,
        tenant_id: TenantId,
        run_id: RunId,
        attempt: i32,
        decision: Decision,
        record: Option<&SealedRecord>,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE runs SET state = 'DONE', decision_type = $4, label = $5, \
             record_data_key_id = $6, record_bytes = $7, completed_at = $8 \
             WHERE tenant_id = $1 AND id = $2 AND state = 'PENDING' AND attempt = $3",
            raw(tenant_id),
            raw(run_id),
            attempt,
            decision.decision_type().as_str(),
            decision.label().as_str(),
            record.map(|record| raw(record.data_key_id)),
            record.map(|record| record.bytes.as_slice()),
            milliseconds(at),
        )?;
        Ok(rows == 1)
    }

    /// Counts a failed attempt, if the run still waits for the result of this one.
    pub async fn fail_attempt(
        &mut self,
        tenant_id: TenantId,
        run_id: RunId,
        attempt: i32,
    ) -> Result<bool, Error> {
        let rows = execute!(
            self,
            "UPDATE runs SET attempt = attempt + 1 \
             WHERE tenant_id = $1 AND id = $2 AND state = 'PENDING' AND attempt = $3",
            raw(tenant_id),
            raw(run_id),
            attempt,
        )?;
        Ok(rows == 1)
    }

    /// Deletes the sealed bytes of an execution: its runs' records and its consent. The decisions
    /// stay.
    pub async fn drop_records(
        &mut self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<(), Error> {
        execute!(
            self,
            "UPDATE runs SET record_data_key_id = NULL, record_bytes = NULL \
             WHERE tenant_id = $1 AND execution_id = $2",
            raw(tenant_id),
            raw(execution_id),
        )?;
        execute!(
            self,
            "UPDATE executions SET consent_data_key_id = NULL, consent_bytes = NULL \
             WHERE tenant_id = $1 AND id = $2",
            raw(tenant_id),
            raw(execution_id),
        )?;
        Ok(())
    }
    /// Deletes the sealed record of one run. The decision stays.
    pub async fn drop_record(&mut self, tenant_id: TenantId, run_id: RunId) -> Result<(), Error> {
        execute!(
            self,
            "UPDATE runs SET record_data_key_id = NULL, record_bytes = NULL \
             WHERE tenant_id = $1 AND id = $2",
            raw(tenant_id),
            raw(run_id),
        )?;
        Ok(())
    }
}
