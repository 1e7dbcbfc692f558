//! The end user's consent to biometric processing: recorded, carried over, asked for, read back
//! (contract §13). The rules are `domain::consent`; this finds what they are applied to.

use bonafide_domain::audit::Action;
use bonafide_domain::consent::{UserConsent, carry_over, judge};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_domain::run::SealedRecord;
use bonafide_domain::tenant::{ConsentPolicy, Settings};
use bonafide_domain::workflow::{Prerequisite, WorkflowDefinition, definition};
use bonafide_store::Transaction;
use bonafide_vault::Binding;
use jiff::Timestamp;

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;
use crate::sealing::Owner;

/// One line of an account's consent history.
#[derive(Debug)]
pub struct ConsentEntry {
    /// The execution.
    pub execution: Execution,
    /// What was stated for it.
    pub statement: Statement,
    /// Whether biometrics may be processed on it now.
    pub holds: bool,
}

/// What a request said about consent.
#[derive(Debug)]
pub enum Statement {
    /// Nothing, though its workflow processes biometrics.
    Unstated,
    /// Something that has been deleted since.
    Deleted,
    /// This.
    Stated(UserConsent),
}

impl Engine {
    /// The consent that is recorded for a new execution. A stated one that does not hold refuses
    /// the request where the tenant wants that; a request that states none is taken.
    pub(crate) async fn consent_for(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        account_id: AccountId,
        workflow: &WorkflowDefinition,
        stated: Option<UserConsent>,
        now: Timestamp,
    ) -> Result<Option<UserConsent>, Error> {
        let policy = caller.tenant.settings.consent;
        if policy == ConsentPolicy::Off {
            return Ok(None);
        }
        let consent = if workflow.requires(Prerequisite::ContinuousConsent) {
            let earlier = self.latest_consent(tx, caller, account_id).await?;
            carry_over(stated, earlier, now)
        } else {
            stated
        };
        if policy == ConsentPolicy::AtInitiation && workflow.needs_consent() {
            consent
                .as_ref()
                .map_or(Ok(()), |consent| consent.judge(now))
                .map_err(|refusal| Error::field("userConsent", &refusal.to_string()))?;
        }
        Ok(consent)
    }

    /// Refuses to take or process biometrics without a consent that holds, where the tenant wants it
    /// asked for at acquisition.
    pub(crate) async fn require_consent(
        &self,
        tx: &mut Transaction,
        settings: &Settings,
        execution: &Execution,
    ) -> Result<(), Error> {
        if settings.consent != ConsentPolicy::AtAcquisition
            || !definition(execution.key).needs_consent()
        {
            return Ok(());
        }
        let consent = self.consent_of(tx, execution).await?;
        judge(consent.as_ref(), self.context.now()).map_err(|refusal| {
            Error::forbidden(&format!(
                "The end user's consent to biometric processing is missing: {refusal}. Start a new \
                 workflow execution that states it."
            ))
        })
    }

    /// What each execution of an account that processes biometrics was told about consent, oldest
    /// first. The read is written to the audit log.
    pub async fn consent_history(
        &self,
        caller: &Caller,
        account_id: AccountId,
    ) -> Result<Vec<ConsentEntry>, Error> {
        caller.may_retrieve()?;
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        tx.find_account(caller.tenant.id, account_id)
            .await?
            .ok_or_else(|| Error::not_found("account"))?;
        let recorded = tx.list_consents(caller.tenant.id, account_id).await?;
        let mut history = Vec::new();
        for execution in tx.list_executions(caller.tenant.id, account_id).await? {
            let record = recorded.iter().find(|(id, _)| *id == execution.id);
            let statement = match record {
                None if !definition(execution.key).needs_consent() => continue,
                None => Statement::Unstated,
                Some((_, record)) => self
                    .open_consent(&mut tx, &execution, record)
                    .await?
                    .map_or(Statement::Deleted, Statement::Stated),
            };
            let holds = match &statement {
                Statement::Stated(consent) => consent.judge(now).is_ok(),
                Statement::Unstated | Statement::Deleted => false,
            };
            history.push(ConsentEntry { execution, statement, holds });
        }
        self.audit(&mut tx, caller, Action::ConsentRetrieved, account_id).await?;
        tx.commit().await?;
        Ok(history)
    }

    /// The consent recorded for an execution; none when none was stated, or it was deleted.
    pub(crate) async fn consent_of(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
    ) -> Result<Option<UserConsent>, Error> {
        match tx.find_consent(execution.tenant_id, execution.id).await? {
            Some(record) => self.open_consent(tx, execution, &record).await,
            None => Ok(None),
        }
    }

    /// Seals a consent beside its execution.
    pub(crate) async fn seal_consent(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        consent: &UserConsent,
    ) -> Result<SealedRecord, Error> {
        let owner = Owner {
            tenant_id: execution.tenant_id,
            account_id: execution.account_id,
            execution_id: execution.id,
        };
        let plain = serde_json::to_vec(consent).map_err(Error::internal)?;
        self.seal(owner, &binding(execution), &plain).store(tx).await
    }

    /// The account's latest statement that says whether the end user consents.
    async fn latest_consent(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        account_id: AccountId,
    ) -> Result<Option<(ExecutionId, UserConsent)>, Error> {
        for (execution_id, record) in tx.list_consents(caller.tenant.id, account_id).await? {
            let Some(execution) = tx.find_execution(caller.tenant.id, execution_id).await? else {
                continue;
            };
            let consent = self.open_consent(tx, &execution, &record).await?;
            if let Some(consent) = consent.filter(|consent| consent.obtained.is_some()) {
                return Ok(Some((execution_id, consent)));
            }
        }
        Ok(None)
    }

    async fn open_consent(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        record: &SealedRecord,
    ) -> Result<Option<UserConsent>, Error> {
        self.unseal(tx, execution.tenant_id, record.data_key_id, &binding(execution), &record.bytes)
            .await?
            .map(|plain| serde_json::from_slice(&plain))
            .transpose()
            .map_err(|_| Error::internal("a recorded consent that cannot be understood"))
    }
}

fn binding(execution: &Execution) -> Binding {
    Binding::Consent {
        tenant: execution.tenant_id,
        account: execution.account_id,
        execution: execution.id,
    }
}
