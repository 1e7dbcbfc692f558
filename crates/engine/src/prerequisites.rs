//! What must hold before a workflow starts (contract §6.1): products, and what is on file.

use bonafide_domain::credential::{Category, Credential};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, CredentialId, TenantId};
use bonafide_domain::initiation::RequestedCredential;
use bonafide_domain::tenant::Settings;
use bonafide_domain::workflow::{Prerequisite, Slot, Source, WorkflowDefinition, is_verified_id};
use bonafide_store::Transaction;

use crate::advance::primary_part;
use crate::error::{Error, Kind};

const FIELD: &str = "workflowDefinition.credentials";

/// Whether the tenant has what the workflow is made of.
pub(crate) fn check_products(
    workflow: &WorkflowDefinition,
    settings: &Settings,
) -> Result<(), Error> {
    let products = [
        (
            Prerequisite::IdentityVerification,
            settings.identity_verification,
            "Identity verification",
        ),
        (Prerequisite::Screening, settings.screening, "Screening"),
        (Prerequisite::FacemapOnPremise, settings.facemap_on_premise, "Facemap on premise"),
    ];
    for (prerequisite, switched_on, name) in products {
        if workflow.requires(prerequisite) && !switched_on {
            return Err(Error::new(
                Kind::Forbidden,
                format!(
                    "{name} is not switched on for this tenant; workflow {} needs it.",
                    workflow.key
                ),
            ));
        }
    }
    Ok(())
}

/// Whether the account has the facemap that an authentication compares with.
pub(crate) async fn check_facemap(
    tx: &mut Transaction,
    workflow: &WorkflowDefinition,
    tenant_id: TenantId,
    account_id: AccountId,
) -> Result<(), Error> {
    if workflow.requires(Prerequisite::FacemapOnFile)
        && tx.find_valid_facemap(tenant_id, account_id, None).await?.is_none()
    {
        return Err(Error::field(
            "workflowDefinition.key",
            "needs a facemap on file: a workflow with liveness that passed on this account",
        ));
    }
    Ok(())
}

/// The credential on file that a request links into a slot by its id; none when the slot is to be
/// captured.
pub(crate) async fn linked_credential(
    tx: &mut Transaction,
    execution: &Execution,
    workflow: &WorkflowDefinition,
    slot: &Slot,
    request: Option<&RequestedCredential>,
) -> Result<Option<Credential>, Error> {
    let Some(id) = request.and_then(|request| request.id) else {
        return match slot.source {
            Source::OnFile => Err(Error::field(
                FIELD,
                "must name the credential on file by its id, with its category",
            )),
            Source::Captured | Source::Brought => Ok(None),
        };
    };
    if !workflow.may_link(slot) {
        let reason = format!("cannot link a stored {}: it is captured anew", slot.category);
        return Err(Error::field(FIELD, &reason));
    }
    let (tenant_id, account_id) = (execution.tenant_id, execution.account_id);
    let credential = tx
        .find_credential(tenant_id, account_id, id)
        .await?
        .filter(|credential| credential.category == slot.category)
        .ok_or_else(|| Error::field(FIELD, "names a credential that this account does not have"))?;
    must_be_on_file(tx, &credential).await?;
    if workflow.requires(Prerequisite::IdOnFile) && credential.category == Category::Id {
        must_be_verified(tx, tenant_id, credential.id).await?;
    }
    Ok(Some(credential))
}

async fn must_be_on_file(tx: &mut Transaction, credential: &Credential) -> Result<(), Error> {
    let (tenant_id, account_id) = (credential.tenant_id, credential.account_id);
    let stored = match primary_part(credential.category) {
        Some(primary) => tx.find_part(tenant_id, account_id, credential.id, primary).await?,
        None => None,
    };
    if stored.is_none() {
        return Err(Error::field(
            FIELD,
            "names a credential that was not captured, or was deleted",
        ));
    }
    Ok(())
}

async fn must_be_verified(
    tx: &mut Transaction,
    tenant_id: TenantId,
    credential_id: CredentialId,
) -> Result<(), Error> {
    let runs = tx.list_runs_on_file(tenant_id, credential_id).await?;
    if is_verified_id(credential_id, &runs) {
        return Ok(());
    }
    Err(Error::field(
        FIELD,
        "names an ID that is not verified: usability, imageChecks and dataChecks of a processed \
         workflow must have run on it, and none may have rejected it",
    ))
}
