//! Deletion: the wrapped keys are destroyed, so that what bytes are left cannot be opened. The
//! metadata and the decisions stay (contract §9). Each deletion leaves a receipt.

use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::credential::Member;
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, ApiClientId, DataKeyId, ExecutionId, TenantId};
use bonafide_domain::receipt::{Extent, Reason, Receipt};
use bonafide_domain::run::Run;
use bonafide_store::Transaction;
use jiff::Timestamp;

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;
use crate::idempotency::Once;
use crate::retrieval::get_execution;

impl Engine {
    /// Deletes what one execution captured and read, or the biometrics of it. Deleting twice does no
    /// harm and gives the first receipt again.
    pub async fn delete_execution(
        &self,
        caller: &Caller,
        account_id: AccountId,
        execution_id: ExecutionId,
        extent: Extent,
        once: Option<&Once>,
    ) -> Result<Receipt, Error> {
        caller.may_retrieve()?;
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let execution = get_execution(&mut tx, caller, Some(account_id), execution_id).await?;
        let first = self.recall::<()>(&mut tx, caller.scope(), once).await?.is_none();
        let wiped = wipe(&mut tx, &execution, extent, now).await?;
        let action = match extent {
            Extent::Everything => Action::ExecutionWiped,
            Extent::Biometrics => Action::ExecutionBiometricsWiped,
        };
        let entry = self.entry(caller, action, account_id);
        tx.insert_audit(&[Entry { execution_id: Some(execution_id), ..entry }]).await?;
        let receipt = Receipt {
            id: self.context.id(),
            tenant_id: caller.tenant.id,
            account_id,
            execution_id: Some(execution_id),
            extent,
            reason: Reason::Request,
            wiped_out_at: now,
            destroyed_keys: wiped.keys,
        };
        let receipt = file(&mut tx, receipt).await?;
        self.keep(&mut tx, caller.scope(), once.filter(|_| first), &()).await?;
        tx.commit().await?;
        self.discard_blobs(wiped.blobs).await;
        Ok(receipt)
    }

    /// Deletes what all executions of an account captured and read: then the account takes no more.
    /// Or the biometrics of them.
    pub async fn delete_account(
        &self,
        caller: &Caller,
        account_id: AccountId,
        extent: Extent,
        once: Option<&Once>,
    ) -> Result<Receipt, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.begin().await?;
        let first = self.recall::<()>(&mut tx, caller.scope(), once).await?.is_none();
        let (receipt, blobs) = self
            .wipe_account(&mut tx, caller.tenant.id, account_id, extent, Some(caller.api_client_id))
            .await?;
        self.keep(&mut tx, caller.scope(), once.filter(|_| first), &()).await?;
        tx.commit().await?;
        self.discard_blobs(blobs).await;
        Ok(receipt)
    }

    /// Deletes by itself what has been kept as long as the tenant wants it.
    pub(crate) async fn retire_account(
        &self,
        tenant_id: TenantId,
        account_id: AccountId,
        extent: Extent,
    ) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        let (_, blobs) = self.wipe_account(&mut tx, tenant_id, account_id, extent, None).await?;
        tx.commit().await?;
        self.discard_blobs(blobs).await;
        Ok(())
    }

    /// The receipts of what was deleted of an account and its executions, oldest first.
    pub async fn receipts(
        &self,
        caller: &Caller,
        account_id: AccountId,
    ) -> Result<Vec<Receipt>, Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.read().await?;
        tx.find_account(caller.tenant.id, account_id)
            .await?
            .ok_or_else(|| Error::not_found("account"))?;
        Ok(tx.list_receipts(caller.tenant.id, account_id).await?)
    }

    async fn wipe_account(
        &self,
        tx: &mut Transaction,
        tenant_id: TenantId,
        account_id: AccountId,
        extent: Extent,
        client: Option<ApiClientId>,
    ) -> Result<(Receipt, Vec<String>), Error> {
        let now = self.context.now();
        tx.lock_account(tenant_id, account_id).await?.ok_or_else(|| Error::not_found("account"))?;
        let mut wiped = Wiped::default();
        for execution in tx.list_executions(tenant_id, account_id).await? {
            let more = wipe(tx, &execution, extent, now).await?;
            wiped.keys.extend(more.keys);
            wiped.blobs.extend(more.blobs);
        }
        let action = match extent {
            Extent::Everything => {
                wiped.keys.extend(tx.destroy_account_keys(tenant_id, account_id).await?);
                tx.mark_account_wiped(tenant_id, account_id, now).await?;
                Action::AccountWiped
            }
            Extent::Biometrics => Action::AccountBiometricsWiped,
        };
        tx.insert_audit(&[Entry {
            id: self.context.id(),
            tenant_id,
            at: now,
            api_client_id: client,
            action,
            account_id,
            execution_id: None,
        }])
        .await?;
        let receipt = Receipt {
            id: self.context.id(),
            tenant_id,
            account_id,
            execution_id: None,
            extent,
            reason: if client.is_some() { Reason::Request } else { Reason::Retention },
            wiped_out_at: now,
            destroyed_keys: wiped.keys,
        };
        Ok((file(tx, receipt).await?, wiped.blobs))
    }
}

/// Whether a run judged biometrics, alone or among others.
pub(crate) fn lists_biometrics(run: &Run, members: &[Member]) -> bool {
    members.iter().any(|member| {
        member.credential.category.is_biometric() && run.credentials.contains(&member.credential.id)
    })
}

/// Files a receipt. One of a deletion that found nothing to destroy gives way to the one before it.
async fn file(tx: &mut Transaction, receipt: Receipt) -> Result<Receipt, Error> {
    if receipt.destroyed_keys.is_empty() {
        let former = tx
            .list_receipts(receipt.tenant_id, receipt.account_id)
            .await?
            .into_iter()
            .rfind(|f| f.execution_id == receipt.execution_id && f.extent == receipt.extent);
        if let Some(former) = former {
            return Ok(former);
        }
    }
    tx.insert_receipt(&receipt).await?;
    Ok(receipt)
}

/// The keys that were destroyed and the blobs that are left.
#[derive(Default)]
struct Wiped {
    keys: Vec<DataKeyId>,
    blobs: Vec<String>,
}

/// Destroys an execution's keys, records and part rows, to an extent.
async fn wipe(
    tx: &mut Transaction,
    execution: &Execution,
    extent: Extent,
    now: Timestamp,
) -> Result<Wiped, Error> {
    let Execution { tenant_id, id, .. } = *execution;
    tx.lock_execution(tenant_id, id).await?;
    match extent {
        Extent::Everything => wipe_everything(tx, tenant_id, id, now).await,
        Extent::Biometrics => wipe_biometrics(tx, tenant_id, id, now).await,
    }
}

async fn wipe_everything(
    tx: &mut Transaction,
    tenant_id: TenantId,
    execution_id: ExecutionId,
    now: Timestamp,
) -> Result<Wiped, Error> {
    let parts = tx.list_captured_parts(tenant_id, execution_id).await?;
    let names: Vec<_> = parts.iter().map(|part| (part.credential_id, part.classifier)).collect();
    tx.delete_parts(tenant_id, &names).await?;
    tx.drop_records(tenant_id, execution_id).await?;
    tx.delete_challenges(tenant_id, execution_id).await?;
    tx.forget_face(tenant_id, execution_id).await?;
    let keys = tx.destroy_execution_keys(tenant_id, execution_id).await?;
    tx.mark_execution_wiped(tenant_id, execution_id, now).await?;
    Ok(Wiped { keys, blobs: parts.into_iter().map(|part| part.blob).collect() })
}

async fn wipe_biometrics(
    tx: &mut Transaction,
    tenant_id: TenantId,
    execution_id: ExecutionId,
    now: Timestamp,
) -> Result<Wiped, Error> {
    let members = tx.list_members(tenant_id, execution_id).await?;
    let mut wiped = Wiped::default();
    for part in tx.list_captured_parts(tenant_id, execution_id).await? {
        let owner = members.iter().find(|member| member.credential.id == part.credential_id);
        if owner.is_some_and(|owner| owner.credential.category.is_biometric()) {
            tx.delete_parts(tenant_id, &[(part.credential_id, part.classifier)]).await?;
            wiped.keys.push(part.data_key_id);
            wiped.blobs.push(part.blob);
        }
    }
    wiped.keys.extend(tx.delete_challenges(tenant_id, execution_id).await?);
    wiped.keys.extend(tx.forget_face(tenant_id, execution_id).await?);
    for run in tx.list_runs(tenant_id, execution_id).await? {
        if let Some(record) = &run.record
            && lists_biometrics(&run, &members)
        {
            tx.drop_record(tenant_id, run.id).await?;
            wiped.keys.push(record.data_key_id);
        }
    }
    for key in &wiped.keys {
        tx.destroy_data_key(tenant_id, *key).await?;
    }
    tx.mark_biometrics_wiped(tenant_id, execution_id, now).await?;
    Ok(wiped)
}
