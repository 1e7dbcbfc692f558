//! `authentication`: is it the person of the facemap, and alive?

use std::sync::Arc;

use bonafide_domain::credential::Classifier;
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_face::authentication::authenticate;
use bonafide_face::facemap::Refusal;
use serde_json::json;

use super::faces::Faces;
use super::liveness::judge_burst;
use super::{Inputs, Judge, Outcome};

/// Compares the burst of a journey with the account's facemap, or with the one that was brought.
pub(super) struct Authentication(pub(super) Arc<Faces>);

impl Judge for Authentication {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let (Some(biometrics), Some(pack), Some(model)) =
            (&inputs.biometrics, self.0.pack(), self.0.model())
        else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let brought =
            inputs.credentials.iter().find_map(|input| input.parts.get(&Classifier::Facemap));
        let facemap = brought.or(biometrics.facemap.as_ref());
        let (Some(input), Some(facemap), false) =
            (inputs.burst(), facemap, biometrics.is_consent_lapsed)
        else {
            return Outcome::of(Decision::PRECONDITION_NOT_FULFILLED);
        };
        let facemap = match biometrics.read(facemap, pack, inputs.now) {
            Ok(facemap) => facemap,
            // The person is who they are; there is nothing to compare with.
            Err(Refusal::OtherPack | Refusal::TooOld) => {
                return Outcome::of(Decision::PRECONDITION_NOT_FULFILLED);
            }
            Err(refusal) => return refused(refusal),
        };
        let Ok(burst) = judge_burst(&self.0, input) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let rotation = biometrics.rotation_of(&facemap);
        let authentication = authenticate(burst.verdict, &burst.frames, &facemap, rotation, model);
        let Ok(decision) = authentication.decision() else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let signals = [burst.signals, authentication.signals].concat();
        Outcome::decided(Capability::Authentication, decision, signals)
            .with_data(json!({"type": "JUMIO_STANDARD"}))
    }
}

fn refused(refusal: Refusal) -> Outcome {
    let signals = vec![Signal::new("authentication.facemap", refusal.to_string())];
    Outcome::new(Capability::Authentication, DecisionType::Rejected, Label::Failed, signals)
}
