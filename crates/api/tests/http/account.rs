use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{TestApi, consenting, name_ids, workflow};

#[tokio::test]
async fn a_create_answers_with_what_was_made() {
    let api = TestApi::new().await;
    let created = api
        .create(&json!({
            "customerInternalReference": "order-17",
            "userReference": "u-17",
            "callbackUrl": "https://example.com/callback",
            "web": {"successUrl": "https://example.com/good", "locale": "es"},
            "workflowDefinition": {"key": 2, "credentials": [{
                "category": "ID",
                "label": "the first",
                "type": {"values": ["PASSPORT"]},
                "country": {"values": ["AUT"]}
            }]}
        }))
        .await;
    insta::assert_json_snapshot!(name_ids(&created), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "sdk": {
        "token": "<sdk token>"
      },
      "timestamp": "2026-06-01T12:00:00.000Z",
      "web": {
        "href": "https://bonafide.example/web/v4/app?authorizationToken=<web token>&locale=es",
        "successUrl": "https://example.com/good"
      },
      "workflowExecution": {
        "credentials": [
          {
            "allowedChannels": [
              "WEB",
              "API",
              "SDK"
            ],
            "api": {
              "parts": {
                "back": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>/credentials/<id 2>/parts/BACK",
                "front": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>/credentials/<id 2>/parts/FRONT"
              },
              "token": "<transaction token>",
              "workflowExecution": "https://bonafide.example/api/v1/accounts/<id 0>/workflow-executions/<id 1>"
            },
            "category": "ID",
            "id": "<id 2>",
            "label": "the first"
          }
        ],
        "id": "<id 1>"
      }
    }
    "#);
}

/// The channels of contract §3.6, for each key that creates.
#[tokio::test]
async fn each_workflow_has_its_credentials_and_channels() {
    let api = TestApi::new().await;
    let id = "ID WEB+API+SDK api:back+front";
    let id_of_20 = "ID API api:back+front";
    let selfie = "SELFIE WEB+SDK+API api:face";
    let facemap = "FACEMAP WEB+SDK";
    for (key, journeys, expected) in [
        (1, true, vec![id]),
        (2, true, vec![id]),
        (3, true, vec![id, facemap, selfie]),
        (6, true, vec![facemap, selfie]),
        (20, false, vec![id_of_20, "SELFIE API api:face"]),
        (32, true, vec![id, facemap, selfie]),
        (10010, false, vec!["DATA API api:prepared_data"]),
        (10011, true, vec![id, facemap, selfie]),
        (10013, true, vec![id, facemap, selfie]),
        (10015, true, vec![id]),
        (10016, true, vec![facemap, selfie]),
        (10031, true, vec![id]),
    ] {
        let created = api.create(&consenting(key)).await;
        assert_eq!(created.get("web").is_some(), journeys, "web of {key}");
        assert_eq!(created.get("sdk").is_some(), journeys, "sdk of {key}");
        let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
        let found: Vec<_> = credentials.iter().map(summary).collect();
        assert_eq!(found, expected, "credentials of {key}");
    }
}

fn summary(credential: &Value) -> String {
    let words = |value: &Value| {
        let words: Vec<_> = value.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        words.join("+")
    };
    let mut text = format!(
        "{} {}",
        credential["category"].as_str().unwrap(),
        words(&credential["allowedChannels"])
    );
    if let Some(parts) = credential.pointer("/api/parts") {
        let parts: Vec<_> = parts.as_object().unwrap().keys().cloned().collect();
        text.push_str(" api:");
        text.push_str(&parts.join("+"));
    }
    text
}

#[tokio::test]
async fn an_update_starts_an_execution_on_the_same_account() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.create(&workflow(1)).await;
    let account = created["account"]["id"].as_str().unwrap();
    let mut executions = vec![created["workflowExecution"]["id"].clone()];
    for (method, path) in [
        ("PUT", format!("/api/v1/accounts/{account}")),
        ("POST", format!("/api/v1/accounts/{account}")),
        ("PUT", format!("/api/v1/accounts/{account}/")),
    ] {
        let answer = api.request(method, &path).bearer(&access).json(&workflow(2)).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {path}");
        let body = answer.json();
        assert_eq!(body["account"]["id"], account);
        let keys: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["account", "sdk", "timestamp", "web", "workflowExecution"]);
        executions.push(body["workflowExecution"]["id"].clone());
    }
    executions.dedup();
    assert_eq!(executions.len(), 4, "each execution is a new one");
}

#[tokio::test]
async fn put_without_an_id_creates() {
    let api = TestApi::new().await;
    let access = api.access().await;
    for path in ["/api/v1/accounts", "/api/v1/accounts/"] {
        let answer = api.request("PUT", path).bearer(&access).json(&workflow(1)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn every_wrong_field_is_named() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let body = json!({
        "customerInternalReference": "a/b",
        "tokenLifetime": "1s",
        "workflowDefinition": {"key": 99999}
    });
    let answer = api.request("POST", "/api/v1/accounts").bearer(&access).json(&body).await;
    insta::assert_json_snapshot!(answer.json(), @r#"
    {
      "detail": "The request is not valid; see `errors` for each field.",
      "errors": [
        {
          "field": "workflowDefinition.key",
          "reason": "is not a workflow of this server; it has 1, 2, 3, 5, 6, 9, 16, 20, 32, 10010, 10011, 10013, 10014, 10015, 10016, 10025, 10031, 10071"
        },
        {
          "field": "customerInternalReference",
          "reason": "must not contain any of < > \" / ; ` % { } |"
        },
        {
          "field": "tokenLifetime",
          "reason": "must be a number and a unit (s, m, h or d) between 5m and 60d, such as 30m"
        }
      ],
      "status": 400,
      "title": "Bad Request"
    }
    "#);
}

#[tokio::test]
async fn what_needs_an_account_does_not_create_one() {
    let api = TestApi::new().await;
    let access = api.access().await;
    for key in [5, 9, 16, 10025, 10014, 10071] {
        let call = api.request("POST", "/api/v1/accounts").bearer(&access);
        let (status, _, fields) = call.json(&consenting(key)).await.refusal();
        assert_eq!((status, fields), (400, vec!["workflowDefinition.key".to_owned()]), "{key}");
    }
}
