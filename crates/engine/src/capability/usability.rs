//! `usability`: can the pictures be worked with?

use std::sync::Arc;

use bonafide_document::usability;
use bonafide_domain::credential::{Accepted, Category, Classifier};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::extraction::Extraction;
use bonafide_face::liveness::Verdict;
use bonafide_face::usability as faces;

use super::extraction::read_data;
use super::faces::{Faces, Unseen};
use super::liveness::judge_burst;
use super::{CredentialInput, DocumentReader, Inputs, Judge, Outcome};
use crate::capability::evidence::mrz_evidence;

/// Judges the pictures of an ID or a selfie, the burst of a journey, and a facemap that was brought.
pub(super) struct Usability {
    pub(super) documents: Arc<DocumentReader>,
    pub(super) faces: Arc<Faces>,
}

impl Judge for Usability {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(input) = inputs.credentials.first() else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        match input.credential.category {
            Category::Id => self.id(input, inputs),
            Category::Selfie => self.selfie(input),
            Category::Facemap if input.parts.contains_key(&Classifier::Facemap) => {
                self.facemap(input, inputs)
            }
            Category::Facemap => self.burst(input),
            Category::Document | Category::Data => Outcome::of(Decision::TECHNICAL_ERROR),
        }
    }
}

impl Usability {
    fn id(&self, input: &CredentialInput, inputs: &Inputs) -> Outcome {
        let Some(document) = self.documents.read(input) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let (_, mut judgement) = document.show(|sides| match sides {
            [front, rest @ ..] => usability::judge(front, rest.first().copied()),
            [] => unreachable!("a document that was read has a side"),
        });
        if judgement.decision.decision_type() == DecisionType::Passed {
            let data = read_data(&document, inputs.today());
            if let Some(refused) = refuse(input, &data, &mut judgement.signals) {
                judgement.decision = refused;
            }
        }
        Outcome::decided(Capability::Usability, judgement.decision, judgement.signals)
            .with_mrz(document.mrz().map(|(_, reading)| mrz_evidence(reading)))
    }

    fn selfie(&self, input: &CredentialInput) -> Outcome {
        let sample = match self.faces.sample_of(input) {
            Ok(sample) => sample,
            Err(Unseen::Impossible) => return Outcome::of(Decision::TECHNICAL_ERROR),
            Err(Unseen::Undecodable) => return rejected(Label::BadQualityImage, Vec::new()),
        };
        match faces::usability(faces::defect(&sample)) {
            Ok(decision) => {
                Outcome::decided(Capability::Usability, decision, sample.signals.clone())
            }
            Err(_) => Outcome::of(Decision::TECHNICAL_ERROR),
        }
    }

    /// A burst that stays unclear is warned about here, and rejected by liveness (contract §6.1).
    fn burst(&self, input: &CredentialInput) -> Outcome {
        let Ok(burst) = judge_burst(&self.faces, input) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let (decision_type, label) = match burst.verdict {
            Verdict::Undetermined(_) => (DecisionType::Warning, Label::LivenessUndetermined),
            _ => (DecisionType::Passed, Label::Ok),
        };
        Outcome::new(Capability::Usability, decision_type, label, burst.signals)
    }

    fn facemap(&self, input: &CredentialInput, inputs: &Inputs) -> Outcome {
        let (Some(biometrics), Some(pack), Some(bytes)) =
            (&inputs.biometrics, self.faces.pack(), input.parts.get(&Classifier::Facemap))
        else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        match biometrics.read(bytes, pack, inputs.now) {
            Ok(_) => Outcome::new(Capability::Usability, DecisionType::Passed, Label::Ok, vec![]),
            Err(refusal) => {
                let signal = Signal::new("usability.facemap", refusal.to_string());
                rejected(Label::BadQuality, vec![signal])
            }
        }
    }
}

fn rejected(label: Label, signals: Vec<Signal>) -> Outcome {
    Outcome::new(Capability::Usability, DecisionType::Rejected, label, signals)
}

/// What the request does not accept, or the document does not say (contract §3.3, appendix B).
fn refuse(
    input: &CredentialInput,
    data: &Extraction,
    signals: &mut Vec<Signal>,
) -> Option<Decision> {
    let complete = (data.first_name.is_some() || data.last_name.is_some())
        && data.date_of_birth_parts.is_some()
        && data.document_number.is_some();
    signals.push(Signal::new("usability.mandatory_fields_read", complete));
    if !complete {
        return decision(DecisionType::Rejected, Label::MissingMandatoryDatapoints);
    }
    let country = data.issuing_country.as_deref();
    if !accepts(input.credential.country.as_ref(), country) {
        signals.push(Signal::new("usability.country_is_accepted", false));
        return decision(DecisionType::Warning, Label::UnsupportedCountry);
    }
    let document_type = data.document_type.map(bonafide_domain::extraction::DocumentType::as_str);
    if !accepts(input.credential.document_type.as_ref(), document_type) {
        signals.push(Signal::new("usability.document_type_is_accepted", false));
        return decision(DecisionType::Warning, Label::UnsupportedDocumentType);
    }
    None
}

/// Whether a value is among the accepted ones; no list accepts all.
fn accepts(accepted: Option<&Accepted>, value: Option<&str>) -> bool {
    accepted.is_none_or(|accepted| {
        accepted.values.is_empty()
            || value.is_some_and(|value| accepted.values.iter().any(|v| v == value))
    })
}

fn decision(decision_type: DecisionType, label: Label) -> Option<Decision> {
    Decision::new(Capability::Usability, decision_type, label).ok()
}
