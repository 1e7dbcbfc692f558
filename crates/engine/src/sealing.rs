//! Sealing what is personal: a data key of its own for each blob and record (ADR 0004).

use bonafide_domain::credential::{Classifier, Part};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, CredentialId, DataKeyId, ExecutionId, TenantId};
use bonafide_domain::run::SealedRecord;
use bonafide_store::{DataKeyRow, Transaction};
use bonafide_vault::{Binding, KeyRing};

use crate::Engine;
use crate::context::Context;
use crate::error::Error;

/// More than a seal adds to the bytes: version, nonce and tag.
const SEAL_OVERHEAD: u64 = 1024;

/// Whose data is sealed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) tenant_id: TenantId,
    pub(crate) account_id: AccountId,
    pub(crate) execution_id: ExecutionId,
}

impl Owner {
    pub(crate) fn of(execution: &Execution) -> Self {
        Self {
            tenant_id: execution.tenant_id,
            account_id: execution.account_id,
            execution_id: execution.id,
        }
    }
}

/// Bytes sealed under a key that is not stored yet: store both in one transaction.
pub(crate) struct Sealed {
    pub(crate) key: DataKeyRow,
    pub(crate) bytes: Vec<u8>,
}

impl Sealed {
    /// Stores the key and gives the record that names it.
    pub(crate) async fn store(self, tx: &mut Transaction) -> Result<SealedRecord, Error> {
        tx.insert_data_key(&self.key).await?;
        Ok(SealedRecord { data_key_id: self.key.id, bytes: self.bytes })
    }
}

/// A part whose bytes lie sealed in the blob store, without a row yet.
pub(crate) struct SealedPart {
    pub(crate) part: Part,
    key: DataKeyRow,
}

impl SealedPart {
    /// Stores the key and the row. The former part's key is destroyed; its blob is given, to be
    /// discarded after the commit.
    pub(crate) async fn store(&self, tx: &mut Transaction) -> Result<Option<String>, Error> {
        tx.insert_data_key(&self.key).await?;
        let former = tx.put_part(&self.part).await?;
        if let Some(former) = &former {
            tx.destroy_data_key(former.tenant_id, former.data_key_id).await?;
        }
        Ok(former.map(|former| former.blob))
    }
}

/// Seals a secret of the tenant itself, which no deletion of an account destroys.
pub(crate) fn seal_for_tenant(
    key_ring: &KeyRing,
    context: &Context,
    tenant_id: TenantId,
    binding: &Binding,
    plain: &[u8],
) -> Sealed {
    let id = context.id();
    context.with_random(|rng| {
        let (data_key, wrapped) = key_ring.new_data_key(id, rng);
        let bytes = data_key.seal(binding, plain, rng);
        let key = DataKeyRow { id, tenant_id, account_id: None, execution_id: None, wrapped };
        Sealed { key, bytes }
    })
}

impl Engine {
    /// Seals bytes under a new data key.
    pub(crate) fn seal(&self, owner: Owner, binding: &Binding, plain: &[u8]) -> Sealed {
        let id = self.context.id();
        self.context.with_random(|rng| {
            let (data_key, wrapped) = self.key_ring.new_data_key(id, rng);
            let bytes = data_key.seal(binding, plain, rng);
            let Owner { tenant_id, account_id, execution_id } = owner;
            let key = DataKeyRow {
                id,
                tenant_id,
                account_id: Some(account_id),
                execution_id: Some(execution_id),
                wrapped,
            };
            Sealed { key, bytes }
        })
    }

    /// Seals the bytes of a part and lays them down, before the row that names them. If the row is not
    /// committed, the blob is an orphan that nobody can open: its wrapped key was never stored.
    pub(crate) async fn seal_part(
        &self,
        owner: Owner,
        (credential_id, classifier): (CredentialId, Classifier),
        media_type: &str,
        bytes: &[u8],
    ) -> Result<SealedPart, Error> {
        let Owner { tenant_id, account_id, execution_id } = owner;
        let binding = Binding::Part {
            tenant: tenant_id,
            account: account_id,
            credential: credential_id,
            classifier,
        };
        let sealed = self.seal(owner, &binding, bytes);
        let part = Part {
            credential_id,
            classifier,
            tenant_id,
            account_id,
            execution_id,
            blob: format!("parts/{}", sealed.key.id),
            data_key_id: sealed.key.id,
            media_type: media_type.to_owned(),
            size_bytes: bytes.len() as i64,
            uploaded_at: self.context.now(),
        };
        self.blobs.put(&part.blob, &sealed.bytes).await?;
        Ok(SealedPart { part, key: sealed.key })
    }

    /// Opens the bytes of a part; `None` when their key was destroyed.
    pub(crate) async fn open_part(
        &self,
        tx: &mut Transaction,
        part: &Part,
    ) -> Result<Option<Vec<u8>>, Error> {
        let sealed = self.blobs.get(&part.blob, self.limits().bytes as u64 + SEAL_OVERHEAD).await?;
        let binding = Binding::Part {
            tenant: part.tenant_id,
            account: part.account_id,
            credential: part.credential_id,
            classifier: part.classifier,
        };
        self.unseal(tx, part.tenant_id, part.data_key_id, &binding, &sealed).await
    }

    /// Opens sealed bytes; `None` when their key was destroyed.
    pub(crate) async fn unseal(
        &self,
        tx: &mut Transaction,
        tenant_id: TenantId,
        data_key_id: DataKeyId,
        binding: &Binding,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, Error> {
        let Some(wrapped) = tx.find_data_key(tenant_id, data_key_id).await? else {
            return Ok(None);
        };
        let data_key = self.key_ring.unwrap(data_key_id, &wrapped)?;
        Ok(Some(data_key.open(binding, sealed)?.to_vec()))
    }
}
