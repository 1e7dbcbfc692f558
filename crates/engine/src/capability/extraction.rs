//! `extraction`: what does the document say?

use std::sync::Arc;

use bonafide_document::{aamva, mrz};
use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::extraction::Extraction as Data;
use jiff::civil::Date;

use super::document::ReadDocument;
use super::evidence::reading_signals;
use super::{DocumentReader, Inputs, Judge, Outcome};

/// Reads the machine-readable zone, or the symbol of a licence.
pub(super) struct Extraction(pub(super) Arc<DocumentReader>);

impl Judge for Extraction {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(document) = inputs.first_of(Category::Id).and_then(|input| self.0.read(input))
        else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let data = read_data(&document, inputs.today());
        if data == Data::default() {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        }
        let Ok(data) = serde_json::to_value(&data) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let signals = reading_signals(&document);
        Outcome::new(Capability::Extraction, DecisionType::Passed, Label::Ok, signals)
            .with_data(data)
    }
}

/// The data of a document: of the symbol where a licence has one, else of the zone. Empty when
/// neither says anything.
pub(super) fn read_data(document: &ReadDocument, today: Date) -> Data {
    if let Some(Ok(licence)) = document.licence() {
        return aamva::extraction(&licence, today);
    }
    document
        .mrz()
        .and_then(|(_, reading)| reading.document(today).ok())
        .map(|zone| mrz::extraction(&zone, today))
        .unwrap_or_default()
}
