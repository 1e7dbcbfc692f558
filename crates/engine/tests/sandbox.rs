//! The delay of a sandbox is a due time in the database: it holds for a worker that starts later.

#![expect(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use std::time::Duration;

use bonafide_domain::execution::{Execution, ExecutionStatus};
use bonafide_domain::initiation::Initiation;
use bonafide_domain::tenant::TenantMode;
use bonafide_engine::capability::Capabilities;
use bonafide_engine::testing::{add_tenant, engine};
use bonafide_engine::{Caller, Engine, Place, SystemClock, WorkerSize};
use bytes::Bytes;
use jiff::SignedDuration;
use serde_json::{Value, json};

const DELAY: SignedDuration = SignedDuration::from_millis(900);

async fn start(engine: &Engine, caller: &Caller, instruction: &Value) -> Execution {
    let body = json!({
        "customerInternalReference": instruction.to_string(),
        "workflowDefinition": {"key": 1},
    });
    let initiation = Initiation::parse(&body, caller.request_profile()).unwrap();
    let initiated = engine.create_account(caller, initiation, None).await.unwrap();
    if instruction.get("status").is_none() {
        let journey =
            engine.authenticate_transaction(initiated.api_token.unwrap().expose()).await.unwrap();
        let (account, execution) = (initiated.account_id, initiated.execution.id);
        let member = &initiated.members[0];
        let front = member.primary_classifier().unwrap();
        let picture = Bytes::from_static(include_bytes!("../src/sandbox/placeholder.png"));
        let place = Place {
            account_id: account,
            execution_id: execution,
            credential_id: member.credential.id,
            classifier: front,
        };
        engine.upload_part(&journey, place, picture, None).await.unwrap();
        engine.finalize(&journey, account, execution, None).await.unwrap();
    }
    initiated.execution
}

async fn ended(engine: &Engine, caller: &Caller, execution: &Execution) -> Execution {
    let wait = async {
        loop {
            let now = engine.status(caller, None, execution.id).await.unwrap();
            if now.status.is_terminal() {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.expect("it ends")
}

#[tokio::test]
async fn it_takes_as_long_as_it_was_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("bonafide.db").display());
    let engine = engine(&url, folder.path(), Capabilities::default(), SystemClock).await;
    let tenant = add_tenant(&engine, "sandbox", TenantMode::Sandbox).await;
    let client = &tenant.client;
    let caller =
        engine.authenticate_basic(&client.client_id, client.client_secret.expose()).await.unwrap();

    let delay = DELAY.as_millis();
    let started = [
        (json!({"delayMs": delay}), ExecutionStatus::Processed),
        (json!({"delayMs": delay, "status": "PROCESSED"}), ExecutionStatus::Processed),
        (json!({"delayMs": delay, "status": "SESSION_EXPIRED"}), ExecutionStatus::SessionExpired),
    ];
    let mut executions = Vec::new();
    for (instruction, status) in started {
        executions.push((start(&engine, &caller, &instruction).await, status));
    }
    let worker = engine.clone();
    tokio::spawn(async move {
        worker.work("test", WorkerSize::default(), std::future::pending()).await.unwrap();
    });
    for (execution, status) in executions {
        let ended = ended(&engine, &caller, &execution).await;
        assert_eq!(ended.status, status);
        let took = ended.completed_at.unwrap().duration_since(execution.created_at);
        assert!(took >= DELAY, "{status} after {took}");
    }
}
