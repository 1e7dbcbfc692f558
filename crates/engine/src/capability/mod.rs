//! What judges: one file for each capability of the wire that this version has an engine for.
//!
//! A capability is a pure function of its inputs. `document`, `face` and `screening` export
//! plain functions and know nothing of this; the files here translate.

mod authentication;
pub(crate) mod biometrics;
mod data_checks;
mod document;
mod evidence;
mod extraction;
mod faces;
mod image_checks;
mod liveness;
mod nets;
pub mod offline;
mod similarity;
mod usability;

use std::collections::BTreeMap;
use std::sync::Arc;

use bonafide_domain::credential::{Category, Classifier, Credential};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::tenant::TenantMode;
use bonafide_imaging::Limits;
use jiff::Timestamp;

pub use self::biometrics::{AnsweredChallenge, Biometrics};
pub use self::document::DocumentReader;
pub use self::faces::Faces;
use crate::face_search::Portrait;
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
    /// Whose face it is, where the workflow looks at faces.
    pub biometrics: Option<Biometrics>,
    /// Whether the face of the document is looked for among those seen before.
    pub seeks_face: bool,
    /// In how many earlier executions it was seen with other data.
    pub seen_with_other_data: usize,
    /// When the execution was finalized: a run that is repeated judges by the same day.
    pub now: Timestamp,
}

impl Inputs {
    /// The first credential of a category.
    pub fn first_of(&self, category: Category) -> Option<&CredentialInput> {
        self.credentials.iter().find(|input| input.credential.category == category)
    }

    /// The credential with the burst of a journey.
    pub fn burst(&self) -> Option<&CredentialInput> {
        self.credentials.iter().find(|input| {
            input.challenge.as_ref().is_some_and(|challenge| challenge.answer.is_some())
        })
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
    /// What its frames answer; only for the facemap of a journey.
    pub challenge: Option<AnsweredChallenge>,
}

/// What a capability came to.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The decision.
    pub decision: Decision,
    /// Data for the wire, and evidence.
    pub record: Record,
    /// The facemap that was made, to be kept with the run's facemap credential.
    pub facemap: Option<Vec<u8>>,
    /// The search in watchlists that was made.
    pub search: Option<NewSearch>,
    /// The face that is to be looked for among those seen before.
    pub(crate) portrait: Option<Portrait>,
}

impl Outcome {
    /// A decision that says all.
    pub fn of(decision: Decision) -> Self {
        Self { decision, record: Record::default(), facemap: None, search: None, portrait: None }
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
        Self { record: Record { evidence, ..Record::default() }, ..Self::of(decision) }
    }

    /// A decision that a plain function of a leaf came to, with what it rests on.
    pub fn decided(capability: Capability, decision: Decision, evidence: Vec<Signal>) -> Self {
        Self::new(capability, decision.decision_type(), decision.label(), evidence)
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
    faces: Option<Arc<Faces>>,
}

impl Capabilities {
    /// Those that this version has engines for.
    pub fn new(reader: &Arc<DocumentReader>, faces: &Arc<Faces>) -> Self {
        let usability =
            usability::Usability { documents: Arc::clone(reader), faces: Arc::clone(faces) };
        let image_checks =
            image_checks::ImageChecks { documents: Arc::clone(reader), faces: Arc::clone(faces) };
        let liveness =
            liveness::Liveness { documents: Arc::clone(reader), faces: Arc::clone(faces) };
        Self { faces: Some(Arc::clone(faces)), ..Self::default() }
            .with(Capability::Usability, usability)
            .with(Capability::Liveness, liveness)
            .with(Capability::Similarity, similarity::Similarity(Arc::clone(faces)))
            .with(Capability::Authentication, authentication::Authentication(Arc::clone(faces)))
            .with(Capability::ImageChecks, image_checks)
            .with(Capability::Extraction, extraction::Extraction(Arc::clone(reader)))
            .with(Capability::DataChecks, data_checks::DataChecks(Arc::clone(reader)))
    }

    /// What looks at faces, if its pack is installed: for what is said while a face is captured.
    pub(crate) fn faces(&self) -> Option<&Arc<Faces>> {
        self.faces.as_ref().filter(|faces| faces.is_ready())
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
