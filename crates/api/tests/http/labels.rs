//! Every decision that contract §7.3 knows, of every capability that a workflow has, on every
//! category of credential: told to a sandbox, called back over real HTTP, and seen in what the
//! callback links to. That each workflow reaches each of its labels is the domain's own test.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bonafide_domain::credential::Category;
use bonafide_domain::decision::{Capability, DecisionType, Label, labels};
use bonafide_domain::sandbox::{Instruction, rehearse};
use bonafide_domain::tenant::TenantMode;
use bonafide_domain::workflow::{Needs, WorkflowDefinition, WorkflowKey, definition, definitions};
use bonafide_engine::WorkerSize;
use bonafide_engine::capability::Capabilities;
use bonafide_engine::testing::{TestEngine, add_tenant};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Capability, categories, type and label of an entry.
type Entry = (String, Vec<String>, String, String);

/// An integrator's program: its client of the API, and its receiver of callbacks.
struct Integrator {
    http: reqwest::Client,
    base: String,
    access: String,
    receiver: MockServer,
}

impl Integrator {
    async fn start(test: &TestEngine) -> Self {
        let sandbox = add_tenant(&test.engine, "sandbox", TenantMode::Sandbox).await;
        let client = &sandbox.client;
        let issued =
            test.engine.issue_access_token(&client.client_id, client.client_secret.expose()).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = bonafide_api::router(test.engine.clone(), bonafide_api::ApiOptions::default());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let engine = test.engine.clone();
        tokio::spawn(async move {
            engine.work("test", WorkerSize::default(), std::future::pending()).await
        });
        let receiver = MockServer::start().await;
        Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&receiver).await;
        Self {
            http: reqwest::Client::builder().user_agent("test").no_proxy().build().unwrap(),
            base,
            access: issued.unwrap().token.into_exposed(),
            receiver,
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Value {
        let response = request.bearer_auth(&self.access).send().await.unwrap();
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, 200, "{body}");
        body
    }

    /// Starts an execution, on an account or on a new one.
    async fn start_execution(&self, account: Option<&str>, mut body: Value) -> Value {
        body["callbackUrl"] = json!(self.receiver.uri());
        body["userReference"] = json!("u-17");
        let accounts = format!("{}/api/v1/accounts", self.base);
        let request = match account {
            Some(account) => self.http.put(format!("{accounts}/{account}")),
            None => self.http.post(accounts),
        };
        self.send(request.json(&body)).await
    }

    /// Waits until so many executions were called back; gives each one's link.
    async fn called_back(&self, executions: usize) -> BTreeMap<String, String> {
        let wait = async {
            loop {
                let received = self.receiver.received_requests().await.unwrap();
                let called: BTreeMap<String, String> = received
                    .iter()
                    .map(|request| request.body_json::<Value>().unwrap())
                    .inspect(|body| assert_eq!(body["workflowExecution"]["status"], "PROCESSED"))
                    .map(|body| {
                        let text =
                            |key: &str| body["workflowExecution"][key].as_str().unwrap().to_owned();
                        (text("id"), text("href"))
                    })
                    .collect();
                if called.len() >= executions {
                    return called;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(4), wait).await.expect("all are called back")
    }

    /// The entries of the details that a callback links to.
    async fn entries(&self, href: &str) -> Vec<Entry> {
        let url = href.replace("https://bonafide.example", &self.base);
        let details = self.send(self.http.get(url)).await;
        let mut entries = Vec::new();
        for (capability, found) in details["capabilities"].as_object().unwrap() {
            for entry in found.as_array().unwrap() {
                let on = entry["credentials"].as_array().into_iter().flatten();
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                entries.push((
                    capability.clone(),
                    on.map(|credential| text(&credential["category"])).collect(),
                    text(&entry["decision"]["type"]),
                    text(&entry["decision"]["details"]["label"]),
                ));
            }
        }
        entries.sort();
        entries
    }
}

fn categories(workflow: &WorkflowDefinition) -> Vec<Category> {
    workflow.credentials.iter().map(|slot| slot.category).collect()
}

/// What is told, and to which workflow: each label of each capability, for each category where they
/// may differ, once, to the shortest workflow that knows it.
fn tellings() -> Vec<(&'static WorkflowDefinition, Value)> {
    let mut workflows: Vec<&WorkflowDefinition> = definitions().iter().collect();
    workflows.sort_by_key(|workflow| workflow.capabilities.len());
    let mut told = BTreeSet::new();
    workflows
        .into_iter()
        .flat_map(|workflow| instructions(workflow).into_iter().map(move |told| (workflow, told)))
        .filter(|(_, instruction)| told.insert(instruction.to_string()))
        .collect()
}

/// An instruction for each pair of type and label, and for each category where they may differ.
fn instructions(workflow: &WorkflowDefinition) -> Vec<Value> {
    let mut own = categories(workflow);
    own.sort();
    own.dedup();
    let mut all = Vec::new();
    for node in workflow.capabilities {
        for label in DecisionType::ALL.iter().flat_map(|kind| labels(node.capability, *kind)) {
            let capability = node.capability.as_str();
            let mut tell = |decision: Value| {
                all.push(json!({"status": "PROCESSED", "decisions": {capability: decision}}));
            };
            match node.needs {
                Needs::Each => own.iter().for_each(|c| tell(json!({c.as_str(): label}))),
                _ => tell(json!(label)),
            }
        }
    }
    all
}

fn expected(workflow: &WorkflowDefinition, instruction: &Value) -> Vec<Entry> {
    let categories = categories(workflow);
    let told = Instruction::read(&instruction.to_string(), workflow, &categories).unwrap();
    let mut entries: Vec<Entry> = rehearse(workflow, &categories, &told)
        .into_iter()
        .map(|(capability, on, decision)| {
            // Screening that never began lists no credentials (contract §6.1).
            let never_began = capability == Capability::WatchlistScreening
                && decision.label() == Label::PreconditionNotFulfilled;
            let on = if never_began { Vec::new() } else { on };
            (
                capability.to_string(),
                on.iter().map(ToString::to_string).collect(),
                decision.decision_type().to_string(),
                decision.label().to_string(),
            )
        })
        .collect();
    entries.sort();
    entries
}

async fn every_label(url: &str, folder: tempfile::TempDir) -> usize {
    let test = TestEngine::on(url, folder, Capabilities::default()).await;
    let integrator = Integrator::start(&test).await;

    // An account with an ID and a facemap on file, for the workflows that need them.
    let body = |key: WorkflowKey, instruction: &Value| {
        json!({
            "customerInternalReference": instruction.to_string(),
            "workflowDefinition": {"key": key},
        })
    };
    let first = body(WorkflowKey::IdAndIdentityVerification, &json!({"status": "PROCESSED"}));
    let first = integrator.start_execution(None, first).await;
    let account = first["account"]["id"].as_str().unwrap();
    integrator.called_back(1).await;
    let credentials = first["workflowExecution"]["credentials"].as_array().unwrap();
    let id = credentials.iter().find(|credential| credential["category"] == "ID").unwrap();

    let mut told = BTreeMap::new();
    for (workflow, instruction) in tellings() {
        let mut request = body(workflow.key, &instruction);
        if workflow.key == WorkflowKey::SimilarityToExistingId {
            request["workflowDefinition"]["credentials"] =
                json!([{"category": "ID", "id": id["id"]}, {"category": "SELFIE"}]);
        }
        let account = (!workflow.creates).then_some(account);
        let created = integrator.start_execution(account, request).await;
        let execution = created["workflowExecution"]["id"].as_str().unwrap().to_owned();
        told.insert(execution, (workflow.key, instruction));
    }

    let called = integrator.called_back(told.len() + 1).await;
    for (execution, (key, instruction)) in &told {
        let entries = integrator.entries(&called[execution]).await;
        assert_eq!(entries, expected(definition(*key), instruction), "{key} {instruction}");
    }
    told.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_label_is_told_called_back_and_retrieved() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("bonafide.db").display());
    let labels = every_label(&url, folder).await;
    println!("{labels} decisions told, called back and retrieved");
}
