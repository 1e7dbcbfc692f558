//! A sandbox tenant's executions: nothing is judged, and everything happens as it was told
//! (docs/SANDBOX.md). What may be told is `bonafide_domain::sandbox`'s business.

mod journey;
mod told;

use bonafide_domain::credential::{Category, Member};
use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::id::{ExecutionId, TenantId};
use bonafide_domain::sandbox::{Instruction, Sandbox};
use bonafide_domain::task::Task;
use bonafide_domain::tenant::Tenant;
use bonafide_domain::workflow::{Slot, WorkflowDefinition, definition};
use bonafide_store::Transaction;
use jiff::SignedDuration;

use crate::Engine;
use crate::error::Error;

/// The instruction of a new execution, in a sandbox; one that is wrong is refused.
pub(crate) fn read_instruction(
    tenant: &Tenant,
    workflow: &WorkflowDefinition,
    slots: &[Slot],
    reference: &str,
) -> Result<Option<Instruction>, Error> {
    if Sandbox::of(tenant).is_none() {
        return Ok(None);
    }
    let categories: Vec<Category> = slots.iter().map(|slot| slot.category).collect();
    Instruction::read(reference, workflow, &categories).map(Some).map_err(Error::violations)
}

/// The instruction of a stored execution of a sandbox.
pub(crate) fn instruction(
    _proof: Sandbox,
    execution: &Execution,
    members: &[Member],
) -> Instruction {
    let categories: Vec<Category> = members.iter().map(|m| m.credential.category).collect();
    let (text, workflow) = (&execution.customer_internal_reference, definition(execution.key));
    Instruction::read(text, workflow, &categories).unwrap_or_else(|_| {
        tracing::warn!(execution.id = %execution.id, "an instruction that this version cannot read; all passes");
        Instruction::default()
    })
}

/// Sets the times of a new execution so that it ends as it was told: the ordinary timer does it.
pub(crate) fn set_times(execution: &mut Execution, instruction: &Instruction) {
    let ends_at = execution.created_at + signed(instruction);
    match instruction.status {
        Some(ExecutionStatus::TokenExpired) => execution.token_expires_at = ends_at,
        Some(ExecutionStatus::SessionExpired) => {
            execution.token_expires_at = ends_at;
            execution.session_expires_at = Some(ends_at);
        }
        _ => {}
    }
}

impl Engine {
    /// Plans the end user's part of a new execution, if the sandbox was told to play it.
    pub(crate) async fn plan_play(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
        instruction: &Instruction,
    ) -> Result<(), Error> {
        if instruction.status == Some(ExecutionStatus::Processed) {
            let task = Task::Play { tenant_id: execution.tenant_id, execution_id: execution.id };
            tx.enqueue(&task, execution.created_at + signed(instruction)).await?;
        }
        Ok(())
    }

    /// What a stored execution was told; none outside a sandbox.
    pub(crate) async fn instruction_of(
        &self,
        tx: &mut Transaction,
        tenant: &Tenant,
        execution: &Execution,
    ) -> Result<Option<Instruction>, Error> {
        let Some(proof) = Sandbox::of(tenant) else { return Ok(None) };
        let members = tx.list_members(execution.tenant_id, execution.id).await?;
        Ok(Some(instruction(proof, execution, &members)))
    }

    /// Whether the sandbox was told to count this delivery of an execution's callback as failed.
    pub(crate) async fn is_told_to_fail(
        &self,
        tenant_id: TenantId,
        execution_id: ExecutionId,
        attempt: i32,
    ) -> Result<bool, Error> {
        let mut tx = self.store.read().await?;
        let Some(tenant) = tx.find_tenant(tenant_id).await? else { return Ok(false) };
        let Some(execution) = tx.find_execution(tenant_id, execution_id).await? else {
            return Ok(false);
        };
        let told = self.instruction_of(&mut tx, &tenant, &execution).await?;
        Ok(told.is_some_and(|told| i64::from(attempt) <= i64::from(told.callback_failures)))
    }
}

/// The told delay, as `jiff` counts.
pub(crate) fn signed(instruction: &Instruction) -> SignedDuration {
    SignedDuration::try_from(instruction.delay).unwrap_or(SignedDuration::ZERO)
}
