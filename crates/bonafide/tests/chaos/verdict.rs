//! What the database says in the end.

use std::time::Duration;

use bonafide_domain::audit::Action;
use bonafide_domain::callback::CallbackState;
use bonafide_domain::credential::Category;
use bonafide_domain::execution::ExecutionStatus;
use bonafide_domain::id::TenantId;
use bonafide_domain::run::RunState;
use bonafide_domain::sandbox::{Instruction, rehearse};
use bonafide_domain::workflow::{WorkflowKey, definition};
use bonafide_store::Store;

use crate::house::TENANT;
use crate::load::{AllStarted, Started};
use crate::receiver::Receiver;

pub(crate) struct Verdict {
    pub(crate) runs: usize,
    pub(crate) attempts: i32,
}

/// Waits until every execution has ended and was called back, and looks at each.
pub(crate) async fn reach(database: &str, all: &AllStarted, receiver: &Receiver) -> Verdict {
    let store = Store::connect(database).await.unwrap();
    let tenant = store.read().await.unwrap().find_tenant_by_name(TENANT).await.unwrap().unwrap().id;
    let settled = async {
        for started in &all.executions {
            while !is_settled(&store, tenant, started, receiver).await {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    };
    let waited = tokio::time::timeout(Duration::from_mins(4), settled).await;
    assert!(waited.is_ok(), "an execution or a callback is lost");

    let mut verdict = Verdict { runs: 0, attempts: 0 };
    for started in &all.executions {
        examine(&store, tenant, started, &mut verdict).await;
    }
    verdict
}

async fn is_settled(
    store: &Store,
    tenant: TenantId,
    started: &Started,
    receiver: &Receiver,
) -> bool {
    let mut tx = store.read().await.unwrap();
    let execution = tx.find_execution(tenant, started.execution).await.unwrap().unwrap();
    let callbacks = tx.list_callbacks(tenant, started.execution).await.unwrap();
    execution.status == ExecutionStatus::Processed
        && callbacks.iter().all(|callback| callback.state == CallbackState::Delivered)
        && receiver.has(&started.execution.to_string())
}

/// It ended once, each capability has one run, and each decision is the one that was told.
async fn examine(store: &Store, tenant: TenantId, started: &Started, verdict: &mut Verdict) {
    let workflow = definition(WorkflowKey::IdVerification);
    let told = Instruction::read(&started.instruction.to_string(), workflow, &[Category::Id]);
    let mut expected: Vec<_> = rehearse(workflow, &[Category::Id], &told.unwrap())
        .into_iter()
        .map(|(capability, _, decision)| (capability, decision.label()))
        .collect();
    expected.sort();

    let mut tx = store.read().await.unwrap();
    let runs = tx.list_runs(tenant, started.execution).await.unwrap();
    assert!(runs.iter().all(|run| run.state == RunState::Done));
    let mut found: Vec<_> =
        runs.iter().map(|run| (run.capability, run.decision.unwrap().label())).collect();
    found.sort();
    assert_eq!(found, expected, "{}", started.instruction);
    verdict.runs += runs.len();
    verdict.attempts += runs.iter().map(|run| run.attempt).sum::<i32>();

    let audit = tx.list_audit(tenant, started.account).await.unwrap();
    let ended = audit.iter().filter(|entry| entry.action == Action::ExecutionProcessed).count();
    assert_eq!(ended, 1, "an execution ends once");
    assert_eq!(tx.list_callbacks(tenant, started.execution).await.unwrap().len(), 1);
}
