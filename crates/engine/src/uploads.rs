//! The API channel: parts come in, and the execution is finalized (contract §4, §5).

use bonafide_domain::audit::{Action, Entry};
use bonafide_domain::credential::{Category, Channel, Classifier, Member};
use bonafide_domain::event::EventStatus;
use bonafide_domain::execution::{Execution, ExecutionStatus, SESSION_LIFETIME};
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId};
use bonafide_domain::idempotency::IdempotencyKey;
use bonafide_domain::prepared_data::PreparedData;
use bonafide_domain::sandbox::Sandbox;
use bonafide_domain::task::Task;
use bonafide_imaging as imaging;
use bonafide_store::Transaction;
use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use crate::Engine;
use crate::caller::Journey;
use crate::error::{Error, Kind};
use crate::idempotency::{self, Once};
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

/// Where a part goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account_id: AccountId,
    /// The execution.
    pub execution_id: ExecutionId,
    /// The credential.
    pub credential_id: CredentialId,
    /// Which part of it.
    pub classifier: Classifier,
}

const NOT_OPEN: &str = "The workflow execution is not open for acquisition.";

impl Engine {
    /// Sees whether a part could be taken, before its bytes are read. Under a key that was used
    /// before, that is for the bytes to tell.
    pub async fn check_upload(
        &self,
        journey: &Journey,
        place: Place,
        key: Option<&IdempotencyKey>,
    ) -> Result<(), Error> {
        journey.is_for(place.execution_id)?;
        let mut tx = self.store.read().await?;
        if let Some(key) = key
            && tx.find_outcome(journey.scope(), &idempotency::hash(key)).await?.is_some()
        {
            return Ok(());
        }
        let execution = self.journeys_execution(&mut tx, journey, place.account_id).await?;
        self.must_be_open(&execution)?;
        let member = find_member(&mut tx, journey, &execution, place).await?;
        if matches!(member.credential.category, Category::Selfie | Category::Facemap) {
            self.require_consent(&mut tx, &journey.tenant.settings, &execution).await?;
        }
        Ok(())
    }

    /// Takes a part: the same part again replaces the former one (contract §4.5).
    pub async fn upload_part(
        &self,
        journey: &Journey,
        place: Place,
        bytes: Bytes,
        once: Option<&Once>,
    ) -> Result<Uploaded, Error> {
        if let Some(at) = self.peek(journey.scope(), once).await? {
            let mut tx = self.store.read().await?;
            return self.uploaded_before(&mut tx, journey, place, at).await;
        }
        self.check_upload(journey, place, None).await?;
        let Place { account_id, execution_id, credential_id, classifier } = place;
        let (media_type, bytes) = self.check_content(classifier, bytes)?;
        if classifier == Classifier::Facemap {
            self.check_facemap(&journey.tenant, &bytes).await?;
        }
        let owner = Owner { tenant_id: journey.tenant.id, account_id, execution_id };
        let target = (credential_id, classifier);
        let sealed = self.seal_part(owner, target, &media_type, &bytes).await?;
        drop(bytes);

        let mut tx = self.store.begin().await?;
        if let Some(at) = self.recall(&mut tx, journey.scope(), once).await? {
            // A twin was quicker.
            let uploaded = self.uploaded_before(&mut tx, journey, place, at).await;
            drop(tx);
            self.discard_blobs([sealed.part.blob]).await;
            return uploaded;
        }
        let execution = self.lock(&mut tx, journey, account_id).await?;
        self.must_be_open(&execution)?;
        let member = find_member(&mut tx, journey, &execution, place).await?;
        let at = sealed.part.uploaded_at;
        let former = sealed.store(&mut tx).await?;
        self.keep(&mut tx, journey.scope(), once, &at).await?;
        self.session_goes_on(&mut tx, journey, &execution, at).await?;
        tx.commit().await?;
        self.discard_blobs(former).await;
        Ok(Uploaded { at, member })
    }

    /// Something was captured: the session is extended, and the customer told if it is the first.
    /// Call it last, as `tell_if_wanted`.
    pub(crate) async fn session_goes_on(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        execution: &Execution,
        at: Timestamp,
    ) -> Result<(), Error> {
        let Execution { tenant_id, id: execution_id, .. } = *execution;
        let told = self.instruction_of(tx, &journey.tenant, execution).await?;
        if !told.is_some_and(|told| told.expires()) {
            let session_ends_at = at + SESSION_LIFETIME;
            tx.extend_session(tenant_id, execution_id, session_ends_at).await?;
            tx.enqueue(&Task::Expire { tenant_id, execution_id }, session_ends_at).await?;
        }
        self.audit_journey(tx, execution, Action::PartUploaded).await?;
        if execution.session_expires_at.is_none() {
            self.tell_if_wanted(tx, journey, execution, EventStatus::AcquisitionStarted).await?;
        }
        Ok(())
    }

    /// The answer to an upload that was taken before, under the same key.
    async fn uploaded_before(
        &self,
        tx: &mut Transaction,
        journey: &Journey,
        place: Place,
        at: Timestamp,
    ) -> Result<Uploaded, Error> {
        let execution = self.journeys_execution(tx, journey, place.account_id).await?;
        Ok(Uploaded { at, member: find_member(tx, journey, &execution, place).await? })
    }

    /// Ends acquisition and starts processing. Finalizing twice does no harm (contract §5).
    pub async fn finalize(
        &self,
        journey: &Journey,
        account_id: AccountId,
        execution_id: ExecutionId,
        once: Option<&Once>,
    ) -> Result<Timestamp, Error> {
        journey.is_for(execution_id)?;
        let at = self.context.now();
        let mut tx = self.store.begin().await?;
        if let Some(at) = self.recall(&mut tx, journey.scope(), once).await? {
            return Ok(at);
        }
        let execution = self.lock(&mut tx, journey, account_id).await?;
        if matches!(execution.status, ExecutionStatus::Acquired | ExecutionStatus::Processed) {
            return Ok(at);
        }
        self.must_be_open(&execution)?;
        let tenant_id = execution.tenant_id;
        self.require_consent(&mut tx, &journey.tenant.settings, &execution).await?;
        require_primary_parts(&mut tx, &execution).await?;
        if journey.channel != Channel::Api && Sandbox::of(&journey.tenant).is_none() {
            self.require_answers(&mut tx, journey, &execution).await?;
        }
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
        self.keep(&mut tx, journey.scope(), once, &at).await?;
        self.tell_if_wanted(&mut tx, journey, &execution, EventStatus::Acquired).await?;
        tx.commit().await?;
        Ok(at)
    }

    /// Looks at the first bytes and the header: is it what this part may be? Decoding is left to
    /// the workers. Gives the media type and the bytes to keep.
    pub(crate) fn check_content(
        &self,
        classifier: Classifier,
        bytes: Bytes,
    ) -> Result<(String, Bytes), Error> {
        match classifier {
            Classifier::Facemap if bytes.is_empty() => Err(Error::field("file", "is empty")),
            Classifier::Facemap => Ok(("application/octet-stream".to_owned(), bytes)),
            Classifier::PreparedData => {
                let data = PreparedData::parse(&bytes).map_err(Error::violations)?;
                Ok(("application/json".to_owned(), data.to_json().into()))
            }
            _ => {
                let header =
                    imaging::probe(&bytes, self.limits()).map_err(|error| match error {
                        imaging::Error::TooManyBytes { .. } => {
                            Error::new(Kind::TooLarge, error.to_string())
                        }
                        other => Error::field("file", &other.to_string()),
                    })?;
                Ok((header.format.media_type().to_owned(), bytes))
            }
        }
    }

    pub(crate) async fn journeys_execution(
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

    pub(crate) async fn lock(
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

    pub(crate) fn must_be_open(&self, execution: &Execution) -> Result<(), Error> {
        if execution.is_open(self.context.now()) { Ok(()) } else { Err(Error::forbidden(NOT_OPEN)) }
    }

    pub(crate) async fn audit_journey(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        action: Action,
    ) -> Result<(), Error> {
        Ok(tx
            .insert_audit(&[Entry {
                id: self.context.id(),
                tenant_id: execution.tenant_id,
                at: self.context.now(),
                api_client_id: None,
                action,
                account_id: execution.account_id,
                execution_id: Some(execution.id),
            }])
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
    journey: &Journey,
    execution: &Execution,
    place: Place,
) -> Result<Member, Error> {
    let Place { credential_id, classifier, .. } = place;
    let member = tx
        .list_members(execution.tenant_id, execution.id)
        .await?
        .into_iter()
        .find(|member| member.credential.id == credential_id)
        .ok_or_else(|| Error::not_found("credential in this workflow execution"))?;
    match journey.channel {
        Channel::Api if !member.takes_uploads() => {
            return Err(Error::forbidden("This credential is not captured over the API."));
        }
        // A face is what its challenge shows, and no file.
        Channel::Web | Channel::Sdk
            if member.credential.category != Category::Id
                || !member.channels.contains(&journey.channel) =>
        {
            return Err(Error::forbidden(
                "This credential is not captured by an upload of the end user's.",
            ));
        }
        Channel::Api | Channel::Web | Channel::Sdk => {}
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
