//! `liveness`: is a person there?

use std::sync::Arc;

use bonafide_document::around;
use bonafide_domain::credential::{Category, Classifier};
use bonafide_domain::decision::{Capability, Decision, DecisionType, Label, NotInContract};
use bonafide_domain::evidence::Signal;
use bonafide_face::liveness::{self, Finding, Frame, Verdict};
use bonafide_face::passive::{Evaluation, LEAST_LIVE};
use bonafide_face::similarity::Thresholds;
use bonafide_face::{Sample, usability};
use serde_json::json;

use super::faces::{Faces, Unseen};
use super::{CredentialInput, DocumentReader, Inputs, Judge, Outcome};

/// Judges the burst of a journey. A picture alone can only be found not to be live, unless the nets
/// that say more of it have known error rates (ADR 0016).
pub(super) struct Liveness {
    pub(super) documents: Arc<DocumentReader>,
    pub(super) faces: Arc<Faces>,
}

/// A face that fills more of the longer side of its picture is nobody's portrait with a document
/// around it.
const MOST_PORTRAIT: f32 = 0.3;

/// A burst that was judged.
pub(super) struct JudgedBurst {
    pub(super) frames: Vec<Frame>,
    pub(super) verdict: Verdict,
    pub(super) signals: Vec<Signal>,
}

impl Judge for Liveness {
    fn evaluate(&self, inputs: &Inputs) -> Outcome {
        let Some(biometrics) = inputs.biometrics.as_ref().filter(|_| self.faces.is_ready()) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        if biometrics.is_consent_lapsed {
            return Outcome::of(Decision::PRECONDITION_NOT_FULFILLED);
        }
        let shown = inputs.first_of(Category::Selfie);
        let selfie = match shown.map(|input| self.selfie(input)) {
            Some(Ok(selfie)) => selfie,
            Some(Err(_)) => return Outcome::of(Decision::TECHNICAL_ERROR),
            None => None,
        };
        if let Some((input, selfie)) = shown.zip(selfie.as_deref())
            && let Some(document) = self.document_around(input, selfie)
        {
            let signals = [&selfie.signals[..], &[document]].concat();
            let (rejected, label) = (DecisionType::Rejected, Label::IdUsedAsSelfie);
            return Outcome::new(Capability::Liveness, rejected, label, signals);
        }
        let Some(input) = inputs.burst() else {
            return without_burst(selfie.as_deref(), self.faces.evaluation());
        };
        let Ok(mut burst) = judge_burst(&self.faces, input) else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        if let Some(selfie) = selfie {
            burst.must_show(&selfie, &self.faces);
        }
        let Ok(decision) = burst.verdict.decision() else {
            return Outcome::of(Decision::TECHNICAL_ERROR);
        };
        let mut outcome = Outcome::decided(Capability::Liveness, decision, burst.signals)
            .with_data(json!({"type": "JUMIO_STANDARD"}));
        if burst.verdict == Verdict::Live
            && let Some((answered, pack)) = input.challenge.as_ref().zip(self.faces.pack())
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
        self.faces.sample_of(input).map(Some)
    }

    /// What says that the selfie is the picture of a document. Reading it takes its time, so only a
    /// face as small as a portrait is looked around.
    fn document_around(&self, input: &CredentialInput, selfie: &Sample) -> Option<Signal> {
        let subject = selfie.subject.as_ref()?;
        if subject.share > MOST_PORTRAIT {
            return None;
        }
        let side = self.documents.read_selfie(input.parts.get(&Classifier::Face)?)?;
        around::signal(&side.as_side(), &subject.face.quad)
    }
}

/// What can be said of a selfie alone: a defect, or that the nets against presentation attacks object.
/// Nothing for it, unless the operator has measured how often they err.
fn without_burst(selfie: Option<&Sample>, evaluation: Option<&Evaluation>) -> Outcome {
    let unfulfilled = || Outcome::of(Decision::PRECONDITION_NOT_FULFILLED);
    let Some(selfie) = selfie else { return unfulfilled() };
    let refused: Option<Result<Decision, NotInContract>> =
        usability::defect(selfie).map(usability::Defect::liveness);
    if let Some(refused) = refused {
        return refused.map_or_else(
            |_| unfulfilled(),
            |decision| Outcome::decided(Capability::Liveness, decision, selfie.signals.clone()),
        );
    }
    let Some(passive) = selfie.subject.as_ref().and_then(|subject| subject.passive.as_ref()) else {
        return unfulfilled();
    };
    let (threshold, said) = said_alone(passive.likelihood, evaluation.map(|own| own.threshold));
    let Some((decision_type, label)) = said else { return unfulfilled() };
    let mut signals = selfie.signals.clone();
    signals.push(passive.signal(threshold));
    if let Some(evaluation) = evaluation {
        signals.push(Signal::new("liveness.passive.evaluation", evaluation.set.as_str()));
    }
    Outcome::new(Capability::Liveness, decision_type, label, signals)
        .with_data(json!({"type": "JUMIO_STANDARD"}))
}

/// The threshold, and what is said of a single picture with this likelihood of being live: by an
/// operator's own measurement either, without one a refusal or nothing. The nets do not say what
/// their classes of attacks are, so that the label does not either.
fn said_alone(likelihood: f32, measured: Option<f32>) -> (f32, Option<(DecisionType, Label)>) {
    let threshold = measured.unwrap_or(LEAST_LIVE);
    // What is no number is not live.
    let said = match (likelihood >= threshold, measured) {
        (true, Some(_)) => Some((DecisionType::Passed, Label::Ok)),
        (true, None) => None,
        (false, _) => Some((DecisionType::Rejected, Label::LivenessUndetermined)),
    };
    (threshold, said)
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

    /// Guards the rule that nothing passes by nets that nobody has measured, however sure they are.
    #[test]
    fn a_picture_alone_passes_only_by_a_measured_threshold() {
        let said = |likelihood, measured| said_alone(likelihood, measured).1;
        let rejected = Some((DecisionType::Rejected, Label::LivenessUndetermined));
        assert_eq!(said(1.0, None), None);
        assert_eq!(said(0.2, None), None);
        assert_eq!(said(0.19, None), rejected);
        assert_eq!(said(0.6, Some(0.5)), Some((DecisionType::Passed, Label::Ok)));
        assert_eq!(said(0.4, Some(0.5)), rejected);
        assert_eq!(said(f32::NAN, Some(0.5)), rejected);
        assert_eq!(said(f32::NAN, None), rejected);
    }

    #[test]
    fn virtual_cameras_are_known_by_their_names() {
        assert!(is_virtual("OBS Virtual Camera"));
        assert!(is_virtual("ManyCam Video Source"));
        assert!(!is_virtual("FaceTime HD Camera (Built-in)"));
    }
}
