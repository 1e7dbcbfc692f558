//! Receipts of deletions: what was deleted, when, why, and which keys were destroyed for it.

use jiff::Timestamp;

use crate::id::{AccountId, DataKeyId, ExecutionId, ReceiptId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// How much is deleted (contract §9, "variants").
    pub enum Extent {
        /// Parts, what was read from them, and stated consents.
        Everything = "EVERYTHING",
        /// Parts of selfies and facemaps, and what was found on them.
        Biometrics = "BIOMETRICS",
    }
}

wire_enum! {
    /// Why it was deleted.
    pub enum Reason {
        /// A client asked for it.
        Request = "REQUEST",
        /// The tenant's retention period was over.
        Retention = "RETENTION",
    }
}

/// The receipt of one deletion. Holds no personal data, and outlives what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its id.
    pub id: ReceiptId,
    /// Whose data it was.
    pub tenant_id: TenantId,
    /// The account.
    pub account_id: AccountId,
    /// The execution; none when it was all of the account's.
    pub execution_id: Option<ExecutionId>,
    /// How much was deleted.
    pub extent: Extent,
    /// Why.
    pub reason: Reason,
    /// When.
    pub wiped_out_at: Timestamp,
    /// The data keys that were destroyed. What they sealed cannot be opened any more, wherever a copy
    /// of it lies.
    pub destroyed_keys: Vec<DataKeyId>,
}
