//! `dataChecks`: does what the document says hold together, and with what others with the same face said?

use std::sync::Arc;

use bonafide_document::data_checks::{self, Symbol, Zone};
use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;

use super::{DocumentReader, Inputs, Judge, Outcome};

/// Checks digits, dates, issuers, and the zone against the symbol.
pub(super) struct DataChecks(pub(super) Arc<DocumentReader>);

impl Judge for DataChecks {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(document) = inputs.first_of(Category::Id).and_then(|input| self.0.read(input))
        else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let licence = document.licence();
        let judgement = data_checks::judge(&data_checks::Inputs {
            zone: document
                .mrz()
                .map(|(side, reading)| Zone { part: side.classifier.as_str(), reading }),
            symbol: document.barcode().zip(licence.as_ref()).map(|((side, barcode), licence)| {
                Symbol { part: side.classifier.as_str(), quad: barcode.quad, licence }
            }),
            today: inputs.today(),
            expiry_limit_days: inputs.expiry_limit_days,
        });
        let mut outcome =
            Outcome::decided(Capability::DataChecks, judgement.decision, judgement.signals);
        let passes = judgement.decision.decision_type() != DecisionType::Rejected;
        if passes && inputs.seen_with_other_data > 0 {
            let seen =
                Signal::new("face_search.other_data", inputs.seen_with_other_data).against(0.0);
            outcome.record.evidence.push(seen);
            outcome = Outcome::new(
                Capability::DataChecks,
                DecisionType::Rejected,
                Label::MismatchingDataRepeatedFace,
                outcome.record.evidence,
            );
        }
        outcome
    }
}
