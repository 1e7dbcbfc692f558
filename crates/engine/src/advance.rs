//! The next step of an execution: plan, start what is to run, or end it (design §3).

use bonafide_domain::audit::Action;
use bonafide_domain::credential::{Category, Classifier, Member, Part};
use bonafide_domain::execution::ExecutionStatus;
use bonafide_domain::id::{ExecutionId, TenantId};
use bonafide_domain::run::{Run, RunState};
use bonafide_domain::task::Task;
use bonafide_domain::workflow::{KnownRun, PlannedRun, Subject, definition, plan};
use jiff::Timestamp;

use crate::Engine;
use crate::error::Error;

impl Engine {
    /// Plans an execution from its rows. The same rows give the same plan, and a run is inserted
    /// only once, so advancing twice does no harm.
    pub(crate) async fn advance(
        &self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<(), Error> {
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let Some(execution) = tx.lock_execution(tenant_id, execution_id).await? else {
            return Ok(());
        };
        if execution.status != ExecutionStatus::Acquired {
            return Ok(());
        }
        let members = tx.list_members(tenant_id, execution_id).await?;
        let parts = tx.list_parts(tenant_id, execution_id).await?;
        let known: Vec<KnownRun> =
            tx.list_runs(tenant_id, execution_id).await?.into_iter().map(known).collect();

        let plan = plan(definition(execution.key), &subjects(&members, &parts), &known);
        for planned in plan.runs {
            let run = self.run(tenant_id, execution_id, planned, now);
            let waits = run.state == RunState::Pending;
            if tx.insert_run(&run).await? && waits {
                tx.enqueue(&Task::Run { tenant_id, run_id: run.id }, now).await?;
            }
        }
        if plan.complete {
            let processed = ExecutionStatus::Processed;
            tx.change_status(tenant_id, execution_id, execution.status, processed, now).await?;
            self.notify(&mut tx, &execution, processed).await?;
            self.audit_journey(&mut tx, &execution, Action::ExecutionProcessed).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    fn run(
        &self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        planned: PlannedRun,
        now: Timestamp,
    ) -> Run {
        let done = planned.decision.is_some();
        Run {
            id: self.context.id(),
            tenant_id,
            execution_id,
            capability: planned.capability,
            credentials: planned.credentials,
            state: if done { RunState::Done } else { RunState::Pending },
            attempt: 0,
            decision: planned.decision,
            record: None,
            created_at: now,
            completed_at: done.then_some(now),
        }
    }
}

/// A credential counts as captured when its primary part is there; one of a journey without
/// uploads, when any part is.
pub(crate) fn subjects(members: &[Member], parts: &[Part]) -> Vec<Subject> {
    members
        .iter()
        .map(|member| {
            let primary = primary(member);
            Subject {
                id: member.credential.id,
                category: member.credential.category,
                captured: parts.iter().any(|part| {
                    part.credential_id == member.credential.id
                        && primary.is_none_or(|primary| part.classifier == primary)
                }),
            }
        })
        .collect()
}

/// The part without which a credential is not captured. One on file names none of its own.
fn primary(member: &Member) -> Option<Classifier> {
    member.primary_classifier().or_else(|| primary_part(member.credential.category))
}

/// The part without which a stored credential is nothing.
pub(crate) fn primary_part(category: Category) -> Option<Classifier> {
    match category {
        Category::Id => Some(Classifier::Front),
        Category::Selfie => Some(Classifier::Face),
        Category::Facemap | Category::Document | Category::Data => None,
    }
}

fn known(run: Run) -> KnownRun {
    KnownRun { capability: run.capability, credentials: run.credentials, decision: run.decision }
}
