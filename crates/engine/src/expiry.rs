//! Time runs out on executions that were never finished (contract §5).

use bonafide_domain::audit::Action;
use bonafide_domain::decision::{Capability, Decision};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{ExecutionId, TenantId};
use bonafide_domain::run::{Run, RunState};
use bonafide_domain::task::Task;
use bonafide_domain::workflow::{Subject, definition, plan};
use bonafide_store::Transaction;
use jiff::SignedDuration;

use crate::Engine;
use crate::error::Error;

impl Engine {
    /// Ends an execution if its time has run out; else does nothing. A timer of an earlier session
    /// finds that the session was extended since and leaves it alone: the extension has its own.
    pub(crate) async fn expire(
        &self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
    ) -> Result<(), Error> {
        let now = self.context.now();
        let mut tx = self.store.begin().await?;
        let Some(execution) = tx.lock_execution(tenant_id, execution_id).await? else {
            return Ok(());
        };
        let Some(status) = execution.expiry(now) else {
            return self.set_timer_again(tx, &execution).await;
        };

        let subjects: Vec<Subject> = tx
            .list_members(tenant_id, execution_id)
            .await?
            .iter()
            .map(|member| Subject {
                id: member.credential.id,
                category: member.credential.category,
                captured: false,
            })
            .collect();
        for planned in plan(definition(execution.key), &subjects, &[]).runs {
            let decision = match planned.capability {
                Capability::Usability => Decision::NOT_UPLOADED,
                _ => Decision::PRECONDITION_NOT_FULFILLED,
            };
            tx.insert_run(&Run {
                id: self.context.id(),
                tenant_id,
                execution_id,
                capability: planned.capability,
                credentials: planned.credentials,
                state: RunState::Done,
                attempt: 0,
                decision: Some(decision),
                record: None,
                created_at: now,
                completed_at: Some(now),
            })
            .await?;
        }
        tx.change_status(tenant_id, execution_id, execution.status, status, now).await?;
        self.notify(&mut tx, &execution, status).await?;
        self.audit_journey(&mut tx, &execution, Action::ExecutionExpired).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A timer that rang a little early, by another clock than ours, is set again. One that rang
    /// long before the end belonged to an earlier session; the later one has its own.
    async fn set_timer_again(
        &self,
        mut tx: Transaction,
        execution: &Execution,
    ) -> Result<(), Error> {
        const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);
        if execution.status != ExecutionStatus::Initiated {
            return Ok(());
        }
        let ends_at = execution.session_expires_at.unwrap_or(execution.token_expires_at);
        if ends_at.duration_since(self.context.now()) < CLOCK_SKEW {
            let Execution { tenant_id, id: execution_id, .. } = *execution;
            tx.enqueue(
                &Task::Expire { tenant_id, execution_id },
                ends_at + SignedDuration::from_secs(1),
            )
            .await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
