//! Whether two pictures show the same person.

use bonafide_domain::decision::{Capability, Decision, DecisionType, Label, NotInContract};
use bonafide_domain::evidence::{ModelIdentity, Signal};

use crate::Description;
use crate::sample::{Sample, Source, Subject};

/// Distances up to `accept` match, above `reject` they do not, and what lies between is not
/// decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Greatest distance of a match.
    pub accept: f32,
    /// Least distance of two persons, not included.
    pub reject: f32,
}

impl Thresholds {
    /// Two selfies, or a selfie and a facemap.
    pub const SELFIES: Self = Self { accept: 0.55, reject: 0.62 };
    /// A selfie and a document's portrait, which is small, printed and often old.
    pub const SELFIE_AND_ID: Self = Self { accept: 0.55, reject: 0.65 };
    /// Two documents: what they share, such as a printed pattern, brings two persons' portraits
    /// nearer to each other, so that less may count as a match.
    pub const IDS: Self = Self { accept: 0.50, reject: 0.60 };

    /// Those for pictures of these sources.
    pub fn of(left: Source, right: Source) -> Self {
        match (left, right) {
            (Source::Selfie, Source::Selfie) => Self::SELFIES,
            (Source::IdPortrait, Source::IdPortrait) => Self::IDS,
            _ => Self::SELFIE_AND_ID,
        }
    }

    /// What a distance comes to.
    pub fn verdict(self, distance: f32) -> Verdict {
        if distance <= self.accept {
            Verdict::Match
        } else if distance > self.reject {
            Verdict::NoMatch
        } else {
            // A distance that is no number ends here as well.
            Verdict::NotPossible
        }
    }
}

/// `data.similarity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The same person.
    Match,
    /// Two persons.
    NoMatch,
    /// Not to be said: a face is missing or too bad, or the distance lies between.
    NotPossible,
}

impl Verdict {
    /// What goes on the wire (contract §7.3).
    pub fn decision(self) -> Result<Decision, NotInContract> {
        let (decision_type, label) = match self {
            Self::Match => (DecisionType::Passed, Label::Match),
            Self::NoMatch => (DecisionType::Rejected, Label::NoMatch),
            Self::NotPossible => (DecisionType::Warning, Label::NotPossible),
        };
        Decision::new(Capability::Similarity, decision_type, label)
    }
}

/// What a comparison came to.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Whether it is the same person.
    pub verdict: Verdict,
    /// The distance, where there was something to compare.
    pub distance: Option<f32>,
    /// What was observed, whether it counted or not.
    pub signals: Vec<Signal>,
}

/// Fewer pixels between the eyes carry too little of a face.
const LEAST_INTER_EYE_PIXELS: f32 = 18.0;
/// The net was not made for faces that look further away.
const MOST_YAW_DEGREES: f32 = 45.0;
const MOST_PITCH_DEGREES: f32 = 40.0;
/// Edges wider than this leave no features.
const LEAST_SHARPNESS: f32 = 0.12;
/// A face with less between dark and bright is a shadow or a lamp.
const LEAST_DYNAMIC_RANGE: f32 = 15.0;

/// Compares the largest faces of two pictures.
pub fn compare(left: &Sample, right: &Sample, model: &ModelIdentity) -> Comparison {
    let mut signals = [left.signals.clone(), right.signals.clone()].concat();
    for sample in [left, right] {
        if let Some(obstacle) = obstacle(sample) {
            signals.push(Signal::new(format!("similarity.obstacle.{}", sample.part), obstacle));
        }
    }
    let (Some(one), Some(other)) = (&left.subject, &right.subject) else {
        return Comparison { verdict: Verdict::NotPossible, distance: None, signals };
    };
    let thresholds = Thresholds::of(left.source, right.source);
    let distance = one.description.distance(&other.description);
    signals.extend(distance_signals("similarity", distance, thresholds, model));
    let comparable = obstacle(left).is_none() && obstacle(right).is_none();
    let verdict = if comparable { thresholds.verdict(distance) } else { Verdict::NotPossible };
    Comparison { verdict, distance: Some(distance), signals }
}

/// Compares a face with the descriptions of a facemap: the nearest one counts.
pub fn nearest(description: &Description, template: &[Description]) -> Option<f32> {
    template.iter().map(|own| own.distance(description)).min_by(f32::total_cmp)
}

pub(crate) fn distance_signals(
    prefix: &str,
    distance: f32,
    thresholds: Thresholds,
    model: &ModelIdentity,
) -> [Signal; 2] {
    [
        Signal::new(format!("{prefix}.distance"), distance)
            .against(f64::from(thresholds.accept))
            .by(model.clone()),
        Signal::new(format!("{prefix}.distance.reject"), distance)
            .against(f64::from(thresholds.reject))
            .by(model.clone()),
    ]
}

/// Why a sample cannot be compared, if it cannot.
pub fn obstacle(sample: &Sample) -> Option<&'static str> {
    let Some(Subject { quality, .. }) = &sample.subject else { return Some("no face") };
    let [yaw, pitch, _] = quality.pose_degrees;
    let obstacles = [
        (sample.shows_several(), "several faces"),
        (quality.inter_eye_pixels < LEAST_INTER_EYE_PIXELS, "too small"),
        (yaw > MOST_YAW_DEGREES || pitch > MOST_PITCH_DEGREES, "turned away"),
        (quality.sharpness < LEAST_SHARPNESS, "blurred"),
        (quality.dynamic_range < LEAST_DYNAMIC_RANGE, "no contrast"),
    ];
    obstacles.into_iter().find(|(holds, _)| *holds).map(|(_, obstacle)| obstacle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_thresholds() {
        for (thresholds, distance, verdict) in [
            (Thresholds::SELFIES, 0.55, Verdict::Match),
            (Thresholds::SELFIES, 0.551, Verdict::NotPossible),
            (Thresholds::SELFIES, 0.62, Verdict::NotPossible),
            (Thresholds::SELFIES, 0.621, Verdict::NoMatch),
            (Thresholds::SELFIE_AND_ID, 0.65, Verdict::NotPossible),
            (Thresholds::IDS, 0.52, Verdict::NotPossible),
            (Thresholds::IDS, 0.61, Verdict::NoMatch),
            (Thresholds::IDS, f32::NAN, Verdict::NotPossible),
        ] {
            assert_eq!(thresholds.verdict(distance), verdict, "{distance}");
        }
    }

    #[test]
    fn two_documents_are_compared_more_strictly() {
        assert_eq!(Thresholds::of(Source::IdPortrait, Source::IdPortrait), Thresholds::IDS);
        assert_eq!(Thresholds::of(Source::Selfie, Source::IdPortrait), Thresholds::SELFIE_AND_ID);
        const { assert!(Thresholds::IDS.accept < Thresholds::SELFIE_AND_ID.accept) };
    }

    #[test]
    fn every_verdict_is_in_the_contract() {
        for verdict in [Verdict::Match, Verdict::NoMatch, Verdict::NotPossible] {
            verdict.decision().unwrap();
        }
    }

    fn without_face(part: &str) -> Sample {
        Sample {
            source: Source::Selfie,
            part: part.to_owned(),
            subject: None,
            second_share: 0.0,
            signals: Vec::new(),
        }
    }

    #[test]
    fn without_a_face_nothing_is_decided() {
        let model = ModelIdentity { id: "net".to_owned(), sha256: "00".to_owned() };
        let comparison = compare(&without_face("FACE"), &without_face("FRONT"), &model);
        assert_eq!((comparison.verdict, comparison.distance), (Verdict::NotPossible, None));
        assert!(
            comparison.signals.iter().any(|signal| signal.signal == "similarity.obstacle.FRONT")
        );
    }
}
