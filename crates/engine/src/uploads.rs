//! The API channel: parts come in, and the execution is finalized (contract §4, §5).

use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::credential::{Classifier, Member, Part};
use bonafide_domain::execution::{Execution, ExecutionStatus, SESSION_LIFETIME};
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId};
use bonafide_domain::sandbox::Sandbox;
use bonafide_domain::task::Task;
use bonafide_imaging as imaging;
use bonafide_store::Transaction;
use bonafide_vault::Binding;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use crate::Engine;
use crate::caller::Journey;
use crate::error::{Error, Kind};
use crate::sandbox;
use crate::sealing::Owner;

/// A part that was taken.
#[derive(Debug)]
pub struct Uploaded {
    /// When.
    pub at: Timestamp,
    /// Its credential, as a member of the execution.
    pub member: Member,
}

const NOT_OPEN: &str = "The workflow execution is not open for acquisition.";

impl Engine {
    /// Sees whether a part could be taken, before its bytes are read.
    pub async fn check_upload(
        &self,
        journey: &Journey,
        account_id: AccountId,
        execution_id: ExecutionId,
        credential_id: CredentialId,
        classifier: Classifier,
    ) -> Result<(), Error> {
        journey.is_for(execution_id)?;
        let mut tx = self.store.read().await?;
        let execution = self.journeys_execution(&mut tx, journey, account_id).await?;
        self.must_be_open(&execution)?;
        find_member(&mut tx, &execution, credential_id, classifier).await?;
        Ok(())
    }

    /// Takes a part: the same part again replaces the former one (contract §4.5).
    pub async fn upload_part(
        &self,
        journey: &Journey,
        account_id: AccountId,
        execution_id: ExecutionId,
        credential_id: CredentialId,
        classifier: Classifier,
        bytes: Bytes,
    ) -> Result<Uploaded, Error> {
        self.check_upload(journey, account_id, execution_id, credential_id, classifier).await?;
        let media_type = self.check_content(classifier, &bytes)?;
        let owner = Owner { tenant_id: journey.tenant.id, account_id, execution_id };
        let binding = Binding::Part {
            tenant: owner.tenant_id,
            account: account_id,
            credential: credential_id,
            classifier,
        };
        let size_bytes = bytes.len() as i64;
        let sealed = self.seal(owner, &binding, &bytes);
        drop(bytes);

        // The blob lies there before the row that names it. If the row is not committed, the blob
        // is an orphan that nobody can open: its wrapped key was never stored.
        let blob = format!("parts/{}", sealed.key.id);
        self.blobs.put(&blob, &sealed.bytes).await?;
        let part = Part {
            credential_id,
            classifier,
            tenant_id: owner.tenant_id,
            account_id,
            execution_id,
            blob,
            data_key_id: sealed.key.id,
            media_type,
            size_bytes,
            uploaded_at: self.context.now(),
        };

        let mut tx = self.store.begin().await?;
        let execution = self.lock(&mut tx, journey, account_id).await?;
        self.must_be_open(&execution)?;
        let member = find_member(&mut tx, &execution, credential_id, classifier).await?;
        tx.insert_data_key(&sealed.key).await?;
        let former = tx.put_part(&part).await?;
        if let Some(former) = &former {
            tx.destroy_data_key(owner.tenant_id, former.data_key_id).await?;
        }
        let told = self.instruction_of(&mut tx, &journey.tenant, &execution).await?;
        if !told.is_some_and(|told| told.expires()) {
            let session_ends_at = part.uploaded_at + SESSION_LIFETIME;
            tx.extend_session(owner.tenant_id, execution_id, session_ends_at).await?;
            tx.enqueue(&Task::Expire { tenant_id: owner.tenant_id, execution_id }, session_ends_at)
                .await?;
        }
        self.audit_journey(&mut tx, &execution, Action::PartUploaded).await?;
        tx.commit().await?;

        if let Some(former) = former {
            self.discard_blobs([former.blob]).await;
        }
        Ok(Uploaded { at: part.uploaded_at, member })
    }

    /// Ends acquisition and starts processing. Finalizing twice does no harm (contract §5).
    pub async fn finalize(
        &self,
        journey: &Journey,
        account_id: AccountId,
        execution_id: ExecutionId,
    ) -> Result<Timestamp, Error> {
        journey.is_for(execution_id)?;
        let at = self.context.now();
        let mut tx = self.store.begin().await?;
        let execution = self.lock(&mut tx, journey, account_id).await?;
        if matches!(execution.status, ExecutionStatus::Acquired | ExecutionStatus::Processed) {
            return Ok(at);
        }
        self.must_be_open(&execution)?;
        let tenant_id = execution.tenant_id;
        require_primary_parts(&mut tx, &execution).await?;
        let mut judging_begins_at = at;
        if let Some(proof) = Sandbox::of(&journey.tenant) {
            // Nobody captures there what the API cannot: it counts as captured.
            self.capture_missing(&mut tx, proof, &execution, |m| !m.takes_uploads()).await?;
            let told = self.instruction_of(&mut tx, &journey.tenant, &execution).await?;
            judging_begins_at += told.map_or(SignedDuration::ZERO, |told| sandbox::signed(&told));
        }
        tx.change_status(
            tenant_id,
            execution_id,
            ExecutionStatus::Initiated,
            ExecutionStatus::Acquired,
            at,
        )
        .await?;
        tx.enqueue(&Task::Advance { tenant_id, execution_id }, judging_begins_at).await?;
        self.audit_journey(&mut tx, &execution, Action::ExecutionFinalized).await?;
        tx.commit().await?;
        Ok(at)
    }

    /// Looks at the first bytes and the header: is it what this part may be? Decoding is left to
    /// the workers.
    fn check_content(&self, classifier: Classifier, bytes: &[u8]) -> Result<String, Error> {
        if classifier == Classifier::Facemap {
            return if bytes.is_empty() {
                Err(Error::field("file", "is empty"))
            } else {
                Ok("application/octet-stream".to_owned())
            };
        }
        let header = imaging::probe(bytes, self.limits()).map_err(|error| match error {
            imaging::Error::TooManyBytes { .. } => Error::new(Kind::TooLarge, error.to_string()),
            other => Error::field("file", &other.to_string()),
        })?;
        Ok(header.format.media_type().to_owned())
    }

    async fn journeys_execution(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        account_id: AccountId,
    ) -> Result<Execution, Error> {
        tx.find_execution(journey.tenant.id, journey.execution_id)
            .await?
            .filter(|execution| execution.account_id == account_id)
            .ok_or_else(|| Error::not_found("workflow execution on this account"))
    }

    async fn lock(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        account_id: AccountId,
    ) -> Result<Execution, Error> {
        tx.lock_execution(journey.tenant.id, journey.execution_id)
            .await?
            .filter(|execution| execution.account_id == account_id)
            .ok_or_else(|| Error::not_found("workflow execution on this account"))
    }

    fn must_be_open(&self, execution: &Execution) -> Result<(), Error> {
        if execution.is_open(self.context.now()) { Ok(()) } else { Err(Error::forbidden(NOT_OPEN)) }
    }

    pub(crate) async fn audit_journey(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        action: Action,
    ) -> Result<(), Error> {
        Ok(tx
            .insert_audit(&Entry {
                id: self.context.id(),
                tenant_id: execution.tenant_id,
                at: self.context.now(),
                api_client_id: None,
                action,
                account_id: execution.account_id,
                execution_id: Some(execution.id),
            })
            .await?)
    }

    /// Deletes blobs whose keys are destroyed already: they cannot be opened any more, so one that
    /// stays behind is a waste of room and nothing worse.
    pub(crate) async fn discard_blobs(&self, blobs: impl IntoIterator<Item = String>) {
        for blob in blobs {
            if let Err(error) = self.blobs.delete(&blob).await {
                tracing::warn!(%blob, error = %error, "a blob could not be deleted; its key is destroyed");
            }
        }
    }
}

async fn find_member(
    tx: &mut Transaction,
    execution: &Execution,
    credential_id: CredentialId,
    classifier: Classifier,
) -> Result<Member, Error> {
    let member = tx
        .list_members(execution.tenant_id, execution.id)
        .await?
        .into_iter()
        .find(|member| member.credential.id == credential_id)
        .ok_or_else(|| Error::not_found("credential in this workflow execution"))?;
    if !member.takes_uploads() {
        return Err(Error::forbidden("This credential is not captured over the API."));
    }
    if !member.classifiers.contains(&classifier) {
        return Err(Error::not_found("part of this credential"));
    }
    Ok(member)
}

async fn require_primary_parts(tx: &mut Transaction, execution: &Execution) -> Result<(), Error> {
    let parts = tx.list_parts(execution.tenant_id, execution.id).await?;
    let members = tx.list_members(execution.tenant_id, execution.id).await?;
    for member in members.iter().filter(|member| member.takes_uploads()) {
        let Some(primary) = member.primary_classifier() else { continue };
        let there = parts
            .iter()
            .any(|part| part.credential_id == member.credential.id && part.classifier == primary);
        if !there {
            return Err(Error::new(
                Kind::Invalid,
                format!("Upload {primary} of the {} credential first.", member.credential.category),
            ));
        }
    }
    Ok(())
}
