//! What a run leaves behind besides its decision: sealed together, because all of it is personal.

use bonafide_domain::evidence::Signal;
use serde::{Deserialize, Serialize};

use crate::face_search::RepeatedFace;

/// A run's `data` for the wire and its evidence for the tenant's reviewers.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// `data` of the capability's entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<serde_json::Value>,
    /// What the decision rests on.
    pub evidence: Vec<Signal>,
    /// The machine-readable zone, if one was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrz: Option<MrzEvidence>,
    /// Where the face of the document was seen before, if that was looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) repeated: Option<RepeatedFace>,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Record(redacted)")
    }
}

/// A machine-readable zone as it was read, with every repair told.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MrzEvidence {
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
    pub format: String,
    /// Its lines, after repairs.
    pub lines: Vec<String>,
    /// Characters that were not taken as read.
    pub repairs: Vec<RepairEvidence>,
}

impl std::fmt::Debug for MrzEvidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MrzEvidence(redacted)")
    }
}

/// One character that was repaired: not a read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairEvidence {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What was read.
    pub read: char,
    /// What it was taken for.
    pub repaired: char,
    /// Why: the position's grammar, or a check digit.
    pub reason: String,
}
