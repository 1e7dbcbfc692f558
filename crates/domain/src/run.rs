//! Runs: one capability on one set of credentials of an execution.

use jiff::Timestamp;

use crate::decision::{Capability, Decision};
use crate::id::{CredentialId, DataKeyId, ExecutionId, RunId, TenantId};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Where a run stands.
    pub enum RunState {
        /// Waits for a worker, or has one.
        Pending = "PENDING",
        /// Has its decision.
        Done = "DONE",
    }
}

/// One capability on one set of credentials. Its id is the entry's `id` on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its owner.
    pub tenant_id: TenantId,
    /// Its execution.
    pub execution_id: ExecutionId,
    /// The capability.
    pub capability: Capability,
    /// The credentials that it lists, in the order of the catalogue.
    pub credentials: Vec<CredentialId>,
    /// Where it stands.
    pub state: RunState,
    /// How many attempts have failed; a result counts only for the attempt that it was made in.
    pub attempt: i32,
    /// Its decision, once done.
    pub decision: Option<Decision>,
    /// Sealed `data` and evidence, if there are any.
    pub record: Option<SealedRecord>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it was decided.
    pub completed_at: Option<Timestamp>,
}

/// Sealed bytes that lie in the database, and the key that opens them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// The key.
    pub data_key_id: DataKeyId,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}
