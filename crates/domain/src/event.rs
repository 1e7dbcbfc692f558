//! Events: what happened to executions, in an order that a consumer can follow.

use jiff::Timestamp;

use crate::execution::ExecutionStatus;
use crate::id::{AccountId, ExecutionId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// What is told of an execution: how it ended and, for tenants that ask for it, how far its
    /// acquisition is (contract §8, "intermediate callback").
    pub enum EventStatus {
        /// The first part came in.
        AcquisitionStarted = "ACQUISITION_STARTED",
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

impl EventStatus {
    /// What is told when an execution reaches a status; nothing of a new one.
    pub fn of(status: ExecutionStatus) -> Option<Self> {
        match status {
            ExecutionStatus::Initiated => None,
            ExecutionStatus::Acquired => Some(Self::Acquired),
            ExecutionStatus::Processed => Some(Self::Processed),
            ExecutionStatus::SessionExpired => Some(Self::SessionExpired),
            ExecutionStatus::TokenExpired => Some(Self::TokenExpired),
        }
    }

    /// Whether it is told only to those who ask for it.
    pub fn is_intermediate(self) -> bool {
        matches!(self, Self::AcquisitionStarted | Self::Acquired)
    }
}

/// One thing that happened to an execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its owner.
    pub tenant_id: TenantId,
    /// Its place among the tenant's events, from 1, without gaps: the feed's cursor.
    pub position: i64,
    /// The execution's account.
    pub account_id: AccountId,
    /// Its place among the account's events, from 1, without gaps.
    pub sequence: i64,
    /// The execution.
    pub execution_id: ExecutionId,
    /// What happened.
    pub status: EventStatus,
    /// When.
    pub at: Timestamp,
}
