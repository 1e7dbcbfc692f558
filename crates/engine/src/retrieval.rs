//! Reading results back (contract §7).

use bonafide_domain::assessment::Verdict;
use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::consent::UserConsent;
use bonafide_domain::credential::{Category, Classifier, Credential, Part};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId};
use bonafide_domain::run::Run;
use bonafide_store::Transaction;
use bytes::Bytes;

use crate::Engine;
use crate::assessment::overall;
use crate::caller::Caller;
use crate::error::Error;
use crate::judge::run_binding;
use crate::record::Record;

/// Everything about an execution.
#[derive(Debug)]
pub struct Details {
    /// The execution.
    pub execution: Execution,
    /// Its credentials with the parts that are stored; empty after deletion.
    pub credentials: Vec<(Credential, Vec<Part>)>,
    /// Its runs, in the order in which they were planned.
    pub runs: Vec<RunResult>,
    /// Its overall decision, where its key has one and it has ended.
    pub verdict: Option<Verdict>,
    /// The credential whose facemap later authentications can be compared with.
    pub valid_facemap: Option<CredentialId>,
    /// The consent that it rests on, where the tenant wants it read back.
    pub consent: Option<UserConsent>,
}

/// A run with its record opened.
#[derive(Debug)]
pub struct RunResult {
    /// The run.
    pub run: Run,
    /// The credentials that it lists.
    pub credentials: Vec<(CredentialId, Category)>,
    /// Its record; none while it is undecided, when it left none, and after deletion.
    pub record: Option<Record>,
}

/// A stored file.
#[derive(Debug)]
pub struct PartFile {
    /// Its media type.
    pub media_type: String,
    /// Its bytes, as they were uploaded.
    pub bytes: Bytes,
}

impl Engine {
    /// Where an execution stands.
    pub async fn status(
        &self,
        caller: &Caller,
        account_id: Option<AccountId>,
        execution_id: ExecutionId,
    ) -> Result<Execution, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.read().await?;
        get_execution(&mut tx, caller, account_id, execution_id).await
    }

    /// An account's executions, oldest first.
    pub async fn account(
        &self,
        caller: &Caller,
        account_id: AccountId,
    ) -> Result<Vec<Execution>, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.read().await?;
        tx.find_account(caller.tenant.id, account_id)
            .await?
            .ok_or_else(|| Error::not_found("account"))?;
        Ok(tx.list_executions(caller.tenant.id, account_id).await?)
    }

    /// Everything about an execution. The read is written to the audit log.
    pub async fn details(
        &self,
        caller: &Caller,
        account_id: Option<AccountId>,
        execution_id: ExecutionId,
    ) -> Result<Details, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.begin().await?;
        let execution = get_execution(&mut tx, caller, account_id, execution_id).await?;
        let runs = self.results(&mut tx, &execution).await?;
        let parts = tx.list_parts(execution.tenant_id, execution_id).await?;
        let credentials = if execution.wiped_out_at.is_some() {
            Vec::new()
        } else {
            tx.list_members(execution.tenant_id, execution_id)
                .await?
                .into_iter()
                .map(|member| {
                    let id = member.credential.id;
                    let own = parts.iter().filter(|part| part.credential_id == id).cloned();
                    (member.credential, own.collect())
                })
                .collect()
        };
        let verdict = overall(&execution, runs.iter().map(|result| &result.run));
        let valid_facemap = self.valid_facemap(&mut tx, &execution).await?;
        let consent = if caller.tenant.settings.consent_details {
            self.consent_of(&mut tx, &execution).await?
        } else {
            None
        };
        self.audit_read(&mut tx, caller, &execution, Action::DetailsRetrieved).await?;
        tx.commit().await?;
        Ok(Details { execution, credentials, runs, verdict, valid_facemap, consent })
    }

    /// What the decisions of an execution rest on (ours, not the contract's).
    pub async fn evidence(
        &self,
        caller: &Caller,
        account_id: AccountId,
        execution_id: ExecutionId,
    ) -> Result<Vec<RunResult>, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.begin().await?;
        let execution = get_execution(&mut tx, caller, Some(account_id), execution_id).await?;
        let runs = self.results(&mut tx, &execution).await?;
        self.audit_read(&mut tx, caller, &execution, Action::EvidenceRetrieved).await?;
        tx.commit().await?;
        Ok(runs)
    }

    /// The bytes of a part.
    pub async fn part(
        &self,
        caller: &Caller,
        account_id: AccountId,
        credential_id: CredentialId,
        classifier: Classifier,
    ) -> Result<PartFile, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.begin().await?;
        let part = tx
            .find_part(caller.tenant.id, account_id, credential_id, classifier)
            .await?
            .ok_or_else(|| Error::not_found("part"))?;
        // A facemap leaves the house only with the switch of workflow 16 (contract §7.6).
        if classifier == Classifier::Facemap && !caller.tenant.settings.facemap_on_premise {
            return Err(Error::not_found("part"));
        }
        let plain =
            self.open_part(&mut tx, &part).await?.ok_or_else(|| Error::not_found("part"))?;
        tx.insert_audit(&[Entry {
            execution_id: Some(part.execution_id),
            ..self.entry(caller, Action::PartRetrieved, account_id)
        }])
        .await?;
        tx.commit().await?;
        Ok(PartFile { media_type: part.media_type, bytes: plain.into() })
    }

    async fn results(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
    ) -> Result<Vec<RunResult>, Error> {
        let members = tx.list_members(execution.tenant_id, execution.id).await?;
        let mut results = Vec::new();
        for run in tx.list_runs(execution.tenant_id, execution.id).await? {
            let credentials = members
                .iter()
                .filter(|member| run.credentials.contains(&member.credential.id))
                .map(|member| (member.credential.id, member.credential.category))
                .collect();
            let record = self.open_record(tx, execution, &run).await?;
            results.push(RunResult { run, credentials, record });
        }
        Ok(results)
    }

    pub(crate) async fn open_record(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        run: &Run,
    ) -> Result<Option<Record>, Error> {
        let Some(sealed) = &run.record else { return Ok(None) };
        let binding = run_binding(execution, run.id);
        let plain = self
            .unseal(tx, execution.tenant_id, sealed.data_key_id, &binding, &sealed.bytes)
            .await?;
        plain
            .map(|plain| serde_json::from_slice(&plain))
            .transpose()
            .map_err(|_| Error::internal("a run's record that cannot be understood"))
    }

    pub(crate) async fn audit_read(
        &self,
        tx: &mut Transaction,
        caller: &Caller,
        execution: &Execution,
        action: Action,
    ) -> Result<(), Error> {
        let entry = Entry {
            execution_id: Some(execution.id),
            ..self.entry(caller, action, execution.account_id)
        };
        Ok(tx.insert_audit(&[entry]).await?)
    }
}

/// An execution of the caller's tenant; with an account given, of that account.
pub(crate) async fn get_execution(
    tx: &mut Transaction,
    caller: &Caller,
    account_id: Option<AccountId>,
    execution_id: ExecutionId,
) -> Result<Execution, Error> {
    tx.find_execution(caller.tenant.id, execution_id)
        .await?
        .filter(|execution| account_id.is_none_or(|account| execution.account_id == account))
        .ok_or_else(|| Error::not_found("workflow execution"))
}
