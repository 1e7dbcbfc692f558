//! The overall decision, its steps and the rules behind it: for platform keys (contract §7.5).

use bonafide_domain::assessment::{FiredRule, Verdict, fired_rules, verdict};
use bonafide_domain::audit::Action;
use bonafide_domain::decision::{Capability, Decision};
use bonafide_domain::execution::Execution;
use bonafide_domain::id::{AccountId, CredentialId, ExecutionId, RunId};
use bonafide_domain::run::Run;
use bonafide_domain::workflow::{Step, definition};
use bonafide_store::Transaction;
use bonafide_vault::secret;

use crate::Engine;
use crate::caller::Caller;
use crate::error::Error;
use crate::retrieval::get_execution;

/// A step with its own decision.
#[derive(Debug)]
pub struct AssessedStep {
    /// Its id: the same each time.
    pub id: uuid::Uuid,
    /// Its name.
    pub step: Step,
    /// The runs that it is made of.
    pub runs: Vec<(RunId, Capability)>,
    /// How it ended.
    pub verdict: Verdict,
}

/// A rule that fired, with the runs that gave the ground.
#[derive(Debug)]
pub struct AssessedRule {
    /// The rule.
    pub rule: FiredRule,
    /// The runs.
    pub runs: Vec<RunId>,
}

type Judged = (RunId, Capability, Decision);

impl Engine {
    /// The steps of an execution; empty while it runs.
    pub async fn steps(
        &self,
        caller: &Caller,
        account_id: AccountId,
        execution_id: ExecutionId,
    ) -> Result<Vec<AssessedStep>, Error> {
        let (execution, runs) = self.assessed(caller, account_id, execution_id).await?;
        let workflow = definition(execution.key);
        let steps = Step::ALL.iter().filter_map(|step| {
            let of_step: Vec<Judged> = runs
                .iter()
                .filter(|(_, capability, _)| Step::of(workflow, *capability) == *step)
                .copied()
                .collect();
            (!of_step.is_empty()).then(|| AssessedStep {
                id: step_id(execution.id, *step),
                step: *step,
                runs: of_step.iter().map(|&(run, capability, _)| (run, capability)).collect(),
                verdict: verdict(execution.status, &decisions(&of_step)),
            })
        });
        Ok(steps.collect())
    }

    /// The rules that fired on an execution; empty while it runs.
    pub async fn rules(
        &self,
        caller: &Caller,
        account_id: AccountId,
        execution_id: ExecutionId,
    ) -> Result<Vec<AssessedRule>, Error> {
        let (_, runs) = self.assessed(caller, account_id, execution_id).await?;
        let rules = fired_rules(&decisions(&runs)).into_iter().map(|rule| AssessedRule {
            runs: rule.runs.iter().map(|&index| runs[index].0).collect(),
            rule,
        });
        Ok(rules.collect())
    }

    /// An execution that has steps and rules, and its runs once it has ended. There is no such thing
    /// for v3 keys, nor after deletion.
    async fn assessed(
        &self,
        caller: &Caller,
        account_id: AccountId,
        execution_id: ExecutionId,
    ) -> Result<(Execution, Vec<Judged>), Error> {
        caller.may_retrieve()?;
        let mut tx = self.store.begin().await?;
        let execution = get_execution(&mut tx, caller, Some(account_id), execution_id).await?;
        if !execution.has_overall_decision() || execution.wiped_out_at.is_some() {
            return Err(Error::not_found("assessment of this workflow execution"));
        }
        let runs = if execution.status.is_terminal() {
            judged(&tx.list_runs(execution.tenant_id, execution.id).await?)
        } else {
            Vec::new()
        };
        self.audit_read(&mut tx, caller, &execution, Action::DetailsRetrieved).await?;
        tx.commit().await?;
        Ok((execution, runs))
    }

    /// The credential of the account whose facemap later authentications can be compared with: the
    /// execution's own if its liveness passed, else an earlier or later one (contract §7.4).
    pub(crate) async fn valid_facemap(
        &self,
        tx: &mut Transaction,
        execution: &Execution,
    ) -> Result<Option<CredentialId>, Error> {
        let workflow = definition(execution.key);
        if !workflow.has(Capability::Liveness) && !workflow.has(Capability::Authentication) {
            return Ok(None);
        }
        let part = tx
            .find_valid_facemap(execution.tenant_id, execution.account_id, Some(execution.id))
            .await?;
        Ok(part.map(|part| part.credential_id))
    }
}

/// The overall decision of an execution, once it has one.
pub(crate) fn overall<'a>(
    execution: &Execution,
    runs: impl IntoIterator<Item = &'a Run>,
) -> Option<Verdict> {
    (execution.has_overall_decision() && execution.status.is_terminal())
        .then(|| verdict(execution.status, &decisions(&judged(runs))))
}

fn judged<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Vec<Judged> {
    runs.into_iter()
        .filter_map(|run| run.decision.map(|decision| (run.id, run.capability, decision)))
        .collect()
}

fn decisions(runs: &[Judged]) -> Vec<(Capability, Decision)> {
    runs.iter().map(|&(_, capability, decision)| (capability, decision)).collect()
}

/// A name-based id (RFC 9562, version 8): steps have no row of their own.
fn step_id(execution: ExecutionId, step: Step) -> uuid::Uuid {
    let hash = secret::hash(&format!("{execution}/{step}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
