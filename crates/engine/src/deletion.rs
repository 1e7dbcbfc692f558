//! Deletion: the wrapped keys are destroyed, so that what bytes are left cannot be opened. The
//! metadata and the decisions stay (contract §9).

use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::credential::Part;
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_store::Transaction;
use jiff::Timestamp;

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;
use crate::retrieval::get_execution;

impl Engine {
    /// Deletes what one execution captured and read.
    pub async fn delete_execution(
        &self,
        caller: &Caller,
        account_id: AccountId,
        execution_id: ExecutionId,
    ) -> Result<(), Error> {
        caller.may_retrieve()?;
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let execution = get_execution(&mut tx, caller, Some(account_id), execution_id).await?;
        let parts = wipe(&mut tx, &execution, now).await?;
        tx.insert_audit(&Entry {
            execution_id: Some(execution_id),
            ..self.entry(caller, Action::ExecutionWiped, account_id)
        })
        .await?;
        tx.commit().await?;
        self.discard_blobs(parts.into_iter().map(|part| part.blob)).await;
        Ok(())
    }

    /// Deletes what all executions of an account captured and read. The account takes no more.
    pub async fn delete_account(
        &self,
        caller: &Caller,
        account_id: AccountId,
    ) -> Result<(), Error> {
        caller.may_retrieve()?;
        let now = self.context.now();
        let tenant_id = caller.tenant.id;
        let mut tx = self.store.begin().await?;
        tx.lock_account(tenant_id, account_id).await?.ok_or_else(|| Error::not_found("account"))?;
        let mut parts = Vec::new();
        for execution in tx.list_executions(tenant_id, account_id).await? {
            parts.extend(wipe(&mut tx, &execution, now).await?);
        }
        tx.destroy_account_keys(tenant_id, account_id).await?;
        tx.mark_account_wiped(tenant_id, account_id, now).await?;
        self.audit(&mut tx, caller, Action::AccountWiped, account_id).await?;
        tx.commit().await?;
        self.discard_blobs(parts.into_iter().map(|part| part.blob)).await;
        Ok(())
    }
}

/// Destroys an execution's keys, records and part rows; gives the parts whose blobs are left.
async fn wipe(
    tx: &mut Transaction,
    execution: &Execution,
    now: Timestamp,
) -> Result<Vec<Part>, Error> {
    let Execution { tenant_id, id, .. } = *execution;
    tx.lock_execution(tenant_id, id).await?;
    let parts = tx.list_captured_parts(tenant_id, id).await?;
    let names: Vec<_> = parts.iter().map(|part| (part.credential_id, part.classifier)).collect();
    tx.delete_parts(tenant_id, &names).await?;
    tx.drop_records(tenant_id, id).await?;
    tx.destroy_execution_keys(tenant_id, id).await?;
    tx.mark_execution_wiped(tenant_id, id, now).await?;
    Ok(parts)
}
