//! The planner over all nine workflows: every interleaving ends, in the same result.

use newtype_uuid::GenericUuid;
use proptest::prelude::*;

use super::*;
use crate::decision::labels;
use crate::workflow::{WorkflowKey, definition, definitions};

/// The credentials of an execution, each captured or not.
fn subjects(definition: &WorkflowDefinition, captured: &[bool]) -> Vec<Subject> {
    definition
        .credentials
        .iter()
        .enumerate()
        .map(|(index, slot)| Subject {
            id: CredentialId::from_untyped_uuid(uuid::Uuid::from_u128(index as u128 + 1)),
            category: slot.category,
            captured: captured[index % captured.len()],
        })
        .collect()
}

/// Every decision that the contract knows for a capability.
fn possible(capability: Capability) -> Vec<Decision> {
    DecisionType::ALL
        .iter()
        .flat_map(|kind| labels(capability, *kind).iter().map(move |label| (*kind, *label)))
        .map(|(kind, label)| Decision::new(capability, kind, label).unwrap())
        .collect()
}

/// What a capability on these credentials will decide; depends on nothing but itself.
fn scripted(seed: u64, capability: Capability, credentials: &[CredentialId]) -> Decision {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (seed, capability, credentials).hash(&mut hasher);
    let choices = possible(capability);
    choices[hasher.finish() as usize % choices.len()]
}

/// Runs an execution to its end. `order` picks which unfinished run completes next; every third
/// completion is planned for twice (a duplicate task), every fifth not at once (a lost task).
fn execute(
    definition: &WorkflowDefinition,
    subjects: &[Subject],
    seed: u64,
    order: &[usize],
) -> Vec<KnownRun> {
    let mut runs: Vec<KnownRun> = Vec::new();
    let mut pick = order.iter().copied().cycle();
    for step in 0..200 {
        let lost = step % 5 == 4;
        for _ in 0..=usize::from(step % 3 == 2) {
            if lost && runs.iter().any(|run| run.decision.is_none()) {
                break;
            }
            let next = plan(definition, subjects, &runs);
            for run in next.runs {
                assert!(find(&runs, run.capability, &run.credentials).is_none(), "planned twice");
                runs.push(KnownRun {
                    capability: run.capability,
                    credentials: run.credentials,
                    decision: run.decision,
                });
            }
            if next.complete {
                assert!(runs.iter().all(|run| run.decision.is_some()), "complete means decided");
                return runs;
            }
        }
        let open: Vec<usize> = (0..runs.len()).filter(|i| runs[*i].decision.is_none()).collect();
        if let Some(chosen) = open.get(pick.next().unwrap() % open.len().max(1)) {
            let run = &mut runs[*chosen];
            run.decision = Some(scripted(seed, run.capability, &run.credentials));
        }
    }
    panic!("workflow {} never ends", definition.key);
}

proptest! {
    #[test]
    fn every_interleaving_ends_in_the_same_result(
        key in prop::sample::select(WorkflowKey::ALL),
        captured in prop::collection::vec(prop::bool::weighted(0.8), 3),
        seed in any::<u64>(),
        one in prop::collection::vec(0usize..16, 1..24),
        other in prop::collection::vec(0usize..16, 1..24),
    ) {
        let definition = definition(key);
        let subjects = subjects(definition, &captured);
        let mut first = execute(definition, &subjects, seed, &one);
        let mut second = execute(definition, &subjects, seed, &other);
        let by_name = |run: &KnownRun| (run.capability, run.credentials.clone());
        first.sort_by_key(by_name);
        second.sort_by_key(by_name);
        prop_assert_eq!(first, second);
    }

    /// A pass is never made up: what the planner decides by itself is always `NOT_EXECUTED`.
    #[test]
    fn the_planner_passes_nothing(
        key in prop::sample::select(WorkflowKey::ALL),
        captured in prop::collection::vec(any::<bool>(), 3),
        seed in any::<u64>(),
    ) {
        let definition = definition(key);
        let subjects = subjects(definition, &captured);
        let runs = execute(definition, &subjects, seed, &[0]);
        for run in runs {
            let decision = run.decision.unwrap();
            if decision != scripted(seed, run.capability, &run.credentials) {
                prop_assert_eq!(decision.decision_type(), DecisionType::NotExecuted);
            }
        }
    }
}

/// Every decision of every predecessor, for every edge of every graph: successors run after a pass
/// or a warning, except that an unreadable kind of document stops all but similarity.
#[test]
fn every_decision_of_every_predecessor() {
    let mut edges = 0;
    for definition in definitions() {
        let subjects = subjects(definition, &[true]);
        for node in definition.capabilities {
            for predecessor in node.after {
                for decision in possible(*predecessor) {
                    let runs =
                        all_decided_except(definition, &subjects, node, *predecessor, decision);
                    let listed = instances(node, &subjects).remove(0);
                    let ready =
                        matches!(readiness(node, &subjects, &listed, &runs), Readiness::Ready);
                    let unreadable = [Label::UnsupportedDocumentType, Label::UnsupportedCountry]
                        .contains(&decision.label());
                    let expected = match decision.decision_type() {
                        DecisionType::Passed => true,
                        DecisionType::Warning => {
                            !unreadable || node.capability == Capability::Similarity
                        }
                        DecisionType::Rejected | DecisionType::NotExecuted => false,
                    };
                    assert_eq!(
                        ready, expected,
                        "{} after {predecessor} {decision:?}",
                        node.capability
                    );
                    edges += 1;
                }
            }
        }
    }
    assert!(edges > 300, "the graphs have edges: {edges}");
}

fn all_decided_except(
    definition: &WorkflowDefinition,
    subjects: &[Subject],
    node: &Node,
    predecessor: Capability,
    decision: Decision,
) -> Vec<KnownRun> {
    definition
        .capabilities
        .iter()
        .take_while(|other| other.capability != node.capability)
        .flat_map(|other| {
            instances(other, subjects).into_iter().map(|credentials| KnownRun {
                capability: other.capability,
                credentials,
                decision: Some(if other.capability == predecessor {
                    decision
                } else {
                    possible(other.capability)
                        .into_iter()
                        .find(|d| d.decision_type() == DecisionType::Passed)
                        .unwrap()
                }),
            })
        })
        .collect()
}

#[test]
fn a_rejected_id_stops_similarity_but_not_liveness() {
    let definition = definition(WorkflowKey::IdAndIdentityVerification);
    let subjects = subjects(definition, &[true]);
    let decide = |subject: &Subject| {
        let (kind, label) = if subject.category == Category::Id {
            (DecisionType::Rejected, Label::Blurred)
        } else {
            (DecisionType::Passed, Label::Ok)
        };
        Decision::new(Capability::Usability, kind, label).unwrap()
    };
    let known: Vec<KnownRun> = subjects
        .iter()
        .map(|subject| KnownRun {
            capability: Capability::Usability,
            credentials: vec![subject.id],
            decision: Some(decide(subject)),
        })
        .collect();
    let plan = plan(definition, &subjects, &known);
    let decision = |capability| {
        plan.runs.iter().find(|run| run.capability == capability).expect("planned").decision
    };
    for stopped in [
        Capability::ImageChecks,
        Capability::Extraction,
        Capability::DataChecks,
        Capability::Similarity,
    ] {
        assert_eq!(decision(stopped), Some(Decision::PRECONDITION_NOT_FULFILLED), "{stopped}");
    }
    assert_eq!(decision(Capability::Liveness), None, "liveness goes to a worker");
    assert!(!plan.complete);
}

#[test]
fn liveness_of_an_api_journey_looks_at_the_selfie() {
    let definition = definition(WorkflowKey::StandaloneLiveness);
    let subjects = subjects(definition, &[false, true]);
    let first = plan(definition, &subjects, &[]);
    assert_eq!(first.runs.len(), 2, "a usability run for each credential");
    let known: Vec<KnownRun> = first
        .runs
        .into_iter()
        .map(|run| KnownRun {
            capability: run.capability,
            credentials: run.credentials,
            decision: Some(run.decision.unwrap_or(
                Decision::new(Capability::Usability, DecisionType::Passed, Label::Ok).unwrap(),
            )),
        })
        .collect();
    let second = plan(definition, &subjects, &known);
    assert_eq!(second.runs.len(), 1);
    assert_eq!(second.runs[0].decision, None, "goes to a worker, though the facemap is missing");
    assert_eq!(second.runs[0].credentials.len(), 2, "the result lists both");
}
