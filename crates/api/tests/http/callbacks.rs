//! Callbacks as a customer's server receives them, and the log of their deliveries.

use axum::http::StatusCode;
use bonafide_engine::admin::replay_callback;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::{TestApi, name_ids, workflow};

/// A customer's server that answers with a status.
async fn customer(status: u16) -> MockServer {
    let server = MockServer::start().await;
    answers(&server, status).await;
    server
}

async fn answers(server: &MockServer, status: u16) {
    server.reset().await;
    let answer = ResponseTemplate::new(status);
    Mock::given(method("POST")).respond_with(answer).mount(server).await;
}

fn calling(key: u32, server: &MockServer) -> Value {
    let mut request = workflow(key);
    request["callbackUrl"] = json!(server.uri());
    request["userReference"] = json!("u-17");
    request
}

/// Waits until the customer's server was called so often.
async fn called(server: &MockServer, times: usize) -> Vec<Request> {
    loop {
        let requests = server.received_requests().await.unwrap();
        if requests.len() >= times {
            return requests;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers[name].to_str().unwrap()
}

/// Whether a signature of the request is by this secret, by the specification's own library.
fn is_signed_by(secret: &str, request: &Request) -> bool {
    let timestamp = header(request, "webhook-timestamp").parse().unwrap();
    let webhook = Webhook::new(secret).unwrap();
    let expected = webhook.sign(header(request, "webhook-id"), timestamp, &request.body).unwrap();
    header(request, "webhook-signature").split(' ').any(|signature| signature == expected)
}

#[tokio::test]
async fn a_callback_has_the_contracts_body_and_the_headers_of_standard_webhooks() {
    let api = TestApi::new().await;
    let (old, server) = (api.callback_secret().await, customer(200).await);
    let new = api.callback_secret().await;
    api.processed_of(&calling(2, &server)).await;
    let requests = api.working(called(&server, 1)).await;
    let [request] = requests.as_slice() else { panic!("called {} times", requests.len()) };
    insta::assert_json_snapshot!(name_ids(&request.body_json().unwrap()), @r#"
    {
      "account": {
        "href": "https://bonafide.example/api/v1/accounts/<id 0>",
        "id": "<id 0>"
      },
      "callbackSentAt": "2026-06-01T12:00:00.000Z",
      "userReference": "u-17",
      "workflowExecution": {
        "definitionKey": "2",
        "href": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>",
        "id": "<id 1>",
        "status": "PROCESSED"
      }
    }
    "#);
    assert_eq!(header(request, "content-type"), "application/json");
    assert_eq!(header(request, "webhook-timestamp"), "1780315200");
    assert_eq!(header(request, "bonafide-sequence"), "1");
    // While a secret is rotated both sign.
    assert!(is_signed_by(&old, request) && is_signed_by(&new, request));
    assert!(!is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", request));

    api.engine.clock.advance(jiff::SignedDuration::from_hours(1));
    api.processed_of(&calling(2, &server)).await;
    let requests = api.working(called(&server, 2)).await;
    assert!(is_signed_by(&new, &requests[1]) && !is_signed_by(&old, &requests[1]), "retired");
}

#[tokio::test]
async fn a_tenant_without_a_secret_is_called_without_signature() {
    let api = TestApi::new().await;
    let server = customer(204).await;
    api.processed_of(&calling(1, &server)).await;
    let request = api.working(called(&server, 1)).await.remove(0);
    assert!(!request.headers.contains_key("webhook-signature"));
    assert_eq!(header(&request, "webhook-id").len(), 36);
}

#[tokio::test]
async fn who_wants_to_know_is_told_of_the_acquisition_too() {
    let api = TestApi::new().await;
    let server = customer(200).await;
    let tell = async |times| {
        let mut told: Vec<_> = api
            .working(called(&server, times))
            .await
            .iter()
            .map(|request| {
                let body: Value = request.body_json().unwrap();
                let sequence: u32 = header(request, "bonafide-sequence").parse().unwrap();
                (sequence, body["workflowExecution"]["status"].as_str().unwrap().to_owned())
            })
            .collect();
        // Callbacks may overtake each other; that is what the number is for.
        told.sort();
        told.into_iter().map(|(_, status)| status).collect::<Vec<_>>()
    };
    api.processed_of(&calling(2, &server)).await;
    assert_eq!(tell(1).await, ["PROCESSED"]);
    answers(&server, 200).await;
    api.set(|settings| settings.intermediate_callbacks = true).await;
    api.processed_of(&calling(2, &server)).await;
    assert_eq!(tell(3).await, ["ACQUISITION_STARTED", "ACQUIRED", "PROCESSED"]);
}

async fn log(api: &TestApi, access: &str, query: &str) -> Value {
    let path = format!("/api/v1/callbacks?{query}");
    let answer = api.request("GET", &path).bearer(access).send().await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn a_dead_letter_is_in_the_log_and_can_be_replayed() {
    let api = TestApi::new().await;
    let (access, server) = (api.access().await, customer(503).await);
    let created = api.processed_of(&calling(2, &server)).await;
    let dead = async || log(&api, &access, "state=DEAD").await["callbacks"].clone();
    let found = api
        .working(async {
            loop {
                let found = dead().await;
                if found != json!([]) {
                    return found;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        })
        .await;
    // The schedule of the tests has five pauses.
    let attempts = found[0]["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), 6);
    let mut first = found[0].clone();
    first["attempts"] = json!([attempts[0]]);
    first["url"] = json!("…");
    insta::assert_json_snapshot!(name_ids(&first), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "attempts": [
        {
          "at": "2026-06-01T12:00:00.000Z",
          "attempt": 1,
          "outcome": "503"
        }
      ],
      "createdAt": "2026-06-01T12:00:00.000Z",
      "id": "<id 1>",
      "sequence": 1,
      "state": "DEAD",
      "status": "PROCESSED",
      "url": "…",
      "workflowExecution": {
        "id": "<id 2>"
      }
    }
    "#);

    answers(&server, 200).await;
    let engine = &api.engine.engine;
    let id = found[0]["id"].as_str().unwrap().parse().unwrap();
    let other = api.engine.other.tenant.id;
    assert!(!replay_callback(&engine.store, &engine.context, other, id).await.unwrap());
    let tenant = api.engine.tenant.tenant.id;
    assert!(replay_callback(&engine.store, &engine.context, tenant, id).await.unwrap());
    let requests = api.working(called(&server, 1)).await;
    assert_eq!(header(&requests[0], "webhook-id"), found[0]["id"], "the same message");
    let execution = created["workflowExecution"]["id"].as_str().unwrap();
    let delivered = api
        .working(async {
            loop {
                let found = log(&api, &access, &format!("workflowExecutionId={execution}")).await;
                if found["callbacks"][0]["state"] == "DELIVERED" {
                    return found;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        })
        .await;
    assert_eq!(delivered["callbacks"][0]["attempts"][6]["outcome"], "200");
}

#[tokio::test]
async fn the_log_is_paged_and_its_tenants() {
    let api = TestApi::new().await;
    let (access, server) = (api.access().await, customer(200).await);
    for _ in 0..3 {
        api.processed_of(&calling(1, &server)).await;
    }
    let all = log(&api, &access, "").await;
    assert_eq!((all["callbacks"].as_array().unwrap().len(), all.get("next")), (3, None));
    let first = log(&api, &access, "limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = log(&api, &access, &format!("limit=2&before={next}")).await;
    assert_eq!(second.get("next"), None);
    let pages =
        [first["callbacks"].as_array().unwrap().clone(), vec![second["callbacks"][0].clone()]];
    assert_eq!(&pages.concat(), all["callbacks"].as_array().unwrap());
    let foreign = api.access_of(&api.engine.other).await;
    assert_eq!(log(&api, &foreign, "").await, json!({"callbacks": []}));
    for (query, field) in [
        ("state=LOST", "state"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("before=17", "before"),
        ("workflowExecutionId=17", "workflowExecutionId"),
    ] {
        let path = format!("/api/v1/callbacks?{query}");
        let (status, _, fields) = api.request("GET", &path).bearer(&access).send().await.refusal();
        assert_eq!((status, fields), (400, vec![field.to_owned()]), "{query}");
    }
}
