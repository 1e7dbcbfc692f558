//! A run: the parts are opened in memory, a capability judges them off the async threads, and the
//! result is stored by compare-and-set.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bonafide_domain::decision::{Capability, Decision};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{RunId, TenantId};
use bonafide_domain::run::{Run, RunState};
use bonafide_domain::sandbox::Sandbox;
use bonafide_domain::task::Task;
use bonafide_domain::tenant::Tenant;
use bonafide_store::Transaction;
use bonafide_vault::Binding;
use jiff::Timestamp;

use crate::Engine;
use crate::capability::{CredentialInput, Inputs, Outcome};
use crate::deletion::lists_biometrics;
use crate::error::Error;
use crate::record::Record;
use crate::sealing::Owner;

/// After so many begun attempts a run is decided `TECHNICAL_ERROR`: a picture that kills its
/// worker must not do so for ever.
const MAX_ATTEMPTS: i32 = 4;
/// How long a capability may take. Its thread cannot be stopped, but its result no longer counts.
const TIME_LIMIT: Duration = Duration::from_mins(2);

impl Engine {
    /// Carries out one run. Carrying it out twice does no harm: only the attempt that was begun
    /// last can store its result, and only while there is none.
    pub(crate) async fn judge(&self, tenant_id: TenantId, run_id: RunId) -> Result<(), Error> {
        let Some((run, execution)) = self.begin_attempt(tenant_id, run_id).await? else {
            return Ok(());
        };
        if run.attempt > MAX_ATTEMPTS {
            tracing::error!(run.id = %run.id, capability = %run.capability, "given up after {MAX_ATTEMPTS} attempts");
            return self.conclude(&run, &execution, Outcome::of(Decision::TECHNICAL_ERROR)).await;
        }
        let outcome = self.outcome(&run, &execution).await?;
        self.conclude(&run, &execution, outcome).await
    }

    /// What a run comes to: judged, or in a sandbox told.
    async fn outcome(&self, run: &Run, execution: &Execution) -> Result<Outcome, Error> {
        let mut tx = self.store.read().await?;
        let tenant = tx
            .find_tenant(run.tenant_id)
            .await?
            .ok_or_else(|| Error::internal("a run without a tenant"))?;
        if let Some(proof) = Sandbox::of(&tenant) {
            return self.told_outcome(&mut tx, proof, run, execution).await;
        }
        // Screening asks the database and perhaps another server, so that it is no pure judge.
        if run.capability == Capability::WatchlistScreening
            && self.capabilities.find(run.capability).is_none()
        {
            drop(tx);
            return self.screen(&tenant, run, execution).await;
        }
        let inputs = self.open_inputs(&mut tx, &tenant, run, execution).await?;
        drop(tx);
        let mut outcome = self.evaluate(run, inputs).await?;
        if let Some(portrait) = outcome.portrait.take() {
            self.seek_face(execution, portrait, &mut outcome).await?;
        }
        Ok(outcome)
    }

    /// Marks that an attempt begins, so that attempts that kill the worker are counted too.
    async fn begin_attempt(
        &self,
        tenant_id: TenantId,
        run_id: RunId,
    ) -> Result<Option<(Run, Execution)>, Error> {
        let mut tx = self.store.begin().await?;
        let Some(mut run) = tx.find_run(tenant_id, run_id).await? else { return Ok(None) };
        if run.state == RunState::Done {
            // The result was stored, but the worker may have died before anybody saw the task end.
            let advance = Task::Advance { tenant_id, execution_id: run.execution_id };
            tx.enqueue(&advance, self.context.now()).await?;
            tx.commit().await?;
            return Ok(None);
        }
        if !tx.fail_attempt(tenant_id, run_id, run.attempt).await? {
            return Ok(None);
        }
        run.attempt += 1;
        let execution = tx
            .find_execution(tenant_id, run.execution_id)
            .await?
            .ok_or_else(|| Error::internal("a run without an execution"))?;
        tx.commit().await?;
        Ok(Some((run, execution)))
    }

    async fn evaluate(&self, run: &Run, inputs: Inputs) -> Result<Outcome, Error> {
        let capability = run.capability;
        let Some(judge) = self.capabilities.find(capability) else {
            return Ok(Outcome::of(Decision::TECHNICAL_ERROR));
        };
        let work = tokio::task::spawn_blocking(move || judge.evaluate(&inputs));
        match tokio::time::timeout(TIME_LIMIT, work).await {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(_panic)) => Err(Error::internal(format!("{capability} panicked"))),
            Err(_elapsed) => Err(Error::internal(format!("{capability} took too long"))),
        }
    }

    /// The day of judging: a run that is repeated judges by the same day.
    pub(crate) fn judged_as_of(&self, execution: &Execution) -> Timestamp {
        execution.started_at.unwrap_or_else(|| self.context.now())
    }

    async fn conclude(
        &self,
        run: &Run,
        execution: &Execution,
        outcome: Outcome,
    ) -> Result<(), Error> {
        let Run { tenant_id, execution_id, .. } = *run;
        let now = self.context.now();
        let plain = serde_json::to_vec(&outcome.record).map_err(Error::internal)?;
        let sealed = (outcome.record != Record::default())
            .then(|| self.seal(Owner::of(execution), &run_binding(execution, run.id), &plain));

        let facemap = match &outcome.facemap {
            Some(facemap) => self.seal_facemap(run, execution, facemap).await?,
            None => None,
        };

        let mut tx = self.store.begin().await?;
        let wiped = is_wiped(&mut tx, run, execution).await?;
        if let Some(search) = outcome.search
            && !wiped
        {
            self.store_search(&mut tx, search, Some(Owner::of(execution))).await?;
        }
        let record = match sealed {
            Some(sealed) if !wiped => Some(sealed.store(&mut tx).await?),
            _ => None,
        };
        let decision = outcome.decision;
        let stored =
            tx.complete_run(tenant_id, run.id, run.attempt, decision, record.as_ref(), now).await?;
        if !stored {
            // Another attempt was quicker; dropping the transaction drops our key as well.
            return Ok(());
        }
        if let Some(facemap) = facemap.filter(|_| !wiped) {
            facemap.store(&mut tx).await?;
        }
        tx.enqueue(&Task::Advance { tenant_id, execution_id }, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Opens the parts of the run's credentials in memory.
    async fn open_inputs(
        &self,
        tx: &mut Transaction,
        tenant: &Tenant,
        run: &Run,
        execution: &Execution,
    ) -> Result<Inputs, Error> {
        let members = tx.list_members(run.tenant_id, run.execution_id).await?;
        let parts = tx.list_parts(run.tenant_id, run.execution_id).await?;
        let mut credentials = Vec::new();
        for member in members.into_iter().filter(|m| run.credentials.contains(&m.credential.id)) {
            let mut opened = BTreeMap::new();
            for part in parts.iter().filter(|part| part.credential_id == member.credential.id) {
                let plain = self.open_part(tx, part).await?;
                if let Some(plain) = plain {
                    opened.insert(part.classifier, Arc::from(plain));
                }
            }
            let challenge = self.answered_challenge(tx, &member.credential, execution).await?;
            credentials.push(CredentialInput {
                credential: member.credential,
                parts: opened,
                challenge,
            });
        }
        Ok(Inputs {
            credentials,
            mode: tenant.mode,
            expiry_limit_days: tenant.settings.expiry_limit_days,
            biometrics: self.biometrics(tx, tenant, execution).await?,
            seeks_face: self.seeks_face(tx, tenant, run, execution).await?,
            seen_with_other_data: self.seen_with_other_data(tx, run, execution).await?,
            now: self.judged_as_of(execution),
        })
    }
}

/// What a run's record is bound to.
pub(crate) fn run_binding(execution: &Execution, run: RunId) -> Binding {
    Binding::Run {
        tenant: execution.tenant_id,
        account: execution.account_id,
        execution: execution.id,
        run,
    }
}

/// Whether the data that the run judged was deleted meanwhile: then nothing is kept.
async fn is_wiped(tx: &mut Transaction, run: &Run, execution: &Execution) -> Result<bool, Error> {
    let Some(current) = tx.lock_execution(execution.tenant_id, execution.id).await? else {
        return Ok(true);
    };
    if current.wiped_out_at.is_some() || current.biometrics_wiped_out_at.is_none() {
        return Ok(current.wiped_out_at.is_some());
    }
    let members = tx.list_members(execution.tenant_id, execution.id).await?;
    Ok(lists_biometrics(run, &members))
}
