//! Callbacks: what a customer is told when an execution ends (contract §8).

use jiff::Timestamp;

use crate::execution::ExecutionStatus;
use crate::id::{AccountId, CallbackId, ExecutionId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Where a callback stands.
    pub enum CallbackState {
        /// To be delivered.
        Pending = "PENDING",
        /// Answered with 2xx.
        Delivered = "DELIVERED",
        /// Given up after the last attempt of the schedule; a dead letter.
        Dead = "DEAD",
    }
}

/// One notification. Holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Its id.
    pub id: CallbackId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// The account of the execution.
    pub account_id: AccountId,
    /// The execution.
    pub execution_id: ExecutionId,
    /// The address.
    pub url: String,
    /// The status that is told.
    pub status: ExecutionStatus,
    /// Where it stands.
    pub state: CallbackState,
    /// Attempts made.
    pub attempts: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
}
