//! Whether the picture of a person can be worked with, and what the capabilities that need a face
//! say about one that cannot.

use bonafide_domain::decision::{Capability, Decision, DecisionType, Label, NotInContract};

use crate::quality::Quality;
use crate::sample::Sample;

/// What is the matter with the picture of a person, the most basic thing first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// No face was found.
    NoFacePresent,
    /// A second person takes part.
    MultiplePeople,
    /// A part of the face lies outside of the picture, or it is turned away.
    FaceNotFullyVisible,
    /// The picture has no colours.
    BlackWhite,
    /// The face is too small, too dark, too bright or out of focus.
    BadQuality,
}

/// Largest share of the face that may lie outside of the picture.
const MOST_OUTSIDE: f32 = 0.03;
/// A face turned further shows one half only.
const MOST_YAW_DEGREES: f32 = 50.0;
/// Less colour than this has a picture without colours.
const LEAST_COLOUR_SPREAD: f32 = 1.2;
/// Fewest pixels between the eyes of a selfie; 90 would be ideal (ICAO Doc 9303-9).
const LEAST_INTER_EYE_PIXELS: f32 = 40.0;
/// Least luma between dark and bright.
const LEAST_DYNAMIC_RANGE: f32 = 25.0;
/// Most of the face that may be black, or white.
const MOST_CLIPPED: f32 = 0.5;
/// Edges wider than this are out of focus; in 1/pixel of the chip.
const LEAST_SHARPNESS: f32 = 0.15;

/// The first defect of a person's picture, if it has one.
pub fn defect(sample: &Sample) -> Option<Defect> {
    let Some(subject) = &sample.subject else { return Some(Defect::NoFacePresent) };
    let quality = &subject.quality;
    let defects = [
        (sample.shows_several(), Defect::MultiplePeople),
        (is_partly_hidden(quality), Defect::FaceNotFullyVisible),
        (quality.colour_spread < LEAST_COLOUR_SPREAD, Defect::BlackWhite),
        (is_badly_shown(quality), Defect::BadQuality),
    ];
    defects.into_iter().find(|(holds, _)| *holds).map(|(_, defect)| defect)
}

fn is_partly_hidden(quality: &Quality) -> bool {
    quality.share_outside > MOST_OUTSIDE || quality.pose_degrees[0] > MOST_YAW_DEGREES
}

fn is_badly_shown(quality: &Quality) -> bool {
    quality.inter_eye_pixels < LEAST_INTER_EYE_PIXELS
        || quality.dynamic_range < LEAST_DYNAMIC_RANGE
        || quality.crushed > MOST_CLIPPED
        || quality.blown > MOST_CLIPPED
        || quality.sharpness < LEAST_SHARPNESS
}

/// Usability of a selfie (contract §7.3). Only a bad picture is rejected here: that there is no
/// face, or more than one, have labels of their own in what needs the face, and a rejection here
/// would keep those from being given.
pub fn usability(defect: Option<Defect>) -> Result<Decision, NotInContract> {
    let (decision_type, label) = match defect {
        Some(Defect::BadQuality) => (DecisionType::Rejected, Label::BadQuality),
        _ => (DecisionType::Passed, Label::Ok),
    };
    Decision::new(Capability::Usability, decision_type, label)
}

impl Defect {
    /// What liveness says about it (contract §7.3). Never passed.
    pub fn liveness(self) -> Result<Decision, NotInContract> {
        let (decision_type, label) = match self {
            Self::NoFacePresent => (DecisionType::Rejected, Label::NoFacePresent),
            Self::MultiplePeople => (DecisionType::Rejected, Label::MultiplePeople),
            Self::FaceNotFullyVisible => (DecisionType::Rejected, Label::FaceNotFullyVisible),
            Self::BlackWhite => (DecisionType::Rejected, Label::BlackWhite),
            Self::BadQuality => (DecisionType::Warning, Label::BadQuality),
        };
        Decision::new(Capability::Liveness, decision_type, label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Defect; 5] = [
        Defect::NoFacePresent,
        Defect::MultiplePeople,
        Defect::FaceNotFullyVisible,
        Defect::BlackWhite,
        Defect::BadQuality,
    ];

    #[test]
    fn every_defect_has_a_label_and_none_passes_liveness() {
        for defect in ALL {
            assert_ne!(defect.liveness().unwrap().decision_type(), DecisionType::Passed);
            usability(Some(defect)).unwrap();
        }
        assert_eq!(usability(None).unwrap().label(), Label::Ok);
    }
}
