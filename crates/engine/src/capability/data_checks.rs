//! `dataChecks`: does what the document says hold together?

use std::sync::Arc;

use bonafide_document::data_checks::{self, Symbol, Zone};
use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision};

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
        let decision = judgement.decision;
        Outcome::new(
            Capability::DataChecks,
            decision.decision_type(),
            decision.label(),
            judgement.signals,
        )
    }
}
