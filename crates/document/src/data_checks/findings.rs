use bonafide_domain::decision::{Capability, Decision, DecisionType, Label};
use bonafide_domain::evidence::{Signal, Value};
use bonafide_imaging::Quad;

use crate::side::corners;

/// What speaks against a document, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A check digit of the zone does not hold.
    CheckDigit,
    /// Two sides of the document contradict each other.
    Sides,
    /// What one place says cannot be, or contradicts another of the same side.
    Datapoints,
    /// It has expired, or does so within the tenant's limit.
    Expiry,
}

impl Fault {
    /// As contract §7.3 has it.
    const fn decision(self) -> (DecisionType, Label) {
        match self {
            Self::CheckDigit => (DecisionType::Rejected, Label::MrzChecksum),
            Self::Sides => (DecisionType::Rejected, Label::MismatchFrontBack),
            Self::Datapoints => (DecisionType::Rejected, Label::MismatchingDatapoints),
            Self::Expiry => (DecisionType::Warning, Label::DocumentExpiryWithinConfiguredLimit),
        }
    }
}

/// Signals and faults as they come up.
#[derive(Default)]
pub(super) struct Findings {
    signals: Vec<Signal>,
    faults: Vec<Fault>,
    place: Option<(String, [[f32; 2]; 4])>,
}

impl Findings {
    /// What follows was seen here.
    pub(super) fn look_at(&mut self, part: &str, quad: Option<&Quad>) {
        self.place = quad.map(|quad| (part.to_owned(), corners(quad)));
    }

    /// Something worth knowing that decides nothing.
    pub(super) fn note(&mut self, signal: impl Into<String>, value: impl Into<Value>) {
        self.add(Signal::new(signal, value));
    }

    /// A condition that genuine documents meet.
    pub(super) fn expect(&mut self, signal: impl Into<String>, holds: bool, otherwise: Fault) {
        self.note(signal, holds);
        if !holds {
            self.faults.push(otherwise);
        }
    }

    /// A number that must not fall below a limit.
    pub(super) fn expect_above(&mut self, signal: &str, value: i32, limit: i32, otherwise: Fault) {
        self.add(Signal::new(signal, f64::from(value)).against(f64::from(limit)));
        if value < limit {
            self.faults.push(otherwise);
        }
    }

    fn add(&mut self, signal: Signal) {
        self.signals.push(match &self.place {
            Some((part, corners)) => signal.within(part, *corners),
            None => signal,
        });
    }

    pub(super) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The worst fault decides.
    pub(super) fn decision(&self) -> Decision {
        let (decision_type, label) = self
            .faults
            .iter()
            .min()
            .map_or((DecisionType::Passed, Label::Ok), |fault| fault.decision());
        Decision::new(Capability::DataChecks, decision_type, label)
            .expect("contract §7.3 has every fault's label for dataChecks")
    }

    pub(super) fn into_signals(self) -> Vec<Signal> {
        self.signals
    }
}
