//! Whether the person before the camera is the one of a facemap: liveness and comparison together.

use bonafide_domain::decision::{Capability, Decision, DecisionType, Label, NotInContract};
use bonafide_domain::evidence::{ModelIdentity, Signal};

use crate::facemap::{Facemap, Rotation};
use crate::liveness::{Frame, Verdict};
use crate::similarity::{self, Thresholds, distance_signals};

/// What authentication comes to.
#[derive(Debug, Clone)]
pub struct Authentication {
    /// Whether it is the person, and alive.
    pub succeeded: bool,
    /// The distance to the facemap, where there was a face.
    pub distance: Option<f32>,
    /// What was observed about the comparison.
    pub signals: Vec<Signal>,
}

impl Authentication {
    /// What goes on the wire (contract §7.3).
    pub fn decision(&self) -> Result<Decision, NotInContract> {
        let (decision_type, label) = if self.succeeded {
            (DecisionType::Passed, Label::Ok)
        } else {
            (DecisionType::Rejected, Label::Failed)
        };
        Decision::new(Capability::Authentication, decision_type, label)
    }
}

/// Compares a burst that was judged with a facemap. The median of the frames' distances counts, so
/// that no single frame decides; what lies between the thresholds does not succeed. A facemap that
/// was turned is compared under its own turn: the caller has found the rotation by its id.
pub fn authenticate(
    liveness: Verdict,
    frames: &[Frame],
    facemap: &Facemap,
    rotation: Option<&Rotation>,
    model: &ModelIdentity,
) -> Authentication {
    let mut distances: Vec<f32> = Facemap::entries_of(frames, rotation)
        .iter()
        .map(|entry| facemap.distance(&entry.description))
        .collect();
    distances.sort_by(f32::total_cmp);
    let distance = distances.get(distances.len() / 2).copied();
    let thresholds = Thresholds::SELFIES;
    let mut signals = vec![
        Signal::new("authentication.live", liveness == Verdict::Live),
        Signal::new("authentication.facemap_account", facemap.account.to_string()),
    ];
    signals.extend(
        distance
            .into_iter()
            .flat_map(|distance| distance_signals("authentication", distance, thresholds, model)),
    );
    let same = distance.map(|distance| thresholds.verdict(distance));
    let succeeded = liveness == Verdict::Live && same == Some(similarity::Verdict::Match);
    Authentication { succeeded, distance, signals }
}
