//! Receipts of deletions (ours).

use bonafide_domain::id::{DataKeyId, ReceiptId};
use bonafide_domain::receipt::{self, Extent, Reason};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccountReference, ExecutionReference, Timestamp, vocabulary};

/// What was deleted, and which keys were destroyed for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    pub id: ReceiptId,
    /// The account.
    pub account: AccountReference,
    /// The execution; absent when it was all of the account's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_execution: Option<ExecutionReference>,
    /// How much was deleted.
    #[schema(schema_with = vocabulary::extent)]
    pub extent: Extent,
    /// Why.
    #[schema(schema_with = vocabulary::reason)]
    pub reason: Reason,
    /// When.
    pub wiped_out_at: Timestamp,
    /// The ids of the keys that were destroyed. What they sealed cannot be opened any more, wherever a
    /// copy of it lies.
    #[schema(value_type = Vec<uuid::Uuid>)]
    pub destroyed_keys: Vec<DataKeyId>,
}

/// All receipts of an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipts {
    /// Oldest first.
    pub receipts: Vec<Receipt>,
}

impl From<receipt::Receipt> for Receipt {
    fn from(receipt: receipt::Receipt) -> Self {
        Self {
            id: receipt.id,
            account: AccountReference { id: receipt.account_id },
            workflow_execution: receipt.execution_id.map(|id| ExecutionReference { id }),
            extent: receipt.extent,
            reason: receipt.reason,
            wiped_out_at: receipt.wiped_out_at.into(),
            destroyed_keys: receipt.destroyed_keys,
        }
    }
}

impl From<Vec<receipt::Receipt>> for Receipts {
    fn from(receipts: Vec<receipt::Receipt>) -> Self {
        Self { receipts: receipts.into_iter().map(Into::into).collect() }
    }
}
