//! A rehearsal: the planner is led to the end of a workflow, each run decided as it was told.

use newtype_uuid::GenericUuid as _;
use uuid::Uuid;

use super::Instruction;
use crate::credential::Category;
use crate::decision::{Capability, Decision};
use crate::id::CredentialId;
use crate::workflow::{KnownRun, Subject, WorkflowDefinition, plan};

/// What a workflow on captured credentials of these categories comes to, as it was told: each run's
/// capability, the categories that it lists, and its decision.
pub fn rehearse(
    workflow: &WorkflowDefinition,
    categories: &[Category],
    instruction: &Instruction,
) -> Vec<(Capability, Vec<Category>, Decision)> {
    let subjects: Vec<Subject> = categories
        .iter()
        .enumerate()
        .map(|(position, category)| Subject {
            id: CredentialId::from_untyped_uuid(Uuid::from_u128(position as u128 + 1)),
            category: *category,
            captured: true,
        })
        .collect();
    let listed = |credentials: &[CredentialId]| -> Vec<Category> {
        subjects.iter().filter(|s| credentials.contains(&s.id)).map(|s| s.category).collect()
    };

    let mut runs: Vec<KnownRun> = Vec::new();
    loop {
        let next = plan(workflow, &subjects, &runs).runs;
        if next.is_empty() {
            break;
        }
        runs.extend(next.into_iter().map(|run| {
            let decision = run
                .decision
                .unwrap_or_else(|| instruction.decision(run.capability, &listed(&run.credentials)));
            KnownRun {
                capability: run.capability,
                credentials: run.credentials,
                decision: Some(decision),
            }
        }));
    }
    runs.into_iter()
        .map(|run| {
            let decision = run.decision.expect("a rehearsal decides every run");
            (run.capability, listed(&run.credentials), decision)
        })
        .collect()
}
