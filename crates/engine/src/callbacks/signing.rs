//! Signatures by a tenant's secrets, as the Standard Webhooks specification has them: of callbacks and,
//! the same way, of deletion receipts.

use bonafide_domain::id::TenantId;
use bonafide_store::Transaction;
use bonafide_vault::{Binding, signature};

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;

/// What the receiver checks, each in the header of its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `webhook-id`: of what is signed, the same at each attempt.
    pub id: String,
    /// `webhook-timestamp`: Unix time in seconds.
    pub timestamp_seconds: i64,
    /// `webhook-signature`: one for each secret that has not retired, with spaces between them. Empty
    /// when the tenant has no secret.
    pub signatures: String,
}

impl Engine {
    /// Signs what a client of the tenant is answered.
    pub async fn sign(&self, caller: &Caller, id: &str, body: &[u8]) -> Result<Signature, Error> {
        let mut tx = self.store.read().await?;
        self.sign_in(&mut tx, caller.tenant.id, id, body).await
    }

    pub(crate) async fn sign_in(
        &self,
        tx: &mut Transaction,
        tenant_id: TenantId,
        id: &str,
        body: &[u8],
    ) -> Result<Signature, Error> {
        let now = self.context.now();
        let timestamp_seconds = now.as_second();
        let mut signatures = Vec::new();
        for secret in tx.list_callback_secrets(tenant_id).await? {
            if secret.retires_at.is_some_and(|at| at <= now) {
                continue;
            }
            let binding = Binding::CallbackSecret { tenant: tenant_id, secret: secret.id };
            let key = secret.data_key_id;
            let plain = self
                .unseal(tx, tenant_id, key, &binding, &secret.bytes)
                .await?
                .ok_or_else(|| Error::internal("a callback secret that lost its key"))?;
            signatures.push(signature::sign(&plain, id, timestamp_seconds, body));
        }
        Ok(Signature { id: id.to_owned(), timestamp_seconds, signatures: signatures.join(" ") })
    }
}
