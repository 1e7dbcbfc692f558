//! Whether the pictures show an original: a first version, which looks for the grids of screens and printers and for
//! the words of specimens. It rejects on strong evidence only and says nothing about forgeries.

mod words;

#[cfg(test)]
mod tests;

use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::Signal;
use bonafide_imaging::{Quad, gray, spectrum};

use crate::side::{Judgement, Side, corners};

/// What image checks come to: one label of contract §7.3 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Nothing speaks against it.
    Original,
    /// A photographed screen or print.
    DigitalCopy,
    /// Issued to show what such documents look like.
    Sample,
}

/// Strength of the second direction of a grid, in decibels. The 19 specimen pictures of the shared test data stay
/// below 10; see [`spectrum::lattice`].
pub const MOST_GRID_STRENGTH: f32 = 16.0;

/// Judges the sides of one document. For a test tenant, whose documents are specimens, these are judged as if they
/// were real, and the evidence says so.
pub fn judge(sides: &[&Side], is_test_tenant: bool) -> (Verdict, Judgement) {
    let mut signals = Vec::new();
    let (mut is_copy, mut is_sample) = (false, false);
    for side in sides {
        is_copy |= shows_grid(side, &mut signals);
        is_sample |= names_sample(side, &mut signals);
    }
    if is_sample && is_test_tenant {
        signals.push(Signal::new("image_checks.sample_judged_as_real", true));
    }
    let verdict = match (is_sample && !is_test_tenant, is_copy) {
        (true, _) => Verdict::Sample,
        (false, true) => Verdict::DigitalCopy,
        (false, false) => Verdict::Original,
    };
    (verdict, Judgement { decision: verdict.decision(), signals })
}

impl Verdict {
    /// Its label.
    pub fn label(self) -> Label {
        match self {
            Self::Original => Label::Ok,
            Self::DigitalCopy => Label::DigitalCopy,
            Self::Sample => Label::Sample,
        }
    }

    /// Its decision.
    pub fn decision(self) -> Decision {
        let decision_type = match self {
            Self::Original => DecisionType::Passed,
            _ => DecisionType::Rejected,
        };
        Decision::new(Capability::ImageChecks, decision_type, self.label())
            .expect("every verdict is one of imageChecks' labels in contract §7.3")
    }
}

/// Whether the picture has the grid of a screen or a printer.
fn shows_grid(side: &Side, signals: &mut Vec<Signal>) -> bool {
    let Ok(picture) = side.picture else { return false };
    let Some(lattice) = spectrum::lattice(&gray(picture)) else { return false };
    let frame = corners(&Quad::frame(picture.width(), picture.height()));
    let strength = lattice.second.strength;
    signals.push(
        Signal::new("image_checks.grid_strength_decibels", strength)
            .against(f64::from(MOST_GRID_STRENGTH))
            .within(side.part, frame),
    );
    signals.push(
        Signal::new("image_checks.grid_period_pixels", lattice.first.period)
            .within(side.part, frame),
    );
    strength > MOST_GRID_STRENGTH
}

/// Whether the side says that it is a specimen.
fn names_sample(side: &Side, signals: &mut Vec<Signal>) -> bool {
    let found = words::specimen_mark(side);
    if let Some(mark) = &found {
        let signal = Signal::new("image_checks.sample_mark", mark.word);
        signals.push(match mark.quad {
            Some(quad) => signal.within(side.part, corners(&quad)),
            None => signal,
        });
    }
    found.is_some()
}
