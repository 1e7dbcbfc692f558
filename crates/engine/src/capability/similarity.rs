//! `similarity`: do two pictures show the same person?

use std::sync::Arc;

use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, Decision};
use bonafide_face::similarity::{Verdict, compare};
use serde_json::json;

use super::faces::Faces;
use super::{Inputs, Judge, Outcome};

/// Compares the two credentials of a run: an ID and a selfie, two IDs, two selfies.
pub(super) struct Similarity(pub(super) Arc<Faces>);

impl Judge for Similarity {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        if inputs.biometrics.as_ref().is_some_and(|biometrics| biometrics.is_consent_lapsed) {
            return Outcome::of(Decision::PRECONDITION_NOT_FULFILLED);
        }
        let mut pair = inputs
            .credentials
            .iter()
            .filter(|input| matches!(input.credential.category, Category::Id | Category::Selfie))
            .map(|input| self.0.sample_of(input));
        let (Some(Ok(left)), Some(Ok(right)), Some(model)) =
            (pair.next(), pair.next(), self.0.model())
        else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let comparison = compare(&left, &right, model);
        let Ok(decision) = comparison.verdict.decision() else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        // The field says NOT_MATCH where the label says NO_MATCH (contract §15, row 26).
        let word = match comparison.verdict {
            Verdict::Match => "MATCH",
            Verdict::NoMatch => "NOT_MATCH",
            Verdict::NotPossible => "NOT_POSSIBLE",
        };
        Outcome::decided(Capability::Similarity, decision, comparison.signals)
            .with_data(json!({ "similarity": word }))
    }
}
