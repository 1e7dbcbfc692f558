//! Who may call what. Every operation of the description has its row here; a new one without a row
//! fails the test.

use std::collections::BTreeMap;

use bonafide_domain::tenant::Permissions;
use bonafide_engine::admin::create_client;
use serde_json::Value;

use crate::support::{Answer, Call, TestApi, multipart, png, workflow};

/// What an operation asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Nothing.
    Nothing,
    /// The client's own credentials; `token.rs` tests their refusals.
    ClientCredentials,
    /// An access token or Basic of a client that may initiate.
    Initiate,
    /// The same of a client that may retrieve.
    Retrieve,
    /// The `api.token` of the execution in the path.
    Transaction,
}

const OPERATIONS: [(&str, &str, Needs); 17] = [
    ("post", "/oauth2/token", Needs::ClientCredentials),
    ("get", "/health", Needs::Nothing),
    ("get", "/openapi.json", Needs::Nothing),
    ("get", "/sandbox/instruction.schema.json", Needs::Nothing),
    ("post", "/api/v1/accounts", Needs::Initiate),
    ("put", "/api/v1/accounts/{accountId}", Needs::Initiate),
    ("get", "/api/v1/accounts/{accountId}", Needs::Retrieve),
    ("delete", "/api/v1/accounts/{accountId}", Needs::Retrieve),
    (
        "put",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
        Needs::Transaction,
    ),
    (
        "get",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
        Needs::Retrieve,
    ),
    (
        "delete",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}",
        Needs::Retrieve,
    ),
    (
        "get",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/status",
        Needs::Retrieve,
    ),
    (
        "get",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/evidence",
        Needs::Retrieve,
    ),
    (
        "post",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/credentials/{credentialId}/parts/{classifier}",
        Needs::Transaction,
    ),
    (
        "get",
        "/api/v1/accounts/{accountId}/credentials/{credentialId}/parts/{classifier}",
        Needs::Retrieve,
    ),
    ("get", "/api/v1/workflow-executions/{workflowExecutionId}", Needs::Retrieve),
    ("get", "/api/v1/workflow-executions/{workflowExecutionId}/status", Needs::Retrieve),
];

/// Everything that roles need: an execution of the first tenant, and tokens of others.
struct World {
    api: TestApi,
    target: Value,
    transaction: String,
    other_transaction: String,
    foreign_transaction: String,
    access: String,
    foreign_access: String,
    initiate_only: String,
    retrieve_only: String,
}

impl World {
    async fn new() -> Self {
        let api = TestApi::new().await;
        let target = api.create(&workflow(2)).await;
        let other = api.create(&workflow(2)).await;
        let foreign_access = api.access_of(&api.engine.other).await;
        let create = api.request("POST", "/api/v1/accounts").bearer(&foreign_access);
        let foreign = create.json(&workflow(2)).await.json();
        Self {
            transaction: token(&target),
            other_transaction: token(&other),
            foreign_transaction: token(&foreign),
            access: api.access().await,
            initiate_only: client(&api, true, false).await,
            retrieve_only: client(&api, false, true).await,
            foreign_access,
            target,
            api,
        }
    }

    /// The operation on the first tenant's execution, with a body that it would take.
    fn call(&self, method: &str, template: &str) -> Call<'_> {
        let text = |pointer: &str| self.target.pointer(pointer).unwrap().as_str().unwrap();
        let path = template
            .replace("{accountId}", text("/account/id"))
            .replace("{workflowExecutionId}", text("/workflowExecution/id"))
            .replace("{credentialId}", text("/workflowExecution/credentials/0/id"))
            .replace("{classifier}", "FRONT");
        let call = self.api.request(&method.to_uppercase(), &path);
        match (method, template.ends_with("{classifier}")) {
            ("post", true) => call.body(
                &format!("multipart/form-data; boundary={}", crate::support::BOUNDARY),
                multipart("file", &png()),
            ),
            ("post" | "put", _) => call.body("application/json", workflow(2).to_string()),
            _ => call,
        }
    }

    async fn status(&self, method: &str, template: &str, bearer: Option<&str>) -> u16 {
        let call = self.call(method, template);
        let answer: Answer = match bearer {
            Some(token) => call.bearer(token).send().await,
            None => call.send().await,
        };
        answer.status.as_u16()
    }
}

fn token(created: &Value) -> String {
    let token = created.pointer("/workflowExecution/credentials/0/api/token");
    token.unwrap().as_str().unwrap().to_owned()
}

async fn client(api: &TestApi, initiate: bool, retrieve: bool) -> String {
    let engine = &api.engine.engine;
    let permissions = Permissions { initiate, retrieve };
    let tenant = api.engine.tenant.tenant.id;
    let client = create_client(&engine.store, &engine.context, tenant, permissions).await.unwrap();
    let secret = client.client_secret.expose();
    let issued = engine.issue_access_token(&client.client_id, secret).await.unwrap();
    issued.token.into_exposed()
}

#[tokio::test]
async fn every_operation_refuses_who_may_not_call_it() {
    let world = World::new().await;
    for (method, path, needs) in OPERATIONS {
        let refused = |expected: &'static [u16], role: &'static str, bearer: Option<String>| {
            let world = &world;
            async move {
                let status = world.status(method, path, bearer.as_deref()).await;
                assert!(expected.contains(&status), "{method} {path} as {role}: {status}");
            }
        };
        if matches!(needs, Needs::Nothing | Needs::ClientCredentials) {
            continue;
        }
        refused(&[401], "nobody", None).await;
        refused(&[401], "a forger", Some("bfa_forged".to_owned())).await;
        match needs {
            Needs::Initiate | Needs::Retrieve => {
                let transaction = Some(world.transaction.clone());
                refused(&[403], "the journey", transaction).await;
                let (restricted, role) = if needs == Needs::Initiate {
                    (&world.retrieve_only, "a client that may only retrieve")
                } else {
                    (&world.initiate_only, "a client that may only initiate")
                };
                refused(&[403], role, Some(restricted.clone())).await;
                if path.contains('{') {
                    let foreign = Some(world.foreign_access.clone());
                    refused(&[404], "another tenant's client", foreign).await;
                }
            }
            _ => {
                refused(&[403], "the client", Some(world.access.clone())).await;
                let other = Some(world.other_transaction.clone());
                refused(&[403], "another execution's journey", other).await;
                let foreign = Some(world.foreign_transaction.clone());
                refused(&[403, 404], "another tenant's journey", foreign).await;
            }
        }
    }
}

/// The refusals above mean something: the right role passes each of these operations.
#[tokio::test]
async fn every_operation_serves_who_may_call_it() {
    let world = World::new().await;
    // Deletion last, of the execution before its account; the upload before what needs its part.
    let order = |&(method, path, _): &(&str, &str, Needs)| match (method, path) {
        ("delete", path) => (2, usize::MAX - path.len()),
        ("post", path) if path.ends_with("{classifier}") => (0, 0),
        _ => (1, path.len()),
    };
    let mut operations = OPERATIONS;
    operations.sort_by_key(order);
    for (method, path, needs) in operations {
        let bearer = match needs {
            Needs::Nothing => None,
            Needs::ClientCredentials => continue,
            Needs::Initiate => Some(world.initiate_only.as_str()),
            Needs::Retrieve => Some(world.retrieve_only.as_str()),
            Needs::Transaction => Some(world.transaction.as_str()),
        };
        assert_eq!(world.status(method, path, bearer).await, 200, "{method} {path}");
    }
}

#[test]
fn every_operation_of_the_description_has_a_row() {
    let described = serde_json::to_value(bonafide_api::openapi()).unwrap();
    let mut found = BTreeMap::new();
    for (path, operations) in described["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            found.insert((method.clone(), path.clone()), schemes(operation));
        }
    }
    let rows: BTreeMap<_, _> = OPERATIONS
        .iter()
        .map(|(method, path, needs)| {
            let schemes: &[&str] = match needs {
                Needs::Nothing => &[],
                Needs::ClientCredentials => &["client"],
                Needs::Initiate | Needs::Retrieve => &["access", "basic"],
                Needs::Transaction => &["transaction"],
            };
            let schemes = schemes.iter().map(ToString::to_string).collect();
            ((method.to_string(), path.to_string()), schemes)
        })
        .collect();
    assert_eq!(rows, found, "rows of this test against operations of the description");
}

fn schemes(operation: &Value) -> Vec<String> {
    let requirements = operation["security"].as_array().into_iter().flatten();
    requirements.flat_map(|one| one.as_object().unwrap().keys().cloned()).collect()
}
