//! Who may call what. Every operation of the description has its row here, and every row is called by
//! everyone who may not: an operation without a row, or a row without one of the cases, fails.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use bonafide_domain::tenant::Permissions;
use bonafide_engine::admin::create_client;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{
    Call, TestApi, consenting, credential, execution_path, multipart, png, workflow,
};

/// What an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
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
    /// The token of the execution's `web.href`, or its `sdk.token`.
    EndUser,
}

const ACCOUNT: &str = "/api/v1/accounts/{accountId}";
const EXECUTION: &str = "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}";

const CHALLENGE: &str = "/websdk/v4/api/credentials/{credentialId}/challenge";
const FRAME: &str = "/websdk/v4/api/challenges/{challengeId}/frames/{number}";
const ANSWER: &str = "/websdk/v4/api/challenges/{challengeId}";
const SUBMIT: &str = "/websdk/v4/api/submit";

pub(crate) const OPERATIONS: &[(&str, &str, Needs)] = &[
    ("post", "/oauth2/token", Needs::ClientCredentials),
    ("get", "/health", Needs::Nothing),
    ("get", "/openapi.json", Needs::Nothing),
    ("get", "/sandbox/instruction.schema.json", Needs::Nothing),
    ("post", "/api/v1/accounts", Needs::Initiate),
    ("put", ACCOUNT, Needs::Initiate),
    ("get", ACCOUNT, Needs::Retrieve),
    ("delete", ACCOUNT, Needs::Retrieve),
    ("delete", "/api/v1/accounts/{accountId}/biometrics", Needs::Retrieve),
    ("get", "/api/v1/accounts/{accountId}/consents", Needs::Retrieve),
    ("get", "/api/v1/accounts/{accountId}/receipts", Needs::Retrieve),
    ("get", "/api/v1/events", Needs::Retrieve),
    ("get", "/api/v1/callbacks", Needs::Retrieve),
    ("put", EXECUTION, Needs::Transaction),
    ("get", EXECUTION, Needs::Retrieve),
    ("delete", EXECUTION, Needs::Retrieve),
    (
        "delete",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/biometrics",
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
        "get",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/steps",
        Needs::Retrieve,
    ),
    (
        "get",
        "/api/v1/accounts/{accountId}/workflow-executions/{workflowExecutionId}/rules",
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
    ("post", "/api/v1/searches", Needs::Initiate),
    ("get", "/api/v1/searches", Needs::Retrieve),
    ("get", "/api/v1/searches/{searchId}", Needs::Retrieve),
    ("patch", "/api/v1/searches/{searchId}/entities", Needs::Initiate),
    ("get", "/api/v1/searches/{searchId}/comments", Needs::Retrieve),
    ("post", "/api/v1/searches/{searchId}/comments", Needs::Initiate),
    ("get", "/api/v1/searches/{searchId}/monitors", Needs::Retrieve),
    ("patch", "/api/v1/searches/{searchId}/monitors", Needs::Initiate),
    ("post", "/api/v1/screening-notices", Needs::Initiate),
    ("get", "/api/v1/searches/{searchId}/monitor/differences", Needs::Retrieve),
    ("get", "/api/v1/lists", Needs::Retrieve),
    ("get", "/websdk/v4/api/journey", Needs::EndUser),
    ("post", "/websdk/v4/api/credentials/{credentialId}/parts/{classifier}", Needs::EndUser),
    ("post", CHALLENGE, Needs::EndUser),
    ("post", FRAME, Needs::EndUser),
    ("post", ANSWER, Needs::EndUser),
    ("post", SUBMIT, Needs::EndUser),
    ("get", "/api/v1/workflow-executions", Needs::Retrieve),
    ("get", "/api/v1/workflow-executions/{workflowExecutionId}", Needs::Retrieve),
    ("get", "/api/v1/workflow-executions/{workflowExecutionId}/status", Needs::Retrieve),
];

/// Who may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Case {
    /// No token, and one that nobody gave out.
    NoToken,
    /// Each of the other kinds of token; and a client without the permission.
    WrongKind,
    /// What belongs to another tenant.
    OtherTenant,
    /// What belongs to another execution: its token, or a path that puts one into a wrong account.
    OtherExecution,
    /// A token whose time is over.
    Expired,
}

const CASES: [Case; 5] =
    [Case::NoToken, Case::WrongKind, Case::OtherTenant, Case::OtherExecution, Case::Expired];

/// Everything that roles need: an execution of the first tenant, and tokens of others. The key is
/// one that has steps, a face, and a web journey.
struct World {
    api: TestApi,
    target: Value,
    /// A challenge of the target, with its frames and without its answer.
    challenge: String,
    other: Value,
    foreign: Value,
    search: String,
    access: String,
    foreign_access: String,
    initiate_only: String,
    retrieve_only: String,
}

impl World {
    async fn new() -> Self {
        let api = TestApi::new().await;
        let foreign_access = api.access_of(&api.engine.other).await;
        let create = api.request("POST", "/api/v1/accounts").bearer(&foreign_access);
        let target = api.create(&consenting(10011)).await;
        // There is something to see: a refusal is none because nothing is there.
        let front = credential(&target, "ID")["api"]["parts"]["front"].as_str().unwrap();
        let uploaded = api.request("POST", front).bearer(&token(&target)).file(&png()).await;
        assert_eq!(uploaded.status, StatusCode::OK, "{}", uploaded.text());
        let challenge = challenge(&api, &target).await;
        api.engine.import_list("name\nAda Example\n");
        let access = api.access().await;
        let found =
            api.request("POST", "/api/v1/searches").bearer(&access).json(&searching()).await;
        assert_eq!(found.status, StatusCode::OK, "{}", found.text());
        Self {
            target,
            challenge,
            search: found.json()["content"]["data"]["id"].to_string(),
            other: api.create(&consenting(10011)).await,
            foreign: create.json(&consenting(10011)).await.json(),
            access: api.access().await,
            initiate_only: client(&api, true, false).await,
            retrieve_only: client(&api, false, true).await,
            foreign_access,
            api,
        }
    }

    /// The operation on an execution, with a body that it would take.
    fn call(&self, method: &str, template: &str, account: &Value, execution: &Value) -> Call<'_> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let subject = if template == CHALLENGE { "FACEMAP" } else { "ID" };
        let path = template
            .replace("{accountId}", &text(&account["account"]["id"]))
            .replace("{workflowExecutionId}", &text(&execution["workflowExecution"]["id"]))
            .replace("{credentialId}", &text(&credential(execution, subject)["id"]))
            .replace("{challengeId}", &self.challenge)
            .replace("{number}", "1")
            .replace("{searchId}", &self.search)
            .replace("{classifier}", "FRONT");
        let call = self.api.request(&method.to_uppercase(), &path);
        if template == ANSWER {
            return call.body("application/json", json!({"times": TIMES}).to_string());
        }
        match (method, template.ends_with("{classifier}") || template == FRAME) {
            ("post", true) => call.body(
                &format!("multipart/form-data; boundary={}", crate::support::BOUNDARY),
                multipart("file", &png()),
            ),
            ("post" | "patch", _) if template.contains("/searches") => {
                call.body("application/json", searching().to_string())
            }
            ("post" | "put", _) => call.body("application/json", workflow(2).to_string()),
            _ => call,
        }
    }

    async fn status(&self, method: &str, template: &str, bearer: Option<&str>) -> u16 {
        let call = self.call(method, template, &self.target, &self.target);
        let call = bearer.into_iter().fold(call, Call::bearer);
        call.send().await.status.as_u16()
    }

    /// Calls an operation as everyone that `case` means. Each entry says who, what came back, and
    /// what may.
    async fn refusals(&self, operation: Operation, case: Case) -> Vec<(&str, u16, &[u16])> {
        let (method, path, needs) = operation;
        let of_client = matches!(needs, Needs::Initiate | Needs::Retrieve);
        let as_bearer =
            |token: String| async move { self.status(method, path, Some(&token)).await };
        match case {
            Case::NoToken => vec![
                ("nobody", self.status(method, path, None).await, &[401]),
                ("a forger", as_bearer("bfa_forged".to_owned()).await, &[401]),
            ],
            Case::WrongKind if needs == Needs::EndUser => vec![
                ("the client", as_bearer(self.access.clone()).await, &[403]),
                ("the customer's server", as_bearer(token(&self.target)).await, &[403]),
            ],
            Case::WrongKind => {
                let mut told: Vec<(&str, u16, &[u16])> = vec![
                    ("the browser", as_bearer(web_token(&self.target)).await, &[403]),
                    ("the SDK", as_bearer(sdk_token(&self.target)).await, &[403]),
                ];
                if of_client {
                    let restricted = match needs {
                        Needs::Initiate => &self.retrieve_only,
                        _ => &self.initiate_only,
                    };
                    told.push(("the journey", as_bearer(token(&self.target)).await, &[403]));
                    told.push(("a restricted client", as_bearer(restricted.clone()).await, &[403]));
                } else {
                    told.push(("the client", as_bearer(self.access.clone()).await, &[403]));
                }
                told
            }
            Case::OtherTenant if of_client => {
                vec![("its client", as_bearer(self.foreign_access.clone()).await, &[404])]
            }
            Case::OtherTenant if needs == Needs::EndUser => {
                vec![("its end user", as_bearer(web_token(&self.foreign)).await, &[404])]
            }
            Case::OtherTenant => {
                vec![("its journey", as_bearer(token(&self.foreign)).await, &[403, 404])]
            }
            Case::OtherExecution if of_client => {
                let call = self.call(method, path, &self.other, &self.target);
                let answer = call.bearer(&self.access).send().await;
                vec![("a path that mixes accounts", answer.status.as_u16(), &[404])]
            }
            Case::OtherExecution if needs == Needs::EndUser => vec![
                ("its end user", as_bearer(web_token(&self.other)).await, &[404]),
                ("its SDK", as_bearer(sdk_token(&self.other)).await, &[404]),
            ],
            Case::OtherExecution => {
                vec![("its journey", as_bearer(token(&self.other)).await, &[403])]
            }
            Case::Expired => {
                let expired = match needs {
                    _ if of_client => self.access.clone(),
                    Needs::EndUser => web_token(&self.target),
                    _ => token(&self.target),
                };
                vec![("who came too late", as_bearer(expired).await, &[401])]
            }
        }
    }
}

/// A search, a judgement of its hit, and a comment, all in one.
pub(crate) fn searching() -> Value {
    json!({
        "search_term": "Ada Example", "message": "seen", "entities": ["own:1"],
        "match_status": "potential_match", "reason": "seen", "is_monitored": true
    })
}

type Operation = (&'static str, &'static str, Needs);

/// Why a case cannot arise; without a reason it must be called.
fn inapplicable((_, path, needs): Operation, case: Case) -> Option<&'static str> {
    match case {
        _ if matches!(needs, Needs::Nothing | Needs::ClientCredentials) => Some("takes no token"),
        Case::OtherTenant if !path.contains('{') => {
            Some("names nothing that could be another's; what it answers is tested in isolation.rs")
        }
        Case::OtherExecution if needs == Needs::Transaction => None,
        Case::OtherExecution if needs == Needs::EndUser && path.contains('{') => None,
        Case::OtherExecution if path.matches('{').count() < 2 => {
            Some("has no two ids that could belong to different executions")
        }
        _ => None,
    }
}

fn token(created: &Value) -> String {
    credential(created, "ID")["api"]["token"].as_str().unwrap().to_owned()
}

pub(crate) fn web_token(created: &Value) -> String {
    let href = created["web"]["href"].as_str().unwrap();
    href.split_once("authorizationToken=").unwrap().1.split_once('&').unwrap().0.to_owned()
}

fn sdk_token(created: &Value) -> String {
    created["sdk"]["token"].as_str().unwrap().to_owned()
}

/// When the frames of the challenge were taken.
const TIMES: [u32; 8] = [0, 300, 600, 900, 1200, 1500, 1800, 2100];

async fn challenge(api: &TestApi, created: &Value) -> String {
    let bearer = web_token(created);
    let facemap = credential(created, "FACEMAP")["id"].as_str().unwrap();
    let path = CHALLENGE.replace("{credentialId}", facemap);
    let issued = api.request("POST", &path).bearer(&bearer).send().await.json();
    let id = issued["id"].as_str().unwrap().to_owned();
    for number in 1..=TIMES.len() {
        let path = format!("/websdk/v4/api/challenges/{id}/frames/{number}");
        let taken = api.request("POST", &path).bearer(&bearer).file(&png()).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.text());
    }
    id
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
    let mut called = BTreeSet::new();
    // Expiry last: it takes the time away from everyone.
    for case in CASES {
        if case == Case::Expired {
            world.api.engine.clock.advance(SignedDuration::from_hours(1));
        }
        for &operation in OPERATIONS {
            let (method, path, _) = operation;
            if inapplicable(operation, case).is_some() {
                continue;
            }
            for (who, status, expected) in world.refusals(operation, case).await {
                assert!(expected.contains(&status), "{method} {path}, {case:?}, {who}: {status}");
                called.insert((method, path, case));
            }
        }
    }
    for &operation in OPERATIONS {
        let (method, path, _) = operation;
        for case in CASES {
            let tested = called.contains(&(method, path, case));
            let excused = inapplicable(operation, case).is_some();
            assert!(tested != excused, "{method} {path} has no test for {case:?}");
        }
    }
}

/// The refusals above mean something: the right role passes each of these operations.
#[tokio::test]
async fn every_operation_serves_who_may_call_it() {
    let world = World::new().await;
    // Deletion last, of the execution before its account; the upload before what needs its part.
    let order = |&(method, path, _): &Operation| match (method, path) {
        ("delete", path) => (3, usize::MAX - path.len()),
        ("put", EXECUTION) => (2, 0),
        (_, FRAME) => (0, 1),
        (_, ANSWER) => (0, 2),
        (_, SUBMIT) => (2, 1),
        ("post", path) if path.ends_with("{classifier}") => (0, 0),
        _ => (1, path.len()),
    };
    let mut operations = OPERATIONS.to_vec();
    operations.sort_by_key(order);
    for (method, path, needs) in operations {
        let bearer = match needs {
            Needs::Nothing => None,
            Needs::ClientCredentials => continue,
            Needs::Initiate => Some(world.initiate_only.clone()),
            Needs::Retrieve => Some(world.retrieve_only.clone()),
            Needs::Transaction => Some(token(&world.target)),
            Needs::EndUser => Some(web_token(&world.target)),
        };
        if (method, path) == ("put", EXECUTION) {
            let finalized = world.api.upload_and_finalize(&world.target).await;
            assert_eq!(finalized.status, StatusCode::OK, "{}", execution_path(&world.target));
        }
        assert_eq!(world.status(method, path, bearer.as_deref()).await, 200, "{method} {path}");
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
                Needs::EndUser => &["web", "sdk"],
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
