//! A sandbox tenant: nothing is judged, and everything happens as it was told.

use std::rc::Rc;
use std::time::Duration;

use axum::http::StatusCode;
use bonafide_domain::tenant::TenantMode;
use bonafide_engine::WorkerSize;
use bonafide_engine::capability::Capabilities;
use bonafide_engine::testing::add_tenant;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Answer, TestApi, multipart, png, workflow};

/// A server without any engine that could judge, its worker, and a sandbox's client.
struct SandboxApi {
    api: Rc<TestApi>,
    access: String,
}

impl SandboxApi {
    async fn new() -> Self {
        let api = TestApi::with(Capabilities::default()).await;
        let engine = api.engine.engine.clone();
        let tenant = add_tenant(&engine, "sandbox", TenantMode::Sandbox).await;
        let access = api.access_of(&tenant).await;
        tokio::spawn(async move {
            engine.work("test", WorkerSize::default(), std::future::pending()).await.unwrap();
        });
        Self { api: Rc::new(api), access }
    }

    async fn post(&self, body: &Value) -> Answer {
        self.api.request("POST", "/api/v1/accounts").bearer(&self.access).json(body).await
    }

    async fn create(&self, body: &Value) -> Value {
        taken(&self.post(body).await)
    }

    async fn update(&self, account: &str, body: &Value) -> Value {
        let path = format!("/api/v1/accounts/{account}");
        taken(&self.api.request("PUT", &path).bearer(&self.access).json(body).await)
    }

    async fn get(&self, path: &str) -> Value {
        taken(&self.api.request("GET", path).bearer(&self.access).send().await)
    }

    /// The details, once nothing changes any more.
    async fn ended(&self, created: &Value) -> Value {
        let wait = async {
            loop {
                let details = self.get(&path(created)).await;
                if details.get("completedAt").is_some() {
                    return details;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), wait).await.expect("it ends")
    }

    /// Uploads what the API takes, and finalizes.
    async fn acquire(&self, created: &Value) {
        let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
        let mut last = None;
        for api in credentials.iter().filter_map(|credential| credential.get("api")) {
            let token = api["token"].as_str().unwrap();
            let (_, href) = api["parts"].as_object().unwrap().iter().next_back().unwrap();
            let upload = self.api.request("POST", href.as_str().unwrap()).bearer(token);
            taken(&upload.multipart(multipart("file", &png())).await);
            last = Some((token, api["workflowExecution"].as_str().unwrap()));
        }
        let (token, href) = last.expect("the API captures something");
        taken(&self.api.request("PUT", href).bearer(token).send().await);
    }
}

fn taken(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn path(created: &Value) -> String {
    let (account, execution) = (&created["account"]["id"], &created["workflowExecution"]["id"]);
    let (account, execution) = (account.as_str().unwrap(), execution.as_str().unwrap());
    format!("/api/v1/accounts/{account}/workflow-executions/{execution}")
}

fn told(key: u32, instruction: &Value) -> Value {
    json!({
        "customerInternalReference": instruction.to_string(),
        "userReference": "u-17",
        "workflowDefinition": {"key": key},
    })
}

/// `capability [categories] label` of each entry, sorted.
fn labels(details: &Value) -> Vec<String> {
    let capabilities = details["capabilities"].as_object().unwrap();
    let mut found: Vec<String> = capabilities
        .iter()
        .flat_map(|(name, entries)| entries.as_array().unwrap().iter().map(move |e| (name, e)))
        .map(|(name, entry)| {
            let on: Vec<&str> = entry["credentials"]
                .as_array()
                .unwrap()
                .iter()
                .map(|credential| credential["category"].as_str().unwrap())
                .collect();
            let label = entry["decision"]["details"]["label"].as_str().unwrap();
            format!("{name} {} {label}", on.join("+"))
        })
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn without_an_instruction_everything_passes() {
    let sandbox = SandboxApi::new().await;
    let mut request = workflow(3);
    request["customerInternalReference"] = json!("<any> kind of \"text\" {}");
    let created = sandbox.create(&request).await;
    sandbox.acquire(&created).await;
    let details = sandbox.ended(&created).await;
    assert_eq!(
        labels(&details),
        [
            "dataChecks ID OK",
            "extraction ID OK",
            "imageChecks ID+SELFIE OK",
            "liveness FACEMAP+SELFIE OK",
            "similarity ID+SELFIE MATCH",
            "usability FACEMAP OK",
            "usability ID OK",
            "usability SELFIE OK",
        ],
        "though there is no engine, and nobody captured a facemap"
    );
    assert_eq!(details["workflow"]["status"], "PROCESSED");
    assert_eq!(details["workflow"]["customerInternalReference"], "<any> kind of \"text\" {}");
    let data = &details["capabilities"]["extraction"][0]["data"];
    for field in ["type", "issuingCountry", "firstName", "lastName", "documentNumber"] {
        assert!(data[field].is_string(), "{field}: {data}");
    }
    let age: u32 = data["currentAge"].as_str().unwrap().parse().unwrap();
    assert_eq!(details["capabilities"]["liveness"][0]["data"]["predictedAge"], age);
}

#[tokio::test]
async fn results_are_marked_in_the_evidence() {
    let sandbox = SandboxApi::new().await;
    let created = sandbox.create(&told(2, &json!({"status": "PROCESSED"}))).await;
    sandbox.ended(&created).await;
    let evidence = sandbox.get(&(path(&created) + "/evidence")).await;
    assert_eq!(evidence["sandbox"], true);
    for entries in evidence["capabilities"].as_object().unwrap().values() {
        assert_eq!(
            entries[0]["evidence"],
            json!([{"signal": "sandbox.not_judged", "value": true}])
        );
    }
}

#[tokio::test]
async fn an_instruction_is_followed() {
    let sandbox = SandboxApi::new().await;
    let instruction = json!({
        "decisions": {"usability": {"ID": "BLURRED"}, "liveness": "DIGITAL_COPY"},
        "status": "PROCESSED"
    });
    let created = sandbox.create(&told(3, &instruction)).await;
    assert_eq!(
        labels(&sandbox.ended(&created).await),
        [
            "dataChecks ID PRECONDITION_NOT_FULFILLED",
            "extraction ID PRECONDITION_NOT_FULFILLED",
            "imageChecks ID+SELFIE PRECONDITION_NOT_FULFILLED",
            "liveness FACEMAP+SELFIE DIGITAL_COPY",
            "similarity ID+SELFIE PRECONDITION_NOT_FULFILLED",
            "usability FACEMAP OK",
            "usability ID BLURRED",
            "usability SELFIE OK",
        ]
    );
}

#[tokio::test]
async fn data_are_drawn_from_the_text_and_overridden() {
    let sandbox = SandboxApi::new().await;
    let data = async |instruction: &Value| {
        let mut request = told(2, instruction);
        request["workflowDefinition"]["credentials"] = json!([{
            "category": "ID", "type": {"values": ["DRIVING_LICENSE"]}, "country": {"values": ["CAN"]}
        }]);
        let created = sandbox.create(&request).await;
        sandbox.ended(&created).await["capabilities"]["extraction"][0]["data"].clone()
    };
    let seven = json!({"status": "PROCESSED", "seed": 7});
    let first = data(&seven).await;
    assert_eq!(first, data(&seven).await, "the same instruction, the same answer");
    assert_ne!(
        first["lastName"],
        data(&json!({"status": "PROCESSED", "seed": 8})).await["lastName"]
    );
    assert_eq!(
        (&first["type"], &first["issuingCountry"]),
        (&json!("DRIVING_LICENSE"), &json!("CAN"))
    );

    let overridden = data(&json!({
        "status": "PROCESSED", "seed": 7,
        "extraction": {"lastName": "N/A", "dateOfBirth": "1990-06-02", "gender": null, "curp": "X"}
    }))
    .await;
    let mut expected = first;
    expected["lastName"] = json!("N/A");
    expected["dateOfBirth"] = json!("1990-06-02");
    expected["dateOfBirthParts"] = json!({"year": "1990", "month": "06", "day": "02"});
    expected["currentAge"] = json!("35");
    expected["curp"] = json!("X");
    expected.as_object_mut().unwrap().remove("gender");
    assert_eq!(overridden, expected);
}

#[tokio::test]
async fn a_wrong_instruction_is_refused_and_makes_nothing() {
    let sandbox = SandboxApi::new().await;
    let wrong = json!({"decisions": {"usability": "MATCH", "liveness": "OK"}, "delayMs": "soon"});
    assert_eq!(
        sandbox.post(&told(2, &wrong)).await.refusal(),
        (
            400,
            "The request is not valid; see `errors` for each field.".to_owned(),
            ["delayMs", "decisions.liveness", "decisions.usability"]
                .map(|field| format!("customerInternalReference.{field}"))
                .to_vec()
        )
    );
    let mut request = workflow(2);
    request["customerInternalReference"] = json!("x".repeat(4097));
    assert_eq!(sandbox.post(&request).await.refusal().2, ["customerInternalReference"]);
    request["customerInternalReference"] = json!("é".repeat(4096));
    sandbox.create(&request).await;
}

#[tokio::test]
async fn an_execution_expires_as_told() {
    let sandbox = SandboxApi::new().await;
    for status in ["SESSION_EXPIRED", "TOKEN_EXPIRED"] {
        let created = sandbox.create(&told(3, &json!({"status": status}))).await;
        let details = sandbox.ended(&created).await;
        assert_eq!(details["workflow"]["status"], status);
        assert_eq!(details.get("startedAt"), None);
        let capabilities = &details["capabilities"];
        let label =
            |capability: &str| capabilities[capability][0]["decision"]["details"]["label"].clone();
        assert_eq!(label("usability"), "NOT_UPLOADED");
        assert_eq!(label("similarity"), "PRECONDITION_NOT_FULFILLED");
    }
}

/// The first two of three deliveries count as failed, though the receiver stored them.
#[tokio::test]
async fn deliveries_fail_as_told() {
    let sandbox = SandboxApi::new().await;
    let customer = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&customer).await;
    let mut request = told(2, &json!({"status": "PROCESSED", "callback": {"failures": 2}}));
    request["callbackUrl"] = json!(customer.uri());
    let created = sandbox.create(&request).await;
    let details = sandbox.ended(&created).await;
    let wait = async {
        while customer.received_requests().await.unwrap().len() < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), wait).await.expect("it is tried three times");
    let received = customer.received_requests().await.unwrap();
    for request in &received {
        let body: Value = request.body_json().unwrap();
        assert_eq!(body["workflowExecution"]["id"], details["workflow"]["id"]);
        assert_eq!(body["workflowExecution"]["status"], "PROCESSED");
    }
}

/// What a sandbox is told, another tenant is not: its text is refused, and nothing passes unjudged.
#[tokio::test]
async fn other_tenants_are_told_nothing() {
    let sandbox = SandboxApi::new().await;
    for mode in [TenantMode::Live, TenantMode::Test] {
        let tenant = add_tenant(&sandbox.api.engine.engine, mode.as_str(), mode).await;
        let access = sandbox.api.access_of(&tenant).await;
        let post = async |body: &Value| {
            sandbox.api.request("POST", "/api/v1/accounts").bearer(&access).json(body).await
        };
        let refused = post(&told(2, &json!({"status": "PROCESSED"}))).await;
        assert_eq!(refused.refusal().2, ["customerInternalReference"], "{mode}");

        let other = SandboxApi { access: access.clone(), api: Rc::clone(&sandbox.api) };
        let created = taken(&post(&workflow(2)).await);
        other.acquire(&created).await;
        let details = other.ended(&created).await;
        assert_eq!(labels(&details)[3], "usability ID TECHNICAL_ERROR", "{mode}");
        let evidence = other.get(&(path(&created) + "/evidence")).await;
        assert_eq!(evidence.get("sandbox"), None, "{mode}");
        assert!(!evidence.to_string().contains("sandbox"), "{mode}");
    }
}

/// Every workflow comes to its end, those of an end user's journey included.
#[tokio::test]
async fn every_workflow_runs_to_its_end() {
    let sandbox = SandboxApi::new().await;
    let played = json!({"status": "PROCESSED"});
    let first = sandbox.create(&told(3, &played)).await;
    let details = sandbox.ended(&first).await;
    let account = first["account"]["id"].as_str().unwrap();
    let id = details["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .find(|credential| credential["category"] == "ID")
        .map(|credential| credential["id"].clone())
        .unwrap();
    for key in [1, 2, 3, 5, 6, 9, 16, 20, 32] {
        let mut request = told(key, &played);
        if key == 5 {
            request["workflowDefinition"]["credentials"] =
                json!([{"category": "ID", "id": id}, {"category": "SELFIE"}]);
        }
        let created = sandbox.update(account, &request).await;
        let details = sandbox.ended(&created).await;
        for found in labels(&details) {
            assert!(found.ends_with(" OK") || found.ends_with(" MATCH"), "{key}: {found}");
        }
        let parts = details["credentials"].as_array().unwrap().iter().map(|c| c.get("parts"));
        assert!(parts.clone().all(|parts| parts.is_some()), "{key}: stand-ins were captured");
    }
    // Workflow 16 over the API token: the stored facemap is uploaded, the journey is played.
    let created = sandbox.update(account, &told(16, &json!({}))).await;
    sandbox.acquire(&created).await;
    assert_eq!(sandbox.ended(&created).await["workflow"]["status"], "PROCESSED");
}

#[tokio::test]
async fn the_schema_is_served_and_takes_the_examples_of_the_page() {
    let sandbox = SandboxApi::new().await;
    let schema = sandbox.get("/sandbox/instruction.schema.json").await;
    let validator = jsonschema::validator_for(&schema).unwrap();
    let page = include_str!("../../../../docs/SANDBOX.md");
    let examples: Vec<&str> =
        page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(examples.len() >= 3, "the page has examples");
    for example in examples {
        let example: Value = serde_json::from_str(example).unwrap();
        assert!(validator.is_valid(&example), "{example}");
        assert_eq!(sandbox.post(&told(3, &example)).await.status, StatusCode::OK, "{example}");
    }
}
