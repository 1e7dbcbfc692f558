//! `usability`: can the pictures be worked with?

use std::sync::Arc;

use bonafide_document::usability;
use bonafide_domain::credential::{Accepted, Category};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_domain::extraction::Extraction;

use super::extraction::read_data;
use super::{CredentialInput, DocumentReader, Inputs, Judge, Outcome};
use crate::capability::evidence::mrz_evidence;

/// Judges the pictures of an ID. Selfies and facemaps have no engine yet.
pub(super) struct Usability(pub(super) Arc<DocumentReader>);

impl Judge for Usability {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(input) = inputs.credentials.first() else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        if input.credential.category != Category::Id {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        }
        let Some(document) = self.0.read(input) else {
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
        let Decided { decision_type, label } = judgement.decision.into();
        Outcome::new(Capability::Usability, decision_type, label, judgement.signals)
            .with_mrz(document.mrz().map(|(_, reading)| mrz_evidence(reading)))
    }
}

struct Decided {
    decision_type: DecisionType,
    label: Label,
}

impl From<Decision> for Decided {
    fn from(decision: Decision) -> Self {
        Self { decision_type: decision.decision_type(), label: decision.label() }
    }
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
