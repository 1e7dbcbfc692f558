//! Everything about an execution (contract §7.2).

use std::collections::BTreeMap;

use bonafide_domain::credential::{Category, Classifier, Credential, Part};
use bonafide_domain::decision::Capability;
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{CredentialId, ExecutionId};
use bonafide_domain::workflow::WorkflowKey;
use bonafide_engine::{Details, PublicUrls};
use serde::Serialize;
use utoipa::ToSchema;

use super::capability::by_capability;
use super::{
    AccountReference, CapabilityEntry, ConsentDetails, CredentialConsent, OverallDecision,
    StepsLink, Timestamp, vocabulary,
};

/// An execution with its credentials and results.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionDetails {
    /// The execution itself.
    pub workflow: Workflow,
    /// Its account.
    pub account: AccountReference,
    /// When it was made.
    pub created_at: Timestamp,
    /// When processing started; absent on an expired execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// When its data was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wiped_out_at: Option<Timestamp>,
    /// Its credentials; none after deletion.
    pub credentials: Vec<CredentialDetails>,
    /// The overall decision; only for platform keys, once it has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<OverallDecision>,
    /// Where its steps are; only for platform keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<StepsLink>,
    /// The consent that it rests on, where the tenant wants it read back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentDetails>,
    /// The results, under the names of the capabilities.
    #[schema(value_type = BTreeMap<String, Vec<CapabilityEntry>>)]
    pub capabilities: BTreeMap<Capability, Vec<CapabilityEntry>>,
}

/// The execution itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workflow {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ExecutionId,
    /// Where it stands.
    #[schema(schema_with = vocabulary::execution_status)]
    pub status: ExecutionStatus,
    /// Its workflow.
    #[schema(schema_with = vocabulary::definition_key)]
    pub definition_key: WorkflowKey,
    /// The workflow that was asked for, where the tenant's keys are mapped.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = vocabulary::definition_key, required = false)]
    pub original_definition_key: Option<WorkflowKey>,
    /// The customer's own name for the end user, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_reference: Option<String>,
    /// The customer's own name for the execution.
    pub customer_internal_reference: String,
    /// The customer's text for reports, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting_criteria: Option<String>,
}

/// A credential with what was captured of it.
#[derive(Serialize, ToSchema)]
pub struct CredentialDetails {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: CredentialId,
    /// What it is.
    #[schema(schema_with = vocabulary::category)]
    pub category: Category,
    /// The customer's label, when it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its parts; absent when nothing was captured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub parts: Vec<PartDetails>,
    /// The consent behind it, where the tenant wants it read back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<CredentialConsent>,
}

/// A stored part.
#[derive(Serialize, ToSchema)]
pub struct PartDetails {
    /// Which part it is.
    #[schema(schema_with = vocabulary::classifier)]
    pub classifier: Classifier,
    /// Where it is; absent for a facemap that the tenant may not download.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub href: Option<String>,
}

impl ExecutionDetails {
    /// The details; facemaps get an address only if the tenant may download them (contract §7.2).
    pub fn new(details: Details, facemap_download: bool, urls: &PublicUrls) -> Self {
        let Details { execution, credentials, runs, verdict, valid_facemap, consent } = details;
        let mut capabilities = by_capability(&runs, CapabilityEntry::new);
        if let Some(credential) = valid_facemap {
            let href = urls.retrieve_part(execution.account_id, credential, Classifier::Facemap);
            name_facemap(&mut capabilities, &href);
        }
        let credential_consent = consent.as_ref().and_then(CredentialConsent::new);
        Self {
            account: AccountReference { id: execution.account_id },
            created_at: execution.created_at.into(),
            started_at: execution.started_at.map(Into::into),
            completed_at: execution.completed_at.map(Into::into),
            wiped_out_at: execution.wiped_out_at.map(Into::into),
            credentials: credentials
                .into_iter()
                .map(|(credential, parts)| {
                    let details = CredentialDetails::new(credential, parts, facemap_download, urls);
                    CredentialDetails { consent: credential_consent.clone(), ..details }
                })
                .collect(),
            decision: verdict.map(Into::into),
            steps: execution
                .has_overall_decision()
                .then(|| StepsLink { href: urls.steps(execution.account_id, execution.id) }),
            consent: consent.as_ref().and_then(ConsentDetails::new),
            capabilities,
            workflow: Workflow::from(execution),
        }
    }
}

/// Liveness and authentication name the facemap beside their data (contract §7.4).
fn name_facemap(capabilities: &mut BTreeMap<Capability, Vec<CapabilityEntry>>, href: &str) {
    for capability in [Capability::Liveness, Capability::Authentication] {
        for entry in capabilities.get_mut(&capability).into_iter().flatten() {
            entry.valid_face_map_for_authentication = Some(href.to_owned());
        }
    }
}

impl From<Execution> for Workflow {
    fn from(execution: Execution) -> Self {
        Self {
            id: execution.id,
            status: execution.status,
            definition_key: execution.key,
            original_definition_key: execution.original_key,
            user_reference: execution.user_reference,
            customer_internal_reference: execution.customer_internal_reference,
            reporting_criteria: execution.reporting_criteria,
        }
    }
}

impl CredentialDetails {
    fn new(
        credential: Credential,
        mut parts: Vec<Part>,
        facemap_download: bool,
        urls: &PublicUrls,
    ) -> Self {
        parts.sort_by_key(|part| part.classifier);
        let parts = parts
            .into_iter()
            .filter(|part| part.classifier.is_shown())
            .map(|part| PartDetails {
                classifier: part.classifier,
                href: (part.classifier != Classifier::Facemap || facemap_download).then(|| {
                    urls.retrieve_part(part.account_id, part.credential_id, part.classifier)
                }),
            })
            .collect();
        Self {
            id: credential.id,
            category: credential.category,
            label: credential.label,
            parts,
            consent: None,
        }
    }
}
