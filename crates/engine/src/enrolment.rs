//! Facemaps: made when liveness passed, kept as the account's, brought by the customer.

use std::sync::Arc;

use bonafide_domain::consent::Refusal;
use bonafide_domain::credential::{Category, Classifier, Credential, Part};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::TenantId;
use bonafide_domain::run::{Run, SealedRecord};
use bonafide_domain::sandbox::Sandbox;
use bonafide_domain::tenant::{ConsentPolicy, Tenant};
use bonafide_domain::workflow::{Prerequisite, definition};
use bonafide_store::Transaction;
use bonafide_vault::{Binding, signature};

use crate::Engine;
use crate::capability::biometrics::{FacemapSeal, read_facemap};
use crate::capability::{AnsweredChallenge, Biometrics};
use crate::error::Error;
use crate::sealing::{Owner, SealedPart, seal_for_tenant};

impl Engine {
    /// What is known of the face that an execution is about; none for workflows without faces.
    pub(crate) async fn biometrics(
        &self,
        tx: &mut Transaction,
        tenant: &Tenant,
        execution: &Execution,
    ) -> Result<Option<Biometrics>, Error> {
        let workflow = definition(execution.key);
        if !workflow.needs_consent() {
            return Ok(None);
        }
        let facemap = if workflow.requires(Prerequisite::FacemapOnFile) {
            self.facemap_on_file(tx, execution).await?
        } else {
            None
        };
        Ok(Some(Biometrics {
            tenant: tenant.id,
            account: execution.account_id,
            is_consent_lapsed: self.is_consent_lapsed(tx, tenant, execution).await?,
            facemap,
            seal: self.facemap_seal(tx, tenant.id).await?,
        }))
    }

    async fn facemap_on_file(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
    ) -> Result<Option<Arc<[u8]>>, Error> {
        let (tenant_id, account_id) = (execution.tenant_id, execution.account_id);
        let Some(part) = tx.find_valid_facemap(tenant_id, account_id, None).await? else {
            return Ok(None);
        };
        Ok(self.open_part(tx, &part).await?.map(Arc::from))
    }

    /// Whether a consent that the tenant wants enforced was refused, or has lapsed since it was stated.
    async fn is_consent_lapsed(
        &self,
        tx: &mut Transaction,
        tenant: &Tenant,
        execution: &Execution,
    ) -> Result<bool, Error> {
        if matches!(tenant.settings.consent, ConsentPolicy::Off | ConsentPolicy::Record) {
            return Ok(false);
        }
        let consent = self.consent_of(tx, execution).await?;
        let refusal = consent.and_then(|consent| consent.judge(self.judged_as_of(execution)).err());
        Ok(matches!(refusal, Some(Refusal::Lapsed | Refusal::NotObtained)))
    }

    /// What a tenant's facemaps are authenticated with. Its secret is made when it is first needed.
    async fn facemap_seal(
        &self,
        tx: &mut Transaction,
        tenant_id: TenantId,
    ) -> Result<Arc<FacemapSeal>, Error> {
        if let Some(kept) = tx.find_facemap_secret(tenant_id).await? {
            return self.open_facemap_secret(tx, tenant_id, &kept).await;
        }
        let made = self.make_facemap_secret(tenant_id).await?;
        // The reader's state is from before the secret's key.
        let mut tx = self.store.read().await?;
        self.open_facemap_secret(&mut tx, tenant_id, &made).await
    }

    async fn open_facemap_secret(
        &self,
        tx: &mut Transaction,
        tenant_id: TenantId,
        kept: &SealedRecord,
    ) -> Result<Arc<FacemapSeal>, Error> {
        let binding = Binding::FacemapSecret { tenant: tenant_id };
        let plain = self
            .unseal(tx, tenant_id, kept.data_key_id, &binding, &kept.bytes)
            .await?
            .and_then(|plain| <[u8; 32]>::try_from(plain).ok())
            .ok_or_else(|| {
                Error::internal("a tenant's secret for facemaps that cannot be opened")
            })?;
        Ok(Arc::new(FacemapSeal::new(&plain)))
    }

    /// In a transaction of its own: whoever comes second takes the first one's.
    async fn make_facemap_secret(&self, tenant_id: TenantId) -> Result<SealedRecord, Error> {
        let plain = self.context.with_random(signature::generate_secret);
        let binding = Binding::FacemapSecret { tenant: tenant_id };
        let sealed =
            seal_for_tenant(&self.key_ring, &self.context, tenant_id, &binding, plain.as_slice());
        let mut tx = self.store.begin().await?;
        if let Some(kept) = tx.find_facemap_secret(tenant_id).await? {
            return Ok(kept);
        }
        let record = sealed.store(&mut tx).await?;
        if tx.insert_facemap_secret(tenant_id, &record).await? {
            tx.commit().await?;
            return Ok(record);
        }
        drop(tx);
        let kept = self.store.read().await?.find_facemap_secret(tenant_id).await?;
        kept.ok_or_else(|| Error::internal("a secret for facemaps that is there and is not"))
    }

    /// Refuses a facemap that is brought and cannot be compared with: forged, of another tenant or
    /// pack, too old. Without the pack nobody can say, and it is kept for later.
    pub(crate) async fn check_facemap(&self, tenant: &Tenant, bytes: &[u8]) -> Result<(), Error> {
        let Some(pack) = self.capabilities.faces().and_then(|faces| faces.pack()) else {
            return Ok(());
        };
        if Sandbox::of(tenant).is_some() {
            return Ok(());
        }
        let mut tx = self.store.read().await?;
        let seal = self.facemap_seal(&mut tx, tenant.id).await?;
        read_facemap(&seal, bytes, tenant.id, pack, self.context.now())
            .map(|_| ())
            .map_err(|refusal| Error::field("file", &refusal.to_string()))
    }

    /// Seals the facemap that a run made, for the facemap credential of the journey.
    pub(crate) async fn seal_facemap(
        &self,
        run: &Run,
        execution: &Execution,
        facemap: &[u8],
    ) -> Result<Option<SealedPart>, Error> {
        let mut tx = self.store.read().await?;
        let members = tx.list_members(execution.tenant_id, execution.id).await?;
        drop(tx);
        let Some(member) = members.iter().find(|member| {
            member.credential.category == Category::Facemap
                && run.credentials.contains(&member.credential.id)
        }) else {
            return Ok(None);
        };
        let place = (member.credential.id, Classifier::Facemap);
        let owner = Owner::of(execution);
        self.seal_part(owner, place, "application/octet-stream", facemap).await.map(Some)
    }

    /// The challenge of a credential that this execution captured, with its answer.
    pub(crate) async fn answered_challenge(
        &self,
        tx: &mut Transaction,
        credential: &Credential,
        execution: &Execution,
    ) -> Result<Option<AnsweredChallenge>, Error> {
        if credential.category != Category::Facemap {
            return Ok(None);
        }
        let Some(issued) = tx.find_challenge_of(credential.tenant_id, credential.id).await? else {
            return Ok(None);
        };
        self.open_challenge(tx, execution, &issued).await
    }
}

/// The frames of a credential among an execution's parts, in order.
pub(crate) fn frames(parts: &[Part], credential: &Credential) -> Vec<Part> {
    Classifier::FRAMES
        .iter()
        .filter_map(|frame| {
            parts
                .iter()
                .find(|part| part.credential_id == credential.id && part.classifier == *frame)
        })
        .cloned()
        .collect()
}
