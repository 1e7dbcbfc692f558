//! What decisions rest on (ours, not the contract's): served beside the details, and printed by
//! `bonafide verify --json`.

use std::collections::BTreeMap;

use bonafide_domain::decision::Capability;
use bonafide_domain::evidence::{ModelIdentity, Region, Signal, Value};
use bonafide_engine::{MrzEvidence, RepairEvidence, RunResult};
use serde::Serialize;
use utoipa::ToSchema;

use super::CapabilityEntry;
use super::capability::by_capability;

/// The capabilities as on the wire, each with what its decision rests on.
#[derive(Serialize, ToSchema)]
pub struct Evidence {
    /// Nothing of this was judged: it is what a sandbox was told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub sandbox: bool,
    /// The results with their evidence, under the names of the capabilities.
    #[schema(value_type = BTreeMap<String, Vec<EvidenceEntry>>)]
    pub capabilities: BTreeMap<Capability, Vec<EvidenceEntry>>,
    /// The machine-readable zone, if one was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrz: Option<Mrz>,
}

/// A capability's entry with its evidence.
#[derive(Serialize, ToSchema)]
pub struct EvidenceEntry {
    /// The entry, as the contract has it.
    #[serde(flatten)]
    pub entry: CapabilityEntry,
    /// What its decision rests on.
    pub evidence: Vec<EvidenceSignal>,
}

/// One observation.
#[derive(Serialize, ToSchema)]
pub struct EvidenceSignal {
    /// What was observed; its unit is in its name.
    #[schema(examples("usability.sharpness"))]
    pub signal: String,
    /// The observed value.
    pub value: EvidenceValue,
    /// The limit that the value was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// Where it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<EvidenceRegion>,
    /// The weights that produced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<EvidenceModel>,
}

/// A yes or no, a measure, or a word.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum EvidenceValue {
    /// A yes or no.
    Flag(bool),
    /// A measure.
    Number(f64),
    /// A word of a closed vocabulary.
    Text(String),
}

/// A place in a part's upright picture.
#[derive(Serialize, ToSchema)]
pub struct EvidenceRegion {
    /// The part.
    #[schema(examples("FRONT"))]
    pub part: String,
    /// `[x, y]` of each corner in pixels, clockwise from the top left.
    pub corners: [[f32; 2]; 4],
}

/// Which weights produced a value.
#[derive(Serialize, ToSchema)]
pub struct EvidenceModel {
    /// The model's id in its pack.
    pub id: String,
    /// SHA-256 of its file, lower-case hex.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
}

/// A machine-readable zone.
#[derive(Serialize, ToSchema)]
pub struct Mrz {
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`.
    pub format: String,
    /// Its lines, after repairs.
    pub lines: Vec<String>,
    /// Characters that were not taken as read.
    pub repairs: Vec<MrzRepair>,
}

/// A character that was repaired: not a read.
#[derive(Serialize, ToSchema)]
pub struct MrzRepair {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What was read.
    pub read: char,
    /// What it was taken for.
    pub repaired: char,
    /// Why.
    pub reason: String,
}

impl From<Vec<RunResult>> for Evidence {
    fn from(mut results: Vec<RunResult>) -> Self {
        let mrz = results
            .iter_mut()
            .find_map(|result| result.record.as_mut().and_then(|record| record.mrz.take()));
        Self {
            sandbox: false,
            capabilities: by_capability(&results, EvidenceEntry::new),
            mrz: mrz.map(Mrz::from),
        }
    }
}

impl EvidenceEntry {
    fn new(result: &RunResult) -> Option<Self> {
        let entry = CapabilityEntry::new(result)?;
        let evidence = result.record.iter().flat_map(|record| record.evidence.iter().cloned());
        Some(Self { entry, evidence: evidence.map(EvidenceSignal::from).collect() })
    }
}

impl From<Signal> for EvidenceSignal {
    fn from(signal: Signal) -> Self {
        Self {
            signal: signal.signal,
            value: match signal.value {
                Value::Flag(flag) => EvidenceValue::Flag(flag),
                Value::Number(number) => EvidenceValue::Number(number),
                Value::Text(text) => EvidenceValue::Text(text),
            },
            threshold: signal.threshold,
            region: signal.region.map(|Region { part, corners }| EvidenceRegion { part, corners }),
            model: signal.model.map(|ModelIdentity { id, sha256 }| EvidenceModel { id, sha256 }),
        }
    }
}

impl From<MrzEvidence> for Mrz {
    fn from(mrz: MrzEvidence) -> Self {
        let MrzEvidence { format, lines, repairs } = mrz;
        Self { format, lines, repairs: repairs.into_iter().map(MrzRepair::from).collect() }
    }
}

impl From<RepairEvidence> for MrzRepair {
    fn from(repair: RepairEvidence) -> Self {
        let RepairEvidence { line, column, read, repaired, reason } = repair;
        Self { line, column, read, repaired, reason }
    }
}
