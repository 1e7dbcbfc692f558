//! Deletion by extent, and its receipts.

use axum::http::StatusCode;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

use crate::support::{Answer, TestApi, name_ids, workflow};

fn account_path(created: &Value) -> String {
    format!("/api/v1/accounts/{}", created["account"]["id"].as_str().unwrap())
}

fn execution_path(created: &Value) -> String {
    let execution = created["workflowExecution"]["id"].as_str().unwrap();
    format!("{}/workflow-executions/{execution}", account_path(created))
}

fn is_signed_by(secret: &str, answer: &Answer) -> bool {
    let header = |name: &str| answer.headers[name].to_str().unwrap();
    let timestamp = header("webhook-timestamp").parse().unwrap();
    let webhook = Webhook::new(secret).unwrap();
    let expected = webhook.sign(header("webhook-id"), timestamp, &answer.body).unwrap();
    header("webhook-signature").split(' ').any(|signature| signature == expected)
}

/// Which parts can still be downloaded.
async fn parts(api: &TestApi, access: &str, created: &Value) -> Vec<&'static str> {
    let credentials = created["workflowExecution"]["credentials"].as_array().unwrap();
    let mut found = Vec::new();
    for (index, part) in [(0, "FRONT"), (0, "BACK"), (1, "FACE")] {
        let credential = credentials[index]["id"].as_str().unwrap();
        let path = format!("{}/credentials/{credential}/parts/{part}", account_path(created));
        match api.request("GET", &path).bearer(access).send().await.status {
            StatusCode::OK => found.push(part),
            status => assert_eq!(status, 404),
        }
    }
    found
}

#[tokio::test]
async fn a_receipt_names_the_keys_that_were_destroyed() {
    let api = TestApi::new().await;
    let (access, secret) = (api.access().await, api.callback_secret().await);
    let created = api.processed().await;
    let path = execution_path(&created);
    let deleted = api.request("DELETE", &path).bearer(&access).send().await;
    assert_eq!(deleted.status, StatusCode::OK);
    assert!(is_signed_by(&secret, &deleted));
    let receipt = deleted.json();
    // Two parts; the scripted capabilities leave no records.
    insta::assert_json_snapshot!(name_ids(&receipt), @r#"
    {
      "account": {
        "id": "<id 0>"
      },
      "destroyedKeys": [
        "<id 1>",
        "<id 2>"
      ],
      "extent": "EVERYTHING",
      "id": "<id 3>",
      "reason": "REQUEST",
      "wipedOutAt": "2026-06-01T12:00:00.000Z",
      "workflowExecution": {
        "id": "<id 4>"
      }
    }
    "#);
    // What it names is gone from the database.
    let engine = &api.engine.engine;
    let mut tx = engine.store.read().await.unwrap();
    for key in receipt["destroyedKeys"].as_array().unwrap() {
        let key = key.as_str().unwrap().parse().unwrap();
        let found = tx.find_data_key(api.engine.tenant.tenant.id, key).await.unwrap();
        assert_eq!(found, None);
    }
    drop(tx);

    api.engine.clock.advance(jiff::SignedDuration::from_secs(5));
    let again = api.request("DELETE", &path).bearer(&access).send().await.json();
    assert_eq!(again, receipt, "there was nothing more to delete");
    let account = account_path(&created);
    let whole = api.request("DELETE", &account).bearer(&access).send().await.json();
    assert_eq!((&whole["destroyedKeys"], whole.get("workflowExecution")), (&json!([]), None));
    let listed = api.request("GET", &format!("{account}/receipts")).bearer(&access).send().await;
    assert_eq!(listed.json(), json!({"receipts": [receipt, whole]}));
    assert!(is_signed_by(&secret, &listed));
}

#[tokio::test]
async fn biometrics_of_an_execution_go_and_the_rest_stays() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.processed_of(&workflow(20)).await;
    let path = execution_path(&created);
    let before = api.request("GET", &path).bearer(&access).send().await.json();
    assert_eq!(parts(&api, &access, &created).await, ["FRONT", "BACK", "FACE"]);

    let biometrics = format!("{path}/biometrics");
    let receipt = api.request("DELETE", &biometrics).bearer(&access).send().await.json();
    assert_eq!((&receipt["extent"], &receipt["reason"]), (&json!("BIOMETRICS"), &json!("REQUEST")));
    assert_eq!(receipt["destroyedKeys"].as_array().unwrap().len(), 1, "the selfie's");
    assert_eq!(parts(&api, &access, &created).await, ["FRONT", "BACK"]);
    let mut after = api.request("GET", &path).bearer(&access).send().await.json();
    assert_eq!(after.get("wipedOutAt"), None);
    assert_eq!(after["capabilities"], before["capabilities"], "decisions stay");
    let selfie = after["credentials"].as_array_mut().unwrap().remove(1);
    assert_eq!(selfie.get("parts"), None);
    assert_eq!(after["credentials"][0], before["credentials"][0]);
}

#[tokio::test]
async fn biometrics_of_an_account_go_and_it_takes_new_ones() {
    let api = TestApi::new().await;
    let access = api.access().await;
    let created = api.processed_of(&workflow(20)).await;
    let account = account_path(&created);
    let open = api.request("PUT", &account).bearer(&access).json(&workflow(20)).await.json();
    let biometrics = format!("{account}/biometrics");
    let receipt = api.request("DELETE", &biometrics).bearer(&access).send().await.json();
    assert_eq!(receipt["destroyedKeys"].as_array().unwrap().len(), 1);
    assert_eq!(parts(&api, &access, &created).await, ["FRONT", "BACK"]);
    // A journey under way captures nothing more; a new one does.
    let block = &open["workflowExecution"]["credentials"][1]["api"];
    let face = api.request("POST", block["parts"]["face"].as_str().unwrap());
    let face = face.bearer(block["token"].as_str().unwrap()).file(&crate::support::png()).await;
    assert_eq!(face.refusal().0, 403);
    let new = api.request("PUT", &account).bearer(&access).json(&workflow(20)).await.json();
    api.upload_and_finalize(&new).await;
    assert_eq!(parts(&api, &access, &new).await, ["FRONT", "BACK", "FACE"]);
}

#[tokio::test]
async fn receipts_are_their_tenants() {
    let api = TestApi::new().await;
    let foreign = api.access_of(&api.engine.other).await;
    let created = api.create(&workflow(1)).await;
    let path = format!("{}/receipts", account_path(&created));
    assert_eq!(api.request("GET", &path).bearer(&foreign).send().await.refusal().0, 404);
    let access = api.access().await;
    let none = api.request("GET", &path).bearer(&access).send().await;
    assert_eq!(none.json(), json!({"receipts": []}));
    assert!(!none.headers.contains_key("webhook-signature"), "there is no secret to sign with");
}
