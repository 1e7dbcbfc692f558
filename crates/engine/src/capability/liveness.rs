//! `liveness`: is a person there?

use std::sync::Arc;

use bonafide_domain::credential::{Category, Classifier};
use bonafide_domain::decision::{Capability, Decision, NotInContract};
use bonafide_domain::evidence::Signal;
use bonafide_face::liveness::{self, Finding, Frame, Verdict};
use bonafide_face::similarity::Thresholds;
use bonafide_face::{Sample, usability};
use serde_json::json;

use super::faces::{Faces, Unseen};
use super::{CredentialInput, Inputs, Judge, Outcome};

/// Judges the burst of a journey. A picture alone is never live; it can only be found not to be.
pub(super) struct Liveness(pub(super) Arc<Faces>);

/// A burst that was judged.
pub(super) struct JudgedBurst {
    pub(super) frames: Vec<Frame>,
    pub(super) verdict: Verdict,
    pub(super) signals: Vec<Signal>,
}

impl Judge for Liveness {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(biometrics) = inputs.biometrics.as_ref().filter(|_| self.0.is_ready()) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        if biometrics.is_consent_lapsed {
            return Outcome::of(Decision::PRECONDITION_NOT_FULFILLED);
        }
        let selfie = match inputs.first_of(Category::Selfie).map(|input| self.selfie(input)) {
            Some(Ok(selfie)) => selfie,
            Some(Err(_)) => return Outcome::of(Decision::TECHNICAL_ERROR),
            None => None,
        };
        let Some(input) = inputs.burst() else { return without_burst(selfie.as_deref()) };
        let Ok(mut burst) = judge_burst(&self.0, input) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        if let Some(selfie) = selfie {
            burst.must_show(&selfie, &self.0);
        }
        let Ok(decision) = burst.verdict.decision() else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let mut outcome = Outcome::decided(Capability::Liveness, decision, burst.signals)
            .with_data(json!({"type": "JUMIO_STANDARD"}));
        if burst.verdict == Verdict::Live
            && let Some((answered, pack)) = input.challenge.as_ref().zip(self.0.pack())
        {
            outcome.facemap =
                biometrics.enrol(&answered.challenge, &burst.frames, pack, inputs.now);
        }
        outcome
    }
}

impl Liveness {
    fn selfie(&self, input: &CredentialInput) -> Result<Option<Arc<Sample>>, Unseen> {
        if !input.parts.contains_key(&Classifier::Face) {
            return Ok(None);
        }
        self.0.sample_of(input).map(Some)
    }
}

/// What can be said of a selfie alone: a defect, and nothing for it. No pack against presentation
/// attacks with known error rates is installed.
fn without_burst(selfie: Option<&Sample>) -> Outcome {
    let Some(selfie) = selfie else { return Outcome::of(Decision::PRECONDITION_NOT_FULFILLED) };
    let refused: Option<Result<Decision, NotInContract>> =
        usability::defect(selfie).map(usability::Defect::liveness);
    match refused {
        Some(Ok(decision)) => {
            Outcome::decided(Capability::Liveness, decision, selfie.signals.clone())
        }
        _ => Outcome::of(Decision::PRECONDITION_NOT_FULFILLED),
    }
}

/// Judges the burst of a facemap credential.
pub(super) fn judge_burst(faces: &Faces, input: &CredentialInput) -> Result<JudgedBurst, Unseen> {
    let answered = input.challenge.as_ref().ok_or(Unseen::Impossible)?;
    let answer = answered.answer.as_ref().ok_or(Unseen::Impossible)?;
    let model = faces.model().ok_or(Unseen::Impossible)?;
    let frames = faces.burst(input, &answer.times)?;
    let (verdict, mut signals) =
        liveness::judge(&answered.challenge, &frames, answer.received_at, model);
    if let Some(camera) = &answer.camera {
        signals.push(Signal::new("capture.camera", camera.as_str()));
        signals.push(Signal::new("capture.camera_is_virtual", is_virtual(camera)));
    }
    Ok(JudgedBurst { frames, verdict, signals })
}

/// Whether a camera's name is one of the well-known virtual ones.
fn is_virtual(camera: &str) -> bool {
    let camera = camera.to_lowercase();
    ["virtual", "obs ", "manycam", "snap camera", "droidcam", "v4l2loopback", "xsplit"]
        .iter()
        .any(|name| camera.contains(name))
}

impl JudgedBurst {
    /// The selfie is compared with the document, so it has to be the person of the burst. A selfie that
    /// cannot be compared shows nobody.
    fn must_show(&mut self, selfie: &Sample, faces: &Faces) {
        let distance = selfie.subject.as_ref().and_then(|subject| {
            let mut distances: Vec<f32> = self
                .frames
                .iter()
                .filter_map(|frame| frame.face.as_ref())
                .map(|face| face.description.distance(&subject.description))
                .collect();
            distances.sort_by(f32::total_cmp);
            distances.get(distances.len() / 2).copied()
        });
        let most = Thresholds::SELFIES.accept;
        if let Some((distance, model)) = distance.zip(faces.model()) {
            self.signals.push(
                Signal::new("liveness.selfie_distance", distance)
                    .against(f64::from(most))
                    .by(model.clone()),
            );
        }
        // A distance that is no number is no match either.
        let matches = distance.is_some_and(|distance| distance <= most);
        if self.verdict == Verdict::Live && !matches {
            self.verdict = Verdict::Undetermined(Finding::Identity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_cameras_are_known_by_their_names() {
        assert!(is_virtual("OBS Virtual Camera"));
        assert!(is_virtual("ManyCam Video Source"));
        assert!(!is_virtual("FaceTime HD Camera (Built-in)"));
    }
}
