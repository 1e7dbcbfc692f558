//! Consent read back: in the details (contract §7.2, a tenant's option), and as the account's history
//! (ours).

use bonafide_domain::consent::{Obtained, UserConsent};
use bonafide_domain::id::{AccountId, ExecutionId};
use bonafide_engine::{ConsentEntry, PublicUrls, Statement};
use serde::Serialize;
use utoipa::ToSchema;

use super::status::ExecutionLink;
use super::{AccountReference, Timestamp, vocabulary};

/// What the end user was asked, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentDetails {
    /// What was obtained.
    #[schema(schema_with = vocabulary::obtained)]
    pub obtained: Obtained,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obtained_at: Option<Timestamp>,
}

/// The consent behind one credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CredentialConsent {
    /// Whether the end user said yes.
    pub decision_accepted: bool,
    /// Who asked: the customer.
    #[schema(examples("CUSTOMER"))]
    pub collected_by: &'static str,
}

/// What each execution of an account that processes biometrics was told about consent.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "account": {"id": "01970000-0000-7000-8000-000000000001"},
    "consents": [{
        "workflowExecution": {
            "id": "01970000-0000-7000-8000-000000000002",
            "href": "https://retrieval.example.com/api/v1/accounts/…/workflow-executions/…",
            "definitionKey": "3",
            "status": "PROCESSED"
        },
        "requestedAt": "2026-06-01T12:00:00.000Z",
        "statement": "STATED",
        "holds": true,
        "userIp": "192.0.2.17",
        "userLocation": {"country": "USA", "state": "IL"},
        "consent": {"obtained": "yes", "obtainedAt": "2026-06-01T11:59:00.000Z"}
    }]
}))]
pub struct ConsentHistory {
    /// The account.
    pub account: AccountReference,
    /// One entry for each execution, oldest first.
    pub consents: Vec<ConsentHistoryEntry>,
}

/// What one execution was told about consent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentHistoryEntry {
    /// The execution.
    pub workflow_execution: ExecutionLink,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// Whether its request stated anything.
    pub statement: StatementKind,
    /// Whether biometrics may be processed on it now.
    pub holds: bool,
    /// The end user's address during the journey.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_ip: Option<String>,
    /// Where the end user was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_location: Option<UserLocation>,
    /// What was obtained, if that was stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentDetails>,
    /// The earlier execution of the account whose consent was carried over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub carried_from: Option<ExecutionId>,
}

/// Where the end user was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserLocation {
    /// ISO 3166-1 alpha-3.
    pub country: String,
    /// Subdivision or free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum StatementKind {
    /// The request said nothing about consent.
    Unstated,
    /// What it said was deleted.
    Deleted,
    /// It is here.
    Stated,
}

impl ConsentDetails {
    /// What `consent` says, if it says anything.
    pub fn new(consent: &UserConsent) -> Option<Self> {
        let obtained_at = consent.obtained_at.map(Into::into);
        consent.obtained.map(|obtained| Self { obtained, obtained_at })
    }
}

impl CredentialConsent {
    /// The same for a credential.
    pub fn new(consent: &UserConsent) -> Option<Self> {
        consent.obtained?;
        Some(Self { decision_accepted: consent.is_accepted(), collected_by: "CUSTOMER" })
    }
}

impl ConsentHistory {
    /// The history of the account `id`.
    pub fn new(id: AccountId, history: Vec<ConsentEntry>, urls: &PublicUrls) -> Self {
        let consents = history.into_iter().map(|entry| ConsentHistoryEntry::new(entry, urls));
        Self { account: AccountReference { id }, consents: consents.collect() }
    }
}

impl ConsentHistoryEntry {
    fn new(entry: ConsentEntry, urls: &PublicUrls) -> Self {
        let (statement, stated) = match entry.statement {
            Statement::Unstated => (StatementKind::Unstated, None),
            Statement::Deleted => (StatementKind::Deleted, None),
            Statement::Stated(consent) => (StatementKind::Stated, Some(consent)),
        };
        Self {
            workflow_execution: ExecutionLink::new(&entry.execution, urls),
            requested_at: entry.execution.created_at.into(),
            statement,
            holds: entry.holds,
            consent: stated.as_ref().and_then(ConsentDetails::new),
            carried_from: stated.as_ref().and_then(|consent| consent.carried_from),
            user_ip: stated.as_ref().map(|consent| consent.user_ip.clone()),
            user_location: stated
                .map(|UserConsent { country, state, .. }| UserLocation { country, state }),
        }
    }
}
