//! `Idempotency-Key`: a request that is sent again takes effect once. What came of it is kept in the
//! transaction of the effect, so there is never one without the other. A refusal has no effect and
//! keeps nothing: the same key may be tried again.

use bonafide_domain::idempotency::IdempotencyKey;
use bonafide_store::{KeptOutcome, Scope, Transaction};
use bonafide_vault::Binding;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::Engine;
use crate::error::{Error, Kind};
use crate::sealing::seal_for_tenant;

/// A request under a key. Neither the key nor the content is kept, only what tells them apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    key_hash: [u8; 32],
    fingerprint: [u8; 32],
}

impl Once {
    /// The request to do `operation` at `path` with `content`, under `key`.
    pub fn new(key: &IdempotencyKey, operation: &str, path: &str, content: &[u8]) -> Self {
        let mut fingerprint = Sha256::new();
        // The key, which is not kept, goes in too: without it nobody can guess what the content was.
        for part in [key.as_str().as_bytes(), operation.as_bytes(), path.as_bytes(), content] {
            fingerprint.update((part.len() as u64).to_be_bytes());
            fingerprint.update(part);
        }
        Self { key_hash: hash(key), fingerprint: fingerprint.finalize().into() }
    }
}

/// What is kept of a key.
pub(crate) fn hash(key: &IdempotencyKey) -> [u8; 32] {
    Sha256::digest(key.as_str()).into()
}

impl Engine {
    /// What came of the request before; nothing when it is this transaction that shall bring it about.
    pub(crate) async fn recall<T: DeserializeOwned>(
        &self,
        tx: &mut Transaction,
        scope: Scope,
        once: Option<&Once>,
    ) -> Result<Option<T>, Error> {
        let Some(once) = once else { return Ok(None) };
        let now = self.context.now();
        let expires_at = now + self.idempotency_lifetime;
        // Twice, since what was found may have expired.
        for _ in 0..2 {
            let claimed =
                tx.claim_idempotency_key(scope, &once.key_hash, &once.fingerprint, expires_at);
            if claimed.await? {
                return Ok(None);
            }
            match tx.find_outcome(scope, &once.key_hash).await? {
                Some(kept) if now < kept.expires_at => {
                    return self.open_outcome(tx, scope, once, &kept).await.map(Some);
                }
                _ => tx.delete_expired_outcome(scope, &once.key_hash, now).await?,
            }
        }
        Err(Error::new(Kind::Unavailable, "The same request is under way; try again shortly."))
    }

    /// What came of the request before, without bringing anything about.
    pub(crate) async fn peek<T: DeserializeOwned>(
        &self,
        scope: Scope,
        once: Option<&Once>,
    ) -> Result<Option<T>, Error> {
        let Some(once) = once else { return Ok(None) };
        let mut tx = self.store.read().await?;
        match tx.find_outcome(scope, &once.key_hash).await? {
            Some(kept) if self.context.now() < kept.expires_at => {
                self.open_outcome(&mut tx, scope, once, &kept).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Keeps what came of the request, sealed, for it may hold tokens.
    pub(crate) async fn keep(
        &self,
        tx: &mut Transaction,
        scope: Scope,
        once: Option<&Once>,
        outcome: &impl Serialize,
    ) -> Result<(), Error> {
        let Some(once) = once else { return Ok(()) };
        let plain = serde_json::to_vec(outcome).map_err(Error::internal)?;
        let binding = binding(scope, once);
        let sealed =
            seal_for_tenant(&self.key_ring, &self.context, scope.tenant_id(), &binding, &plain);
        let record = sealed.store(tx).await?;
        Ok(tx.keep_outcome(scope, &once.key_hash, &record).await?)
    }

    async fn open_outcome<T: DeserializeOwned>(
        &self,
        tx: &mut Transaction,
        scope: Scope,
        once: &Once,
        kept: &KeptOutcome,
    ) -> Result<T, Error> {
        if kept.fingerprint != once.fingerprint {
            return Err(Error::new(
                Kind::Conflict,
                "This Idempotency-Key was used for another request; take a new one.",
            ));
        }
        let record = &kept.outcome;
        let binding = binding(scope, once);
        let tenant = scope.tenant_id();
        let plain = self
            .unseal(tx, tenant, record.data_key_id, &binding, &record.bytes)
            .await?
            .ok_or_else(|| Error::internal("an outcome that lost its key"))?;
        serde_json::from_slice(&plain)
            .map_err(|_| Error::internal("an outcome that cannot be understood"))
    }
}

fn binding(scope: Scope, once: &Once) -> Binding {
    Binding::Outcome {
        tenant: scope.tenant_id(),
        scope: scope.id().into_bytes(),
        key_hash: once.key_hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_request_tells_it_apart() {
        let key = |text| IdempotencyKey::parse(text).unwrap();
        let one = Once::new(&key("k"), "upload", "/a", b"bc");
        assert_eq!(one, Once::new(&key("k"), "upload", "/a", b"bc"));
        for (key_, operation, path, content) in [
            ("l", "upload", "/a", b"bc".as_slice()),
            ("k", "finalize", "/a", b"bc"),
            ("k", "upload", "/ab", b"c"),
            ("k", "upload", "/a", b"bd"),
        ] {
            let other = Once::new(&key(key_), operation, path, content);
            assert_ne!(one.fingerprint, other.fingerprint, "{operation} {path}");
        }
    }
}
