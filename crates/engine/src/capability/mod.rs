//! What judges: one file for each capability of the wire that this version has an engine for.
//!
//! A capability is a pure function of its inputs. `document`, and later `face` and `screening`,
//! export plain functions and know nothing of this; the files here translate.

mod data_checks;
mod document;
mod evidence;
mod extraction;
mod image_checks;
pub mod offline;
mod usability;

use std::collections::BTreeMap;
use std::sync::Arc;

use bonafide_domain::credential::{Category, Classifier, Credential};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::tenant::TenantMode;
use bonafide_imaging::Limits;
use jiff::Timestamp;

pub use self::document::DocumentReader;
use crate::record::{MrzEvidence, Record};
use crate::screening::NewSearch;

/// Judges the credentials of one run.
pub trait Judge: Send + Sync {
    /// The decision, with what it rests on. What cannot be judged is `NOT_EXECUTED`, never passed.
    fn evaluate(&self, inputs: &Inputs) -> Outcome;
}

/// What a capability looks at.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The credentials of the run, with their parts opened.
    pub credentials: Vec<CredentialInput>,
    /// Live or test: a test tenant's specimens are judged as if they were real.
    pub mode: TenantMode,
    /// The tenant's limit for documents that expire soon.
    pub expiry_limit_days: u16,
    /// When the execution was finalized: a run that is repeated judges by the same day.
    pub now: Timestamp,
}

impl Inputs {
    /// The first credential of a category.
    pub fn first_of(&self, category: Category) -> Option<&CredentialInput> {
        self.credentials.iter().find(|input| input.credential.category == category)
    }

    /// The day of judging, in UTC.
    pub fn today(&self) -> jiff::civil::Date {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}

/// A credential with its parts opened in memory.
#[derive(Debug, Clone)]
pub struct CredentialInput {
    /// The credential.
    pub credential: Credential,
    /// The plain bytes of its parts.
    pub parts: BTreeMap<Classifier, Arc<[u8]>>,
}

/// What a capability came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The decision.
    pub decision: Decision,
    /// Data for the wire, and evidence.
    pub record: Record,
    /// The search in watchlists that was made.
    pub search: Option<NewSearch>,
}

impl Outcome {
    /// A decision that says all.
    pub fn of(decision: Decision) -> Self {
        Self { decision, record: Record::default(), search: None }
    }

    /// A decision with what it rests on. A pair that the contract does not know is our fault, and
    /// becomes `TECHNICAL_ERROR` rather than a pass.
    pub fn new(
        capability: Capability,
        decision_type: DecisionType,
        label: Label,
        evidence: Vec<Signal>,
    ) -> Self {
        let decision = Decision::new(capability, decision_type, label).unwrap_or_else(|error| {
            tracing::error!(%error, "a capability left the contract");
            Decision::TECHNICAL_ERROR
        });
        Self { decision, record: Record { evidence, ..Record::default() }, search: None }
    }

    /// Adds the data for the wire.
    #[must_use]
    pub fn with_data(mut self, data: serde_json::Value) -> Self {
        self.record.data = Some(data);
        self
    }

    /// Adds the machine-readable zone.
    #[must_use]
    pub fn with_mrz(mut self, mrz: Option<MrzEvidence>) -> Self {
        self.record.mrz = mrz;
        self
    }
}

/// The capabilities of this server. One that is missing here ends as `NOT_EXECUTED` /
/// `TECHNICAL_ERROR`.
#[derive(Clone, Default)]
pub struct Capabilities {
    judges: BTreeMap<Capability, Arc<dyn Judge>>,
}

impl Capabilities {
    /// Those that this version has engines for.
    pub fn new(reader: &Arc<DocumentReader>) -> Self {
        Self::default()
            .with(Capability::Usability, usability::Usability(Arc::clone(reader)))
            .with(Capability::ImageChecks, image_checks::ImageChecks(Arc::clone(reader)))
            .with(Capability::Extraction, extraction::Extraction(Arc::clone(reader)))
            .with(Capability::DataChecks, data_checks::DataChecks(Arc::clone(reader)))
    }

    /// Adds one, or replaces it.
    #[must_use]
    pub fn with(mut self, capability: Capability, judge: impl Judge + 'static) -> Self {
        self.judges.insert(capability, Arc::new(judge));
        self
    }

    /// Takes one away.
    #[must_use]
    pub fn without(mut self, capability: Capability) -> Self {
        self.judges.remove(&capability);
        self
    }

    /// The judge of a capability.
    pub fn find(&self, capability: Capability) -> Option<Arc<dyn Judge>> {
        self.judges.get(&capability).cloned()
    }
}

/// The limits within which a stored picture is decoded: those of the upload, without its least
/// size, which the upload has checked.
fn decoding_limits(limits: &Limits) -> Limits {
    Limits { shortest_longest_side: 1, ..*limits }
}
