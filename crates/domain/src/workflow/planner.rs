//! The planner: the same rows give the same next steps, so planning twice does no harm.

use super::definition::{Needs, Node, WorkflowDefinition};
use crate::credential::Category;
use crate::decision::{Capability, Decision, DecisionType, Label};
use crate::id::CredentialId;

/// A credential of the execution, as the planner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: CredentialId,
    /// What it is.
    pub category: Category,
    /// Whether its primary part is there.
    pub captured: bool,
}

/// A run that is planned already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownRun {
    /// Its capability.
    pub capability: Capability,
    /// The credentials that it lists.
    pub credentials: Vec<CredentialId>,
    /// Its decision, once it has one.
    pub decision: Option<Decision>,
}

/// A run to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRun {
    /// Its capability.
    pub capability: Capability,
    /// The credentials that it lists, in the order of the execution.
    pub credentials: Vec<CredentialId>,
    /// A decision that is clear without running: a precondition failed, nothing was uploaded.
    pub decision: Option<Decision>,
}

/// What is to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Runs to make now; those without a decision go to a worker.
    pub runs: Vec<PlannedRun>,
    /// Whether every run of the workflow has its decision once `runs` are made.
    pub complete: bool,
}

/// Plans the next steps of an execution (contract §6.1, general dependency rules).
pub fn plan(definition: &WorkflowDefinition, subjects: &[Subject], known: &[KnownRun]) -> Plan {
    let mut runs: Vec<KnownRun> = known.to_vec();
    let mut planned = Vec::new();
    let mut complete = true;

    for node in definition.capabilities {
        for credentials in instances(node, subjects) {
            if let Some(run) = find(&runs, node.capability, &credentials) {
                complete &= run.decision.is_some();
                continue;
            }
            let decision = match readiness(node, subjects, &credentials, &runs) {
                Readiness::Waits => {
                    complete = false;
                    continue;
                }
                Readiness::Ready => None,
                Readiness::Decided(decision) => Some(decision),
            };
            complete &= decision.is_some();
            let run = KnownRun { capability: node.capability, credentials, decision };
            planned.push(PlannedRun {
                capability: run.capability,
                credentials: run.credentials.clone(),
                decision,
            });
            runs.push(run);
        }
    }
    Plan { runs: planned, complete }
}

enum Readiness {
    Waits,
    Ready,
    Decided(Decision),
}

/// The credential sets that a capability runs on: one run for each.
fn instances(node: &Node, subjects: &[Subject]) -> Vec<Vec<CredentialId>> {
    let single = |keep: &dyn Fn(&Subject) -> bool| {
        subjects.iter().filter(|s| keep(s)).map(|s| vec![s.id]).collect()
    };
    match node.needs {
        Needs::Each => single(&|_| true),
        Needs::EachOf(category) => single(&|s| s.category == category),
        Needs::All(categories) | Needs::Captured(categories) => {
            vec![
                subjects
                    .iter()
                    .filter(|s| {
                        categories.contains(&s.category) || node.also_lists.contains(&s.category)
                    })
                    .map(|s| s.id)
                    .collect(),
            ]
        }
    }
}

/// Whether a capability can run on `listed`, must wait, or is decided by its preconditions. They
/// follow the credentials that it consumes: a rejected ID stops no liveness.
fn readiness(
    node: &Node,
    subjects: &[Subject],
    listed: &[CredentialId],
    runs: &[KnownRun],
) -> Readiness {
    let consumed: Vec<&Subject> = subjects
        .iter()
        .filter(|s| listed.contains(&s.id))
        .filter(|s| match node.needs {
            Needs::Each | Needs::EachOf(_) => true,
            Needs::All(categories) => categories.contains(&s.category),
            Needs::Captured(categories) => categories.contains(&s.category) && s.captured,
        })
        .collect();

    if node.capability == Capability::Usability {
        return match consumed.first() {
            Some(subject) if subject.captured => Readiness::Ready,
            _ => Readiness::Decided(Decision::NOT_UPLOADED),
        };
    }
    if consumed.is_empty() {
        return Readiness::Decided(unmet(node.capability));
    }

    let mut waits = false;
    for predecessor in node.after {
        for subject in &consumed {
            let decision = runs
                .iter()
                .filter(|run| run.capability == *predecessor)
                .find(|run| run.credentials.contains(&subject.id))
                .and_then(|run| run.decision);
            match decision {
                Some(decision) if stops(decision, node.capability) => {
                    return Readiness::Decided(unmet(node.capability));
                }
                Some(_) => {}
                None => waits = true,
            }
        }
    }
    if waits { Readiness::Waits } else { Readiness::Ready }
}

/// Whether a predecessor's decision keeps `capability` from running. An ID that is good but of a
/// kind that cannot be read stops what reads it, though not the comparison of its portrait.
fn stops(predecessor: Decision, capability: Capability) -> bool {
    match predecessor.decision_type() {
        DecisionType::Rejected | DecisionType::NotExecuted => true,
        DecisionType::Passed => false,
        DecisionType::Warning => {
            matches!(
                predecessor.label(),
                Label::UnsupportedDocumentType | Label::UnsupportedCountry
            ) && capability != Capability::Similarity
        }
    }
}

/// The decision of a capability whose preconditions failed (contract §6.1: screening says
/// `VALIDATION_FAILED` after an unsuccessful ID).
fn unmet(capability: Capability) -> Decision {
    if capability == Capability::WatchlistScreening {
        Decision::new(capability, DecisionType::NotExecuted, Label::ValidationFailed)
            .expect("contract §7.3 lists VALIDATION_FAILED for screening")
    } else {
        Decision::PRECONDITION_NOT_FULFILLED
    }
}

fn find<'a>(
    runs: &'a [KnownRun],
    capability: Capability,
    credentials: &[CredentialId],
) -> Option<&'a KnownRun> {
    runs.iter().find(|run| run.capability == capability && run.credentials == credentials)
}

#[cfg(test)]
#[path = "planner_tests.rs"]
mod tests;
