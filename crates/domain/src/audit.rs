//! The audit log: who did what to which account, without saying what the account holds.

use jiff::Timestamp;

use crate::id::{AccountId, ApiClientId, AuditId, ExecutionId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What was done.
    pub enum Action {
        AccountCreated = "account.created",
        ExecutionCreated = "execution.created",
        PartUploaded = "part.uploaded",
        ExecutionFinalized = "execution.finalized",
        ExecutionProcessed = "execution.processed",
        ExecutionExpired = "execution.expired",
        PartRetrieved = "part.retrieved",
        DetailsRetrieved = "details.retrieved",
        EvidenceRetrieved = "evidence.retrieved",
        SearchRetrieved = "search.retrieved",
        SearchReviewed = "search.reviewed",
        ConsentRetrieved = "consent.retrieved",
        ExecutionWiped = "execution.wiped",
        AccountWiped = "account.wiped",
        ExecutionBiometricsWiped = "execution.biometrics_wiped",
        AccountBiometricsWiped = "account.biometrics_wiped",
    }
}

/// One line of the audit log, written in the transaction of what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: AuditId,
    /// Whose data.
    pub tenant_id: TenantId,
    /// When.
    pub at: Timestamp,
    /// The client that asked; none when the server did it by itself.
    pub api_client_id: Option<ApiClientId>,
    /// What.
    pub action: Action,
    /// On which account.
    pub account_id: AccountId,
    /// On which execution.
    pub execution_id: Option<ExecutionId>,
}
