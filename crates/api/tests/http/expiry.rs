//! Lifetimes of tokens and sessions, and what is left of executions whose time ran out (contract §5).

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::support::{TestApi, consenting, credential, execution_path, png, workflow};

/// The first `api` block: its token, the address of its first part, and of the execution.
fn block(created: &Value, category: &str) -> (String, String, String) {
    let api = &credential(created, category)["api"];
    let part = api["parts"].as_object().unwrap().values().next_back().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&api["token"]), text(part), text(&api["workflowExecution"]))
}

async fn upload(api: &TestApi, token: &str, href: &str) -> u16 {
    api.request("POST", href).bearer(token).file(&png()).await.status.as_u16()
}

#[tokio::test]
async fn a_token_lets_a_journey_start_for_its_lifetime() {
    for (lifetime, minutes) in
        [(None, 30), (Some("5m"), 5), (Some("2h"), 120), (Some("60d"), 86_400)]
    {
        let mut body = workflow(2);
        if let Some(lifetime) = lifetime {
            body["tokenLifetime"] = json!(lifetime);
        }
        let api = TestApi::new().await;
        let (token, part, _) = block(&api.create(&body).await, "ID");
        let just_before = SignedDuration::from_mins(minutes) - SignedDuration::from_millis(1);
        api.engine.clock.advance(just_before);
        assert_eq!(upload(&api, &token, &part).await, 200, "{lifetime:?}");

        let api = TestApi::new().await;
        let (token, part, execution) = block(&api.create(&body).await, "ID");
        api.engine.clock.advance(SignedDuration::from_mins(minutes));
        assert_eq!(upload(&api, &token, &part).await, 401, "{lifetime:?}");
        assert_eq!(api.request("PUT", &execution).bearer(&token).send().await.refusal().0, 401);
    }
}

#[tokio::test]
async fn each_capture_begins_the_session_anew() {
    let api = TestApi::new().await;
    let (token, part, execution) = block(&api.create(&workflow(2)).await, "ID");
    let almost = SignedDuration::from_mins(15) - SignedDuration::from_millis(1);
    for _ in 0..5 {
        // Five times almost a quarter of an hour: longer than the token's own lifetime.
        assert_eq!(upload(&api, &token, &part).await, 200);
        api.engine.clock.advance(almost);
    }
    api.engine.clock.advance(SignedDuration::from_millis(1));
    assert_eq!(upload(&api, &token, &part).await, 401, "fifteen minutes without a capture");
    assert_eq!(api.request("PUT", &execution).bearer(&token).send().await.refusal().0, 401);
}

#[tokio::test]
async fn an_access_token_lives_for_an_hour() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let create = async || {
        let call = api.request("POST", "/api/v1/accounts").bearer(&access);
        call.json(&workflow(1)).await
    };
    api.engine.clock.advance(SignedDuration::from_hours(1) - SignedDuration::from_millis(1));
    assert_eq!(create().await.status, StatusCode::OK);
    api.engine.clock.advance(SignedDuration::from_millis(1));
    assert_eq!(create().await.refusal().0, 401);
}

/// Each token opens what it is for and nothing else.
#[tokio::test]
async fn tokens_are_not_interchangeable() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(3)).await;
    let (transaction, part, execution) = block(&created, "SELFIE");
    let web = created["web"]["href"].as_str().unwrap();
    let web = web.split_once("authorizationToken=").unwrap().1.split_once('&').unwrap().0;
    let sdk = created["sdk"]["token"].as_str().unwrap();
    for (name, token) in [("web", web), ("sdk", sdk), ("transaction", transaction.as_str())] {
        let create = api.request("POST", "/api/v1/accounts").bearer(token);
        assert_eq!(create.json(&workflow(1)).await.refusal().0, 403, "{name}");
        let read = api.request("GET", &execution_path(&created)).bearer(token).send().await;
        assert_eq!(read.refusal().0, 403, "{name}");
    }
    let access = api.access().await;
    for (name, token) in [("web", web), ("sdk", sdk), ("access", access.as_str())] {
        assert_eq!(upload(&api, token, &part).await, 403, "{name}");
        let finalize = api.request("PUT", &execution).bearer(token).send().await;
        assert_eq!(finalize.refusal().0, 403, "{name}");
    }
}

/// A leaked database or backup opens nothing: of tokens and secrets only hashes are kept.
#[tokio::test]
async fn tokens_and_secrets_lie_in_no_file() {
    let api = TestApi::new().await;
    let created = api.processed_of(&consenting(3)).await;
    let web = created["web"]["href"].as_str().unwrap();
    let secrets = [
        api.access().await,
        block(&created, "SELFIE").0,
        created["sdk"]["token"].as_str().unwrap().to_owned(),
        web.split_once("authorizationToken=").unwrap().1.split_once('&').unwrap().0.to_owned(),
        api.engine.tenant.client.client_secret.expose().clone(),
    ];
    let mut bytes = 0;
    let mut folders = vec![api.engine.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = std::fs::read(&path).unwrap();
            bytes += content.len();
            for secret in &secrets {
                let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "a secret lies in {}", path.display());
            }
        }
    }
    assert!(bytes > 100_000, "the database was looked at: {bytes} bytes");
}

/// The result object of contract §5.
#[tokio::test]
async fn what_is_left_of_an_execution_that_never_began() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(32)).await;
    api.engine.clock.advance(SignedDuration::from_mins(31));
    api.work_until(&created, "TOKEN_EXPIRED").await;
    let details = api.get(&execution_path(&created)).await.json();
    check_expired(&details, "TOKEN_EXPIRED");
    for credential in details["credentials"].as_array().unwrap() {
        assert!(credential.get("parts").is_none(), "nothing was captured");
    }
}

#[tokio::test]
async fn what_is_left_of_an_execution_that_stopped_half_way() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(32)).await;
    let (token, part, _) = block(&created, "ID");
    assert_eq!(upload(&api, &token, &part).await, 200);
    api.engine.clock.advance(SignedDuration::from_mins(16));
    api.work_until(&created, "SESSION_EXPIRED").await;
    let details = api.get(&execution_path(&created)).await.json();
    check_expired(&details, "SESSION_EXPIRED");
    for credential in details["credentials"].as_array().unwrap() {
        let captured = credential["category"] == "ID";
        assert_eq!(credential.get("parts").is_some(), captured, "{credential}");
    }
}

fn check_expired(details: &Value, status: &str) {
    assert_eq!(details["workflow"]["status"], status);
    assert!(details.get("startedAt").is_none(), "processing never started");
    assert!(details.get("completedAt").is_some());
    let capabilities = details["capabilities"].as_object().unwrap();
    let names: Vec<_> = capabilities.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "dataChecks",
            "extraction",
            "imageChecks",
            "liveness",
            "similarity",
            "usability",
            "watchlistScreening"
        ]
    );
    for (name, entries) in capabilities {
        let count = if name == "usability" { 3 } else { 1 };
        assert_eq!(entries.as_array().unwrap().len(), count, "{name}");
        for entry in entries.as_array().unwrap() {
            let label =
                if name == "usability" { "NOT_UPLOADED" } else { "PRECONDITION_NOT_FULFILLED" };
            let expected = json!({"type": "NOT_EXECUTED", "details": {"label": label}});
            assert_eq!(entry["decision"], expected, "{name}");
            let empty = ["extraction", "similarity", "watchlistScreening"].contains(&name.as_str());
            let data = empty.then(|| json!({}));
            assert_eq!(entry.get("data"), data.as_ref(), "{name}");
            let lists = name != "watchlistScreening";
            assert_eq!(entry.get("credentials").is_some(), lists, "{name}");
        }
    }
}

#[tokio::test]
async fn an_expired_platform_execution_was_not_executed() {
    let api = TestApi::new().await;
    let created = api.create(&consenting(10011)).await;
    api.engine.clock.advance(SignedDuration::from_mins(31));
    api.work_until(&created, "TOKEN_EXPIRED").await;
    let details = api.get(&execution_path(&created)).await.json();
    let expected = json!({
        "type": "NOT_EXECUTED", "details": {"label": "TOKEN_EXPIRED"}, "risk": {"score": -1.0}
    });
    assert_eq!(details["decision"], expected);
}
