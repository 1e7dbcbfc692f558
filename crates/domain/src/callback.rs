//! Callbacks: what a customer is told when an execution ends (contract §8).

use jiff::Timestamp;

use crate::event::EventStatus;
use crate::id::{AccountId, CallbackId, CallbackSecretId, DataKeyId, ExecutionId, TenantId};
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
    /// The event's place among those of the account: callbacks may overtake each other.
    pub sequence: i64,
    /// The address.
    pub url: String,
    /// The status that is told.
    pub status: EventStatus,
    /// Where it stands.
    pub state: CallbackState,
    /// Attempts made.
    pub attempts: i32,
    /// Attempts that had been made when it was last replayed: the schedule begins anew there.
    pub replayed_after: i32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
}

/// One attempt to deliver a callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its number, from 1.
    pub attempt: i32,
    /// When it ended.
    pub at: Timestamp,
    /// The status of the customer's server, or a short reason why there was none.
    pub outcome: String,
}

/// A secret that signs a tenant's callbacks, sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackSecret {
    /// Its id.
    pub id: CallbackSecretId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// The key that opens it.
    pub data_key_id: DataKeyId,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it still signs beside its successor; none for the newest one.
    pub retires_at: Option<Timestamp>,
}
