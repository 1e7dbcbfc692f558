//! Workflow executions and their states (contract §5, §7.1).

use jiff::{SignedDuration, Timestamp};

use crate::id::{AccountId, ExecutionId, TenantId};
use crate::initiation::WebOptions;
use crate::wire_enum::wire_enum;
use crate::workflow::WorkflowKey;

wire_enum! {
    /// `status` on the wire.
    pub enum ExecutionStatus {
        /// Nothing finalized yet.
        Initiated = "INITIATED",
        /// Captured; capabilities are running.
        Acquired = "ACQUIRED",
        /// Judged.
        Processed = "PROCESSED",
        /// The end user stopped half way.
        SessionExpired = "SESSION_EXPIRED",
        /// The end user never began.
        TokenExpired = "TOKEN_EXPIRED",
    }
}

impl ExecutionStatus {
    /// Whether nothing will change any more; such a status is called back (contract §8).
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Processed | Self::SessionExpired | Self::TokenExpired)
    }

    /// Whether time ran out on it.
    pub fn has_expired(self) -> bool {
        matches!(self, Self::SessionExpired | Self::TokenExpired)
    }

    /// Whether `next` may follow.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Initiated, Self::Acquired | Self::SessionExpired | Self::TokenExpired)
                | (Self::Acquired, Self::Processed)
        )
    }
}

/// How long a session lasts after its last capture (contract §5).
pub const SESSION_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// One transaction on an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// Its id.
    pub id: ExecutionId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// Its account.
    pub account_id: AccountId,
    /// Which workflow it runs.
    pub key: WorkflowKey,
    /// The key that was asked for, where the tenant's keys are mapped to the platform's.
    pub original_key: Option<WorkflowKey>,
    /// Where it stands.
    pub status: ExecutionStatus,
    /// The customer's own name for it; no personal data by contract.
    pub customer_internal_reference: String,
    /// The customer's own name for the end user; no personal data by contract.
    pub user_reference: Option<String>,
    /// Free text for the customer's reports.
    pub reporting_criteria: Option<String>,
    /// Where its callback goes: the request's address, else the tenant's.
    pub callback_url: Option<String>,
    /// The search profile that its screening was asked to use.
    pub search_profile: Option<String>,
    /// Redirects and language of its web journey.
    pub web: WebOptions,
    /// Until when its tokens let a journey start.
    pub token_expires_at: Timestamp,
    /// Until when the running session lasts; none before the first capture.
    pub session_expires_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was finalized.
    pub started_at: Option<Timestamp>,
    /// When it became terminal.
    pub completed_at: Option<Timestamp>,
    /// When its data was deleted (contract §9).
    pub wiped_out_at: Option<Timestamp>,
    /// When its biometrics were deleted and the rest was kept.
    pub biometrics_wiped_out_at: Option<Timestamp>,
}

impl Execution {
    /// What an unfinished execution has become by `now`, if time has run out on it.
    pub fn expiry(&self, now: Timestamp) -> Option<ExecutionStatus> {
        if self.status != ExecutionStatus::Initiated {
            return None;
        }
        match self.session_expires_at {
            Some(at) if now >= at => Some(ExecutionStatus::SessionExpired),
            None if now >= self.token_expires_at => Some(ExecutionStatus::TokenExpired),
            _ => None,
        }
    }

    /// Whether its results have an overall decision and steps: those of platform keys, and those of
    /// tenants whose keys are mapped (contract §7.5).
    pub fn has_overall_decision(&self) -> bool {
        self.key.is_platform() || self.original_key.is_some()
    }

    /// Whether parts may still be uploaded and the execution finalized.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.status == ExecutionStatus::Initiated
            && self.wiped_out_at.is_none()
            && self.biometrics_wiped_out_at.is_none()
            && self.expiry(now).is_none()
    }
}

/// Which of a tenant's executions are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those in this status.
    pub status: Option<ExecutionStatus>,
    /// Those of this workflow.
    pub key: Option<WorkflowKey>,
    /// Those with this reference.
    pub customer_internal_reference: Option<String>,
    /// Those with this end user.
    pub user_reference: Option<String>,
    /// Those made at this time or later.
    pub created_from: Option<Timestamp>,
    /// Those made before this time.
    pub created_before: Option<Timestamp>,
}

/// Where the next page of a list begins: after this execution, the list being newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageStart {
    /// When it was made.
    pub created_at: Timestamp,
    /// Its id.
    pub id: ExecutionId,
}
