//! Judging without a server: the same catalogue, the same planner, the same capabilities, in memory.

use bonafide_domain::credential::Category;
use bonafide_domain::decision::Decision;
use bonafide_domain::id::{ExecutionId, TenantId};
use bonafide_domain::run::{Run, RunState};
use bonafide_domain::workflow::{KnownRun, Subject, WorkflowKey, definition, plan};

use super::{Capabilities, Inputs, Outcome};
use crate::context::Context;
use crate::retrieval::RunResult;

/// Runs a workflow's capabilities on credentials that are at hand, and gives what each came to.
pub fn judge(
    key: WorkflowKey,
    inputs: &Inputs,
    capabilities: &Capabilities,
    context: &Context,
) -> Vec<RunResult> {
    let subjects: Vec<Subject> = inputs
        .credentials
        .iter()
        .map(|input| Subject {
            id: input.credential.id,
            category: input.credential.category,
            captured: !input.parts.is_empty(),
        })
        .collect();
    let execution_id = context.id();
    let mut results: Vec<RunResult> = Vec::new();
    loop {
        let known: Vec<KnownRun> = results.iter().map(known).collect();
        let plan = plan(definition(key), &subjects, &known);
        for planned in plan.runs {
            let listed: Vec<(_, Category)> = subjects
                .iter()
                .filter(|subject| planned.credentials.contains(&subject.id))
                .map(|subject| (subject.id, subject.category))
                .collect();
            let outcome = match planned.decision {
                Some(decision) => Outcome::of(decision),
                None => capabilities.find(planned.capability).map_or_else(
                    || Outcome::of(Decision::TECHNICAL_ERROR),
                    |judge| judge.evaluate(&among(inputs, &planned.credentials)),
                ),
            };
            let run = Run {
                capability: planned.capability,
                credentials: planned.credentials,
                decision: Some(outcome.decision),
                ..blank(execution_id, inputs, context)
            };
            results.push(RunResult { run, credentials: listed, record: Some(outcome.record) });
        }
        if plan.complete {
            return results;
        }
    }
}

/// The inputs of one run.
fn among(inputs: &Inputs, credentials: &[bonafide_domain::id::CredentialId]) -> Inputs {
    let mut inputs = inputs.clone();
    inputs.credentials.retain(|input| credentials.contains(&input.credential.id));
    inputs
}

fn known(result: &RunResult) -> KnownRun {
    KnownRun {
        capability: result.run.capability,
        credentials: result.run.credentials.clone(),
        decision: result.run.decision,
    }
}

fn blank(execution_id: ExecutionId, inputs: &Inputs, context: &Context) -> Run {
    Run {
        id: context.id(),
        tenant_id: TenantId::nil(),
        execution_id,
        capability: bonafide_domain::decision::Capability::Usability,
        credentials: Vec::new(),
        state: RunState::Done,
        attempt: 0,
        decision: None,
        record: None,
        created_at: inputs.now,
        completed_at: Some(inputs.now),
    }
}
