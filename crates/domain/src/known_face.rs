//! The face of a document that a tenant has seen, as it is kept for the search for repeated faces.

use crate::id::{AccountId, ExecutionId, TenantId};
use crate::run::SealedRecord;

/// What an execution taught of a face. What the face looks like, and whose data came with it, is
/// sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFace {
    /// Its owner.
    pub tenant_id: TenantId,
    /// The account that the document belongs to.
    pub account_id: AccountId,
    /// The execution that saw it.
    pub execution_id: ExecutionId,
    /// The sealed face.
    pub record: SealedRecord,
}
