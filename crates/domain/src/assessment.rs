//! The overall decision of platform keys, and the rules that it is made of (contract §7.5).
//!
//! Pure and without settings: runs are final, so the decision of an execution never changes
//! afterwards.

use crate::decision::{Capability, Decision, DecisionType, Label};
use crate::execution::ExecutionStatus;

/// The score of what was not executed.
const NOT_EXECUTED: i16 = -1;
/// The highest score that passes, and the highest that only warns.
const PASSED_UP_TO: i16 = 30;
const WARNING_UP_TO: i16 = 70;
/// Scores are added up to this.
const MAX: i16 = 100;

/// The overall decision of an execution, or of one of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Its type.
    pub decision_type: DecisionType,
    /// The type's name again, or the reason why nothing was executed.
    pub label: &'static str,
    /// 0 (no risk) to 100, or −1 when not executed.
    pub risk_score: i16,
}

/// A rule of the overall decision that fired: one ground for a higher risk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiredRule {
    /// The capability that gave the ground.
    pub capability: Capability,
    /// The ground. The same one in several runs counts once.
    pub label: Label,
    /// What it adds.
    pub score: i16,
    /// Which of the judged runs gave it.
    pub runs: Vec<usize>,
}

impl FiredRule {
    /// What it would decide by itself.
    pub fn outcome(&self) -> DecisionType {
        by_score(self.score)
    }
}

/// The rules that fire on decided runs, in the order of the runs.
pub fn fired_rules(runs: &[(Capability, Decision)]) -> Vec<FiredRule> {
    let mut fired: Vec<FiredRule> = Vec::new();
    for (index, (capability, decision)) in runs.iter().enumerate() {
        let Some((capability, label, score)) = rule(*capability, *decision) else { continue };
        let known = fired.iter_mut().find(|r| r.capability == capability && r.label == label);
        match known {
            Some(rule) => rule.runs.push(index),
            None => fired.push(FiredRule { capability, label, score, runs: vec![index] }),
        }
    }
    fired
}

/// The overall decision on decided runs. A rejection outweighs what could not be executed; what
/// could not be executed outweighs a warning, so that nothing passes that was not judged.
pub fn verdict(status: ExecutionStatus, runs: &[(Capability, Decision)]) -> Verdict {
    if status.has_expired() {
        return not_executed(status.as_str());
    }
    let score = fired_rules(runs).iter().map(|rule| rule.score).sum::<i16>().min(MAX);
    let decision_type = by_score(score);
    if decision_type != DecisionType::Rejected
        && let Some(label) = unexecuted(runs)
    {
        return not_executed(label.as_str());
    }
    Verdict { decision_type, label: decision_type.as_str(), risk_score: score }
}

fn not_executed(label: &'static str) -> Verdict {
    Verdict { decision_type: DecisionType::NotExecuted, label, risk_score: NOT_EXECUTED }
}

fn by_score(score: i16) -> DecisionType {
    match score {
        _ if score <= PASSED_UP_TO => DecisionType::Passed,
        _ if score <= WARNING_UP_TO => DecisionType::Warning,
        _ => DecisionType::Rejected,
    }
}

/// Why something could not be judged: its cause rather than what followed from it. A credential
/// without uploads is no gap by itself: liveness of an API journey has no facemap to look at, and
/// what did need the credential says so itself.
fn unexecuted(runs: &[(Capability, Decision)]) -> Option<Label> {
    let labels = || {
        runs.iter()
            .map(|(_, decision)| decision)
            .filter(|decision| decision.decision_type() == DecisionType::NotExecuted)
            .map(|decision| decision.label())
            .filter(|label| *label != Label::NotUploaded)
    };
    labels().find(|label| *label != Label::PreconditionNotFulfilled).or_else(|| labels().next())
}

/// The ground that a decision gives and what it adds: the scores seen in the vendor's results.
fn rule(capability: Capability, decision: Decision) -> Option<(Capability, Label, i16)> {
    let label = decision.label();
    let score = match (decision.decision_type(), label) {
        (DecisionType::Passed | DecisionType::NotExecuted, _) => return None,
        (DecisionType::Rejected, Label::MismatchingDataRepeatedFace) => 80,
        (DecisionType::Rejected, _)
        | (DecisionType::Warning, Label::UnsupportedDocumentType | Label::UnsupportedCountry) => {
            MAX
        }
        (DecisionType::Warning, Label::Alert) => 50,
        // One doubt, told by two capabilities.
        (DecisionType::Warning, Label::LivenessUndetermined) => {
            return Some((Capability::Liveness, Label::BadQuality, 40));
        }
        (DecisionType::Warning, _) => 40,
    };
    Some((capability, label, score))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::labels;

    fn run(capability: Capability, kind: DecisionType, label: Label) -> (Capability, Decision) {
        (capability, Decision::new(capability, kind, label).unwrap())
    }

    fn processed(runs: &[(Capability, Decision)]) -> (DecisionType, &'static str, i16) {
        let Verdict { decision_type, label, risk_score } =
            verdict(ExecutionStatus::Processed, runs);
        (decision_type, label, risk_score)
    }

    /// The scores of contract §7.5.
    #[test]
    fn scores_of_the_contract() {
        use Capability as C;
        use DecisionType::{Passed, Rejected, Warning};
        let rejected = (Rejected, "REJECTED");
        let warning = (Warning, "WARNING");
        for (capability, kind, label, (expected, name), score) in [
            (C::Usability, Passed, Label::Ok, (Passed, "PASSED"), 0),
            (C::Usability, Rejected, Label::Blurred, rejected, 100),
            (C::Usability, Warning, Label::UnsupportedDocumentType, rejected, 100),
            (C::DataChecks, Rejected, Label::MismatchingDataRepeatedFace, rejected, 80),
            (C::WatchlistScreening, Warning, Label::Alert, warning, 50),
            (C::Liveness, Warning, Label::BadQuality, warning, 40),
            (C::Similarity, Warning, Label::NotPossible, warning, 40),
        ] {
            assert_eq!(processed(&[run(capability, kind, label)]), (expected, name, score));
        }
    }

    #[test]
    fn grounds_add_up_and_the_same_one_counts_once() {
        use DecisionType::{Rejected, Warning};
        let unclear = run(Capability::Usability, Warning, Label::LivenessUndetermined);
        let poor = run(Capability::Liveness, Warning, Label::BadQuality);
        let alert = run(Capability::WatchlistScreening, Warning, Label::Alert);
        assert_eq!(processed(&[unclear, poor]), (Warning, "WARNING", 40));
        assert_eq!(processed(&[unclear, poor, alert]), (Rejected, "REJECTED", 90));
        assert_eq!(fired_rules(&[unclear, alert, poor])[0].runs, [0, 2]);
    }

    #[test]
    fn what_was_not_judged_is_never_passed() {
        let alert = run(Capability::WatchlistScreening, DecisionType::Warning, Label::Alert);
        let failed = (Capability::Similarity, Decision::TECHNICAL_ERROR);
        let followed = (Capability::DataChecks, Decision::PRECONDITION_NOT_FULFILLED);
        let no_facemap = (Capability::Usability, Decision::NOT_UPLOADED);
        let not_executed = |label| (DecisionType::NotExecuted, label, -1);
        assert_eq!(processed(&[alert, followed, failed]), not_executed("TECHNICAL_ERROR"));
        assert_eq!(processed(&[followed]), not_executed("PRECONDITION_NOT_FULFILLED"));
        assert_eq!(processed(&[no_facemap]).0, DecisionType::Passed);
        let expired = verdict(ExecutionStatus::TokenExpired, &[no_facemap, followed]);
        assert_eq!((expired.label, expired.risk_score), ("TOKEN_EXPIRED", -1));
    }

    proptest! {
        #[test]
        fn scores_stay_in_their_bounds(picks in prop::collection::vec((0usize..11, 0usize..4, 0usize..32), 0..12)) {
            let runs: Vec<_> = picks
                .into_iter()
                .filter_map(|(capability, kind, label)| {
                    let (capability, kind) = (Capability::ALL[capability], DecisionType::ALL[kind]);
                    let known = labels(capability, kind);
                    let label = *known.get(label % known.len().max(1))?;
                    Some(run(capability, kind, label))
                })
                .collect();
            let (kind, _, score) = processed(&runs);
            prop_assert_eq!(score == -1, kind == DecisionType::NotExecuted);
            prop_assert!((-1..=100).contains(&score));
            let unjudged = runs.iter().any(|(capability, d)| {
                d.decision_type() == DecisionType::NotExecuted && *capability != Capability::Usability
            });
            prop_assert!(!(unjudged && kind == DecisionType::Passed), "passed unjudged");
            if runs.iter().any(|(_, d)| d.decision_type() == DecisionType::Rejected) {
                prop_assert_eq!(kind, DecisionType::Rejected);
            }
        }
    }
}
